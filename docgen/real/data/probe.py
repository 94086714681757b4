"""Runs inside a throw-away host: prints what its Docker stores, as JSON. Standard library only.

    python3 probe.py DRIVER [KNOWN_PATH ...]

Sent as text to the host's own Python; not part of the package's imports.
"""

import hashlib
import http.client
import json
import os
import socket
import stat
import subprocess
import sys

MIB = 1024 * 1024
WATCHED = ("/root", "/srv", "/tmp")
MOST = 2000
KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "dir"),
    (stat.S_ISLNK, "symlink"),
    (stat.S_ISCHR, "char"),
    (stat.S_ISBLK, "block"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
)


class Socket(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect("/var/run/docker.sock")


def api(path):
    """What the daemon answers; the command line would round sizes."""
    connection = Socket("docker")
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def call(*argv):
    return subprocess.run(argv, capture_output=True, text=True).stdout


def kind_of(mode):
    return next(name for test, name in KINDS if test(mode))


def entry(path, real, numbers):
    st = os.lstat(real)
    kind = kind_of(st.st_mode)
    if kind == "char" and st.st_rdev == 0:
        return {"path": path, "kind": "whiteout"}
    made = {"path": path, "kind": kind, "size": 0, "mode": stat.S_IMODE(st.st_mode)}
    made.update(uid=st.st_uid, gid=st.st_gid)
    if kind != "dir" and st.st_nlink > 1:
        made["inode"] = numbers.setdefault((st.st_dev, st.st_ino), len(numbers) + 1)
    if kind == "file":
        made["size"] = st.st_size
        if st.st_size <= MIB:
            with open(real, "rb") as file:
                made["digest"] = hashlib.sha256(file.read()).hexdigest()
    elif kind == "symlink":
        made["target"] = os.readlink(real)
        made["size"] = len(os.fsencode(made["target"]))
    elif kind == "dir":
        made["opaque"] = opaque(real)
    return made


def opaque(real):
    try:
        return os.getxattr(real, "trusted.overlay.opaque", follow_symlinks=False) == b"y"
    except OSError:
        return False


def entries(root, most=None):
    """Everything below a directory, depth first, sorted by name."""
    found, numbers = [], {}

    def walk(path, real):
        for name in sorted(os.listdir(real)):
            if most is not None and len(found) >= most:
                return
            one = entry(f"{path}/{name}", f"{real}/{name}", numbers)
            found.append(one)
            if one["kind"] == "dir":
                walk(one["path"], f"{real}/{name}")

    if root and os.path.isdir(root):
        walk("", root)
    return found


def read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def classic_directory(driver, container):
    mount_id = read(f"/var/lib/docker/image/{driver}/layerdb/mounts/{container}/mount-id")
    place = {
        "overlay2": "overlay2/{}/diff",
        "fuse-overlayfs": "fuse-overlayfs/{}/diff",
        "vfs": "vfs/dir/{}",
        "btrfs": "btrfs/subvolumes/{}",
    }[driver]
    return "/var/lib/docker/" + place.format(mount_id)


def containerd_directory(snapshotter, container):
    argv = (
        "ctr",
        "-n",
        "moby",
        "snapshots",
        "--snapshotter",
        snapshotter,
        "mounts",
        "/x",
        container,
    )
    text = call(*argv).replace(",", " ").split()
    uppers = [word[len("upperdir=") :] for word in text if word.startswith("upperdir=")]
    if uppers:
        return uppers[0]
    paths = [word for word in text if word.startswith("/var/lib/containerd/")]
    return paths[0] if paths else ""


def changes(container):
    found = api(f"/containers/{container}/changes") or []
    return sorted(
        ({"mark": "CAD"[one["Kind"]], "path": one["Path"]} for one in found),
        key=lambda c: c["path"],
    )


def writable(driver, container):
    made = changes(container["Id"])
    if driver in ("overlayfs", "native", "containerd-btrfs"):
        snapshotter = driver.removeprefix("containerd-")
        directory = containerd_directory(snapshotter, container["Id"])
    else:
        directory = classic_directory(driver, container["Id"])
    if driver in ("overlayfs", "overlay2", "fuse-overlayfs"):
        held = entries(directory)
    else:
        held = [difference(directory, change) for change in made]
    return {
        "entries": held,
        "changes": made,
        "size": container.get("SizeRw") or 0,
        "directory": directory,
    }


def difference(directory, change):
    if change["mark"] == "D":
        return {"path": change["path"], "kind": "whiteout"}
    return entry(change["path"], directory + change["path"], {})  # hard links: each for itself


def mounts(container, nameless):
    found = []
    running = container["State"]["Pid"]
    for one in container["Mounts"]:
        name = one.get("Name", "")
        found.append(
            {
                "kind": one["Type"],
                "source": name if one["Type"] in ("volume", "image") else one["Source"],
                "target": one["Destination"],
                "read_only": not one["RW"],
                "anonymous": name in nameless,
            }
        )
    for target in container["HostConfig"].get("Tmpfs") or {}:
        found.append(
            {
                "kind": "tmpfs",
                "source": "",
                "target": target,
                "read_only": False,
                "anonymous": False,
            }
        )
    for one in found:
        live = one["kind"] == "tmpfs" and running
        one["entries"] = entries(f"/proc/{running}/root{one['target']}") if live else []
    return sorted(found, key=lambda one: one["target"])


def container_state(driver, container, nameless, images):
    state = container["State"]
    return {
        "id": container["Id"],
        "name": container["Name"].lstrip("/"),
        "image": container["Image"],
        "image_name": container["Config"]["Image"],
        "status": state["Status"],
        "exit_code": state["ExitCode"],
        "layers": images.get(container["Image"], []),
        "writable": writable(driver, container),
        "mounts": mounts(container, nameless),
        "log_size": log_size(container),
        "auto_remove": container["HostConfig"]["AutoRemove"],
        "read_only": container["HostConfig"]["ReadonlyRootfs"],
    }


def log_size(container):
    try:
        return os.stat(container["LogPath"]).st_size
    except OSError:
        return 0


def chain(diff_ids):
    keys = []
    for diff_id in diff_ids:
        text = f"{keys[-1]} {diff_id}" if keys else ""
        keys.append("sha256:" + hashlib.sha256(text.encode()).hexdigest() if keys else diff_id)
    return keys


def main(driver, known):
    listed = api("/images/json")
    inspected = {one["Id"]: api(f"/images/{one['Id']}/json") for one in listed}
    layers = {key: chain(one["RootFS"]["Layers"]) for key, one in inspected.items()}
    volumes = api("/volumes")["Volumes"] or []
    nameless = {v["Name"] for v in volumes if "com.docker.volume.anonymous" in (v["Labels"] or {})}
    held = api("/containers/json?all=1")
    found = [api(f"/containers/{one['Id']}/json?size=1") for one in held]
    found.sort(key=lambda one: one["Created"])
    containers = [container_state(driver, one, nameless, layers) for one in found]
    print(
        json.dumps(
            {
                "images": [
                    {
                        "id": one["Id"],
                        "names": sorted(one["RepoTags"] or []),
                        "layers": layers[one["Id"]],
                        "size": one["Size"],
                    }
                    for one in listed
                ],
                "containers": containers,
                "volumes": [volume(one, one["Name"] in nameless, containers) for one in volumes],
                "host_paths": host_paths(containers, known),
            }
        )
    )


def volume(one, anonymous, containers):
    return {
        "name": one["Name"],
        "anonymous": anonymous,
        "driver": one["Driver"],
        "options": one["Options"] or {},
        "labels": one["Labels"] or {},
        "directory": one["Mountpoint"],
        "entries": entries(one["Mountpoint"]),
        "used_by": users(containers, "volume", one["Name"]),
    }


def users(containers, kind, source):
    return [
        c["id"]
        for c in containers
        if any(m["kind"] == kind and m["source"] == source for m in c["mounts"])
    ]


def host_paths(containers, known):
    bound = {m["source"] for c in containers for m in c["mounts"] if m["kind"] == "bind"}
    made = {
        f"{top}/{name}"
        for top in WATCHED
        for name in os.listdir(top)
        if f"{top}/{name}" not in known
    }
    found = []
    for path in sorted(bound | made):
        kind = kind_of(os.lstat(path).st_mode) if os.path.lexists(path) else None
        held = entries(path, MOST) if kind == "dir" else []
        found.append(
            {
                "path": path,
                "kind": kind,
                "entries": held,
                "used_by": users(containers, "bind", path),
            }
        )
    return found


main(sys.argv[1], set(sys.argv[2:]))
