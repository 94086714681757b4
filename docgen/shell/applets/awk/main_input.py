"""The main input of awk: standard input, or the files and assignments of the command line."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.applets.awk.machine import Machine
from docgen.shell.applets.awk.values import Input, number
from docgen.shell.applets.awk.world import Records
from docgen.shell.applets.regex import Regex
from docgen.shell.applets.support.inputs import done_with, open_input
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.tool import Refusal


class MainInput(Machine):
    """Record after record, operand after operand."""

    def read_main(self) -> Steps[bool]:
        """Makes the next record of the main input current."""
        record = yield from self.next_main()
        if record is None:
            return False
        self.record.set(record)
        return True

    def next_main(self) -> Steps[bytes | None]:
        while True:
            if self.main is None and not (yield from self._open_next()):
                return None
            assert self.main is not None
            record = yield from self.main.next(*self.separator())
            if record is not None:
                for name in ("NR", "FNR"):
                    self.scopes.set_global(name, number(self.scopes.get_global(name)) + 1)
                return record
            self.close_main()

    def separator(self) -> tuple[bytes, Regex | None]:
        separator = self.special("RS")
        return separator, self.regex(separator) if len(separator) > 1 else None

    def close_main(self) -> None:
        if self.main is not None:
            done_with(self.p, self.main.stream)
        self.main = None

    def _open_next(self) -> Steps[bool]:
        arguments = self.scopes.array("ARGV")
        while self.next_argument < number(self.scopes.get_global("ARGC")):
            word = self.text(arguments.values.get(b"%d" % self.next_argument))
            self.next_argument += 1
            if not word:
                continue
            if self.assign_word(word):
                continue
            self.no_files = False
            if (yield from self._open(word)):
                return True
        if self.no_files:
            self.no_files = False
            return (yield from self._open(b"-"))
        return False

    def assign_word(self, word: bytes) -> bool:
        """An operand `name=value`."""
        name, equals, value = word.partition(b"=")
        if not equals or not _is_name(name):
            return False
        self.scopes.set_global(decoded(name), Input(unescaped(value)))
        return True

    def _open(self, word: bytes) -> Steps[bool]:
        name = decoded(word)
        try:
            stream = yield from open_input(self.p, name)
            if name != "-" and self.p.view.is_dir(name) and not self.gnu:
                done_with(self.p, stream)
                return False
        except FsError as error:
            yield from self.world.flush()
            if self.gnu:
                raise Refusal(f"cannot open {name} ({error.errno.value})", 2) from None
            yield from self.p.complain(f"{name}: {error.errno.value}")
            self.status = 1
            return False
        self.main = Records(self.p, stream)
        self.scopes.set_global("FILENAME", b"" if name == "-" else word)
        self.scopes.set_global("FNR", 0.0)
        return True


def _is_name(word: bytes) -> bool:
    return word.isascii() and decoded(word).isidentifier()


def unescaped(text: bytes) -> bytes:
    """Escapes in -v and in operands `name=value`."""
    escapes = {b"n": b"\n", b"t": b"\t", b"\\": b"\\", b'"': b'"', b"r": b"\r"}
    out = bytearray()
    at = 0
    while at < len(text):
        if text[at : at + 1] == b"\\" and text[at + 1 : at + 2] in escapes:
            out += escapes[text[at + 1 : at + 2]]
            at += 2
        else:
            out += text[at : at + 1]
            at += 1
    return bytes(out)
