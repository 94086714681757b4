"""`inspect`: JSON of several objects, or a template on each (docker/cli cli/command/inspect)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from docgen.daemon.errors import DaemonError
from docgen.frozen import frozen
from docgen.shell.docker.errors import CommandError, from_daemon
from docgen.shell.docker.gotypes import typed, untyped
from docgen.shell.docker.template import Template, TemplateError, parse
from docgen.shell.docker.template.encoding import Json, dumps
from docgen.shell.docker.template.values import Value


@frozen
class Inspected:
    """One object that was found."""

    data: Mapping[str, object]
    """In the engine's order."""
    go_type: str
    """Struct that the client reads it into."""
    raw: bool = True
    """The client keeps the bare JSON, too (all but volumes)."""


Find = Callable[[str], Inspected]
"""Raises DaemonError or CommandError for an object that is not there."""


@frozen
class Report:
    out: str
    errors: tuple[str, ...]


def inspect(names: Sequence[str], form: str, find: Find) -> Report:
    """All output of one inspect command. Raises CommandError (64) for a malformed template."""
    printer = _Templates(_parse(form)) if form not in ("", "json") else _Documents(form)
    errors: list[str] = []
    for name in names:
        try:
            printer.add(find(name))
        except DaemonError as error:
            errors.append(from_daemon(error.message))
        except CommandError as error:
            errors.append(error.text)
    return Report(printer.text(), tuple(errors))


def _parse(form: str) -> Template:
    try:
        return parse(form)
    except TemplateError as error:
        raise CommandError(f"template parsing error: {error}", 64) from None


class _Documents:
    def __init__(self, form: str) -> None:
        self._indent = "" if form == "json" else "    "
        self._documents: list[Json] = []
        self._escape_html = False

    def add(self, found: Inspected) -> None:
        self._documents.append(found.data)
        self._escape_html = self._escape_html or not found.raw

    def text(self) -> str:
        return dumps(self._documents, indent=self._indent, escape_html=self._escape_html) + "\n"


class _Templates:
    def __init__(self, template: Template) -> None:
        self._template = template
        self._parts: list[str] = []
        self._strict = False

    def add(self, found: Inspected) -> None:
        try:
            text = self._execute(typed(found.data, f"{found.go_type}"))
        except TemplateError as error:
            if not found.raw:
                raise CommandError(f"template parsing error: {error}") from None
            text = self._on_bare_json(found)
        self._parts.append(text + "\n")

    def _execute(self, value: Value) -> str:
        return self._template.execute(value, missing_key_is_error=self._strict)

    def _on_bare_json(self, found: Inspected) -> str:
        self._strict = True
        try:
            return self._execute(untyped(found.data))
        except TemplateError as error:
            raise CommandError(f"template parsing error: {error}") from None

    def text(self) -> str:
        return "".join(self._parts) or "\n"
