"""Train a small language model by five rules, and write what came of it.

`OPENBLAS_NUM_THREADS=1 python tests/data/make_language_race.py FOLDER` makes about sixty runs of
1000 steps, a quarter of a minute each, two at a time, and keeps each in the folder, so that it can
be stopped and taken up again. It writes gdlib/datasets/language_runs.csv, a run a line, and
language_weights.npz, the models that chapter 23 shows, each number of θ as a whole multiple of a
127th of the largest.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sympy as sp

import gdlib as gd
from gdlib.optimizers import b1, b2, eps, eta, g, lam, m, theta, v

TARGET = Path(__file__).parents[2] / "gdlib" / "datasets"
ALPHABET = " -abcdefghijklmnopqrstuvwxyz"
HELD_OUT = (4, 9, 14)  # chapters 5, 10 and 15
LENGTH, BATCH, STEPS, WARM_UP, EVERY = 32, 16, 1000, 50, 25
TUNING, SCORED = 100, (1, 2, 3)
"""Seeds."""
RATES: dict[str, tuple[float, ...]] = {
    "gradient descent": (0.3, 0.5, 1, 2, 3),
    "momentum": (0.1, 0.2, 0.3, 0.5, 1),
    "AdamW": (0.01, 0.02, 0.03, 0.05, 0.1),
    "SOAP": (0.01, 0.02, 0.03, 0.05),
    "Muon": (0.02, 0.03, 0.05),
}
BETWEEN = {"gradient descent": (1.2, 1.4), "momentum": (0.6, 0.7)}
"""Rates beside the best where a grid has a factor of 2, tried after the race."""
APART = ("embedding", "position", "output")
MATRICES = ("SOAP", "Muon")
SHOWN = {"AdamW": (100, 1000), "Muon": (100, 1000)}


def windows(pages: Any, every: int) -> Any:
    """Return pieces of the pages, of 33 signs each, that begin every so many signs."""
    texts = [" ".join(page).replace("ö", "o") for page in pages]
    signs = [np.array([ALPHABET.index(sign) for sign in text]) for text in texts]
    cut = np.lib.stride_tricks.sliding_window_view
    return np.concatenate([cut(one, LENGTH + 1)[::every] for one in signs])


def models(*, normalised: bool = True) -> tuple[gd.Transformer, gd.Transformer]:
    """Return the model on the pages that are seen, and on those held out."""
    pages = gd.problems.book_words()
    seen = [page for number, page in enumerate(pages) if number not in HELD_OUT]
    model = gd.Transformer(windows(seen, 8), len(ALPHABET), normalised=normalised)
    return model, model.on(windows([pages[number] for number in HELD_OUT], LENGTH))


def rule(name: str, rate: float, other: float | None = None) -> Any:
    """Return a rule at a rate; Muon with the rate of the AdamW that moves what is no layer."""
    if name == "gradient descent":
        return gd.gradient_descent(rate)
    if name == "momentum":
        return gd.momentum(rate)
    if name == "AdamW":
        return gd.adamw(rate, beta2=0.95, weight_decay=0.1)
    rest = gd.adamw(other or rate, beta2=0.95, weight_decay=0.1)
    if name == "SOAP":
        return gd.soap(rate, weight_decay=0.1, others=rest, apart=APART)
    if name == "Muon":
        return gd.muon(rate, others=rest, apart=APART)
    return gd.Optimizer(
        "AdamW without correction",
        moments={m: b1 * m + (1 - b1) * g, v: b2 * v + (1 - b2) * g**2},
        step=-eta * (m / (sp.sqrt(v) + eps) + lam * theta),
        hyperparameters={eta: rate, b1: 0.9, b2: 0.95, eps: 1e-8, lam: 0.1},
        source="Kingma & Ba 2015, arXiv:1412.6980, without its step 9 and 10",
    )


def run(spec: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Make a run, or read it where it is kept."""
    kept = folder / ("_".join(map(str, spec.values())).replace(" ", "-") + ".json")
    if not kept.exists():
        kept.write_text(json.dumps({**spec, **made(**spec)}), encoding="utf-8")
    print(kept.stem, flush=True)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def made(purpose: str, name: str, rate: float, seed: int, other: float | None) -> dict[str, Any]:
    """Train, and return the costs held out, and the points to be shown."""
    model, judge = models(normalised=purpose != "no norm")
    warm = 0 if "no warm-up" in purpose else WARM_UP
    steps = STEPS // 2 if "half as long" in purpose else STEPS
    falling = gd.schedules.polynomial(rate, steps - warm)
    rates = gd.schedules.warmup(warm, falling) if warm else falling
    point, rng = model.start(seed), np.random.default_rng(1000 + seed)
    move = rule(name, rate, other).stepper(point, model.layout)
    some = np.linspace(0, judge.rows - 1, 64).astype(int)
    costs, points = [float(judge.value(point, some))], {}
    for k in range(1, steps + 1):
        rows = rng.integers(model.rows, size=BATCH)
        move.step(model.gradient(point, rows), float(rates(k)))
        if not np.isfinite(point).all() or costs[-1] > 100:
            return {"costs": costs, "end": np.nan, "points": {}}
        if k % EVERY == 0:
            costs.append(float(judge.value(point, some)))
        if seed == SCORED[0] and k in SHOWN.get(name, ()):
            points[k] = point.tolist()
    parts = np.array_split(np.arange(judge.rows), 30)
    end = sum(float(judge.value(point, rows)) * len(rows) for rows in parts) / judge.rows
    return {"costs": costs, "end": end, "points": points}


