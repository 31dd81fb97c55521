"""The form that takes a reader's own log: pasted, dropped, a file, or an example to press.

The page's Python reads it (`frontend/src/forms/own-log.ts`); without scripts there is no form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdlib.book import forms
from gdlib.descent.batches import descend_batches
from gdlib.descent.descend import descend
from gdlib.diagnosis.labelled import families
from gdlib.optimizers import gradient_descent
from gdlib.problems import LeastSquares, noisy_line

Array = NDArray[np.float64]

HINT = "epoch 1: loss 2.31, val_loss 2.35\nepoch 2: loss 1.92, val_loss 2.04\n…"


def page(_app: Any) -> str:
    """Return the form's HTML, in a cell of its own."""
    fields = [
        forms.text_field("log", "Paste your log, or drop its file here", 9, hint=HINT),
        forms.file_field(),
        forms.examples({name: log() for name, (log, _) in EXAMPLES.items()}),
    ]
    form = forms.form("own-log", "Diagnose", "this log", "".join(fields))
    return (
        f'<div class="cell gd-cell-0 gd-own-log"><div class="cell_input">{form}'
        "<pre hidden></pre></div></div>"
    )


def _listed(kind: str, family: int, seed: int) -> Array:
    """Return losses of a labelled run."""
    draw = families.FAMILIES[kind][family][2]
    return np.asarray(draw(np.random.default_rng(seed))["run"])


def _healthy() -> str:
    losses = _listed("healthy", 2, 8)[:60]
    return "\n".join(f"{loss:.5f}".replace(".", ",") for loss in losses)


def _diverged() -> str:
    losses = enumerate(_listed("diverged", 2, 7))
    return "\n".join(f"step {k}: loss {loss:.4f}" for k, loss in losses)


def _over_fitted() -> str:
    """Fit 40 features to 30 rows, and ask 300 others."""
    rng = np.random.default_rng(7)
    features = rng.standard_normal((330, 40))
    targets = features @ (rng.standard_normal(40) / 6) + rng.standard_normal(330)
    seen, unseen = (
        LeastSquares(features[part], targets[part]) for part in (slice(30), slice(30, 330))
    )
    run = descend(seen, gradient_descent(0.02), np.zeros(40), steps=200)
    rows = [
        f"{k // 5},{seen.value(run.points[k]):.5f},{unseen.value(run.points[k]):.5f}"
        for k in range(0, 201, 5)
    ]
    return "\n".join(["epoch,loss,val_loss", *rows])


def _nothing_learned() -> str:
    losses = _listed("nothing learned", 0, 2)[:80]
    return "\n".join(
        str({"loss": round(float(loss), 4), "epoch": k}) for k, loss in enumerate(losses)
    )


def _spiked() -> str:
    return "\n".join(["loss", *(f"{loss:.4f}" for loss in _listed("spike", 1, 7))])


def _cut() -> str:
    """Descend row by row at a rate that is cut after 40 of 80 epochs."""
    problem, rates = noisy_line(64), [0.5] * 2560 + [0.05] * 2560
    run = descend_batches(
        problem, gradient_descent(0.5), batch_size=1, epochs=80, seed=7, learning_rate=rates
    )
    rows = (
        {"step": k, "loss": round(float(run.values[k]), 5), "lr": rates[k]}
        for k in range(0, 5120, 64)
    )
    return "\n".join(map(json.dumps, rows))


EXAMPLES: dict[str, tuple[Callable[[], str], str]] = {
    "healthy": (_healthy, "healthy"),
    "diverged": (_diverged, "diverged"),
    "over-fitted": (_over_fitted, "falls, then climbs"),
    "nothing learned": (_nothing_learned, "nothing learned"),
    "a spike": (_spiked, "spike"),
    "a rate that is cut": (_cut, "noise floor"),
}
"""What each example's button says, the log, and the kind that `gdlib.diagnose` must find in it."""
