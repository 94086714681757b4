"""Lists: `table`, `json` and templates over rows (docker/cli cli/command/formatter)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.tabwriter import align
from docgen.shell.docker.template import Template, TemplateError, parse
from docgen.shell.docker.template.functions import HEADER_FUNCTIONS
from docgen.shell.docker.template.values import Record, Value

TABLE, JSON = "table", "json"


def prepared(form: str) -> str:
    """The template inside a `--format`."""
    if form.startswith(TABLE):
        form = form[len(TABLE) :]
    elif form == JSON:
        form = "{{json .}}"
    return form.strip(" ").replace("\\t", "\t").replace("\\n", "\n")


def parse_format(form: str, prefix: str = "template parsing error") -> Template:
    """Raises CommandError with docker's text."""
    try:
        return parse(prepared(form))
    except TemplateError as error:
        raise CommandError(f"{prefix}: {error}") from None


def execute(template: Template, row: Value, prefix: str = "template parsing error") -> str:
    try:
        return template.execute(row)
    except TemplateError as error:
        raise CommandError(f"{prefix}: {error}") from None


def render(form: str, headers: Mapping[str, str], rows: Sequence[Record]) -> str:
    """All rows by `form`; a `table` gets its header line and is aligned. Raises CommandError."""
    template = parse_format(form)
    body = "".join(execute(template, row) + "\n" for row in rows)
    if not form.startswith(TABLE):
        return body
    return align(_header(template, headers) + "\n" + body)


def _header(template: Template, headers: Mapping[str, str]) -> str:
    def constant(text: str) -> Callable[[], Value]:
        return lambda: text

    names = {name: constant(text) for name, text in headers.items()}
    row = Record("formatter.SubHeaderContext", names, {"Label": _label_header}, lenient=True)
    try:
        return template.execute(row, functions=HEADER_FUNCTIONS)
    except TemplateError:
        return ""


def _label_header(name: str) -> str:
    """`com.example.my-label` → `my label`."""
    return name.rpartition(".")[2].replace("-", " ").replace("_", " ")


def short_id(text: str) -> str:
    """formatter.TruncateID: twelve digits, without the algorithm."""
    return text.partition(":")[2][:12] if ":" in text else text[:12]


def ellipsis(text: str, columns: int) -> str:
    """formatter.Ellipsis: cut to `columns` with `…` at the end (names are ASCII almost always)."""
    if len(text) <= columns:
        return text
    return text[: columns - 1] + "…" if columns > 1 else text[:columns]
