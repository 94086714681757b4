"""Inodes as tar members (go-archive FileInfoHeader)."""

from __future__ import annotations

from typing import Final, assert_never

from docgen.fs.content import EMPTY, Content
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink, Whiteout
from docgen.oci.tarform import Member, Type

_OVERLAY_ATTRIBUTES: Final = ("trusted.overlay.", "user.overlay.")


def member_of(path: str, node: Node) -> tuple[Member, Content]:
    """One inode as a tar member, and its data. ValueError for a whiteout: it is no inode."""
    match node:
        case Dir(meta=meta):
            return member(meta, path, Type.DIR), EMPTY
        case File(meta=meta, content=content):
            return member(meta, path, Type.FILE, size=content.size), content
        case Symlink(meta=meta, target=target):
            return member(meta, path, Type.SYMLINK, link=target), EMPTY
        case Device(meta=meta, char=char, major=major, minor=minor):
            kind = Type.CHAR if char else Type.BLOCK
            return member(meta, path, kind, major=major, minor=minor), EMPTY
        case Fifo(meta=meta):
            return member(meta, path, Type.FIFO), EMPTY
        case Whiteout():
            raise ValueError(f"{path} is a whiteout")
        case _:
            assert_never(node)


def member(
    meta: Meta,
    path: str,
    kind: Type,
    *,
    size: int = 0,
    link: str = "",
    major: int = 0,
    minor: int = 0,
) -> Member:
    """Whole seconds; overlay's own attributes stay out."""
    kept = {key: value for key, value in meta.xattrs if not key.startswith(_OVERLAY_ATTRIBUTES)}
    return Member(
        name=path,
        type=kind,
        mode=meta.mode,
        uid=meta.uid,
        gid=meta.gid,
        size=size,
        mtime=meta.mtime_ns // 10**9,
        link=link,
        major=major,
        minor=minor,
        xattrs=kept,
    )
