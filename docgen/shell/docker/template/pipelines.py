"""Pipelines, commands and operands of a template (text/template/parse/parse.go)."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice

from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.lookahead import Lookahead
from docgen.shell.docker.template.nodes import (
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Literal,
    Nil,
    Operand,
    Pipeline,
    Variable,
)
from docgen.shell.docker.template.tokens import Kind, Token
from docgen.shell.docker.template.unquote import unquote

_STARTS_OPERAND = frozenset(
    {
        *(Kind.BOOL, Kind.CHARACTER, Kind.DOT, Kind.FIELD, Kind.IDENTIFIER, Kind.NUMBER),
        *(Kind.NIL, Kind.RAW_STRING, Kind.STRING, Kind.VARIABLE, Kind.LEFT_PAREN),
    }
)
_LONGEST_NUMBER = 40
_OCTAL = re.compile(r"[+-]?0[0-7_]+")
_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0|[1-9][0-9_]*)")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class Pipelines(Lookahead):
    """What stands between `{{` and `}}`, keywords aside."""

    def __init__(self, text: str, functions: Collection[str], name: str) -> None:
        super().__init__(text, name)
        self._functions = functions
        self._variables = ["$"]

    def _pipeline(self, context: str, end: Kind) -> Pipeline:
        at = self._peek_word().at
        declared, assigns = self._declarations(context)
        commands: list[Command] = []
        while True:
            token = self._next_word()
            if token.kind is end:
                break
            if token.kind not in _STARTS_OPERAND:
                raise self._unexpected(token, context)
            self._ahead.append(token)
            commands.append(self._command())
        if not commands:
            raise self._fail(f"missing value for {context}")
        for stage, command in enumerate(islice(commands, 1, None), 2):
            if isinstance(command.words[0], Dot | Nil | Literal):
                raise self._fail(f"non executable command in pipeline stage {stage}")
        return Pipeline(at, tuple(commands), declared, assigns)

    def _declarations(self, context: str) -> tuple[tuple[Variable, ...], bool]:
        declared: list[Variable] = []
        while self._peek_word().kind is Kind.VARIABLE:
            name = self._next_word()
            after = self._next()
            following = self._next_word() if after.kind is Kind.SPACE else after
            if following.kind in (Kind.DECLARE, Kind.ASSIGN):
                declared.append(self._declare(name))
                return tuple(declared), following.kind is Kind.ASSIGN
            if following.kind is Kind.CHAR and following.text == ",":
                declared.append(self._declare(name))
                if context != "range" or len(declared) > 1:
                    raise self._fail(f"too many declarations in {context}")
                if self._peek_word().kind not in (Kind.VARIABLE, Kind.RIGHT, Kind.RIGHT_PAREN):
                    raise self._fail("range can only initialize variables")
                continue
            self._ahead.append(following)
            if after.kind is Kind.SPACE:
                self._ahead.append(after)
            self._ahead.append(name)
            break
        return tuple(declared), False

    def _declare(self, token: Token) -> Variable:
        self._variables.append(token.text)
        return Variable(token.at, token.text)

    def _command(self) -> Command:
        at = self._peek_word().at
        words: list[Operand] = []
        while True:
            self._peek_word()
            operand = self._operand()
            if operand is not None:
                words.append(operand)
            token = self._next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in (Kind.RIGHT, Kind.RIGHT_PAREN):
                self._ahead.append(token)
            elif token.kind is not Kind.PIPE:
                raise self._unexpected(token, "operand")
            break
        if not words:
            raise self._fail("empty command")
        return Command(at, tuple(words))

    def _operand(self) -> Operand | None:
        node = self._term()
        if node is None or self._peek().kind is not Kind.FIELD:
            return node
        at = self._peek().at
        names: list[str] = []
        while self._peek().kind is Kind.FIELD:
            names.append(self._next().text[1:])
        match node:
            case Field():
                return Field(at, (*node.names, *names))
            case Variable():
                return Variable(at, node.name, (*node.fields, *names))
            case Dot() | Nil() | Literal():
                raise self._fail(f"unexpected . after term {quote(str(node))}")
            case _:
                return Chain(at, node, tuple(names))

    def _term(self) -> Operand | None:
        token = self._next_word()
        match token.kind:
            case Kind.IDENTIFIER:
                if token.text not in self._functions:
                    raise self._fail(f"function {quote(token.text)} not defined")
                return Identifier(token.at, token.text)
            case Kind.DOT:
                return Dot(token.at)
            case Kind.NIL:
                return Nil(token.at)
            case Kind.VARIABLE:
                return self._variable(token)
            case Kind.FIELD:
                return Field(token.at, (token.text[1:],))
            case Kind.BOOL:
                return Literal(token.at, token.text == "true", token.text)
            case Kind.NUMBER | Kind.CHARACTER | Kind.STRING | Kind.RAW_STRING:
                return self._constant(token)
            case Kind.LEFT_PAREN:
                self._deeper()
                inner = self._pipeline("parenthesized pipeline", Kind.RIGHT_PAREN)
                self._depth -= 1
                return inner
            case _:
                self._ahead.append(token)
                return None

    def _variable(self, token: Token) -> Variable:
        if token.text not in self._variables:
            raise self._fail(f"undefined variable {quote(token.text)}")
        return Variable(token.at, token.text)

    def _constant(self, token: Token) -> Literal:
        if token.kind is Kind.RAW_STRING:
            return Literal(token.at, token.text[1:-1], token.text)
        if token.kind is Kind.NUMBER:
            return Literal(token.at, self._number(token), token.text)
        value = unquote(token.text)
        if value is None:
            raise self._fail("invalid syntax")
        if token.kind is Kind.STRING:
            return Literal(token.at, value, token.text)
        if len(value) != 1:
            raise self._fail(f"malformed character constant: {token.text}")
        return Literal(token.at, ord(value), token.text)

    def _number(self, token: Token) -> int | float:
        text = token.text
        if len(text) <= _LONGEST_NUMBER:
            if _OCTAL.fullmatch(text):
                return int(text.replace("_", ""), 8)
            if _INTEGER.fullmatch(text):
                return int(text.replace("_", ""), 0)
            if _FLOAT.fullmatch(text):
                return float(text)
        raise self._fail(f"illegal number syntax: {quote(text)}")
