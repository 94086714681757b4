"""COPY and ADD (BuildKit dockerfile2llb dispatchCopy)."""

from __future__ import annotations

import posixpath

from docgen.daemon.build import copyop
from docgen.daemon.build.dispatch import CopyWords, copy_words
from docgen.daemon.build.layering import Layering
from docgen.daemon.build.parse import Heredoc, Instruction
from docgen.daemon.build.words import expand
from docgen.daemon.users import file_owner
from docgen.fs.content import Content
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Dir, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.fs.view import View
from docgen.oci.ids import base_36


class CopySteps(Layering):
    """Steps that bring files in."""

    def _copy(self, instruction: Instruction) -> None:
        words = copy_words(self.state.settings, instruction)
        chown, target = words.chown, words.target
        inline = (
            self._job.vertex("[internal] preparing inline document")
            if instruction.heredocs
            else None
        )
        source, paths, missing = self._source(instruction, words.named)
        line = _copy_line(instruction, words)
        vertex = self._vertex(self._name(instruction))
        if missing:
            seed = self._job.request.context
            ref = f"{base_36(seed, 1)}::{base_36(seed, self._job.number + 1)}"
            reason = f"failed to calculate checksum of ref {ref}: {missing}"
            self._fail(vertex, reason)
            raise copyop.CopyError(f"failed to compute cache key: {reason}")
        where = posixpath.join("/", self.state.settings.config.working_dir or "/", target)
        whole = self._destination(where, target)
        words_of_key = (
            instruction.name,
            copyop.fingerprint(source, paths),
            whole,
            chown,
            words.chmod,
        )

        def make(view: View) -> None:
            options = copyop.CopyOptions(
                target=whole,
                owner=self._owner(view, chown) if chown else None,
                mode=words.mode,
                unpack=instruction.name == "ADD",
            )
            for path in paths:
                copyop.copy(source, path, view, options)

        self._layered(vertex, line, words_of_key, make)
        if inline is not None:
            inline.status = vertex.status

    @staticmethod
    def _destination(where: str, target: str) -> str:
        clean = posixpath.normpath(where).replace("//", "/")
        is_directory = target.endswith(("/", "/.")) or target in (".", "")
        return clean.rstrip("/") + "/" if is_directory else clean

    def _owner(self, view: View, text: str) -> tuple[int, int]:
        named = [one for one in text.split(":") if one and not one.isdecimal()]
        if named and not self.state.layers:
            raise copyop.CopyError("invalid user index: -1")
        return file_owner(view, text)

    def _source(
        self, instruction: Instruction, named: tuple[str, ...]
    ) -> tuple[View, list[str], str]:
        """Where the files come from; the paths; what is missing."""
        view = self._source_view(instruction)
        paths: list[str] = []
        inline = iter(instruction.heredocs)
        try:
            for one in named:
                if one.startswith("<<") and instruction.heredocs:
                    paths.append(self._inline(view, next(inline)))
                else:
                    paths += copyop.sources(view, [one])
        except copyop.CopyError as error:
            return view, [], str(error)
        return view, paths, ""

    def _inline(self, view: View, doc: Heredoc) -> str:
        data = doc.data
        if doc.expand:
            data = expand(data, self.state.settings.env, document=True)
        path = f"/{doc.name}"
        view.write_file(path, Content.of(data), 0o644)
        return path

    def _source_view(self, instruction: Instruction) -> View:
        name = instruction.flag("from")
        if not name:
            tree = self._job.context
        else:
            stage = self._job.plan.find(name)
            if stage is not None and stage.index in self._job.states:
                layers = self._job.states[stage.index].layers
            elif name == "scratch":
                layers = []
            else:
                layers = list(self._job.bases[name].layers)
            tree = self._world.store.full_tree(layers[-1]) if layers else EMPTY_TREE
        if not tree.at("/"):
            tree = Tree.build({"/": Dir(Meta(0o755))})
        namespace = Namespace()
        namespace.mount(PlainFs(tree, self._world.clock), "/")
        return View(namespace, umask=0)


def _copy_line(instruction: Instruction, words: CopyWords) -> str:
    inline = iter(instruction.heredocs)
    named = [
        f"<<{next(inline).name}" if one.startswith("<<") and instruction.heredocs else one
        for one in words.named
    ]
    flags = f" --chown={words.chown}" if words.chown else ""
    flags += f" --chmod={words.chmod}" if words.chmod else ""
    return f"{instruction.name}{flags} {' '.join(named)} {words.target} # buildkit"
