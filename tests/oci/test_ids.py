"""Known digests, and ids that are the same everywhere."""

import hashlib

from docgen.oci.ids import EMPTY_TAR, base_32, base_36, chain_id, chain_step, digest, id_of
from docgen.oci.tarform import END

A, B, C = (digest(letter) for letter in (b"a", b"b", b"c"))


def test_the_empty_tar_has_its_well_known_digest() -> None:
    assert digest(END) == EMPTY_TAR
    assert EMPTY_TAR.startswith("sha256:5f70bf18")


def test_a_chain_id_is_folded_from_the_base() -> None:
    assert chain_id([]) == ""
    assert chain_id([A]) == A
    two = "sha256:" + hashlib.sha256(f"{A} {B}".encode()).hexdigest()
    assert chain_id([A, B]) == two == chain_step(A, B)
    assert chain_id([A, B, C]) == digest(f"{two} {C}".encode())


def test_the_same_layer_elsewhere_has_another_chain_id() -> None:
    assert chain_id([A, C]) != chain_id([B, C])


def test_ids_depend_on_seed_and_counter_alone() -> None:
    assert id_of("volumes/outlives.md", 1) == id_of("volumes/outlives.md", 1)
    seen = {id_of(seed, counter) for seed in ("a", "b") for counter in range(500)}
    assert len(seen) == 1000
    assert all(len(one) == 64 and int(one, 16) >= 0 for one in seen)


def test_a_short_id_never_reads_as_a_number() -> None:
    assert not [n for n in range(3000) if id_of("page", n)[:12].isdecimal()]


def test_directory_names_have_docker_s_alphabets() -> None:
    assert set(base_36("s", 1)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    assert set(base_32("s", 1)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert (len(base_36("s", 1)), len(base_32("s", 1))) == (25, 26)
