"""`docker build`: Dockerfiles, layers, history, cache. What is expected was seen on a real
28.5.2."""

from __future__ import annotations

import pytest
from daemon_world import Lab, volume

from docgen.daemon.build.ignore import is_ignored, parse_ignore
from docgen.daemon.build.parse import DockerfileError, parse_dockerfile
from docgen.daemon.build.words import WordError, expand, quoted_words
from docgen.daemon.buildmodel import BuildError, VertexStatus
from docgen.daemon.glob import path_match
from docgen.diagnostics import NotSimulated
from docgen.fs.nodes import Dir, File, Symlink
from docgen.oci.ids import EMPTY_TAR

CONTEXT = "/root/ctx"


def lab_with_context(driver: str = "overlayfs") -> Lab:
    """a.txt, b.txt (600), sub/{s, hard = s, deep/d} with sub 700, link -> a.txt, linkdir -> sub."""
    lab = Lab(driver)
    for name, text in {"a.txt": "a\n", "b.txt": "b\n", "sub/s": "s\n", "sub/deep/d": "d\n"}.items():
        lab.host_file(f"{CONTEXT}/{name}", text)
    lab.view.chmod(f"{CONTEXT}/b.txt", 0o600)
    lab.view.chmod(f"{CONTEXT}/sub", 0o700)
    lab.view.chown(f"{CONTEXT}/sub/s", 5, 6)
    lab.view.link(f"{CONTEXT}/sub/s", f"{CONTEXT}/sub/hard")
    lab.view.symlink("a.txt", f"{CONTEXT}/link")
    lab.view.symlink("sub", f"{CONTEXT}/linkdir")
    return lab


def built(lab: Lab, root: str, image: str = "app") -> list[str]:
    """Mode, owner and path of everything below a directory of an image; content of small files."""
    top = lab.daemon.image(image).top
    assert top is not None
    tree = lab.host.world.store.full_tree(top)
    found = []
    for path, _, node in tree.walk():
        if path != root and not path.startswith(f"{root.rstrip('/')}/"):
            continue
        meta = node.meta
        tail = {Dir: "/", Symlink: "@"}.get(type(node), "")
        if isinstance(node, File):
            tail = f" {node.content.to_bytes().decode()!r}"
        found.append(f"{meta.mode:o} {meta.uid}:{meta.gid} {path}{tail}")
    return found


def history(lab: Lab, image: str = "app") -> list[str]:
    """What the build added to `docker history`, oldest first."""
    return [one.created_by for one in reversed(lab.daemon.history(image)) if one.comment]


def failure(lab: Lab, text: str, **more: object) -> BuildError:
    with pytest.raises(BuildError) as caught:
        lab.build(text, **more)  # type: ignore[arg-type]
    return caught.value


def test_metadata_makes_history_but_no_layers() -> None:
    lab = Lab()
    lab.build(
        """\
FROM busybox
ARG V=1
LABEL a=b c="d e"
ENV X=1 Y="two words"
USER nobody
EXPOSE 80 53/udp
VOLUME ["/a", "/b"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5m --timeout=3s --retries=3 CMD ["x", "y"]
SHELL ["/bin/sh", "-eu", "-c"]
CMD echo $X
ENTRYPOINT ["/bin/env"]
"""
    )
    assert history(lab) == [
        "ARG V=1",
        "LABEL a=b c=d e",
        "ENV X=1 Y=two words",
        "USER nobody",
        "EXPOSE [53/udp 80/tcp]",
        "VOLUME [/a /b]",
        "STOPSIGNAL SIGINT",
        'HEALTHCHECK &{["CMD" "x" "y"] "5m0s" "3s" "0s" "0s" \'\\x03\'}',
        "SHELL [/bin/sh -eu -c]",
        'CMD ["/bin/sh" "-eu" "-c" "echo $X"]',
        'ENTRYPOINT ["/bin/env"]',
    ]
    image = lab.daemon.image("app")
    config = image.run_config
    assert len(image.layers) == 1
    assert config.env[-2:] == ("X=1", "Y=two words")
    assert config.labels == {"a": "b", "c": "d e"}
    assert (config.user, config.volumes, config.stop_signal) == ("nobody", ("/a", "/b"), "SIGINT")
    assert config.exposed_ports == ("53/udp", "80/tcp")


