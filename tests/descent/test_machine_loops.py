"""Tests of machine code: the same runs as NumPy's, to the bit where no function is rounded."""

from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.descent import machine_loops
from gdlib.formula import machine, targets
from gdlib.formula.compiled import lowered

needs_numba = pytest.mark.skipif(
    not machine.available(), reason="Numba is not installed: pip install gdlib[fast]"
)
ROUNDED = {"rastrigin", "ackley", "plateau", "lasso", "wolfe"}  # sines, exponentials or powers


@pytest.fixture
def machine_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Compile runs of any size, and keep what was compiled out of the user's cache."""
    monkeypatch.setattr(machine_loops, "WORTH", 0)
    monkeypatch.setattr(machine_loops, "WORTH_ALONE", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def starts_on(landscape: gd.Landscape, many: int = 300) -> Any:
    low, high = np.array(landscape.bounds).T
    return np.random.default_rng(3).uniform(low, high, (many, landscape.n))


def both(monkeypatch: pytest.MonkeyPatch, *args: Any, **options: Any) -> tuple[Any, Any]:
    """Return a run by machine code, and the same by NumPy."""
    ours = gd.descend(*args, **options)
    with monkeypatch.context() as patch:
        patch.setattr(machine, "available", lambda: False)
        return ours, gd.descend(*args, **options)


def assert_same(ours: Any, theirs: Any, tolerance: float = 0.0) -> None:
    for name in ("points", "values", "gradients"):
        a, b = getattr(ours, name), getattr(theirs, name)
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    for name in ("status", "steps", "evaluations"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


@needs_numba
@pytest.mark.usefixtures("machine_code")
@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_gradient_descent_in_machine_code_is_numpys_to_the_bit(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    landscape = gd.landscapes.catalogue[name]()
    rule = gd.gradient_descent(1e-3)
    runs = both(monkeypatch, landscape, rule, starts_on(landscape), steps=130, keep="end")
    assert_same(*runs, tolerance=1e-12 if name in ROUNDED else 0.0)


@needs_numba
@pytest.mark.usefixtures("machine_code")
@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_every_rule_in_machine_code_is_numpys(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    landscape = gd.landscapes.himmelblau()
    rule = gd.optimizers.catalogue[name](learning_rate=1e-3)
    runs = both(monkeypatch, landscape, rule, starts_on(landscape), steps=600, keep="end")
    assert_same(*runs, tolerance=1e-12)


@needs_numba
@pytest.mark.usefixtures("machine_code")
@pytest.mark.parametrize("keep", ["end", "path"])
@pytest.mark.parametrize("stop", [None, gd.Stop(gradient_norm=1e-3), gd.Stop(patience=40)])
def test_runs_that_diverge_converge_or_stall_end_as_they_do_by_numpy(
    keep: Any, stop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    landscape = gd.landscapes.himmelblau()
    starts = 3 * starts_on(landscape)  # some are too far out for this rate
    ours, theirs = both(
        monkeypatch, landscape, gd.gradient_descent(0.015), starts, steps=200, keep=keep, stop=stop
    )
    assert_same(ours, theirs)
    assert "diverged" in ours.status
    assert len(set(ours.status.tolist())) > 1


@needs_numba
@pytest.mark.usefixtures("machine_code")
@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_one_run_in_machine_code_is_that_of_pythons_floats(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = gd.optimizers.catalogue[name](learning_rate=1e-3)
    for landscape in (gd.landscapes.rosenbrock(), gd.landscapes.rastrigin()):
        assert_same(*both(monkeypatch, landscape, rule, steps=700), tolerance=1e-12)
        rates = np.linspace(1e-3, 0, 700)
        assert_same(
            *both(monkeypatch, landscape, rule, steps=700, learning_rate=rates, keep="end"),
            tolerance=1e-12,
        )


@needs_numba
@pytest.mark.usefixtures("machine_code")
@pytest.mark.parametrize("name", gd.landscapes.catalogue)
def test_one_run_of_gradient_descent_is_that_of_pythons_floats_to_the_bit(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    landscape = gd.landscapes.catalogue[name]()
    for rate in (1e-3, 10.0):  # the second diverges where it can
        for stop in (None, gd.Stop(gradient_norm=1e-2, patience=50)):
            rule = gd.gradient_descent(rate)
            ours, theirs = both(monkeypatch, landscape, rule, steps=400, stop=stop)
            np.testing.assert_array_equal(ours.points, theirs.points)
            assert_same(ours, theirs, tolerance=1e-12 if name in ROUNDED else 0.0)


@needs_numba
@pytest.mark.usefixtures("machine_code")
def test_a_schedule_goes_into_machine_code(monkeypatch: pytest.MonkeyPatch) -> None:
    landscape, rate = gd.landscapes.booth(), lambda k: 0.1 / k
    rule = gd.momentum(0.1)
    assert_same(
        *both(
            monkeypatch, landscape, rule, starts_on(landscape), 600, learning_rate=rate, keep="end"
        )
    )


@needs_numba
@pytest.mark.usefixtures("machine_code")
def test_a_map_of_basins_is_the_same_in_machine_code(monkeypatch: pytest.MonkeyPatch) -> None:
    ask: Any = (gd.landscapes.himmelblau(), gd.gradient_descent(0.01), (20, 20), 300)
    ours = gd.basins(*ask)
    monkeypatch.setattr(machine, "available", lambda: False)
    np.testing.assert_array_equal(ours.labels, gd.basins(*ask).labels)


@needs_numba
@pytest.mark.usefixtures("machine_code")
def test_where_no_file_can_be_written_machine_code_is_made_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine.compile_numba.cache_clear()
    machine_loops._chunk_loop.cache_clear()
    monkeypatch.setattr(machine, "_file", lambda _text: None)
    landscape, rule = gd.landscapes.himmelblau(), gd.adam(0.01)
    for start, keep in ((starts_on(landscape), "end"), (landscape.start, "path")):
        runs = both(monkeypatch, landscape, rule, start, steps=60, keep=keep)
        assert_same(*runs, tolerance=1e-12)
    machine.compile_numba.cache_clear()
    machine_loops._chunk_loop.cache_clear()


@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_what_is_compiled_says_the_same_as_plain_python(name: str) -> None:
    """Without Numba, too: the printed loop is Python, and runs as it is."""
    landscape, rule = gd.landscapes.rosenbrock(), gd.optimizers.catalogue[name](learning_rate=1e-3)
    gradient = lowered(landscape.expr, landscape.variables, "gradient")
    source = machine_loops.block_source(gradient, rule.rule)
    block = targets.compile_python(source, "block", careful=True)
    run = gd.descend(landscape, rule, [landscape.start], steps=20, keep="end")
    state = np.repeat([*landscape.start, *(0.0 for _ in rule.rule.moments for _ in range(2))], 1)
    for i, moment in enumerate(rule.rule.moments):
        state[2 + 2 * i : 4 + 2 * i] = rule.initial_moment(moment)
    constants = [v for k, v in rule.numbers.items() if k != "eta"]
    powers = [1.0] * len(rule.rule.powers)
    table = state[:, None]
    assert not block(0, 1, table, 20, 0.0, np.full(20, 1e-3), 1e30, *powers, *constants)
    np.testing.assert_allclose(table[:2, 0], run.points[-1, 0], rtol=1e-12)
    assert block(0, 1, table, 1, 20.0, np.full(1, 1e-3), 1e-9, *powers, *constants) == 1


def test_only_large_runs_are_worth_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "available", lambda: True)
    assert machine_loops.pays(1_000_000, 200, 1e30)
    assert not machine_loops.pays(1000, 200, 1e30)
    assert not machine_loops.pays(1_000_000, 200, float("-inf"))
    assert machine_loops.pays_alone(1_000_000)
    assert not machine_loops.pays_alone(10_000)
    monkeypatch.setattr(machine, "available", lambda: False)
    assert not machine_loops.pays(1_000_000, 200, 1e30)
