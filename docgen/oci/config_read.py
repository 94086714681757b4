"""An image config from JSON that anybody may have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from docgen.oci.config import Healthcheck, History, ImageConfig, RunConfig
from docgen.oci.gojson import time_ns
from docgen.oci.tarread import ArchiveError


def json_of(data: bytes) -> Any:
    """Any JSON value. ArchiveError where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveError("invalid character in JSON") from error


def parse_config(data: bytes) -> ImageConfig:
    """The config of an image; unknown keys are left out. ArchiveError for senseless values."""
    try:
        return _image(json_of(data))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArchiveError("invalid image config") from error


def _image(top: Mapping[str, Any]) -> ImageConfig:
    return ImageConfig(
        config=_run_config(top.get("config") or {}),
        diff_ids=_words(top["rootfs"].get("diff_ids")),
        history=tuple(_history(one) for one in top.get("history") or ()),
        created_ns=_time(top.get("created")),
        author=str(top.get("author") or ""),
        architecture=str(top["architecture"]),
        os=str(top["os"]),
    )


def _run_config(run: Mapping[str, Any]) -> RunConfig:
    return RunConfig(
        user=str(run.get("User") or ""),
        exposed_ports=tuple(sorted(run.get("ExposedPorts") or {})),
        env=_words(run.get("Env")),
        entrypoint=_optional(run.get("Entrypoint")),
        cmd=_optional(run.get("Cmd")),
        volumes=tuple(sorted(run.get("Volumes") or {})),
        working_dir=str(run.get("WorkingDir") or ""),
        labels={str(key): str(value) for key, value in (run.get("Labels") or {}).items()},
        stop_signal=str(run.get("StopSignal") or ""),
        healthcheck=_healthcheck(run.get("Healthcheck")),
        on_build=_words(run.get("OnBuild")),
        shell=_optional(run.get("Shell")),
    )


def _history(line: Mapping[str, Any]) -> History:
    return History(
        created_ns=_time(line.get("created")),
        created_by=str(line.get("created_by") or ""),
        comment=str(line.get("comment") or ""),
        author=str(line.get("author") or ""),
        empty_layer=bool(line.get("empty_layer")),
    )


def _healthcheck(check: Mapping[str, Any] | None) -> Healthcheck | None:
    if not check:
        return None
    return Healthcheck(
        test=_words(check.get("Test")),
        interval_ns=int(check.get("Interval") or 0),
        timeout_ns=int(check.get("Timeout") or 0),
        start_period_ns=int(check.get("StartPeriod") or 0),
        start_interval_ns=int(check.get("StartInterval") or 0),
        retries=int(check.get("Retries") or 0),
    )


def _time(text: str | None) -> int:
    return time_ns(text) if text else 0


def _words(value: list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(str(one) for one in value)


def _optional(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else _words(value)
