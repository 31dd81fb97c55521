"""A rule that is broken on purpose no longer follows its reference: the comparison can go red."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.book.parity import difference
from tests import agreement, reference
from tests.agreement import LOUD, RELATIVE, reference_path
from tests.data.make_torch_paths import STARTS, Case
from tests.spoilt import rewrites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STEPS = 40

# The slips that papers, frameworks and pages really differ by, in the symbols of the rules.
SLIPS: list[tuple[str, str, Mapping[str, str]]] = [
    ("gradient_descent", "climbs", {"step": "eta*g"}),
    ("momentum", "is damped", {"m": "beta*m + (1 - beta)*g"}),
    ("momentum", "steps as Nesterov", {"step": "-eta*(g + beta*m)"}),
    ("momentum", "decays the new gradient too", {"m": "beta*(m + g)"}),
    ("nesterov", "does not look ahead", {"step": "-eta*m"}),
    ("nesterov", "is damped", {"m": "beta*m + (1 - beta)*g"}),
    ("adagrad", "has ε inside the root", {"step": "-eta*g/sqrt(v + epsilon)"}),
    ("adagrad", "forgets", {"v": "9*v/10 + g**2"}),
    ("adagrad", "starts its sum at 0.1, as Keras", {"initial": "v"}),
    ("adadelta", "has ε outside the roots", {"delta": "(sqrt(u)+epsilon)/(sqrt(v)+epsilon)*g"}),
    ("adadelta", "remembers steps with the rate", {"u": "rho*u + (1 - rho)*(eta*delta)**2"}),
    ("adadelta", "sums", {"v": "v + g**2"}),
    ("rmsprop", "has ε inside the root", {"step": "-eta*g/sqrt(v + epsilon)"}),
    ("rmsprop", "swaps ρ and 1 − ρ", {"v": "(1 - rho)*v + rho*g**2"}),
    ("rmsprop", "starts at 0.1", {"initial": "v"}),
    ("adam", "has no bias correction of m", {"m_hat": "m"}),
    ("adam", "has no bias correction of v", {"v_hat": "v"}),
    ("adam", "corrects one step late", {"m_hat": "m/(1 - beta1**(k + 1))"}),
    ("adam", "has ε inside the root", {"step": "-eta*m_hat/sqrt(v_hat + epsilon)"}),
    ("adam", "adds ε before the correction", {"v_hat": "(sqrt(v) + epsilon)**2/(1 - beta2**k)"}),
    ("adamw", "decays without the rate", {"step": "-eta*m_hat/(sqrt(v_hat)+epsilon)-lamda*theta"}),
    ("adamw", "is Adam with L2", {"m": "beta1*m + (1 - beta1)*(g + lamda*theta)"}),
    ("adamw", "grows the weights", {"step": "-eta*(m_hat/(sqrt(v_hat)+epsilon)-lamda*theta)"}),
    ("amsgrad", "is Adam", {"v_max": "v"}),
    ("amsgrad", "corrects before the maximum", {"v_max": "Max(v_max, v/(1 - beta2**k))"}),
    ("amsgrad", "never corrects", {"m_hat": "m", "v_hat": "v_max"}),
    ("nadam", "has no warm-up of μ", {"mu": "beta1", "mu_next": "beta1"}),
    ("nadam", "is Adam", {"m_hat": "m/(1 - beta1**k)"}),
    ("nadam", "starts its product at 0.1", {"initial": "mu_product"}),
    ("lion", "steps along the remembered average", {"c": "m"}),
    ("lion", "keeps no sign", {"step": "-eta*(c + lamda*theta)"}),
    ("lion", "decays without the rate", {"step": "-eta*sign(c) - lamda*theta"}),
    ("lion", "remembers what it stepped along", {"m": "c"}),
]


def case_of(name: str, landscape: str) -> Case:
    wanted = reference.RULES[name].__kwdefaults__ or {}
    return Case(name, landscape, {k: LOUD[k] for k in LOUD if k in {"learning_rate", *wanted}})


@functools.cache
def expected(name: str, landscape: str) -> Any:
    return reference_path(case_of(name, landscape), STEPS)


@functools.cache
def rule_of(name: str) -> gd.Optimizer:
    return gd.optimizers.catalogue[name](**case_of(name, "table").hyperparameters)


def walk(rule: gd.Optimizer, landscape: str) -> Any:
    theta = np.array(STARTS[landscape])
    state, path = rule.init(theta), [theta]
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            step, state = rule.update(agreement.gradient(landscape, theta), state, theta)
            theta = theta + step
            path.append(theta)
    return np.stack(path)


def is_caught(name: str, rule: gd.Optimizer) -> bool:
    """Tell whether the comparison with the reference sees anything wrong with a rule."""
    return any(
        not difference(walk(rule, landscape), expected(name, landscape)) <= RELATIVE
        for landscape in ("quadratic", "table")
    )


@functools.cache
def symbols() -> dict[str, sp.Symbol]:
    """Return every symbol that some rule uses, by its name."""
    found: set[sp.Symbol] = set()
    for rule in map(rule_of, reference.RULES):
        found.update(rule.step.free_symbols, rule.moments)
        found.update(*(formula.free_symbols for formula in rule.moments.values()))
    return {symbol.name: symbol for symbol in found}


def with_slip(rule: gd.Optimizer, changes: Mapping[str, str]) -> gd.Optimizer:
    """Return the rule with some of its formulas replaced."""
    names = symbols()
    if "initial" in changes:
        start = {**rule.initial, names[changes["initial"]]: 0.1}
        return dataclasses.replace(rule, initial=start)
    formulas = {key: sp.sympify(text, locals=names) for key, text in changes.items()}
    moments = {m: formulas.get(m.name, formula) for m, formula in rule.moments.items()}
    return dataclasses.replace(rule, moments=moments, step=formulas.get("step", rule.step))


@pytest.mark.parametrize("name", reference.RULES)
def test_a_rule_as_it_stands_is_not_caught(name: str) -> None:
    assert not is_caught(name, rule_of(name))
    assert not is_caught(name, with_slip(rule_of(name), {}))


@pytest.mark.parametrize(("name", "slip", "changes"), SLIPS)
def test_a_known_slip_is_caught(name: str, slip: str, changes: Mapping[str, str]) -> None:
    assert is_caught(name, with_slip(rule_of(name), changes)), f"{name} that {slip} passed"


def test_every_rule_has_a_slip() -> None:
    assert {name for name, _, _ in SLIPS} == set(gd.optimizers.catalogue)


def mutants(rule: gd.Optimizer) -> Iterator[tuple[str, gd.Optimizer]]:
    """Yield every rule that differs from this one by one spoilt part, with what was spoilt."""
    known = list(rule.hyperparameters)
    for new in rewrites(rule.step, known):
        yield f"step = {new}", dataclasses.replace(rule, step=new)
    for moment, formula in rule.moments.items():
        for new in rewrites(formula, known):
            spoilt = dataclasses.replace(rule, moments={**rule.moments, moment: new})
            yield f"{moment} = {new}", spoilt


@pytest.mark.parametrize("name", reference.RULES)
def test_every_part_of_a_rule_matters(name: str) -> None:
    spoilt = list(mutants(rule_of(name)))
    survivors = [what for what, rule in spoilt if not is_caught(name, rule)]
    assert len(spoilt) >= 2
    assert survivors == []
