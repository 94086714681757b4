"""What every part of a running awk program needs: variables, conversions, arithmetic, errors."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from docgen.diagnostics import LimitExceeded
from docgen.limits import VARIABLE_BYTES
from docgen.shell.applets.awk.formatting import TooFewError, sprintf
from docgen.shell.applets.awk.nodes import Program
from docgen.shell.applets.awk.record import Record
from docgen.shell.applets.awk.scopes import Scopes
from docgen.shell.applets.awk.values import Input, Value, show_number
from docgen.shell.applets.awk.world import Records, World
from docgen.shell.applets.regex import MAWK, REGCOMP_EXTENDED, Regex, RegexError, compile_regex
from docgen.shell.applets.support.inputs import BYTES_A_TICK
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_REGEXES_KEPT = 500


class RunTimeError(Refusal):
    """The program goes wrong while it runs; what it printed is written all the same."""

    printed = b""


class Machine:
    """Variables, the current record, open files."""

    def __init__(self, p: Process, program: Program) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.program = program
        self.world = World(p)
        self.scopes = Scopes(self.gnu, program)
        self.record = Record(self)
        self.status = 0
        self.regexes: dict[bytes, Regex] = {}
        self.calls = 0
        self.main: Records | None = None
        self.next_argument = 1
        self.no_files = True
        self.seed = 0.0

    # -- conversions -------------------------------------------------------------------------

    def text(self, value: Value) -> bytes:
        match value:
            case None:
                return b""
            case float():
                return show_number(value, self._template("CONVFMT"), self.gnu)
            case bytes():
                return value
            case Input(text):
                return text

    def printed(self, value: Value) -> bytes:
        if isinstance(value, float):
            return show_number(value, self._template("OFMT"), self.gnu)
        return self.text(value)

    def _template(self, name: str) -> bytes:
        value = self.scopes.get_global(name)
        return value if isinstance(value, bytes) else b"%.6g"

    def special(self, name: str) -> bytes:
        """FS, OFS, … as text."""
        return self.text(self.scopes.get_global(name))

    def regex(self, source: bytes) -> Regex:
        found = self.regexes.get(source)
        if found is None:
            try:
                found = compile_regex(source, MAWK if self.gnu else REGCOMP_EXTENDED)
            except RegexError as error:
                shown = decoded(source)
                if self.gnu:
                    text = f"regular expression compile failed ({error})\n{shown}"
                    raise Refusal(text, 2) from None
                raise Refusal(f"bad regex '{shown}': {error}") from None
            if len(self.regexes) >= _REGEXES_KEPT:
                self.regexes.clear()
            self.regexes[source] = found
        return found

    def fail(self, message: str) -> RunTimeError:
        """A run time error in the words of the flavour."""
        if not self.gnu:
            return RunTimeError(f"cmd. line:1: {message}", 1)
        file = decoded(self.special("FILENAME"))
        counts = f"FNR={decoded(self.special('FNR'))} NR={decoded(self.special('NR'))}"
        return RunTimeError(f'run time error: {message}\n\tFILENAME="{file}" {counts}', 2)

    def sprintf(self, values: Sequence[Value], name: str = "sprintf") -> bytes:
        template = self.text(values[0]) if values else b""
        if not self.gnu and re.search(rb"%[-+ #0]*(\*|\d*\.\*)", template):
            raise self.fail("%*x formats are not supported")
        try:
            made = sprintf(template, values[1:], self.text, self.gnu)
        except TooFewError as error:
            shown = decoded(template)
            failure = self.fail(f'not enough arguments passed to {name}("{shown}")')
            failure.printed = error.printed if name == "printf" else b""
            raise failure from None
        return self.limited(made)

    def limited(self, text: bytes) -> bytes:
        self.p.kernel.tick(len(text) // BYTES_A_TICK)
        if len(text) > VARIABLE_BYTES:
            raise LimitExceeded("awk makes a text of more than 1 MiB", "use smaller texts")
        return text

    # -- arithmetic --------------------------------------------------------------------------

    def arithmetic(self, operator: str, one: float, other: float) -> float:
        try:
            match operator:
                case "+":
                    return one + other
                case "-":
                    return one - other
                case "*":
                    return one * other
                case "/":
                    return self._divide(one, other)
                case "%":
                    return self._remainder(one, other)
                case _:
                    return self._power(one, other)
        except OverflowError:
            return math.inf

    def _divide(self, one: float, other: float) -> float:
        if other:
            return one / other
        if not self.gnu:
            raise self.fail("Division by zero")
        if not one or one != one:
            return math.nan
        return math.copysign(math.inf, one) * math.copysign(1, other)

    def _remainder(self, one: float, other: float) -> float:
        if other:
            return math.fmod(one, other)
        if not self.gnu:
            raise self.fail("Division by zero")
        return math.nan

    def _power(self, one: float, other: float) -> float:
        if not self.gnu:
            raise self.fail("Math support is not compiled in")
        try:
            return float(one**other)
        except (ZeroDivisionError, TypeError):
            return math.inf if not one else math.nan
