"""Pipelines, operands, fields and function calls of a template (text/template/exec.go)."""

from __future__ import annotations

from collections.abc import Mapping

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.failure import TemplateError
from docgen.shell.docker.template.functions import (
    ANY,
    REFUSED,
    CallError,
    Function,
    arguments_problem,
    fits,
    unfit,
)
from docgen.shell.docker.template.nodes import (
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Literal,
    Nil,
    Node,
    Operand,
    Pipeline,
    Variable,
)
from docgen.shell.docker.template.values import (
    Map,
    NilPointer,
    Record,
    Struct,
    Value,
    truth,
    type_name,
)

STEPS = 100_000
"""Nodes that one execution may visit."""


class _Missing:
    """No value came down the pipeline."""


MISSING = _Missing()


class Evaluator:
    """One execution: variables, the place for errors, steps. It computes and never prints."""

    def __init__(
        self,
        text: str,
        name: str,
        value: Value,
        missing_is_error: bool,
        functions: Mapping[str, Function],
    ) -> None:
        self._text = text
        self._name = name
        self._missing_is_error = missing_is_error
        self._functions = functions
        self.variables: list[tuple[str, Value]] = [("$", value)]
        self._steps = 0
        self.node: Node | Operand | Command = Dot(0)
        """Where we are, for errors: Go shows the node that it looked at last."""

    def fail(self, message: str) -> TemplateError:
        """The error with the place of the node looked at last."""
        before = self._text[: self.node.at]
        line = 1 + before.count("\n")
        column = len(before.rpartition("\n")[2].encode("utf-8", "surrogateescape"))
        where = f"template: {self._name}:{line}:{column}"
        return TemplateError(f'{where}: executing "{self._name}" at <{self.node}>: {message}')

    def step(self) -> None:
        """Count one; raises LimitExceeded."""
        self._steps += 1
        if self._steps > STEPS:
            raise LimitExceeded(f"a template takes more than {STEPS:,} steps", "use a simpler one")

    def pipeline(self, dot: Value, pipeline: Pipeline) -> Value:
        self.node = pipeline
        value: Value | _Missing = MISSING
        for command in pipeline.commands:
            value = self._command(dot, command, value)
        assert not isinstance(value, _Missing)
        for variable in pipeline.declared:
            if pipeline.assigns:
                self.assign(variable.name, value)
            else:
                self.variables.append((variable.name, value))
        return value

    def assign(self, name: str, value: Value) -> None:
        """`=`: the last declared variable of that name."""
        for at in range(len(self.variables) - 1, -1, -1):
            if self.variables[at][0] == name:
                self.variables[at] = (name, value)
                return
        raise self.fail(f"undefined variable: {name}")

    def _command(self, dot: Value, command: Command, final: Value | _Missing) -> Value:
        self.step()
        first = command.words[0]
        match first:
            case Field():
                self.node = first
                return self._fields(dot, dot, first.names, command.words, final)
            case Chain():
                return self._chain(dot, first, command.words, final)
            case Identifier():
                return self._function(dot, first, command, command.words, final)
            case Variable():
                return self._variable(dot, first, command.words, final)
            case Pipeline() | Dot() | Nil() | Literal():
                if not isinstance(first, Pipeline):
                    self.node = first
                self._no_arguments(first, command.words, final)
                if isinstance(first, Nil):
                    raise self.fail("nil is not a command")
                return self._operand(dot, first)

    def _no_arguments(
        self, first: Operand, words: tuple[Operand, ...], final: Value | _Missing
    ) -> None:
        if len(words) > 1 or not isinstance(final, _Missing):
            raise self.fail(f"can't give argument to non-function {first}")

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
                self.node = node
                return self._fields(dot, dot, node.names, (), MISSING)
            case Variable():
                return self._variable(dot, node, (), MISSING)
            case Pipeline():
                return self.pipeline(dot, node)
            case Identifier():
                return self._function(dot, node, node, (node,), MISSING)
            case Chain():
                return self._chain(dot, node, (), MISSING)

    def _chain(
        self, dot: Value, node: Chain, words: tuple[Operand, ...], final: Value | _Missing
    ) -> Value:
        self.node = node
        if isinstance(node.node, Nil):
            raise self.fail(f"indirection through explicit nil in {node}")
        inner = self._operand(dot, node.node)
        return self._fields(dot, inner, node.names, words, final)

    def _variable(
        self, dot: Value, node: Variable, words: tuple[Operand, ...], final: Value | _Missing
    ) -> Value:
        self.node = node
        value = next((v for name, v in reversed(self.variables) if name == node.name), None)
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
                    raise self.fail(f"nil data; no entry for key {quote(name)}")
                return None
            case Struct():
                member = receiver.member(name)
                if member is not None:
                    if given:
                        words = f"{name} has arguments but cannot be invoked as function"
                        raise self.fail(words)
                    return member.value
            case Map():
                if given:
                    raise self.fail(f"{name} is not a method but has arguments")
                if name not in receiver.items and self._missing_is_error:
                    raise self.fail(f"map has no entry for key {quote(name)}")
                return receiver.items.get(name)
            case NilPointer() if name in receiver.fields:
                words = f"nil pointer evaluating {receiver.go_type}.{name}"
                raise self.fail(words)
        words = f"can't evaluate field {name} in type {type_name(receiver)}"
        raise self.fail(words)

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
            raise self.fail(words)
        given = len(arguments) + (not isinstance(final, _Missing))
        wanted = 0 if plain is not None else 1
        if given != wanted:
            words = f"wrong number of args for {name}: want {wanted} got {given}"
            raise self.fail(words)
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
        self.node = node
        function = self._functions[node.name]
        arguments = words[1:]
        given = len(arguments) + (not isinstance(final, _Missing))
        problem = arguments_problem(node.name, function, given)
        if problem:
            raise self.fail(problem)
        if function.lazy:
            return self._lazy(dot, node.name, arguments, final)
        values = [
            self._argument(dot, one, _parameter(function, at)) for at, one in enumerate(arguments)
        ]
        if not isinstance(final, _Missing):
            values.append(self._fitting(final, _parameter(function, len(values))))
        try:
            made = function.run(*values)
        except CallError as error:
            self.node = command
            raise self.fail(f"error calling {node.name}: {error}") from None
        if isinstance(made, str) and len(made) > limits.OUTPUT_BYTES:
            raise LimitExceeded(
                f"the template function {node.name} makes more text than a step may print",
                "make it shorter",
            )
        return made

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
        self.node = node
        match node:
            case Nil() if go_type not in (ANY, "[]string"):
                raise self.fail(f"cannot assign nil to {go_type}")
            case Literal() if go_type in ("string", "int") and not fits(node.value, go_type):
                wanted = "string" if go_type == "string" else "integer"
                raise self.fail(f"expected {wanted}; found {node}")
            case Literal() if go_type == "[]string":
                raise self.fail(f"can't handle {node} for arg of type {go_type}")
            case _:
                return self._fitting(self._operand(dot, node), go_type)

    def _fitting(self, value: Value, go_type: str) -> Value:
        if fits(value, go_type):
            return value
        raise self.fail(unfit(value, go_type))


def _parameter(function: Function, at: int) -> str:
    return function.takes[at] if at < len(function.takes) else function.rest