def test_run_names_its_arguments_and_keeps_what_the_program_wrote() -> None:
    lab = Lab()
    lab.build(
        """\
FROM busybox
ARG NAME=world
ENV GREET="hello $NAME"
WORKDIR /srv/app
RUN write out hi
RUN ["read", "/srv/app/out"]
""".replace('RUN ["read", "/srv/app/out"]\n', 'RUN ["/bin/sh", "-c", "read out"]\n')
    )
    assert history(lab)[2:] == [
        "WORKDIR /srv/app",
        "RUN |1 NAME=world /bin/sh -c write out hi # buildkit",
        "RUN |1 NAME=world /bin/sh -c read out # buildkit",
    ]
    assert built(lab, "/srv") == [
        "755 0:0 /srv/",
        "755 0:0 /srv/app/",
        "644 0:0 /srv/app/out 'hi\\n'",
    ]


def test_a_here_document_is_given_to_the_shell() -> None:
    lab = Lab()
    lab.build("FROM busybox\nRUN <<E\nwrite /one 1; write /two 2\nE\n")
    assert history(lab) == ["RUN /bin/sh -c write /one 1; write /two 2\n # buildkit"]
    lab.build("FROM busybox\nENV W=x\nCOPY <<A <<'B' /hd/\n$W\nA\n$W\nB\n")
    assert built(lab, "/hd") == [
        "755 0:0 /hd/",
        "644 0:0 /hd/A 'x\\n'",
        "644 0:0 /hd/B '$W\\n'",
    ]


@pytest.mark.parametrize(
    ("step", "root", "expected"),
    [
        ("COPY a.txt /new", "/new", ["644 0:0 /new 'a\\n'"]),
        ("COPY a.txt /new/", "/new", ["755 0:0 /new/", "644 0:0 /new/a.txt 'a\\n'"]),
        (
            "COPY a.txt b.txt /w/",
            "/w",
            ["755 0:0 /w/", "644 0:0 /w/a.txt 'a\\n'", "600 0:0 /w/b.txt 'b\\n'"],
        ),
        (
            "COPY *.txt /w/",
            "/w",
            ["755 0:0 /w/", "644 0:0 /w/a.txt 'a\\n'", "600 0:0 /w/b.txt 'b\\n'"],
        ),
        ("COPY nope* /x/", "/x", []),
        (
            "COPY sub /z",
            "/z",
            [
                "755 0:0 /z/",
                "755 0:0 /z/deep/",
                "644 0:0 /z/deep/d 'd\\n'",
                "644 0:0 /z/hard 's\\n'",
                "644 0:0 /z/s 's\\n'",
            ],
        ),
        (
            "COPY --chmod=700 --chown=nobody:nobody sub/deep /own",
            "/own",
            ["700 65534:65534 /own/", "700 65534:65534 /own/d 'd\\n'"],
        ),
        ("COPY --chown=1000 a.txt /o", "/o", ["644 1000:1000 /o 'a\\n'"]),
        ("COPY link /lnk", "/lnk", ["644 0:0 /lnk 'a\\n'"]),
        ("COPY linkdir/deep /ld", "/ld", ["755 0:0 /ld/", "644 0:0 /ld/d 'd\\n'"]),
        (
            "COPY --chmod=640 a.txt b.txt /d/",
            "/d",
            ["640 0:0 /d/", "640 0:0 /d/a.txt 'a\\n'", "640 0:0 /d/b.txt 'b\\n'"],
        ),
        ("ADD a.txt /added/", "/added", ["755 0:0 /added/", "644 0:0 /added/a.txt 'a\\n'"]),
    ],
)
def test_what_copy_copies(step: str, root: str, expected: list[str]) -> None:
    lab = lab_with_context()
    lab.build(f"FROM busybox\n{step}\n")
    assert built(lab, root) == expected


def test_copy_goes_below_the_working_directory_and_keeps_links() -> None:
    lab = lab_with_context()
    lab.build("FROM busybox\nWORKDIR /wd\nCOPY . .\n")
    assert built(lab, "/wd")[-1] == "644 0:0 /wd/sub/s 's\\n'"
    assert "777 0:0 /wd/link@" in built(lab, "/wd")
    top = lab.daemon.image("app").top
    assert top is not None
    hard = top.diff.lookup("/wd/sub/hard")
    assert hard == top.diff.lookup("/wd/sub/s")


