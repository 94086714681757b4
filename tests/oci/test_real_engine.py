"""An archive made here is loaded by a real Docker with the ids that we print, and comes back.

One image holds every kind of inode, odd names and large owners; it is loaded, exported and saved
on a containerd store, on overlay2 and on vfs.
"""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace

import needs
import pytest

from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Symlink, Whiteout
from docgen.fs.tree import Tree
from docgen.oci.archive import Blob, SavedImage, write_image
from docgen.oci.base import base_image
from docgen.oci.bytestream import materialise
from docgen.oci.config import LAYER_TYPE, Descriptor, History, manifest_bytes
from docgen.oci.ids import digest
from docgen.oci.layer import layer_tar
from docgen.real.base import _sealed
from docgen.real.engines import Engine
from docgen.real.host import RealHost
from docgen.store.driver import DRIVERS
from docgen.store.store import open_store

pytestmark = pytest.mark.engine

AT = 1_700_000_000 * 10**9
INIT = {".dockerenv", "dev", "dev/console", "dev/pts", "dev/shm", "etc", "proc", "sys"} | {
    f"etc/{name}" for name in ("hostname", "hosts", "mtab", "resolv.conf")
}
"""Made by the engine for each container, with the time of its creation."""


def at(mode: int, uid: int = 0, gid: int = 0) -> Meta:
    return Meta(mode, uid, gid, AT, AT, AT)


LAYER = Tree.build(
    {
        "/d": Dir(at(0o755)),
        "/d/f": File(at(0o4755, 1000, 1001), Content.of("hello")),
        "/d/zeros": File(at(0o644), Content.fill(0, 100_000)),
        "/d/café": File(at(0o644), Content.of("x")),
        f"/{'n' * 60}/{'m' * 60}/{'k' * 60}/leaf": File(at(0o600, 3_000_000, 7), Content.of("y")),
        "/d/cap": File(
            replace(at(0o755), xattrs=(("security.capability", b"\1\0\0\2\0\4" + bytes(14)),)),
            Content.of("z"),
        ),
        "/d/l": Symlink(at(0o777), "../etc/" + "p" * 120),
        "/d/fifo": Fifo(at(0o640)),
        "/d/null": Device(at(0o666), True, 1, 3),
        "/d/blk": Device(at(0o660, 0, 6), False, 7, 9),
        "/etc": Dir(at(0o755)),
        "/etc/group": Whiteout(at(0)),
        "/etc/network": Dir(at(0o750), opaque=True),
        "/etc/network/new": File(at(0o644), Content.of("n")),
    },
    {"/d/f2": "/d/f"},
)


def image() -> tuple[SavedImage, str, tuple[str, ...]]:
    """The image, its classic id, its DiffIDs."""
    base, tar = base_image("busybox"), layer_tar(LAYER)
    descriptor = Descriptor(LAYER_TYPE, tar.diff_id, tar.size)
    config = replace(
        base.config,
        diff_ids=(*base.config.diff_ids, tar.diff_id),
        history=(*base.config.history, History(AT, "made by hand")),
        created_ns=AT,
    )
    data = config.to_bytes()
    manifest = manifest_bytes(data, (*base.descriptors, descriptor))
    layers = (*base.saved().layers, Blob(descriptor, tar.parts))
    return SavedImage(("app:1",), data, manifest, layers), config.digest, config.diff_ids


def headers(archive: bytes) -> dict[str, bytes]:
    """The raw header blocks by name, in the order of the archive."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {one.name: archive[one.offset : one.offset_data] for one in tar.getmembers()}


@pytest.mark.parametrize("driver", ["overlayfs", "overlay2", "vfs"])
def test_a_real_engine_has_the_ids_the_sizes_and_the_bytes_that_we_have(driver: str) -> None:
    engine = needs.real_engine()
    assert isinstance(engine, Engine)
    saved, classic_id, diff_ids = image()
    with RealHost(engine, driver) as host:
        host.load_image(b"".join(write_image(saved, sealed=_sealed)))
        (shown,) = json.loads(host.run(["docker", "image", "inspect", "app:1"]).stdout)
        host.run(["docker", "create", "--name", "c1", "app:1"])
        exported = host.run(["docker", "export", "c1"]).stdout
        back = host.run(["docker", "save", "app:1"]).stdout

    containerd = DRIVERS[driver].is_containerd
    assert shown["Id"] == (digest(saved.manifest) if containerd else classic_id)
    assert tuple(shown["RootFS"]["Layers"]) == diff_ids
    blobs = {name.rpartition("/")[2] for name in headers(back)}
    assert {one.removeprefix("sha256:") for one in diff_ids} <= blobs

    store = open_store(driver, Clock(AT), "page.md")
    (base,) = base_image("busybox").layers
    bottom = store.add_layer(None, base, diff_id=diff_ids[0])
    top = store.add_layer(bottom, LAYER)
    if not containerd:  # there Size is the content alone
        assert shown["Size"] == store.image_size(top.chain(), 0)
    ours = b"".join(materialise(layer_tar(store.full_tree(top)).parts(), _sealed))
    theirs = {name: block for name, block in headers(exported).items() if name not in INIT}
    expected = {name: block for name, block in headers(ours).items() if name not in INIT}
    assert list(theirs.items()) == list(expected.items())


def test_the_base_image_s_blobs_have_their_digests() -> None:
    """With the true bytes of Debian's package every blob is what its name says."""
    needs.root()
    data = b"".join(write_image(base_image("busybox").saved(), sealed=_sealed))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        blobs = {one.name.rpartition("/")[2]: tar.extractfile(one) for one in tar if one.isfile()}
    named = {name: body.read() for name, body in blobs.items() if body and len(name) == 64}
    assert len(named) == 3
    assert all(digest(body) == f"sha256:{name}" for name, body in named.items())
