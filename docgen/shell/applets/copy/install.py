"""install: copy, and set mode and owner."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.copy.copier import Copier
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.copy.targets import pairs_of
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.modes import apply_mode, parse_mode
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import Refusal
from docgen.shell.process import Process


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
