"""Images: names, commit, removal, prune, history, archives, by the rules of both kinds of store."""

from __future__ import annotations

import pytest
from daemon_world import Lab, volume
from test_daemon_life import refused

from docgen.daemon.model import CommitOptions, ContainerSpec, MountType
from docgen.fs.content import Content

STORES = pytest.mark.parametrize("driver", ["overlayfs", "overlay2"])


def committed(lab: Lab, repository: str, script: str, image: str = "busybox") -> str:
    """An image made by a commit; the container is gone."""
    container = lab.run("", image=image)
    lab.exec(container, script)
    made = lab.daemon.commit(container, CommitOptions(repository))
    lab.remove(container, force=True)
    return made


def removal(lab: Lab, ref: str, **more: bool) -> list[str]:
    """Lines of `docker rmi`, ids by their kind only."""
    lines = lab.daemon.remove_image(ref, **more)
    return [
        f"{one.kind}: {one.value}" if one.kind == "Untagged" else f"{one.kind}" for one in lines
    ]


def listed(lab: Lab, *, everything: bool = False) -> list[str]:
    """Names of `docker images`, in order."""
    images = lab.daemon.images(all=everything)
    return [name for one in images for name in one.names or ("<none>",)]


@STORES
def test_the_base_image_is_there(driver: str) -> None:
    lab = Lab(driver)
    image = lab.daemon.image("busybox")
    assert lab.daemon.image(image.short_id) == image
    assert lab.daemon.image("docker.io/library/busybox:latest") == image
    assert (
        image.id
        == {
            "overlayfs": "sha256:c06d861d5bd64849446187a2fd75e6ba6c5bb8e9ec74edb3666ef9db638251d1",
            "overlay2": "sha256:02eb64a95be3850633fcb9a6e09fdc4c0590cc1bbd97b856011dd3351b345a59",
        }[driver]
    ), "the id that a real engine gives the same archive"


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("nosuch", "No such image: nosuch:latest"),
        ("nosuch/img:1", "No such image: nosuch/img:1"),
        (
            "Busybox",
            "invalid reference format: repository name (library/Busybox) must be lowercase",
        ),
        ("a b", "invalid reference format"),
        (":tag", "invalid reference format"),
        ("deadbeef", "No such image: deadbeef:latest"),
    ],
)
def test_names_that_lead_nowhere(ref: str, text: str) -> None:
    lab = Lab()
    assert refused(lambda: lab.daemon.image(ref)) == text


@STORES
def test_a_commit_adds_one_layer_and_the_configuration(driver: str) -> None:
    lab = Lab(driver)
    container = lab.run("web", env=("A=1",), mounts=(volume("", "/anon"), volume("n1", "/named")))
    lab.exec(container, "write /new n; rm /etc/group")
    changes = ('CMD ["x"]', "ENV B=2", "LABEL l=1", "EXPOSE 80", "WORKDIR /w", "USER u")
    options = CommitOptions("app:1", "me", "msg", changes)
    image = lab.daemon.image(lab.daemon.commit(container, options))
    config = image.run_config
    assert len(image.layers) == 2
    assert config.cmd == ("x",)
    assert config.env[:2] == ("A=1", config.env[1])
    assert "B=2" in config.env
    assert (config.labels, config.exposed_ports) == ({"l": "1"}, ("80/tcp",))
    assert (config.working_dir, config.user) == ("/w", "u")
    assert config.volumes == ("/anon",), "engine-observations 1.29"
    first, second = lab.daemon.history("app:1")[:2]
    assert (first.created_by, first.comment) == ("sleep infinity", "msg")
    assert second.id == lab.daemon.image("busybox").id
    assert lab.output("sh", "-c", "read /new", image="app:1", user="0") == "n\n"


def test_entrypoint_alone_takes_the_command_away() -> None:
    lab = Lab()
    container = lab.run("web")
    image = lab.daemon.commit(container, CommitOptions("app", changes=('ENTRYPOINT ["e"]',)))
    assert lab.daemon.image(image).run_config.cmd is None
    text = refused(lambda: lab.daemon.commit(container, CommitOptions(changes=("RUN x",))))
    assert text == "RUN is not a valid change command"


