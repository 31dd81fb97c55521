"""Put bad values to every public callable: `python -m tests.bad_input part parts more`.

The callables are found by walking the names in `gdlib/__init__.pyi`, the public modules among them
and the methods of public classes; what stands here by hand is a *valid* value for each name of a
parameter, so a new callable is tested without being listed. Each argument in turn becomes each bad
value; then pairs do, drawn from a seed, and a keyword is misspelt. A call may work, or raise
`TypeError` or `ValueError` in our own words. One line of JSON is printed for all else that happens.
"""

from __future__ import annotations

import copy
import inspect
import json
import random
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import sympy as sp

import gdlib as gd
from gdlib.book import api
from gdlib.diagnosis.watch import ALARMS
from gdlib.optimizers.symbols import eta, g, k, theta
from gdlib.widgets.decision_boundary import exclusive_or

HOOKS = {
    **dict.fromkeys(
        (
            "row_costs",
            "row_slopes",
            "row_curvatures",
            "row_formula",
            "mean_value",
            "mean_gradient",
            "predicted",
            "read",
        ),
        "a subclass of Problem says them; they get arrays that are checked already",
    ),
    **dict.fromkeys(
        ("evaluate", "value_and_gradient"), "say that they do not check: inner steps of every run"
    ),
    "stepper": "the inner loop, for what has checked its arguments",
    "initial_moment": "asked for names that the rule itself gave",
    **dict.fromkeys(
        ("memory", "run", "seen", "parts"), "asked by `stepper`, of what has been checked"
    ),
    "draw": "asked by `still` with a figure of its own",
}
"""Methods that take what others have checked, and why."""

SAYS_NOTHING = re.compile(
    r"unsupported operand|has no attribute|is not iterable|could not convert|scalar array"
    r"|truth value|ufunc|cannot unpack|not subscriptable|'NoneType'|inhomogeneous|cannot conv"
    r"|must be real number\b"
    r"|array element|too large to convert|not supported between|unhashable|has no len|broadcast"
    r"|missing \d required|object is not callable|invalid literal|not enough values|too many values"
)
"""What Python and NumPy say of a value without saying whose it is."""


def _x() -> sp.Symbol:
    return sp.Symbol("x", real=True)


def _bowl() -> gd.Landscape:
    return gd.landscapes.quadratic()


def _line() -> gd.Landscape:
    return gd.Landscape("parabola", _x() ** 2 / 2, [_x()], [(-3, 3)], (2.0,), [(0.0,)])


@cache
def _run() -> gd.Trajectory:
    return gd.descend(_bowl(), gd.gradient_descent(0.05), steps=6)


@cache
def _short() -> gd.Trajectory:
    return gd.descend(_line(), gd.gradient_descent(0.3), steps=4)


@cache
def _found() -> gd.Basins:
    return gd.basins(_bowl(), gd.gradient_descent(0.1), (4, 5), 300)


def _axes(projection: str | None = None) -> Any:
    from matplotlib.figure import Figure

    return Figure().add_subplot(projection=projection)


def _labelled() -> Any:
    axes = _axes()
    axes.plot([0, 1], label="a line")
    return axes


def _problem() -> gd.LeastSquares:
    return gd.problems.noisy_line(8)


def _network() -> gd.Network:
    """Return a network of two parameters, as other problems here have two."""
    return gd.Network([[1.0], [2.0], [3.0]], [0, 1, 1], {"output": 1}, loss="logistic")


@cache
def _digits() -> gd.Network:
    shades = np.random.default_rng(0).uniform(0, 1, (10, 64))
    return gd.Network(shades, np.arange(10), {"out": 10}, loss="cross-entropy")


def _writer() -> gd.Transformer:
    return gd.Transformer([[0, 1, 1]], 2, dimension=2, hidden=1, blocks=1, heads=1)


def _writers_start() -> Any:
    return np.zeros(_writer().n)


def _weights() -> dict[str, dict[int, Any]]:
    return {"Adam": {9: np.ones(_writer().n)}}


def _trial() -> gd.Trial:
    return gd.Trial({"learning_rate": 0.1}, np.array([1.0, 2.0]))


def _heard() -> gd.Watch:
    """Return a watch that has warned of everything already."""
    watch = gd.Watch()
    watch._said.update(ALARMS)
    return watch


