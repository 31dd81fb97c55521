"""What a workbench is given: a rule, a cost, and who races against the rule; read or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gdlib import checks, landscapes, optimizers
from gdlib.landscapes import Landscape
from gdlib.optimizers import Optimizer
from gdlib.problems import Problem
from gdlib.widgets.race import DEFAULT_RATES

Cost = Landscape | Problem
MOST_RACERS = 20
"""Rules that one race may have besides the reader's: more lines cannot be told apart."""
LONGEST_NAME = 60
"""Signs in a name: a longer one leaves no room for what stands beside it."""
OWN = ("on", "against", "name", "start", "bounds", "steps", "tuned")
"""The keywords that are not settings of the rule."""
_COSTS = (
    'the name of a landscape such as "rosenbrock", a formula such as "x**2 + 3*y**2", a Landscape'
    " or a problem such as gd.LeastSquares(...)"
)
_RACERS = 'be names of rules such as "adam", or rules such as gd.adam(0.1)'


def rule_of(rule: Any, name: Any, settings: Mapping[str, Any]) -> Optimizer:
    """Return the reader's rule: read from text, or with the settings that are given.

    Raises
    ------
    TypeError, ValueError
        Neither text nor an optimizer, or what `Optimizer.parse` or `with_settings` refuse.
    """
    if name is not None:
        _check_name("name", checks.text("name", name))
    if not checks.is_a(rule, (str, Optimizer)):
        wanted = 'text such as "m = 0.9*m + g; step = -eta*m", or an optimizer such as gd.adam()'
        came = checks.attribute(rule, "__name__") or rule
        raise TypeError(f"rule must be {wanted}, not {checks.shown(came)}")
    try:
        if checks.is_a(rule, Optimizer):
            given: Optimizer = rule.with_settings(**settings)
            return given if name is None else replace(given, name=name)
        return Optimizer.parse(rule, "your rule" if name is None else name, **settings)
    except TypeError as error:
        near = "".join(checks.did_you_mean(word, OWN) for word in settings)
        raise TypeError(f"{error}{near}") from None


def _check_name(what: str, name: str) -> None:
    """Refuse a name that no table and no legend can show."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ValueError(
            f"{what} must hold a letter or another visible sign, and at most {LONGEST_NAME} signs,"
            f" not {checks.shown(name)}"
        )


def racers(rule: Optimizer, against: Any) -> tuple[Optimizer, ...]:
    """Return the reader's rule and those that race against it, no two of one name.

    Rules of the book that are named join with the rates of `DEFAULT_RATES`.

    Raises
    ------
    TypeError, ValueError
        What is no rule and no name of one; more than `MOST_RACERS`; one rule twice; a name that
        cannot be shown.
    """
    alone = checks.is_a(against, (str, Optimizer))
    listed = (against,) if alone else checks.several("against", against, MOST_RACERS, _RACERS)
    others = tuple(map(_racer, listed))
    names = [other.name for other in others]
    for name in (rule.name, *names):
        _check_name("the name of a rule", name)
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise ValueError(f"against must hold each rule once, not {checks.shown(twice)} twice")
    name = rule.name
    while name in names:
        name += " (yours)"
    return (rule if name == rule.name else replace(rule, name=name), *others)


def _racer(given: Any) -> Optimizer:
    if checks.is_a(given, Optimizer):
        rule: Optimizer = given
        return rule
    if not checks.is_a(given, str):
        came = checks.attribute(given, "__name__") or given
        raise TypeError(f"against must {_RACERS}; it holds {checks.shown(came)}")
    name = checks.choice("against", given, optimizers.catalogue)
    rates = {"learning_rate": DEFAULT_RATES[name]} if name in DEFAULT_RATES else {}
    return optimizers.catalogue[name](**rates)


def cost_of(on: Any, start: Any, bounds: Any) -> Cost:
    """Return the cost that is named, written out or given.

    Raises
    ------
    TypeError, ValueError
        None of these; a word that names no landscape; bounds for what has its own; what
        `Landscape.parse` refuses.
    """
    if any(on is build for build in landscapes.catalogue.values()):
        raise TypeError(f"on must be {_COSTS}: call it, gd.landscapes.{on.__name__}()")
    if not checks.is_a(on, (str, Landscape, Problem)):
        raise TypeError(f"on must be {_COSTS}, not {checks.shown(on)}")
    word = on.strip() if checks.is_a(on, str) else ""
    if checks.is_a(on, str) and word not in landscapes.catalogue:
        _check_word(word)
        return Landscape.parse(on, name="your cost", bounds=bounds, start=start)
    cost: Cost = landscapes.catalogue[word]() if word else on
    if bounds is not None:
        raise ValueError(
            f"bounds must be left out for {cost.name}: they are the box of a formula that you write"
        )
    return cost


def _check_word(word: str) -> None:
    """Refuse a word that can only be meant as the name of a landscape."""
    if len(word) > 2 and word.isidentifier():
        near = checks.did_you_mean(word.lower(), landscapes.catalogue)
        raise ValueError(
            f"on must be {_COSTS}, not {checks.shown(word)}; the landscapes are"
            f" {', '.join(landscapes.catalogue)}{near}"
        )
