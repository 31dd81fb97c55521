"""A rule of whole arrays that is broken on purpose no longer follows its reference."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.formula import arrays
from gdlib.formula.arrays import Repeat
from gdlib.optimizers import matrices, symbols
from gdlib.optimizers.array_optimizer import ArrayOptimizer
from tests import array_agreement, reference, reference_arrays
from tests.array_agreement import (
    LOUD,
    RATES,
    STEPS,
    cost,
    gradient,
    is_caught,
    loud,
)
from tests.data.make_torch_array_paths import SQUARE, TALL, WIDE, Case, problem
from tests.spoilt import rewrites

Slips = list[tuple[str, Mapping[str, str]]]

SLIPS: dict[str, Slips] = {
    "muon": [
        ("has another slope at 0", {"X": "quintic(34/10, -4775/1000, 20315/10000)"}),
        ("has a second coefficient of -4.7", {"X": "quintic(34445/10000, -47/10, 20315/10000)"}),
        ("has a third coefficient of 2", {"X": "quintic(34445/10000, -4775/1000, 2)"}),
        ("is the cubic", {"X": "quintic(3/2, -1/2, 0)"}),
        ("iterates four times", {"X": "quintic(34445/10000, -4775/1000, 20315/10000, 4)"}),
        ("iterates six times", {"X": "quintic(34445/10000, -4775/1000, 20315/10000, 6)"}),
        ("adds ε to the norm", {"X": "quintic_of(N/(norm(N) + epsilon))"}),
        ("divides by a mean", {"X": "quintic_of(N/Max(sqrt(mean(N**2)), epsilon))"}),
        ("orthogonalizes the average", {"X": "quintic_of(M/Max(norm(M), epsilon))"}),
        ("is not damped", {"M": "beta*M + g"}),
        ("swaps β and 1 - β", {"M": "(1 - beta)*M + beta*g"}),
        ("does not look ahead", {"N": "M"}),
        ("looks ahead undamped", {"N": "g + beta*M"}),
        ("looks ahead of the old average", {"N": "(1 - beta)*g + beta*M", "M": "N"}),
        ("is divided as Nadam", {"N": "(1-beta)*g/(1-beta**k) + beta*M/(1-beta**(k+1))"}),
        ("has Optax' scale", {"step": "-eta*(sqrt(Max(1, columns(g)/rows(g)))*X+lamda*theta)"}),
        ("has no scale", {"step": "-eta*(X + lamda*theta)"}),
        ("has a scale without its root", {"step": "-eta*(Max(1, rows(g)/columns(g))*X"
                                          " + lamda*theta)"}),
        ("scales the decay", {"step": "-eta*sqrt(Max(1, rows(g)/columns(g)))*(X+lamda*theta)"}),
        ("decays without the rate", {"step": "-eta*sqrt(Max(1, rows(g)/columns(g)))*X"
                                     "-lamda*theta"}),
        ("does not decay", {"step": "-eta*sqrt(Max(1, rows(g)/columns(g)))*X + 0*lamda"}),
        ("decays in the gradient", {"M": "beta*M + (1 - beta)*(g + lamda*theta)"}),
    ],
    "shampoo": [
        ("takes square roots", {"step": "-eta*sandwich(root(L, -1/2), root(R, -1/2))"}),
        ("takes eighth roots", {"step": "-eta*sandwich(root(L, -1/8), root(R, -1/8))"}),
        ("has no right root", {"step": "-eta*matmul(root(L, -1/4), g)"}),
        ("has no left root", {"step": "-eta*matmul(g, root(R, -1/4))"}),
        ("has a left root of 1/2 alone", {"step": "-eta*matmul(root(L, -1/2), g)"}),
        ("swaps its roots", {"step": "-eta*sandwich(root(R, -1/4), root(L, -1/4))"}),
        ("has no ε left", {"step": "-eta*sandwich(spectral_power(L, -1/4), root(R, -1/4))"}),
        ("has no ε right", {"step": "-eta*sandwich(root(L, -1/4), spectral_power(R, -1/4))"}),
        ("adds ε at each step", {"L": "L + matmul(g, transpose(g))"
                                " + epsilon*identity(matmul(g, transpose(g)))"}),
        ("adds ε to every entry", {"step": "-eta*sandwich(spectral_power(L + epsilon, -1/4),"
                                   " root(R, -1/4))"}),
        ("forgets", {"L": "9*L/10 + matmul(g, transpose(g))"}),
        ("averages", {"R": "9*R/10 + matmul(transpose(g), g)/10"}),
        ("does not sum", {"L": "matmul(g, transpose(g))"}),
        ("transposes the wrong one", {"L": "L + matmul(transpose(g), g)"}),
        ("has R from rows", {"R": "R + matmul(g, transpose(g))"}),
        ("climbs", {"step": "eta*sandwich(root(L, -1/4), root(R, -1/4))"}),
    ],
    "soap": [
        ("has no bias correction of M", {"N": "M_turned/(sqrt(V/(1-beta2**k)) + epsilon)"}),
        ("has no bias correction of V", {"N": "M_turned/(1-beta1**k)/(sqrt(V) + epsilon)"}),
        ("corrects late", {"N": "M_turned/(1-beta1**(k+1))/(sqrt(V/(1-beta2**k)) + epsilon)"}),
        ("has ε inside the root", {"N": "M_turned/(1-beta1**k)/sqrt(V/(1-beta2**k) + epsilon)"}),
        ("averages L with β₁", {"L": "beta1*L + (1 - beta1)*matmul(g, transpose(g))"}),
        ("sums L", {"L": "L + matmul(g, transpose(g))", "R": "9*R/10 + matmul(transpose(g), g)"}),
        ("turns one side", {"Q_R": "identity(R)"}),
        ("turns the other side", {"Q_L": "identity(L)"}),
        ("has the axes of M", {"Q_L": "eigenvectors(matmul(M, transpose(M)))"}),
        ("averages M with β₂", {"M": "beta2*M + (1 - beta2)*g"}),
        ("does not turn M", {"M_turned": "M"}),
        ("does not turn g", {"G_turned": "g"}),
        ("turns M the other way", {"M_turned": "matmul(matmul(Q_L, M), transpose(Q_R))"}),
        ("squares M", {"V": "beta2*V + (1 - beta2)*M_turned**2"}),
        ("averages V with β₁", {"V": "beta1*V + (1 - beta1)*G_turned**2"}),
        ("does not turn back", {"step": "-eta*(N + lamda*theta)"}),
        ("turns back the other way", {"step": "-eta*(matmul(matmul(transpose(Q_L), N), Q_R)"
                                      " + lamda*theta)"}),
        ("decays without the rate", {"step": "-eta*matmul(matmul(Q_L, N), transpose(Q_R))"
                                     " - lamda*theta"}),
        ("does not decay", {"step": "-eta*matmul(matmul(Q_L, N), transpose(Q_R)) + 0*lamda"}),
        ("decays in the gradient", {"M": "beta1*M + (1 - beta1)*(g + lamda*theta)"}),
    ],
    "adafactor": [
        ("falls as 1/√k", {"rho_now": "1 - k**(-1/2)"}),
        ("counts one step too many", {"rho_now": "1 - (k + 1)**(-4/5)"}),
        ("remembers nothing", {"rho_now": "0"}),
        ("swaps its shares", {"R": "(1 - rho_now)*R + rho_now*row_means(g**2)"}),
        ("sums rows", {"R": "rho_now*R + (1 - rho_now)*row_means(g**2)*columns(g)",
                       "C": "rho_now*C + (1 - rho_now)*column_means(g**2)*rows(g)"}),
        ("takes columns", {"R": "rho_now*R + (1 - rho_now)*transpose(column_means(g**2))"}),
        ("does not divide by the mean", {"U": "g/sqrt(Max(matmul(R, C), epsilon**2))"}),
        ("has no ε in the mean", {"U": "g/sqrt(Max(matmul(R, C)/mean(R), epsilon**2))"}),
        ("has ε and not its square", {"U": "g/sqrt(Max(matmul(R, C)/Max(mean(R), epsilon),"
                                      " epsilon))"}),
        ("adds ε", {"U": "g/(sqrt(matmul(R, C)/Max(mean(R), epsilon)) + epsilon)"}),
        ("has a least size of 1/100", {"step": "-Max(1/100, size)*Min(eta, 1/sqrt(k))*cut"
                                       " - eta*lamda*theta"}),
        ("has no least size", {"step": "-size*Min(eta, 1/sqrt(k))*cut - eta*lamda*theta"}),
        ("has no size", {"step": "-Min(eta, 1/sqrt(k))*cut - eta*lamda*theta"}),
        ("has the rate alone", {"step": "-Max(1/1000, size)*eta*cut - eta*lamda*theta"}),
        ("has the larger rate", {"step": "-Max(1/1000, size)*Max(eta, 1/sqrt(k))*cut"
                                 " - eta*lamda*theta"}),
        ("is not cut", {"step": "-Max(1/1000, size)*Min(eta, 1/sqrt(k))*U - eta*lamda*theta"}),
        ("is cut to its sum", {"step": "-Max(1/1000, size)*Min(eta, 1/sqrt(k))*U/Max(1, norm(U))"
                               " - eta*lamda*theta"}),
        ("decays without the rate", {"step": "-Max(1/1000, size)*Min(eta, 1/sqrt(k))*cut"
                                     " - lamda*theta"}),
        ("decays by the relative rate", {"step": "-Max(1/1000, size)*Min(eta, 1/sqrt(k))"
                                         "*(cut + lamda*theta)"}),
        ("does not decay", {"step": "-Max(1/1000, size)*Min(eta, 1/sqrt(k))*cut + 0*lamda"}),
    ],
    "clipped": [
        ("does not cut", {"gradient": "g + 0*tau"}),
        ("always cuts", {"gradient": "g*tau/norm(g)"}),
        ("lengthens", {"gradient": "g*Max(1, tau/norm(g))"}),
        ("cuts each number", {"gradient": "Max(-tau, Min(tau, g))"}),
        ("cuts by the mean", {"gradient": "g*Min(1, tau/sqrt(mean(g**2)))"}),
        ("cuts by the square", {"gradient": "g*Min(1, tau/norm(g)**2)"}),
        ("squares both", {"gradient": "g*Min(1, tau/norm(g))**2"}),
        ("is upside down", {"gradient": "g*Min(1, norm(g)/tau)"}),
        ("cuts at 1", {"gradient": "g*Min(1, 1/norm(g)) + 0*tau"}),
        ("is PyTorch's", {"gradient": "g*Min(1, tau/(norm(g) + 1/1000000))"}),
        ("turns round", {"gradient": "-g*Min(1, tau/norm(g))"}),
        ("keeps the longest number", {"gradient": "g/Max(1, Abs(g)/tau)"}),
        ("cuts the momentum", {"gradient": "g + 0*tau", "step": "-eta*m*Min(1, tau/norm(m))"}),
    ],
    "schedule_free": [
        ("answers with y", {"answer": "theta"}),
        ("answers with z", {"answer": "z"}),
        ("swaps z and x", {"step": "beta0*z + (1 - beta0)*x - theta"}),
        ("takes gradients at z", {"step": "z - theta + 0*beta0"}),
        ("takes gradients at x", {"step": "x - theta + 0*beta0"}),
        ("averages alike", {"c_now": "1/k"}),
        ("averages one late", {"c_now": "eta_max**2/(W + eta_max**2)"}),
        ("swaps its shares", {"x": "c_now*x + (1 - c_now)*z"}),
        ("weighs by the rate", {"W": "W + eta_max", "c_now": "eta_max/W"}),
        ("weighs by the rate of now", {"eta_max": "eta"}),
        ("weighs by the least rate", {"eta_max": "Min(eta_max, eta)"}),
        ("sums from 1", {"initial": "W = 1"}),
        ("begins z at 0", {"initial": "z = 0"}),
        ("moves z from y", {"z": "theta - eta*(g/(sqrt(v/(1-beta2**k))+epsilon)+lamda*theta)"}),
        ("decays at z", {"z": "z - eta*(g/(sqrt(v/(1-beta2**k))+epsilon)+lamda*z)"}),
        ("does not decay", {"z": "z - eta*g/(sqrt(v/(1-beta2**k))+epsilon) + 0*lamda"}),
        ("mixes the old x", {"step": "(1 - beta0)*z + beta0*theta - theta"}),
    ],
}  # fmt: skip
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "beta2": 0.6,
    "epsilon": 0.3,
    "weight_decay": 0.4,
}
CASES: dict[str, list[Case]] = {
    name: [loud(name, shape, 11) for shape in (TALL, WIDE, SQUARE)] for name in LOUD
} | {
    name: [Case("", shape, 11, {}) for shape in (TALL, WIDE)]
    for name in ("clipped", "schedule_free")
}
CASES["adafactor"] += [loud("adafactor", SQUARE, 12)]  # begins near 0
EQUIVALENT = {
    "soap": {
        "L = L*beta2 + (beta2 + 1)*matmul(g, transpose(g))",
        "L = L*beta2 + matmul(g, transpose(g))",
        "L = L*beta2 - beta2*matmul(g, transpose(g))",
        "R = R*beta2 + (beta2 + 1)*matmul(transpose(g), g)",
        "R = R*beta2 + matmul(transpose(g), g)",
        "R = R*beta2 - beta2*matmul(transpose(g), g)",
        "Q_L = -eigenvectors(L)",
        "Q_R = -eigenvectors(R)",
        "G_turned = -matmul(matmul(transpose(Q_L), g), Q_R)",
    }
}
"""Mutants that are the rule: axes do not change with a matrix' size, nor V with their sign."""
SHORT = 15
FAILS = (ValueError, TypeError, LookupError, AttributeError, np.linalg.LinAlgError)
"""What a mutant may raise whose shapes do not fit, or which is no formula any more."""
WITHOUT_MOMENTUM = """
    v = beta2*v + (1 - beta2)*g**2
    v_hat = v/(1 - beta2**k)
    step = -eta*(g/(sqrt(v_hat) + epsilon) + lamda*theta)
"""