def _descend(optimizer: gd.Optimizer, _seed: int) -> gd.Trajectory:
    return gd.descend(_line(), optimizer, steps=3)


# A valid value for each name of a parameter, made anew for each call.
VALID: dict[str, Callable[[], Any]] = {
    "answer": lambda: 3.0,
    "ax": _axes,
    "batch_size": lambda: 4,
    "bounds": lambda: [(-1.0, 1.0), (-2.0, 2.0)],
    "citation": lambda: "Cauchy 1847",
    "color": lambda: "red",
    "colour": lambda: "red",
    "constants": lambda: {_x(): 0.5},
    "corner": lambda: 0.5,
    "curvature": lambda: 2.0,
    "cost": _bowl,
    "count": lambda: 2,
    "curves": lambda: [_line()],
    "decay": lambda: 0.5,
    "dimension": lambda: 3,
    "entries": lambda: np.array([[0, 0], [0, 1], [2, 1]]),
    "epochs": lambda: 1,
    "evaluations": lambda: 1,
    "evidence": lambda: "J rises",
    "exercise": lambda: "update-rule/step",
    "expr": lambda: _x() ** 2,
    "filters": lambda: 2,
    "size": lambda: 3,
    "layers": lambda: {"hidden": 2, "output": 1},
    "rank": lambda: 2,
    "shapes": lambda: {"a": (2,)},
    "scale": lambda: 0.1,
    "held_out": lambda: None,
    "f": lambda: lambda t: (t**2).sum(),
    "feedback": lambda: "Not so.",
    "features": lambda: np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]),
    "finding": lambda: gd.Finding("healthy", "J falls"),
    "findings": lambda: (gd.Finding("healthy", "J falls"),),
    "found": _found,
    "gradient": lambda: np.array([0.1, 0.2]),
    "gradient_norm": lambda: 0.1,
    "gradients": lambda: np.zeros((2, 1)),
    "grid": lambda: {"learning_rate": [0.1, 0.3]},
    "hollows": lambda: 1,
    "initial": dict,
    "items": lambda: gd.survey(_bowl()).items,
    "kind": lambda: "healthy",
    "l1": lambda: 0.1,
    "language": lambda: "numpy",
    "labels": lambda: np.array([0.0, 1.0, 1.0]),
    "landscape": _bowl,
    "learning_rate": lambda: 0.1,
    "layout": lambda: gd.Layout({"weights": (2,)}),
    "left": lambda: -0.1,
    "message": lambda: "41 evaluations",
    "method": lambda: "Adam",
    "minima": lambda: [(0.0,)],
    "moments": dict,
    "name": lambda: "walk/side",
    "optimizer": lambda: gd.adam(0.1),
    "options": lambda: [gd.Option("Left", "No."), gd.Option("Right", "Yes.", correct=True)],
    "optimizers": lambda: [gd.gradient_descent(0.1)],
    "paths": lambda: {"mine": _run()},
    "patience": lambda: 5,
    "point_change": lambda: 0.1,
    "points": lambda: np.array([[1.0], [0.5]]),
    "problem": _problem,
    "question": lambda: "Where to?",
    "radius": lambda: 0.1,
    "right": lambda: 0.1,
    "rise_share": lambda: 0.3,
    "start_divisor": lambda: 25.0,
    "end_divisor": lambda: 100.0,
    "typeset": lambda: r"\eta_0",
    "rows": lambda: [0, 2],
    "rule": lambda: gd.gradient_descent,
    "run": _run,
    "runs": lambda: {"Adam": _run()},
    "schedule": lambda: gd.schedules.step(0.1),
    "scores": lambda: np.array([0.5, -0.5]),
    "seed": lambda: 0,
    "seeds": lambda: (0, 1),
    "settings": lambda: {"learning_rate": 0.1},
    "shape": lambda: (3, 4),
    "start": lambda: np.array([0.5, 0.5]),
    "state": lambda: "correct",
    "status": lambda: "out of steps",
    "steps": lambda: 3,
    "step": lambda: 1,
    "stop": lambda: gd.Stop(gradient_norm=0.1),
    "target": lambda: "python",
    "targets": lambda: np.array([1.0, 2.0, 4.0]),
    "text": lambda: "x**2 + y**2",
    "then": lambda: gd.schedules.constant(0.1),
    "theta": lambda: np.array([0.5, 0.5]),
    "threshold": lambda: 0.1,
    "trials": lambda: (_trial(),),
    "values": lambda: np.array([1.0, 0.5]),
    "variables": lambda: [_x()],
    "cooldown": lambda: 2,
    "what": lambda: "value",
    "x": lambda: np.array([0.5, 0.5]),
}

