"""Reading a sed script, with the complaints of GNU sed 4.9 or of busybox."""

from __future__ import annotations

from dataclasses import replace

from docgen.diagnostics import NotSimulated
from docgen.shell.applets.sed.addresses import Addresses
from docgen.shell.applets.sed.replacement import pieces, unescaped
from docgen.shell.applets.sed.script import Command, Script, Substitution
from docgen.shell.applets.support.tool import Refusal

_GNU_COMMANDS = frozenset("{}=abcdDeFgGhHilnNpPqQrRstTvwWxyz#:")
_BUSYBOX_COMMANDS = frozenset("{}=abcdDgGhHilnNpPqrstTwxy#:")
_ONE_ADDRESS = frozenset("aiqQ=rR")
_ENDS_WITH_BLOCK = frozenset("#a:bciqrRtTwW")


class ScriptParser(Addresses):
    """Parses the pieces that -e and -f gave, joined by newlines."""

    def __init__(self, text: bytes, *, gnu: bool, extended: bool, utf8: bool, origin: str) -> None:
        """`origin`: how GNU names the script in its complaints."""
        super().__init__(text, gnu=gnu, extended=extended, utf8=utf8, origin=origin)
        self.commands: list[Command] = []
        self.blocks: list[int] = []
        self.labels: dict[bytes, int] = {}
        self.files: list[str] = []

    def parse(self) -> Script:
        silent = self.text[:2] == b"#n" and self.text[2:3] in (b"", b"\n")
        while self._skip_separators():
            self._command()
        if self.blocks and self.gnu:
            self.at = 0
            self.bad("unmatched `{'")
        while self.blocks:
            self._close()
        commands = tuple(self._with_target(command) for command in self.commands)
        return Script(commands, silent, tuple(self.files))

    def _command(self) -> None:
        first, second = self._addresses()
        self._skip_blanks()
        negated = False
        while self._peek() == b"!":
            self.at += 1
            negated = True
            self._skip_blanks()
        name = self._next().decode("latin-1")
        if not name:
            self.at = len(self.text)
            self.bad("missing command")
        known = _GNU_COMMANDS if self.gnu else _BUSYBOX_COMMANDS
        if name not in known:
            self.bad(f"unknown command: `{name}'", f"unsupported command {name}")
        if name == "#":
            if first is not None:
                self.bad("comments don't accept any addresses")
            self._to_end_of_line()
            return
        if second is not None and name in _ONE_ADDRESS and name in "qQ" and self.gnu:
            self.bad("command only uses one address")
        command = Command(name, first, second, negated)
        self.commands.append(command)
        self.commands[-1] = self._arguments(command)
        if name == ":":
            self.commands.pop()

    def _arguments(self, command: Command) -> Command:
        match command.name:
            case "{":
                self.blocks.append(len(self.commands) - 1)
                return command
            case "}":
                return self._closing(command)
            case ":":
                return self._label(command)
            case "a" | "i" | "c":
                return replace(command, text=self._text())
            case "b" | "t" | "T":
                return replace(command, text=self._word())
            case "r" | "R" | "w" | "W":
                return self._file(command)
            case "s":
                return self._substitute(command)
            case "y":
                return self._transliterate(command)
            case "q" | "Q" | "l":
                return self._numbered(command)
            case "e":
                raise NotSimulated("the e command of sed", "run the command outside of sed")
            case "v":
                self._to_end_of_line()
                return command
            case _:
                self._end_of_command()
                return command

    def _end_of_command(self) -> None:
        self._skip_blanks()
        char = self._peek()
        if char in (b"", b"\n", b";"):
            self.at += 1
        elif char not in (b"}", b"#") and self.gnu:
            self.at += 1
            self.bad("extra characters after command")

    def _numbered(self, command: Command) -> Command:
        self._skip_blanks()
        number = self._digits() if self._peek().isdigit() and self.gnu else None
        if self._peek().isdigit():
            self.bad("extra characters after command", "missing command")
        self._end_of_command()
        return replace(command, number=number)

    def _closing(self, command: Command) -> Command:
        if not self.blocks:
            if self.gnu:
                self.bad("unexpected `}'")
            return command
        if command.first is not None and self.gnu:
            self.bad("} doesn't want any addresses")
        self.commands.pop()
        self._close()
        self.commands.append(Command("}"))
        self._end_of_command()
        return self.commands[-1]

    def _close(self) -> None:
        opening = self.blocks.pop()
        self.commands[opening] = replace(self.commands[opening], target=len(self.commands))

    def _label(self, command: Command) -> Command:
        if command.first is not None:
            self.bad(": doesn't want any addresses")
        self._skip_blanks()
        line = self._to_end_of_line()
        label, semicolon, rest = line.partition(b";")
        if semicolon:
            self.at -= len(rest)
        label = label.strip()
        if not label and self.gnu:
            self.bad('":" lacks a label')
        self.labels[label] = len(self.commands) - 1
        return command

    def _word(self) -> bytes:
        """A label to go to: to the end of the line or a semicolon."""
        self._skip_blanks()
        start = self.at
        ends = (b"", b"\n", b";", b"}") if self.gnu else (b"", b"\n", b";")
        while self._peek() not in ends:
            self.at += 1
        word = self.text[start : self.at].strip()
        if self._peek() == b";":
            self.at += 1
        return word

    def _with_target(self, command: Command) -> Command:
        if command.name not in ("b", "t", "T"):
            return command
        if not command.text:
            return replace(command, target=len(self.commands))
        if command.text not in self.labels:
            shown = command.text.decode("utf-8", "replace")
            if self.gnu:
                raise Refusal(f"can't find label for jump to `{shown}'", 4)
            raise Refusal(f"can't find label for jump to '{shown}'")
        return replace(command, target=self.labels[command.text])

    def _text(self) -> bytes:
        """The text of a, i, c: GNU's one-liner, or lines behind `\\`."""
        self._skip_blanks()
        if self._peek() == b"":
            if self.gnu:
                self.at = len(self.text)
                self.bad("expected \\ after `a', `c' or `i'")
            return b"\n"
        if self._peek() == b"\\":
            self.at += 1
            blanks = self.at
            self._skip_blanks()
            if self._peek() == b"\n":
                self.at += 1
            else:
                self.at = blanks
                if self._peek() == b"" and self.gnu:
                    return b""
        out = bytearray()
        while self.at < len(self.text):
            char = self._next()
            if char == b"\n":
                break
            if char == b"\\":
                char = self._next()
                if char and char in b"tfvan" and self.gnu:
                    char = {b"t": b"\t"}.get(char, char)
            out += char
        return bytes(out) + b"\n"

    def _file(self, command: Command) -> Command:
        self._skip_blanks()
        name = self._to_end_of_line()
        if not name:
            self.at = len(self.text)
            self.bad("missing filename in r/R/w/W commands", "empty filename")
        if command.name in "wW":
            self._writes(name)
        return replace(command, text=name)

    def _writes(self, name: bytes) -> str:
        decoded = name.decode("utf-8", "surrogateescape")
        if decoded not in self.files:
            self.files.append(decoded)
        return decoded

    def _substitute(self, command: Command) -> Command:
        delimiter = self._next()
        pattern = self._delimited(delimiter, regex=True)
        raw = None if pattern is None else self._delimited(delimiter, regex=False)
        if pattern is None or raw is None:
            self.at = len(self.text)
            self.bad("unterminated `s' command", f"unmatched '{delimiter.decode('latin-1')}'")
        flags, nth, file = self._substitution_flags()
        regex = self._compiled(unescaped(pattern, self.gnu), flags)
        parts = pieces(raw, self.gnu)
        highest = max((piece.group or 0 for piece in parts), default=0)
        if regex is not None and highest > regex.groups:
            self.bad(f"invalid reference \\{highest} on `s' command's RHS")
        return replace(
            command,
            substitution=Substitution(regex, parts, "g" in flags, nth, "p" in flags, file),
        )

    def _substitution_flags(self) -> tuple[str, int, str | None]:
        flags, nth = "", 1
        while True:
            char = self._peek()
            if char.isdigit():
                nth = self._digits()
                if nth == 0 and self.gnu:
                    self.bad("number option to `s' command may not be zero")
                continue
            self.at += 1
            if char in (b"", b"\n", b";"):
                return flags, max(nth, 1), None
            if char in (b"}", b"#"):
                self.at -= 1
                return flags, max(nth, 1), None
            if char == b"w":
                self._skip_blanks()
                name = self._to_end_of_line()
                if not name:
                    self.bad("missing filename in r/R/w/W commands", "empty filename")
                return flags, max(nth, 1), self._writes(name)
            if char == b"e" and self.gnu:
                raise NotSimulated(
                    "the e flag of sed's s command", "run the command outside of sed"
                )
            if char in b" \t\r":
                continue
            allowed = b"gpiImM" if self.gnu else b"gpiI"
            if char not in allowed:
                self.bad("unknown option to `s'", "bad option in substitution expression")
            letter = char.decode().replace("i", "I").replace("m", "M")
            if letter in flags and letter in "gp" and self.gnu:
                self.bad(f"multiple `{letter}' options to `s' command")
            flags += letter

    def _transliterate(self, command: Command) -> Command:
        delimiter = self._next()
        source = self._delimited(delimiter, regex=False)
        target = None if source is None else self._delimited(delimiter, regex=False)
        if source is None or target is None:
            self.at = len(self.text)
            self.bad("unterminated `y' command", f"unmatched '{delimiter.decode('latin-1')}'")
        one, other = _literal(source), _literal(target)
        if len(one) != len(other):
            if not self.gnu:
                raise NotSimulated("y of sed with strings of different lengths", "correct them")
            self.bad("strings for `y' command are different lengths")
        table = bytearray(range(256))
        for here, there in zip(one, other, strict=True):
            table[here] = there
        self._end_of_command()
        return replace(command, table=bytes(table))


def _literal(text: bytes) -> bytes:
    out = bytearray()
    at = 0
    escapes = {b"n": b"\n", b"t": b"\t", b"\\": b"\\", b"r": b"\r"}
    while at < len(text):
        char = text[at : at + 1]
        if char == b"\\" and at + 1 < len(text):
            at += 1
            following = text[at : at + 1]
            out += escapes.get(following, b"\\" + following)
        else:
            out += char
        at += 1
    return bytes(out)
