"""Run a template on a value (text/template/exec.go), in bounded steps, with Go's error texts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.docker.template.failure import TemplateError
from docgen.shell.docker.template.functions import (
    ANY,
    FUNCTIONS,
    REFUSED,
    CallError,
    Function,
    arguments_problem,
    fits,
    unfit,
)
from docgen.shell.docker.template.lexer import quote
from docgen.shell.docker.template.nodes import (
    Action,
    Break,
    Chain,
    Command,
    Continue,
    Dot,
    Field,
    Identifier,
    If,
    Literal,
    Nil,
    Node,
    Operand,
    Pipeline,
    Range,
    Text,
    Variable,
    With,
)
from docgen.shell.docker.template.parser import parse_nodes
from docgen.shell.docker.template.printing import show
from docgen.shell.docker.template.values import (
    NOTHING,
    Map,
    NilPointer,
    Record,
    Slice,
    Stringer,
    Struct,
    Value,
    truth,
    type_name,
)

_STEPS = 100_000
"""Nodes that one execution may visit."""


class _Missing:
    """No value came down the pipeline."""


MISSING = _Missing()


class _BreakLoop(Exception):  # noqa: N818 - control flow of {{break}}
    pass


class _ContinueLoop(Exception):  # noqa: N818 - control flow of {{continue}}
    pass


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template; may be executed on many values."""

    text: str
    nodes: tuple[Node, ...]
    name: str = ""
    """Shown in errors; `docker version` names its template."""

    def execute(
        self,
        value: Value,
        *,
        missing_key_is_error: bool = False,
        functions: Mapping[str, Function] = FUNCTIONS,
    ) -> str:
        """Raises TemplateError."""
        run = _Run(self, value, missing_key_is_error, functions)
        try:
            run.walk_all(value, self.nodes)
        except TemplateError as error:
            error.printed = "".join(run.output)
            raise
        return "".join(run.output)


def parse(text: str, name: str = "") -> Template:
    """Raises TemplateError (`template: :1: unclosed action`)."""
    return Template(text, parse_nodes(text, FUNCTIONS.keys() | REFUSED, name), name)


