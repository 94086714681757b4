"""chmod, chown, chgrp."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.support.accounts import Accounts, number
from docgen.shell.applets.support.files import permissions
from docgen.shell.applets.support.modes import apply_mode, parse_mode
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    missing_operand,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

Change = Callable[[str, Stat], str]
"""Changes one file and returns what `-v` tells about it (empty: unchanged)."""


@frozen
class _Failed:
    path: str
    error: FsError


def _below(p: Process, top: str, follow: bool) -> Iterator[tuple[str, Stat] | _Failed]:
    """A tree, parents first; symlinks below the top are given with the stat of the link."""
    pending = [top]
    while pending:
        path = pending.pop()
        p.kernel.tick()
        try:
            stat = p.view.stat(path, follow=follow and path == top)
        except FsError as error:
            yield _Failed(path, error)
            continue
        yield path, stat
        if stat.kind is not Kind.DIR:
            continue
        try:
            names = p.view.listdir(path)
        except FsError as error:
            yield _Failed(path, error)
            continue
        pending += [f"{path.rstrip('/')}/{name}" for name in reversed(names)]


def chmod(p: Process, options: Options) -> Steps[int]:
    words = list(options.operands)
    reference = options.get("reference")
    if reference is None and not words:
        return (yield from missing_operand(p))
    text = words.pop(0) if reference is None else f"{p.view.stat(reference).mode:o}"
    if not words:
        message = f"missing operand after {quoted(p, text)}"
        return (yield from complain_of_usage(p, message, 1))
    changes = parse_mode(text)
    if changes is None:
        if on_host(p):
            message = f"invalid mode: {quoted(p, text)}"
            return (yield from complain_of_usage(p, message, 1))
        raise Refusal(f"invalid mode '{text}'")

    def change(path: str, stat: Stat) -> str:
        mode = apply_mode(stat.mode, changes, stat.kind is Kind.DIR, p.view.umask)
        p.view.chmod(path, mode)
        return _chmod_told(p, path, stat.mode, mode, options)

    return (yield from _apply(p, words, options, change, "changing permissions of"))


def _chmod_told(p: Process, path: str, old: int, new: int, options: Options) -> str:
    if "verbose" not in options and ("changes" not in options or old == new):
        return ""
    before, after = f"{old:04o} ({permissions(old)})", f"{new:04o} ({permissions(new)})"
    if not on_host(p):
        return f"mode of '{path}' changed to {after}\n"
    shown = always_shell_quoted(p, path)
    if old == new:
        return f"mode of {shown} retained as {after}\n"
    return f"mode of {shown} changed from {before} to {after}\n"


def chown(p: Process, options: Options) -> Steps[int]:
    return (yield from _change_owner(p, options, by_group=False))


def chgrp(p: Process, options: Options) -> Steps[int]:
    return (yield from _change_owner(p, options, by_group=True))


def _change_owner(p: Process, options: Options, by_group: bool) -> Steps[int]:
    words = list(options.operands)
    reference = options.get("reference")
    if reference is None and not words:
        return (yield from missing_operand(p))
    accounts = Accounts(p.view)
    uid: int | None
    gid: int | None
    words_of = ""
    if reference is not None:
        stat = p.view.stat(reference)
        uid, gid = (None if by_group else stat.uid), stat.gid
    else:
        text = words_of = words.pop(0)
        uid, gid = _owner(p, text, accounts, by_group)
        if on_host(p) and not by_group and ":" not in text and _has_dot(accounts, text):
            yield from p.complain(f"warning: '.' should be ':': {quoted(p, text)}")
        if not words:
            message = f"missing operand after {quoted(p, text)}"
            return (yield from complain_of_usage(p, message, 1))
    follow = "no-dereference" not in options

    def change(path: str, stat: Stat) -> str:
        p.view.chown(path, uid, gid, follow=follow and stat.kind is not Kind.SYMLINK)
        return _chown_told(p, path, stat, (uid, gid), options, accounts, words_of)

    what = "changing group of" if by_group else "changing ownership of"
    return (yield from _apply(p, words, options, change, what))


def _owner(
    p: Process, text: str, accounts: Accounts, by_group: bool
) -> tuple[int | None, int | None]:
    """`user`, `user:group`, `user:`, `:group`, `user.group`."""
    if by_group:
        return None, _gid(p, text, accounts, text)
    name, colon, group = text.partition(":")
    if not colon and _has_dot(accounts, name):
        name, colon, group = text.partition(".")
    uid = accounts.uid(name) if name else None
    if name and uid is None:
        if on_host(p):
            raise Refusal(f"invalid user: {quoted(p, text)}")
        raise Refusal(f"unknown user {name}" if not colon else f"unknown user/group {text}")
    if group:
        return uid, _gid(p, group, accounts, text)
    if colon and uid is not None and name:
        user = accounts.user(name) or accounts.user_of(uid)
        if user is None or number(name) is not None:
            if on_host(p):
                raise Refusal(f"invalid spec: {quoted(p, text)}")
            return uid, None
        return uid, user.gid
    return uid, None


def _has_dot(accounts: Accounts, name: str) -> bool:
    """The old form `user.group`."""
    return accounts.uid(name) is None and "." in name


def _gid(p: Process, group: str, accounts: Accounts, text: str) -> int:
    gid = accounts.gid(group)
    if gid is not None:
        return gid
    if on_host(p):
        raise Refusal(f"invalid group: {quoted(p, text)}")
    raise Refusal(f"unknown group {group}" if group == text else f"unknown user/group {text}")


def _chown_told(
    p: Process,
    path: str,
    stat: Stat,
    new: tuple[int | None, int | None],
    options: Options,
    accounts: Accounts,
    asked: str,
) -> str:
    uid = stat.uid if new[0] is None else new[0]
    gid = stat.gid if new[1] is None else new[1]
    changed = (uid, gid) != (stat.uid, stat.gid)
    if "verbose" not in options and ("changes" not in options or not changed):
        return ""
    if not on_host(p):
        return f"changed ownership of '{path}' to {uid}:{gid}\n"
    old_text = _pair(stat.uid, stat.gid, new, accounts)
    new_text = _pair(uid, gid, new, accounts)
    what = "group" if new[0] is None else "ownership"
    shown = always_shell_quoted(p, path)
    if changed:
        if asked and not asked.endswith(":"):
            new_text = asked.replace(".", ":") if _has_dot(accounts, asked) else asked
        return f"changed {what} of {shown} from {old_text} to {new_text}\n"
    return f"{what} of {shown} retained as {new_text}\n"


def _pair(uid: int, gid: int, asked: tuple[int | None, int | None], accounts: Accounts) -> str:
    parts = []
    if asked[0] is not None:
        parts.append(accounts.owner(uid))
    if asked[1] is not None:
        parts.append(accounts.group(gid))
    return ":".join(parts)


def _apply(p: Process, names: list[str], options: Options, change: Change, what: str) -> Steps[int]:
    status = 0
    recursive = "recursive" in options
    quiet = "silent" in options
    hides = quiet and on_host(p)
    """busybox's -f does not hide that a file is missing."""
    follow = not recursive or any(key in options for key in ("H", "L"))
    follow = follow and "no-dereference" not in options
    is_chmod = what == "changing permissions of"
    by_mode = is_chmod and on_host(p)
    for top in names:
        for found in _below(p, top, follow or by_mode) if recursive else _single(p, top, follow):
            if isinstance(found, _Failed):
                status = 1
                if not hides:
                    yield from _cannot_access(p, found)
                continue
            path, stat = found
            if is_chmod and stat.kind is Kind.SYMLINK and path != top:
                continue
            try:
                told = change(path, stat)
            except FsError as error:
                status = 1
                if not quiet:
                    yield from _cannot_change(p, path, error, what)
                continue
            yield from p.out(told)
    return status