def test_an_untouched_container_adds_no_layer_but_a_line() -> None:
    """engine-observations 2.5."""
    lab = Lab()
    lab.create("web", "true")
    image = lab.daemon.image(lab.daemon.commit("web", CommitOptions("same")))
    assert len(image.layers) == 1
    assert lab.daemon.history("same")[0].size == 0


@STORES
def test_parents_of_commits(driver: str) -> None:
    """engine-observations 2.13."""
    lab = Lab(driver)
    committed(lab, "db:1", "write /one 1")
    committed(lab, "db:2", "write /two 2", "db:1")
    committed(lab, "db:3", "write /three 3", "db:2")
    deleted = [removal(lab, f"db:{number}").count("Deleted") for number in (1, 2, 3)]
    assert deleted == {"overlayfs": [1, 2, 1], "overlay2": [0, 0, 6]}[driver]
    assert (
        listed(lab)
        == {
            "overlayfs": ["<none>", "busybox:latest"],
            "overlay2": ["busybox:latest"],
        }[driver]
    )


@STORES
def test_an_image_in_use_is_not_removed_by_name(driver: str) -> None:
    """engine-observations 2.12, 3.12."""
    lab = Lab(driver)
    image = lab.daemon.image(committed(lab, "kid", "write /one 1"))
    container = lab.daemon.container(lab.create("user", image="kid"))
    using = f"container {container.short_id} is using its referenced image {image.short_id}"
    assert (
        refused(lambda: lab.daemon.remove_image("kid"))
        == {
            "overlayfs": f"conflict: unable to delete kid:latest (must be forced) - {using}",
            "overlay2": 'conflict: unable to remove repository reference "kid" (must force) - '
            f"{using}",
        }[driver]
    )
    assert refused(lambda: lab.daemon.remove_image(image.short_id)) == (
        f"conflict: unable to delete {image.short_id} (must be forced) - "
        f"image is being used by stopped container {container.short_id}"
    )
    lab.drive(lab.daemon.start("user"))
    assert refused(lambda: lab.daemon.remove_image(image.short_id, force=True)) == (
        f"conflict: unable to delete {image.short_id} (cannot be forced) - "
        f"image is being used by running container {container.short_id}"
    )
    assert removal(lab, "kid", force=True) == ["Untagged: kid:latest"]
    assert listed(lab) == ["<none>", "busybox:latest"]
    assert lab.daemon.prune_images().images == ()
    lab.remove("user", force=True)
    assert len(lab.daemon.prune_images().images) == 2


@STORES
def test_one_of_two_names_is_only_untagged(driver: str) -> None:
    lab = Lab(driver)
    lab.daemon.tag("busybox", "spare:1")
    image = lab.daemon.image("busybox")
    assert refused(lambda: lab.daemon.remove_image(image.short_id)) == (
        f"conflict: unable to delete {image.short_id} (must be forced) - "
        "image is referenced in multiple repositories"
    )
    assert removal(lab, "busybox") == ["Untagged: busybox:latest"]
    assert removal(lab, "spare:1")[0] == "Untagged: spare:1"
    assert listed(lab) == []


def test_a_name_that_begins_like_every_id_is_taken_for_one() -> None:
    """moby isImageIDPrefix: `sha256:…` begins with `s`, so `docker rmi s` goes by id."""
    lab = Lab()
    committed(lab, "s", "write /one 1")
    container = lab.daemon.container(lab.run("user", image="s"))
    image = lab.daemon.image("s")
    assert refused(lambda: lab.daemon.remove_image("s", force=True)) == (
        f"conflict: unable to delete {image.short_id} (cannot be forced) - "
        f"image is being used by running container {container.short_id}"
    )


@STORES
def test_a_tag_over_a_tag_leaves_a_dangling_image(driver: str) -> None:
    lab = Lab(driver)
    committed(lab, "app", "write /one 1")
    committed(lab, "app", "write /two 2")
    assert listed(lab) == ["app:latest", "<none>", "busybox:latest"]
    assert listed(lab, everything=True) == listed(lab)
    report = lab.daemon.prune_images()
    kinds = [str(one.kind) for one in report.images]
    assert kinds == {"overlayfs": ["Untagged", "Deleted"], "overlay2": ["Deleted"] * 2}[driver]
    assert listed(lab) == ["app:latest", "busybox:latest"]


