"""POSIX basic and extended regular expressions with GNU's extensions, as glibc 2.36 reads them."""

from __future__ import annotations

from typing import Final

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.frozen import frozen
from docgen.limits import SYNTAX_DEPTH
from docgen.shell.applets.regex import charset
from docgen.shell.applets.regex.bracket import bracket
from docgen.shell.applets.regex.errors import RegexError
from docgen.shell.applets.regex.nodes import (
    EMPTY,
    Alternate,
    Assertion,
    Concat,
    Group,
    Look,
    Node,
    Repeat,
)

RE_DUP_MAX: Final = 0x7FFF


@frozen
class Dialect:
    """How one program's regular expressions differ from another's."""

    extended: bool
    strict_repeat: bool = True
    """A repetition of nothing is an error (regcomp, sed); else it repeats the empty text (grep)."""
    literal_paren: bool = False
    """An unmatched `)` of an extended expression stands for itself."""
    literal_brace: bool = False
    """A `{` that opens no valid interval stands for itself."""
    intervals: bool = True
    gnu_operators: bool = True
    r"""`\w \W \s \S \b \B \< \> \` \'` and, in basic ones, `\+ \? \|`."""


SED_BASIC: Final = Dialect(extended=False)
SED_EXTENDED: Final = Dialect(extended=True)
REGCOMP_BASIC: Final = Dialect(extended=False)
REGCOMP_EXTENDED: Final = Dialect(extended=True, literal_paren=True)
GREP_BASIC: Final = Dialect(extended=False, strict_repeat=False)
GREP_EXTENDED: Final = Dialect(
    extended=True, strict_repeat=False, literal_paren=True, literal_brace=True
)
MAWK: Final = Dialect(
    extended=True, literal_brace=True, intervals=False, gnu_operators=False, strict_repeat=False
)

_LOOKS: Final = {
    b"<": Look.WORD_START,
    b">": Look.WORD_END,
    b"b": Look.BOUNDARY,
    b"B": Look.NOT_BOUNDARY,
    b"`": Look.BUFFER_START,
    b"'": Look.BUFFER_END,
}
_SETS: Final = {b"w": (charset.WORD, False), b"W": (charset.WORD, True)} | {
    b"s": (charset.SPACE, False),
    b"S": (charset.SPACE, True),
}


@frozen
class Parsed:
    root: Node
    groups: int


def parse(pattern: bytes, dialect: Dialect, *, ignore_case: bool, utf8: bool) -> Parsed:
    """Raises RegexError with glibc's text; NotSimulated for back-references."""
    reader = _Parser(pattern, dialect, ignore_case, utf8)
    root = reader.alternation(0)
    if reader.at < len(pattern):
        raise RegexError("Unmatched ) or \\)")
    return Parsed(root, reader.groups)


