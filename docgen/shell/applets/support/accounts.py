"""Names of users and groups, from /etc/passwd and /etc/group as the process sees them."""

from __future__ import annotations

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.view import View


@frozen
class User:
    name: str
    uid: int
    gid: int
    home: str
    shell: str


@frozen
class Group:
    name: str
    gid: int
    members: tuple[str, ...]


class Accounts:
    """The two databases, read once."""

    def __init__(self, view: View) -> None:
        self.users = tuple(_users(view))
        self.groups = tuple(_groups(view))
        self._user_names = {user.uid: user.name for user in reversed(self.users)}
        self._group_names = {group.gid: group.name for group in reversed(self.groups)}

    def user_name(self, uid: int) -> str | None:
        return self._user_names.get(uid)

    def group_name(self, gid: int) -> str | None:
        return self._group_names.get(gid)

    def owner(self, uid: int) -> str:
        """The name, or the number where there is none (ls -l)."""
        return self._user_names.get(uid, str(uid))

    def group(self, gid: int) -> str:
        return self._group_names.get(gid, str(gid))

    def user(self, name: str) -> User | None:
        return next((user for user in self.users if user.name == name), None)

    def user_of(self, uid: int) -> User | None:
        return next((user for user in self.users if user.uid == uid), None)

    def uid(self, word: str) -> int | None:
        """A name or a number."""
        user = self.user(word)
        return user.uid if user is not None else number(word)

    def gid(self, word: str) -> int | None:
        group = next((group for group in self.groups if group.name == word), None)
        return group.gid if group is not None else number(word)

    def groups_of(self, name: str, gid: int) -> tuple[int, ...]:
        """The primary group first, then those that name the user as a member."""
        others = (group.gid for group in self.groups if name in group.members)
        return tuple(dict.fromkeys((gid, *others)))


def number(word: str) -> int | None:
    """A numeric id of 32 bits."""
    digits = word.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 10:
        return None
    found = int(digits)
    return found if found < 2**32 - 1 else None


def _rows(view: View, path: str, fields: int) -> list[list[str]]:
    try:
        text = view.read_file(path).text()
    except (FsError, NotSimulated) as error:
        if isinstance(error, NotSimulated):
            raise
        return []
    rows = (line.split(":") for line in text.splitlines())
    return [row for row in rows if len(row) >= fields]


def _users(view: View) -> list[User]:
    found = []
    for row in _rows(view, "/etc/passwd", 7):
        uid, gid = number(row[2]), number(row[3])
        if uid is not None and gid is not None:
            found.append(User(row[0], uid, gid, row[5], row[6]))
    return found


def _groups(view: View) -> list[Group]:
    found = []
    for row in _rows(view, "/etc/group", 4):
        gid = number(row[2])
        if gid is not None:
            members = tuple(name for name in row[3].split(",") if name)
            found.append(Group(row[0], gid, members))
    return found