@functools.cache
def rule_of(name: str) -> ArrayOptimizer:
    if name == "clipped":
        return gd.clipped(gd.momentum(0.05, decay=0.7), 2.0)
    if name == "schedule_free":
        return gd.schedule_free(gd.Optimizer.parse(WITHOUT_MOMENTUM, **SETTINGS), 0.8)
    made = array_agreement.made(name, LOUD[name])
    assert isinstance(made, ArrayOptimizer)
    return made


@functools.cache
def expected(name: str, number: int) -> Any:
    case = CASES[name][number]
    start, slope = problem(case)[-1], gradient(case)
    if name == "clipped":
        return reference_arrays.clipped(
            reference.momentum, slope, start, STEPS, norm=2.0, learning_rate=0.05, decay=0.7
        )
    if name == "schedule_free":
        return reference_arrays.schedule_free(
            slope, start, STEPS, interpolation=0.8, rates=RATES, **SETTINGS
        )
    return array_agreement.reference_path(case, SHORT)


def walk(name: str, number: int, rule: ArrayOptimizer) -> Any:
    case = CASES[name][number]
    start = problem(case)[-1]
    if name in LOUD:
        return array_agreement.walk(rule, gradient(case), start, SHORT)
    rates = RATES if name == "schedule_free" else None
    return gd.descend(cost(case), rule, start, STEPS, learning_rate=rates).points


