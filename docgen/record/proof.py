"""Proofs: what real engines answered, kept beside a page in PAGE.real.json.

One file holds one proof per engine and driver. A checksum over the recording shows that nobody
edited it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final

from docgen.frozen import frozen
from docgen.record.codec import decode, dumps
from docgen.record.plain import RecordError, mapping, sequence
from docgen.record.recording import Recording

VERSION: Final = 1
SUFFIX: Final = ".real.json"


@frozen
class Proof:
    """A recording by a real engine, and when it was made."""

    date: str
    """YYYY-MM-DD."""
    recording: Recording

    @property
    def key(self) -> tuple[str, str]:
        return self.recording.engine, self.recording.driver


def proof_path(page: str) -> str:
    """`volumes/outlives.md` → `volumes/outlives.real.json`."""
    return page.removesuffix(".md") + SUFFIX


def dumps_proofs(proofs: Iterable[Proof]) -> str:
    """Canonical text, sorted by engine and driver."""
    parts = []
    for proof in sorted(proofs, key=lambda one: one.key):
        text = dumps(proof.recording)
        head = json.dumps({"date": proof.date, "checksum": _checksum(text)}, separators=(",", ":"))
        parts.append(f'{head[:-1]},"recording":{text.rstrip()}}}')
    return f'{{"version":{VERSION},"proofs":[\n' + ",\n".join(parts) + "\n]}\n"


def loads_proofs(text: str) -> tuple[Proof, ...]:
    """Raises RecordError, also where a checksum does not fit."""
    try:
        document = mapping(json.loads(text), "proofs")
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:
        raise RecordError(f"not JSON: {error}") from None
    if document.get("version") != VERSION:
        raise RecordError(
            f"version {document.get('version')!r}; this docgen reads version {VERSION}"
        )
    proofs = []
    for number, item in enumerate(sequence(document.get("proofs"), "proofs")):
        where = f"proofs[{number}]"
        given = mapping(item, where)
        recording = decode(given.get("recording"))
        if given.get("checksum") != _checksum(dumps(recording)):
            raise RecordError(f"{where}: the checksum does not fit, so the recording was edited")
        proofs.append(Proof(str(given.get("date", "")), recording))
    return tuple(proofs)


def with_proof(proofs: Sequence[Proof], new: Proof) -> tuple[Proof, ...]:
    """The new proof takes the place of an older one of the same engine and driver."""
    return (*(one for one in proofs if one.key != new.key), new)


def _checksum(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
