"""Paths and words about a layer: `.GraphDriver.Data`, /proc/mounts, where files lie."""

from __future__ import annotations

from dataclasses import replace

from docgen.oci.ids import base_32
from docgen.store.driver import Driver, Form, RootMount
from docgen.store.layers import Cell, Layer, Writable


def files_of(driver: Driver, name: str) -> str:
    """The directory of files of one of the driver's directories."""
    return f"{driver.home}/{name}{driver.content}"


def merged_path(driver: Driver, rw: Writable) -> str:
    return driver.merged.format(home=driver.home, name=rw.directory, container=rw.name)


def short_link(seed: str, number: int) -> str:
    """overlay2's 26-character name of a directory, below `l/`: mount options stay short."""
    return base_32(f"{seed}\0link", number)


def graph_driver(driver: Driver, of: Layer | Writable) -> dict[str, str] | None:
    """Keys as 28.5 prints them, sorted. A classic store adds ID to a container's; containerd
    tells nothing."""
    if driver.is_containerd:
        return None
    data = _overlay_data(driver, of) if driver.form is Form.OVERLAY2 else {}
    if isinstance(of, Writable):
        data["ID"] = of.name
    return {key: data[key] for key in sorted(data)} or None


def _overlay_data(driver: Driver, of: Layer | Writable) -> dict[str, str]:
    name, below = (
        (of.cell.name, of.cell.below) if isinstance(of, Layer) else (of.directory, of.below)
    )
    folder = f"{driver.home}/{name}"
    data = {
        "MergedDir": f"{folder}/merged",
        "UpperDir": f"{folder}/diff",
        "WorkDir": f"{folder}/work",
    }
    if below is not None:
        data["LowerDir"] = ":".join(files_of(driver, cell.name) for cell in below.stack())
    return data


def mount_line(driver: Driver, seed: str, rw: Writable) -> RootMount:
    """A union shows its layers; a whole tree is a bind of its directory, so the disk's device."""
    if driver.is_union and rw.below is None:
        return RootMount("/dev/vda1", driver.backing, "relatime")
    stack = rw.below.stack() if rw.below is not None else ()
    lower = ":".join(_lower(driver, seed, cell) for cell in stack)
    upper = files_of(driver, rw.directory)
    work = f"{driver.home}/{rw.directory}/work"
    layers = f"lowerdir={lower},upperdir={upper},workdir={work}"
    return replace(driver.mount, options=driver.mount.options.format(layers=layers))


def _lower(driver: Driver, seed: str, cell: Cell) -> str:
    if driver.form is Form.OVERLAY2:
        return f"{driver.home}/l/{short_link(seed, cell.number)}"
    return files_of(driver, cell.name)
