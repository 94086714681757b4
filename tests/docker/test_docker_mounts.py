"""`-v`, `--mount`, `--tmpfs`: what they mean, and docker's words for what they do not."""

from __future__ import annotations

import pytest

from docgen.daemon.errors import DaemonError
from docgen.daemon.model import MountType
from docgen.shell.docker.csvline import read_csv
from docgen.shell.docker.mountflag import check_mount, parse_mount
from docgen.shell.docker.mounts import parse_tmpfs, parse_volume


@pytest.mark.parametrize(
    ("text", "kind", "source", "target", "mode"),
    [
        ("data:/d", MountType.VOLUME, "data", "/d", ""),
        ("data:/d:ro", MountType.VOLUME, "data", "/d", "ro"),
        ("/srv:/d", MountType.BIND, "/srv", "/d", ""),
        ("./html:/d", MountType.BIND, "/root/html", "/d", ""),
        (".:/d:rw,nocopy", MountType.BIND, "/root", "/d", "rw,nocopy"),
        ("..:/d", MountType.BIND, "/", "/d", ""),
        ("~/x:/d", MountType.VOLUME, "~/x", "/d", ""),
        ("/d", MountType.VOLUME, "", "/d", ""),
        ("x:/d", MountType.VOLUME, "", "x:/d", ""),
        (":", MountType.VOLUME, "", ":", ""),
        ("rel", MountType.VOLUME, "", "rel", ""),
    ],
)
def test_volume_flag(text: str, kind: MountType, source: str, target: str, mode: str) -> None:
    spec = parse_volume(text, "/root")
    assert (spec.type, spec.source, spec.target, spec.mode) == (kind, source, target, mode)
    assert spec.read_only == (mode == "ro")
    assert not spec.from_mount_flag


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "invalid empty volume spec"),
        ("aa::b", "invalid spec: aa::b: empty section between colons"),
        ("/a:/b:ro:x", "invalid spec: /a:/b:ro:x: too many colons"),
    ],
)
def test_bad_volume_flag(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=r"^invalid") as caught:
        parse_volume(text, "/root")
    assert str(caught.value) == error


def test_tmpfs_flag_is_not_in_the_list_of_mounts() -> None:
    spec = parse_tmpfs("/run:size=64m,mode=1777")
    assert (spec.type, spec.target) == (MountType.TMPFS, "/run")
    assert spec.tmpfs_options == "size=64m,mode=1777"
    assert not spec.in_mounts


def test_mount_flag_with_everything() -> None:
    text = (
        "type=volume,src=data,dst=/d,readonly,volume-nocopy,volume-subpath=a/b,volume-driver=local,"
        'volume-opt=type=tmpfs,"volume-opt=o=size=1m,uid=5",volume-label=x=y'
    )
    spec = parse_mount(text, "/root")
    assert spec.from_mount_flag
    assert (spec.source, spec.target, spec.read_only, spec.no_copy) == ("data", "/d", True, True)
    assert (spec.subpath, spec.volume_driver) == ("a/b", "local")
    assert spec.volume_options == {"type": "tmpfs", "o": "size=1m,uid=5"}
    assert spec.volume_labels == {"x": "y"}


@pytest.mark.parametrize(
    ("text", "kind", "source"),
    [
        ("target=/d", MountType.VOLUME, ""),
        ("TYPE=bind,source=./x,destination=/d", MountType.BIND, "/root/x"),
        ("type=tmpfs,dst=/d,tmpfs-size=64m,tmpfs-mode=1770", MountType.TMPFS, ""),
        ("type=image,src=app:1,dst=/d,image-subpath=x", MountType.IMAGE, "app:1"),
        (
            "type=bind,src=/a,dst=/d,bind-propagation=rslave,bind-recursive=enabled",
            MountType.BIND,
            "/a",
        ),
    ],
)
def test_mount_flag(text: str, kind: MountType, source: str) -> None:
    spec = parse_mount(text, "/root")
    assert (spec.type, spec.source, spec.target) == (kind, source, "/d")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "EOF"),
        ("type=volume,src=data", "target is required"),
        ("type=,dst=/d", "type is required"),
        ("colour=red,dst=/d", "unexpected key 'colour' in 'colour=red'"),
        ("bind-create-src,dst=/d", "invalid field 'bind-create-src' must be a key=value pair"),
        ("readonly=yes,dst=/d", "invalid value for readonly: yes"),
        ("type=tmpfs,dst=/d,tmpfs-size=lots", "invalid value for tmpfs-size: lots"),
        ("type=tmpfs,dst=/d,tmpfs-mode=9", "invalid value for tmpfs-mode: 9"),
        (
            "type=bind,src=/a,dst=/d,volume-nocopy",
            "cannot mix 'volume-*' options with mount type 'bind'",
        ),
        ("dst=/d,tmpfs-size=1m", "cannot mix 'tmpfs-*' options with mount type 'volume'"),
        (
            "type=bind,src=/a,dst=/d,bind-recursive=readonly",
            "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction",
        ),
        (
            "type=bind,src=/a,dst=/d,bind-recursive=no",
            'invalid value for bind-recursive: no (must be "enabled", "disabled", "writable", or '
            '"readonly")',
        ),
        ('dst=/d"', 'parse error on line 1, column 7: bare " in non-quoted-field'),
        ('"dst=/d', 'parse error on line 1, column 8: extraneous or missing " in quoted-field'),
    ],
)
def test_bad_mount_flag(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_mount(text, "/root")
    assert str(caught.value) == error


def test_csv_quotes() -> None:
    assert read_csv('a,"b,""c""",') == ["a", 'b,"c"', ""]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a:b:c:d", "invalid volume specification: 'a:b:c:d'"),
        ("/foo:rw", "invalid volume specification: '/foo:rw'"),
    ],
)
def test_volume_flag_that_only_the_daemon_minds(text: str, error: str) -> None:
    with pytest.raises(DaemonError) as caught:
        parse_volume(text, "/")
    assert caught.value.message == error


def test_unknown_mount_type_is_for_the_daemon_to_refuse() -> None:
    assert check_mount("type=npipe,src=x,dst=/d")
    with pytest.raises(DaemonError, match="mount type unknown"):
        parse_mount("type=npipe,src=x,dst=/d", "/")
