"""The JSON is byte for byte what Go would write: ids are digests of it."""

from docgen.oci.config import (
    CONFIG_TYPE,
    LAYER_TYPE,
    Descriptor,
    Healthcheck,
    History,
    ImageConfig,
    RunConfig,
    describe,
    index_bytes,
    manifest_bytes,
)
from docgen.oci.gojson import encode, time_ns, time_text
from docgen.oci.ids import EMPTY_TAR, digest

SECOND = 10**9


def test_an_empty_config_has_docker_s_keys_in_order() -> None:
    assert ImageConfig().to_bytes() == (
        b'{"architecture":"amd64","config":{},"created":"1970-01-01T00:00:00Z",'
        b'"history":[],"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
    )


def test_what_is_not_set_is_not_written_and_maps_are_sorted() -> None:
    run = RunConfig(
        env=("B=2", "A=1"),
        cmd=("sh", "-c", "a && b"),
        volumes=("/z", "/a"),
        exposed_ports=("80/tcp",),
        labels={"z": "1", "a": "<b>"},
        healthcheck=Healthcheck(("CMD", "true"), retries=3),
    )
    assert encode(run.to_json()) == (
        b'{"ExposedPorts":{"80/tcp":{}},"Env":["B=2","A=1"],'
        b'"Cmd":["sh","-c","a \\u0026\\u0026 b"],"Volumes":{"/a":{},"/z":{}},'
        b'"Labels":{"a":"\\u003cb\\u003e","z":"1"},"Healthcheck":{"Test":["CMD","true"],"Retries":3}}'
    )


def test_history_says_which_lines_have_no_layer() -> None:
    config = ImageConfig(
        diff_ids=(EMPTY_TAR,),
        history=(
            History(SECOND, "/bin/sh -c #(nop) ADD file:1 in / "),
            History(2 * SECOND, 'CMD ["sh"]', comment="buildkit.dockerfile.v0", empty_layer=True),
        ),
        created_ns=2 * SECOND,
    )
    assert (
        b'"history":[{"created":"1970-01-01T00:00:01Z","created_by":"/bin/sh -c #(nop) ADD file:1 '
        b'in / "},{"created":"1970-01-01T00:00:02Z","created_by":"CMD [\\"sh\\"]",'
        b'"comment":"buildkit.dockerfile.v0","empty_layer":true}]'
    ) in config.to_bytes()
    assert config.chain_id == EMPTY_TAR
    assert config.digest == digest(config.to_bytes())


def test_times_have_as_many_digits_as_go_prints() -> None:
    assert time_text(1_767_225_600 * SECOND) == "2026-01-01T00:00:00Z"
    assert time_text(1_767_225_600 * SECOND + 1_500_000) == "2026-01-01T00:00:00.0015Z"
    for ns in (0, 1, 1_767_225_600 * SECOND + 120, -SECOND):
        assert time_ns(time_text(ns)) == ns
    assert time_ns("2026-01-01T02:00:00.25+02:00") == 1_767_225_600 * SECOND + 250_000_000


def test_a_manifest_points_to_its_blobs() -> None:
    layer = Descriptor(LAYER_TYPE, EMPTY_TAR, 1024)
    data = manifest_bytes(b"{}", (layer,))
    assert describe(CONFIG_TYPE, b"{}").digest.encode() in data
    assert data.startswith(
        b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":'
    )
    assert data.endswith(
        b'"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"'
        + EMPTY_TAR.encode()
        + b'","size":1024}]}'
    )
    assert index_bytes(()).endswith(b'"manifests":[]}')
