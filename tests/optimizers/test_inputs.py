"""What an Optimizer and its state are made of: refused in words, before anything runs."""

from __future__ import annotations

import copy
import pickle
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.formula import sayable
from gdlib.optimizers import State
from gdlib.optimizers.symbols import eta, g, k, theta

m, w = sp.symbols("m w", real=True)
MARK = Path("reached.txt")
ATTACK = f"__import__('pathlib').Path({str(MARK)!r}).write_text('run')"


@pytest.mark.parametrize(
    "build",
    [
        lambda text: gd.Optimizer("n", text),
        lambda text: gd.Optimizer("n", -eta * g, {m: text}, {eta: 0.1}),
        lambda text: gd.Optimizer("n", -eta * g, {text: g}, {eta: 0.1}),
        lambda text: gd.Optimizer("n", -eta * g, {}, {text: 0.1}),
        lambda text: gd.Optimizer("n", -eta * g, {}, {eta: text}),
        lambda text: gd.Optimizer("n", -eta * m, {m: m + g}, {eta: 0.1}, initial={text: 1}),
        lambda text: gd.Optimizer("n", -eta * m, {m: m + g}, {eta: 0.1}, initial={m: text}),
        lambda text: gd.Landscape("n", text, [m], [(0, 1)], [0.5]),
        lambda text: gd.Landscape("n", m, [text], [(0, 1)], [0.5]),
        lambda text: gd.schedules.Schedule("n", text, {}),
        lambda text: gd.schedules.Schedule("n", k, {text: 1}),
        sayable.formula,
        lambda text: sayable.check(text, [m]),
    ],
)
def test_text_is_refused_and_never_run(
    build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TypeError):
        build(ATTACK)
    assert not MARK.exists()


def test_a_span_of_time_is_no_whole_number() -> None:
    """NumPy says that it is."""
    with pytest.raises(TypeError, match="mine's step must be a SymPy expression"):
        gd.Optimizer("mine", np.timedelta64(3))


def test_text_in_a_formulas_place_is_told_where_text_is_read() -> None:
    with pytest.raises(TypeError, match=r"not text: '-eta\*g'; .*Landscape\.parse"):
        gd.Optimizer("mine", "-eta*g", {}, {eta: 0.1})


def test_no_module_hands_a_readers_words_to_sympys_parser() -> None:
    """`sympify` parses text; only where an answer's kind was checked before may it stand."""
    checked = {"symbolic.py"}
    for path in Path(gd.__file__).parent.rglob("*.py"):
        words = re.findall(r"\b(sympify|parse_expr)\(", path.read_text(encoding="utf-8"))
        assert not words or path.name in checked, path


FINE: dict[str, Any] = {
    "name": "mine",
    "step": -eta * m,
    "moments": {m: w * m + g},
    "hyperparameters": {eta: 0.1, w: 0.5},
    "source": "",
    "initial": {m: 1.0},
}