def test_a_directory_that_workdir_makes_belongs_to_the_user() -> None:
    lab = Lab()
    lab.build("FROM busybox\nUSER 1000\nWORKDIR /home/u\n")
    assert built(lab, "/home/u") == ["755 1000:1000 /home/u/"]


def test_add_unpacks_an_archive_of_the_context() -> None:
    lab = lab_with_context()
    lab.run("web")
    lab.daemon.copy_to(lab.view, f"{CONTEXT}/sub", "web", "/tree")
    lab.view.write_file(f"{CONTEXT}/a.tar", lab.daemon.read_archive("web", "/tree"))
    lab.build("FROM busybox\nADD a.tar /t/\nCOPY a.tar /plain\n")
    assert [line.split()[-1] for line in built(lab, "/t/tree/deep")][-1] == "'d\\n'"
    assert "644 0:0 /t/tree/deep/d 'd\\n'" in built(lab, "/t")


def test_stages_share_nothing_but_what_is_copied() -> None:
    lab = lab_with_context()
    lab.build(
        """\
FROM busybox AS build
RUN write /made 1; write /junk 2
FROM busybox
COPY --from=build --chown=1:2 /made /got
COPY --from=busybox /etc/passwd /pw
"""
    )
    assert built(lab, "/got") == ["644 1:2 /got '1\\n'"]
    assert built(lab, "/junk") == []
    assert history(lab)[0] == "COPY --chown=1:2 /made /got # buildkit"


def test_scratch_holds_only_what_is_put_there() -> None:
    lab = lab_with_context()
    lab.build("FROM scratch\nCOPY a.txt /x\n")
    image = lab.daemon.image("app")
    assert built(lab, "/")[1:] == ["644 0:0 /x 'a\\n'"]
    assert image.run_config.working_dir == "/"


def test_a_target_and_a_build_argument() -> None:
    lab = Lab()
    text = "ARG BASE=busybox\nFROM $BASE AS one\nARG V=1\nENV E=$V\nFROM busybox AS two\n"
    lab.build(text, target="one", args={"V": "7"})
    assert history(lab) == ["ARG V=7", "ENV E=7"]
    assert failure(lab, text, target="nope").message == (
        'failed to solve: target stage "nope" could not be found'
    )


@pytest.mark.parametrize("driver", ["overlayfs", "overlay2"])
def test_layers_of_steps_that_change_nothing(driver: str) -> None:
    """engine-observations 2.3: on overlay2 a RUN leaves `etc/`, where the mount points were."""
    lab = Lab(driver)
    lab.build("FROM busybox\nRUN true\nRUN true\nWORKDIR /tmp\n")
    _, first, second, third = lab.daemon.image("app").config.diff_ids
    assert third == EMPTY_TAR
    assert (second == EMPTY_TAR) is (driver == "overlayfs")
    top = lab.daemon.image("app").layers[2]
    names = [path for path, _, _ in top.diff.walk()]
    assert names == {"overlayfs": ["/"], "overlay2": ["/", "/etc"]}[driver]
    assert first != EMPTY_TAR, "the first RUN makes /proc and /sys"


def test_sizes_of_layers_on_the_containerd_store() -> None:
    """Seen: WORKDIR 12.3kB, COPY of a file 8.19kB, the first RUN with a file 16.4kB + a file's."""
    lab = lab_with_context()
    lab.build("FROM busybox\nRUN write /g 1\nWORKDIR /srv/app\nCOPY a.txt /x\nRUN true\n")
    sizes = [one.size for one in lab.daemon.history("app")][:4]
    assert sizes == [4096, 8192, 12288, 16384]


def test_a_cached_step_does_not_run_again() -> None:
    lab = lab_with_context("overlay2")
    text = "FROM busybox\nCOPY a.txt /a\nRUN write /t 1\n"
    first = lab.build(text)
    lab.view.utimens(f"{CONTEXT}/a.txt", 0, 0)
    assert lab.build(text) == first, "a touch is no change"
    lab.view.chmod(f"{CONTEXT}/a.txt", 0o755)
    assert lab.build(text) != first
    again = lab.build(text, no_cache=True)
    assert again != first