class _Parser:
    def __init__(self, pattern: bytes, dialect: Dialect, ignore_case: bool, utf8: bool) -> None:
        self.pattern = pattern
        self.dialect = dialect
        self.ignore_case = ignore_case
        self.utf8 = utf8
        self.at = 0
        self.groups = 0

    def alternation(self, depth: int) -> Node:
        if depth > SYNTAX_DEPTH:
            raise LimitExceeded(
                f"a regular expression with more than {SYNTAX_DEPTH} nested groups",
                "write a flatter expression",
            )
        branches = [self._branch(depth)]
        while self._take(b"|" if self.dialect.extended else b"\\|"):
            branches.append(self._branch(depth))
        return branches[0] if len(branches) == 1 else Alternate(tuple(branches))

    def _branch(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self.pattern) and not self._at_branch_end(depth):
            atom = self._atom(depth, first=not parts)
            if atom is not None:
                parts.append(self._repeated(atom))
        return parts[0] if len(parts) == 1 else Concat(tuple(parts))

    def _at_branch_end(self, depth: int) -> bool:
        if not self.dialect.extended:
            return self._sees(b"\\|") or self._sees(b"\\)")
        if self._sees(b")"):
            return depth > 0 or not self.dialect.literal_paren
        return self._sees(b"|")

    def _atom(self, depth: int, first: bool) -> Node | None:
        """The next atom; None where an operator without operand is skipped."""
        if self._take(b"(" if self.dialect.extended else b"\\("):
            return self._group(depth)
        operator = self._repeat_operator()
        if operator:
            return self._operand_missing(operator, first)
        char = self._next_char()
        if char == b"\\":
            return self._escape()
        if char == b"[":
            chars, self.at = bracket(self.pattern, self.at, self.utf8)
            return charset.node_of(chars.fold_case() if self.ignore_case else chars, self.utf8)
        if char == b".":
            return charset.node_of(self._everything(), self.utf8)
        if char == b"^" and (self.dialect.extended or first):
            return Assertion(Look.LINE_START)
        if char == b"$" and (self.dialect.extended or self._dollar_is_anchor()):
            return Assertion(Look.LINE_END)
        return self._char(char)

    def _group(self, depth: int) -> Node:
        self.groups += 1
        number = self.groups
        body = self.alternation(depth + 1)
        if not self._take(b")" if self.dialect.extended else b"\\)"):
            raise RegexError("Unmatched ( or \\(")
        return Group(number, body)

    def _operand_missing(self, operator: bytes, first: bool) -> Node | None:
        """A repetition operator where an atom should stand."""
        if not self.dialect.extended:
            if operator == b"\\{" and first and self.dialect.strict_repeat:
                raise RegexError("Invalid preceding regular expression")
            self.at += len(operator)
            return self._char(operator[-1:])
        if self.dialect.strict_repeat:
            raise RegexError("Invalid preceding regular expression")
        if operator == b"{":
            self.at += 1
            return self._char(b"{")
        return EMPTY

    def _repeat_operator(self) -> bytes:
        """The repetition operator that stands here; empty where none does."""
        if self.dialect.extended:
            operators = (b"*", b"+", b"?") + ((b"{",) if self.dialect.intervals else ())
        else:
            operators = (b"*", b"\\+", b"\\?", b"\\{")
        return next((one for one in operators if self._sees(one)), b"")

    def _repeated(self, atom: Node) -> Node:
        if isinstance(atom, Assertion) and atom.look is Look.LINE_START:
            if not self.dialect.extended:
                return Concat((atom, *self._literal_star()))
            if self.dialect.strict_repeat and self._repeat_operator():
                raise RegexError("Invalid preceding regular expression")
        times = 0
        while operator := self._repeat_operator():
            bounds = self._bounds(operator)
            if bounds is None:
                return atom
            times += 1
            if times > 1 and not self.dialect.extended and self.dialect.strict_repeat:
                raise RegexError("Invalid preceding regular expression")
            atom = Repeat(atom, *bounds)
        return atom

    def _literal_star(self) -> tuple[Node, ...]:
        """`^*`: after the anchor of a basic expression a star stands for itself."""
        if not self._take(b"*"):
            return ()
        return (self._repeated(self._char(b"*")),)

    def _bounds(self, operator: bytes) -> tuple[int, int | None] | None:
        """Reads the operator; None where a `{` opens no interval and stands for itself."""
        start = self.at
        self.at += len(operator)
        match operator:
            case b"*":
                return 0, None
            case b"+" | b"\\+":
                return 1, None
            case b"?" | b"\\?":
                return 0, 1
            case _:
                return self._interval(start)

    def _interval(self, start: int) -> tuple[int, int | None] | None:
        least = self._number()
        most = least
        if self._take(b","):
            most = self._number()
            least = least or 0
        elif least is None:
            self._bad_interval(start, "Invalid preceding regular expression")
            return None
        if not self._take(b"}" if self.dialect.extended else b"\\}"):
            self._bad_interval(start, "Invalid content of \\{\\}")
            return None
        assert least is not None
        if most is not None and most < least:
            raise RegexError("Invalid content of \\{\\}")
        if max(least, most or 0) > RE_DUP_MAX:
            raise RegexError("Regular expression too big")
        return least, most

    def _bad_interval(self, start: int, text: str) -> None:
        if self.dialect.literal_brace:
            self.at = start
            return
        closing = b"}" if self.dialect.extended else b"\\}"
        raise RegexError(text if closing in self.pattern[self.at :] else "Unmatched \\{")

    def _number(self) -> int | None:
        start = self.at
        while self.pattern[self.at : self.at + 1].isdigit():
            self.at += 1
        return int(self.pattern[start : self.at][:6]) if self.at > start else None

    def _escape(self) -> Node:
        if self.at >= len(self.pattern):
            raise RegexError("Trailing backslash")
        char = self._next_char()
        if char.isdigit() and char != b"0" and self.dialect.gnu_operators:
            raise NotSimulated(
                f"a back-reference (\\{char.decode()}) in a regular expression",
                "write the repeated text out",
            )
        if self.dialect.gnu_operators:
            if char in _LOOKS:
                return Assertion(_LOOKS[char])
            if char in _SETS:
                ranges, negated = _SETS[char]
                chars = charset.CharSet.of(ranges)
                return charset.node_of(
                    chars.complement(self._last()) if negated else chars, self.utf8
                )
        return self._char(char)

    def _char(self, char: bytes) -> Node:
        points = [ord(char)] if len(char) == 1 else [ord(char.decode("utf-8"))]
        if self.ignore_case and len(char) > 1:
            text = char.decode("utf-8")
            points += [ord(other) for other in (text.lower(), text.upper()) if len(other) == 1]
        if self.utf8 and len(char) == 1 and points[0] > 127:
            return Concat((charset.node_of(charset.CharSet.of([(points[0], points[0])]), False),))
        chars = charset.CharSet.of((point, point) for point in points)
        return charset.node_of(chars.fold_case() if self.ignore_case else chars, self.utf8)

    def _everything(self) -> charset.CharSet:
        return charset.CharSet(((0, self._last()),))

    def _last(self) -> int:
        return charset.LAST_CODE_POINT if self.utf8 else 255

    def _dollar_is_anchor(self) -> bool:
        return self.at == len(self.pattern) or self._sees(b"\\)") or self._sees(b"\\|")

    def _next_char(self) -> bytes:
        char = charset_step(self.pattern, self.at, self.utf8)
        self.at += len(char)
        return char

    def _sees(self, text: bytes) -> bool:
        return self.pattern.startswith(text, self.at)

    def _take(self, text: bytes) -> bool:
        if not self._sees(text):
            return False
        self.at += len(text)
        return True


def charset_step(pattern: bytes, at: int, utf8: bool) -> bytes:
    """The character at `at`: one byte, or a whole valid UTF-8 sequence."""
    if utf8 and pattern[at] >= 0xC2:
        for length in (2, 3, 4):
            try:
                pattern[at : at + length].decode("utf-8")
            except UnicodeDecodeError:
                continue
            return pattern[at : at + length]
    return pattern[at : at + 1]
