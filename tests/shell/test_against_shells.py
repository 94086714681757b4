"""The shell language does what dash and busybox ash do: same output, same errors, same status."""

from __future__ import annotations

from pathlib import Path

import pytest
from shells import need, real
from small_machine import Machine

from docgen.shell.flavour import Flavour

HERE = Path(__file__).parent
SNIPPETS = [
    line
    for line in (HERE / "snippets.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
SCRIPTS = (HERE / "scripts.txt").read_text("utf-8").split("---\n")


def differences(scripts: list[str], flavour: Flavour, directory: Path) -> list[str]:
    need(flavour)
    found: list[str] = []
    for number, script in enumerate(scripts):
        place = directory / str(number)
        place.mkdir()
        expected = real(flavour, script, place)
        done = Machine(flavour).sh(script)
        if (done.out, done.err, done.status) != expected:
            ours = (done.out, done.err, done.status)
            found.append(f"{script}\n  {flavour} did: {expected}\n  docgen did: {ours}")
    return found


@pytest.mark.parametrize("flavour", Flavour)
@pytest.mark.parametrize("part", range(4))
def test_one_line_scripts_do_what_the_real_shell_does(
    flavour: Flavour, part: int, tmp_path: Path
) -> None:
    assert "\n".join(differences(SNIPPETS[part::4], flavour, tmp_path)) == ""


@pytest.mark.parametrize("flavour", Flavour)
def test_scripts_of_many_lines_do_what_the_real_shell_does(
    flavour: Flavour, tmp_path: Path
) -> None:
    assert "\n".join(differences(SCRIPTS, flavour, tmp_path)) == ""
