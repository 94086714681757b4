"""Members and their data as one tar, in parts that keep fills, holes and seals what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docgen.fs.content import Content
from docgen.oci.tarform import END, Member, header, padding


def tar_parts(entries: Iterable[tuple[Member, Content]]) -> Iterator[Content]:
    """A tar of members whose data is at hand as one content each."""
    return tar_stream((member, iter((data,))) for member, data in entries)


def tar_stream(entries: Iterable[tuple[Member, Iterator[Content]]]) -> Iterator[Content]:
    """A tar of members whose data comes in parts; two zero blocks end it."""
    for member, parts in entries:
        yield Content.of(header(member))
        yield from (part for part in parts if part.size)
        if gap := padding(member.size):
            yield Content.of(bytes(gap))
    yield Content.of(END)
