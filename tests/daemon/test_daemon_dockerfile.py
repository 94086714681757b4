"""What BuildKit says of a Dockerfile before it runs it: errors and remarks, all seen on 28.5.2."""

from __future__ import annotations

import pytest
from daemon_world import Lab

from docgen.daemon.build.suggest import closest
from docgen.daemon.buildmodel import BuildError, BuildRequest, BuildResult, VertexStatus
from docgen.daemon.duration import parse_duration
from docgen.daemon.users import file_owner
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.nodes import File

_PARSE = "dockerfile parse error on line"
_TWO_ARGUMENTS = (
    "requires at least two arguments, but only one was provided. "
    "Destination could not be determined"
)


def failure(text: str) -> BuildError:
    lab = Lab()
    lab.host_file("/root/ctx/a.txt", "a\n")
    with pytest.raises(BuildError) as caught:
        lab.build(text)
    return caught.value


def built(lab: Lab, text: str) -> BuildResult:
    lab.host_file("/root/ctx/a.txt", "a\n")
    lab.host_file("/root/ctx/Dockerfile", text)
    return lab.drive(lab.daemon.build(BuildRequest(lab.view, "/root/ctx")))


def remarks(text: str) -> list[str]:
    """Of a build that goes on, or of one that fails."""
    try:
        result = built(Lab(), text)
    except BuildError as error:
        return list(error.warnings)
    said = [note.removeprefix("WARN: ") for note in result.vertices[0].notes if "WARN" in note]
    assert list(dict.fromkeys(said)) == list(result.warnings)
    return said


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("RUNN x", "unknown instruction: RUNN (did you mean RUN?)"),
        ("comy x", "unknown instruction: comy (did you mean copy?)"),
        ("ENTRYP x", "unknown instruction: ENTRYP"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("USER", "USER requires exactly one argument"),
        ("STOPSIGNAL", "STOPSIGNAL requires exactly one argument"),
        ("MAINTAINER", "MAINTAINER requires exactly one argument"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ("VOLUME []", "VOLUME requires at least one argument"),
        ('VOLUME [""]', "VOLUME specified can not be an empty string"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG 1 =x", "ARG names can not be blank"),
        ("ENV =b", "ENV names can not be blank"),
        ("SHELL x", "SHELL requires the arguments to be in JSON form"),
        ("SHELL []", "SHELL requires at least one argument"),
        ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
        ("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"),
        ("HEALTHCHECK FOO x", 'Unknown type "FOO" in HEALTHCHECK (try CMD)'),
        ("HEALTHCHECK --interval=5x CMD x", 'time: unknown unit "x" in duration "5x"'),
        ("HEALTHCHECK --timeout=1 CMD x", 'time: missing unit in duration "1"'),
        ("HEALTHCHECK --interval=-1s CMD x", 'Interval "interval" cannot be less than 1ms'),
        ("HEALTHCHECK --timeout=0.5ms CMD x", 'Interval "timeout" cannot be less than 1ms'),
        ("HEALTHCHECK --retries=x CMD x", 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)"),
        ("COPY", f"COPY {_TWO_ARGUMENTS}"),
        ('COPY ["a.txt"]', f"COPY {_TWO_ARGUMENTS}"),
        ("COPY --form=x a b", "unknown flag: --form (did you mean from?)"),
        ("COPY --chwn=x a b", "unknown flag: --chwn (did you mean chown?)"),
        ("USER --x=1 a", "unknown flag: --x"),
        ("COPY --from a.txt /x", "missing a value on flag: --from"),
        ("COPY --link= a.txt /x", "missing a value on flag: --link"),
        ("COPY --link=x a b", "expecting boolean value for flag --link, not: x"),
        ("COPY --from=a --from=b x y", "duplicate flag specified: --from"),
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM busybox a", "FROM requires either one or three arguments"),
        (
            "FROM busybox AS a/b",
            'invalid name for build stage: "a/b", name can\'t start with a number '
            "or contain symbols",
        ),
    ],
)
def test_syntax_is_checked_before_an_image_is_looked_for(step: str, text: str) -> None:
    error = failure(f"FROM nosuch\n{step}\nRUN exit 1\n")
    assert error.message == f"failed to solve: {_PARSE} 2: {text}"
    assert (error.line, error.last_line, error.failed) == (2, 2, None)
    assert len(error.vertices) == 1


@pytest.mark.parametrize(
    ("dockerfile", "text", "line"),
    [
        ("", "the Dockerfile cannot be empty", 0),
        ("ARG X\n", "dockerfile contains no stages to build", 0),
        ("ARG X\nRUN true\nFROM busybox\n", "no build stage in current context", 2),
        ("FROM busybox\nENV A\n", "ENV must have two arguments", 2),
        ("FROM busybox\nLABEL A\n", "LABEL must have two arguments", 2),
        (
            "FROM busybox\nENV A=1 B\n",
            'Syntax error - can\'t find = in "B". Must be of the form: name=value',
            2,
        ),
        ("FROM busybox\nCOPY <<E /x\nabc\n", "unterminated heredoc", 2),
        ("FROM $UNK\n", "base name ($UNK) should not be blank", 1),
        ("FROM --platform=$UNK busybox\n", "empty platform value from expression $UNK", 1),
        ("FROM busybox AS a\nCOPY --from=5 /a /b\n", "invalid stage index 5", 0),
        (
            "FROM busybox\nCOPY --from=$X /a /b\n",
            "variable expansion is not supported for --from, define a new stage with FROM "
            "using ARG from global scope as a workaround",
            0,
        ),
        (
            "FROM busybox AS a\nCOPY --from=a /a /b\n",
            "circular dependency detected on stage: a",
            2,
        ),
        (
            "FROM scratch AS x\nCOPY --from=y a /\nFROM scratch AS y\nCOPY --from=x a /\n",
            "circular dependency detected on stage: x",
            4,
        ),
        (
            "FROM busybox\nFROM busybox\nCOPY --from=1 /a /b\n",
            "circular dependency detected on stage: stage-1",
            3,
        ),
    ],
)
def test_a_file_that_makes_no_stages(dockerfile: str, text: str, line: int) -> None:
    error = failure(dockerfile)
    assert error.message == f"failed to solve: {text}"
    assert error.line == line
    assert len(error.vertices) == 1


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("EXPOSE x", "invalid containerPort: x"),
        ("EXPOSE 70000", "invalid containerPort: 70000"),
        ("EXPOSE 5-3", "invalid containerPort: 5-3"),
        ("EXPOSE 80/foo", 'invalid port: "80/foo": invalid proto: foo'),
        ("EXPOSE ${A?x}", 'failed to process "${A?x}": A: x'),
        ("STOPSIGNAL $S", "invalid signal: "),
        ("VOLUME $V", "VOLUME specified can not be an empty string"),
        ("COPY a.txt ${A?}", 'failed to process "${A?}": A: is not allowed to be unset'),
        (
            "ENV A='x",
            'failed to process "\'x": unexpected end of statement while looking for '
            "matching single-quote",
        ),
        (
            "COPY --chmod=999 a.txt /x",
            "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777",
        ),
        (
            "COPY --from=later /a /b",
            'cannot copy from stage "later", it needs to be defined before current stage "base"',
        ),
    ],
)
def test_words_are_read_before_a_step_runs(step: str, text: str) -> None:
    error = failure(f"FROM busybox AS base\nRUN exit 1\n{step}\nFROM busybox AS later\nFROM base\n")
    assert error.message == f"failed to solve: {text}"
    assert error.line == 3
    assert [one.name for one in error.vertices][1:] == [
        "[internal] load metadata for docker.io/library/busybox:latest",
        "[internal] load .dockerignore",
    ]


