"""A scenario played on an engine, in the order of its blocks."""

from __future__ import annotations

import pytest
from fake_engine import FakeEngine

from docgen.diagnostics import PageError
from docgen.page.reader import read
from docgen.play.player import play

PAGE = """\
---
title: Played
---
```console setup
$ say one
```
```sh file="a/b" mode=755
text
```
```console when="driver=two"
$ say never
```
```console
$ say two\\n\\
> three
$ warn no
$ cat a/b
```
```console norun
$ later
```
"""


def test_a_recording_holds_every_step_with_its_line() -> None:
    recording = play(read("p.md", PAGE), FakeEngine("one"))
    assert (recording.scenario, recording.title) == ("p.md", "Played")
    assert (recording.engine, recording.driver, recording.start.time) == ("fake", "one", 0)
    assert [(s.line, s.command, s.stdout, s.stderr, s.exit) for s in recording.steps] == [
        (5, "say one", "one\n", "", 0),
        (14, "say two\\n\\\nthree", "two\n\\ three\n", "", 0),
        (16, "warn no", "", "no\n", 1),
        (17, "cat a/b", "text\n755\n", "", 0),
    ]
    assert [step.snapshot.time for step in recording.steps] == [1, 2, 3, 4]


def test_all_that_is_known_to_be_refused_is_told_before_step_1() -> None:
    engine = FakeEngine("two")
    page = read("p.md", PAGE + "\n```console\n$ say 1\n> or never\n```\n")
    with pytest.raises(PageError) as error:
        play(page, engine)
    assert str(error.value) == ("p.md:11:7: never; say something\np.md:25:6: never; say something")
    assert engine.time == 0


def test_what_only_running_shows_is_told_at_its_step() -> None:
    engine = FakeEngine("one")
    with pytest.raises(PageError) as error:
        play(read("p.md", "```console\n$ say 1\n$ later\n$ say 2\n```\n"), engine)
    assert str(error.value) == "p.md:3:3: 'later'; say something"
    assert engine.time == 2


def test_a_file_that_cannot_be_written_is_told() -> None:
    page = '```sh file="a"\n```\n```sh file="./a"\n```\n'
    with pytest.raises(PageError) as error:
        play(read("p.md", page), FakeEngine("one"))
    assert str(error.value) == (
        "p.md:3:1: the file 'a' cannot be written: File exists;"
        " write to another path, or change the commands above it"
    )


def test_an_output_has_a_limit() -> None:
    with pytest.raises(PageError, match=r"p\.md:2:3: an output of 64001 characters; at most 64000"):
        play(read("p.md", f"```console\n$ say {'x' * 64_000}\n```\n"), FakeEngine("one"))
