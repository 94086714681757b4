"""Front matter: a small, flat, typed piece of YAML. No aliases, no tags, no unknown key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from docgen.frozen import frozen
from docgen.limits import FRONT_MATTER_BYTES
from docgen.page.blocks import FrontMatter, Place
from docgen.page.complaints import Complaints, nearest

DEPTH = 2
"""A mapping that holds lists."""


def read_front_matter(lines: Sequence[str], end: int, complaints: Complaints) -> FrontMatter:
    """The front matter on the lines before `end`, which includes both of its marks."""
    text = "\n".join(lines[1 : end - 2]) + "\n"
    if len(text.encode()) > FRONT_MATTER_BYTES:
        found = f"front matter of {len(text.encode())} bytes"
        complaints.add(1, 1, found, f"at most {FRONT_MATTER_BYTES}", "move the text into the page")
        return FrontMatter()
    try:
        if not _is_plain(text, complaints):
            return FrontMatter()
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        _complain_of_yaml(error, complaints)
        return FrontMatter()
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        complaints.add(
            2,
            1,
            "front matter that is no mapping",
            "lines like 'title: …'",
            "write key: value lines",
        )
        return FrontMatter()
    return _read_mapping(node, complaints)


def _is_plain(text: str, complaints: Complaints) -> bool:
    """Refuses, by events and so without recursion, what could make the document larger than its
    text.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark = event.start_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            complaints.add(
                line, column, "an alias or anchor", "plain values", "write the value out"
            )
            return False
        if tag := getattr(event, "tag", None):
            complaints.add(line, column, f"the tag {tag}", "plain values", "remove it")
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            complaints.add(
                line, column, "values inside values", "text or a list of texts", "flatten it"
            )
            return False
    return True


def _complain_of_yaml(error: yaml.YAMLError, complaints: Complaints) -> None:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    problem = getattr(error, "problem", None) or "not readable"
    complaints.add(
        line, column, f"front matter is not YAML: {problem}", "", "quote the value, or fix the line"
    )


Read = Callable[[yaml.Node, str, Complaints, dict[str, Place]], Any]


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 2, node.start_mark.column + 1)


def _text(
    node: yaml.Node, key: str, complaints: Complaints, places: dict[str, Place]
) -> str | None:
    places[key] = place = _place(node)
    if isinstance(node, yaml.ScalarNode) and node.tag != "tag:yaml.org,2002:null":
        return str(node.value)
    found = "nothing" if isinstance(node, yaml.ScalarNode) else "a list or mapping"
    complaints.add(
        place.line, place.column, f"'{key}' holds {found}", "a text", f"write {key}: some text"
    )
    return None


def _texts(
    node: yaml.Node, key: str, complaints: Complaints, places: dict[str, Place]
) -> tuple[str, ...] | None:
    places[key] = place = _place(node)
    if not isinstance(node, yaml.SequenceNode):
        found = f"'{key}' holds no list"
        complaints.add(
            place.line, place.column, found, "a list of texts", f"write {key}: [one, two]"
        )
        return None
    read = [
        _text(item, f"{key}[{index}]", complaints, places) for index, item in enumerate(node.value)
    ]
    if not all(read):
        return None
    return tuple(one for one in read if one)


@frozen
class Key:
    read: Read
    known: tuple[str, ...] = ()
    """The values that are simulated; empty where any text will do."""


KEYS: Mapping[str, Key] = {
    "title": Key(_text),
    "summary": Key(_text),
    "drivers": Key(_texts),
    "tags": Key(_texts),
    "images": Key(_texts, ("busybox",)),
    "host": Key(_text, ("debian",)),
    "docker": Key(_text, ("28.5.2",)),
    "os": Key(_text, ("linux",)),
}


def _read_mapping(node: yaml.MappingNode, complaints: Complaints) -> FrontMatter:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for key_node, value_node in node.value:
        place = _place(key_node)
        name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        key = KEYS.get(name)
        if key is None:
            found, remedy = f"unknown key '{name}' in the front matter", nearest(name, KEYS)
            complaints.add(place.line, place.column, found, "", remedy)
        elif name in values:
            complaints.add(
                place.line, place.column, f"'{name}' is given twice", "", "keep one of them"
            )
        else:
            value = key.read(value_node, name, complaints, places)
            if value is not None:
                values[name] = value
                _check_known(name, value, key.known, places, complaints)
    if values.get("drivers") == ():
        place = places["drivers"]
        complaints.add(
            place.line, place.column, "'drivers' is empty", "", "name one, or remove the key"
        )
        del values["drivers"]
    _check_twice(values, places, complaints)
    return FrontMatter(places=places, **values)


def _check_known(
    name: str, value: Any, known: Sequence[str], places: Mapping[str, Place], complaints: Complaints
) -> None:
    if not known:
        return
    given = (
        {name: value}
        if isinstance(value, str)
        else {f"{name}[{i}]": v for i, v in enumerate(value)}
    )
    for key, one in given.items():
        if one not in known:
            place = places[key]
            found = f"{name} '{one}' is not simulated"
            complaints.add(place.line, place.column, found, "", nearest(one, known))


def _check_twice(
    values: Mapping[str, Any], places: Mapping[str, Place], complaints: Complaints
) -> None:
    for name in ("drivers", "images", "tags"):
        listed = values.get(name, ())
        for index, one in enumerate(listed):
            if one in listed[:index]:
                place = places[f"{name}[{index}]"]
                complaints.add(
                    place.line, place.column, f"'{one}' is listed twice", "", "keep one of them"
                )
