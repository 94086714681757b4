"""Does the simulator still say what a real engine said? The proofs beside a page, compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docgen.diagnostics import Diagnostic
from docgen.record.compare import compare
from docgen.record.plain import RecordError
from docgen.record.proof import Proof, loads_proofs, proof_path
from docgen.upkeep.plays import Played

VERIFY = "run docgen verify --record on a machine with Docker"


def read_proofs(page: Path) -> tuple[Proof, ...]:
    """The proofs beside a page; none where there is no file. Raises RecordError."""
    file = Path(proof_path(page.as_posix()))
    try:
        return loads_proofs(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise RecordError(f"not UTF-8: {error}") from None


def proof_faults(page: Path, shown: str, played: Played) -> Iterator[Diagnostic]:
    try:
        proofs = read_proofs(page)
    except RecordError as error:
        found = f"the recording cannot be read: {error}"
        yield Diagnostic(proof_path(shown), 0, 0, found, "", VERIFY)
        return
    for proof in proofs:
        recording = played.recordings.get(proof.recording.driver)
        if recording is None:
            continue
        engine = f"{proof.recording.engine} ({proof.recording.driver}, {proof.date})"
        for one in compare(recording, proof.recording):
            if one.what == "commands":
                found = f"the recording of {engine} is of other commands"
                yield Diagnostic(shown, 0, 0, found, "the page's own", VERIFY)
                continue
            found = f"{one.what} differs from {engine}:\n{one}"
            yield Diagnostic(shown, one.line, 1, found, "", f"correct the simulator, or {VERIFY}")
