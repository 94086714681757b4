"""Running an awk program. Everything is a generator, since input and output may have to wait."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded
from docgen.fs.errors import FsError
from docgen.limits import VARIABLE_BYTES
from docgen.shell.applets.awk.arrays import Array
from docgen.shell.applets.awk.formatting import TooFewError, sprintf
from docgen.shell.applets.awk.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    DoWhile,
    Element,
    Exit,
    Expression,
    FieldOf,
    For,
    ForIn,
    Getline,
    Grouping,
    If,
    In,
    Jump,
    Logical,
    Name,
    Number,
    Pattern,
    Print,
    Program,
    Return,
    Rule,
    Simple,
    Statement,
    Step,
    String,
    Target,
    Unary,
    UserCall,
    While,
)
from docgen.shell.applets.awk.record import Record
from docgen.shell.applets.awk.scopes import Scopes
from docgen.shell.applets.awk.values import Input, Value, is_number, number, show_number, truth
from docgen.shell.applets.awk.world import Records, World
from docgen.shell.applets.regex import (
    MAWK,
    REGCOMP_EXTENDED,
    Regex,
    RegexError,
    compile_regex,
)
from docgen.shell.applets.support.inputs import BYTES_A_TICK, done_with, open_input
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_DEEPEST = 25
"""Calls of user functions within each other."""
_REGEXES_KEPT = 500


class Leave(Exception):  # noqa: N818 - control flow
    """break, continue, next, nextfile, exit, return."""

    def __init__(self, kind: str, value: Value = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value


class RunTimeError(Refusal):
    """The program goes wrong while it runs; what it printed is written all the same."""

    printed = b""


class Interpreter:
    """One run: variables, the current record, open files."""

    def __init__(self, p: Process, program: Program) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.program = program
        self.world = World(p)
        self.scopes = Scopes(self.gnu, program)
        self.record = Record(self)
        self.status = 0
        self.regexes: dict[bytes, Regex] = {}
        self.active: set[int] = set()
        """Rules with a range that has begun."""
        self.calls = 0
        self.main: Records | None = None
        self.next_argument = 1
        self.no_files = True
        self._call: dict[str, Callable[[Sequence[Expression]], Steps[Value]]] = {}
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

    # -- the program -------------------------------------------------------------------------

    def run(self) -> Steps[int]:
        try:
            return (yield from self._run())
        except RunTimeError as error:
            yield from self.world.out.put(error.printed)
            yield from self.world.flush()
            raise

    def _run(self) -> Steps[int]:
        """BEGIN, the input, END. An exit before END goes on with END; within it, it ends all."""
        try:
            for block in self.program.begin:
                yield from self.execute(block)
            if self.program.rules or self.program.end:
                yield from self._input()
        except Leave:
            pass
        try:
            for block in self.program.end:
                yield from self.execute(block)
        except Leave:
            pass
        yield from self.world.flush()
        return self.status

    def _input(self) -> Steps[None]:
        while (yield from self.read_main()):
            try:
                for index, rule in enumerate(self.program.rules):
                    if (yield from self._chosen(index, rule)):
                        if rule.action is None:
                            yield from self.print_record()
                        else:
                            yield from self.execute(rule.action)
            except Leave as leave:
                if leave.kind == "nextfile":
                    self.close_main()
                elif leave.kind != "next":
                    raise

    def _chosen(self, index: int, rule: Rule) -> Steps[bool]:
        if rule.pattern is None:
            return True
        if rule.end is None:
            return truth((yield from self.value(rule.pattern)))
        if index not in self.active:
            if not truth((yield from self.value(rule.pattern))):
                return False
            self.active.add(index)
        if truth((yield from self.value(rule.end))):
            self.active.discard(index)
        return True

    def print_record(self) -> Steps[None]:
        yield from self.world.out.put(self.record.text() + self.special("ORS"))

    # -- main input --------------------------------------------------------------------------

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

    # -- statements --------------------------------------------------------------------------

    def execute(self, node: Statement) -> Steps[None]:
        self.p.kernel.tick()
        match node:
            case Block(body):
                for one in body:
                    yield from self.execute(one)
            case Simple(expression):
                yield from self.value(expression)
            case Print():
                yield from self._print(node)
            case If(test, yes, no):
                if truth((yield from self.value(test))):
                    yield from self.execute(yes)
                elif no is not None:
                    yield from self.execute(no)
            case While() | DoWhile() | For() | ForIn():
                yield from self._loop(node)
            case Delete(array, subscripts):
                found = self.scopes.array(array)
                if subscripts is None:
                    found.values.clear()
                else:
                    found.values.pop((yield from self._key(subscripts)), None)
            case _:
                yield from self._leave(node)

    def _leave(self, node: Jump | Exit | Return) -> Steps[None]:
        match node:
            case Jump(kind):
                raise Leave(kind)
            case Exit(status):
                if status is not None:
                    self.status = int(number((yield from self.value(status)))) & 0xFF
                raise Leave("exit")
            case Return(value):
                raise Leave("return", None if value is None else (yield from self.value(value)))

    def _loop(self, node: While | DoWhile | For | ForIn) -> Steps[None]:
        match node:
            case While(test, body):
                yield from self._repeat(None, test, None, body)
            case For(start, condition, step, body):
                yield from self._repeat(start, condition, step, body)
            case DoWhile(body, test):
                if not (yield from self._body(body)):
                    yield from self._repeat(None, test, None, body)
            case ForIn(variable, array, body):
                for key in tuple(self.scopes.array(array).keys()):
                    self.assign_name(variable, key)
                    if (yield from self._body(body)):
                        return

    def _repeat(
        self,
        start: Statement | None,
        test: Expression | None,
        step: Statement | None,
        body: Statement,
    ) -> Steps[None]:
        if start is not None:
            yield from self.execute(start)
        while test is None or truth((yield from self.value(test))):
            if (yield from self._body(body)):
                return
            if step is not None:
                yield from self.execute(step)

    def _body(self, body: Statement) -> Steps[bool]:
        """One turn of a loop; true where it is left."""
        try:
            yield from self.execute(body)
        except Leave as leave:
            if leave.kind == "break":
                return True
            if leave.kind != "continue":
                raise
        return False

    def _print(self, node: Print) -> Steps[None]:
        values = yield from self._values(node.arguments)
        if node.formatted:
            data = self.sprintf(values, "printf")
        elif not node.arguments:
            data = self.record.text() + self.special("ORS")
        else:
            data = self.special("OFS").join(self.printed(value) for value in values)
            data += self.special("ORS")
        out = self.world.out
        if node.file is not None:
            name = self.text((yield from self.value(node.file)))
            try:
                out = yield from self.world.writer(name, node.redirection == ">>")
            except FsError as error:
                shown = decoded(name)
                if self.gnu:
                    raise Refusal(f'cannot open "{shown}" for output', 2) from None
                raise Refusal(f"can't open '{shown}': {error.errno.value}") from None
        yield from out.put(data)

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

    # -- expressions -------------------------------------------------------------------------

    def _values(self, nodes: Sequence[Expression]) -> Steps[list[Value]]:
        values: list[Value] = []
        for node in nodes:
            value = yield from self.value(node)
            values.append(value)
        return values

    def value(self, node: Expression) -> Steps[Value]:
        match node:
            case Number(value):
                return value
            case String(text):
                return text
            case Name(name):
                return self.scopes.get(name) if name != "NF" else self.record.count()
            case FieldOf(index):
                return self.record.field((yield from self._index(index)))
            case Element(array, subscripts):
                key = yield from self._key(subscripts)
                return self.scopes.array(array).get(key)
            case Binary(operator, left, right):
                return (yield from self._binary(operator, left, right))
            case Pattern(source):
                return float(self.regex(source).test(self.record.text()))
            case Assign():
                return (yield from self._assign(node))
            case _:
                return (yield from self._other(node))

    def _other(
        self,
        node: Grouping | Unary | Logical | Conditional | In | Step | Call | UserCall | Getline,
    ) -> Steps[Value]:
        match node:
            case Logical(operator, left, right):
                first = truth((yield from self.value(left)))
                if first is (operator == "||"):
                    return float(first)
                return float(truth((yield from self.value(right))))
            case Conditional(test, yes, no):
                chosen = truth((yield from self.value(test)))
                return (yield from self.value(yes if chosen else no))
            case Unary(operator, operand):
                value = yield from self.value(operand)
                if operator == "!":
                    return float(not truth(value))
                return -number(value) if operator == "-" else number(value)
            case In(subscripts, array):
                key = yield from self._key(subscripts)
                return float(key in self.scopes.array(array).values)
            case Step(operator, target, prefix):
                old = number((yield from self.value(target)))
                new = old + (1 if operator == "++" else -1)
                yield from self.assign(target, new)
                return new if prefix else old
            case Call(name, arguments):
                from docgen.shell.applets.awk.functions import call

                return (yield from call(self, name, arguments))
            case UserCall(name, arguments):
                return (yield from self._user_call(name, arguments))
            case Getline():
                return (yield from self._getline(node))
            case Grouping(items):
                values = yield from self._values(items)
                return self.special("SUBSEP").join(self.text(value) for value in values)

    def _index(self, node: Expression) -> Steps[int]:
        index = number((yield from self.value(node)))
        if index < 0:
            if self.gnu:
                raise self.fail(f"negative field index ${int(index)}")
            raise self.fail("Access to negative field")
        return int(index)

    def _key(self, subscripts: Sequence[Expression]) -> Steps[bytes]:
        values = yield from self._values(subscripts)
        parts = [self._subscript(value) for value in values]
        return parts[0] if len(parts) == 1 else self.special("SUBSEP").join(parts)

    def _subscript(self, value: Value) -> bytes:
        return self.text(value)

    def _binary(self, operator: str, left: Expression, right: Expression) -> Steps[Value]:
        one = yield from self.value(left)
        if operator in ("~", "!~"):
            regex = yield from self.regex_of(right)
            self.p.kernel.tick(len(self.text(one)) // BYTES_A_TICK)
            return float(regex.test(self.text(one)) is (operator == "~"))
        other = yield from self.value(right)
        if operator == " ":
            return self.limited(self.text(one) + self.text(other))
        if operator in _COMPARE:
            return float(self._compare(operator, one, other))
        return self.arithmetic(operator, number(one), number(other))

    def regex_of(self, node: Expression) -> Steps[Regex]:
        """A pattern where a regular expression is expected: a literal, or text as an expression."""
        if isinstance(node, Pattern):
            return self.regex(node.source)
        return self.regex(self.text((yield from self.value(node))))

    def _compare(self, operator: str, one: Value, other: Value) -> bool:
        if is_number(one) and is_number(other):
            return _COMPARE[operator](number(one), number(other))
        left, right = self.text(one), self.text(other)
        order = (left > right) - (left < right)
        return _COMPARE[operator](float(order), 0.0)

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

    # -- assignment --------------------------------------------------------------------------

    def _assign(self, node: Assign) -> Steps[Value]:
        value = yield from self.value(node.value)
        if node.operator != "=":
            old = number((yield from self.value(node.target)))
            value = self.arithmetic(node.operator[:-1], old, number(value))
        yield from self.assign(node.target, value)
        return value

    def assign(self, target: Target, value: Value) -> Steps[None]:
        match target:
            case Name(name):
                self.assign_name(name, value)
            case FieldOf(index):
                self.record.set_field((yield from self._index(index)), value)
            case Element(array, subscripts):
                key = yield from self._key(subscripts)
                self.scopes.array(array).set(key, value)

    def assign_name(self, name: str, value: Value) -> None:
        if name == "NF":
            self.record.resize(int(number(value)))
        else:
            self.scopes.set(name, value)

    # -- functions ---------------------------------------------------------------------------

    def _user_call(self, name: str, arguments: Sequence[Expression]) -> Steps[Value]:
        function = self.program.functions[name]
        if self.calls >= _DEEPEST:
            raise LimitExceeded(
                f"awk functions that call each other more than {_DEEPEST} deep", "use a loop"
            )
        bound: dict[str, Value | Array] = {}
        for index, parameter in enumerate(function.parameters):
            node = arguments[index] if index < len(arguments) else None
            if parameter in self.scopes.array_parameters[name]:
                shared = isinstance(node, Name)
                bound[parameter] = (
                    self.scopes.array(node.name)
                    if shared and isinstance(node, Name)
                    else Array(self.gnu)
                )
            else:
                bound[parameter] = None if node is None else (yield from self.value(node))
        self.calls += 1
        outer, self.scopes.local = self.scopes.local, bound
        try:
            yield from self.execute(function.body)
        except Leave as leave:
            if leave.kind != "return":
                raise
            return leave.value
        finally:
            self.scopes.local = outer
            self.calls -= 1
        return None

    def _getline(self, node: Getline) -> Steps[Value]:
        """1, 0 at the end, -1 for a file that cannot be read."""
        if node.source is None:
            record = yield from self.next_main()
        else:
            name = self.text((yield from self.value(node.source)))
            reader = yield from self.world.reader(name)
            if reader is None:
                return -1.0
            try:
                record = yield from reader.next(*self.separator())
            except FsError:
                return -1.0
        if record is None:
            return 0.0
        if node.target is not None:
            yield from self.assign(node.target, Input(record))
        else:
            self.record.set(record)
        return 1.0


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


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