@STORES
def test_a_build_over_a_tag_leaves_one_on_a_classic_store_only(driver: str) -> None:
    """engine-observations 2.14, 3.14."""
    lab = Lab(driver)
    lab.build("FROM busybox\nRUN write /one 1\n")
    lab.build("FROM busybox\nRUN write /two 2\n")
    expected = ["app:latest", "busybox:latest"]
    if driver == "overlay2":
        expected.insert(1, "<none>")
    assert listed(lab) == expected


@STORES
def test_prune_all_keeps_the_image_of_a_container(driver: str) -> None:
    """engine-observations 3.13: which name stays differs."""
    lab = Lab(driver)
    lab.daemon.tag("busybox", "spare")
    lab.create("user")
    report = lab.daemon.prune_images(all=True)
    kept = {"overlayfs": ["busybox:latest"], "overlay2": ["spare:latest"]}[driver]
    assert listed(lab) == kept
    assert [one.value for one in report.images] == [
        {"overlayfs": "spare:latest", "overlay2": "busybox:latest"}[driver]
    ]
    assert report.space == 0


def test_an_image_that_is_mounted_is_in_use() -> None:
    from daemon_world import mount

    lab = Lab()
    committed(lab, "data", "write /one 1")
    lab.create("user", mounts=(mount(MountType.IMAGE, "/m", "data"),))
    assert "is using its referenced image" in refused(lambda: lab.daemon.remove_image("data"))


@STORES
def test_save_and_load_give_the_same_image_again(driver: str) -> None:
    lab = Lab(driver)
    made = lab.build("FROM busybox\nRUN write /one 1\nRUN rm /one\n", "app:7")
    layers = lab.daemon.image(made).config.diff_ids
    archive = lab.daemon.save(["app:7"])
    lab.daemon.remove_image("app:7")
    loaded = lab.daemon.load(archive)
    assert [(one.name, one.id) for one in loaded] == [("app:7", made)]
    assert lab.daemon.image("app:7").config.diff_ids == layers
    assert lab.output("sh", "-c", "read /one", image="app:7").startswith("read: No such file")


def test_what_is_no_archive_cannot_be_loaded() -> None:
    lab = Lab()
    assert refused(lambda: lab.daemon.load(Content.of(b"nothing of the kind" * 60)))


@STORES
def test_import_makes_one_layer_without_a_configuration(driver: str) -> None:
    lab = Lab(driver)
    lab.run("web")
    lab.exec("web", "write /one 1")
    image = lab.daemon.image(lab.daemon.import_image(lab.daemon.export("web"), "imp:1"))
    assert len(image.layers) == 1
    assert lab.daemon.history("imp:1")[0].comment == "Imported from -"
    spec = ContainerSpec(image="imp:1")
    assert refused(lambda: lab.daemon.create(spec)) == "no command specified"


@STORES
def test_disk_usage(driver: str) -> None:
    """On the containerd store Images counts the containers' layers too: seven directories of
    the init
    layer and the root of the writable one (engine-observations 3.6)."""
    lab = Lab(driver)
    base = lab.daemon.disk_usage().images.size
    lab.create("web", "true")
    usage = lab.daemon.disk_usage()
    added = {"overlayfs": 28_672 + 4_096, "overlay2": 0}[driver]
    assert usage.images.size - base == added
    assert usage.images.reclaimable == added
    assert (usage.images.total, usage.images.active) == (1, 1)
    assert usage.containers.size == {"overlayfs": 4096, "overlay2": 0}[driver]
    lab.daemon.create_volume("data")
    lab.host_file("/var/lib/docker/volumes/data/_data/f", "12345")
    volumes = lab.daemon.disk_usage().volumes
    assert (volumes.total, volumes.active, volumes.size, volumes.reclaimable) == (1, 0, 5, 5)
