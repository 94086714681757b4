"""Word expansion (XCU 2.6): tilde, parameters, commands, arithmetic, fields, pathnames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, assert_never

from docgen import limits
from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.arithmetic import ArithmeticError_, evaluate
from docgen.shell.fields import DEFAULT_IFS, Fields, pathnames, text_of
from docgen.shell.flavour import Flavour
from docgen.shell.pattern import Chunk, Pattern, as_bytes
from docgen.shell.syntax import Arithmetic, Parameter, Part, Substitution, Text, Word
from docgen.shell.wording import ShellError

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_PLAIN = re.compile(r"[^*?\[~\\]*")
_TILDE = re.compile(r"~([A-Za-z0-9_.-]*)(?=/|\Z)")
_HOMES = {"root": "/root"}


def fields(shell: Shell, words: Sequence[Word]) -> Steps[list[str]]:
    """The words of a simple command or a `for`: zero or more fields each."""
    out: list[str] = []
    for word in words:
        parts = word.parts
        if len(parts) == 1:
            part = parts[0]
            if isinstance(part, Text) and (part.quoted or _PLAIN.fullmatch(part.text)):
                out.append(part.text)
                continue
        collected = Fields(_ifs(shell))
        yield from _expand(shell, collected, parts, split=True)
        for field in collected.finish():
            if "f" in shell.options:
                out.append(text_of(field))
            else:
                out += pathnames(
                    shell.process.view, field, shell.caret_negates, shell.process.kernel.tick
                )
        if len(out) > limits.VARIABLE_BYTES:
            raise LimitExceeded(f"a command with {len(out):,} words", "use fewer")
    return out


def text(shell: Shell, word: Word, *, assignment: bool = False) -> Steps[str]:
    """One text, neither split nor globbed: assignments, `case` words, redirection targets."""
    return _joined((yield from chunks(shell, word.parts, assignment=assignment)))


def chunks(shell: Shell, parts: Sequence[Part], *, assignment: bool = False) -> Steps[list[Chunk]]:
    """Like `text`, but telling what was quoted: for patterns."""
    collected = Fields("")
    yield from _expand(shell, collected, parts, split=False, assignment=assignment)
    joined: list[Chunk] = []
    for at, field in enumerate(collected.finish()):
        joined += [(" ", True), *field] if at else field
    return joined


def _joined(pieces: Iterable[Chunk]) -> str:
    return "".join(piece for piece, _ in pieces)


def _ifs(shell: Shell) -> str:
    value = shell.variables.get("IFS")
    return DEFAULT_IFS if value is None else value


def _expand(
    shell: Shell,
    into: Fields,
    parts: Sequence[Part],
    *,
    split: bool,
    assignment: bool = False,
    quoted: bool = False,
) -> Steps[None]:
    for at, part in enumerate(parts):
        match part:
            case Text(literal, literal_quoted):
                if not literal_quoted and "~" in literal:
                    ends = at + 1 < len(parts)
                    literal = _tilde(shell, literal, at == 0, ends, assignment=assignment)
                into.add(literal, quoted=literal_quoted or quoted)
            case Parameter():
                yield from _parameter(shell, into, part, split=split)
            case Substitution(script, part_quoted):
                output = yield from shell.substitute(script)
                _put(into, output, quoted=part_quoted, split=split)
            case Arithmetic(inner, part_quoted, line):
                shell.line = line
                expression = _joined((yield from chunks(shell, inner)))
                _put(into, str(_evaluate(shell, expression)), quoted=part_quoted, split=split)
            case _:
                assert_never(part)


def _put(into: Fields, value: str, *, quoted: bool, split: bool) -> None:
    if split and not quoted:
        into.split(value)
    else:
        into.add(value, quoted=quoted)


def _tilde(
    shell: Shell, literal: str, first: bool, goes_on: bool, *, assignment: bool = False
) -> str:
    """`~` and `~user` at the start of a word, and after each `:` of an assignment.

    `goes_on`: quoted or expanded characters follow, with which a prefix is none.
    """
    if not assignment:
        return _home(shell, literal, goes_on) if first else literal
    places = literal.split(":")
    last = len(places) - 1
    for at in range(0 if first else 1, len(places)):
        places[at] = _home(shell, places[at], goes_on and at == last)
    return ":".join(places)


def _home(shell: Shell, place: str, goes_on: bool) -> str:
    found = _TILDE.match(place)
    if found is None or (goes_on and found.end() == len(place)):
        return place
    name = found[1]
    value = _HOMES.get(name) if name else shell.variables.get("HOME")
    return place if value is None else value + place[found.end() :]


# -- parameters ----------------------------------------------------------------------------------


def _parameter(shell: Shell, into: Fields, part: Parameter, *, split: bool) -> Steps[None]:
    shell.line = part.line
    if part.name in ("@", "*") and part.operator != "length":
        values = shell.positional
        value: str | None = " ".join(values) if values else None
    else:
        values = ()
        value = shell.parameter(part.name)
    match part.operator:
        case "bad":
            raise ShellError("Bad substitution")
        case "":
            _unset_check(shell, part, value)
        case "length":
            _unset_check(shell, part, value)
            into.add(str(_length(shell, part.name, value or "")), quoted=part.quoted)
            return
        case "-" | "=" | "?" | "+":
            done = yield from _default(shell, into, part, value, split=split)
            if done:
                return
        case _:
            _unset_check(shell, part, value)
            trimmed = yield from _trim(shell, part, value or "")
            _put(into, trimmed, quoted=part.quoted, split=split)
            return
    if part.name in ("@", "*"):
        _positional(shell, into, part, split=split)
    else:
        _put(into, value or "", quoted=part.quoted, split=split)


def _length(shell: Shell, name: str, value: str) -> int:
    """In bytes (no locale is set); `${#*}` is the length of "$*"."""
    if name in ("@", "*"):
        ifs = shell.variables.get("IFS")
        value = (" " if ifs is None else ifs[:1]).join(shell.positional)
    return len(as_bytes(value))


def _unset_check(shell: Shell, part: Parameter, value: str | None) -> None:
    if value is None and "u" in shell.options and part.name not in ("@", "*"):
        raise ShellError(f"{part.name}: parameter not set")


def _default(
    shell: Shell, into: Fields, part: Parameter, value: str | None, *, split: bool
) -> Steps[bool]:
    """`-`, `=`, `?`, `+`. True when all is said; False when the value itself is to be put."""
    missing = value is None or (part.colon and value == "")
    if part.operator == "+":
        if not missing:
            yield from _word_of(shell, into, part, split=split)
        elif part.quoted and part.name != "@":
            into.add("", quoted=True)
        return True
    if not missing:
        return False
    if part.operator == "-":
        yield from _word_of(shell, into, part, split=split)
        return True
    message = _joined((yield from chunks(shell, part.word)))
    if part.operator == "?":
        missing_words = "parameter not set" + (" or null" if part.colon else "")
        raise ShellError(f"{part.name}: {message or missing_words}")
    if not re.fullmatch(r"[A-Za-z_]\w*", part.name):
        raise ShellError(f"{part.name}: bad variable name")
    shell.assign(part.name, message)
    _put(into, message, quoted=part.quoted, split=split)
    return True


def _word_of(shell: Shell, into: Fields, part: Parameter, *, split: bool) -> Steps[None]:
    """The word after `-` or `+`: outside of quotes its literal text is split too."""
    if not part.word and part.quoted:
        into.add("", quoted=True)
    for at, piece in enumerate(part.word):
        if isinstance(piece, Text) and not piece.quoted and split and not part.quoted:
            literal = _tilde(shell, piece.text, at == 0, at + 1 < len(part.word))
            into.split(literal)
        else:
            yield from _expand(shell, into, (piece,), split=split, quoted=part.quoted)


def _positional(shell: Shell, into: Fields, part: Parameter, *, split: bool) -> None:
    """`$@` and `$*`, in and out of quotes."""
    values = shell.positional
    if part.name == "*" and (part.quoted or not split):
        ifs = shell.variables.get("IFS")
        into.add((" " if ifs is None else ifs[:1]).join(values), quoted=part.quoted)
        return
    for at, value in enumerate(values):
        if at:
            into.separate(quoted=part.quoted)
        _put(into, value, quoted=part.quoted, split=split)


def _trim(shell: Shell, part: Parameter, value: str) -> Steps[str]:
    if part.name in ("@", "*") and len(shell.positional) > 1:
        raise NotSimulated(
            f"${{{part.name}{part.operator}…}} is not simulated", "loop over the parameters"
        )
    pattern = Pattern((yield from chunks(shell, part.word)), shell.caret_negates)
    longest = len(part.operator) == 2
    trim = pattern.without_prefix if part.operator[0] == "#" else pattern.without_suffix
    return trim(value, longest=longest, spend=shell.spend)


def _evaluate(shell: Shell, expression: str) -> int:
    try:
        return evaluate(expression, shell, shell.flavour)
    except ArithmeticError_ as error:
        raise ShellError(_arithmetic_message(shell.flavour, error.what, expression)) from None


def _arithmetic_message(flavour: Flavour, what: str, expression: str) -> str:
    kind, _, rest = what.partition(" ")
    if kind == "number":
        return f"Illegal number: {rest}"
    if flavour is Flavour.HOST:
        return f'arithmetic expression: {what}: "{expression}"'
    words = {"division": "divide by zero", "exponent": what}
    if what == "expecting ':'":
        return "malformed ?: operator"
    return words.get(kind, "arithmetic syntax error")
