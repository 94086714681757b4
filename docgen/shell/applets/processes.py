"""kill, ps, timeout, nohup, which, groups, tty."""

from __future__ import annotations

from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.view import EXECUTE
from docgen.shell import signals
from docgen.shell.applet import Options
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.times import SECOND
from docgen.shell.applets.support.tool import (
    BOX,
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    raw_tool,
    refuse_usage_text,
    refused,
    tool,
    value,
)
from docgen.shell.loader import DEFAULT_PATH
from docgen.shell.process import Process

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def kill(p: Process) -> Steps[int]:
    """/bin/kill: `-l`, `-SIGNAL`, `-s SIGNAL`, pids of the same container."""
    words = list(p.argv[1:])
    number = signals.TERM
    if words[:1] == ["-l"]:
        raise NotSimulated("kill -l", "name the signal")
    if words[:1] == ["-s"] and len(words) > 1:
        number = _signal(p, words[1])
        words = words[2:]
    elif words and words[0].startswith("-") and words[0] != "--" and len(words[0]) > 1:
        number = _signal(p, words[0][1:])
        words = words[1:]
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        if not on_host(p):
            raise Refusal("you need to specify whom to kill")
        raise NotSimulated("the usage text of kill", "name a process")
    status = 0
    for word in words:
        status |= yield from _kill_one(p, word, number)
    return status


def _signal(p: Process, name: str) -> int:
    number = signals.number_of(name)
    if number is None:
        if on_host(p):
            raise Refusal(f"unknown signal {name}")
        raise Refusal(f"bad signal name '{name}'")
    return number


def _kill_one(p: Process, word: str, number: int) -> Steps[int]:
    if not word.lstrip("-").isdigit():
        if on_host(p):
            raise Refusal(f"cannot find process {quoted(p, word)}")
        yield from p.complain(f"invalid number '{word}'")
        return 1
    pid = int(word)
    targets = p.kernel.processes(p.group)
    found = [one for one in targets if one.local_pid == pid]
    if pid < 0:
        found = [one for one in targets if pid == -1 and not one.is_init and one is not p]
        found += [one for one in targets if pid != -1 and one.pgrp == -pid]
    if not found:
        if on_host(p):
            yield from p.complain(f"sending signal to {word} failed: No such process")
        else:
            yield from p.complain(f"can't kill pid {word}: No such process")
        return 1
    for one in found:
        p.kernel.deliver(one, number)
    return 0


def ps(p: Process, options: Options) -> Steps[int]:
    """busybox's: PID, USER, COMMAND of the processes in the container."""
    columns = (options.get("o") or "pid,user,args").split(",")
    known = {"pid": ("PID  ", 5), "user": ("USER    ", 8), "args": ("COMMAND", 0)} | {
        "comm": ("COMMAND         ", 16),
        "ppid": ("PPID ", 5),
    }
    for name in columns:
        if name not in known:
            raise NotSimulated(f"ps -o {name}", f"one of {', '.join(sorted(known))}")
    accounts = Accounts(p.view)
    yield from p.out(" ".join(known[name][0] for name in columns).rstrip() + "\n")
    for one in p.kernel.processes(p.group):
        values = {
            "pid": f"{one.local_pid:5}",
            "ppid": f"{one.ppid:5}",
            "user": f"{accounts.owner(one.view.credentials.uid)[:8]:<8}",
            "args": " ".join(one.argv)[:73],
            "comm": f"{one.argv[0].rpartition('/')[2][:15]:<16}",
        }
        yield from p.out(" ".join(values[name] for name in columns).rstrip() + "\n")
    return 0


def timeout(p: Process, options: Options) -> Steps[int]:
    words = options.operands
    if len(words) < 2:
        if not on_host(p):
            refuse_usage_text(p)
        return (yield from complain_of_usage(p, "", 125))
    seconds = _duration(words[0])
    if seconds is None:
        if on_host(p):
            message = f"invalid time interval {quoted(p, words[0])}"
            return (yield from complain_of_usage(p, message, 125))
        raise Refusal(f"invalid number '{words[0]}'")
    signal = _signal(p, options.get("signal") or "TERM")
    try:
        child = p.spawn(words[1:])
    except FsError as error:
        return (yield from _cannot_run(p, words[1], error))
    deadline = p.kernel.clock.now_ns + int(seconds * SECOND)
    if seconds:
        yield Until(lambda: child.exit_code is not None, deadline)
        if child.exit_code is None:
            return (yield from _end(p, options, child, signal))
    return (yield from p.wait_for(child))


