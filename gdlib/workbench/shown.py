"""How a race is shown: the living figure, or a chart of the costs; tables and code as plain HTML.

Nothing has a colour of its own, so that it stands on light and on dark pages; what is wider than
the page scrolls within itself.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterable, Mapping
from html import escape

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gdlib import plotting
from gdlib.descent.endings import DIVERGED
from gdlib.descent.trajectory import Trajectory
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.problems import LeastSquares, LinearModel, Problem
from gdlib.widgets import DescentExplorer, DescentLine
from gdlib.workbench.entries import Cost
from gdlib.workbench.words import Row

Array = NDArray[np.float64]

TITLES = {
    "numpy": "NumPy",
    "torch": "PyTorch",
    "optax": "Optax",
    "keras": "Keras",
    "javascript": "JavaScript",
    "latex": "LaTeX",
}
QUADRATIC, OTHER = 2_000, 100
"""Numbers of features that a figure writes out, for least squares and for other costs: in 2 s."""
_SCROLLS = 'tabindex="0" role="region" style="overflow-x:auto;max-width:100%"'
_CELL = "text-align:left;padding:0.2em 0.8em 0.2em 0;white-space:nowrap"
_NAME = f"{_CELL};border-bottom-width:1px"


def widget(
    cost: Cost,
    optimizers: tuple[Optimizer, ...],
    start: Array,
    steps: int,
    runs: Mapping[str, Trajectory],
) -> DescentExplorer | DescentLine | None:
    """Return the figure for one or two variables; None for more, and where a rule has no η."""
    if not all("learning_rate" in optimizer.settings for optimizer in optimizers):
        return None
    ground = cost if isinstance(cost, Landscape) else _written(cost, start, runs)
    kinds = {1: DescentLine, 2: DescentExplorer}
    if ground is None or ground.n not in kinds:
        return None
    found: DescentExplorer | DescentLine = kinds[ground.n](
        ground,
        optimizers,
        landscapes=[ground],
        start=tuple(start.tolist()),
        steps=steps,
        focus=optimizers[0].name,
    )
    return found


def _written(problem: Problem, start: Array, runs: Mapping[str, Trajectory]) -> Landscape | None:
    """Write a cost over data out as a landscape around the runs, if it is small enough."""
    if not isinstance(problem, LinearModel) or problem.n > 2:
        return None
    if type(problem).row_formula is LinearModel.row_formula:
        return None
    most = QUADRATIC if isinstance(problem, LeastSquares) else OTHER
    if problem.features.size > most:
        return None
    kept = [run.points for run in runs.values() if run.status != DIVERGED]
    seen = np.concatenate([start[None], *kept])
    low, high = seen.min(0), seen.max(0)
    half = 0.75 * np.maximum(high - low, 0.25 * (high - low).max() or 1.0)
    middle = (low + high) / 2
    box = np.stack([middle - half, middle + half], axis=1)
    return problem.landscape(box.tolist(), start.tolist())


def chart_words(runs: Mapping[str, Trajectory]) -> str:
    """Say what the chart shows."""
    ends = (
        f"{name} {'diverges' if run.status == DIVERGED else f'ends at {run.values[-1]:.3g}'}"
        for name, run in runs.items()
    )
    return f"The cost J against gradient evaluations. {'; '.join(ends)}."


def chart(runs: Mapping[str, Trajectory]) -> str:
    """Return the costs along the runs as an image in HTML."""
    figure = Figure(figsize=(7.6, 4.4), dpi=150, layout="constrained")
    log = all(bool((run.values > 0).all()) for run in runs.values())
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # 我的规则: its words have the name
        plotting.loss(figure.subplots(), {_label(name): runs[name] for name in runs}, log=log)
        figure.savefig(file, format="png", metadata={"Software": None})
    data = base64.b64encode(file.getvalue()).decode()
    words = escape(chart_words(runs))
    return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


def _label(name: str) -> str:
    """Return a name for Matplotlib, which reads dollars as mathematics and hides `_names`."""
    return (" " + name if name.startswith("_") else name).replace("$", "\\$")


def results(title: str, rows: list[Row], notes: Iterable[str]) -> str:
    """Return the table of results and what its numbers mean."""
    head, *body = rows
    cells = "".join(f'<th scope="col" style="{_CELL}">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row" style="{_NAME}">{escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in others)
        + "</tr>"
        for name, *others in body
    )
    said = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return (
        f'<div class="gd-workbench"><p>{escape(title)}</p>'
        f'<div {_SCROLLS} aria-label="Results of the race">'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
        f"<ul>{said}</ul></div>"
    )


def codes(rule: Optimizer) -> str:
    """Return the rule in every language, each to unfold."""
    parts = (
        f'<details><summary style="padding:0.2em 0">{title}</summary>'
        f'<pre {_SCROLLS} aria-label="{escape(rule.name)}: {title}">'
        f"<code>{escape(rule.code(language))}</code></pre></details>"
        for language, title in TITLES.items()
    )
    return f'<div class="gd-workbench">{"".join(parts)}</div>'
