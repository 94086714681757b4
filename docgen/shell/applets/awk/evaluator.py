"""The values of awk's expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded
from docgen.fs.errors import FsError
from docgen.shell.applets.awk.arrays import Array
from docgen.shell.applets.awk.main_input import MainInput
from docgen.shell.applets.awk.nodes import (
    Assign,
    Binary,
    Call,
    Conditional,
    Element,
    Expression,
    FieldOf,
    Getline,
    Grouping,
    In,
    Logical,
    Name,
    Number,
    Pattern,
    Statement,
    Step,
    String,
    Target,
    Unary,
    UserCall,
)
from docgen.shell.applets.awk.values import Input, Value, is_number, number, truth
from docgen.shell.applets.regex import Regex
from docgen.shell.applets.support.inputs import BYTES_A_TICK

_DEEPEST = 25
"""Calls of user functions within each other."""
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Leave(Exception):  # noqa: N818 - control flow
    """break, continue, next, nextfile, exit, return."""

    def __init__(self, kind: str, value: Value = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value


class Evaluator(MainInput, ABC):
    """Everything is a generator, since input may have to wait."""

    @abstractmethod
    def execute(self, node: Statement) -> Steps[None]:
        """The body of a function."""

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

    def _values(self, nodes: Sequence[Expression]) -> Steps[list[Value]]:
        values: list[Value] = []
        for node in nodes:
            value = yield from self.value(node)
            values.append(value)
        return values

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