def _end(p: Process, options: Options, child: Process, signal: int) -> Steps[int]:
    p.kernel.deliver(child, signal)
    after = options.get("kill-after")
    if after is not None:
        pause = _duration(after) or 0.0
        yield Until(
            lambda: child.exit_code is not None, p.kernel.clock.now_ns + int(pause * SECOND)
        )
        if child.exit_code is None:
            p.kernel.deliver(child, signals.KILL)
    code = yield from p.wait_for(child)
    if "preserve-status" in options:
        return code
    if on_host(p):
        return 137 if child.died_of == signals.KILL else 124
    return 128 + signal if child.died_of else code


def _duration(text: str) -> float | None:
    unit = _UNITS.get(text[-1:])
    digits = text[:-1] if unit is not None else text
    try:
        seconds = float(digits) * (unit or 1.0)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e10 else None


def _cannot_run(p: Process, name: str, error: FsError) -> Steps[int]:
    if on_host(p):
        verb = "failed to run command"
        yield from p.complain(f"{verb} {quoted(p, name)}: {error.errno.value}")
    else:
        yield from p.complain(f"can't execute '{name}': {error.errno.value}")
    return 127 if error.errno is Errno.ENOENT else 126


def nohup(p: Process, options: Options) -> Steps[int]:
    """No output is a terminal here: only the signal is ignored."""
    if not options.operands:
        if not on_host(p):
            refuse_usage_text(p)
        return (yield from complain_of_usage(p, "missing operand", 125))
    p.ignored.add(signals.HUP)
    try:
        child = p.spawn(options.operands)
    except FsError as error:
        return (yield from _cannot_run(p, options.operands[0], error))
    return (yield from p.wait_for(child))


def which(p: Process, options: Options) -> Steps[int]:
    path = p.env.get("PATH", DEFAULT_PATH)
    status = 0
    if not options.operands and not on_host(p):
        refuse_usage_text(p)
    for name in options.operands:
        places = [name] if "/" in name else [f"{d or '.'}/{name}" for d in path.split(":")]
        found = [one for one in places if _runs(p, one)]
        for one in found if "all" in options else found[:1]:
            yield from p.out(one + "\n")
        status |= not found
    return int(status) if options.operands else 1


def _runs(p: Process, path: str) -> bool:
    try:
        return p.view.stat(path).kind == "file" and p.view.access(path, EXECUTE)
    except FsError:
        return False


def groups(p: Process, options: Options) -> Steps[int]:
    accounts = Accounts(p.view)
    if not options.operands:
        who = p.view.credentials
        numbers = dict.fromkeys((who.gid, *who.groups))
        yield from p.out(" ".join(accounts.group(gid) for gid in numbers) + "\n")
        return 0
    status = 0
    for name in options.operands:
        user = accounts.user(name)
        if user is None:
            status = 1
            text = f"{quoted(p, name)}: no such user" if on_host(p) else f"unknown user {name}"
            yield from p.complain(text)
            continue
        listed = " ".join(accounts.group(gid) for gid in accounts.groups_of(name, user.gid))
        yield from p.out(f"{name} : {listed}\n" if on_host(p) else f"{listed}\n")
    return status


def tty(p: Process, options: Options) -> Steps[int]:
    if "silent" not in options:
        yield from p.out("not a tty\n")
    return 1


APPLETS = {
    "kill": raw_tool("kill", kill),
    "ps": tool("ps", ps, (value("o"), refused("T", "")), flavours=BOX),
    "timeout": tool(
        "timeout",
        timeout,
        (
            value("s", "signal"),
            value("k", "kill-after"),
            flag("", "preserve-status", GNU),
            flag("", "foreground", GNU),
            refused("v", "verbose", flavours=GNU),
        ),
        permute=False,
        status=125,
    ),
    "nohup": tool("nohup", nohup, permute=False, status=125, flavours=GNU),
    "which": tool("which", which, (flag("a", "all"),)),
    "groups": tool("groups", groups),
    "tty": tool("tty", tty, (flag("s", "silent quiet"),)),
}