@pytest.mark.parametrize(
    ("field", "value", "kind", "message"),
    [
        ("name", 3, TypeError, "name must be a string, not 3"),
        ("source", None, TypeError, "source must be a string, not None"),
        ("step", None, TypeError, "mine's step must be a SymPy expression, not None"),
        ("step", True, TypeError, "mine's step must be a SymPy expression, not True"),
        ("step", sp.Eq(m, w), TypeError, "mine's step must be a SymPy expression, not Eq(m, w)"),
        ("step", lambda: 0, TypeError, "mine's step must be a SymPy expression, not <function"),
        ("step", 0.5, ValueError, "the float 0.5; write it exactly"),
        ("step", float("nan"), ValueError, "which JavaScript cannot say"),
        ("step", sp.zoo * g, ValueError, "which JavaScript cannot say"),
        ("step", sp.gamma(g), ValueError, "gamma(g), which JavaScript cannot say"),
        ("step", sp.Symbol("lost"), ValueError, "the unbound symbol 'lost'"),
        ("moments", [m], TypeError, "mine's moments must be a mapping of symbols, not [m]"),
        ("moments", {"m": g}, TypeError, "must be a SymPy symbol, not 'm'"),
        ("moments", {m + 1: g}, TypeError, "must be a SymPy symbol, not m + 1"),
        ("moments", {m: None}, TypeError, "mine's m must be a SymPy expression, not None"),
        ("moments", {m: [g]}, TypeError, "mine's m must be a SymPy expression, not [g]"),
        ("moments", {w: g, m: g}, ValueError, "the symbol w has a meaning already"),
        ("hyperparameters", None, TypeError, "must be a mapping of symbols, not None"),
        ("hyperparameters", {"eta": 0.1}, TypeError, "must be a SymPy symbol, not 'eta'"),
        ("hyperparameters", {eta: 0.1, w: None}, TypeError, "mine: w must be a number, not None"),
        ("hyperparameters", {eta: 0.1, w: np.nan}, ValueError, "mine: w must be finite, not nan"),
        ("hyperparameters", {eta: 0.1, w: 10**400}, ValueError, "mine: w must be finite"),
        ("hyperparameters", {eta: True, w: 1}, TypeError, "learning_rate must be a number"),
        ("hyperparameters", {eta: 0.1 + 0j, w: 1}, TypeError, "learning_rate must be a number"),
        ("hyperparameters", {eta: 0.1}, ValueError, "the unbound symbol 'w'"),
        ("initial", {w: 1.0}, ValueError, "initial w must be that of a moment"),
        ("initial", {m: np.inf}, ValueError, "mine: initial m must be finite, not inf"),
        ("initial", 3, TypeError, "mine's initial must be a mapping of symbols, not 3"),
    ],
)
def test_a_rule_made_of_the_wrong_parts_is_refused(
    field: str, value: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        gd.Optimizer(**{**FINE, field: value})


@pytest.mark.parametrize("number", [np.float32(0.5), np.int8(1), sp.Rational(1, 2), np.array(0.5)])
def test_any_real_number_is_a_hyperparameter(number: Any) -> None:
    rule = gd.Optimizer(**{**FINE, "hyperparameters": {eta: number, w: number}})
    assert rule.settings == {"learning_rate": float(number), "w": float(number)}
    assert all(type(value) is float for value in rule.settings.values())


@pytest.mark.parametrize("step", [0, 1, -3, np.int64(2), sp.Rational(1, 3)])
def test_a_whole_number_or_a_fraction_is_a_step(step: Any) -> None:
    bowl = gd.landscapes.quadratic()
    rule = gd.Optimizer("even", step)
    for cost in (bowl, lambda theta: (theta @ theta, 2 * theta)):
        for start in ([1.0, 2.0], [[1.0, 2.0]])[: 2 if cost is bowl else 1]:
            run = gd.descend(cost, rule, start, steps=2)
            np.testing.assert_allclose(run.end, np.add(start, 2 * float(step)), rtol=1e-15)


def test_two_decays_have_a_keyword_each() -> None:
    rho, beta = gd.optimizers.rho, gd.optimizers.beta
    rule = gd.Optimizer("two", -eta * (beta + rho) * g, {}, {eta: 0.1, beta: 0.5, rho: 0.25})
    assert rule.settings == {"learning_rate": 0.1, "decay": 0.5, "rho": 0.25}


def test_the_mappings_that_a_rule_was_made_of_are_the_readers_own() -> None:
    given = {m: w * m + g}
    rule = gd.Optimizer(**{**FINE, "moments": given})
    given.clear()
    assert list(rule.moments) == [m]
    with pytest.raises(TypeError):
        rule.moments[w] = g  # type: ignore[index]
    there = pickle.loads(pickle.dumps(rule))
    assert there.settings == rule.settings
    assert there.moments == rule.moments


@pytest.mark.parametrize(
    ("theta_now", "kind"),
    [
        (np.ma.array([1.0, 2.0], mask=[False, True]), TypeError),
        ([1 + 2j], TypeError),
        ("12", TypeError),
        (None, TypeError),
        ([[1.0], [1.0, 2.0]], ValueError),
    ],
)
def test_points_and_gradients_that_are_no_numbers_are_refused(
    theta_now: Any, kind: type[Exception]
) -> None:
    rule = gd.adam()
    with pytest.raises(kind, match="theta must"):
        rule.init(theta_now)
    with pytest.raises(kind, match="gradient must"):
        rule.update(theta_now, rule.init([1.0]), [1.0])


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"state": gd.momentum(0.1).init([1.0, 2.0])}, ValueError, "holds m, v, not m"),
        ({"state": gd.adam().init([1.0])}, ValueError, "must have θ's shape (2,), not (1,)"),
        ({"state": None}, TypeError, "state must be one that init or update returned, not None"),
        ({"gradient": [1.0]}, ValueError, "the gradient must have θ's shape (2,), not (1,)"),
        ({"learning_rate": "1"}, TypeError, "learning_rate must be a number"),
        ({"learning_rate": -1}, ValueError, "learning_rate must be at least 0 and finite"),
    ],
)
def test_an_update_of_what_does_not_fit_is_refused(
    change: dict[str, Any], kind: type[Exception], message: str
) -> None:
    rule = gd.adam()
    fine = {"gradient": [0.5, 1.0], "state": rule.init([1.0, 2.0]), "theta": [1.0, 2.0]}
    with pytest.raises(kind, match=re.escape(message)):
        rule.update(**{**fine, **change})


