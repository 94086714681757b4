"""One tool (`ls`, `cat`, …) as a record, and the option grammar that it shares with all others.

One description of the options serves twice: `Applet.parse` reads the words of a running process,
and `Applet.check` reads the same words before the first step, where some are not known yet (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.shell.flavour import BOTH, Flavour

if TYPE_CHECKING:
    from docgen.shell.process import Process

Program = Callable[["Process"], Steps[int]]
"""A program: what runs when its file is executed. Returns the exit status."""

Word = str | None
"""A word of a command line; None where it is only known when the command runs."""

StaticCheck = Callable[[Sequence[Word], Flavour], None]
"""Looks at argv (argv[0] is the program) before the first step; raises RefusedWord."""


class RefusedWord(NotSimulated):
    """A word of a command line that names something real which is not modelled."""

    def __init__(self, what: str, instead: str, word: int) -> None:
        super().__init__(what, instead)
        self.word = word
        """Index into argv of the word to point at."""


class UsageError(Exception):
    """The tool itself would refuse these words; `message` is its text after `name: `."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Takes(Enum):
    """Does an option take an argument?"""

    NOTHING = "nothing"
    ARGUMENT = "argument"
    OPTIONAL = "optional"
    """Only attached: `-iSUFFIX`, `--color=WHEN`."""


@frozen
class Option:
    """One option under all its names."""

    short: str = ""
    """Letters that all mean it: "r", or "rR"."""
    long: str = ""
    """Long names, separated by spaces; without the dashes."""
    takes: Takes = Takes.NOTHING
    flavours: frozenset[Flavour] = BOTH
    modelled: bool = True
    """False: real, but refused with NotSimulated."""
    instead: str = ""
    """For a refused option: what would do."""

    @property
    def key(self) -> str:
        """The name it has in `Options`: the first long name, else the first letter."""
        return self.long.split()[0] if self.long else self.short[0]


@frozen
class Options:
    """What was read: options in order, then operands."""

    given: tuple[tuple[str, str], ...]
    """(key, argument or "") in the order of the command line."""
    operands: tuple[str, ...]

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.given)

    def get(self, key: str, default: str | None = None) -> str | None:
        """The argument that was given last."""
        return next((value for name, value in reversed(self.given) if name == key), default)

    def all(self, key: str) -> tuple[str, ...]:
        """Every argument of a repeatable option, in order."""
        return tuple(value for name, value in self.given if name == key)

    def count(self, key: str) -> int:
        return sum(name == key for name, _ in self.given)

    def last_of(self, *keys: str) -> str | None:
        """Which of some options that override each other came last."""
        return next((name for name, _ in reversed(self.given) if name in keys), None)


@frozen
class Applet:
    """A tool of the host, of busybox, or of both; registered in `applets.APPLETS`."""

    name: str
    run: Program
    flavours: frozenset[Flavour] = BOTH
    options: tuple[Option, ...] = ()
    permute: bool = True
    """Options may follow operands (getopt's default). False: the first operand ends the options."""
    raw: bool = False
    """Own grammar (echo, test, expr, find, dd …): words are not read as options here."""
    check_words: StaticCheck | None = None
    """Looks further than the options: at scripts, expressions, commands within arguments."""
    usage_status: int = 1
    """Exit status after a wrong option on the host (ls, sort, grep: 2); busybox has always 1."""
    usage: str = ""
    """What busybox prints after `Usage: ` (the first line of its help)."""
    digits: str = ""
    """Key under which `-5` is read (head, tail); empty where digits are no option."""

    def parse(self, argv: Sequence[str], flavour: Flavour) -> Options:
        """Read a running process's words.

        Raises UsageError where the tool would, RefusedWord where the tool would not but we do.
        """
        return _read(self, argv, flavour)

    def check(self, argv: Sequence[Word], flavour: Flavour) -> None:
        """Refuse before the first step what `parse` would refuse. Raises RefusedWord."""
        if not self.raw:
            try:
                _read(self, argv, flavour)
            except UsageError:
                return
        if self.check_words is not None:
            self.check_words(argv, flavour)


