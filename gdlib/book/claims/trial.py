"""The trial: experiments at each value of their controls, once for one state of the sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from gdlib.book.claims.claim import Claim

Experiment = Callable[[float], float]
_PACKAGE = Path(__file__).parents[2]
_READ = (".py", ".toml", ".csv", ".json", ".npz")
_EXPERIMENTS = Path(__file__).parent / "experiments"


def experiments(claims: Iterable[Claim]) -> dict[str, Experiment]:
    """Return each claim's experiment by the claim's name.

    Raises
    ------
    ValueError
        A claim without an experiment, or an experiment without a claim; it is named.
    """
    claims = list(claims)
    there = {path.stem: _public(_module(path.stem)) for path in _EXPERIMENTS.glob("[a-z]*.py")}
    found = {}
    for claim in claims:
        try:
            found[claim.id] = there[claim.topic].pop(claim.experiment)
        except KeyError:
            where = f"experiments/{claim.topic}.py"
            raise ValueError(
                f"claim {claim.id!r} has no experiment: {where} needs {claim.experiment}()"
            ) from None
    left = [f"{topic}.{name}" for topic, functions in there.items() for name in functions]
    if left:
        raise ValueError(f"an experiment that no claim asks for: {', '.join(left)}")
    return found


def _module(topic: str) -> ModuleType:
    return import_module(f"gdlib.book.claims.experiments.{topic}")


def _public(module: ModuleType) -> dict[str, Experiment]:
    """Return the functions that a file of experiments defines itself."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and callable(value)
        and getattr(value, "__module__", "") == module.__name__
    }


def numbers(claims: Iterable[Claim], kept: Path | None = None) -> dict[str, list[float]]:
    """Return what each claim's experiment measures at the values of its control.

    With a file to keep them in, nothing is run anew until the package's sources change.
    """
    claims = list(claims)
    trials = experiments(claims)
    state = _state()
    if kept is not None and kept.exists():
        before: Mapping[str, dict[str, list[float]]] = json.loads(kept.read_text(encoding="utf-8"))
        if state in before:
            return before[state]
    found = {c.id: [float(trials[c.id](value)) for value in c.control.values] for c in claims}
    if kept is not None:
        kept.write_text(json.dumps({state: found}), encoding="utf-8")
    return found


def _state() -> str:
    """Return a fingerprint of everything that an experiment may run."""
    mark = hashlib.sha256(np.__version__.encode())
    for path in sorted(_PACKAGE.rglob("*.*")):
        if path.suffix in _READ:
            mark.update(path.read_bytes())
    return mark.hexdigest()
