"""Writing into a page: what does not match, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.page.blocks import Command, Diagram
from docgen.page.reader import read
from docgen.page.splice import Edit, command_edit, diagram_edit, longer_fences, splice


def updated(text: str, outputs: list[tuple[str, int]], drawing: str = "") -> str:
    page = read("p.md", text)
    edits = []
    pairs = zip(page.commands("overlayfs"), outputs, strict=True)
    for (console, command), (output, status) in pairs:
        edits.append(command_edit(command, output, status, bool(console.fails)))
    edits += [diagram_edit(diagram, drawing) for diagram in page.diagrams()]
    wanted = [edit for edit in edits if edit]
    fenced = [*page.consoles(), *page.diagrams()]
    return splice(text, [*wanted, *longer_fences(page.lines, fenced, wanted)])


@pytest.mark.parametrize(
    ("text", "outputs", "wanted"),
    [
        ("```console\n$ a\n```\n", [("out\n", 0)], "```console\n$ a\nout\n```\n"),
        ("```console\n$ a\nout\n```\n", [("", 0)], "```console\n$ a\n```\n"),
        ("```console\n$ a\n[1]\n```\n", [("", 0)], "```console\n$ a\n```\n"),
        ("```console\n$ a\n[0]\n```\n", [("x", 0)], "```console\n$ a\nx\n[0]\n```\n"),
        ("```console\n$ a\n```\n", [("x\n", 2)], "```console\n$ a\nx\n[2]\n```\n"),
        ("```console\n$ a\n```\n", [("[7]\n", 0)], "```console\n$ a\n[7]\n[0]\n```\n"),
        (
            "```console\n$ a\n\n$ b\ny\n\n```\n",
            [("x\n", 0), ("z\n", 0)],
            "```console\n$ a\nx\n\n$ b\nz\n\n```\n",
        ),
        ("```console\r\n$ a\r\n```\r\n", [("x\n", 0)], "```console\r\n$ a\r\nx\r\n```\r\n"),
        ("```console\n$ a\n```", [("x\n", 0)], "```console\n$ a\nx\n```"),
        ("```console\n$ a\n```\n", [("````\n", 0)], "`````console\n$ a\n````\n`````\n"),
        ("~~~console\n$ a\n~~~\n", [("```\n", 0)], "~~~console\n$ a\n```\n~~~\n"),
        (
            '```console fails="why"\n$ a\n```\n',
            [("x\n", 3)],
            '```console fails="why"\n$ a\nx\n```\n',
        ),
    ],
)
def test_output_is_written_in_the_style_of_the_page(
    text: str, outputs: list[tuple[str, int]], wanted: str
) -> None:
    assert updated(text, outputs) == wanted
    assert updated(wanted, outputs) == wanted


def test_a_drawing_is_written_where_one_stood() -> None:
    page = "```diagram layers\nold\n```\n\n```diagram layers\n```\n"
    wanted = "```diagram layers\n+--+\n+--+\n```\n\n```diagram layers\n```\n"
    assert updated(page, [], "+--+\n+--+  \n") == wanted
    assert updated(wanted, [], "+--+\n+--+  \n") == wanted


OUT = st.tuples(
    st.lists(st.sampled_from(["a", "", "```", "[1]", "$ x", "> y", "...", "  z "]), max_size=4).map(
        "\n".join
    ),
    st.integers(0, 2),
)


@given(
    st.lists(st.sampled_from(["a", "...", "[..]", "", "[1]", "> q"]), max_size=4),
    OUT,
    st.booleans(),
)
def test_update_makes_true_pages_and_updating_twice_changes_nothing(
    body: list[str], outcome: tuple[str, int], windows: bool
) -> None:
    text = "\n".join(["before", "```console", "$ one", "x", *body, "$ two", "```", "after", ""])
    if windows:
        text = text.replace("\n", "\r\n")
    outputs = [outcome, outcome]
    once = updated(text, outputs)
    assert updated(once, outputs) == once
    again = read("p.md", once)
    for _, command in again.commands("overlayfs"):
        assert command_edit(command, *outcome) is None
    assert ("\r" in once.replace("\r\n", "")) is False
    assert once.count("\r\n") == (once.count("\n") if windows else 0)


def test_nothing_else_is_touched() -> None:
    text = "a \t\n\n\n```console\n$ a\nx\n```\n* b\n\n\n"
    assert updated(text, [("x\n", 0)]) == text
    assert updated(text, [("y\n", 0)]) == text.replace("x\n", "y\n")


def test_edits_do_not_disturb_each_other() -> None:
    edits = [Edit(3, 4, ("C", "C")), Edit(1, 2, ()), Edit(2, 2, ("new",))]
    assert splice("a\nb\nc\nd", edits) == "new\nb\nC\nC\nd"


def test_a_promise_that_holds_needs_no_edit() -> None:
    command = Command(1, "x", ("[..]",), 2, None, 3)
    assert command_edit(command, "any\n", 0) is None
    diagram = Diagram(1, 4, "layers", "", {}, ("a", "b"), 1)
    assert diagram_edit(diagram, "a \nb\n\n") is None