@dataclass(slots=True)
class _Reader:
    applet: Applet
    flavour: Flavour
    argv: Sequence[Word]
    at: int = 1
    given: list[tuple[str, str]] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)

    def options(self) -> Iterator[Option]:
        return (one for one in self.applet.options if self.flavour in one.flavours)

    def take(self, option: Option, value: str, shown: str) -> None:
        if not option.modelled:
            raise RefusedWord(
                f"{self.applet.name} {shown} is not simulated",
                option.instead or "leave the option out",
                self.at,
            )
        self.given.append((option.key, value))


def _read(applet: Applet, argv: Sequence[Word], flavour: Flavour) -> Options:
    reader = _Reader(applet, flavour, argv)
    while reader.at < len(argv):
        word = argv[reader.at]
        if word == "--":
            reader.operands += _known(argv[reader.at + 1 :])
            break
        if word is None or word == "-" or not word.startswith("-"):
            if not applet.permute:
                reader.operands += _known(argv[reader.at :])
                break
            reader.operands += _known((word,))
        elif word.startswith("--"):
            _read_long(reader, word)
        else:
            _read_cluster(reader, word)
        reader.at += 1
    return Options(tuple(reader.given), tuple(reader.operands))


def _known(words: Sequence[Word]) -> Iterator[str]:
    return ("" if word is None else word for word in words)


def _next_argument(reader: _Reader, missing: str) -> str:
    if reader.at + 1 >= len(reader.argv):
        raise UsageError(missing)
    reader.at += 1
    return reader.argv[reader.at] or ""


def _read_cluster(reader: _Reader, word: str) -> None:
    """`-la`, `-n5`, `-n 5`, `-5`."""
    if reader.applet.digits and word[1].isdigit():
        reader.given.append((reader.applet.digits, word[1:]))
        return
    rest = word[1:]
    while rest:
        letter, rest = rest[0], rest[1:]
        option = next((one for one in reader.options() if letter in one.short), None)
        if option is None:
            raise UsageError(f"invalid option -- '{letter}'")
        if option.takes is Takes.NOTHING:
            reader.take(option, "", f"-{letter}")
            continue
        value = rest
        if option.takes is Takes.ARGUMENT and not rest and option.modelled:
            value = _next_argument(reader, f"option requires an argument -- '{letter}'")
        reader.take(option, value, f"-{letter}")
        return


def _read_long(reader: _Reader, word: str) -> None:
    """`--lines=5`, `--lines 5`, and unambiguous beginnings."""
    name, equals, value = word[2:].partition("=")
    option = _find_long(reader, name, word)
    if not option.modelled:
        reader.take(option, value, word)
    if option.takes is Takes.NOTHING and equals:
        raise UsageError(f"option '--{name}' doesn't allow an argument")
    if option.takes is Takes.ARGUMENT and not equals:
        value = _next_argument(reader, f"option '--{name}' requires an argument")
    reader.take(option, value, word)


def _find_long(reader: _Reader, name: str, word: str) -> Option:
    names = [(full, one) for one in reader.options() for full in one.long.split()]
    for full, one in names:
        if full == name:
            return one
    near = [(full, one) for full, one in names if full.startswith(name)]
    if len({id(one) for _, one in near}) == 1:
        return near[0][1]
    if near:
        possible = " ".join(f"'--{full}'" for full, _ in near)
        raise UsageError(f"option '{word}' is ambiguous; possibilities: {possible}")
    if reader.flavour is Flavour.HOST and name in ("help", "version"):
        raise RefusedWord(
            f"{reader.applet.name} --{name} is not simulated",
            "its text differs between versions: leave it out",
            reader.at,
        )
    raise UsageError(f"unrecognized option '{word}'")
