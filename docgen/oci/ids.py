"""Digests and ids: what names a layer, a stack of layers, a container."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

EMPTY_TAR: Final = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
"""DiffID of a layer that changes nothing: two zero blocks, 1,024 bytes."""


def digest(data: bytes) -> str:
    """`sha256:` and 64 hex digits, as every Docker digest is written."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def hex_of(digest_text: str) -> str:
    """The 64 hex digits of a digest."""
    return digest_text.partition(":")[2]


def chain_step(parent: str, diff_id: str) -> str:
    """ChainID of a layer with this DiffID on the stack `parent` ('' for the base layer).

    OCI image-spec, config.md: ChainID(L0) = DiffID(L0); then sha256 of both, one blank between.
    """
    return digest(f"{parent} {diff_id}".encode("ascii")) if parent else diff_id


def chain_id(diff_ids: Iterable[str]) -> str:
    """Identity of a whole stack, base first; '' for no layer."""
    chain = ""
    for one in diff_ids:
        chain = chain_step(chain, one)
    return chain


def id_of(seed: str, counter: int) -> str:
    """64 hex digits where Docker would draw random ones: a container, an anonymous volume.

    The same seed and counter give the same id on every machine. An id whose first twelve digits
    are all decimal is skipped, as moby's stringid does: a short id must not read as a number.
    """
    attempt = 0
    while True:
        found = hashlib.sha256(f"{seed}\0{counter}\0{attempt}".encode()).hexdigest()
        if not found[:12].isdecimal():
            return found
        attempt += 1


def base_36(seed: str, counter: int) -> str:
    """25 digits of base 36, as BuildKit names the directories of its layers on a classic store."""
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
    return _in_alphabet(id_of(seed, counter), alphabet, 25)


def base_32(seed: str, counter: int) -> str:
    """26 upper-case digits of base 32, as overlay2 names its short links below `l/`."""
    return _in_alphabet(id_of(seed, counter), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26)


def _in_alphabet(hex_id: str, alphabet: str, length: int) -> str:
    number = int(hex_id, 16)
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(digits)