def test_stages_that_are_not_needed_are_not_asked() -> None:
    lab = Lab()
    result = built(
        lab,
        "FROM busybox AS unused\nSTOPSIGNAL nope\nRUN exit 1\nFROM busybox AS busybox\nRUN true\n",
    )
    assert [one.name.partition(" FROM")[0] for one in result.vertices[3:5]] == [
        "[busybox 1/2]",
        "[busybox 2/2] RUN true",
    ]


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        (
            "FROM busybox as a\nFROM a AS Scratch\n",
            [
                "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)",
                "StageNameCasing: Stage name 'Scratch' should be lowercase (line 2)",
                "ReservedStageName: Stage name should not use the same name as reserved stage "
                '"scratch" (line 2)',
            ],
        ),
        (
            "FROM busybox AS y\nFROM busybox AS y\nMAINTAINER me\n",
            [
                'DuplicateStageName: Duplicate stage name "y", stage names should be unique '
                "(line 2)",
                "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using "
                "label (line 3)",
            ],
        ),
        (
            'from busybox\nrun true\nCMD ["x"]\nEnv A=1\n',
            [
                "ConsistentInstructionCasing: Command 'CMD' should match the case of the command "
                "majority (lowercase) (line 3)",
                "ConsistentInstructionCasing: Command 'Env' should match the case of the command "
                "majority (lowercase) (line 4)",
            ],
        ),
        (
            'FROM busybox\nCMD ["a"]\nCMD ["b"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD true\n',
            [
                f"MultipleInstructionsDisallowed: Multiple {name} instructions should not be used "
                f"in the same stage because only the last one will be used (line {line})"
                for name, line in (("CMD", 2), ("HEALTHCHECK", 4))
            ],
        ),
        (
            "FROM busybox\nARG PASSWORD=1\nENV MY_TOKEN=1 api_key=2\n"
            "ENV public_key=1 TOKENS=1 PASSWORD_FILE=/x\nENV K v\nLABEL k v\n",
            [
                *(
                    "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data "
                    f"({where}) (line {line})"
                    for where, line in (
                        ('ARG "PASSWORD"', 2),
                        ('ENV "MY_TOKEN"', 3),
                        ('ENV "api_key"', 3),
                        ('ENV "PASSWORD_FILE"', 4),
                    )
                ),
                *(
                    f'LegacyKeyValueFormat: "{name} key=value" should be used instead of legacy '
                    f'"{name} key value" format (line {line})'
                    for name, line in (("ENV", 5), ("LABEL", 6))
                ),
            ],
        ),
        (
            "FROM busybox\nEXPOSE 80:81 53/UDP\nWORKDIR x\nWORKDIR y\n",
            [
                "ExposeProtoCasing: Defined protocol '53/UDP' in EXPOSE instruction should be "
                "lowercase (line 2)",
                "ExposeInvalidFormat: EXPOSE instruction should not define an IP address or "
                "host-port mapping, found '80:81' (line 2)",
                'WorkdirRelativePath: Relative workdir "x" can have unexpected results if the '
                "base image changes (line 3)",
            ],
        ),
        (
            'FROM busybox\nCMD x\nSHELL ["/bin/sh"]\nENTRYPOINT y\n',
            [
                "JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended "
                "behavior related to OS signals (line 2)"
            ],
        ),
        (
            "FROM busybox\nENV A=1 \\\n\n  C=1\n",
            ["NoEmptyContinuation: Empty continuation line (line 4)"],
        ),
        (
            "ARG V=latest\nFROM busybox:${W:-latest}\nFROM busybox:$TARGETARCH$V\n",
            ["UndefinedArgInFrom: FROM argument 'W' is not declared (did you mean V?) (line 2)"],
        ),
        (
            "FROM $UNK\n",
            [
                "InvalidDefaultArgInFrom: Default value for ARG $UNK results in empty or invalid "
                "base image name (line 1)",
                "UndefinedArgInFrom: FROM argument 'UNK' is not declared (line 1)",
            ],
        ),
        (
            "FROM --platform=linux/amd64 busybox AS a\nFROM --platform=linux/amd64 busybox AS "
            "b-amd64\nFROM --platform=$BUILDPLATFORM a AS c\nFROM --platform=$TARGETPLATFORM c\n",
            [
                "FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant "
                'value "linux/amd64" (line 1)',
                "RedundantTargetPlatform: Setting platform to predefined $TARGETPLATFORM in FROM "
                "is redundant as this is the default behavior (line 4)",
            ],
        ),
    ],
)
def test_remarks(dockerfile: str, expected: list[str]) -> None:
    assert remarks(dockerfile) == expected