def milliseconds(names: list[str]) -> dict[str, float]:
    """Return how long a step of each rule takes: the least of 40 measurements, taken in turn."""
    model, _ = models()
    rows, found = np.arange(BATCH), dict.fromkeys(names, np.inf)
    for _ in range(40):
        for name in names:
            point = model.start(0)
            move = rule(name, 1e-3).stepper(point, model.layout)
            begun = time.process_time()
            for _ in range(5):
                move.step(model.gradient(point, rows), 1e-3)
            found[name] = min(found[name], 200 * (time.process_time() - begun))
    return found


def specs(purpose: str, name: str, rate: float, seeds: Any, other: float | None = None) -> Any:
    for seed in seeds:
        yield {"purpose": purpose, "name": name, "rate": rate, "seed": seed, "other": other}


def main(folder: Path) -> None:
    """Tune each rule, race them at their best rates, and leave out one thing at a time."""
    pool = joblib.Parallel(n_jobs=2, return_as="list")

    def all_of(wanted: Any) -> list[dict[str, Any]]:
        return list(pool(joblib.delayed(run)(spec, folder) for spec in wanted))

    best: dict[str, float] = {}
    runs: list[dict[str, Any]] = []
    for name, rates in RATES.items():
        other = best["AdamW"] if name in MATRICES else None
        found = all_of(s for rate in rates for s in specs("tuning", name, rate, [TUNING], other))
        best[name] = min(found, key=lambda one: one["end"] if one["end"] > 0 else np.inf)["rate"]
        runs += found
    runs += all_of(
        s for n, rates in BETWEEN.items() for r in rates for s in specs("between", n, r, [TUNING])
    )
    others = {name: best["AdamW"] if name in MATRICES else None for name in best}
    runs += all_of(s for n in best for s in specs("race", n, best[n], SCORED, others[n]))
    for name in ("AdamW", "Muon"):
        runs += all_of(specs("half as long", name, best[name], SCORED, others[name]))
    for purpose in ("no warm-up", "no norm"):
        runs += all_of(specs(purpose, "AdamW", best["AdamW"], SCORED))
    for purpose in ("no warm-up", "half as long and no warm-up"):
        runs += all_of(specs(purpose, "Muon", best["Muon"], SCORED, others["Muon"]))
    runs += all_of(specs("no correction", "AdamW without correction", best["AdamW"], SCORED))
    write(runs)


def write(runs: list[dict[str, Any]]) -> None:
    """Write the table and the weights."""
    heads = ["purpose", "rule", "rate", "seed", "end", "milliseconds"]
    steps = range(0, STEPS + 1, EVERY)
    lines = [",".join([*heads, *map(str, steps)])]
    times = milliseconds(sorted({one["name"] for one in runs}))
    for one in runs:
        costs = [f"{cost:.4f}" for cost in one["costs"]]
        about = [one["purpose"], one["name"], f"{one['rate']:g}", str(one["seed"])]
        ends = [f"{one['end']:.4f}", f"{times[one['name']]:.1f}"]
        lines.append(",".join([*about, *ends, *costs, *["nan"] * (len(steps) - len(costs))]))
    (TARGET / "language_runs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    points = {
        f"{one['name']}/{step}": np.array(point)
        for one in runs
        for step, point in one["points"].items()
        if one["purpose"] == "race" and int(step) in SHOWN.get(one["name"], ())
    }
    largest = {name: np.abs(point).max() for name, point in points.items()}
    whole = {n: np.rint(point / largest[n] * 127).astype(np.int8) for n, point in points.items()}
    np.savez_compressed(
        TARGET / "language_weights.npz",
        names=np.array(list(largest)),
        largest=np.array(list(largest.values())),
        **whole,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
