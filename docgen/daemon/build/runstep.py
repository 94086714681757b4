"""RUN: a program in the state of a stage, with what BuildKit mounts around it
(executor/runcexecutor)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Final

from docgen.daemon.buildmodel import Vertex
from docgen.daemon.devices import device_fs, sys_tree
from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.launch import find_executable, work_in
from docgen.daemon.rootfs import make_mount_point
from docgen.daemon.runner import ProcessSpec, Running
from docgen.daemon.streams import NullInput, Output
from docgen.daemon.users import ExecUser, look_up
from docgen.daemon.waits import Steps, Until
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import FsError
from docgen.fs.filesystem import FileSystem
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import File
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import SyntheticFs
from docgen.fs.tree import Tree
from docgen.fs.view import View

_NO_DEVICES: Final = "nosuid,nodev,noexec,relatime"
_HOSTS: Final = "127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n"
_RESOLV: Final = "nameserver 127.0.0.1\n"
_STUBS: Final = ("/etc/resolv.conf", "/etc/hosts")
HOSTNAME: Final = "buildkitsandbox"
_RUNC: Final = "runc run failed: unable to start container process: "


def run(
    world: World,
    root: FileSystem,
    argv: Sequence[str],
    env: Mapping[str, str],
    user: str,
    directory: str,
    vertex: Vertex,
    group: str,
) -> Steps[int]:
    """Exit code; 1 with a line in the log where runc finds no program. /proc and /sys stay in the
    layer as mount points, the files in /etc do not. Raises DaemonError for an unknown user."""
    namespace = Namespace()
    namespace.mount(root, "/", source="overlay", fstype="overlay", options="relatime")
    view = View(namespace, umask=0)
    stubs = _mount(world, namespace, view, group)
    try:
        who = look_up(view, user)
        try:
            process = _start(world, namespace, view, argv, env, who, directory, vertex, group)
        except DaemonError as error:
            vertex.log.append((0, f"{error.message}\n".encode()))
            return 1
        yield Until(lambda: process.exit_code is not None)
        return process.exit_code or 0
    finally:
        namespace.unmount_all()
        _take_away(root, stubs)


def _mount(world: World, namespace: Namespace, view: View, group: str) -> list[tuple[str, int]]:
    """The mounts; returns the mount points that were made for files, with their directory's
    mtime."""
    proc = SyntheticFs(dict(world.proc_files(namespace, group)), fstype="proc", clock=world.clock)
    sys = PlainFs(sys_tree(), world.clock, fstype="sysfs")
    systems: list[tuple[str, FileSystem, str, bool]] = [
        ("/proc", proc, _NO_DEVICES, False),
        ("/dev", device_fs(world.clock), "nosuid,size=65536k,mode=755", False),
        ("/sys", sys, _NO_DEVICES, True),
    ]
    for path, fs, options, read_only in systems:
        make_mount_point(view, path, is_directory=True)
        namespace.mount(fs, path, options=options, read_only=read_only)
    files = PlainFs(
        Tree.build(
            {
                "/etc/hosts": File(content=Content.of(_HOSTS)),
                "/etc/resolv.conf": File(content=Content.of(_RESOLV)),
            }
        ),
        world.clock,
    )
    made = []
    for path in _STUBS:
        if not view.exists(path):
            parent = posixpath.dirname(path)
            time = view.stat(parent).mtime_ns if view.exists(parent) else world.clock.now_ns
            made.append((path, time))
        make_mount_point(view, path, is_directory=False)
        namespace.mount(files, path, root=path, read_only=True)
    return made


def _take_away(root: FileSystem, stubs: list[tuple[str, int]]) -> None:
    """BuildKit's MountStubsCleaner: empty files that were made go, their directory's time
    returns."""
    namespace = Namespace()
    namespace.mount(root, "/")
    view = View(namespace, umask=0)
    for path, time in reversed(stubs):
        if view.exists(path, follow=False) and view.stat(path, follow=False).size == 0:
            view.unlink(path)
            view.utimens(posixpath.dirname(path), time, time)
    namespace.unmount_all()


def _start(
    world: World,
    namespace: Namespace,
    view: View,
    argv: Sequence[str],
    env: Mapping[str, str],
    who: ExecUser,
    directory: str,
    vertex: Vertex,
    group: str,
) -> Running:
    whole = {**env}
    whole.setdefault("HOME", who.home)
    cwd = work_in(view, directory or "/")
    path = find_executable(view, argv[0], whole.get("PATH", ""), cwd, _RUNC)
    process_view = View(namespace, cwd=cwd)
    process_view.credentials = Credentials(who.uid, who.gid, who.groups)
    stdout = Output(Lines(world, vertex).take)
    stderr = Output(Lines(world, vertex).take)
    try:
        return world.running().spawn(
            ProcessSpec(
                argv=argv,
                env=whole,
                view=process_view,
                stdin=NullInput(),
                stdout=stdout,
                stderr=stderr,
                group=group,
                is_init=True,
                path=path,
            )
        )
    except FsError as error:
        text = f"exec {path}: {error.errno.value.lower()}"
        raise DaemonError(text, Kind.INVALID) from error


class Lines:
    """Output of a step, cut into lines with their time since the step's start."""

    def __init__(self, world: World, vertex: Vertex) -> None:
        self._world = world
        self._vertex = vertex
        self._open = False

    def take(self, data: Content) -> None:
        elapsed = self._world.clock.now_ns - self._vertex.started_ns
        for line in data.to_bytes().splitlines(keepends=True):
            log = self._vertex.log
            if self._open and log:
                before, text = log[-1]
                log[-1] = (before, text + line)
            else:
                log.append((elapsed, line))
            self._open = not line.endswith(b"\n")
