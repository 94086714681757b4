"""`$x`, `${…}`, `$(…)`, `$((…))` and backquotes, as they are read (XCU 2.6)."""

from __future__ import annotations

import re

from docgen.shell.flavour import Flavour
from docgen.shell.quoting import Quoting, merged
from docgen.shell.syntax import Arithmetic, Parameter, Part, Substitution, Text

_PLAIN_BRACED = re.compile(r"[^\\'\"$`}]+")
_PLAIN_BRACED_QUOTED = re.compile(r"[^\\\"$`}]+")
_PLAIN_ARITHMETIC = re.compile(r"[^\\\"$`()]+")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_SHORT_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_PARAMETER_OPERATOR = re.compile(r"(:?)([-=?+])|(##?|%%?)")
_BACKQUOTED = re.compile(r"[^`\\]+")
MISSING_BRACE = "Missing '}'"
BAD_SUBSTITUTION = "Bad substitution"


class Expansions(Quoting):
    """Reads what begins with `$` or a backquote."""

    def expansion(self, parts: list[Part], *, quoted: bool) -> None:
        text, at = self.text, self.at
        self.enter()
        if text[at] == "`":
            parts.append(self._backquotes(quoted))
        elif text.startswith("$((", at):
            parts.append(self._arithmetic(quoted))
        elif text.startswith("$(", at):
            self.at += 2
            parts.append(Substitution(self.nested(), quoted))
        elif text.startswith("${", at):
            parts.append(self._braced(quoted))
        else:
            found = _SHORT_PARAMETER.match(text, at + 1)
            if found:
                self.at = found.end()
                parts.append(Parameter(found.group(), quoted=quoted, line=self.line(at)))
            else:
                self.at += 1
                parts.append(Text("$", quoted))
        self.leave()

    def _backquotes(self, quoted: bool) -> Substitution:
        start = self.at
        self.at += 1
        pieces: list[str] = []
        escapable = '$`\\"' if quoted else "$`\\"
        while True:
            found = _BACKQUOTED.match(self.text, self.at)
            if found:
                pieces.append(found.group())
                self.at = found.end()
            elif self.at >= len(self.text):
                raise self.error("EOF in backquote substitution", at=start)
            elif self.text[self.at] == "`":
                self.at += 1
                script = self.script_of("".join(pieces), self.line(start))
                return Substitution(script, quoted)
            else:
                letter = self.text[self.at + 1 : self.at + 2]
                pieces.append(letter if letter and letter in escapable else "\\" + letter)
                self.at += 2

    def _arithmetic(self, quoted: bool) -> Arithmetic:
        line = self.line(self.at)
        self.at += 3
        parts: list[Part] = []
        depth = 0
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "(":
                depth += 1
            elif letter == ")" and depth:
                depth -= 1
            elif letter == ")":
                if not self.text.startswith("))", self.at):
                    break
                self.at += 2
                return Arithmetic(merged(parts), quoted, line)
            elif letter == '"':
                self.at += 1
                continue
            self.quoted_piece(parts, _PLAIN_ARITHMETIC, "$`\\")
        raise self.error("Missing '))'")

    # -- braces ------------------------------------------------------------------------------

    def _braced(self, quoted: bool) -> Parameter:
        """`${…}`; the text is at its `$`."""
        line = self.line(self.at)
        self.at += 2
        if self.text.startswith("#", self.at):
            length = self._length(quoted, line)
            if length is not None:
                return length
        found = _PARAMETER.match(self.text, self.at)
        if not found:
            return self._bad_substitution(line)
        name = found.group()
        self.at = found.end()
        if self.text.startswith("}", self.at):
            self.at += 1
            return Parameter(name, quoted=quoted, line=line)
        operator = _PARAMETER_OPERATOR.match(self.text, self.at)
        if not operator:
            self._odd_operator()
            return self._bad_substitution(line)
        self.at = operator.end()
        colon, default, trim = operator.groups()
        inside = quoted and not trim
        word = self._braced_word(quoted=inside)
        return Parameter(name, default or trim, bool(colon), word, quoted, line)

    def _length(self, quoted: bool, line: int) -> Parameter | None:
        found = _PARAMETER.match(self.text, self.at + 1)
        if not found or not self.text.startswith("}", found.end()):
            return None
        self.at = found.end() + 1
        return Parameter(found.group(), "length", quoted=quoted, line=line)

    def _bad_substitution(self, line: int) -> Parameter:
        """dash finds it when the word is expanded, ash when it is read."""
        if self.at >= len(self.text):
            raise self.error(MISSING_BRACE)
        if self.flavour is Flavour.BUSYBOX:
            raise self.error(BAD_SUBSTITUTION)
        self._braced_word(quoted=True)
        return Parameter("", "bad", line=line)

    def _odd_operator(self) -> None:
        """`${x:1:2}` and `${x/a/b}`: ash has them, dash does not."""
        if self.text.startswith(":}", self.at):
            raise self.error(MISSING_BRACE)
        letter = self.text[self.at : self.at + 1]
        if self.flavour is Flavour.BUSYBOX and letter in (":", "/") and letter:
            raise self.refuse(
                f"${{x{letter}…}} is not simulated",
                "use the POSIX forms (${x#pattern}, ${x%pattern}), sed or cut",
            )

    def _braced_word(self, *, quoted: bool) -> tuple[Part, ...]:
        """The word after the operator, up to the closing brace."""
        parts: list[Part] = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "}":
                self.at += 1
                return merged(parts)
            if quoted and letter == '"':
                self.double_quotes(parts)
            elif quoted:
                self.quoted_piece(parts, _PLAIN_BRACED_QUOTED, '$`"\\}')
            else:
                self._braced_piece(parts)
        raise self.error(MISSING_BRACE)

    def _braced_piece(self, parts: list[Part]) -> None:
        plain = _PLAIN_BRACED.match(self.text, self.at)
        if plain:
            self.at = plain.end()
            parts.append(Text(plain.group()))
        else:
            self.special(parts)
