"""The base image is what a real Docker gets: same tree, same tar, same ids."""

import pytest

from docgen.fs.nodes import Dir, File, Symlink
from docgen.oci.archive import write_image
from docgen.oci.base import base_image
from docgen.oci.ids import digest
from docgen.oci.layer import layer_tar

IMAGE = base_image("busybox")
(TREE,) = IMAGE.layers


def listing(path: str) -> list[str]:
    node = TREE.at(path)
    assert isinstance(node, Dir)
    return list(node.entries)


def test_the_layout_is_that_of_the_official_image() -> None:
    assert listing("/") == ["bin", "dev", "etc", "home", "root", "tmp", "usr", "var"]
    assert listing("/etc") == ["group", "localtime", "network", "passwd", "shadow"]
    assert TREE.at("/usr/bin/env").target == "../../bin/env"  # type: ignore[union-attr]
    owners = {path: TREE.at(path).meta for path in ("/home", "/tmp", "/root")}  # type: ignore[union-attr]
    assert (owners["/home"].uid, owners["/tmp"].mode, owners["/root"].mode) == (
        65534,
        0o1777,
        0o700,
    )


def test_every_applet_is_a_hard_link_of_one_file() -> None:
    numbers = {TREE.lookup(f"/bin/{name}") for name in listing("/bin")}
    assert len(numbers) == 1
    assert {"sh", "ls", "busybox", "[", "awk"} <= set(listing("/bin"))
    file = TREE.node(numbers.pop() or 0)
    assert isinstance(file, File)
    assert file.content.size == IMAGE.seal.size
    assert file.content.sha256() == IMAGE.seal.sha256


def test_the_config_starts_a_shell_like_the_official_one() -> None:
    assert IMAGE.config.config.cmd == ("sh",)
    assert IMAGE.config.config.env == (
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    )


def test_the_ids_are_the_committed_ones() -> None:
    """These change only when the package behind them does; every recording depends on them."""
    assert IMAGE.config.diff_ids == (
        "sha256:fc6f3abab9f377318423a22c12339aaaec7ed9fce6dbc68ad089b71b5e338321",
    )
    assert IMAGE.config.digest == (
        "sha256:02eb64a95be3850633fcb9a6e09fdc4c0590cc1bbd97b856011dd3351b345a59"
    )
    assert digest(IMAGE.manifest) == (
        "sha256:c06d861d5bd64849446187a2fd75e6ba6c5bb8e9ec74edb3666ef9db638251d1"
    )


def test_the_tar_has_the_size_that_the_manifest_says() -> None:
    assert layer_tar(TREE).size == IMAGE.descriptors[0].size


def test_nobody_exports_an_image_without_its_bytes() -> None:
    with pytest.raises(KeyError):
        list(write_image(IMAGE.saved(), sealed=dict[str, bytes]().__getitem__))
    with pytest.raises(ValueError, match="another hash"):
        list(write_image(IMAGE.saved(), sealed=lambda _sha: b"no busybox"))


def test_symlinks_of_the_image_stay_inside_it() -> None:
    for path, _, node in TREE.walk():
        assert not isinstance(node, Symlink) or path == "/usr/bin/env"
