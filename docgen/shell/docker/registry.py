"""The table of commands: who runs them, what they take, and what of it is simulated.

Flags without an effect on storage are read and dropped; every real flag that stands in neither
list is refused with its remedy. `coverage()` shows the table, with all flags of the real help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import Enum
from importlib import import_module
from types import MappingProxyType
from typing import Final

from docgen.frozen import frozen
from docgen.shell.docker import interface
from docgen.shell.docker.call import Handler
from docgen.shell.docker.pflag import Validator
from docgen.shell.docker.validators import CREATE_VALIDATORS, ENV_VALIDATORS, LABEL_VALIDATORS

_COMMANDS: Final = "docgen.shell.docker.commands"


class Support(Enum):
    """What docgen does with a flag."""

    SIMULATED = "simulated"
    NO_EFFECT = "no effect on storage"
    REFUSED = "refused"


@frozen
class Arity:
    """How many arguments a command takes; the texts are those of docker/cli cli/required.go."""

    least: int = 0
    most: int | None = None
    style: str = "Run"
    """What stands before `'… --help' for more information`."""

    def problem(self, path: str, usage: str, count: int) -> str:
        """Docker's words; '' where the number is right."""
        if count >= self.least and (self.most is None or count <= self.most):
            return ""
        return (
            f"docker: '{path}' {self._wants()}\n\nUsage:  {usage}\n\n"
            f"{self.style} '{path} --help' for more information"
        )

    def _wants(self) -> str:
        if self.most == 0:
            return "accepts no arguments"
        if self.most is None:
            return f"requires at least {_arguments(self.least)}"
        if self.least == self.most:
            return f"requires {_arguments(self.least)}"
        if self.least == 0:
            return f"requires at most {_arguments(self.most)}"
        return f"requires at least {self.least} and at most {_arguments(self.most)}"


def _arguments(number: int) -> str:
    return f"{number} argument" if number == 1 else f"{number} arguments"


NONE = Arity(0, 0)
ONE = Arity(1, 1)
TWO = Arity(2, 2)
SOME = Arity(1, None, "See")
TWO_OR_MORE = Arity(2, None, "See")
AT_MOST_ONE = Arity(0, 1, "SRun")
"""28.5.2 really prints `SRun`."""
ONE_OR_TWO = Arity(1, 2)


@frozen
class Row:
    """One command that docgen runs."""

    path: str
    arity: Arity
    handler: str
    """Module of `commands` and function in it: a page loads the few that it uses."""
    simulated: str = ""
    no_effect: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Flag → what would do instead; other unlisted flags get a general remedy."""
    interspersed: bool = True
    """Flags may stand behind arguments."""
    validators: Mapping[str, Validator] = field(default_factory=dict)

    @property
    def run(self) -> Handler:
        module, _, name = self.handler.partition(".")
        handler: Handler = getattr(import_module(f"{_COMMANDS}.{module}"), name)
        return handler

    def support(self, flag: str) -> Support:
        if flag in self.simulated.split():
            return Support.SIMULATED
        if flag in self.no_effect.split():
            return Support.NO_EFFECT
        return Support.REFUSED

    def remedy(self, flag: str) -> str:
        return self.refused.get(flag, "leave the flag out")


_CREATE = """
    attach cidfile disable-content-trust entrypoint env env-file expose hostname init interactive
    label label-file log-driver mount name network net privileged publish publish-all pull quiet
    read-only restart rm shm-size stop-signal stop-timeout storage-opt tmpfs tty user volume
    volume-driver volumes-from workdir
"""
_CREATE_NO_EFFECT = """
    add-host annotation blkio-weight cgroup-parent cgroupns cpu-period cpu-quota cpu-rt-period
    cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems dns dns-opt dns-option dns-search
    domainname ip ip6 link-local-ip log-opt mac-address memory memory-reservation memory-swap
    memory-swappiness net-alias network-alias no-healthcheck oom-kill-disable oom-score-adj
    pids-limit security-opt sysctl
"""
_BUILD_NO_EFFECT = """
    add-host attest cgroup-parent cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems debug
    force-rm load memory memory-swap network progress provenance pull rm sbom shm-size ulimit