_one_column: dict[str, Callable[[], Any]] = {
    "features": lambda: np.ones((3, 1)),
    "targets": lambda: np.array([0.0, 1.0, 1.0]),
}
# Where a name means another thing in one callable.
OTHERWISE: dict[str, dict[str, Callable[[], Any]]] = {
    "Landscape": {"bounds": lambda: [(-1.0, 1.0)], "start": lambda: [0.5], "source": str},
    "Landscape.parse": {"name": lambda: "mine"},
    "LogisticRegression.on": {"targets": lambda: np.array([0.0, 1.0, 1.0])},
    "Layout.pack": {"arrays": lambda: {"a": np.ones(2)}},
    "MatrixFactorisation": {"values": lambda: np.array([0.0, 1.0, 1.0]), "shape": lambda: (4, 4)},
    "MatrixFactorisation.on": {"entries": lambda: [[0, 0]], "values": lambda: [1.0]},
    "MatrixFactorisation.predict": {"features": lambda: [[0, 0]]},
    "Network": {"features": lambda: np.ones((3, 2)), "loss": lambda: "squares"},
    "Network.on": _one_column,
    "Network.predict": _one_column,
    "Network.signals": _one_column,
    "problems.Model.on": _one_column,
    "problems.Model.predict": _one_column,
    "Transformer": {"windows": lambda: [[0, 1, 1], [1, 0, 1]], "signs": lambda: 2},
    "Transformer.on": {"windows": lambda: [[1, 1, 0]]},
    "Transformer.predict": {"features": lambda: [[1, 0]], "theta": _writers_start},
    "Transformer.__call__": {"theta": _writers_start},
    "Transformer.gradient": {"theta": _writers_start},
    "Transformer.points": {"theta": _writers_start},
    "Transformer.value": {"theta": _writers_start},
    "SoftmaxRegression.on": {"features": lambda: np.ones((3, 1))},
    "SoftmaxRegression.predict": _one_column,
    "Optimizer": {"step": lambda: -eta * g, "hyperparameters": lambda: {eta: 0.1}},
    "Result": {
        "source": lambda: "Cauchy 1847", "setup": lambda: "a bowl", "published": lambda: "0.5",
        "ours": lambda: 0.5, "within": lambda: 0.1,
    },
    "ArrayOptimizer": {"step": lambda: -eta * g, "hyperparameters": lambda: {eta: 0.1},
                       "gradient": lambda: g / 2, "answer": lambda: theta},
    "ArrayOptimizer.init": {"theta": lambda: np.ones((2, 3))},
    "ArrayOptimizer.latex": {"since": lambda: gd.gradient_descent(0.1)},
    "ArrayOptimizer.update": {
        "gradient": lambda: np.ones((2, 3)), "theta": lambda: np.ones((2, 3)),
        "state": lambda: gd.muon().init(np.ones((2, 3))),
    },
    "clipped": {"rule": lambda: gd.adam(0.1)},
    "muon": {"scale": lambda: "none"},
    "schedule_free": {"rule": lambda: gd.adam(0.1)},
    "Optimizer.latex": {"since": lambda: gd.gradient_descent(0.1)},
    "Optimizer.parse": {"text": lambda: "step = -eta*g"},
    "Optimizer.update": {"state": lambda: gd.adam(0.1).init(np.array([0.5, 0.5]))},
    "Basins": {"labels": lambda: np.zeros((2, 2), int), "steps": lambda: np.ones((2, 2), int),
               "points": lambda: _found().points},
    "State": {"moments": lambda: {"m": np.zeros(2)}},
    "descend": {"learning_rate": lambda: [0.1] * 3},
    "descend_batches": {"learning_rate": lambda: [0.1] * 3},
    "plotting.curve": {"cost": _line, "bounds": lambda: (-1.0, 1.0)},
    "plotting.steps": {"landscape": _line, "run": _short, "bounds": lambda: (-1.0, 1.0)},
    "plotting.lines": {"heights": lambda: {"a": np.ones(3)}, "at": lambda: np.arange(3.0)},
    "plotting.line_search": {"point": lambda: (0.5, 0.5)},
    "plotting.surface": {"ax": lambda: _axes("3d")},
    "plotting.legend": {"ax": _labelled},
    "plotting.animate": {"fps": lambda: 10.0},
    "survey": {"bounds": lambda: [(-1.0, 1.0), (-2.0, 2.0)], "name": lambda: "mine"},
    "Survey": {"notes": lambda: ("read",)},
    "tune": {"run": lambda: _descend, "target": lambda: 0.1},
    "Tuning": {"target": lambda: None},
    "Watch.__call__": {"loss": lambda: 0.5},
    "BatchRace": {"schedules": lambda: ("constant",), "schedule": lambda: "constant"},
    "BasinMap": {"steps": lambda: 50},
    "BasinMap.basins": {"rows": lambda: 6, "columns": lambda: 5},
    "DecisionBoundary": {"network": exclusive_or},
    "DecisionBoundary.right": {"theta": lambda: np.zeros(9)},
    "DescentLine": {"landscape": _line, "start": lambda: (0.5,)},
    "DigitPad": {"network": _digits, "theta": lambda: np.zeros(_digits().n),
                 "levels": lambda: (0.0, 1.0), "strokes": lambda: [[(0, 0), (9, 9)]]},
    "ItemMap": {"places": lambda: [(1.0, 2.0), (2.0, -1.0), (-1.0, 0.5)],
                "names": lambda: ["tea", "milk", "cake"], "means": lambda: [3.0, 4.0, 2.5],
                "alpha": lambda: 1.0, "groups": lambda: ["drink", "drink", "food"],
                "levels": lambda: (1, 6), "person": lambda: (0.5, 0.5),
                "answers": lambda: {"tea": 5}, "item": lambda: "tea"},
    "TextSampler": {"model": _writer, "alphabet": lambda: "ab", "weights": _weights,
                    "curves": lambda: {"Adam": [2.0, 1.0]}, "rule": lambda: "Adam",
                    "step": lambda: 9, "beginning": lambda: "ab"},
    "TextSampler.probabilities": {"text": lambda: "a"},
    "WordNeighbours": {"words": lambda: ["step", "rate", "slope"],
                       "vectors": lambda: [(1.0, 2.0), (2.0, -1.0), (-1.0, 0.5)],
                       "counts": lambda: [9, 7, 5], "word": lambda: "rate",
                       "shown": lambda: "vectors"},
    "ProbeHunt": {"optimizer": lambda: gd.gradient_descent(0.3)},
    "Quiz": {"answer": lambda: None},
    "Workbench": {"rule": lambda: "m = 0.9*m + g; step = -eta*m", "on": lambda: "x**2 + y**2",
                  "against": lambda: ("adam",), "tuned": lambda: False},
    "TurnedBowl.arrival": {"name": lambda: "Adam"},
    "TurnedBowl.run": {"name": lambda: "Adam"},
    "WorstCase": {"steps": lambda: (1.0, 2.0)},
    "schedules.Schedule": {"expr": lambda: _x() / k},
    "schedules.on_plateau": {"factor": lambda: 0.5, "end": lambda: 0.01},
    "schedules.wsd": {"steps": lambda: 9, "warmup": lambda: 2, "decay": lambda: 3},
    "schedules.one_cycle": {"steps": lambda: 9},
    "problems.skip_gram": {
        "pages": lambda: [["down", "the", "hill"], ["the", "hill"]],
        "vocabulary": lambda: ["the", "hill"], "window": lambda: 2, "negatives": lambda: 2,
    },
}  # fmt: skip

