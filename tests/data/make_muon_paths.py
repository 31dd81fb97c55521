"""Run the Muon of Optax and of its author: `python tests/data/make_muon_paths.py`.

It writes `muon_paths.json` beside itself. Optax, JAX and PyTorch must be installed, and the
author's `muon.py` on the path (github.com/KellerJordan/Muon). All in float64: the author's rounding
to bfloat16 is switched off. The cost is that of `make_torch_array_paths.py`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATHS = Path(__file__).with_name("muon_paths.json")
AUTHORS_COMMIT = "00ba60d3a0d188993831f86e4d62597bb0e9b21c"
KEPT = (1, 2, 3, 10, 20)
SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    "optax": (
        {"learning_rate": 0.02},
        {"learning_rate": 0.03, "decay": 0.8, "weight_decay": 0.4, "epsilon": 4.0},
        {"learning_rate": 0.03, "decay": 0.8, "nesterov": False},
    ),
    "author": ({}, {"learning_rate": 0.03, "decay": 0.8, "weight_decay": 0.4}),
}


def cases() -> Iterator[Any]:
    """Yield every run: `rule` says whose Muon it is."""
    from tests.data.make_torch_array_paths import TALL, WIDE, Case

    for whose, several in SETTINGS.items():
        for settings in several:
            for shape in (TALL, WIDE):
                yield Case(whose, shape, 31, settings)


def in_optax(case: Any) -> Any:
    """Return the points of `optax.contrib.muon` after each step in KEPT."""
    from tests.data.make_torch_array_paths import problem

    jax, optax = (importlib.import_module(name) for name in ("jax", "optax"))
    jax.config.update("jax_enable_x64", True)
    left, right, wanted, start = map(jax.numpy.array, problem(case))
    names = {"decay": "beta", "epsilon": "eps"}
    settings = {names.get(name, name): value for name, value in case.settings.items()}
    rule = importlib.import_module("optax.contrib").muon(**settings)

    def cost(theta: Any) -> Any:
        curved = 2 / 3 * jax.numpy.cosh(theta / 2).sum()
        return ((left @ theta @ right - wanted) ** 2).sum() / 2 + curved

    theta, state, slope, path = start, rule.init(start), jax.grad(cost), []
    for k in range(1, KEPT[-1] + 1):
        step, state = rule.update(slope(theta), state, theta)
        theta = optax.apply_updates(theta, step)
        path += [theta.tolist()] if k in KEPT else []
    return path


def in_authors_code(case: Any) -> Any:
    """Return the points of the author's `SingleDeviceMuon` after each step in KEPT."""
    from tests.data.make_torch_array_paths import problem

    torch, muon = (importlib.import_module(name) for name in ("torch", "muon"))
    left, right, wanted, start = map(torch.tensor, problem(case))
    names = {"learning_rate": "lr", "decay": "momentum"}
    settings = {names.get(name, name): value for name, value in case.settings.items()}
    theta, path, rounded = start.clone().requires_grad_(), [], torch.Tensor.bfloat16
    rule = muon.SingleDeviceMuon([theta], **settings)
    torch.Tensor.bfloat16 = lambda tensor: tensor.clone()
    try:
        for k in range(1, KEPT[-1] + 1):
            rule.zero_grad()
            cost = ((left @ theta @ right - wanted) ** 2).sum() / 2
            (cost + 2 / 3 * torch.cosh(theta / 2).sum()).backward()
            rule.step()
            path += [theta.tolist()] if k in KEPT else []
    finally:
        torch.Tensor.bfloat16 = rounded
    return path


RUN = {"optax": in_optax, "author": in_authors_code}


def main() -> None:
    """Write the file, one run a line."""
    sys.path.insert(0, str(ROOT))
    runs = [json.dumps({**case._asdict(), "points": RUN[case.rule](case)}) for case in cases()]
    versions = {name: importlib.import_module(name).__version__ for name in ("optax", "torch")}
    head = json.dumps({**versions, "author": AUTHORS_COMMIT, "kept_steps": list(KEPT)})[:-1]
    PATHS.write_text(head + ', "runs": [\n' + ",\n".join(runs) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