def test_the_containerd_store_never_gives_the_same_id_twice() -> None:
    """engine-observations 2.11."""
    lab = lab_with_context()
    text = "FROM busybox\nCOPY a.txt /a\n"
    first, second = lab.build(text, "one"), lab.build(text, "two")
    assert first != second
    layers = [lab.daemon.image(name).config.diff_ids for name in ("one", "two")]
    assert layers[0] == layers[1]


def test_the_progress_names_every_step() -> None:
    from docgen.daemon.buildmodel import BuildRequest

    lab = lab_with_context()
    lab.host_file(f"{CONTEXT}/Dockerfile", "FROM busybox\nCOPY a.txt /a\nRUN out done\n")
    request = BuildRequest(view=lab.view, context=CONTEXT, tags=("app",))
    result = lab.drive(lab.daemon.build(request))
    base = lab.daemon.image("busybox").id
    assert [one.name for one in result.vertices] == [
        "[internal] load build definition from Dockerfile",
        "[internal] load metadata for docker.io/library/busybox:latest",
        "[internal] load .dockerignore",
        "[internal] load build context",
        f"[1/3] FROM docker.io/library/busybox:latest@{base}",
        "[2/3] COPY a.txt /a",
        "[3/3] RUN out done",
        "exporting to image",
    ]
    assert [line for _, line in result.vertices[6].log] == [b"done\n"]
    again = lab.drive(lab.daemon.build(request))
    assert [one.status for one in again.vertices[4:7]] == [VertexStatus.CACHED] * 3


@pytest.mark.parametrize(
    ("dockerfile", "message", "line"),
    [
        (
            "FROM busybox\nRUN out x; exit 3\n",
            'process "/bin/sh -c out x; exit 3" did not complete successfully: exit code: 3',
            2,
        ),
        (
            'FROM busybox\nRUN ["nosuch"]\n',
            'process "nosuch" did not complete successfully: exit code: 1',
            2,
        ),
        (
            "FROM busybox\nUSER nosuch\nRUN true\n",
            'process "/bin/sh -c true" did not complete successfully: '
            "unable to find user nosuch: no matching entries in passwd file",
            3,
        ),
        (
            "FROM busybox\nFOO bar\n",
            "dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)",
            2,
        ),
        ("RUN true\n", "no build stage in current context", 1),
        (
            "FROM busybox\nCOPY a.txt\n",
            "dockerfile parse error on line 2: COPY requires at least two arguments, "
            "but only one was provided. Destination could not be determined",
            2,
        ),
        (
            "FROM busybox\nCOPY --chmod=999 a.txt /x\n",
            "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777",
            2,
        ),
        (
            "FROM busybox\nCOPY --foo=999 a.txt /x\n",
            "dockerfile parse error on line 2: unknown flag: --foo (did you mean from?)",
            2,
        ),
        (
            "FROM nosuch:1\nRUN true\n",
            "nosuch:1: failed to resolve source metadata for docker.io/library/nosuch:1: "
            "docker.io/library/nosuch:1: not found",
            1,
        ),
    ],
)
def test_builds_that_fail(dockerfile: str, message: str, line: int) -> None:
    lab = lab_with_context()
    error = failure(lab, dockerfile)
    assert error.message == f"failed to solve: {message}"
    assert error.line == line


def test_a_missing_source_and_a_missing_dockerfile() -> None:
    lab = lab_with_context()
    error = failure(lab, "FROM busybox\nCOPY nope /x\n")
    assert error.message.startswith(
        "failed to solve: failed to compute cache key: failed to calculate checksum of ref "
    )
    assert error.message.endswith('"/nope": not found')
    assert error.failed is not None
    assert error.failed.name == "[2/2] COPY nope /x"
    error = failure(lab, "FROM busybox\n", dockerfile=f"{CONTEXT}/nofile")
    assert error.message == (
        "failed to solve: failed to read dockerfile: open nofile: no such file or directory"
    )


