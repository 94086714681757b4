"""`@frozen`: a frozen, slotted dataclass that is cheap to define.

`dataclasses.dataclass(frozen=True, slots=True)` compiles eight functions for every class, about
a millisecond each time the module is imported; with some hundred records that is more than half
of a cold `docgen run`. Here only `__init__` is compiled, and only when the first record is made;
all else is shared. Records made this way are dataclasses to `fields`, `replace`, `is_dataclass`,
to `match` and to type checkers; they are also made and compared faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from inspect import get_annotations
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass
class _Template:
    """What the standard library puts on a class and into its fields."""

    one: int


_KIND = fields(_Template)[0]._field_type  # type: ignore[attr-defined]
"""Marks an ordinary field, in distinction from ClassVar and InitVar."""
_TAKEN = ("__dict__", "__weakref__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """The class as a record. Options of `field` other than a default are not supported."""
    own = get_annotations(cls)
    names = tuple(name for name, kind in own.items() if not str(kind).startswith("ClassVar"))
    inherited = {
        name: one
        for base in reversed(cls.__mro__[1:])
        for name, one in getattr(base, "__dataclass_fields__", {}).items()
    }
    made = {name: _field(cls, name, own[name]) for name in names}
    body = {key: value for key, value in cls.__dict__.items() if key not in (*_TAKEN, *names)}
    records = {**inherited, **made}
    body |= {
        "__slots__": names,
        "__match_args__": tuple(records),
        "__dataclass_fields__": records,
        "__setattr__": _refuse_set,
        "__delattr__": _refuse_delete,
        "__reduce__": _reduce,
    }
    _add_methods(body, tuple(records))

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807
        """Compiles the true one: many records of a module are never made in a run."""
        initializer = result.__init__ = _initializer(result)  # type: ignore[method-assign]
        initializer(self, *given, **named)

    body["__init__"] = __init__
    make: Any = type(cls)
    result: type[T] = make(cls.__name__, cls.__bases__, body)
    return result


def _field(cls: type, name: str, kind: object) -> Field[Any]:
    given = cls.__dict__.get(name, MISSING)
    one: Field[Any] = given if isinstance(given, Field) else field(default=given)
    if not (one.init and one.repr and one.compare) or one.hash is not None:
        raise TypeError(f"{cls.__name__}.{name}: only defaults are supported by @frozen")
    one.name, one.type = name, kind
    one._field_type = _KIND  # type: ignore[attr-defined]
    return one


def _initializer(record: Any) -> Callable[..., None]:
    """`__init__`, compiled; it sets the slots themselves."""
    arguments, lines = ["self"], []
    names: dict[str, Any] = {"_MISSING": MISSING}
    for name, one in record.__dataclass_fields__.items():
        names[f"_set_{name}"] = getattr(record, name).__set__
        arguments.append(name)
        if one.default is not MISSING:
            names[f"_default_{name}"] = one.default
            arguments[-1] += f"=_default_{name}"
        elif one.default_factory is not MISSING:
            names[f"_make_{name}"] = one.default_factory
            arguments[-1] += "=_MISSING"
            lines.append(f"if {name} is _MISSING: {name} = _make_{name}()")
        lines.append(f"_set_{name}(self, {name})")
    if hasattr(record, "__post_init__"):
        lines.append("self.__post_init__()")
    text = "\n    ".join([f"def __init__({', '.join(arguments)}):", *(lines or ["pass"])])
    exec(text, names)
    initializer: Callable[..., None] = names.pop("__init__")
    return initializer


def _add_methods(body: dict[str, Any], names: tuple[str, ...]) -> None:
    """`__eq__`, `__hash__`, `__repr__`, unless the class has its own."""
    if len(names) > 1:
        values: Callable[[object], Any] = attrgetter(*names)
    else:

        def values(record: object) -> tuple[Any, ...]:
            return tuple(getattr(record, name) for name in names)

    def __eq__(self: object, other: object) -> Any:  # noqa: N807
        return (
            values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
        )

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    def __repr__(self: object) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    own_equality = "__eq__" in body
    for one in (__eq__, __repr__):
        body.setdefault(one.__name__, one)
    if body.get("__hash__") is None and not own_equality:
        body["__hash__"] = __hash__


def _refuse_set(_: object, name: str, value: object) -> None:
    del value
    raise FrozenInstanceError(f"cannot assign to field '{name}'")


def _refuse_delete(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field '{name}'")


def _reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
    """How copies and pickles are made: by the constructor, since nothing can be set afterwards."""
    names: Iterable[str] = self.__match_args__
    return self.__class__, tuple(getattr(self, name) for name in names)
