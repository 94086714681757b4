"""Names of containers: the rule, and the ones the daemon makes up."""

from __future__ import annotations

import re
from collections.abc import Container as Names
from typing import Final

from docgen.daemon.errors import invalid

_VALID: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
ALLOWED: Final = "[a-zA-Z0-9][a-zA-Z0-9_.-]"

_ADJECTIVES: Final = [
    "admiring",
    "brave",
    "busy",
    "charming",
    "clever",
    "cool",
    "dazzling",
    "determined",
    "eager",
    "elastic",
    "elegant",
    "epic",
    "fervent",
    "focused",
    "friendly",
    "funny",
    "gallant",
    "gifted",
    "happy",
    "hopeful",
    "inspiring",
    "jolly",
    "keen",
    "kind",
    "loving",
    "lucid",
    "modest",
    "nice",
    "nifty",
    "optimistic",
    "peaceful",
    "practical",
    "quirky",
    "relaxed",
    "romantic",
    "serene",
    "sharp",
    "sleepy",
    "stoic",
    "sweet",
    "tender",
    "trusting",
    "upbeat",
    "vibrant",
    "vigilant",
    "wizardly",
    "wonderful",
    "xenodochial",
    "youthful",
    "zealous",
    "zen",
]
_SURNAMES: Final = [
    "agnesi",
    "archimedes",
    "babbage",
    "bardeen",
    "bohr",
    "boyd",
    "brown",
    "carson",
    "cerf",
    "cori",
    "curie",
    "darwin",
    "diffie",
    "dijkstra",
    "einstein",
    "elion",
    "euclid",
    "euler",
    "fermat",
    "feynman",
    "franklin",
    "galileo",
    "gates",
    "goldberg",
    "hamilton",
    "hawking",
    "hermann",
    "hodgkin",
    "hopper",
    "hypatia",
    "jackson",
    "johnson",
    "kalam",
    "keller",
    "kepler",
    "knuth",
    "lamarr",
    "leakey",
    "liskov",
    "lovelace",
    "mayer",
    "mcclintock",
    "meitner",
    "mendel",
    "moser",
    "napier",
    "newton",
    "noether",
    "pascal",
    "pasteur",
    "perlman",
    "ride",
    "ritchie",
    "shannon",
    "sinoussi",
    "swartz",
    "tesla",
    "thompson",
    "torvalds",
    "turing",
    "wing",
    "wu",
]


def is_valid(name: str) -> bool:
    """The rule for containers and volumes: at least two characters (moby daemon/names)."""
    return _VALID.fullmatch(name) is not None


def check(name: str) -> None:
    """Raises INVALID. A leading slash is allowed, and shown."""
    if not is_valid(name.removeprefix("/")):
        raise invalid(f"Invalid container name ({name}), only {ALLOWED} are allowed")


def generate(container_id: str, taken: Names[str]) -> str:
    """`adjective_surname` from the container's id; a digit after it when it is taken.

    Moby draws at random, six times, and then takes the short id.
    """
    number = int(container_id[12:28], 16)
    adjective = _ADJECTIVES[number % len(_ADJECTIVES)]
    surname = _SURNAMES[number // len(_ADJECTIVES) % len(_SURNAMES)]
    for suffix in ("", *map(str, range(1, 6))):
        name = f"{adjective}_{surname}{suffix}"
        if name not in taken:
            return name
    return container_id[:12]
