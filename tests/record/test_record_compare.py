"""What two engines may say differently, and what not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from record_samples import container, recording, snapshot

from docgen.record.compare import Difference, compare
from docgen.record.recording import Recording
from docgen.record.same import MASKS, NAMES, ORDERS, Pairing, masked, same
from docgen.record.snapshot import Entry, Kind


def with_step(recording: Recording, number: int, **changes: object) -> Recording:
    steps = list(recording.steps)
    steps[number] = replace(steps[number], **changes)  # type: ignore[arg-type]
    return replace(recording, steps=tuple(steps))


def test_other_ids_ages_and_orders_are_the_same() -> None:
    real = with_step(recording("7" * 64, "About a minute"), 2, stdout="C /etc\nA /note\n")
    assert compare(recording(), real) == ()


def test_two_ids_stay_two() -> None:
    real = with_step(recording("7" * 64), 1, stdout="8" * 12 + "   busybox   Up 2 seconds   db\n")
    assert [(one.line, one.what) for one in compare(recording(), real)] == [(10, "stdout")]


def test_a_difference_is_shown_by_line() -> None:
    real = with_step(recording(), 2, stderr="warning: more\n", exit=1)
    assert [(one.what, str(one)) for one in compare(recording(), real)] == [
        ("exit", "-0\n+1"),
        ("stderr", "-warning\n+warning: more"),
    ]


def test_another_page_is_one_difference() -> None:
    real = with_step(recording(), 2, command="docker diff web")
    assert compare(recording(), real)[0].what == "commands"


def test_storage_is_compared() -> None:
    changed = replace(
        container("e" * 64),
        writable=replace(
            container("e" * 64).writable, entries=(Entry("/note", Kind.FILE, 6, 0o600),)
        ),
    )
    real = with_step(recording(), 2, snapshot=replace(snapshot("e" * 64), containers=(changed,)))
    (difference,) = compare(recording(), real)
    assert (difference.what, str(difference)) == (
        "storage",
        "-  upper /note file 5 B 0644 0:0\n-  upper /etc dir 0755 0:0 opaque\n"
        "+  upper /note file 6 B 0600 0:0",
    )


def test_a_long_difference_is_cut() -> None:
    many = Difference(1, "x", "stdout", "", "\n".join(map(str, range(30))))
    assert str(many).endswith("… 19 more lines")


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("2026-01-01T00:00:05Z x", "2026-11-24T17:03:39.123456789Z x", True),
        ("2026-01-01 00:00:05 +0000 UTC", "2026-11-24 17:03:39 +0000 UTC", True),
        (
            "-rw-r--r-- 1 root root 5 Jan  1 00:00 a",
            "-rw-r--r-- 1 root root 5 Nov 24 2025 a",
            True,
        ),
        (
            "-rw-r--r-- 1 root root 5 Jan  1 00:00 a",
            "-rw-r--r-- 1 root root 6 Jan  1 00:00 a",
            False,
        ),
        ("3 seconds ago   Up 2 seconds", "2 days ago         Up Less than a second", True),
        ("Exited (0) 3 seconds ago", "Exited (1) 3 seconds ago", False),
        ("sleep 3 seconds", "sleep 4 seconds", False),
        ("a  b", "a   b", False),
        ("sh: 1: x: not found", "sh: 32: x: not found", True),
        ("sh: 1: x: not found", "sh: 1: y: not found", False),
        ("keen_turing", "brave_euler3", True),
        ("in_page", "other_page", False),
        ("DONE 0.1s", "DONE 2.3s", True),
        ("snapshots/7/fs", "snapshots/19/fs", True),
        ("l/" + "A" * 26, "l/" + "B7" * 13, True),
    ],
)
def test_rules_of_the_table(left: str, right: str, equal: bool) -> None:
    ours, theirs = same(left, right, Pairing("docker run in_page other_page"))
    assert (ours == theirs) is equal


def test_a_short_id_is_its_long_id() -> None:
    pairing = Pairing("")
    assert len(set(same("sha256:" + "a" * 64, "sha256:" + "b" * 64, pairing))) == 1
    assert len(set(same("a" * 12, "b" * 12, pairing))) == 1
    assert len(set(same("a" * 12, "c" * 12, pairing))) == 2
    assert len(set(same("f" * 12, "b" * 12, pairing))) == 2


def test_every_rule_has_a_name_and_a_reason_of_its_own() -> None:
    rows = [(rule.name, rule.why) for rule in (*MASKS, *NAMES, *ORDERS)]
    assert len({name for name, _ in rows}) == len({why for _, why in rows}) == len(rows)
    assert all(why.endswith(".") for _, why in rows)


def test_mounts_come_in_any_order() -> None:
    command = "docker inspect -f '{{json .Mounts}}' db"
    left, right = '[{"a":1},{"b":2}]\n', '[{"b":2},{"a":1}]\n'
    assert masked(left, command) != masked(left.replace("1", "3"), command)
    ours, theirs = masked(left, command), masked(right, command)
    assert ours == theirs
    lines = "docker inspect -f '{{range .Mounts}}{{.Source}}{{end}}' db"
    assert masked("b\na\n", lines) == masked("a\nb\n", lines)
