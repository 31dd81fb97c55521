"""Items as points of a plane, a person as an arrow, and the guesses that their products make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff.traced import traced
from gdlib.widgets import networks
from gdlib.widgets.base import SHARED, Widget
from gdlib.widgets.traits import Checked, Json, Number, Point, Text, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

MOST_ITEMS, MOST_ANSWERS, MOST_LEVELS = 100, 5, 11
LARGEST = 1e6
"""Of any number that is given."""
SMALLEST = 1e-9
"""Of α against the largest ‖v‖²: with less, rounding decides."""
LOOKS = ("gradient descent", "momentum", "AdaGrad", "AMSGrad", "proximal descent", "Lion")
"""Whose colour and marker each group has."""
NAMED = 3
"""Items that are named as most and least agreed with."""


def newcomer(places: Any, told: Any, residuals: Any, alpha: float) -> Any:
    """Return the u with the least ½Σ(r − u·v)² + ½α‖u‖² over the items where `told` is 1.

    It is (VᵀV + αI)⁻¹Vᵀr, shape (2,); the inverse of a 2 × 2 matrix S is (tr S · I − S)/det S.
    """
    rows = places * told[:, None]
    squares = rows.T @ places + alpha * np.eye(2)
    trace = squares[0, 0] + squares[1, 1]
    determinant = squares[0, 0] * squares[1, 1] - squares[0, 1] * squares[1, 0]
    return (trace * np.eye(2) - squares) @ (rows.T @ residuals) / determinant


def guessed(places: Any, means: Any, person: Any) -> Any:
    """Return mean + u·v of each item, shape (items,)."""
    return means + places @ person


def turned(points: Any, degrees: Any) -> Any:
    """Turn points (k, 2) about the origin, counter-clockwise."""
    angle = degrees * (np.pi / 180)
    return np.cos(angle) * points + np.sin(angle) * (points @ np.array([[0.0, 1.0], [-1.0, 0.0]]))


class Answers(Checked):
    """What a person has said of some items: a number by the item's name."""

    def __init__(self, *, help: str = "") -> None:  # noqa: A002
        super().__init__({}, help=help)

    def judge(self, name: str, value: Any) -> dict[str, float]:
        """Ask for numbers by name."""
        checks.instance(name, value, Mapping, "a dict of answers by an item's name")
        return {
            checks.text(f"each item of {name}", item): checks.number(f"each answer of {name}", said)
            for item, said in value.items()
        }


