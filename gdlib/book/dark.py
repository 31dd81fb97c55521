"""A figure's landscapes in the colours of a dark page: a pale map would glare there.

Low ground stays darker than high ground, as in the widgets. What stands on a figure's landscapes,
and beside them, changes with them; figures without one serve both pages as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.collections import Collection
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from gdlib.plotting.relief import MAP
from gdlib.plotting.theme import DARK, PALE, PALETTE

TONES: list[str] = PALETTE["figure"]["dark map"]
_DARK_MAP = LinearSegmentedColormap.from_list("dark landscape", TONES)
_LOW, _HIGH = (float(np.sum(MAP(end)[:3])) for end in (0.0, 1.0))
_LANDSCAPES = ("map", "relief")
_OTHER = {look["figure"].lower(): look["dark"] for look in PALETTE["methods"].values()}
_OTHER |= {DARK: PALE, PALE: DARK}
_COLOURED: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Line2D, ("color", "markerfacecolor", "markeredgecolor")),
    (Text, ("color",)),
    (Patch, ("facecolor", "edgecolor")),
)

Undo = Callable[[], object]


def has_landscape(figure: Figure) -> bool:
    """Tell whether a filled map or a surface is in a figure."""
    return any(part.get_gid() in _LANDSCAPES for part in figure.findobj(Collection))


@contextmanager
def darkened(figure: Figure) -> Iterator[None]:
    """Give a figure that has been drawn once its colours for a dark page, for the time being."""
    undo = [step for part in figure.findobj() for step in _recoloured(part)]
    try:
        yield
    finally:
        for step in reversed(undo):
            step()


def _recoloured(part: Any) -> Iterator[Undo]:
    """Change the colours of one part of a figure, and yield what changes them back."""
    if isinstance(part, Collection):
        yield _collection(part)
    for kind, names in _COLOURED:
        if isinstance(part, kind):
            for name in names:
                yield from _one(part, name)
    if effects := part.get_path_effects():
        part.set_path_effects([_stroke(effect) for effect in effects])
        yield lambda: part.set_path_effects(effects)


def _one(part: Any, name: str) -> Iterator[Undo]:
    before = getattr(part, f"get_{name}")()
    if isinstance(before, str) and before in ("none", "auto"):
        return
    after = _swapped(to_rgba(before))
    if after != to_rgba(before):
        change = getattr(part, f"set_{name}")
        change(after)
        yield lambda: change(before)


def _swapped(colour: Any) -> tuple[float, ...]:
    """Return what a colour is in the dark: a method's or a mark's has another there."""
    return to_rgba(_OTHER.get(to_hex(colour), colour), float(colour[3]))


def _collection(part: Any) -> Undo:
    """Colour a landscape's tones, or lines and areas that have a colour of their own."""
    values, own = part.get_array(), vars(part)  # Matplotlib tells nobody which colours were given
    given = own["_original_facecolor"], own["_original_edgecolor"]
    faces, edges = own.get("_facecolor3d", part.get_facecolor()), part.get_edgecolor()
    part.set_array(None)  # else the colours would be read from it again
    if part.get_gid() in _LANDSCAPES:
        part.set_facecolor(_toned(faces))
    else:
        part.set_facecolor(to_rgba_array([_swapped(each) for each in faces]))
        part.set_edgecolor(to_rgba_array([_swapped(each) for each in edges]))

    def back() -> None:
        part.set_facecolor(given[0])
        part.set_edgecolor(given[1])
        part.set_array(values)

    return back


def _toned(faces: Any) -> Any:
    """Return the dark page's tones for those of a landscape, as high on its scale as these are."""
    return _DARK_MAP(np.clip((faces[:, :3].sum(1) - _LOW) / (_HIGH - _LOW), 0, 1))


def _stroke(effect: Any) -> Any:
    """Return a halo in the dark's colour; any other effect as it is."""
    if not isinstance(effect, withStroke):
        return effect
    look = vars(effect)["_gc"]
    return withStroke(**look | {"foreground": _swapped(to_rgba(look["foreground"]))})