"""
_CREATE_REFUSED = MappingProxyType(
    {
        "platform": "leave it out: the simulated host is linux/amd64",
        "cap-add": "containers run with Docker's default capabilities",
        "cap-drop": "containers run with Docker's default capabilities",
        "device": "devices are not simulated; leave it out",
        "gpus": "devices are not simulated; leave it out",
        "userns": "user namespaces are not simulated; leave it out",
        "pid": "containers have their own process list; leave it out",
        "ipc": "leave it out",
        "uts": "leave it out",
        "health-cmd": "check the container with `docker exec`",
        "use-api-socket": "there is no API socket in a simulated container",
    }
)
_LIST = "all filter format quiet no-trunc"

_ROWS = (
    # containers
    Row(
        "container run",
        SOME,
        "running.run",
        f"{_CREATE} detach",
        f"{_CREATE_NO_EFFECT} detach-keys sig-proxy",
        _CREATE_REFUSED,
        interspersed=False,
        validators=CREATE_VALIDATORS,
    ),
    Row(
        "container create",
        SOME,
        "running.create",
        _CREATE,
        _CREATE_NO_EFFECT,
        _CREATE_REFUSED,
        interspersed=False,
        validators=CREATE_VALIDATORS,
    ),
    Row("container start", SOME, "running.start", "attach interactive", "detach-keys"),
    Row("container attach", ONE, "running.attach", "no-stdin", "detach-keys sig-proxy"),
    Row("container stop", SOME, "containers.stop", "signal timeout time"),
    Row("container kill", SOME, "containers.kill", "signal"),
    Row("container restart", SOME, "containers.restart", "signal timeout time"),
    Row("container pause", SOME, "containers.pause"),
    Row("container unpause", SOME, "containers.unpause"),
    Row(
        "container rm",
        SOME,
        "containers.remove",
        "force volumes",
        refused={"link": "links are not simulated"},
    ),
    Row("container rename", TWO, "containers.rename"),
    Row(
        "container update",
        SOME,
        "containers.update",
        "cpu-period cpu-quota cpu-shares cpus cpuset-cpus cpuset-mems memory memory-reservation "
        "memory-swap pids-limit restart blkio-weight",
        "cpu-rt-period cpu-rt-runtime",
    ),
    Row("container wait", SOME, "containers.wait"),
    Row("container diff", ONE, "containers.diff"),
    Row("container export", ONE, "copying.export", "output"),
    Row("container cp", TWO, "copying.copy", "archive follow-link quiet"),
    Row(
        "container commit",
        ONE_OR_TWO,
        "images.commit",
        "author change message pause",
    ),
    Row(
        "container exec",
        TWO_OR_MORE,
        "execution.execute",
        "detach env env-file interactive privileged tty user workdir",
        "detach-keys",
        interspersed=False,
        validators=ENV_VALIDATORS,
    ),
    Row(
        "container logs",
        ONE,
        "logs.logs",
        "details follow since tail timestamps until",
    ),
    Row("container top", SOME, "containers.top", interspersed=False),
    Row("container port", ONE_OR_TWO, "containers.port"),
    Row("container ls", NONE, "lists.containers", f"{_LIST} last latest size"),
    Row("container inspect", SOME, "inspection.containers", "format size"),
    Row("container prune", NONE, "prune.containers", "filter force"),
    # images
    Row(
        "build",
        ONE,
        "build.build",
        "build-arg file label no-cache quiet tag target",
        _BUILD_NO_EFFECT,
        {
            "platform": "leave it out: the simulated host is linux/amd64",
            "output": "build an image, then use `docker create` and `docker cp`",
            "push": "there is no registry in a simulated host",
            "secret": "secrets are not simulated",
            "ssh": "ssh is not simulated",
            "iidfile": "use `docker build -q`",
        },
    ),
    Row("image ls", AT_MOST_ONE, "lists.images", f"{_LIST} digests"),
    Row("image history", ONE, "lists.history", "format human no-trunc quiet"),
    Row("image inspect", SOME, "inspection.images", "format"),
    Row("image tag", TWO, "images.tag"),
    Row("image rm", SOME, "images.remove", "force no-prune"),
    Row("image prune", NONE, "prune.images", "all filter force"),
    Row("image save", SOME, "images.save", "output"),
    Row("image load", NONE, "images.load", "input quiet"),
    Row("image import", SOME, "images.import_image", "change message"),
    Row("image pull", ONE, "images.pull", "quiet all-tags disable-content-trust"),
    # volumes
    Row(
        "volume create",
        AT_MOST_ONE,
        "volumes.create",
        "driver label name opt",
        validators=LABEL_VALIDATORS,
    ),
    Row("volume ls", NONE, "lists.volumes", "filter format quiet"),
    Row("volume inspect", SOME, "inspection.volumes", "format"),
    Row("volume rm", SOME, "volumes.remove", "force"),
    Row("volume prune", NONE, "prune.volumes", "all filter force"),
    # the system
    Row("system df", NONE, "usage.disk_usage", "format verbose"),
    Row("system info", NONE, "system.info", "format"),
    Row("system prune", NONE, "prune.everything", "all filter force volumes"),
    Row("version", NONE, "system.version", "format"),
    Row("inspect", SOME, "inspection.anything", "format size type"),
    Row("buildx prune", NONE, "prune.build_cache", "all force", "builder verbose debug"),
)


def _table() -> Mapping[str, Row]:
    table: dict[str, Row] = {}
    for row in _ROWS:
        if row.path in table:
            raise ValueError(f"docker {row.path} is registered twice")
        table[row.path] = row
    return MappingProxyType(table)


ROWS = _table()
"""By canonical path."""


@frozen
class Covered:
    """One line of the coverage table."""

    command: str
    flag: str
    """'' for the command itself."""
    support: Support
    remedy: str = ""


def coverage() -> Iterator[Covered]:
    """Every command and flag of the real program, and what docgen does with it."""
    for path in interface.commands():
        if not path or path in interface.GROUPS:
            continue
        row = ROWS.get(path)
        if row is None:
            yield Covered(f"docker {path}", "", Support.REFUSED)
            continue
        yield Covered(f"docker {path}", "", Support.SIMULATED)
        for flag in interface.interface(path).flags:
            support = row.support(flag.name)
            remedy = row.remedy(flag.name) if support is Support.REFUSED else ""
            yield Covered(f"docker {path}", flag.shown, support, remedy)
