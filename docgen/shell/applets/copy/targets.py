"""SOURCE DEST, SOURCE... DIRECTORY, -t, -T: where each operand goes (cp, mv, ln, install)."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import Refusal, complain_of_usage, on_host
from docgen.shell.process import Process

Pairs = list[tuple[str, str]]


def pairs_of(p: Process, options: Options) -> Steps[Pairs | None]:
    """Source and place for each operand; None after a complaint about usage."""
    operands = list(options.operands)
    directory = options.get("target-directory")
    if not operands:
        yield from complain_of_usage(p, "missing file operand", 1)
        return None
    if directory is not None:
        _require_directory(p, directory)
        return [(source, inside(directory, source)) for source in operands]
    if len(operands) == 1:
        message = f"missing destination file operand after {_told(p, operands[0])}"
        yield from complain_of_usage(p, message, 1)
        return None
    *sources, last = operands
    if "no-target-directory" in options:
        if len(sources) > 1:
            yield from complain_of_usage(p, f"extra operand {_told(p, operands[2])}", 1)
            return None
        return [(sources[0], last)]
    if is_directory(p, last) or _joins_all_the_same(p, options, sources, last):
        return [(source, inside(last, source)) for source in sources]
    if len(sources) > 1:
        _require_directory(p, last)
    return [(sources[0], last)]


def _joins_all_the_same(p: Process, options: Options, sources: list[str], last: str) -> bool:
    """busybox finds out only when it opens the file that the last operand is no directory."""
    if on_host(p):
        return False
    if len(sources) > 1:
        return True
    if p.argv[0].rpartition("/")[2] != "cp" or not is_directory(p, sources[0]):
        return False
    recursive = "recursive" in options or "archive" in options
    return not recursive or p.view.exists(last)


def _told(p: Process, word: str) -> str:
    return always_shell_quoted(p, word) if on_host(p) else quoted(p, word)


def is_directory(p: Process, path: str) -> bool:
    try:
        return p.view.stat(path).kind is Kind.DIR
    except FsError:
        return False


def _require_directory(p: Process, path: str) -> None:
    try:
        kind = p.view.stat(path).kind
    except FsError as error:
        if not on_host(p):
            raise Refusal(f"can't stat '{path}': {error.errno.value}") from None
        shown = always_shell_quoted(p, path)
        if "target-directory" in p.argv or error.errno is not Errno.ENOENT:
            raise Refusal(f"target directory {shown}: {error.errno.value}") from None
        raise Refusal(f"target {shown}: {error.errno.value}") from None
    if kind is not Kind.DIR:
        if on_host(p):
            shown = always_shell_quoted(p, path)
            raise Refusal(f"target {shown}: Not a directory")
        raise Refusal(f"target '{path}' is not a directory")


def inside(directory: str, source: str) -> str:
    """`dir/name`, as both families join them."""
    name = source.rstrip("/").rpartition("/")[2] or source.rstrip("/") or "/"
    if name in (".", ".."):
        return f"{directory.rstrip('/')}/{name}" if name == ".." else directory.rstrip("/") + "/."
    if name == "/":
        return directory
    if directory.endswith("/"):
        return directory + name
    return f"{directory}/{name}"