def test_a_rate_is_no_argument_of_a_rule_that_has_none() -> None:
    rule = gd.Optimizer("fixed", -g / 8)
    with pytest.raises(ValueError, match="fixed must have a learning rate"):
        rule.update([1.0], rule.init([1.0]), [1.0], learning_rate=0.5)


def test_an_update_changes_nothing_that_came_in() -> None:
    rule, slopes, point = gd.adam(), np.array([0.5, 1.0]), np.array([1.0, 2.0])
    state = rule.init(point)
    for array in (slopes, point):
        array.setflags(write=False)
    before = copy.deepcopy(dict(state.moments))
    _, after = rule.update(slopes, state, point)
    assert after.step == 1
    for name, moment in state.moments.items():
        np.testing.assert_array_equal(moment, before[name])
        assert not np.may_share_memory(moment, after.moments[name])


def test_an_update_takes_infinities_for_a_run_that_diverges_shows_them_quietly() -> None:
    rule = gd.adam()
    step, state = rule.update([np.inf, np.nan], rule.init([1.0, 1.0]), [1.0, 1.0])
    assert np.isnan(step).all()
    assert state.step == 1


def test_states_compare_by_what_they_hold() -> None:
    one, other = gd.adam().init([1.0, 2.0]), gd.adam().init([3.0, 4.0])
    assert one == other
    assert one != gd.adam().init([1.0])
    assert one != gd.momentum(0.1).init([1.0, 2.0])
    assert one != gd.adam().update([1.0, 1.0], one, [1.0, 2.0])[1]
    assert one != 0
    assert pickle.loads(pickle.dumps(one)) == one
    assert eval(repr(one), {"State": State, "mappingproxy": dict, "array": np.array}) == one


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((-1, {}), ValueError, "a state's step must be at least 0, not -1"),
        ((10**400, {}), ValueError, "a state's step must be from 0 to 9007199254740992, not 1000"),
        ((1.0, {}), TypeError, "a state's step must be a whole number, not 1.0"),
        ((0, None), TypeError, "a state's moments must be arrays by name, not None"),
        ((0, {m: [1.0]}), TypeError, "a moment's name must be a string, not m"),
        ((0, {"m": "1"}), TypeError, "moment m must be numbers, not '1'"),
    ],
)
def test_a_state_of_anything_else_is_refused(
    arguments: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        State(*arguments)


@pytest.mark.parametrize("what", [gd.adam, None, "adam", 3])
def test_what_is_no_optimizer_is_named(what: Any) -> None:
    with pytest.raises(TypeError, match=r"must be one like gd\.adam\(\), not") as caught:
        gd.descend(gd.landscapes.quadratic(), what)
    assert " at 0x" not in str(caught.value)


def test_theta_may_stand_in_a_rule_that_says_where_to_go() -> None:
    rule = gd.Optimizer("home", 1 - theta)
    assert gd.descend(gd.landscapes.quadratic(), rule, steps=1).end.tolist() == [1.0, 1.0]


# --- other numbers for the same rule --------------------------------------------------------------


@pytest.mark.parametrize("build", [gd.adamw, gd.lion, gd.nadam])
def test_a_rule_with_other_settings_is_the_rule_built_with_them(build: Any) -> None:
    name, value = [*build().settings.items()][-1]
    changed = build().with_settings(learning_rate=0.25, **{name: value / 2})
    built = build(learning_rate=0.25, **{name: value / 2})
    assert [getattr(changed, f.name) for f in fields(changed)] == [
        getattr(built, f.name) for f in fields(built)
    ]


def test_settings_that_are_not_named_stay_and_the_rule_itself_does_not_change() -> None:
    rule = gd.adam(0.1, beta1=0.5)
    assert rule.with_settings(beta2=0.9).settings == {**rule.settings, "beta2": 0.9}
    assert rule.settings["beta2"] == 0.999
    assert rule.with_settings().settings == rule.settings


@pytest.mark.parametrize("word", ["self", "settings", "w", "class"])
def test_a_readers_own_symbol_is_a_keyword_whatever_it_is_called(word: str) -> None:
    own = sp.Symbol(word, real=True)
    rule = gd.Optimizer("mine", -eta * own * g, {}, {eta: 0.1, own: 2})
    assert rule.with_settings(**{word: 3}).settings == {"learning_rate": 0.1, word: 3.0}


@pytest.mark.parametrize(
    ("rule", "settings", "kind", "message"),
    [
        (gd.gradient_descent(0.1), {"decay": 0.9}, TypeError,
         "gradient descent has no 'decay'; it has learning_rate"),
        (gd.adam(), {"bta1": 0.9}, TypeError,
         "Adam has no 'bta1'; it has learning_rate, beta1, beta2, epsilon; did you mean 'beta1'?"),
        (gd.adam(), {"eta": 0.9}, TypeError, "Adam has no 'eta'"),
        (gd.Optimizer("signs", -sp.sign(g)), {"learning_rate": 1}, TypeError,
         "signs has no 'learning_rate'; it has none"),
        (gd.momentum(0.1), {"decay": 1.5}, ValueError, "momentum: decay must be at least 0 and"),
        (gd.momentum(0.1), {"decay": "0.5"}, TypeError, "momentum: decay must be a number"),
        (gd.momentum(0.1), {"learning_rate": 0}, ValueError, "learning_rate must be positive"),
    ],
)  # fmt: skip
def test_other_settings_are_checked_as_a_constructors_are(
    rule: gd.Optimizer, settings: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        rule.with_settings(**settings)


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_a_rule_in_a_readers_own_symbols_is_the_same_rule(name: str) -> None:
    rule = gd.optimizers.catalogue[name](learning_rate=0.05)
    plain = {s: sp.Symbol(s.name) for s in (theta, g, k, eta)}  # nothing is assumed of these
    mine = gd.Optimizer(
        rule.name,
        rule.step.xreplace(plain),
        {s: e.xreplace(plain) for s, e in rule.moments.items()},
        {plain.get(s, s): value for s, value in rule.hyperparameters.items()},
        initial=dict(rule.initial),
    )
    assert mine.settings == rule.settings
    assert (mine.step, mine.moments) == (rule.step, rule.moments)
    bowl = gd.landscapes.quadratic()
    np.testing.assert_array_equal(
        gd.descend(bowl, mine, steps=7).points, gd.descend(bowl, rule, steps=7).points
    )


def test_a_readers_theta_or_k_with_a_number_or_a_moment_is_the_readers() -> None:
    point, count, slope = sp.Symbol("theta"), sp.Symbol("k"), sp.Symbol("g")
    numbers = gd.Optimizer("numbers", -eta * point * count * g, {}, {eta: 0.5, point: 3, count: 7})
    step, _ = numbers.update(2.0, numbers.init(1.0), 1.0)
    assert float(step) == -0.5 * 3 * 7 * 2
    moment = gd.Optimizer("moment", -eta * slope, {slope: slope / 2 + g}, {eta: 0.5})
    step, state = moment.update(2.0, moment.init(1.0), 1.0)
    step, _ = moment.update(2.0, state, 1.0)
    assert float(step) == -0.5 * 3


def test_each_hyperparameter_has_a_keyword_of_its_own() -> None:
    beta, rho, odd, odder = sp.symbols("beta rho decay decay_", real=True)
    numbers = {eta: 0.1, beta: 0.5, rho: 0.25, odd: 2.0, odder: 3.0, w: 4.0}
    rule = gd.Optimizer("mine", -eta * g * (beta + rho + odd + odder + w), {}, numbers)
    assert rule.settings == {
        "learning_rate": 0.1, "decay": 0.5, "rho": 0.25, "decay_": 2.0, "decay__": 3.0, "w": 4.0,
    }  # fmt: skip
    assert dict(rule.keywords) == dict(zip(numbers, rule.settings, strict=True))
    other = rule.with_settings(rho=0.75, w=5.0)
    assert other.settings == rule.settings | {"rho": 0.75, "w": 5.0}
    assert rule.settings["rho"] == 0.25
    with pytest.raises(TypeError, match=r"^mine has no 'rate'; it has learning_rate, decay, rho, "):
        rule.with_settings(rate=1.0)


def test_a_state_that_does_not_fit_is_refused_by_its_moments() -> None:
    plain, heavy, adam = gd.gradient_descent(0.1), gd.momentum(0.1), gd.adam(0.1)
    for rule, other, words in (
        (plain, heavy, "gradient descent needs a state that holds nothing, not m"),
        (heavy, plain, "momentum needs a state that holds m, not nothing"),
        (heavy, adam, "momentum needs a state that holds m, not m, v"),
        (adam, heavy, "Adam needs a state that holds m, v, not m"),
    ):
        with pytest.raises(ValueError, match=f"^{words}$"):
            rule.update([1.0], other.init([1.0]), [1.0])
    longer = State(0, {"m": np.zeros(1), "v": np.zeros(2)})
    with pytest.raises(ValueError, match=r"^the state's v must have θ's shape \(1,\), not \(2,\)$"):
        adam.update([1.0], longer, [1.0])


def test_a_rate_replaces_the_rules_own_for_one_step() -> None:
    rule, start = gd.momentum(0.1, decay=0.5), np.array([1.0, 2.0])
    state = State(3, {"m": np.array([4.0, 6.0])})
    step, after = rule.update([1.0, 1.0], state, start, learning_rate=2.0)
    assert step.tolist() == [-2.0 * 3, -2.0 * 4]
    assert (after.step, after.moments["m"].tolist()) == (4, [3.0, 4.0])
    assert rule.update([1.0, 1.0], state, start, learning_rate=0)[0].tolist() == [0.0, 0.0]
    assert rule.update([1.0, 1.0], state, start)[0] == pytest.approx(np.array([-0.3, -0.4]))
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0 and finite, not -1$"):
        rule.update([1.0, 1.0], state, start, learning_rate=-1)
    bare = gd.Optimizer("bare", -g)
    with pytest.raises(ValueError, match=r"^bare must have a learning rate for one to replace it$"):
        bare.update([1.0], bare.init([1.0]), [1.0], learning_rate=0.1)


def test_a_state_counts_up_to_where_floats_count() -> None:
    assert State(2**53, {}).step == 2**53
    with pytest.raises(ValueError, match=f"^a state's step must be from 0 to {2**53}, not "):
        State(2**53 + 1, {})
    with pytest.raises(ValueError, match=r"^a state's step must be at least 0, not -1$"):
        State(-1, {})
    with pytest.raises(TypeError, match=r"^moment m must be numbers, not 'x'$"):
        State(0, {"m": "x"})  # type: ignore[dict-item]
    assert np.isnan(State(0, {"m": np.array([np.nan])}).moments["m"]).all()


def test_a_moment_may_start_anywhere() -> None:
    rule = gd.Optimizer("warm", -eta * m, {m: m / 2 + g}, {eta: 0.1}, initial={m: 3})
    assert rule.init(np.ones((2, 1))).moments["m"].tolist() == [[3.0], [3.0]]
    assert gd.momentum(0.1).init(1.0).moments["m"].tolist() == 0.0
    run = gd.descend(gd.Landscape.parse("x**2/2", start=(1.0,)), rule, steps=1)
    assert run.end.tolist() == [1 - 0.1 * (3 / 2 + 1)]
    assert repr(rule) == "warm(learning_rate=0.1)"
    again = pickle.loads(pickle.dumps(rule))
    assert (again.name, again.step, again.moments, again.settings, again.initial) == (
        rule.name, rule.step, rule.moments, rule.settings, rule.initial,
    )  # fmt: skip