def _single(p: Process, path: str, follow: bool) -> Iterator[tuple[str, Stat] | _Failed]:
    try:
        yield path, p.view.stat(path, follow)
    except FsError as error:
        yield _Failed(path, error)


def _cannot_access(p: Process, failed: _Failed) -> Steps[None]:
    if on_host(p):
        shown = always_shell_quoted(p, failed.path)
        yield from p.complain(f"cannot access {shown}: {failed.error.errno.value}")
    else:
        yield from p.complain(f"{failed.path}: {failed.error.errno.value}")


def _cannot_change(p: Process, path: str, error: FsError, what: str) -> Steps[None]:
    if on_host(p):
        shown = always_shell_quoted(p, path)
        yield from p.complain(f"{what} {shown}: {error.errno.value}")
    else:
        yield from p.complain(f"{path}: {error.errno.value}")


def _mode_is_operand(argv: Sequence[str]) -> Sequence[str]:
    """`chmod -x f`: the first word that can only be a mode stands behind `--`."""
    for at, word in enumerate(argv[1:], 1):
        if word == "--":
            break
        if len(word) > 1 and word[0] == "-" and word[1] in "rwxXstugo0123456789,=+":
            return (
                *argv[:at],
                *(w for w in argv[at + 1 :] if _is_option(w)),
                "--",
                word,
                *(w for w in argv[at + 1 :] if not _is_option(w)),
            )
    return argv


def _is_option(word: str) -> bool:
    return len(word) > 1 and word[0] == "-"


_COMMON = (
    flag("R", "recursive"),
    flag("c", "changes"),
    flag("v", "verbose"),
    flag("f", "silent quiet"),
    value("", "reference", GNU),
    flag("", "preserve-root", GNU),
    refused("", "no-preserve-root", flavours=GNU),
)
_OWNER = (
    *_COMMON,
    flag("h", "no-dereference"),
    flag("", "dereference", GNU),
    flag("H"),
    flag("P"),
    refused("L", "", "name the directories themselves"),
    Option("", "from", Takes.ARGUMENT, GNU, modelled=False),
)

APPLETS = {
    "chmod": tool("chmod", chmod, _COMMON, prepare=_mode_is_operand),
    "chown": tool("chown", chown, _OWNER),
    "chgrp": tool("chgrp", chgrp, _OWNER),
}