class ItemMap(Widget):
    """Move a person's arrow over a map of items; each guess is the item's mean + u·v.

    The arrow u is put by hand, or it is what up to five answers tell of the person: the ridge
    regression of the answers, less the means, on the items' places. The picture can be turned,
    points and arrow together, which changes no guess.

    Parameters
    ----------
    places
        The items' vectors v, shape (items, 2); at most 100 items.
    names
        What each item is called, all different.
    means
        The mean answer to each item, shape (items,).
    alpha
        The weight α of the penalty, at least 10⁻⁹ of the largest ‖v‖².
    groups
        Which group each item belongs to, shown by colour and marker; at most six groups.
    levels
        The lowest and the highest answer, whole numbers at most 10 apart.
    person
        The arrow u, shape (2,), for as long as there are no answers.
    answers
        What the person has answered, by the item's name; at most five.
    item
        The name of the item that is told of.
    turn
        By how many degrees the picture is turned, from −180 to 180.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    dimensions = 2
    person = Point(help="The arrow, for as long as there are no answers.").tag(sync=True)
    answers = Answers(help="What the person has answered.").tag(sync=True)
    item = Text(help="The item that is told of.").tag(sync=True)
    turn = Number(0.0, at_least=-180, at_most=180, help="Degrees.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        places: ArrayLike,
        names: Iterable[str],
        means: ArrayLike,
        alpha: float,
        groups: Iterable[str] | None = None,
        levels: Iterable[float] = (1, 6),
        **kwargs: Any,
    ) -> None:
        checks.keywords(self.kind, kwargs, ["person", "answers", "item", "turn"], also=SHARED)
        self.places = _placed(places)
        count = len(self.places)
        self.names = _texts("names", names, count)
        if len(set(self.names)) < count:
            raise ValueError("names must be different, for each item its own")
        self.means = _limited("means", checks.array("means", means, shape=(count,), copy=True))
        least = SMALLEST * float((self.places**2).sum(axis=1).max())
        self.alpha = checks.number("alpha", alpha, at_least=least, at_most=LARGEST**2)
        self.groups = ("",) * count if groups is None else _texts("groups", groups, count)
        if len(set(self.groups)) > len(LOOKS):
            raise ValueError(f"groups must be at most {len(LOOKS)} different names")
        self.levels = _levels(levels)
        choices = {"person": (0.0, 0.0), "item": self.names[0]} | kwargs
        super().__init__(_programs=self._program(), **choices)

    def _program(self) -> dict[str, Any]:
        known = list(dict.fromkeys(self.groups))
        some = np.ones(2)
        return {
            "places": networks.table(self.places),
            "names": list(self.names),
            "means": self.means.tolist(),
            "groups": [known.index(group) for group in self.groups],
            "group_names": known,
            "looks": list(LOOKS),
            "levels": list(self.levels),
            "reach": self._reach,
            "scale": self._scale,
            "most": MOST_ANSWERS,
            "named": NAMED,
            "newcomer": traced(
                lambda places, told, residuals: newcomer(places, told, residuals, self.alpha),
                np.eye(2), some, some, by=(),
            ),
            "guesses": traced(guessed, np.eye(2), some, some, by=()),
            "turned": traced(turned, np.eye(2), 0.0, by=()),
        }  # fmt: skip

    @property
    def _reach(self) -> float:
        """How far the picture goes to each side."""
        return 1.1 * float(np.linalg.norm(self.places, axis=1).max())

    @property
    def _scale(self) -> float:
        """How much longer than u the arrow is drawn.

        An arrow that ends on the farthest item moves that item's guess by the whole range.
        """
        low, high = self.levels
        farthest = float(np.linalg.norm(self.places, axis=1).max())
        return float(f"{farthest**2 / (high - low):.2g}")

    @validate("person")
    def _check_person(self, person: tuple[float, ...]) -> tuple[float, ...]:
        _limited("person", np.array(person))
        return person

    @validate("item")
    def _check_item(self, item: str) -> str:
        return checks.choice("item", item, self.names)

    @validate("answers")
    def _check_answers(self, answers: dict[str, float]) -> dict[str, float]:
        low, high = self.levels
        for name, said in answers.items():
            checks.choice("each item of answers", name, self.names)
            checks.number("each answer of answers", said, at_least=low, at_most=high)
        if len(answers) > MOST_ANSWERS:
            raise ValueError(f"answers must be at most {MOST_ANSWERS}, not {len(answers)}")
        return answers

    @property
    def vector(self) -> Array:
        """The arrow u as it is shown: from the answers if there are any, shape (2,)."""
        if not self.answers:
            return np.array(self.person)
        told = np.array([float(name in self.answers) for name in self.names])
        said = np.array([self.answers.get(name, 0.0) for name in self.names])
        return np.asarray(newcomer(self.places, told, told * said - self.means, self.alpha))

    @property
    def guesses(self) -> Array:
        """The guess for each item, shape (items,)."""
        return np.asarray(guessed(self.places, self.means, self.vector))

    def title(self) -> str:
        """Say how many items there are."""
        return f"{len(self.names)} items, {len(self.answers)} answers"

    def alt_text(self) -> str:
        """Say what the arrow is told from, and which items it agrees with most and least."""
        order = np.argsort(-self.guesses, kind="stable")
        most, least = self.names[order[0]], self.names[order[-1]]
        groups = len(set(self.groups))
        from_ = f"told from {len(self.answers)} answers" if self.answers else "put by hand"
        apart = f" in {groups} groups" if groups > 1 else ""
        return (
            f"A map of {len(self.names)} items as points{apart}, and a person as an arrow from"
            f" the origin, {from_}; beside it a bar for each item with the guess for that person."
            f" At first the highest guess is {self.guesses[order[0]]:.1f}, for “{most}”, the lowest"
            f" {self.guesses[order[-1]]:.1f}, for “{least}”."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the map, turned as it is, and the person's arrow if there is one."""
        from gdlib import plotting

        axes = figure.subplots()
        shown = np.asarray(turned(self.places, self.turn))
        for group, name in zip(dict.fromkeys(self.groups), LOOKS, strict=False):
            look = plotting.look(name)
            points = shown[[one == group for one in self.groups]]
            axes.plot(*points.T, look.marker, color=look.colour, label=group or None)
        x, y = self._scale * np.asarray(turned(self.vector[None], self.turn))[0]
        if x or y:
            arrow = {"arrowstyle": "-|>", "color": plotting.INK, "lw": 2}
            axes.annotate("", (x, y), (0, 0), arrowprops=arrow)
        axes.axhline(0, color=plotting.INK, lw=0.6)
        axes.axvline(0, color=plotting.INK, lw=0.6)
        axes.set(aspect="equal", xlabel="first number of $v$", ylabel="second number of $v$")
        plotting.style(axes)
        if any(self.groups):
            plotting.legend(axes, loc="center left", bbox_to_anchor=(1.02, 0.5))


def _placed(places: ArrayLike) -> Array:
    array = _limited("places", checks.array("places", places, shape=(None, 2), copy=True))
    if not 2 <= len(array) <= MOST_ITEMS:
        raise ValueError(f"places must be from 2 to {MOST_ITEMS} items, not {len(array)}")
    if np.linalg.norm(array, axis=1).max() < 1 / LARGEST:
        raise ValueError("places must not all be at the origin")
    return array


def _limited(name: str, array: Array) -> Array:
    if (np.abs(array) > LARGEST).any():
        raise ValueError(f"{name} must lie between -{LARGEST:g} and {LARGEST:g}")
    return array


def _texts(name: str, value: Iterable[str], count: int) -> tuple[str, ...]:
    texts = checks.several(name, value, MOST_ITEMS, "be a text for each item")
    kept = tuple(checks.text(f"each of {name}", one) for one in texts)
    if len(kept) != count:
        raise ValueError(f"{name} must be {count}, one for each item, not {len(kept)}")
    return kept


def _levels(levels: Iterable[float]) -> tuple[int, int]:
    low, high = checks.array("levels", levels, shape=(2,)).tolist()
    if low != round(low) or high != round(high) or not 0 < high - low < MOST_LEVELS:
        wanted = f"two whole numbers, low and high, at most {MOST_LEVELS - 1} apart"
        raise ValueError(f"levels must be {wanted}, not {checks.shown(levels)}")
    for level in (low, high):
        checks.number("levels", level, at_least=-LARGEST, at_most=LARGEST)
    return int(low), int(high)
