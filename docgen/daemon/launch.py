"""How runc finds and starts a program in a container, and what it says when it cannot (runc 1.1,
moby 28.5.2)."""

from __future__ import annotations

import posixpath
from typing import Final

from docgen.daemon.errors import invalid
from docgen.daemon.mountspec import path_error
from docgen.fs.errors import FsError
from docgen.fs.view import View

BASE_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NOT_FOUND: Final = ("executable file not found", "no such file or directory")
_NOT_PERMITTED: Final = ("permission denied", "is a directory")


def find_executable(view: View, name: str, search: str, cwd: str, prefix: str) -> str:
    """Go's exec.LookPath, as root. Raises INVALID `…exec: "NAME": executable file not found in
    $PATH`."""
    if "/" in name:
        path = posixpath.join(cwd, name)
        problem = _problem(view, path, name)
        if problem:
            raise invalid(f'{prefix}exec: "{name}": {problem}')
        return path
    for directory in search.split(":"):
        path = posixpath.join(cwd, directory, name)
        if name and not _problem(view, path, path):
            return path
    raise invalid(f'{prefix}exec: "{name}": executable file not found in $PATH')


def _problem(view: View, path: str, shown: str) -> str:
    try:
        stat = view.stat(path)
    except FsError as error:
        return path_error("stat", shown, error)
    if stat.kind == "dir" or not stat.mode & 0o111:
        return "permission denied"
    return ""


def work_in(view: View, path: str) -> str:
    """The working directory, made where it is missing (runc, finalizeRootfs). Symlinks are
    resolved."""
    if not view.exists(path):
        view.makedirs(path, 0o755)
    return path


def exit_code_of_failure(message: str) -> int:
    """What a container that could not start keeps as its exit code (moby daemon/errors.go)."""
    if not message.startswith("failed to create task"):
        return 128
    lowered = message.lower()
    if "permission denied" in lowered:
        return 126
    if "not a directory" in lowered or any(text in lowered for text in _NOT_FOUND):
        return 127
    return 128


def exit_status_of(message: str) -> int:
    """Exit status of `docker run`: by the text alone (docker/cli container/run.go
    toStatusError)."""
    if any(text in message for text in _NOT_FOUND):
        return 127
    if any(text in message for text in _NOT_PERMITTED):
        return 126
    return 125
