"""A page is untrusted: every program meets a limit rather than run for ever or fill memory."""

from __future__ import annotations

import pytest
from bench import Machine

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.limits import SHELL_TICKS
from docgen.shell.applets import APPLETS
from docgen.shell.flavour import Flavour


@pytest.mark.parametrize(
    "argv",
    [
        ["awk", "BEGIN{while(1);}"],
        ["awk", "BEGIN{for(;;) x = x + 1}"],
        ["awk", "function f(n){return f(n+1)} BEGIN{f(1)}"],
        ["awk", 'BEGIN{x="xxxxxxxx"; while(1) x = x x}'],
        ["awk", "BEGIN{for(i=0;;i++) a[i]}"],
        ["awk", 'BEGIN{printf "%999999999d", 1}'],
        ["awk", "BEGIN{print " + "(" * 200 + "1" + ")" * 200 + "}"],
        ["sed", ":a;ba", "f"],
        ["sed", ":a;s/^/xxxxxxxxxxxxxxxx/;ba", "f"],
        ["sed", ":a;s/$/&&/;G;ba", "f"],
        ["seq", "1000000000"],
        ["yes"],
        ["expr", *"(" * 100, "1", *")" * 100],
        ["find", *"(" * 100, "-true", *")" * 100],
        ["head", "-c", "100000000000", "/dev/zero"],
        ["od", "/dev/zero"],
        ["cat", "/dev/zero"],
    ],
)
def test_programs_that_would_not_end_meet_a_limit(argv: list[str]) -> None:
    machine = Machine({"f": "a\n"})
    machine.kernel.tick(SHELL_TICKS - 20_000)
    with pytest.raises(LimitExceeded):
        machine.run(argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["awk", 'BEGIN{system("ls")}'],
        ["awk", '{print | "sort"}', "f"],
        ["awk", 'BEGIN{"date" | getline}'],
        ["awk", "BEGIN{print rand()}"],
        ["sed", "s/a/b/e", "f"],
        ["sed", "1e ls", "f"],
        ["tar", "cjf", "a.tar", "f"],
        ["find", ".", "-execdir", "ls", ";"],
        ["mount", "/dev/sda", "/tmp"],
        ["umount", "/tmp"],
        ["ls", "--hyperlink"],
        ["grep", "-P", "a", "f"],
        ["sort", "-R", "f"],
        ["cp", "--sparse=always", "f", "g"],
        ["date", "-s", "2020-01-01"],
        ["hostname", "other"],
        ["rm", "-i", "f"],
    ],
)
def test_what_is_real_but_not_simulated_is_refused_and_says_what_would_do(argv: list[str]) -> None:
    with pytest.raises(NotSimulated) as caught:
        Machine({"f": "a\n"}).run(argv)
    assert caught.value.instead


def test_every_registered_program_loads_and_has_its_name() -> None:
    for name in APPLETS:
        assert APPLETS[name].name == name
        assert APPLETS[name].flavours <= frozenset(Flavour)


def test_no_two_options_of_a_program_have_one_letter() -> None:
    for name in APPLETS:
        for flavour in APPLETS[name].flavours:
            letters = [
                letter
                for option in APPLETS[name].options
                if flavour in option.flavours
                for letter in option.short
            ]
            assert len(letters) == len(set(letters)), (name, flavour)