def test_variables_that_are_nowhere() -> None:
    said = remarks(
        "ARG V=1\n"
        "FROM busybox\n"
        "COPY --chown=$NOPE --chmod=$NOPE a.txt /x\n"
        "ENV B=$C D=${E:-x} F=${G}\n"
        "ARG VERSION=1\n"
        "LABEL v=$VERSIN\n"
        "WORKDIR /$Q$HOME$PATH2\n"
        "RUN true $Z\n"
        "EXPOSE ${P:-80}\n"
        "ARG NOVAL\n"
        "LABEL w=$NOVAL y=${K:+1}\n"
        "COPY <<X <<'Y' /doc/\n$T\nX\n$T\nY\n"
    )
    assert [one.removeprefix("UndefinedVar: Usage of undefined variable ") for one in said] == [
        "'$NOPE' (line 3)",
        "'$NOPE' (line 3)",
        "'$C' (line 4)",
        "'$E' (line 4)",
        "'$G' (line 4)",
        "'$VERSIN' (did you mean $VERSION?) (line 6)",
        "'$Q' (did you mean $B?) (line 7)",
        "'$HOME' (line 7)",
        "'$PATH2' (did you mean $PATH?) (line 7)",
        "'$K' (did you mean $B?) (line 11)",
        "'$T' (did you mean $B?) (line 12)",
    ]


