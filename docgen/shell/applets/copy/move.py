"""mv: rename, or copy and remove across file systems."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.copy.copier import Copier
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.copy.targets import pairs_of
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.tool import on_host
from docgen.shell.process import Process


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
