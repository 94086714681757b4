"""The simulated Docker host: a Debian-like file tree, a clock, and dockerd on it."""

from __future__ import annotations

import posixpath
from typing import Final

from docgen.daemon.containers import ContainerStore
from docgen.daemon.daemon import Daemon
from docgen.daemon.devices import device_fs, sys_tree
from docgen.daemon.hosttree import host_tree
from docgen.daemon.ids import Ids
from docgen.daemon.imagedata import load_base_image
from docgen.daemon.images import ImageStore
from docgen.daemon.projection import Projection
from docgen.daemon.runner import Runner
from docgen.daemon.volumemounts import VolumeMounts
from docgen.daemon.volumes import VolumeStore
from docgen.daemon.world import ProcFiles, World
from docgen.fs.clock import Clock
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import SyntheticFs
from docgen.fs.tree import Tree
from docgen.fs.view import View
from docgen.store.store import open_store

BASE_IMAGE: Final = "busybox"
_REFUSE: Final = (
    "Docker's own directories can be read, not written; write through a container or a volume"
)
_NO_DEVICES: Final = "nosuid,nodev,noexec,relatime"


class Host:
    """One disposable host; the whole world of a page.

    `driver` is one of `docgen.store.driver.DRIVERS`; `seed` (the page's path in the project)
    decides ids.
    """

    def __init__(self, driver: str = "overlayfs", seed: str = "", tree: Tree | None = None) -> None:
        """`tree` is the root file system before the first step; default: `host_tree()`, which has
        no programs.
        """
        self.driver = driver
        self.seed = seed
        self.clock = Clock()
        self.filesystem = PlainFs(
            host_tree() if tree is None else tree, self.clock, fstype="ext4", device="/dev/vda1"
        )
        self.namespace = Namespace()
        self.namespace.mount(self.filesystem, "/")
        self.world = self._world()
        self.daemon = Daemon(self.world)
        load_base_image(self.world, BASE_IMAGE)
        self._mount_systems()
        self._mount_projections()

    def _world(self) -> World:
        store = open_store(self.driver, self.clock, self.seed)
        view = View(self.namespace, umask=0)
        ids = Ids(self.seed)
        return World(
            clock=self.clock,
            driver=self.driver,
            store=store,
            ids=ids,
            filesystem=self.filesystem,
            namespace=self.namespace,
            view=view,
            images=ImageStore(store, self.clock, containerd=store.driver.is_containerd),
            containers=ContainerStore(),
            volumes=VolumeStore(view, self.clock, ids),
            volume_mounts=VolumeMounts(self.namespace, view, self.clock),
        )

    def view(self, cwd: str = "/root", umask: int = 0o022) -> View:
        """Root's view of the host."""
        return View(self.namespace, cwd=cwd, umask=umask)

    def set_runner(self, runner: Runner) -> None:
        """Give the daemon its program runner (the kernel of the shell room); once, before the first
        start."""
        self.world.runner = runner

    def set_proc_files(self, files: ProcFiles) -> None:
        """What /proc holds, here and in every container from now on (the shell room knows the
        processes)."""
        self.world.proc_files = files
        self.namespace.umount("/proc")
        self._mount_proc()

    def _mount_systems(self) -> None:
        self._mount_proc()
        sys = PlainFs(sys_tree(), self.clock, fstype="sysfs")
        self.namespace.mount(sys, "/sys", source="sysfs", options=_NO_DEVICES)
        self.namespace.mount(
            device_fs(self.clock), "/dev", source="udev", options="nosuid,relatime,mode=755"
        )

    def _mount_proc(self) -> None:
        files = dict(self.world.proc_files(self.namespace, ""))
        fs = SyntheticFs(files, fstype="proc", clock=self.clock)
        self.namespace.mount(fs, "/proc", source="proc", options=_NO_DEVICES)

    def _mount_projections(self) -> None:
        """The store's part of the disk; hidden from /proc/mounts, where it is no mount of
        its own."""
        view = self.world.view
        for root in self.world.store.layout().roots:
            view.makedirs(posixpath.dirname(root), 0o711)
            view.makedirs(root, 0o711)
            projection = Projection(
                root, self.world.store.layout, lambda: self.world.generation, self.clock
            )
            self.namespace.mount(projection, root, hidden=True, refuse=_REFUSE)
