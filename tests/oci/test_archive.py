"""What is written can be read: save and load, export and import; and what strangers send."""

import bz2
import gzip
import io
import lzma
import tarfile

import pytest

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta
from docgen.fs.tree import Tree
from docgen.oci.archive import Blob, SavedImage, full_name, write
from docgen.oci.archive_read import import_layer, load
from docgen.oci.base import base_image
from docgen.oci.config import LAYER_TYPE, Descriptor, ImageConfig, RunConfig, manifest_bytes
from docgen.oci.ids import digest
from docgen.oci.layer import layer_tar
from docgen.oci.tarread import ArchiveError
from docgen.oci.unpack import unpack


def saved(name: str, content: str) -> SavedImage:
    tar = layer_tar(Tree.build({"/f": File(Meta(), Content.of(content))}))
    descriptor = Descriptor(LAYER_TYPE, tar.diff_id, tar.size)
    config = ImageConfig(RunConfig(cmd=("sh",)), (tar.diff_id,)).to_bytes()
    blob = Blob(descriptor, tar.parts)
    return SavedImage((name,), config, manifest_bytes(config, (descriptor,)), (blob,))


def archive(*images: SavedImage) -> Content:
    return Content.join(write(images))


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> Content:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as out:
        for info, data in members:
            info.size = len(data) if info.isfile() else 0
            out.addfile(info, io.BytesIO(data))
    return Content.of(stream.getvalue())


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def test_save_and_load_keep_every_id() -> None:
    first, second = saved("app:1", "one"), saved("app:2", "two")
    loaded = load(archive(first, second))
    assert [image.names for image in loaded] == [("app:1",), ("app:2",)]
    for before, after in zip((first, second), loaded, strict=True):
        assert after.config_bytes == before.config
        assert after.manifest == before.manifest
        assert [layer.descriptor for layer in after.layers] == [
            blob.descriptor for blob in before.layers
        ]


def test_the_base_image_survives_save_and_load_with_its_seal() -> None:
    image = base_image("busybox")
    (again,) = load(archive(image.saved()))
    assert digest(again.config_bytes) == image.config.digest
    assert again.config == image.config
    node = again.layers[0].tree.at("/bin/sh")
    assert isinstance(node, File)
    assert node.content.sha256() == image.seal.sha256


def test_a_shared_layer_is_written_once() -> None:
    one = saved("app:1", "same")
    two = SavedImage(("app:2",), one.config + b" ", one.manifest + b" ", one.layers)
    assert archive(one, two).size < archive(one).size + 4096 + layer_tar(Tree.build({})).size


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_archives_are_read(pack: object) -> None:
    plain = archive(saved("app:1", "one"))
    packed = Content.of(pack(plain.to_bytes()))  # type: ignore[operator]
    assert load(packed)[0].names == ("app:1",)


def test_an_import_has_the_digest_of_the_tar_as_given() -> None:
    given = tar((info("./"), b""), (info("./etc/motd"), b"hi\n"))
    layer = import_layer(given)
    assert layer.diff_id == digest(given.to_bytes())
    assert layer.tree.at("/etc/motd") is not None


def test_export_and_import_give_the_same_files() -> None:
    (tree,) = base_image("busybox").layers
    again = import_layer(layer_tar(tree).content())
    assert layer_tar(again.tree).diff_id == layer_tar(tree).diff_id


def test_names_stay_inside_the_root() -> None:
    tree = unpack(
        tar((info("../../etc/passwd"), b"x"), (info("/abs"), b"y"), (info("a/../b"), b"z"))
    )
    assert [path for path, _, _ in tree.walk()] == ["/", "/abs", "/b", "/etc", "/etc/passwd"]


def test_nothing_is_written_through_a_link() -> None:
    evil = tar((info("link", tarfile.SYMTYPE, "/etc"), b""), (info("link/passwd"), b"x"))
    with pytest.raises(NotSimulated, match="below /link"):
        unpack(evil)


def test_a_hard_link_needs_its_file() -> None:
    with pytest.raises(ArchiveError, match="no such file"):
        unpack(tar((info("b", tarfile.LNKTYPE, "../../nowhere"), b"")))


def test_later_members_replace_earlier_ones_and_directories_merge() -> None:
    tree = unpack(
        tar(
            (info("d", tarfile.DIRTYPE), b""),
            (info("d/old"), b"1"),
            (info("d", tarfile.DIRTYPE), b""),
            (info("f"), b"file"),
            (info("f", tarfile.DIRTYPE), b""),
        )
    )
    assert tree.at("/d/old") is not None
    assert isinstance(tree.at("/f"), Dir)


def test_gnu_long_names_are_read() -> None:
    name = "/".join(["d" * 90] * 3)
    assert unpack(tar((info(name), b"x"))).at(f"/{name}") is not None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not an archive at all" * 50, "invalid tar header"),
        (b"", "unexpected EOF"),
        (b"\x1f\x8b\x08 broken", "invalid tar header"),
        (gzip.compress(bytes(range(256)))[:-6], "unexpected EOF"),
    ],
)
def test_what_is_no_archive_is_refused_in_the_daemon_s_words(data: bytes, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        load(Content.of(data))


def test_a_truncated_member_is_refused() -> None:
    whole = tar((info("f"), b"x" * 3000)).to_bytes()
    with pytest.raises(ArchiveError, match="unexpected EOF"):
        unpack(Content.of(whole[:2000]))


def test_an_archive_that_explodes_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        unpack(Content.of(gzip.compress(bytes(30_000_000))))


def test_an_archive_without_images_is_refused() -> None:
    with pytest.raises(ArchiveError, match="unrecognized image format"):
        load(tar((info("hello"), b"x")))


def test_a_changed_layer_is_noticed() -> None:
    good = archive(saved("app:1", "one")).to_bytes()
    bad = good.replace(b"one\0", b"two\0")
    with pytest.raises(ArchiveError, match="invalid diffID for layer 0"):
        load(Content.of(bad))


@pytest.mark.parametrize(
    "json",
    [b"[1]", b"{", b"[{}]", b'[{"Config": "c", "Layers": ["l"]}]', b'[{"Config": 3}]', b"[[]]"],
)
def test_a_broken_manifest_is_refused(json: bytes) -> None:
    config = b'{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]}}'
    with pytest.raises(ArchiveError):
        load(tar((info("manifest.json"), json), (info("c"), config)))


def test_names_are_kept_as_containerd_writes_them() -> None:
    assert full_name("busybox:latest") == "docker.io/library/busybox:latest"
    assert full_name("me/app:1") == "docker.io/me/app:1"
    assert full_name("localhost:5000/app:1") == "localhost:5000/app:1"