NEEDED = {
    "perturbed_descent": ["cooldown"],
    "ArrayOptimizer": ["hyperparameters"],
    "Optimizer": ["hyperparameters"],
    "Quiz": ["options"],
}
"""Arguments with a default, without which a call is not valid."""

KEYWORDS = {
    "ArrayOptimizer.with_settings": ["learning_rate", "epsilon"],
    "Optimizer.parse": ["learning_rate"],
    "Optimizer.with_settings": ["learning_rate", "beta1"],
    "Workbench": ["learning_rate"],
}
"""Keywords of what takes any, so that they stand in no signature."""

INSTANCES: dict[str, Callable[[], Any]] = {
    "ArrayOptimizer": gd.muon,
    "Landscape": _bowl,
    "Optimizer": lambda: gd.adam(0.1),
    "LeastSquares": _problem,
    "Layout": lambda: gd.Layout({"a": (2,)}),
    "MatrixFactorisation": lambda: gd.MatrixFactorisation([[0, 0]], [1.0], 1),
    "Network": _network,
    "Transformer": _writer,
    "TextSampler": lambda: gd.TextSampler(_writer(), "ab", _weights(), {"Adam": [2.0, 1.0]}),
    "SoftmaxRegression": lambda: gd.SoftmaxRegression([[1.0], [2.0]], [0, 1]),
    "problems.LinearModel": _problem,
    "problems.Model": _network,
    "LogisticRegression": lambda: gd.problems.two_clouds(6),
    "problems.Problem": _problem,
    "schedules.Schedule": lambda: gd.schedules.step(0.1),
    "BasinMap": lambda: gd.BasinMap(steps=50),
    "BatchRace": gd.BatchRace,
    "DecisionBoundary": gd.DecisionBoundary,
    "EdgeOfStability": lambda: gd.EdgeOfStability(width=2),
    "TurnedBowl": gd.TurnedBowl,
    "Watch": _heard,
    "Workbench": lambda: gd.Workbench("step = -g", steps=1),
}


