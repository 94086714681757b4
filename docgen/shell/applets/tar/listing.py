"""`tar -tv`"""

from __future__ import annotations

from docgen.fs.nodes import Kind
from docgen.shell.applets.support.files import LETTERS, permissions
from docgen.shell.applets.support.times import SECOND, strftime
from docgen.shell.applets.tar.header import Member
from docgen.shell.applets.tar.task import Task


def long_line(task: Task, member: Member) -> str:
    numeric = "numeric-owner" in task.options
    user = member.user if member.user and not numeric else str(member.uid)
    group = member.group if member.group and not numeric else str(member.gid)
    size = str(member.size)
    if member.kind in (Kind.CHAR, Kind.BLOCK):
        size = f"{member.device[0]},{member.device[1]}"
    if task.gnu:
        return _gnu(task, member, f"{user}/{group}", size)
    when = strftime("%F %T", member.mtime * SECOND)
    letter = LETTERS[member.kind]
    target = f" -> {member.target}" if member.target else ""
    mode = letter + permissions(member.mode)
    return f"{mode} {user}/{group} {size:>9} {when} {member.name}{target}"


def _gnu(task: Task, member: Member, owner: str, size: str) -> str:
    task.width = max(task.width, len(owner) + 1 + len(size))
    when = strftime("%F %R", member.mtime * SECOND)
    letter = "h" if member.hard_link else LETTERS[member.kind]
    target = ""
    if member.hard_link:
        target = f" link to {member.target}"
    elif member.kind is Kind.SYMLINK:
        target = f" -> {member.target}"
    pad = " " * (task.width - len(owner) - len(size))
    return f"{letter}{permissions(member.mode)} {owner}{pad}{size} {when} {member.name}{target}"