def test_remarks_can_be_left_out_or_fail_the_build() -> None:
    rest = "FROM busybox\nWORKDIR a\nCMD x\n"
    assert len(remarks(rest)) == 2
    assert len(remarks(f"# check=skip=JSONArgsRecommended\n{rest}")) == 1
    assert remarks(f"# check=skip=all;error=true\n{rest}") == []
    error = failure(f"# check=error=true\n{rest}")
    assert error.message == (
        "failed to solve: lint violation found for rules: WorkdirRelativePath, JSONArgsRecommended"
    )
    assert error.line == 0
    assert len(error.warnings) == 2


def test_every_build_has_arguments_for_its_platform() -> None:
    lab = Lab()
    result = built(
        lab,
        "FROM busybox\nARG TARGETPLATFORM TARGETARCH=x BUILDOS NOVAL\n"
        "LABEL a=$TARGETPLATFORM b=$TARGETARCH c=$BUILDOS d=$NOVAL\n",
    )
    labels = lab.daemon.image(result.image_id).run_config.labels
    assert labels == {"a": "linux/amd64", "b": "x", "c": "linux", "d": ""}
    with pytest.raises(NotSimulated):
        lab.build("FROM --platform=linux/arm64 busybox\n")


def test_ports() -> None:
    lab = Lab()
    result = built(
        lab,
        "FROM busybox\nEXPOSE 80:81 1-3/udp 53/UDP 0 127.0.0.1:90:91 7000-7002:8000-8002 90/tcp\n",
    )
    assert lab.daemon.image(result.image_id).run_config.exposed_ports == (
        "0/tcp",
        "1/udp",
        "2/udp",
        "3/udp",
        "53/udp",
        "8000/tcp",
        "8001/tcp",
        "8002/tcp",
        "81/tcp",
        "90/tcp",
        "91/tcp",
    )


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("nosuch", (0, 0)),
        ("nobody:nosuch", (65534, 65534)),
        ("5", (5, 5)),
        ("5:nosuch", (5, 5)),
        ("nosuch:7", (0, 7)),
        ("nobody", (65534, 65534)),
        (":7", (0, 7)),
        (":", (0, 0)),
        ("0:wheel", (0, 10)),
    ],
)
def test_owners_of_copied_files_that_are_not_known_are_root(
    text: str, owner: tuple[int, int]
) -> None:
    lab = Lab()
    lab.view.write_file("/etc/passwd", Content.of("root:x:0:0::/:\nnobody:x:65534:65534::/:\n"))
    lab.view.write_file("/etc/group", Content.of("root:x:0:\nwheel:x:10:\nnobody:x:65534:\n"))
    assert file_owner(lab.view, text) == owner


