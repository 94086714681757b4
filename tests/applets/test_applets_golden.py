"""Every recorded answer of the real tools (Debian 12's, and busybox 1.35) is given by ours too."""

from __future__ import annotations

import pytest
from bench import oracle_missing
from fixture import cases, golden, names, simulated
from needs import need
from record import answers

from docgen.shell.flavour import Flavour

BOTH = [(flavour, name) for flavour in Flavour for name in names()]


@pytest.mark.parametrize(("flavour", "name"), BOTH)
def test_ours_answer_as_recorded(flavour: Flavour, name: str) -> None:
    wanted = golden(name, flavour)
    ours = [simulated(one, flavour) for one in cases(name) if flavour in one.flavours]
    assert len(ours) == len(wanted), "cases and goldens differ: run tests/applets/record.py"
    wrong = [(a, b) for a, b in zip(wanted, ours, strict=True) if a.strip() != b.strip()]
    shown = "\n\n".join(f"real:\n{a}ours:\n{b}" for a, b in wrong[:5])
    assert not wrong, f"{len(wrong)} of {len(wanted)} differ\n{shown}"


@pytest.mark.kernel
@pytest.mark.parametrize(("flavour", "name"), BOTH)
def test_the_real_tools_still_answer_so(flavour: Flavour, name: str) -> None:
    need(not oracle_missing(), f"the real tools ({oracle_missing()})")
    assert [one.strip() for one in answers(name, flavour)] == [
        one.strip() for one in golden(name, flavour)
    ]
