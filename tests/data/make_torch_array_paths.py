"""Run torch's rules of whole arrays: `python tests/data/make_torch_array_paths.py`.

It writes `torch_array_paths.json` beside itself, as `make_torch_paths.py` does for rules that move
each number by itself. Gradients come from PyTorch's autograd, all is in float64: Muon's rounding to
bfloat16 is switched off, which would hide every difference below the third digit.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PATHS = Path(__file__).with_name("torch_array_paths.json")
STEPS = 60
KEPT = (1, 2, 3, 10, 30, 60)
TALL, WIDE, SQUARE, VECTOR = (6, 2), (3, 5), (4, 4), (5,)


def _torch() -> Any:
    """Return the module, untyped: it need not be installed for this file to be read."""
    return importlib.import_module("torch")


class Case(NamedTuple):
    """A rule, the shape of θ, a seed for the cost, and settings by the names that the book uses."""

    rule: str
    shape: tuple[int, ...]
    seed: int
    settings: Mapping[str, Any]


LOUD_MUON = {"learning_rate": 0.03, "decay": 0.8, "weight_decay": 0.4}
RUNS: tuple[tuple[str, int, tuple[tuple[int, ...], ...], dict[str, Any]], ...] = (
    ("muon", 1, (TALL, WIDE, SQUARE), {"learning_rate": 0.02}),
    ("muon", 3, (TALL, WIDE), {"learning_rate": 0.02, "nesterov": False}),
    ("muon", 5, (TALL, WIDE), {"learning_rate": 0.05, "scale": "match_rms_adamw"}),
    ("muon", 7, (TALL, WIDE, SQUARE), {**LOUD_MUON, "epsilon": 2.0}),
    ("muon", 9, (TALL, WIDE), {**LOUD_MUON, "epsilon": 4.0, "nesterov": False, "iterations": 3}),
    ("adafactor", 11, (TALL, WIDE, SQUARE, VECTOR), {"learning_rate": 0.05, "weight_decay": 0.4}),
    ("adafactor", 12, (TALL, WIDE, VECTOR), {"learning_rate": 0.3, "epsilon": 0.6}),
    ("adafactor", 13, (TALL,), {}),
    ("adam, clipped", 15, (TALL, VECTOR), {"learning_rate": 0.05, "norm": 1.5}),
)
"""Rules, seeds, shapes and settings; odd seeds start far away, even ones near 0."""


def cases() -> Iterator[Case]:
    """Yield every run."""
    for rule, seed, shapes, settings in RUNS:
        for shape in shapes:
            yield Case(rule, shape, seed, settings)


def problem(case: Case) -> tuple[NDArray[np.float64], ...]:
    """Return A, B, C and the start of the cost ½‖AΘB − C‖² + ⅔ Σ cosh(Θ/2); a vector is a column.

    Odd seeds begin far away, even ones near 0.
    """
    rng = np.random.default_rng(case.seed)
    rows, columns = case.shape if len(case.shape) == 2 else (*case.shape, 1)
    left = rng.normal(size=(rows + 1, rows)) / rows**0.5
    right = rng.normal(size=(columns, columns + 1)) / columns**0.5
    wanted = rng.normal(size=(rows + 1, columns + 1))
    start = rng.normal(size=case.shape) * (1.5 if case.seed % 2 else 1e-4)
    return left, right, wanted, start


def optimizer(case: Case, theta: Any) -> Any:
    """Return torch's optimizer; what the settings do not say has torch's default."""
    optim, given = _torch().optim, dict(case.settings)
    names = {
        "learning_rate": "lr", "decay": "momentum", "epsilon": "eps", "scale": "adjust_lr_fn",
        "iterations": "ns_steps",
    }  # fmt: skip
    given.pop("norm", None)
    if case.rule == "adafactor":
        if "epsilon" in given:
            given["epsilon"] = (given["epsilon"], 1e-3)
        given.setdefault("weight_decay", 0.0)
    settings = {names.get(name, name): value for name, value in given.items()}
    made = {"muon": "Muon", "adafactor": "Adafactor", "adam, clipped": "Adam"}[case.rule]
    return getattr(optim, made)([theta], **settings)


def run(case: Case) -> list[Any]:
    """Return the points after each step in KEPT, as nested lists of Python floats."""
    torch = _torch()
    left, right, wanted, start = map(torch.tensor, problem(case))
    theta = start.clone().requires_grad_()
    rule, kept, rounded = optimizer(case, theta), [], torch.Tensor.bfloat16
    torch.Tensor.bfloat16 = lambda tensor: tensor.clone()
    try:
        for step in range(1, STEPS + 1):
            rule.zero_grad()
            whole = theta if theta.ndim == 2 else theta[:, None]
            cost = ((left @ whole @ right - wanted) ** 2).sum() / 2
            (cost + 2 / 3 * torch.cosh(theta / 2).sum()).backward()
            if "norm" in case.settings:
                torch.nn.utils.clip_grad_norm_([theta], case.settings["norm"])
            rule.step()
            if step in KEPT:
                kept.append(theta.tolist())
    finally:
        torch.Tensor.bfloat16 = rounded
    return kept


def main() -> None:
    """Write the file, one run a line."""
    runs = [json.dumps({**case._asdict(), "points": run(case)}) for case in cases()]
    head = json.dumps({"torch": _torch().__version__, "kept_steps": list(KEPT)})[:-1]
    PATHS.write_text(head + ', "runs": [\n' + ",\n".join(runs) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