class Strange:
    """A reader's class, at odds with everything."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __array__(self, *_args: Any, **_keywords: Any) -> Any:
        raise RuntimeError("no array")


BAD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "True": lambda: True,
    "text": lambda: "fast",
    "no text": str,
    "bytes": lambda: b"fast",
    "NaN": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-1": lambda: -1,
    "0": lambda: 0,
    "1.5": lambda: 1.5,
    "1e308": lambda: 1e308,
    "1e-320": lambda: 1e-320,
    "10**400": lambda: 10**400,
    "10**9": lambda: 10**9,
    "complex": lambda: 1j,
    "complex array": lambda: np.array([1j, 0.5]),
    "masked array": lambda: np.ma.masked_array([0.5, 0.5], [True, False]),
    "masked": lambda: np.ma.masked,
    "NaN array": lambda: np.array([np.nan, 0.5]),
    "huge array": lambda: np.array([1e308, -1e308]),
    "object array": lambda: np.array([None, "a"], dtype=object),
    "text array": lambda: np.array(["a", "b"]),
    "dates": lambda: np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
    "wrong shape": lambda: np.ones((2, 3, 4)),
    "0-d": lambda: np.array(0.5),
    "NumPy bool": lambda: np.True_,
    "float32": lambda: np.float32(0.5),
    "int8": lambda: np.int8(3),
    "list": list,
    "ragged": lambda: [[1.0], [1.0, 2.0]],
    "list of text": lambda: ["a", "b"],
    "dict": lambda: {"a": 1},
    "empty dict": dict,
    "odd dict": lambda: {1: [None]},
    "set": lambda: {0.5, 1.5},
    "generator": lambda: (i for i in range(3)),
    "class": lambda: int,
    "function": lambda: lambda *_a, **_k: None,
    "slice": lambda: slice(None),
    "symbol": lambda: sp.Symbol("z"),
    "formula": lambda: sp.Symbol("z") ** sp.Rational(1, 2) + sp.oo,
    "landscape": _line,
    "constructor": lambda: gd.landscapes.rosenbrock,
    "rule": lambda: gd.momentum(0.1),
    "state": lambda: gd.momentum(0.1).init(np.ones(3)),
    "run": _short,
    "nested": lambda: [[[0.5]]],
    "object": object,
    "strange": Strange,
}
CALLED = ("class", "function", "constructor")
"""Values that can be called: what they then raise, or return, is the reader's own."""


NEVER = {
    "complex", "complex array", "masked array", "masked", "NaN array", "NaN", "object array",
    "text array", "dates", "ragged", "strange", "object", "set", "bytes", "slice", "state",
}  # fmt: skip
"""What no argument may silently be: numbers would be lost in it."""

