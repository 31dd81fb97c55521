"""Run torch.optim and keep the points that it visits: `python tests/data/make_torch_paths.py`.

It writes `torch_paths.json` beside itself, which the tests read where PyTorch is not installed.
Gradients come from PyTorch's autograd, so they are independent of every derivation in this project.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

PATHS = Path(__file__).with_name("torch_paths.json")
STEPS = 200
KEPT = (1, 2, 3, 4, 5, 20, 60, 100, 150, 200)

# Any shape of θ: six separate wells, each with its own curvature.
TABLE_WEIGHTS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
STARTS: dict[str, list[Any]] = {
    "quadratic": [4.0, 1.0],
    "rosenbrock": [-1.2, 1.0],
    "himmelblau": [0.5, 0.7],
    "beale": [1.0, 0.2],
    "table": [[1.0, -1.0, 0.5], [2.0, 0.25, -1.5]],
}


def _torch() -> Any:
    """Return the module, untyped: it need not be installed for this file to be checked or read."""
    return importlib.import_module("torch")


class Case(NamedTuple):
    """A rule, a landscape, and hyperparameters by the names that the book uses."""

    rule: str
    landscape: str
    hyperparameters: Mapping[str, float]


# Rates at which the run is smooth, so that two correct programs stay together to the last digits.
RATES: dict[str, tuple[float, float, float, float, float]] = {
    #                    quadratic rosenbrock himmelblau beale table
    "gradient_descent": (0.05, 0.0010, 0.010, 0.010, 0.02),
    "momentum": (0.02, 0.0002, 0.002, 0.002, 0.01),
    "nesterov": (0.02, 0.0002, 0.002, 0.002, 0.01),
    "adagrad": (0.50, 0.3000, 0.300, 0.100, 0.30),
    "adadelta": (1.00, 1.0000, 1.000, 1.000, 1.00),
    "rmsprop": (0.01, 0.0005, 0.010, 0.001, 0.01),
    "adam": (0.05, 0.0200, 0.050, 0.020, 0.05),
    "adamw": (0.05, 0.0200, 0.050, 0.020, 0.05),
    "amsgrad": (0.05, 0.0200, 0.050, 0.020, 0.05),
    "nadam": (0.05, 0.0200, 0.050, 0.020, 0.05),
}
_BETAS = {"beta1": 0.8, "beta2": 0.95, "epsilon": 1.0}
UNUSUAL: dict[str, dict[str, float]] = {
    "momentum": {"decay": 0.7},
    "nesterov": {"decay": 0.7},
    "adagrad": {"epsilon": 0.1},
    "adadelta": {"decay": 0.95, "epsilon": 1e-8},
    "rmsprop": {"decay": 0.99, "epsilon": 1e-2},
    "adam": _BETAS,
    "adamw": {**_BETAS, "weight_decay": 0.1},
    "amsgrad": _BETAS,
    "nadam": _BETAS,
}


def cases() -> Iterator[Case]:
    """Yield every run: the usual hyperparameters everywhere, unusual ones on three of them."""
    for rule, rates in RATES.items():
        for landscape, rate in zip(STARTS, rates, strict=True):
            yield Case(rule, landscape, {"learning_rate": rate})
        for landscape, rate in zip(list(STARTS)[:3], rates[:3], strict=True):
            if rule in UNUSUAL:
                yield Case(rule, landscape, {"learning_rate": rate / 2, **UNUSUAL[rule]})


def cost(landscape: str, theta: Any) -> Any:
    """Return the landscape's value at a tensor θ."""
    if landscape == "table":
        return (_torch().tensor(TABLE_WEIGHTS) * (theta**4 / 4 + theta**2 / 2)).sum()
    x, y = theta
    formulas: dict[str, Callable[[], Any]] = {
        "quadratic": lambda: (x**2 + 10 * y**2) / 2,
        "rosenbrock": lambda: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
        "himmelblau": lambda: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
        "beale": lambda: (
            (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
        ),
    }
    return formulas[landscape]()


def optimizer(rule: str, theta: Any, hyper: Mapping[str, float]) -> Any:
    """Return torch's optimizer for a rule; what is not in `hyper` has the book's default."""
    optim = _torch().optim
    lr, decay = hyper["learning_rate"], hyper.get("decay", 0.9)
    eps = {"eps": hyper["epsilon"]} if "epsilon" in hyper else {}
    adam = {"lr": lr, "betas": (hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)), **eps}
    make: dict[str, Callable[[], Any]] = {
        "gradient_descent": lambda: optim.SGD([theta], lr=lr),
        "momentum": lambda: optim.SGD([theta], lr=lr, momentum=decay),
        "nesterov": lambda: optim.SGD([theta], lr=lr, momentum=decay, nesterov=True),
        "adagrad": lambda: optim.Adagrad([theta], lr=lr, **eps),
        "adadelta": lambda: optim.Adadelta([theta], lr=lr, rho=decay, **eps),
        "rmsprop": lambda: optim.RMSprop([theta], lr=lr, alpha=decay, **eps),
        "adam": lambda: optim.Adam([theta], **adam),
        "adamw": lambda: optim.AdamW([theta], **adam, weight_decay=hyper.get("weight_decay", 0.01)),
        "amsgrad": lambda: optim.Adam([theta], **adam, amsgrad=True),
        "nadam": lambda: optim.NAdam([theta], **adam),
    }
    return make[rule]()


def run(case: Case) -> list[Any]:
    """Return the points after each step in KEPT, as nested lists of Python floats."""
    torch = _torch()
    usual = torch.get_default_dtype()
    # Not the tensor's dtype alone: NAdam keeps its product of μ in the *default* dtype, and with
    # float32 there its float64 path is wrong from the tenth digit on.
    torch.set_default_dtype(torch.float64)
    try:
        theta = torch.tensor(STARTS[case.landscape], requires_grad=True)
        torch_optimizer = optimizer(case.rule, theta, case.hyperparameters)
        kept = []
        for step in range(1, STEPS + 1):
            torch_optimizer.zero_grad()
            cost(case.landscape, theta).backward()
            torch_optimizer.step()
            if step in KEPT:
                kept.append(theta.tolist())
        return kept
    finally:
        torch.set_default_dtype(usual)


def main() -> None:
    """Write the file, one run a line."""
    runs = [json.dumps({**case._asdict(), "points": run(case)}) for case in cases()]
    head = f'"torch": "{_torch().__version__}", "kept_steps": {list(KEPT)}, "starts": {STARTS}'
    head = head.replace("'", '"')
    PATHS.write_text("{" + head + ', "runs": [\n' + ",\n".join(runs) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
