"""Files of the host that docker's client reads and writes itself (`-o`, `-i`, `--env-file` …)."""

from __future__ import annotations

import posixpath

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError


def go_path_error(operation: str, path: str, error: FsError) -> str:
    """An os.PathError: `open /x: no such file or directory`."""
    text = error.errno.value
    return f"{operation} {path}: {text[:1].lower()}{text[1:]}"


def read_input(call: Call, path: str) -> Steps[Content]:
    """The file, or standard input for `-` and ''."""
    if path in ("", "-"):
        return (yield from call.process.read_all(0))
    try:
        return call.process.view.read_file(path)
    except FsError as error:
        raise CommandError(go_path_error("open", path, error)) from None


def write_output(call: Call, path: str, data: Content, failed: str) -> Steps[None]:
    """To the file (mode 600, replaced as a whole), or to standard output for ''."""
    if not path:
        yield from call.out(data)
        return
    try:
        _replace(call, path, data)
    except FsError as error:
        raise CommandError(f"{failed}: {_why(call, path, error)}") from None


def _replace(call: Call, path: str, data: Content) -> None:
    view = call.process.view
    if view.exists(path):
        view.unlink(path)
    view.write_file(path, data, 0o600)
    view.chmod(path, 0o600)


def _why(call: Call, path: str, error: FsError) -> str:
    """moby/sys/atomicwriter looks at the directory first."""
    folder = posixpath.dirname(path) or "."
    if not call.process.view.exists(folder):
        return "invalid output path: " + go_path_error("stat", folder, error)
    return go_path_error("open", path, error)
