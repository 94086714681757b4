"""The host's root file system before the first step: a small Debian, without its programs."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree

_DIRECTORIES: Final = {
    "/etc": 0o755,
    "/etc/docker": 0o755,
    "/home": 0o755,
    "/media": 0o755,
    "/mnt": 0o755,
    "/opt": 0o755,
    "/root": 0o700,
    "/run": 0o755,
    "/srv": 0o755,
    "/tmp": 0o1777,
    "/usr": 0o755,
    "/usr/bin": 0o755,
    "/usr/lib": 0o755,
    "/usr/local": 0o755,
    "/usr/local/bin": 0o755,
    "/usr/local/sbin": 0o755,
    "/usr/sbin": 0o755,
    "/usr/share": 0o755,
    "/var": 0o755,
    "/var/cache": 0o755,
    "/var/lib": 0o755,
    "/var/lib/docker": 0o710,
    "/var/lib/docker/buildkit": 0o711,
    "/var/lib/docker/buildkit/executor": 0o711,
    "/var/lib/docker/containers": 0o710,
    "/var/lib/docker/network": 0o750,
    "/var/lib/docker/network/files": 0o750,
    "/var/lib/docker/plugins": 0o700,
    "/var/lib/docker/plugins/tmp": 0o700,
    "/var/lib/docker/runtimes": 0o700,
    "/var/lib/docker/swarm": 0o700,
    "/var/lib/docker/tmp": 0o700,
    "/var/lib/docker/volumes": 0o701,
    "/var/log": 0o755,
    "/var/tmp": 0o1777,
}
_LINKS: Final = {
    "/bin": "usr/bin",
    "/lib": "usr/lib",
    "/sbin": "usr/sbin",
    "/var/run": "/run",
    "/etc/mtab": "../proc/self/mounts",
}
_MOUNT_POINTS: Final = {"/dev": 0o755, "/proc": 0o555, "/sys": 0o555}
_FILES: Final = {
    "/etc/passwd": """\
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
""",
    "/etc/group": """\
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
www-data:x:33:
nogroup:x:65534:
""",
    "/etc/hostname": "docker\n",
    "/etc/hosts": "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    "/etc/os-release": """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
""",
    "/etc/debian_version": "12.12\n",
}
_DATABASES: Final = {
    "/var/lib/docker/buildkit/cache.db": (32768, 0o600),
    "/var/lib/docker/network/files/local-kv.db": (65536, 0o644),
    "/var/lib/docker/volumes/metadata.db": (32768, 0o600),
}
"""Files of bbolt, dockerd's key-value store: they are there; their bytes are known to nobody."""
_ENGINE_ID: Final = "2f8a5c1e-6b0d-4d39-9d57-0c4b8e7f1a26"


def host_tree() -> Tree:
    """Everything carries the time at which every page begins."""
    nodes: dict[str, Node] = {
        path: Dir(Meta(mode=mode)) for path, mode in (_DIRECTORIES | _MOUNT_POINTS).items()
    }
    nodes |= {path: Symlink(target=target) for path, target in _LINKS.items()}
    nodes |= {path: File(Meta(), Content.of(text.encode())) for path, text in _FILES.items()}
    nodes |= {path: File(Meta(mode), _database(size)) for path, (size, mode) in _DATABASES.items()}
    nodes["/var/lib/docker/engine-id"] = File(Meta(0o600), Content.of(_ENGINE_ID.encode()))
    nodes["/var/lib/docker/volumes/backingFsBlockDev"] = Device(
        Meta(0o600), char=False, major=254, minor=1
    )
    return Tree.build(nodes)


def _database(size: int) -> Content:
    """Its last two pages were never written: 24 of 32 KiB lie on the disk (seen on 28.5.2)."""
    written = size - 2 * 4096
    return Content.sealed(written, sha256(b"bbolt").hexdigest()).truncate(size)
