"""`--user` and USER: names and numbers, looked up in the container's own files (moby/sys/user
GetExecUser)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from docgen.daemon.errors import system
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.view import View

_MAX_ID: Final = (1 << 31) - 1


@frozen
class ExecUser:
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    """Supplementary groups; the primary one leads them (moby, daemon/oci_linux.go getUser)."""
    home: str = "/"


@frozen
class _Passwd:
    name: str
    uid: int
    gid: int
    home: str


@frozen
class _Group:
    name: str
    gid: int
    members: tuple[str, ...]


def look_up(view: View, text: str) -> ExecUser:
    """Who `text` (`user[:group]`, '' = root) is in this container.

    Raises SYSTEM `unable to find user NAME: no matching entries in passwd file`,
    `unable to find group NAME: no matching entries in group file`.
    """
    user_text, _, group_text = text.partition(":")
    accounts = _passwd(_data(view, "/etc/passwd"))
    groups = _group(_data(view, "/etc/group"))
    number = _number(user_text)
    account = _account(accounts, user_text, number)
    if account is None and user_text and number is None:
        raise system(f"unable to find user {user_text}: no matching entries in passwd file")
    uid = account.uid if account else (number or 0)
    gid = account.gid if account else 0
    member_of = _memberships(groups, account.name) if account else ()
    if group_text:
        gid = _group_id(groups, group_text)
        member_of = ()
    groups_of = (gid, *(one for one in member_of if one != gid))
    return ExecUser(uid, gid, groups_of, account.home if account and account.home else "/")


def file_owner(view: View, text: str) -> tuple[int, int]:
    """`COPY --chown` and the directory of WORKDIR: a user that is not known is root, a group that
    is not known is that of the user (BuildKit solver/llbsolver/file, readUser)."""
    user_text, colon, group_text = text.partition(":")
    number = _number(user_text)
    uid = gid = number or 0
    if number is None:
        accounts = _passwd(_data(view, "/etc/passwd"))
        account = next((one for one in accounts if one.name == user_text), None)
        uid, gid = (account.uid, account.gid) if account else (0, 0)
    if colon and group_text:
        number = _number(group_text)
        groups = _group(_data(view, "/etc/group")) if number is None else ()
        named = next((one.gid for one in groups if one.name == group_text), gid)
        gid = named if number is None else number
    return uid, gid


def _account(accounts: Sequence[_Passwd], text: str, number: int | None) -> _Passwd | None:
    wanted = 0 if not text else number
    for one in accounts:
        if one.name == text or (wanted is not None and one.uid == wanted):
            return one
    return None


def _memberships(groups: Sequence[_Group], user: str) -> tuple[int, ...]:
    return tuple(one.gid for one in groups if user in one.members)


def _group_id(groups: Sequence[_Group], text: str) -> int:
    number = _number(text)
    for one in groups:
        if one.name == text or one.gid == number:
            return one.gid
    if number is None:
        raise system(f"unable to find group {text}: no matching entries in group file")
    return number


def _number(text: str) -> int | None:
    """uids and gids must be in range 0-2147483647."""
    if not text.isdecimal() or not text.isascii():
        return None
    number = int(text[:12])
    if number > _MAX_ID:
        raise system("uids and gids must be in range 0-2147483647")
    return number


def _data(view: View, path: str) -> bytes:
    """A file that is not there is like an empty one."""
    try:
        return view.read_file(path).to_bytes()
    except FsError:
        return b""


def _fields(data: bytes) -> Iterator[list[str]]:
    """Of every line but comments."""
    for line in data.decode("utf-8", "replace").splitlines():
        if line and not line.startswith("#"):
            yield line.split(":")


@lru_cache(maxsize=32)
def _passwd(data: bytes) -> tuple[_Passwd, ...]:
    """The accounts; kept, since every `docker exec` of a page asks the same file."""
    found = []
    for fields in _fields(data):
        fields += [""] * (7 - len(fields))
        uid, gid = _number(fields[2]), _number(fields[3])
        if uid is not None:
            found.append(_Passwd(fields[0], uid, gid or 0, fields[5]))
    return tuple(found)


@lru_cache(maxsize=32)
def _group(data: bytes) -> tuple[_Group, ...]:
    found = []
    for fields in _fields(data):
        fields += [""] * (4 - len(fields))
        gid = _number(fields[2])
        if gid is not None:
            found.append(_Group(fields[0], gid, tuple(filter(None, fields[3].split(",")))))
    return tuple(found)
