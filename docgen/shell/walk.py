"""Walking over parsed commands: every simple command, also in substitutions and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from docgen.shell.syntax import (
    Arithmetic,
    Case,
    Command,
    For,
    Function,
    Group,
    HereDocument,
    If,
    Parameter,
    Part,
    Redirect,
    Script,
    Simple,
    Subshell,
    Substitution,
    Text,
    While,
    Word,
)


def simple_commands(script: Script) -> Iterator[Simple]:
    """In the order of the text."""
    for command in _commands(script):
        yield from _within(command)


def functions_of(script: Script) -> frozenset[str]:
    """The names of all functions that the text defines."""
    return frozenset(_function_names(script))


def _commands(script: Script) -> Iterator[Command]:
    for item in script.items:
        for pipeline in (item.first, *(following for _, following in item.rest)):
            yield from pipeline.commands


def _function_names(script: Script) -> Iterator[str]:
    for command in _commands(script):
        if isinstance(command, Function):
            yield command.name
        for inner in _bodies(command):
            yield from _function_names(inner)


def _bodies(command: Command) -> Iterator[Script]:
    match command:
        case Simple() | Function():
            return
        case Subshell(body) | Group(body):
            yield body
        case For(body=body):
            yield body
        case While(condition, body):
            yield condition
            yield body
        case If(branches, otherwise):
            for condition, body in branches:
                yield condition
                yield body
            if otherwise is not None:
                yield otherwise
        case Case(arms=arms):
            for arm in arms:
                yield arm.body
        case _:
            assert_never(command)


def _within(command: Command) -> Iterator[Simple]:
    match command:
        case Simple():
            yield command
            for assignment in command.assignments:
                yield from _in_word(assignment.value)
            yield from _in_words(command.words)
        case Function(_, body):
            yield from _within(body)
            return
        case For(words=words):
            yield from _in_words(words or ())
        case Case(word, arms):
            yield from _in_word(word)
            for arm in arms:
                yield from _in_words(arm.patterns)
        case _:
            pass
    yield from _in_redirects(command.redirects)
    for script in _bodies(command):
        yield from simple_commands(script)


def _in_redirects(redirects: Iterable[Redirect]) -> Iterator[Simple]:
    for redirect in redirects:
        if isinstance(redirect.target, HereDocument):
            yield from _in_parts(redirect.target.parts)
        else:
            yield from _in_word(redirect.target)


def _in_words(words: Iterable[Word]) -> Iterator[Simple]:
    for word in words:
        yield from _in_word(word)


def _in_word(word: Word) -> Iterator[Simple]:
    return _in_parts(word.parts)


def _in_parts(parts: Iterable[Part]) -> Iterator[Simple]:
    for part in parts:
        match part:
            case Text():
                continue
            case Substitution(script):
                yield from simple_commands(script)
            case Parameter(word=inner):
                yield from _in_parts(inner)
            case Arithmetic(inner):
                yield from _in_parts(inner)
            case _:
                assert_never(part)
