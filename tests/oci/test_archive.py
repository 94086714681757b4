"""What is written can be read: save and load, export and import; and what strangers send."""

import bz2
import gzip
import io
import lzma
import tarfile
from dataclasses import replace

import pytest

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta
from docgen.fs.tree import Tree
from docgen.oci.archive import Blob, SavedImage, full_name, write
from docgen.oci.archive_read import import_layer, load
from docgen.oci.base import base_image
from docgen.oci.config import (
    GZIP_LAYER_TYPE,
    LAYER_TYPE,
    Descriptor,
    Healthcheck,
    History,
    ImageConfig,
    RunConfig,
    manifest_bytes,
)
from docgen.oci.config_read import parse_config
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


def files_of(content: Content) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content.to_bytes())) as read:
        found = {one.name: read.extractfile(one) for one in read.getmembers()}
    return {name: data.read() for name, data in found.items() if data is not None}


def oci_layout(*images: SavedImage, **changes: bytes | None) -> Content:
    """An archive without Docker's own index, some files replaced or left out (None)."""
    files: dict[str, bytes | None] = {**files_of(archive(*images)), **changes}
    for name in ("manifest.json", "repositories"):
        files.pop(name, None)
    return tar(*((info(name), data) for name, data in files.items() if data is not None))


def test_a_bare_oci_layout_is_read_too() -> None:
    first, second = saved("app:1", "one"), saved("app:2", "two")
    loaded = load(oci_layout(first, second))
    assert [image.names for image in loaded] == [
        ("docker.io/library/app:1",),
        ("docker.io/library/app:2",),
    ]
    assert [image.manifest for image in loaded] == [first.manifest, second.manifest]


def test_an_image_without_a_name_is_loaded_without_one() -> None:
    one = saved("app:1", "one")
    nameless = SavedImage((), one.config, one.manifest, one.layers)
    assert load(archive(nameless))[0].names == ()
    assert load(oci_layout(nameless))[0].names == ()


def test_two_names_of_one_image_are_one_image_in_the_index() -> None:
    one = saved("app:1", "one")
    twice = SavedImage(("app:1", "app:2"), one.config, one.manifest, one.layers)
    assert load(archive(twice))[0].names == ("app:1", "app:2")
    assert len(load(oci_layout(twice))) == 1


def test_a_compressed_layer_keeps_its_own_digest() -> None:
    """As the containerd store saves: the blob is gzip, the DiffID that of the plain tar."""
    one = saved("app:1", "one")
    packed = gzip.compress(Content.join(one.layers[0].parts()).to_bytes())
    descriptor = Descriptor(GZIP_LAYER_TYPE, digest(packed), len(packed))
    manifest = manifest_bytes(one.config, (descriptor,))
    blob = Blob(descriptor, lambda: iter((Content.of(packed),)))
    (loaded,) = load(archive(SavedImage(("app:1",), one.config, manifest, (blob,))))
    assert loaded.layers[0].descriptor == descriptor
    assert loaded.layers[0].diff_id == one.layers[0].descriptor.digest
    assert loaded.manifest == manifest


def test_an_old_engine_s_links_between_layers_are_followed() -> None:
    one = saved("app:1", "one")
    layer = Content.join(one.layers[0].parts()).to_bytes()
    item = b'[{"Config": "c.json", "RepoTags": null, "Layers": ["new/layer.tar"]}]'
    parts = [
        (info("c.json"), one.config),
        (info("old/layer.tar"), layer),
        (info("new/layer.tar", tarfile.SYMTYPE, "../old/layer.tar"), b""),
        (info("manifest.json"), item),
    ]
    assert load(tar(*parts))[0].config_bytes == one.config
    parts[2] = (info("new/layer.tar", tarfile.SYMTYPE, "../nowhere"), b"")
    with pytest.raises(ArchiveError, match="no such file or directory"):
        load(tar(*parts))