def test_nobody_has_a_name_on_scratch() -> None:
    error = failure("FROM scratch\nCOPY --chown=5:x a.txt /1\n")
    assert error.message == "failed to solve: invalid user index: -1"
    assert error.failed is not None
    assert error.failed.name == "[1/1] COPY --chown=5:x a.txt /1"
    result = built(Lab(), "FROM scratch\nCOPY --chown=5:6 a.txt /1\nWORKDIR /z\n")
    assert [one.name for one in result.vertices[3:5]] == [
        "[1/2] COPY --chown=5:6 a.txt /1",
        "[2/2] WORKDIR /z",
    ]


def test_a_here_document_is_a_step_of_its_own() -> None:
    lab = Lab()
    text = "FROM busybox\nCOPY <<A /a\nx\nA\n"
    names = [one.name for one in built(lab, text).vertices]
    assert names[4:6] == ["[internal] preparing inline document", "[2/2] COPY <<A /a"]
    assert "[internal] load build context" not in names
    assert built(lab, text).vertices[4].status is VertexStatus.CACHED


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1h30m", 5400 * 10**9),
        ("1.5s", 1_500_000_000),
        ("-.5ms", -500_000),
        ("300us", 300_000),
        ("0", 0),
        ("+2m0.25s", 120_250_000_000),
    ],
)
def test_go_durations(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "s", "-", "1", "1x", "1 s", "99999999999h", "1s1"])
def test_what_is_no_go_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"^time: "):
        parse_duration(text)


def test_the_closest_word() -> None:
    assert closest("FRMO", ["ADD", "FROM"]) == "FROM"
    assert closest("x" * 200, ["x" * 199]) == ""
    assert closest("from", ["form", "from"]) == ""
    assert closest("HOME", ["PATH", "B", "H"]) == ""


def test_here_documents_keep_quotes_and_lose_backslashes() -> None:
    lab = Lab()
    result = built(
        lab,
        "FROM busybox\n"
        "ENV A=1\n"
        "COPY <<E /d/\n"
        "it's '$A' \"\\$A\" \\a \\\\n ${N:-\"q\"} ${N:-\\$x} ${A:+'z'} $$ $1 $\n"
        "E\n"
        'COPY <<-"F" <<G;x /d/\n'
        "\tit's $A\n"
        "F\n"
        "$A\n"
        "G;x\n",
    )
    image = lab.daemon.image(result.image_id)
    assert image.top is not None
    tree = lab.host.world.store.full_tree(image.top)
    texts = {
        path: node.content.to_bytes().decode()
        for path, _, node in tree.walk()
        if path.startswith("/d/") and isinstance(node, File)
    }
    assert texts == {
        "/d/E": "it's '1' \"$A\" a \\n \"q\" $x 'z'   $\n",
        "/d/F": "it's $A\n",
        "/d/G;x": "1\n",
    }
    assert [one.created_by for one in lab.daemon.history(result.image_id)][:2] == [
        "COPY <<F <<G;x /d/ # buildkit",
        "COPY <<E /d/ # buildkit",
    ]


def test_names_of_steps() -> None:
    lab = Lab()
    result = built(
        lab,
        "FROM busybox\n"
        "ENV A=1\n"
        'RUN true "\\$A \\"x\\" \\\\ \\a ${A} ${N:-\\$q}" \'\\z $A\' a\\ b $N ${N} $$ '
        "${N:-a\\b} ${A:+'z'}\n"
        "RUN <<E\ntrue $A\nE\n"
        "RUN <<E\ntrue\ntrue\nE\n"
        "RUN true <<E\nE\n"
        'COPY ["a.txt", "/$A"]\n',
    )
    assert [one.name for one in result.vertices][5:10] == [
        "[2/6] RUN true \"$A \"x\" \\ \\a 1 ${N:-$q}\" '\\z $A' a b $N ${N} $$ ${N:-ab} 'z'",
        "[3/6] RUN <<E (true 1)",
        "[4/6] RUN <<E (true...)",
        "[5/6] RUN true <<E",
        "[6/6] COPY [a.txt, /1]",
    ]