def caught(name: str, rule: ArrayOptimizer) -> bool:
    """Tell whether the comparison sees anything wrong; shapes that do not fit are seen as well."""
    with np.errstate(all="ignore"):
        for number in range(len(CASES[name])):
            try:
                path = walk(name, number, rule)
            except FAILS:
                return True
            if is_caught(path, expected(name, number)):
                return True
    return False


def names_of(rule: ArrayOptimizer) -> dict[str, Any]:
    """Return what the slips' text may say."""
    known = [*rule.moments, *rule.hyperparameters, symbols.theta, symbols.g, symbols.k]
    found: dict[str, Any] = {s.name: s for s in known}
    found |= {f.__name__: f for f in arrays.OF_ARRAYS}

    def iterated(a: Any, b: Any, c: Any, times: int, start: Any) -> Any:
        x = matrices.X
        square = arrays.matmul(x, arrays.transpose(x))
        body = a * x + arrays.matmul(b * square + c * arrays.matmul(square, square), x)
        return Repeat(sp.Lambda(x, body), start, times)

    begun = matrices.N / sp.Max(arrays.norm(matrices.N), symbols.eps)
    found["quintic"] = lambda a, b, c, times=5: iterated(a, b, c, int(times), begun)
    found["quintic_of"] = lambda start: iterated(*matrices.COEFFICIENTS, 5, start)
    found["root"] = lambda of, power: arrays.spectral_power(
        of + symbols.eps * arrays.identity(of), power
    )
    found["sandwich"] = lambda a, b: arrays.matmul(arrays.matmul(a, symbols.g), b)
    found["size"] = sp.sqrt(arrays.mean(symbols.theta**2))
    found["cut"] = matrices.U / sp.Max(1, sp.sqrt(arrays.mean(matrices.U**2)))
    return found


