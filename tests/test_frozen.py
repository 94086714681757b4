"""`@frozen` is a frozen, slotted dataclass in everything that the house uses of one."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import ClassVar

import pytest

from docgen.frozen import frozen


@frozen
class Point:
    """A place."""

    x: int
    y: int = 0
    names: tuple[str, ...] = field(default_factory=tuple)
    KIND: ClassVar[str] = "point"

    @property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Named(Point):
    label: str = "here"


@frozen
class One:
    value: list[int]


@frozen
class Nothing:
    pass


@frozen
class Checked:
    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("negative")


@frozen
class ById:
    value: int
    __eq__ = object.__eq__
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Reference:
    x: int
    y: int = 0
    names: tuple[str, ...] = field(default_factory=tuple)


def test_it_is_made_shown_and_compared_as_a_dataclass() -> None:
    assert repr(Point(1)) == repr(Reference(1)).replace("Reference", "Point")
    assert Point(1, 2) == Point(x=1, y=2, names=())
    assert Point(1) != Point(2)
    assert Point(1) != Reference(1)
    assert Named(1) != Point(1)
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert (Point(1, 2).sum, Point.KIND, Point.__doc__) == (3, "point", "A place.")
    assert One([1]) == One([1])
    assert Nothing() == Nothing()
    assert repr(Nothing()) == "Nothing()"


def test_it_cannot_be_changed_and_has_no_dict() -> None:
    with pytest.raises(FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del Point(1).x
    with pytest.raises(FrozenInstanceError):
        Point(1).other = 2  # type: ignore[attr-defined]
    assert not hasattr(Point(1), "__dict__")


def test_the_tools_of_the_standard_library_know_it() -> None:
    assert is_dataclass(Point)
    assert [one.name for one in fields(Named(1))] == ["x", "y", "names", "label"]
    assert [one.type for one in fields(Point)] == [one.type for one in fields(Reference)]
    assert replace(Named(1, label="a"), y=5) == Named(1, 5, (), "a")
    assert copy.deepcopy(One([1])) == One([1])
    assert pickle.loads(pickle.dumps(Named(1, 2, ("a",), "b"))) == Named(1, 2, ("a",), "b")
    match Named(1, 2):
        case Named(x, y, _, label):
            assert (x, y, label) == (1, 2, "here")


def test_what_the_class_says_itself_counts() -> None:
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)
    assert ById(1) != ById(1)
    assert len({ById(1), ById(1)}) == 2


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, z=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="only defaults are supported"):

        @frozen
        class Hidden:
            x: int = field(default=0, repr=False)
