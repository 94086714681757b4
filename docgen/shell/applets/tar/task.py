"""What one call of tar is asked to do, and how it complains."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.waits import Steps
from docgen.fs.view import View
from docgen.shell.applet import Options
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.tar.header import Member
from docgen.shell.pattern import Pattern
from docgen.shell.process import Process


@dataclass(slots=True)
class Task:
    p: Process
    options: Options
    gnu: bool
    view: View
    """In the directory of -C."""
    accounts: Accounts
    out: Out
    """Where names are told: standard error when the archive goes to standard output."""
    excluded: tuple[Pattern, ...]
    status: int = 0
    told_slash: set[str] = field(default_factory=set)
    width: int = 19
    """GNU's column for owner and size; it grows and does not shrink."""

    def complain(self, message: str) -> Steps[None]:
        self.status = 2 if self.gnu else 1
        yield from self.out.flush()
        yield from self.p.complain(message)

    def without_slash(self, name: str, what: str = "member names") -> Steps[str]:
        """Members are relative; that it strips a leading slash tar tells once."""
        if not name.startswith("/") or "absolute-names" in self.options:
            return name
        if what not in self.told_slash:
            self.told_slash.add(what)
            yield from self.out.flush()
            if self.gnu:
                yield from self.p.complain(f"Removing leading `/' from {what}")
            elif what == "member names":
                yield from self.p.complain(f"removing leading '/' from {what}")
        return name.lstrip("/")

    def is_excluded(self, name: str) -> bool:
        """A pattern matches the whole name or what stands behind any slash."""
        name = name.rstrip("/")
        if not self.excluded:
            return False
        tails = [name]
        while "/" in name:
            name = name.partition("/")[2]
            tails.append(name)
        return any(pattern.matches(tail) for pattern in self.excluded for tail in tails)

    def tell(self, line: Member, long: bool) -> Steps[None]:
        from docgen.shell.applets.tar.listing import long_line

        yield from self.out.put((long_line(self, line) if long else line.name) + "\n")