def with_slip(rule: ArrayOptimizer, changes: Mapping[str, str]) -> ArrayOptimizer:
    """Return the rule with some of its formulas replaced."""
    names = names_of(rule)
    if "initial" in changes:
        name, value = changes["initial"].split(" = ")
        return dataclasses.replace(rule, initial={**rule.initial, names[name]: float(value)})
    formulas = {key: sp.sympify(text, locals=names) for key, text in changes.items()}
    moments = {m: formulas.pop(m.name, formula) for m, formula in rule.moments.items()}
    return dataclasses.replace(rule, moments=moments, **formulas)


@pytest.mark.parametrize("name", SLIPS)
def test_a_rule_as_it_stands_is_not_caught(name: str) -> None:
    assert not caught(name, rule_of(name))
    assert not caught(name, with_slip(rule_of(name), {}))


@pytest.mark.parametrize(
    ("name", "slip", "changes"), [(n, *slip) for n, slips in SLIPS.items() for slip in slips]
)
def test_a_known_slip_is_caught(name: str, slip: str, changes: Mapping[str, str]) -> None:
    spoilt = with_slip(rule_of(name), changes)
    assert caught(name, spoilt), f"{name} that {slip} passed"


def test_every_rule_has_ten_slips() -> None:
    assert set(SLIPS) == set(gd.optimizers.MATRIX_RULES) | {"clipped", "schedule_free"}
    assert min(map(len, SLIPS.values())) >= 10


def mutants(rule: ArrayOptimizer) -> Iterator[tuple[str, ArrayOptimizer]]:
    """Yield every rule that differs from this one by one spoilt part, with what was spoilt."""
    known = list(rule.hyperparameters)
    lines: dict[Any, sp.Expr] = {"step": rule.step, "gradient": rule.gradient, **rule.moments}
    for line, formula in lines.items():
        for new in rewrites(formula, known):
            moments = rule.moments if isinstance(line, str) else {**rule.moments, line: new}
            change: dict[str, Any] = {line: new} if isinstance(line, str) else {"moments": moments}
            try:
                yield f"{line} = {new}", dataclasses.replace(rule, **change)
            except (TypeError, ValueError):  # no formula of a rule any more
                continue


@pytest.mark.parametrize("name", SLIPS)
def test_every_part_of_a_rule_matters(name: str) -> None:
    spoilt = list(mutants(rule_of(name)))
    survivors = {what for what, rule in spoilt if not caught(name, rule)}
    assert len(spoilt) >= 10
    assert survivors == EQUIVALENT.get(name, set())
