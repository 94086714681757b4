"""Write `docgen/oci/data/busybox.json` from Debian 12's busybox-static package.

    apt-get download busybox-static
    python tools/make_base_image.py busybox-static_*.deb

Run by hand when the package changes: every image id of the project follows from this file. The
layout is that of the official busybox image (docker-library/busybox, Dockerfile.builder):
buildroot's skeleton files, one directory per home of /etc/passwd, /usr/bin/env, every applet a
hard link of one file; without the libraries, since this busybox is static.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from docgen.oci.base_manifest import parse
from docgen.oci.tarform import END, header, padding

CREATED = 1735689600
"""2025-01-01T00:00:00Z: before the virtual clock starts, whatever the package's own date."""

GROUP = """\
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
kmem:x:9:
wheel:x:10:root
cdrom:x:11:
dialout:x:18:
floppy:x:19:
video:x:28:
audio:x:29:
tape:x:32:
www-data:x:33:
operator:x:37:
utmp:x:43:
plugdev:x:46:
staff:x:50:
lock:x:54:
netdev:x:82:
users:x:100:
nobody:x:65534:
"""

PASSWD = """\
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""

SHADOW = "".join(f"{line.partition(':')[0]}:*:::::::\n" for line in PASSWD.splitlines())

UTC = (
    b"TZif2" + bytes(15) + bytes(19) + b"\1\0\0\0\4" + bytes(6) + b"UTC\0"
    b"TZif2" + bytes(15) + bytes(19) + b"\1\0\0\0\4" + bytes(6) + b"UTC\0" + b"\nUTC0\n"
)
"""zoneinfo/UTC, 114 bytes."""


def directory(path: str, mode: str = "755", uid: int = 0, gid: int = 0) -> dict[str, Any]:
    row: dict[str, Any] = {"path": path, "kind": "dir", "mode": mode}
    return row | ({"uid": uid, "gid": gid} if uid or gid else {})


def text(path: str, content: str, mode: str = "644") -> dict[str, Any]:
    return {"path": path, "kind": "file", "mode": mode, "text": content}


LAYOUT: list[dict[str, Any]] = [
    directory("bin"),
    directory("dev"),
    directory("etc"),
    text("etc/group", GROUP),
    {
        "path": "etc/localtime",
        "kind": "file",
        "mode": "644",
        "base64": base64.b64encode(UTC).decode("ascii"),
    },
    directory("etc/network"),
    directory("etc/network/if-down.d"),
    directory("etc/network/if-post-down.d"),
    directory("etc/network/if-pre-up.d"),
    directory("etc/network/if-up.d"),
    text("etc/passwd", PASSWD),
    text("etc/shadow", SHADOW, "600"),
    directory("home", uid=65534, gid=65534),
    directory("root", "700"),
    directory("tmp", "1777"),
    directory("usr"),
    directory("usr/bin"),
    {"path": "usr/bin/env", "kind": "symlink", "mode": "777", "target": "../../bin/env"},
    directory("usr/sbin", uid=1, gid=1),
    directory("var"),
    directory("var/spool"),
    directory("var/spool/mail", uid=8, gid=8),
    directory("var/www"),
]


def from_package(package: Path) -> tuple[bytes, list[str], str]:
    """The binary, its other applet names, and what the package calls itself."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg", "-x", str(package), folder], check=True)
        binary = Path(folder, "bin/busybox")
        listed = subprocess.run([binary, "--list"], check=True, capture_output=True, text=True)
        data = binary.read_bytes()
    shown = subprocess.run(
        ["dpkg-deb", "-W", "--showformat=${Package} ${Version} ${Architecture}", str(package)],
        check=True,
        capture_output=True,
        text=True,
    )
    return data, sorted({*listed.stdout.split()} - {"busybox"}), shown.stdout


def describe(data: bytes, applets: list[str], package: str) -> dict[str, Any]:
    """The JSON of the manifest, its digest computed over the true bytes."""
    version = package.split()[1].partition(":")[2].partition("-")[0]
    sealed = {"path": "bin/busybox", "kind": "file", "mode": "755"}
    described: dict[str, Any] = {
        "name": "busybox:latest",
        "created": CREATED,
        "created_by": f"BusyBox {version} (static), Debian 12",
        "seal": {
            "path": "bin/busybox",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "package": package,
        },
        "entries": [*LAYOUT, sealed],
        "links": {"bin/busybox": [f"bin/{name}" for name in applets]},
        "diff_id": "",
        "tar_size": 0,
    }
    running, size = hashlib.sha256(), 0
    for entry in parse(described).entries:
        body = data if entry.sealed else entry.data
        for part in (header(entry.member), body, bytes(padding(len(body)))):
            running.update(part)
            size += len(part)
    running.update(END)
    return described | {
        "diff_id": "sha256:" + running.hexdigest(),
        "tar_size": size + len(END),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="busybox-static_*.deb of Debian 12")
    described = describe(*from_package(parser.parse_args().package))
    target = Path(__file__).parent.parent / "docgen/oci/data/busybox.json"
    target.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", "utf-8")
    manifest = parse(described)
    print(f"diff id   {manifest.diff_id}")
    print(f"image id  {manifest.config().digest} (classic)")


if __name__ == "__main__":
    main()