class _Run:
    def __init__(
        self,
        template: Template,
        value: Value,
        missing_is_error: bool,
        functions: Mapping[str, Function],
    ) -> None:
        self.output: list[str] = []
        self._size = 0
        self._template = template
        self._missing_is_error = missing_is_error
        self._functions = functions
        self._variables: list[tuple[str, Value]] = [("$", value)]
        self._steps = 0
        self._node: Node | Operand | Command = Dot(0)
        """Where we are, for errors: Go shows the node that it looked at last."""

    def _fail(self, message: str) -> TemplateError:
        name, node = self._template.name, self._node
        before = self._template.text[: node.at]
        line = 1 + before.count("\n")
        column = len(before.rpartition("\n")[2].encode("utf-8", "surrogateescape"))
        where = f"template: {name}:{line}:{column}"
        return TemplateError(f'{where}: executing "{name}" at <{node}>: {message}')

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _STEPS:
            raise LimitExceeded(f"a template takes more than {_STEPS:,} steps", "use a simpler one")

    def _print(self, text: str) -> None:
        self._size += len(text)
        if self._size > limits.OUTPUT_BYTES:
            raise LimitExceeded(
                f"a template prints more than {limits.OUTPUT_BYTES:,} bytes", "print less"
            )
        self.output.append(text)

    # -- nodes

    def walk_all(self, dot: Value, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            self._walk(dot, node)

    def _walk(self, dot: Value, node: Node) -> None:
        self._step()
        self._node = node
        match node:
            case Text():
                self._print(node.text)
            case Action():
                value = self._pipeline(dot, node.pipeline)
                if not node.pipeline.declared:
                    self._print(_printable(value))
            case If() | With():
                self._if_or_with(dot, node)
            case Range():
                self._range(dot, node)
            case Break():
                raise _BreakLoop
            case Continue():
                raise _ContinueLoop

    def _if_or_with(self, dot: Value, node: If | With) -> None:
        known = len(self._variables)
        value = self._pipeline(dot, node.pipeline)
        if truth(value):
            self.walk_all(value if isinstance(node, With) else dot, node.body)
        elif node.otherwise is not None:
            self.walk_all(dot, node.otherwise)
        del self._variables[known:]

    def _range(self, dot: Value, node: Range) -> None:
        known = len(self._variables)
        value = self._pipeline(dot, node.pipeline)
        pairs = self._pairs(value)
        mark = len(self._variables)
        try:
            for key, one in pairs:
                self._step()
                self._set_loop_variables(node, key, one)
                with suppress(_ContinueLoop):
                    self.walk_all(one, node.body)
                del self._variables[mark:]
        except _BreakLoop:
            pass
        if not pairs and node.otherwise is not None:
            self.walk_all(dot, node.otherwise)
        del self._variables[known:]

    def _pairs(self, value: Value) -> list[tuple[Value, Value]]:
        match value:
            case Slice():
                return list(enumerate(value.items))
            case Map():
                return [(key, value.items[key]) for key in sorted(value.items)]
            case None | NilPointer():
                return []
            case bool() | str() | float() | Struct() | Record() | Stringer():
                raise self._fail(f"range can't iterate over {show(value)}")
            case int():
                if value > _STEPS:
                    raise LimitExceeded("a template's loop is too long", "use a smaller number")
                return [(number, number) for number in range(value)]

    def _set_loop_variables(self, node: Range, key: Value, one: Value) -> None:
        names = node.pipeline.declared
        for back, value in enumerate((one, key) if len(names) > 1 else (one,), 1):
            if not names:
                return
            if node.pipeline.assigns:
                self._assign(names[-back].name, value)
            else:
                name, _ = self._variables[-back]
                self._variables[-back] = (name, value)

    # -- pipelines

    def _pipeline(self, dot: Value, pipeline: Pipeline) -> Value:
        self._node = pipeline
        value: Value | _Missing = MISSING
        for command in pipeline.commands:
            value = self._command(dot, command, value)
        assert not isinstance(value, _Missing)
        for variable in pipeline.declared:
            if pipeline.assigns:
                self._assign(variable.name, value)
            else:
                self._variables.append((variable.name, value))
        return value

    def _assign(self, name: str, value: Value) -> None:
        for at in range(len(self._variables) - 1, -1, -1):
            if self._variables[at][0] == name:
                self._variables[at] = (name, value)
                return

    def _command(self, dot: Value, command: Command, final: Value | _Missing) -> Value:
        self._step()
        first = command.words[0]
        match first:
            case Field():
                self._node = first
                return self._fields(dot, dot, first.names, command.words, final)
            case Chain():
                return self._chain(dot, first, command.words, final)
            case Identifier():
                return self._function(dot, first, command, command.words, final)
            case Variable():
                return self._variable(dot, first, command.words, final)
            case Pipeline() | Dot() | Nil() | Literal():
                if not isinstance(first, Pipeline):
                    self._node = first
                self._no_arguments(first, command.words, final)
                if isinstance(first, Nil):
                    raise self._fail("nil is not a command")
                return self._operand(dot, first)

    def _no_arguments(
        self, first: Operand, words: tuple[Operand, ...], final: Value | _Missing
    ) -> None:
        if len(words) > 1 or not isinstance(final, _Missing):
            raise self._fail(f"can't give argument to non-function {first}")

    def _operand(self, dot: Value, node: Operand) -> Value:
        """An operand without arguments of its own."""
        match node:
            case Dot():
                return dot
            case Nil():
                return None
            case Literal():
                return node.value
            case Field():
                self._node = node
                return self._fields(dot, dot, node.names, (), MISSING)
            case Variable():
                return self._variable(dot, node, (), MISSING)
            case Pipeline():
                return self._pipeline(dot, node)
            case Identifier():
                return self._function(dot, node, node, (node,), MISSING)
            case Chain():
                return self._chain(dot, node, (), MISSING)

    def _chain(
        self, dot: Value, node: Chain, words: tuple[Operand, ...], final: Value | _Missing
    ) -> Value:
        self._node = node
        if isinstance(node.node, Nil):
            raise self._fail(f"indirection through explicit nil in {node}")
        inner = self._operand(dot, node.node)
        return self._fields(dot, inner, node.names, words, final)

    def _variable(
        self, dot: Value, node: Variable, words: tuple[Operand, ...], final: Value | _Missing
    ) -> Value:
        self._node = node
        value = next((v for name, v in reversed(self._variables) if name == node.name), None)
        if not node.fields:
            self._no_arguments(node, words or (node,), final)
            return value
        return self._fields(dot, value, node.fields, words, final)

    def _fields(
        self,
        dot: Value,
        receiver: Value,
        names: tuple[str, ...],
        words: tuple[Operand, ...],
        final: Value | _Missing,
    ) -> Value:
        for name in names[:-1]:
            receiver = self._field(dot, receiver, name, (), MISSING)
        return self._field(dot, receiver, names[-1], words[1:], final)

    def _field(
        self,
        dot: Value,
        receiver: Value,
        name: str,
        arguments: tuple[Operand, ...],
        final: Value | _Missing,
    ) -> Value:
        if isinstance(receiver, Record):
            return self._method(dot, receiver, name, arguments, final)
        given = bool(arguments) or not isinstance(final, _Missing)
        match receiver:
            case None:
                if self._missing_is_error:
                    raise self._fail(f"nil data; no entry for key {quote(name)}")
                return None
            case Struct():
                member = receiver.member(name)
                if member is not None:
                    if given:
                        words = f"{name} has arguments but cannot be invoked as function"
                        raise self._fail(words)
                    return member.value
            case Map():
                if given:
                    raise self._fail(f"{name} is not a method but has arguments")
                if name not in receiver.items and self._missing_is_error:
                    raise self._fail(f"map has no entry for key {quote(name)}")
                return receiver.items.get(name)
            case NilPointer() if name in receiver.fields:
                words = f"nil pointer evaluating {receiver.go_type}.{name}"
                raise self._fail(words)
        words = f"can't evaluate field {name} in type {type_name(receiver)}"
        raise self._fail(words)

    def _method(
        self,
        dot: Value,
        receiver: Record,
        name: str,
        arguments: tuple[Operand, ...],
        final: Value | _Missing,
    ) -> Value:
        plain, with_argument = receiver.methods.get(name), receiver.calls.get(name)
        if plain is None and with_argument is None:
            if receiver.lenient:
                return None
            words = f"can't evaluate field {name} in type {receiver.go_type}"
            raise self._fail(words)
        given = len(arguments) + (not isinstance(final, _Missing))
        wanted = 0 if plain is not None else 1
        if given != wanted:
            words = f"wrong number of args for {name}: want {wanted} got {given}"
            raise self._fail(words)
        if plain is not None:
            return plain()
        assert with_argument is not None
        if arguments:
            value = self._argument(dot, arguments[0], "string")
        else:
            assert not isinstance(final, _Missing)
            value = self._fitting(final, "string")
        return with_argument(str(value))

    # -- functions

    def _function(
        self,
        dot: Value,
        node: Identifier,
        command: Command | Identifier,
        words: tuple[Operand, ...],
        final: Value | _Missing,
    ) -> Value:
        if node.name in REFUSED:
            raise NotSimulated(
                f"the template function {node.name} is not simulated", "use {{json …}}"
            )
        self._node = node
        function = self._functions[node.name]
        arguments = words[1:]
        given = len(arguments) + (not isinstance(final, _Missing))
        problem = arguments_problem(node.name, function, given)
        if problem:
            raise self._fail(problem)
        if function.lazy:
            return self._lazy(dot, node.name, arguments, final)
        values = [
            self._argument(dot, one, _parameter(function, at)) for at, one in enumerate(arguments)
        ]
        if not isinstance(final, _Missing):
            values.append(self._fitting(final, _parameter(function, len(values))))
        try:
            return function.run(*values)
        except CallError as error:
            self._node = command
            raise self._fail(f"error calling {node.name}: {error}") from None

    def _lazy(
        self, dot: Value, name: str, arguments: tuple[Operand, ...], final: Value | _Missing
    ) -> Value:
        value: Value = None
        for one in arguments:
            value = self._argument(dot, one, ANY)
            if truth(value) == (name == "or"):
                return value
        return value if isinstance(final, _Missing) else final

    def _argument(self, dot: Value, node: Operand, go_type: str) -> Value:
        self._node = node
        match node:
            case Nil() if go_type not in (ANY, "[]string"):
                raise self._fail(f"cannot assign nil to {go_type}")
            case Literal() if go_type in ("string", "int") and not fits(node.value, go_type):
                wanted = "string" if go_type == "string" else "integer"
                raise self._fail(f"expected {wanted}; found {node}")
            case Literal() if go_type == "[]string":
                raise self._fail(f"can't handle {node} for arg of type {go_type}")
            case _:
                return self._fitting(self._operand(dot, node), go_type)

    def _fitting(self, value: Value, go_type: str) -> Value:
        if fits(value, go_type):
            return value
        raise self._fail(unfit(value, go_type))


def _parameter(function: Function, at: int) -> str:
    return function.takes[at] if at < len(function.takes) else function.rest


def _printable(value: Value) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, Struct) and value.pointer:
        value = Struct(value.go_type, value.members)
    return show(value)
