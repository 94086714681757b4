"""Templates print, and fail, as on a real docker; `templates.txt` was recorded there."""

from __future__ import annotations

import json

import pytest
from transcripts import HERE, Entry, entries

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.inspecting import Inspected, inspect
from docgen.shell.docker.template import TemplateError, parse
from docgen.shell.docker.template.values import Map, Record, Slice

RECORDED = list(entries("templates.txt"))
VOLUME = json.loads((HERE / "templates.txt").read_text("utf-8").splitlines()[1].removeprefix("# "))


@pytest.mark.parametrize("entry", RECORDED, ids=[f"line {one.line}" for one in RECORDED])
def test_as_recorded(entry: Entry) -> None:
    try:
        report = inspect(
            ["data"], entry.command, lambda _name: Inspected(VOLUME, "volume.Volume", raw=False)
        )
        got = (report.out, "".join(f"{one}\n" for one in report.errors), int(bool(report.errors)))
    except CommandError as error:
        got = ("", f"{error.text}\n", error.status)
    assert got == (entry.out, entry.err, entry.status)


def test_what_was_printed_before_an_error_is_kept_for_docker_version() -> None:
    with pytest.raises(TemplateError, match=r"^template: version:1:12: executing") as caught:
        parse("a {{.x}}{{.b.c}}", "version").execute(Map({"x": "1", "b": "text"}))
    assert caught.value.printed == "a 1"


def test_rows_compute_only_what_the_template_asks_for() -> None:
    asked: list[str] = []

    def size() -> str:
        asked.append("Size")
        return "1MB"

    row = Record("*x", {"Name": lambda: "db", "Size": size}, {"Label": lambda key: f"<{key}>"})
    assert parse('{{.Name}} {{.Label "a"}}').execute(row) == "db <a>"
    assert asked == []
    assert parse("{{json .}}").execute(row) == '{"Name":"db","Size":"1MB"}'


def test_rows_escape_html_in_json() -> None:
    row = Record("*x", {"Tag": lambda: "<none>"})
    assert parse("{{json .}}").execute(row) == '{"Tag":"\\u003cnone\\u003e"}'


@pytest.mark.parametrize(
    "text",
    [
        "{{range 90000}}{{range 90000}}{{end}}{{end}}",
        '{{pad "x" 999999999 0}}',
        '{{printf "%999999999d" 1}}',
        "{{range 99000}}{{.}}{{end}}",
        "{{if 1}}" * 60,
        "{{" + "(" * 60,
    ],
)
def test_no_template_costs_much(text: str) -> None:
    with pytest.raises(LimitExceeded):
        parse(text).execute(Slice(()))


@pytest.mark.parametrize("text", ['{{template "x"}}', "{{js 1}}", '{{define "x"}}{{end}}'])
def test_real_but_rare_actions_are_refused(text: str) -> None:
    with pytest.raises(NotSimulated):
        parse(text).execute(None)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{"\\a\\b\\f\\v\\r"}}', "\a\b\f\v\r"),
        ('{{truncate "héllo" 2}}', "h\udcc3"),  # the first byte of é, as docker writes it
        ('{{printf "%q" "\\a\\x01\\u200b\\U000e0001"}}', '"\\a\\x01\\u200b\\U000e0001"'),
    ],
)
def test_letters_that_no_transcript_can_hold(template: str, text: str) -> None:
    assert parse(template).execute(None) == text
