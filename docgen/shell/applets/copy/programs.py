"""cp, mv and install."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.copy.copier import Copier
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.copy.targets import pairs_of
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.modes import apply_mode, parse_mode
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_PRESERVABLE = ("mode", "ownership", "timestamps", "links", "context", "xattr", "all")


def _cp_plan(p: Process, options: Options) -> Plan:
    gnu = on_host(p)
    archive = "archive" in options
    kept = {"mode", "ownership", "timestamps"} if "p" in options else set()
    for text in options.all("preserve"):
        kept |= set(text.split(",") if text else ("mode", "ownership", "timestamps"))
    for text in options.all("no-preserve"):
        kept -= set(text.split(","))
    unknown = sorted(kept - set(_PRESERVABLE))
    if unknown:
        raise NotSimulated(f"cp --preserve={unknown[0]}", f"one of {', '.join(_PRESERVABLE)}")
    everything = archive or "all" in kept
    recursive = archive or "recursive" in options
    return Plan(
        gnu=gnu,
        recursive=recursive,
        follow=_follow(options, recursive, archive, gnu),
        mode=everything or "mode" in kept,
        owner=everything or "ownership" in kept,
        times=everything or "timestamps" in kept,
        links=(everything or "links" in kept or "d" in options) and (gnu or recursive),
        force="force" in options,
        no_clobber=options.last_of("no-clobber", "force", "i") == "no-clobber",
        update="update" in options,
        as_link="hard" if "link" in options else "symbolic" if "symbolic-link" in options else "",
        verbose="verbose" in options,
        attributes_only="attributes-only" in options,
        remove_destination="remove-destination" in options,
        one_file_system="one-file-system" in options,
    )


def _follow(options: Options, recursive: bool, archive: bool, gnu: bool) -> str:
    match options.last_of("dereference", "no-dereference", "H", "d", "archive"):
        case "dereference":
            return "always"
        case "H":
            return "operands"
        case "no-dereference" | "d" | "archive":
            return "never"
        case _:
            return "never" if recursive or archive or (gnu and "link" in options) else "always"


def cp(p: Process, options: Options) -> Steps[int]:
    plan = _cp_plan(p, options)
    pairs = yield from pairs_of(p, options)
    if pairs is None:
        return 1
    if "parents" in options:
        raise NotSimulated("cp --parents", "make the directories with mkdir -p first")
    copier = Copier(p, plan)
    for source, target in pairs:
        if _wants_missing_directory(p, target) and not plan.recursive:
            shown = always_shell_quoted(p, target)
            yield from p.complain(f"cannot create regular file {shown}: Not a directory")
            copier.status = 1
            continue
        yield from copier.operand(source, target.rstrip("/") or "/" if plan.gnu else target)
    return copier.status


def _wants_missing_directory(p: Process, target: str) -> bool:
    return target.endswith("/") and on_host(p) and not p.view.exists(target.rstrip("/") or "/")


# -- mv --------------------------------------------------------------------------------------


def mv(p: Process, options: Options) -> Steps[int]:
    pairs = yield from pairs_of(p, options)
    if pairs is None:
        return 1
    status = 0
    for source, target in pairs:
        status |= yield from _move(p, source, target, options)
    return status


def _move(p: Process, source: str, target: str, options: Options) -> Steps[int]:
    view, gnu = p.view, on_host(p)
    try:
        stat = view.stat(source, follow=False)
    except FsError as error:
        if gnu:
            shown = always_shell_quoted(p, source)
            yield from p.complain(f"cannot stat {shown}: {error.errno.value}")
        else:
            yield from p.complain(f"can't rename '{source}': {error.errno.value}")
        return 1
    existing = _lstat(p, target)
    if existing is not None:
        if options.last_of("no-clobber", "force", "i") == "no-clobber":
            return 0
        if "update" in options and existing.mtime_ns >= stat.mtime_ns:
            return 0
        refusal = _obstacle(p, source, target, stat, existing)
        if refusal:
            yield from p.complain(refusal)
            return 1
    try:
        place = target.rstrip("/") or "/" if stat.kind is Kind.DIR else target
        view.rename(source.rstrip("/") or "/", place)
    except FsError as error:
        if error.errno is not Errno.EXDEV:
            yield from p.complain(_move_failure(p, source, target, error))
            return 1
        if not (yield from _move_by_copy(p, source, target, stat, existing)):
            return 1
        verb = "copied" if gnu else ""
    else:
        verb = "renamed"
    if "verbose" in options:
        shown = f"{always_shell_quoted(p, source)} -> {always_shell_quoted(p, target)}"
        yield from p.out(f"{verb} {shown}\n" if gnu else f"'{source}' -> '{target}'\n")
    return 0


def _lstat(p: Process, path: str) -> Stat | None:
    try:
        return p.view.stat(path.rstrip("/") or "/", follow=False)
    except FsError:
        return None


def _obstacle(p: Process, source: str, target: str, stat: Stat, existing: Stat) -> str:
    """What mv finds out before it renames."""
    if not on_host(p):
        return ""
    shown, onto = always_shell_quoted(p, source), always_shell_quoted(p, target)
    if (stat.dev, stat.ino) == (existing.dev, existing.ino):
        return f"{shown} and {onto} are the same file"
    if existing.kind is Kind.DIR and stat.kind is not Kind.DIR:
        return f"cannot overwrite directory {onto} with non-directory"
    if existing.kind is not Kind.DIR and stat.kind is Kind.DIR:
        return f"cannot overwrite non-directory {onto} with directory {shown}"
    return ""


def _move_failure(p: Process, source: str, target: str, error: FsError) -> str:
    text = error.errno.value
    if not on_host(p):
        return f"can't rename '{source}': {text}"
    shown, onto = always_shell_quoted(p, source), always_shell_quoted(p, target)
    if error.errno is Errno.EINVAL:
        return f"cannot move {shown} to a subdirectory of itself, {onto}"
    if error.errno in (Errno.ENOTEMPTY, Errno.EEXIST):
        return f"cannot move {shown} to {onto}: {text}"
    return f"cannot move {shown} to {onto}: {text}"


def _move_by_copy(
    p: Process, source: str, target: str, stat: Stat, existing: Stat | None
) -> Steps[bool]:
    """Across file systems (on overlayfs also for directories of lower layers): copy and remove."""
    gnu = on_host(p)
    if existing is not None and existing.kind is Kind.DIR:
        try:
            p.view.rmdir(target)
        except FsError as error:
            yield from p.complain(_inter_device_failure(p, source, target, error))
            return False
        existing = None
    if existing is not None:
        try:
            p.view.unlink(target)
        except FsError as error:
            yield from p.complain(_inter_device_failure(p, source, target, error))
            return False
    plan = Plan(
        gnu=gnu,
        recursive=True,
        follow="never",
        mode=True,
        owner=True,
        times=True,
        links=True,
        moving=True,
    )
    copier = Copier(p, plan)
    if not (yield from copier.operand(source.rstrip("/") or "/", target.rstrip("/") or "/")):
        return False
    return (yield from _remove_source(p, source, stat))


def _inter_device_failure(p: Process, source: str, target: str, error: FsError) -> str:
    if not on_host(p):
        return f"can't remove '{target}': {error.errno.value}"
    shown = f"{always_shell_quoted(p, source)} to {always_shell_quoted(p, target)}"
    what = f"inter-device move failed: {shown}; unable to remove target"
    return f"{what}: {error.errno.value}"


def _remove_source(p: Process, source: str, stat: Stat) -> Steps[bool]:
    pending = [(source, stat.kind is Kind.DIR, False)]
    view = p.view
    while pending:
        p.kernel.tick()
        path, is_dir, emptied = pending.pop()
        try:
            if not is_dir:
                view.unlink(path)
            elif emptied:
                view.rmdir(path)
            else:
                pending.append((path, True, True))
                for name in reversed(view.listdir(path)):
                    inner = f"{path}/{name}"
                    kind = view.stat(inner, follow=False).kind
                    pending.append((inner, kind is Kind.DIR, False))
        except FsError as error:
            if on_host(p):
                shown = always_shell_quoted(p, path)
                yield from p.complain(f"cannot remove {shown}: {error.errno.value}")
            else:
                yield from p.complain(f"can't remove '{path}': {error.errno.value}")
            return False
    return True


# -- install ---------------------------------------------------------------------------------


def install(p: Process, options: Options) -> Steps[int]:
    """install(1) of the host: -d, -m, -o, -g, -D, -v, -t, -p."""
    changes = parse_mode(options.get("mode") or "755")
    if changes is None:
        raise Refusal(f"invalid mode {quoted(p, options.get('mode') or '')}")
    accounts = Accounts(p.view)
    uid = _id(p, options.get("owner"), accounts.uid, "user")
    gid = _id(p, options.get("group"), accounts.gid, "group")
    try:
        if "directory" in options:
            for name in options.operands:
                p.view.makedirs(name)
                p.view.chmod(name, apply_mode(0, changes, True, 0))
                p.view.chown(name, uid, gid)
            return 0
        if "D" in options and options.operands:
            parent = options.operands[-1].rpartition("/")[0]
            if parent:
                p.view.makedirs(parent)
        pairs = yield from pairs_of(p, options)
        if pairs is None:
            return 1
        plan = Plan(
            gnu=True,
            remove_destination=True,
            times="preserve-timestamps" in options,
            verbose="verbose" in options,
        )
        copier = Copier(p, plan)
        for source, target in pairs:
            if (yield from copier.operand(source, target)):
                p.view.chown(target, uid, gid)
                p.view.chmod(target, apply_mode(0, changes, False, 0))
    except FsError as error:
        shown = always_shell_quoted(p, error.path or options.operands[-1])
        yield from p.complain(f"cannot create directory {shown}: {error.errno.value}")
        return 1
    return copier.status


def _id(p: Process, word: str | None, find: object, what: str) -> int | None:
    if word is None:
        return None
    number = find(word) if callable(find) else None
    if not isinstance(number, int):
        raise Refusal(f"invalid {what} {quoted(p, word)}")
    return number


_ASKS = "nobody answers here: leave it out"
_BACKUPS = (
    Option("", "backup", Takes.OPTIONAL, GNU, modelled=False),
    refused("b", "", flavours=GNU),
    refused("S", "suffix", flavours=GNU),
    refused("Z", "context", flavours=GNU),
)
_TARGETS = (value("t", "target-directory"), flag("T", "no-target-directory"))

_CP = (
    flag("a", "archive"),
    flag("rR", "recursive"),
    flag("d"),
    flag("p"),
    Option("", "preserve", Takes.OPTIONAL, GNU),
    value("", "no-preserve", GNU),
    flag("P", "no-dereference"),
    flag("L", "dereference"),
    flag("H"),
    flag("f", "force"),
    flag("n", "no-clobber"),
    flag("u", "update"),
    flag("l", "link"),
    flag("s", "symbolic-link"),
    flag("v", "verbose", GNU),
    flag("x", "one-file-system", GNU),
    flag("", "attributes-only", GNU),
    flag("", "remove-destination", GNU),
    flag("", "parents", GNU),
    *_TARGETS,
    refused("i", "interactive", _ASKS),
    Option("", "sparse", Takes.ARGUMENT, GNU, modelled=False),
    Option("", "reflink", Takes.OPTIONAL, GNU, modelled=False),
    refused("", "copy-contents", flavours=GNU),
    refused("", "strip-trailing-slashes", flavours=GNU),
    *_BACKUPS,
)
_MV = (
    flag("f", "force"),
    flag("n", "no-clobber"),
    flag("u", "update", GNU),
    flag("v", "verbose", GNU),
    *_TARGETS,
    refused("i", "interactive", _ASKS),
    refused("", "strip-trailing-slashes", flavours=GNU),
    *_BACKUPS,
)
_INSTALL = (
    flag("d", "directory"),
    flag("D"),
    flag("c"),
    flag("p", "preserve-timestamps"),
    flag("v", "verbose"),
    value("m", "mode"),
    value("o", "owner"),
    value("g", "group"),
    *_TARGETS,
    refused("s", "strip"),
    refused("C", "compare"),
    *_BACKUPS,
)

APPLETS = {
    "cp": tool("cp", cp, _CP),
    "mv": tool("mv", mv, _MV),
    "install": tool("install", install, _INSTALL, flavours=GNU),
}
