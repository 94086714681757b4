"""The host's root file system before the first step: a small Debian, without its programs."""

from __future__ import annotations

from typing import Final

from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
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
    "/var/lib/docker/containers": 0o710,
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


def host_tree() -> Tree:
    """Everything carries the time at which every page begins."""
    nodes: dict[str, Node] = {
        path: Dir(Meta(mode=mode)) for path, mode in (_DIRECTORIES | _MOUNT_POINTS).items()
    }
    nodes |= {path: Symlink(target=target) for path, target in _LINKS.items()}
    nodes |= {path: File(Meta(), Content.of(text.encode())) for path, text in _FILES.items()}
    return Tree.build(nodes)