COMPLEX = ("theta", "complex array")  # for the complex step
TAKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "check": tuple(("answer", bad) for bad in NEVER),  # whatever a reader answers is judged
    "value": (COMPLEX, ("rows", "slice")),
    "gradient": (COMPLEX, ("rows", "slice")),
    # NaN is what a watch looks for, and what a norm is then.
    "__call__": (COMPLEX, *((name, "NaN") for name in ("loss", "val_loss", "grad_norm"))),
    "diagnose": (("run", "NaN array"),),  # losses that stopped being finite
    "unpack": (COMPLEX,),
    "init": (("theta", "NaN"), ("theta", "NaN array")),  # only its shape counts
    **dict.fromkeys(("Diagnosis", "Survey"), (("notes", "text array"),)),  # notes are texts
    **dict.fromkeys(gd.optimizers.MATRIX_RULES, (("apart", "text array"),)),  # names are texts
    "Trajectory": (("values", "NaN array"),),  # finite as runs are made
    "update": (("gradient", "NaN array"), ("theta", "NaN array")),  # one step of a loop of yours
}


@dataclass(frozen=True)
class Target:
    """A public callable: its name, how to get it, and the parameters that a reader may give."""

    name: str
    get: Callable[[], Any]
    parameters: tuple[str, ...]
    required: tuple[str, ...]

    def valid(self, parameter: str) -> Callable[[], Any] | None:
        """Return what makes a valid value for a parameter, if one is known."""
        own = OTHERWISE.get(self.name, {})
        return own.get(parameter) or (None if parameter == "source" else VALID.get(parameter))


def targets() -> Iterator[Target]:
    """Walk the public names: functions, classes, the public methods of classes."""
    for name in api.names():
        value = getattr(gd, name)
        members = api.offered(value) if isinstance(value, ModuleType) else []
        pairs = (
            [(f"{name}.{m}", getattr(value, m)) for m in members] if members else [(name, value)]
        )
        for full, found in pairs:
            if inspect.isclass(found):
                yield _target(full, found, lambda found=found: found)  # type: ignore[misc]
                yield from _methods(full, found)
            elif callable(found):
                yield _target(full, found, lambda found=found: found)  # type: ignore[misc]


def _methods(name: str, cls: type) -> Iterator[Target]:
    for method in ("__call__", *sorted(dir(cls))):
        own = [base for base in cls.__mro__ if base.__module__.startswith("gdlib")]
        if method in HOOKS or not any(method in vars(base) for base in own):
            continue
        static = inspect.getattr_static(cls, method)
        if method.startswith("_") and method != "__call__":
            continue
        if isinstance(static, (classmethod, staticmethod)):
            found = getattr(cls, method)
            yield _target(f"{name}.{method}", found, lambda found=found: found)  # type: ignore[misc]
        elif inspect.isfunction(static) and len(inspect.signature(static).parameters) > 1:
            bound = inspect.signature(static)
            yield _target(
                f"{name}.{method}", bound,
                lambda name=name, method=method: getattr(INSTANCES[name](), method),  # type: ignore[misc]
            )  # fmt: skip