def test_a_blob_that_is_missing_or_changed_is_refused() -> None:
    one = saved("app:1", "one")
    name = "blobs/sha256/" + digest(one.manifest).removeprefix("sha256:")
    with pytest.raises(ArchiveError, match="no such file"):
        load(oci_layout(one, **{name: None}))
    with pytest.raises(ArchiveError, match="unexpected commit digest"):
        load(oci_layout(one, **{name: one.manifest + b" "}))


def test_layers_and_config_must_agree() -> None:
    one = saved("app:1", "one")
    short = SavedImage(one.names, one.config, manifest_bytes(one.config, ()), ())
    with pytest.raises(ArchiveError, match="length mismatch: expected 0, got 1"):
        load(archive(short))
    with pytest.raises(ArchiveError, match="number of layers and diffIDs"):
        load(oci_layout(short))


@pytest.mark.parametrize(
    "config",
    [
        b"nonsense",
        b"[]",
        b"{}",
        b'{"architecture":"amd64","os":"linux"}',
        b'{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":"sha256:1"}}',
        b'{"architecture":"amd64","os":"linux","rootfs":{},"created":"yesterday"}',
    ],
)
def test_a_broken_config_is_refused(config: bytes) -> None:
    with pytest.raises(ArchiveError):
        load(tar((info("manifest.json"), b'[{"Config": "c", "Layers": []}]'), (info("c"), config)))


def test_a_config_survives_its_json() -> None:
    run = RunConfig(
        user="1000",
        exposed_ports=("80/tcp",),
        env=("A=1",),
        entrypoint=("/bin/sh",),
        cmd=(),
        volumes=("/data",),
        working_dir="/w",
        labels={"a": "b"},
        stop_signal="SIGINT",
        healthcheck=Healthcheck(("CMD", "true"), 1, 2, 3, 4, 5),
        on_build=("RUN x",),
        shell=("sh", "-c"),
    )
    config = ImageConfig(run, ("sha256:1",), (History(5, "by", "why", "who", True),), 7, "me")
    again = parse_config(config.to_bytes())
    assert again == replace(config, config=replace(run, cmd=None))


def test_numbers_in_base_256_are_read() -> None:
    """GNU tar and Python write large owners so, where they write no PAX."""
    one = info("f")
    one.uid = 3_000_000
    node = unpack(tar((one, b""))).at("/f")
    assert node is not None
    assert node.meta.uid == 3_000_000


def test_zstd_is_named_and_not_read() -> None:
    with pytest.raises(NotSimulated, match="zstd"):
        unpack(Content.of(b"\x28\xb5\x2f\xfd" + bytes(100)))


def pax(**records: str) -> Content:
    one = info("f")
    one.pax_headers = records
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as out:
        out.addfile(one, io.BytesIO())
    return Content.of(stream.getvalue())


@pytest.mark.parametrize("records", [{"uid": "x"}, {"uid": "-1"}, {"mtime": "1" * 30}])
def test_senseless_pax_records_are_refused(records: dict[str, str]) -> None:
    with pytest.raises(ArchiveError, match="invalid tar header"):
        unpack(pax(**records))


def test_pax_times_are_cut_to_seconds() -> None:
    node = unpack(pax(mtime="1700000000.75")).at("/f")
    assert node is not None
    assert node.meta.mtime_ns == 1_700_000_000 * 10**9


@pytest.mark.parametrize(
    ("kind", "problem"), [(b"S", "sparse"), (b"Q", "unhandled tar header type 81")]
)
def test_unknown_members_are_named(kind: bytes, problem: str) -> None:
    with pytest.raises((NotSimulated, ArchiveError), match=problem):
        unpack(tar((info("x", kind), b"")))


def test_an_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgen.oci.tarread.INODES", 3)
    with pytest.raises(LimitExceeded, match="more than 3 files"):
        unpack(tar(*((info(f"f{number}"), b"") for number in range(4))))


def test_more_than_a_page_may_hash_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="hashing"):
        import_layer(Content.hole(5 << 30).write(0, tar((info("f"), b"x"))))
