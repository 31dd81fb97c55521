"""A small language model at several steps of its training: what it writes, and what it expects."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdlib import checks
from gdlib.autodiff.traced import traced
from gdlib.problems import Transformer
from gdlib.problems.model import softmax
from gdlib.widgets.base import SHARED, Widget
from gdlib.widgets.traits import Count, Json, Text, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

FINE, COARSE = 15, 7
"""A page keeps a weight as a whole multiple, −15 … 15, of a fifteenth of its column's largest; at
steps before the last, where rounding costs less, of a seventh."""
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MOST_PARAMETERS, MOST_SETS = 20_000, 12
MOST_CURVE = 500
LONGEST, WRITTEN, EXPECTED = 200, 100, 8
"""Signs of a beginning, signs that are written on, and signs whose probabilities are shown."""
LARGEST_SEED = 999
FIRST = "the gradient "


class TextSampler(Widget):
    """Type a beginning; a language model goes on from it as it is after so many steps of a rule.

    Beside what it writes, with signs drawn by their probabilities, stand those of the next sign,
    and the curves of the cost with the chosen step. Before the first step all signs are equally
    probable.

    Parameters
    ----------
    model
        The `Transformer`.
    alphabet
        Its signs, one character each, in the order of their numbers.
    weights
        For each rule by its name, θ of shape (n,) by the number of the step; the same steps for
        all rules. The page rounds them, to a fifteenth of each column's largest weight and, at
        steps before the last, to a seventh.
    curves
        For each rule the costs at even distances from step 0 to the last, all equally many.
    rule, step
        Which θ is used at first; by default the last rule at the last step. Step 0 is there always.
    beginning
        What the model goes on from, of the alphabet's signs.
    seed
        Of the draws.

    Raises
    ------
    TypeError, ValueError
        Any value that makes no figure; the message says what was wanted.
    """

    rule = Text(help="The rule that trained the model.").tag(sync=True)
    step = Count(0, 0, 10**9, help="After how many steps.").tag(sync=True)
    beginning = Text(help="What the model goes on from.").tag(sync=True)
    seed = Count(0, 0, LARGEST_SEED, help="Of the draws.").tag(sync=True)
    _programs = Json().tag(sync=True)

    def __init__(
        self,
        model: Transformer,
        alphabet: str,
        weights: Mapping[str, Mapping[int, ArrayLike]],
        curves: Mapping[str, ArrayLike],
        **kwargs: Any,
    ) -> None:
        checks.keywords(self.kind, kwargs, ["rule", "step", "beginning", "seed"], also=SHARED)
        self.model = _model(model)
        self.alphabet = _alphabet(alphabet, model.signs)
        self.weights = _weights(weights, self.model)
        self.curves = _curves(curves, self.weights)
        self.steps = (0, *next(iter(self.weights.values())))
        first = FIRST if set(FIRST) <= set(self.alphabet) else self.alphabet[0]
        chosen = {"rule": list(self.weights)[-1], "step": self.steps[-1], "beginning": first}
        chosen |= kwargs
        super().__init__(_programs=self._program(), **chosen)

    def _program(self) -> dict[str, Any]:
        shapes = self.model.layout.shapes
        length = self.model.features.shape[1]
        parts = [np.zeros(shape) for shape in shapes.values()]

        def said(*given: Any) -> Any:
            *parameters, rows = given
            named = dict(zip(shapes, parameters, strict=True))
            return softmax(self.model.read(named, rows @ named["embedding"]))

        return {
            "answers": traced(said, *parts, np.zeros((length, self.model.signs)), by=()),
            "parts": [{"name": name, "shape": list(shape)} for name, shape in shapes.items()],
            "alphabet": self.alphabet,
            "length": length,
            "steps": list(self.steps),
            "digits": DIGITS[: 2 * FINE + 1],
            "runs": [
                {
                    "name": name,
                    "curve": self.curves[name].round(4).tolist(),
                    "weights": [
                        _packed(sets[step], self.model, self._levels(step))
                        for step in self.steps[1:]
                    ],
                }
                for name, sets in self.weights.items()
            ],
            "written": WRITTEN,
            "longest": LONGEST,
            "expected": EXPECTED,
        }

    @validate("rule")
    def _check_rule(self, rule: str) -> str:
        return checks.choice("rule", rule, self.weights)

    @validate("step")
    def _check_step(self, step: int) -> int:
        if step not in self.steps:
            known = ", ".join(map(str, self.steps))
            raise ValueError(f"step must be one of {known}, not {step}")
        return step

    @validate("beginning")
    def _check_beginning(self, beginning: str) -> str:
        return self._readable("beginning", beginning)

    def _readable(self, name: str, text: str) -> str:
        strange = next((sign for sign in text if sign not in self.alphabet), None)
        if strange is not None or not 0 < len(text) <= LONGEST:
            wanted = f"1 to {LONGEST} of the signs {self.alphabet!r}"
            raise ValueError(f"{name} must be {wanted}, not {checks.shown(text)}")
        return text

    @property
    def theta(self) -> Array:
        """The parameters of the chosen rule and step, as the page has them."""
        if self.step == 0:
            return np.zeros(self.model.n)
        arrays = self.model.layout.unpack(self.weights[self.rule][self.step])
        levels = self._levels(self.step)
        kept = {name: np.multiply(*_rounded(array, levels)) for name, array in arrays.items()}
        return self.model.layout.pack(kept)

    def _levels(self, step: int) -> int:
        return FINE if step == self.steps[-1] else COARSE

    def probabilities(self, text: str) -> Array:
        """Return how probable each sign is after a text, by the chosen θ, shape (signs,).

        Raises
        ------
        TypeError, ValueError
            A text that is empty, too long, or has other signs.
        """
        return self._next(
            self.model.layout.unpack(self.theta), self._readable("text", checks.text("text", text))
        )

    def _next(self, parameters: dict[str, Array], text: str) -> Array:
        length = self.model.features.shape[1]
        signs = [self.alphabet.index(sign) for sign in text[-length:]]
        row = np.array([signs + [0] * (length - len(signs))])
        found: Array = self.model.predicted(parameters, row)[0, len(signs) - 1]
        return found

    @property
    def text(self) -> str:
        """The beginning, and what the model writes on: each sign drawn by its probability."""
        rng = np.random.default_rng(self.seed)
        parameters = self.model.layout.unpack(self.theta)
        text: str = self.beginning
        for _ in range(WRITTEN):
            below = np.cumsum(self._next(parameters, text))
            text += self.alphabet[int((below[:-1] <= rng.random()).sum())]
        return text

    def title(self) -> str:
        """Name the rule and the step."""
        return f"{self.rule}, step {self.step} of {self.steps[-1]}"

    def alt_text(self) -> str:
        """Say what is written and what is expected next."""
        shares = self.probabilities(self.beginning)
        first = self.alphabet[int(shares.argmax())]
        return (
            f"A text that a language model goes on from, as it is after {self.step} steps of"
            f" {self.rule}: “{self.text}”. Beside it bars for the most probable signs after the"
            f" beginning; the first is {spoken(first)} with {shares.max():.2f}. Below, the cost of"
            f" {', '.join(self.weights)} against the step, with a line at the chosen one."
        )

    def draw(self, figure: Figure) -> None:
        """Draw the text, the bars and the curves."""
        from gdlib import plotting

        grid = figure.add_gridspec(2, 2, height_ratios=(1, 2))
        words, bars, curves = (figure.add_subplot(p) for p in (grid[0, :], grid[1, 0], grid[1, 1]))
        words.set_axis_off()
        lines = textwrap.fill(self.text, 62, drop_whitespace=False)
        words.text(0, 1, lines, va="top", family="monospace", fontsize=9, color=plotting.INK)
        shares = self.probabilities(self.beginning)
        order = np.argsort(-shares, kind="stable")[:EXPECTED]
        names = [spoken(self.alphabet[i]) for i in order]
        bars.barh(names[::-1], shares[order][::-1], color=plotting.look(self.rule).colour)
        bars.set(xlim=(0, 1), xlabel="probability of the next sign")
        for name, curve in self.curves.items():
            at = np.linspace(0, self.steps[-1], len(curve))
            curves.plot(at, curve, color=plotting.look(name).colour, label=name)
        curves.axvline(self.step, color=plotting.INK, lw=1, ls=":")
        curves.set(xlabel="step $k$", ylabel="bits a sign")
        plotting.legend(curves)
        for axes in (bars, curves):
            plotting.style(axes)


def spoken(sign: str) -> str:
    """Return a sign as it is shown: a blank as its name."""
    return "blank" if sign == " " else sign


def _rounded(array: Array, levels: int) -> tuple[Array, Array]:
    """Return whole numbers from −levels to levels, and of each column what one of them is worth."""
    largest = np.abs(array).max(axis=0) / levels
    worth = np.array([[float(f"{one:.2g}") for one in largest]])
    whole = np.rint(array / np.where(worth > 0, worth, 1))
    return np.clip(whole, -levels, levels), worth


def _packed(theta: Array, model: Transformer, levels: int) -> dict[str, Any]:
    """Return θ as one character a weight, and the worth of each column of each array."""
    each = [_rounded(array, levels) for array in model.layout.unpack(theta).values()]
    whole = np.concatenate([found.ravel() for found, _ in each]).astype(int) + FINE
    worth = np.concatenate([worth.ravel() for _, worth in each])
    return {"digits": "".join(DIGITS[level] for level in whole), "worth": worth.tolist()}


def _model(model: Any) -> Transformer:
    kept: Transformer = checks.instance("model", model, Transformer, "a gd.Transformer(...)")
    if kept.n > MOST_PARAMETERS:
        raise ValueError(f"model must have at most {MOST_PARAMETERS} parameters, not {kept.n}")
    return kept


def _alphabet(alphabet: Any, signs: int) -> str:
    kept = checks.text("alphabet", alphabet)
    if len(kept) != signs or len(set(kept)) < signs:
        raise ValueError(f"alphabet must be {signs} different signs, not {checks.shown(kept)}")
    return kept


def _weights(weights: Any, model: Transformer) -> dict[str, dict[int, Array]]:
    given = checks.instance("weights", weights, Mapping, "θ by step, by the name of a rule")
    kept = {
        checks.text("each name of weights", name): {
            checks.count("each step of weights", step, at_least=1): checks.array(
                "each θ of weights", theta, shape=(model.n,), copy=True
            )
            for step, theta in checks.instance(
                "each rule of weights", sets, Mapping, "θ by the number of a step"
            ).items()
        }
        for name, sets in given.items()
    }
    steps = {tuple(sets) for sets in kept.values()}
    if len(steps) != 1 or list(*steps) != sorted(*steps) or steps == {()}:
        raise ValueError("weights must have the same steps for each rule, one at least, in order")
    if not len(kept) * len(*steps) <= MOST_SETS:
        raise ValueError(f"weights must be at most {MOST_SETS} θ, which a page can load")
    return kept


def _curves(curves: Any, rules: Mapping[str, Any]) -> dict[str, Array]:
    given = checks.instance("curves", curves, Mapping, "costs by the name of a rule")
    if set(given) != set(rules):
        raise ValueError(f"curves must be of {', '.join(rules)}, not {', '.join(map(str, given))}")
    kept = {name: checks.array("curves", given[name], shape=(None,), copy=True) for name in rules}
    lengths = {len(curve) for curve in kept.values()}
    if len(lengths) > 1 or not 2 <= min(lengths) <= MOST_CURVE:
        raise ValueError(f"curves must be equally many costs each, from 2 to {MOST_CURVE}")
    return kept
