"""Pictures in words: what a step did, and what a picture shows, from the same data as the
drawing.
"""

from __future__ import annotations

from docgen.draw.delta import Delta, Verb, deltas
from docgen.draw.scene import Box, Group, Mark, Scene, Text
from docgen.draw.story import Story

_ORDER = (Verb.CREATED, Verb.REMOVED, Verb.CHANGED, Verb.KEPT)


def caption(story: Story, step: int) -> str:
    """`Step 3 of 7, docker rm db. Removed: container db with its writable layer, 2 files.
    Kept: …`.
    """
    if step < 1:
        return "Before the first step."
    head = f"Step {step} of {story.last}, {story.command(step)}."
    return " ".join([head, *sentences(deltas(story, step))])


def sentences(found: tuple[Delta, ...]) -> list[str]:
    """One sentence for what was created, removed, changed and kept."""
    if not found:
        return ["Nothing stored changed."]
    return [
        f"{verb.value}: {'; '.join(one.words for one in found if one.verb is verb)}."
        for verb in _ORDER
        if any(one.verb is verb for one in found)
    ]


def describe(scene: Scene) -> str:
    """The caption, and then everything that the picture says, read from top to bottom of
    each box.
    """
    return f"{scene.caption} {reading(scene)}".strip()


def reading(scene: Scene) -> str:
    """Every text of the picture in order: boxes as sentences, the legend left out."""
    sentence: list[str] = []
    done: list[str] = []
    for group in scene.groups:
        if group.key == "legend":
            continue
        if any(isinstance(shape, Box) for shape in group.shapes) and sentence:
            done.append(": ".join(sentence[:1]) + _tail(sentence[1:]))
            sentence = []
        words = _group_words(group)
        if words:
            sentence.append(words)
    if sentence:
        done.append(sentence[0] + _tail(sentence[1:]))
    return " ".join(done)


def _tail(parts: list[str]) -> str:
    return (f": {'; '.join(parts)}" if parts else "") + "."


def _group_words(group: Group) -> str:
    """Letters and signs by their names, then the texts; or what the group wants to be read."""
    if group.said:
        return group.said
    marks = [shape.kind for shape in group.shapes if isinstance(shape, Mark)]
    texts = [shape.string.strip() for shape in group.shapes if isinstance(shape, Text)]
    letters = {"A": "added", "C": "changed", "D": "deleted"}
    said = [letters.get(mark.value, "") for mark in marks]
    return " ".join(part for part in (*said, ", ".join(texts)) if part)
