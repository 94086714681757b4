"""The copying itself: one entry after the other, parents before children."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.fs.openfile import OpenFile
from docgen.shell.applets.copy.complaints import SPECIAL, Complaints, Dangling
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.support.quoting import shell_quoted
from docgen.shell.process import Process


class Copier(Complaints):
    """Copies operands under one plan; `status` becomes 1 when something failed."""

    def __init__(self, p: Process, plan: Plan) -> None:
        super().__init__(p, plan)
        self._copied: dict[tuple[int, int], str] = {}
        """Inodes with more names that were copied, and where to."""
        self._made: set[tuple[int, int]] = set()
        """What this command itself created (GNU refuses to overwrite it)."""

    def operand(self, source: str, target: str) -> Steps[bool]:
        """One source with all below it. False when something of it failed."""
        before, self.status = self.status, 0
        self._top = (source, target)
        follow = self.plan.follow in ("always", "operands")
        finish: list[tuple[str, Stat]] = []
        pending = [(source, target, follow)]
        try:
            top_device = self.view.stat(source, follow).dev
        except FsError as error:
            yield from self._cannot_stat(source, error)
            pending, top_device = [], 0
        while pending:
            self.p.kernel.tick()
            current, place, through = pending.pop()
            try:
                stat = self.view.stat(current, through)
            except FsError as error:
                yield from self._cannot_stat(current, error)
                continue
            obstacle = self._unreachable(place)
            if obstacle is not None:
                yield from self._cannot_stat(place, obstacle)
            elif stat.kind is not Kind.DIR:
                yield from self._entry(current, place, stat)
            if obstacle is not None or stat.kind is not Kind.DIR:
                continue
            names = yield from self._directory(current, place, stat, finish)
            if self.plan.one_file_system and stat.dev != top_device:
                names = []
            deeper = self.plan.follow == "always"
            pending += [(f"{current}/{n}", f"{place}/{n}", deeper) for n in reversed(names)]
        for place, stat in reversed(finish):
            yield from self._attributes(place, stat)
        failed, self.status = self.status, self.status | before
        return not failed

    def _directory(
        self, source: str, target: str, stat: Stat, finish: list[tuple[str, Stat]]
    ) -> Steps[list[str]]:
        """Makes the directory; gives the names to be copied into it."""
        if not self.plan.recursive:
            yield from self._omit(source)
            return []
        existing = self._stat(target, follow=True)
        if existing is not None and existing.kind is not Kind.DIR:
            yield from self._not_onto(source, target)
            return []
        if (stat.dev, stat.ino) in self._made:
            yield from self._into_itself(source)
            return []
        try:
            if existing is None:
                self.view.mkdir(
                    target, (stat.mode if self.plan.mode else stat.mode & 0o777) | 0o700
                )
                made = self.view.stat(target)
                self._made.add((made.dev, made.ino))
                if self.plan.gnu and self.plan.verbose:
                    yield from self._tell(source, target)
            names = self.view.listdir(source)
        except FsError as error:
            yield from self._cannot_make_directory(source, target, error)
            return []
        if existing is None or self.plan.mode or self.plan.owner or self.plan.times:
            finish.append((target, stat))
        return names

    def _unreachable(self, target: str) -> FsError | None:
        """busybox looks at the target first, and tells when it cannot."""
        if self.plan.gnu:
            return None
        try:
            self.view.stat(target, follow=False)
        except FsError as error:
            return None if error.errno is Errno.ENOENT else error
        return None

    def _stat(self, path: str, follow: bool) -> Stat | None:
        try:
            return self.view.stat(path, follow)
        except FsError:
            return None

    def _entry(self, source: str, target: str, stat: Stat) -> Steps[None]:
        existing = self._stat(target, follow=False)
        if existing is not None and not (
            yield from self._may_replace(source, target, stat, existing)
        ):
            return
        try:
            if self.plan.as_link:
                yield from self._link(source, target)
            elif self._linked(stat, target):
                pass
            elif stat.kind is Kind.FILE or (stat.kind in SPECIAL and not self.plan.recursive):
                yield from self._file(source, target, stat, existing)
            elif stat.kind is Kind.SYMLINK:
                self._remove(target, existing)
                self.view.symlink(self.view.readlink(source), target)
            else:
                self._remove(target, existing)
                self._special(target, stat)
        except FsError as error:
            yield from self._failed(source, target, stat, error)
            return
        if self.plan.verbose:
            yield from self._tell(source, target)
        if not self.plan.as_link:
            yield from self._attributes(target, stat)
        made = self._stat(target, follow=False)
        if made is not None:
            self._made.add((made.dev, made.ino))

    def _linked(self, stat: Stat, target: str) -> bool:
        """A further name of an inode that was copied already becomes a further name there."""
        if not self.plan.links or stat.nlink < 2:
            return False
        first = self._copied.setdefault((stat.dev, stat.ino), target)
        if first == target:
            return False
        self._remove(target, self._stat(target, follow=False))
        self.view.link(first, target)
        return True

    def _link(self, source: str, target: str) -> Steps[None]:
        if self.plan.force or self.plan.remove_destination:
            self._remove(target, self._stat(target, follow=False))
        if self.plan.as_link == "hard":
            self.view.link(source, target, follow=self.plan.follow == "always")
        elif self.plan.gnu and not source.startswith("/") and "/" in target:
            shown = shell_quoted(self.p, target)
            text = "can make relative symbolic links only in current directory"
            yield from self._complain(f"{shown}: {text}")
        else:
            self.view.symlink(source, target)

    def _special(self, target: str, stat: Stat) -> None:
        mode = stat.mode if self.plan.mode else stat.mode & 0o777
        if stat.kind is Kind.FIFO:
            self.view.mkfifo(target, mode)
        else:
            self.view.mknod(target, mode, stat.kind is not Kind.BLOCK, *stat.rdev)

    def _remove(self, target: str, existing: Stat | None) -> None:
        if existing is not None:
            self.view.unlink(target)

    def _file(self, source: str, target: str, stat: Stat, existing: Stat | None) -> Steps[None]:
        if existing is not None and (self.plan.remove_destination or self._must_unlink(existing)):
            self._remove(target, existing)
            existing = None
        reader = self.view.open(source)
        try:
            writer = self._open_target(target, stat)
            try:
                if not self.plan.attributes_only:
                    self._pour(reader, writer)
            finally:
                writer.close()
        finally:
            reader.close()
        yield from ()

    def _must_unlink(self, existing: Stat) -> bool:
        """mv across file systems replaces; so does a copy over a symlink that is not followed."""
        return self.plan.moving or (
            existing.kind is Kind.SYMLINK and self.plan.recursive and not self.plan.gnu
        )

    def _open_target(self, target: str, stat: Stat) -> OpenFile:
        truncating = Open(0) if self.plan.attributes_only else Open.TRUNC
        mode = stat.mode & (0o7777 if self.plan.mode else 0o777)
        dangling = self.view.exists(target, follow=False) and not self.view.exists(target)
        if dangling and self.plan.gnu:
            raise Dangling(Errno.EEXIST, target)
        try:
            return self.view.open(target, Open.WRONLY | Open.CREAT | truncating, mode)
        except FsError as error:
            if not self.plan.force or error.errno is Errno.ENOENT:
                raise
            self.view.unlink(target)
            return self.view.open(target, Open.WRONLY | Open.CREAT | Open.EXCL, mode)

    def _pour(self, reader: OpenFile, writer: OpenFile) -> None:
        """GNU keeps holes (copy by SEEK_DATA); busybox writes zeros for them."""
        content = reader.read(1 << 42)
        if self.plan.gnu and content.size and content.allocated() < content.size:
            for at, extent in content.extents:
                writer.seek(at)
                writer.write(content.read(at, extent.length))
            writer.truncate(content.size)
        elif content.size:
            writer.write(content)

    def _attributes(self, target: str, stat: Stat) -> Steps[None]:
        """Owner, then mode (chown clears set-id bits), then times."""
        is_link = stat.kind is Kind.SYMLINK
        try:
            if self.plan.owner:
                self._chown(target, stat)
            if self.plan.mode and not is_link:
                self.view.chmod(target, stat.mode)
            elif stat.kind is Kind.DIR and not self.plan.mode:
                now = self.view.stat(target)
                wanted = stat.mode & 0o777 & ~self.view.umask
                if now.mode & 0o777 == wanted | 0o700 & ~self.view.umask and now.mode != wanted:
                    self.view.chmod(target, now.mode & 0o7000 | wanted)
            if self.plan.times:
                self.view.utimens(target, stat.atime_ns, stat.mtime_ns, follow=False)
        except FsError as error:
            shown = self._shown(target)
            yield from self._complain(f"preserving times for {shown}: {error.errno.value}")

    def _chown(self, target: str, stat: Stat) -> None:
        """An ordinary user's failure to give files away is no error, as in cp."""
        try:
            self.view.chown(target, stat.uid, stat.gid, follow=False)
        except FsError as error:
            if error.errno is not Errno.EPERM:
                raise

    def _may_replace(self, source: str, target: str, stat: Stat, existing: Stat) -> Steps[bool]:
        plan = self.plan
        if plan.no_clobber:
            return False
        resolved = (self._stat(target, follow=True) if plan.gnu else None) or existing
        same = (resolved.dev, resolved.ino) == (stat.dev, stat.ino)
        if plan.as_link == "hard" and same:
            return False
        if same and not (plan.remove_destination and plan.gnu and stat.nlink > 1):
            yield from self._same(source, target)
            return False
        if resolved.kind is Kind.DIR:
            yield from self._over_directory(source, target)
            return False
        if plan.gnu and (existing.dev, existing.ino) in self._made and not plan.as_link:
            yield from self._just_created(source, target)
            return False
        return not (plan.update and resolved.mtime_ns >= stat.mtime_ns)