def _target(name: str, found: Any, get: Callable[[], Any]) -> Target:
    signature = found if isinstance(found, inspect.Signature) else inspect.signature(found)
    known = [p for p in signature.parameters.values() if p.name != "self"]
    named = [p.name for p in known if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    traits: list[str] = getattr(found, "choices", list)() if inspect.isclass(found) else []
    required = [p.name for p in known if p.default is p.empty and p.name in named]
    required += NEEDED.get(name, [])
    taken = dict.fromkeys([*named, *traits, *KEYWORDS.get(name, [])])
    return Target(name, get, tuple(taken), tuple(required))


def cases(target: Target, pairs: int, most: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what to call a target with, and what that is called: single faults, then pairs."""
    draw = random.Random(target.name)
    yield "valid", {}
    singles = [(parameter, bad) for parameter in target.parameters for bad in BAD]
    for parameter, bad in singles if len(singles) <= most else draw.sample(singles, most):
        yield f"{parameter}={bad}", {parameter: bad}
    for _ in range(pairs if len(target.parameters) > 1 else 0):
        chosen = {p: draw.choice(list(BAD)) for p in draw.sample(target.parameters, 2)}
        yield ", ".join(f"{p}={b}" for p, b in chosen.items()), chosen
    if target.parameters:
        yield "misspelt", {draw.choice(target.parameters)[:-1] + "zz": "1.5"}


def fault(target: Target, label: str, bad: dict[str, str]) -> str | None:
    """Make one call; return what is wrong with how it went."""
    given = {p: valid() for p in target.required if (valid := target.valid(p))}
    given |= {parameter: BAD[name]() for parameter, name in bad.items()}
    before = {name: _frozen(value) for name, value in given.items()}
    try:
        target.get()(**given)
    except (TypeError, ValueError, FileNotFoundError) as error:
        if label == "valid":
            return f"a valid call raises {error!r:.300}"
        return None if any(b in CALLED for b in bad.values()) else _wordless(target, bad, error)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error!s:.200} ({where.filename}:{where.lineno})"
    if len(bad) == 1 and (taken := set(bad.values()) & NEVER):
        pair = (next(iter(bad)), *taken)
        if pair not in TAKEN.get(target.name.split(".")[-1], ()):
            return f"takes {', '.join(taken)}"
    changed = [name for name, value in given.items() if _frozen(value) != before[name]]
    return f"changes {changed[0]}" if changed else None


def _wordless(target: Target, bad: dict[str, str], error: Exception) -> str | None:
    """Tell what is wrong with the words of an error: raised by another, or about nobody."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    words = str(error)
    said = f"{type(error).__name__}: {words:.200} ({where.filename}:{where.lineno})"
    if where.filename == __file__:  # Python's own, about a keyword
        return None if any(name in words for name in bad) else f"does not name the keyword: {said}"
    if "gdlib" not in where.filename or SAYS_NOTHING.search(words):
        return f"not in our words: {said}"
    names = {
        *bad,
        *("θ" for name in bad if name == "theta"),
        *(name.rstrip("s") for name in bad),
        *target.name.lower().replace("__call__", "").split("."),
        *ABOUT,
    }
    if not any(name and name.strip("_").replace("_", " ").lower() in words.lower().replace("_", " ")
               for name in names):  # fmt: skip
        return f"names neither {' nor '.join(bad)} nor {target.name}: {said}"
    return None


ABOUT = (
    "quadratic", "parabola", "LeastSquares", "LogisticRegression", "landscape", "rule", "step",
    "mine", "my landscape", "update-rule", "path", "option", "finding", "formula", "cost", "rate",
    "adam", "gradient descent", "momentum", "variable", "read", "losses", "matrices", "starts",
    "derivative", "tolerance", "log", "labels", "targets",
    "network",
)  # fmt: skip
"""What an error may be about besides the argument: the names of the objects that are valid here."""


def _frozen(value: Any) -> Any:
    """Return what a value is now, to be compared later."""
    if isinstance(value, np.ndarray):
        raw = np.asarray(value)
        return raw.dtype.str, raw.shape, str(raw) if raw.dtype == object else raw.tobytes()
    if isinstance(value, (list, tuple, set)):
        return type(value).__name__, [_frozen(item) for item in value]
    if isinstance(value, dict):
        return [(str(key), _frozen(item)) for key, item in value.items()]
    return value if isinstance(value, (str, int, bool, type(None))) else type(value)


HEAVY = 400
"""Single faults that a callable gets at most, drawn from a seed, where each takes long."""


def main(part: int, parts: int, more: int) -> None:
    """Test every `parts`-th callable, and write down each call before it is made."""
    for target in sorted(targets(), key=lambda t: t.name)[part::parts]:
        missing = [p for p in target.required if target.valid(p) is None]
        if missing:
            print(json.dumps([target.name, missing[0], "has no valid value in VALID"]), flush=True)
            continue
        most = MOST.get(target.name.split(".")[0], 10**9) * more
        for label, bad in cases(target, 20 * more, most):
            print(f"{target.name}: {label}", file=sys.stderr, flush=True)
            found = fault(target, label, copy.copy(bad))
            if found:
                print(json.dumps([target.name, label, found]), flush=True)


MOST = dict.fromkeys(
    ("BasinMap", "BatchRace", "DescentExplorer", "DescentLine", "LineFit", "LineSearch",
     "PathPlayer", "ProbeHunt", "tune", "plotting", "MomentumMap", "ContourEllipse",
     "NewtonLine", "Workbench", "DecisionBoundary", "DigitPad", "EdgeOfStability",
     "ItemMap", "TextSampler", "TurnedBowl", "WordNeighbours", "WorstCase"), 120,
)  # fmt: skip
"""Faults drawn for what takes long where it works."""

if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
