"""id, whoami, groups, hostname, uname, nproc, date, env and printenv: who, where, when."""

from __future__ import annotations

import re

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.dates import parse_date
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.times import strftime
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


def identity(p: Process, options: Options) -> Steps[int]:
    accounts = Accounts(p.view)
    uid, gid, groups = p.view.credentials.uid, p.view.credentials.gid, p.view.credentials.groups
    if options.operands:
        user = accounts.user(options.operands[0])
        if user is None:
            told = quoted(p, options.operands[0])
            raise Refusal(
                f"{told}: no such user" if on_host(p) else f"unknown user {options.operands[0]}"
            )
        uid, gid, groups = user.uid, user.gid, _groups_of(accounts, user.name)
    every = tuple(dict.fromkeys((gid, *groups)))
    name = "name" in options
    if "user" in options:
        text = accounts.owner(uid) if name else str(uid)
    elif "group" in options:
        text = accounts.group(gid) if name else str(gid)
    elif "groups" in options:
        text = " ".join(accounts.group(one) if name else str(one) for one in every)
    else:
        listed = ",".join(_with_name(one, accounts.group_name(one)) for one in every)
        text = f"uid={_with_name(uid, accounts.user_name(uid))} "
        text += f"gid={_with_name(gid, accounts.group_name(gid))}"
        if groups or options.operands or on_host(p):
            text += f" groups={listed}"
    yield from p.out(text + "\n")
    return 0


def _groups_of(accounts: Accounts, name: str) -> tuple[int, ...]:
    return tuple(group.gid for group in accounts.groups if name in group.members)


def _with_name(number: int, name: str | None) -> str:
    return f"{number}({name})" if name else str(number)


def whoami(p: Process, _options: Options) -> Steps[int]:
    uid = p.view.credentials.uid
    name = Accounts(p.view).user_name(uid)
    if name is None:
        words = f"cannot find name for user ID {uid}" if on_host(p) else f"unknown uid {uid}"
        raise Refusal(words)
    yield from p.out(name + "\n")
    return 0


def hostname(p: Process, options: Options) -> Steps[int]:
    if options.operands:
        raise NotSimulated("setting the host's name", "leave the operand out")
    yield from p.out(_host(p) + "\n")
    return 0


def _host(p: Process) -> str:
    try:
        return decoded(p.view.read_file("/etc/hostname").to_bytes()).strip()
    except FsError:
        return "localhost"


def uname(p: Process, options: Options) -> Steps[int]:
    parts = {"kernel-name": "Linux", "nodename": _host(p), "machine": "x86_64"}
    parts["operating-system"] = "GNU/Linux"
    wanted = [key for key in parts if key in options] or ["kernel-name"]
    yield from p.out(" ".join(parts[key] for key in wanted) + "\n")
    return 0


def nproc(p: Process, _options: Options) -> Steps[int]:
    yield from p.out("2\n")
    return 0


_RFC_EMAIL = "%a, %d %b %Y %H:%M:%S %z"
_ISO = {"date": "%F", "hours": "%FT%H%:z", "minutes": "%FT%R%:z", "seconds": "%FT%T%:z"}


def date(p: Process, options: Options) -> Steps[int]:
    now = p.kernel.clock.now_ns
    text, reference = options.get("date"), options.get("reference")
    if reference is not None:
        try:
            now = p.view.stat(reference).mtime_ns
        except FsError as error:
            shown = shell_quoted(p, reference) if on_host(p) else f"can't stat '{reference}'"
            raise Refusal(f"{shown}: {error.errno.value}") from None
    if text is not None:
        found = parse_date(text, now)
        if found is None:
            if re.search(r"\d", text) or not on_host(p):
                raise NotSimulated(f"date -d `{text}`", "write 2026-01-31 12:00:00 or @SECONDS")
            raise Refusal(f"invalid date {quoted(p, text)}")
        now = found
    pattern = _pattern(options)
    shown_time = strftime(pattern.replace("%:z", "+00:00"), now)
    if shown_time is None:
        raise NotSimulated(f"date +{pattern}", "write the parts one by one, as %Y-%m-%d %H:%M:%S")
    yield from p.out(shown_time + "\n")
    return 0


def _pattern(options: Options) -> str:
    for word in options.operands:
        if word.startswith("+"):
            return word[1:]
        raise NotSimulated("setting the clock", "leave the operand out; a format starts with +")
    if "rfc-email" in options:
        return _RFC_EMAIL
    if "iso-8601" in options:
        kind = options.get("iso-8601") or "date"
        if kind not in _ISO:
            raise NotSimulated(f"date -I{kind}", f"one of {', '.join(_ISO)}")
        return _ISO[kind]
    return "%a %b %e %H:%M:%S %Z %Y"


def env(p: Process, options: Options) -> Steps[int]:
    values = {} if "ignore-environment" in options else dict(p.env)
    for name in options.all("unset"):
        values.pop(name, None)
    words = list(options.operands)
    if words[:1] == ["-"]:
        values, words = {}, words[1:]
    while words and "=" in words[0]:
        name, _, text = words.pop(0).partition("=")
        values[name] = text
    if not words:
        yield from p.out("".join(f"{name}={text}\n" for name, text in values.items()))
        return 0
    try:
        child = p.spawn(words, env=values)
    except FsError as error:
        told = quoted(p, words[0]) if on_host(p) else f"can't execute '{words[0]}'"
        yield from p.complain(f"{told}: {error.errno.value}")
        return 127 if error.errno.name == "ENOENT" else 126
    return (yield from p.wait_for(child))


def printenv(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        yield from p.out("".join(f"{name}={text}\n" for name, text in p.env.items()))
        return 0
    missing = [name for name in options.operands if name not in p.env]
    yield from p.out("".join(f"{p.env[name]}\n" for name in options.operands if name in p.env))
    return int(bool(missing))


APPLETS = {
    "id": tool(
        "id",
        identity,
        (
            flag("u", "user"),
            flag("g", "group"),
            flag("G", "groups"),
            flag("n", "name"),
            flag("r", "real"),
        ),
    ),
    "whoami": tool("whoami", whoami),
    "hostname": tool("hostname", hostname, (flag("s", "short"), refused("ifdy"))),
    "uname": tool(
        "uname",
        uname,
        (
            flag("s", "kernel-name"),
            flag("n", "nodename"),
            flag("m", "machine"),
            flag("o", "operating-system"),
            refused("arvpi", instead="name the parts: -s, -n or -m"),
        ),
    ),
    "nproc": tool("nproc", nproc, (refused("", "all ignore"),)),
    "date": tool(
        "date",
        date,
        (
            flag("u", "utc universal"),
            value("d", "date"),
            value("r", "reference"),
            flag("R", "rfc-email"),
            Option("I", "iso-8601", Takes.OPTIONAL),
            refused("sfD", "rfc-3339 set file"),
        ),
    ),
    "env": tool(
        "env",
        env,
        (flag("i", "ignore-environment"), value("u", "unset"), refused("C0Sv", flavours=GNU)),
        permute=False,
        status=125,
    ),
    "printenv": tool(
        "printenv", printenv, (refused("0", "null", flavours=GNU),), status=2, flavours=GNU
    ),
}
