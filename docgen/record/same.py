"""Which texts of two engines count as the same although their letters differ. Every rule has a row
here.

Rules are of two kinds. A *mask* replaces what depends on the clock, in both texts alike. A
*name* is replaced by its number in the order of first appearance, so the same id stays the same
and two ids stay two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from docgen.frozen import frozen

Text = Callable[[str], str]
BLANKS = re.compile(" {2,}")
LINES = re.compile("(\n)")
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
UNIT = "(?:second|minute|hour|day|week|month|year)"
AGE = rf"(?:Less than a second|About an? (?:minute|hour)|\d+ {UNIT}s?)"
CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
ZONE = r"(?:Z| ?[+-]\d\d:?\d\d(?: [A-Z]{3,4})?)?"


@frozen
class Mask:
    name: str
    why: str
    """A sentence for the page that lists the rules."""
    pattern: re.Pattern[str]
    shown: str

    def __call__(self, text: str) -> str:
        return self.pattern.sub(self.shown, text)


MASKS: tuple[Mask, ...] = (
    Mask(
        "age",
        "How long ago something happened depends on when the page is run.",
        re.compile(rf"\b{AGE}(?= ago\b)"),
        "<age>",
    ),
    Mask("uptime", "So does how long a container is up.", re.compile(rf"\bUp {AGE}"), "Up <age>"),
    Mask(
        "timestamp",
        "The simulated clock starts on 2026-01-01; a real one does not.",
        re.compile(rf"\b\d{{4}}-\d\d-\d\d[T ]{CLOCK}{ZONE}"),
        "<time>",
    ),
    Mask(
        "list date",
        "The dates of ls -l are those of the clock, too.",
        re.compile(rf"\b{MONTH} [ \d]\d +(?:\d\d:\d\d|\d{{4}})\b"),
        "<date>",
    ),
    Mask(
        "shell line",
        "dash counts the lines of all that it was given, and that is not the page alone.",
        re.compile(r"(?<=^sh: )\d+(?=: )", re.MULTILINE),
        "<line>",
    ),
    Mask(
        "racing error",
        "What the client was still packing when docker cp failed is told, or not.",
        re.compile(r'^time="<time>" level=error msg="Can\'t add file [^\n]*\n', re.MULTILINE),
        "",
    ),
    Mask(
        "build time",
        "How long a build step took is the machine's business.",
        re.compile(r"(?<=[ \[])\d+\.\d+s\b"),
        "<seconds>",
    ),
)


@frozen
class NameRule:
    name: str
    why: str
    pattern: re.Pattern[str]
    key: Text = field(default=lambda token: token)
    """Two spellings of one name have one key."""


def _short(token: str) -> str:
    return token.removeprefix("sha256:")[:12]


NAMES: tuple[NameRule, ...] = (
    NameRule(
        "id",
        "Ids are random on a real engine; here the first 12 digits stand for the whole id.",
        re.compile(r"\b(?:sha256:)?(?:[0-9a-f]{64}|[0-9a-f]{12})\b"),
        _short,
    ),
    NameRule(
        "directory id",
        "BuildKit and overlay2 name directories at random: 25 letters and digits, or 26 capitals.",
        re.compile(r"\b(?:[a-z0-9]{25}|[A-Z0-9]{26})\b"),
    ),
    NameRule(
        "invented name",
        "A container that nobody named gets two random words.",
        re.compile(r"\b[a-z]+_[a-z]+\d?\b"),
    ),
    NameRule(
        "inode",
        "Snapshot directories of containerd are numbered by an engine's whole history.",
        re.compile(r"(?<=snapshots/)\d+\b"),
    ),
)


@frozen
class OrderRule:
    name: str
    why: str
    commands: re.Pattern[str]
    """Commands whose parts are sorted before they are compared."""
    between: re.Pattern[str] = LINES
    """What stands between two parts."""


ORDERS: tuple[OrderRule, ...] = (
    OrderRule(
        "docker diff",
        "A real engine lists the entries of a directory in the order of its file system.",
        re.compile(r"\bdocker (?:container )?diff\b"),
    ),
    OrderRule(
        "directory order",
        "find and ls -U tell names as the file system keeps them, ext4 by a secret hash.",
        re.compile(r"\bfind\b(?!.*\bsort\b)|\bls -(?:[A-Za-z]*U|f)"),
    ),
    OrderRule(
        "prune",
        "What is pruned is kept in a map, so its order is a matter of luck.",
        re.compile(r"\bprune\b"),
    ),
    OrderRule(
        "mounts",
        "The command line keeps mounts in a map, so their order is a matter of luck.",
        re.compile(
            r"\bdocker (?:container )?inspect\b.*\.(?:Mounts|HostConfig\.(?:Binds|Tmpfs))\b"
        ),
        re.compile(r"([\n\[\]]|(?<=\}),(?=\{)|(?<=\"),(?=\"))"),
    ),
)


@dataclass(slots=True)
class Pairing:
    """Which name of the left text is which name of the right one, over a whole recording."""

    written: str
    """The page's own commands: what stands in them is no invented name."""
    _right: dict[tuple[str, str], str] = field(default_factory=dict)
    _left: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def pair(self, rule: NameRule, left: str, right: str) -> tuple[str, str]:
        """Both texts with the rule's names replaced where they can be the same names."""
        ours, theirs = self._found(rule, left), self._found(rule, right)
        if not ours or len(ours) != len(theirs):
            return left, right
        names = [self._same(rule, a.group(), b.group()) for a, b in zip(ours, theirs, strict=True)]
        return _filled(left, ours, names), _filled(right, theirs, names)

    def _found(self, rule: NameRule, text: str) -> list[re.Match[str]]:
        return [one for one in rule.pattern.finditer(text) if one.group() not in self.written]

    def _same(self, rule: NameRule, left: str, right: str) -> str:
        """The common name of both; '' where one of them was paired with another before."""
        ours, theirs = (rule.name, rule.key(left)), (rule.name, rule.key(right))
        if self._right.setdefault(ours, theirs[1]) != theirs[1]:
            return ""
        if self._left.setdefault(theirs, ours[1]) != ours[1]:
            return ""
        return f"<{rule.name} {self._numbers.setdefault(ours, len(self._numbers) + 1)}>"


def _filled(text: str, found: list[re.Match[str]], names: list[str]) -> str:
    parts: list[str] = []
    here = 0
    for one, name in zip(found, names, strict=True):
        parts += [text[here : one.start()], name or one.group()]
        here = one.end()
    return "".join([*parts, text[here:]])


def masked(text: str, command: str = "") -> str:
    """The text without what depends on the clock; where something was masked, the columns of the
    whole text (the head of a table, too) are squeezed.
    """
    shown = text
    for mask in MASKS:
        shown = mask(shown)
    if shown != text:
        shown = BLANKS.sub("  ", shown)
    for rule in ORDERS:
        if rule.commands.search(command):
            shown = _sorted(shown, rule.between)
    return shown


def _sorted(text: str, between: re.Pattern[str]) -> str:
    """The parts in order, random names not counted; what stood between them stays where it is."""
    pieces = between.split(text)
    pieces[::2] = sorted(pieces[::2], key=_nameless)
    return "".join(pieces)


def _nameless(text: str) -> str:
    for rule in NAMES:
        text = rule.pattern.sub("", text)
    return text


def same(left: str, right: str, pairing: Pairing, command: str = "") -> tuple[str, str]:
    """Both texts in the form in which they are compared."""
    left, right = masked(left, command), masked(right, command)
    for rule in NAMES:
        left, right = pairing.pair(rule, left, right)
    return left, right
