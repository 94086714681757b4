"""ln and link."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.copy.targets import inside
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted, shell_quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process


def ln(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    if not operands:
        return (yield from complain_of_usage(p, "missing file operand", 1))
    pairs = _pairs(p, options)
    status = 0
    for target, place in pairs:
        status |= yield from _one(p, target, place, options)
    return status


def _pairs(p: Process, options: Options) -> list[tuple[str, str]]:
    operands = options.operands
    directory = options.get("target-directory")
    if directory is not None:
        return [(target, inside(directory, target)) for target in operands]
    if len(operands) == 1:
        return [(operands[0], inside(".", operands[0]))]
    *targets, last = operands
    if len(targets) == 1 and "no-target-directory" in options:
        return [(targets[0], last)]
    if _is_directory(p, last, "no-dereference" not in options):
        return [(target, inside(last, target)) for target in targets]
    if len(targets) == 1:
        return [(targets[0], last)]
    if on_host(p):
        missing = not p.view.exists(last)
        text = "No such file or directory" if missing else "Not a directory"
        raise Refusal(f"target {always_shell_quoted(p, last)}: {text}")
    return [(target, last) for target in targets]


def _is_directory(p: Process, path: str, follow: bool) -> bool:
    try:
        return p.view.stat(path, follow).kind is Kind.DIR
    except FsError:
        return False


def _one(p: Process, target: str, place: str, options: Options) -> Steps[int]:
    symbolic = "symbolic" in options
    gnu = on_host(p)
    shown = place.removeprefix("./") if not gnu and place.startswith("./") else place
    try:
        if not symbolic:
            obstacle = _hard_obstacle(p, target, options)
            if obstacle:
                yield from p.complain(obstacle)
                return 1
        if "force" in options and p.view.exists(place, follow=False):
            if gnu and not symbolic and _same(p, target, place):
                told = f"{always_shell_quoted(p, target)} and {always_shell_quoted(p, place)}"
                yield from p.complain(f"{told} are the same file")
                return 1
            if _is_directory(p, place, follow=False):
                raise FsError(Errno.EISDIR)
            p.view.unlink(place)
        if symbolic:
            p.view.symlink(_relative(p, target, place, options), place)
        else:
            p.view.link(target, place, follow=_follows(options, gnu))
    except FsError as error:
        yield from p.complain(_failure(p, target, shown, symbolic, error))
        return 1
    if "verbose" in options:
        arrow = "->" if symbolic else "=>"
        told = always_shell_quoted(p, place)
        if gnu:
            yield from p.out(f"{told} {arrow} {always_shell_quoted(p, target)}\n")
        else:
            yield from p.out(f"'{place}' -> '{target}'\n")
    return 0


def _follows(options: Options, gnu: bool) -> bool:
    return gnu and options.last_of("logical", "physical") == "logical"


def _same(p: Process, first: str, second: str) -> bool:
    one, two = p.view.stat(first, follow=False), p.view.stat(second, follow=False)
    return (one.dev, one.ino) == (two.dev, two.ino)


def _hard_obstacle(p: Process, target: str, options: Options) -> str:
    try:
        stat = p.view.stat(target, _follows(options, on_host(p)))
    except FsError as error:
        if on_host(p):
            return f"failed to access {always_shell_quoted(p, target)}: {error.errno.value}"
        return f"{target}: {error.errno.value}"
    if stat.kind is Kind.DIR and on_host(p):
        return f"{shell_quoted(p, target)}: hard link not allowed for directory"
    return ""


def _relative(p: Process, target: str, place: str, options: Options) -> str:
    """With -r: the way from the link's directory to the target."""
    if "relative" not in options:
        return target
    view = p.view
    base = view.realpath(place.rpartition("/")[0] or ".").strip("/")
    parent, _, name = target.rstrip("/").rpartition("/")
    full = target
    if view.exists(target):
        full = view.realpath(target)
    elif view.exists(parent or "."):
        full = f"{view.realpath(parent or '.').rstrip('/')}/{name}"
    here = [part for part in base.split("/") if part]
    there = [part for part in full.split("/") if part]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:]) or "."


def _failure(p: Process, target: str, place: str, symbolic: bool, error: FsError) -> str:
    text = error.errno.value
    if not on_host(p):
        return f"{place}: {text}"
    shown = always_shell_quoted(p, place)
    if error.errno is Errno.EISDIR:
        return f"{shown}: cannot overwrite directory"
    if symbolic:
        return f"failed to create symbolic link {shown}: {text}"
    origin = f" => {always_shell_quoted(p, target)}"
    if error.errno in (Errno.EEXIST, Errno.EDQUOT, Errno.ENOSPC, Errno.EROFS):
        origin = ""
    return f"failed to create hard link {shown}{origin}: {text}"


_OPTIONS = (
    flag("s", "symbolic"),
    flag("f", "force"),
    flag("n", "no-dereference"),
    flag("v", "verbose"),
    flag("r", "relative", GNU),
    flag("L", "logical", GNU),
    flag("P", "physical", GNU),
    flag("T", "no-target-directory"),
    value("t", "target-directory", GNU),
    refused("t", "", "leave -t out", frozenset()),
    refused("b", ""),
    Option("", "backup", Takes.OPTIONAL, GNU, modelled=False),
    Option("S", "suffix", Takes.ARGUMENT, modelled=False),
    refused("i", "interactive", "nobody answers here: leave it out", GNU),
    refused("dF", "directory", flavours=GNU),
)


def _wrong_count(p: Process, operands: tuple[str, ...]) -> Steps[int]:
    if not operands:
        return (yield from complain_of_usage(p, "missing operand", 1))
    if len(operands) == 1:
        message = f"missing operand after {quoted(p, operands[0])}"
    else:
        message = f"extra operand {quoted(p, operands[2])}"
    return (yield from complain_of_usage(p, message, 1))


def link(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) != 2:
        return (yield from _wrong_count(p, options.operands))
    old, new = options.operands
    try:
        p.view.link(old, new)
    except FsError as error:
        if on_host(p):
            told = f"{always_shell_quoted(p, new)} to {always_shell_quoted(p, old)}"
            yield from p.complain(f"cannot create link {told}: {error.errno.value}")
        else:
            yield from p.complain(f"can't create hardlink '{new}' to '{old}': {error.errno.value}")
        return 1
    return 0


APPLETS = {"ln": tool("ln", ln, _OPTIONS), "link": tool("link", link)}