def test_what_is_real_but_not_simulated_is_refused() -> None:
    lab = lab_with_context()
    for step in (
        "ADD https://example.org/x /x",
        "RUN --mount=type=cache,target=/c true",
        "ONBUILD RUN true",
        "COPY --parents a.txt /x",
    ):
        with pytest.raises(NotSimulated):
            lab.build(f"FROM busybox\n{step}\n")


def test_data_below_a_volume_stays_in_a_build() -> None:
    """engine-observations 1.26."""
    lab = lab_with_context()
    lab.build("FROM busybox\nRUN mkdir /data\nVOLUME /data\nRUN write /data/after x\n")
    assert lab.output("ls", "/data", image="app") == "after\n"


def test_the_build_cache_counts_sources_bases_and_steps() -> None:
    """Seen for this very Dockerfile: 6 records, 20.48kB of local sources."""
    lab = Lab()
    lab.host_file(f"{CONTEXT}/f", "f\n")
    lab.create("web", "true", mounts=(volume("data", "/data"),))
    lab.build("FROM busybox\nCOPY f /f\nRUN true\n")
    row = lab.daemon.disk_usage().build_cache
    assert (row.total, row.size, row.reclaimable) == (6, 20_480, 20_480)
    assert len(lab.daemon.prune_build_cache().deleted) == 3
    assert len(lab.daemon.prune_build_cache(all=True).deleted) == 3
    assert lab.daemon.disk_usage().build_cache.total == 0
    assert lab.daemon.image("app").layers


# --- reading -------------------------------------------------------------------------------------


def test_continuations_comments_and_directives() -> None:
    text = "# escape=`\n\nFROM busybox\n# a comment\nRUN one `\n# inside\n\n  two\ncmd x\n"
    found = parse_dockerfile(text).instructions
    assert [(one.name, one.rest, one.line, one.last_line) for one in found] == [
        ("FROM", "busybox", 3, 3),
        ("RUN", "one   two", 5, 8),
        ("CMD", "x", 9, 9),
    ]


@pytest.mark.parametrize("text", ["# only\n", "\n\n", "\\\n"])
def test_a_dockerfile_without_instructions(text: str) -> None:
    with pytest.raises(DockerfileError, match="file with no instructions"):
        parse_dockerfile(text)


def test_a_here_document_must_end() -> None:
    with pytest.raises(DockerfileError, match="unterminated heredoc"):
        parse_dockerfile("FROM x\nRUN <<E\nabc\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A-${A}-$B", "1-1-"),
        ("${A:-x}${B:-x}${B-y}", "1xy"),
        ("${A:+x}${B:+x}", "x"),
        ("'$A' \"$A\" \\$A", "$A 1 $A"),
        ("${B:-${A}}", "1"),
        ("a$", "a$"),
    ],
)
def test_words_are_expanded(text: str, expected: str) -> None:
    assert expand(text, {"A": "1"}) == expected


def test_words_that_cannot_be_expanded() -> None:
    for text in ("${", "'x", '"x', "${A:?gone}", "${}"):
        with pytest.raises(WordError):
            expand(text, {})
    with pytest.raises(NotSimulated):
        expand("${A#x}", {})


def test_quotes_keep_words_together() -> None:
    assert quoted_words("a=1 b=\"two words\" c='x y' d\\ e") == [
        "a=1",
        'b="two words"',
        "c='x y'",
        "d\\ e",
    ]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("r.md", True),
        ("keep.md", False),
        ("sub/secret", True),
        ("sub/secret/x", True),
        ("sub/s", False),
        ("a/b/tmp", True),
        ("tmp/x", True),
        ("sub/x.md", False),
    ],
)
def test_dockerignore(path: str, ignored: bool) -> None:
    patterns = parse_ignore("# no\n*.md\nsub/secret\n!keep.md\n**/tmp\n\n/root.txt/\n")
    assert is_ignored(patterns, path) is ignored


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*", "", True),
        ("*a*b", "xxaxxb", True),
        ("*a*b", "xxaxx", False),
        ("[a-c]?", "bz", True),
        ("[^a-c]?", "bz", False),
        ("\\*", "*", True),
        ("a", "ab", False),
        ("[", "[", False),
        ("*" * 30 + "b", "a" * 200, False),
    ],
)
def test_patterns_match_as_go_does(pattern: str, name: str, matches: bool) -> None:
    assert path_match(pattern, name) is matches
