"""Tests of machine code: the same runs as NumPy's, to the bit where no function is rounded."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.descent import engine, machine_loops, many_starts
from gdlib.formula import machine, targets
from gdlib.formula.compiled import lowered
from gdlib.optimizers import symbols

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
    assert machine_loops.pays(100_000, 100, 1e30)
    assert not machine_loops.pays(99_999, 100, 1e30)
    assert machine_loops.pays(100_000, 100, 1e-9)
    assert not machine_loops.pays(100_000, 100, 0.0)
    assert not machine_loops.pays(1_000_000, 200, float("-inf"))
    assert machine_loops.pays_alone(500_000)
    assert not machine_loops.pays_alone(499_999)
    monkeypatch.setattr(machine, "available", lambda: False)
    assert not machine_loops.pays(1_000_000, 200, 1e30)


# --- the same loops as plain Python, where there is no Numba --------------------------------------


@pytest.fixture
def plain_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    """Run what is printed for Numba as it is, four steps at a time: it is Python, too."""
    quiet = np.errstate(all="ignore")  # as machine code is

    def njit(function: Any = None, **_: Any) -> Any:
        return quiet if function is None else quiet(function)

    caches = machine.compile_numba, machine_loops._chunk_loop

    def forget() -> None:
        for each in caches:
            each.cache_clear()

    monkeypatch.setitem(sys.modules, "numba", SimpleNamespace(njit=njit))
    folders = SimpleNamespace(user_cache_dir=lambda name: str(tmp_path / name))
    monkeypatch.setitem(sys.modules, "platformdirs", folders)
    monkeypatch.setattr(machine, "available", lambda: True)
    monkeypatch.setattr(machine_loops, "WORTH", 0)
    monkeypatch.setattr(machine_loops, "WORTH_ALONE", 0)
    monkeypatch.setattr(many_starts, "MACHINE_CHUNK", 4)
    forget()
    yield
    forget()


def wide(landscape: gd.Landscape, many: int = machine_loops.COLUMNS + 3) -> Any:
    """Return starts for more than one row of columns, none of them far out."""
    return 0.5 * starts_on(landscape, many)


@pytest.mark.usefixtures("plain_python")
@pytest.mark.parametrize("name", gd.optimizers.catalogue)
def test_printed_loops_take_every_rules_steps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    landscape = gd.landscapes.himmelblau()
    rule = gd.optimizers.catalogue[name](learning_rate=1e-3)
    assert_same(
        *both(monkeypatch, landscape, rule, wide(landscape), steps=6, keep="end"), tolerance=1e-12
    )
    for options in ({"keep": "path"}, {"keep": "end", "stop": gd.Stop(gradient_norm=1e-9)}):
        few = wide(landscape, 5), 10
        assert_same(*both(monkeypatch, landscape, rule, *few, **options), tolerance=1e-12)
        for rates in (None, np.linspace(1e-3, 0, 10)):
            alone = {"steps": 10, "learning_rate": rates, **options}
            assert_same(*both(monkeypatch, landscape, rule, **alone), tolerance=1e-12)


@pytest.mark.usefixtures("plain_python")
@pytest.mark.parametrize("name", ["double_well", "rosenbrock", "three_hump_camel"])
@pytest.mark.parametrize("rate", [1e-3, 10.0])
def test_printed_loops_are_numpys_to_the_bit_and_leave_what_diverges(
    name: str, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    landscape, rule = gd.landscapes.catalogue[name](), gd.gradient_descent(rate)
    for keep in ("end", "path"):
        starts = wide(landscape, 7)
        ours, theirs = both(monkeypatch, landscape, rule, starts, steps=60, keep=keep)
        assert_same(ours, theirs)
        assert ("diverged" in ours.status) == (rate == 10)
        assert_same(*both(monkeypatch, landscape, rule, steps=60, keep=keep))


@pytest.mark.usefixtures("plain_python")
def test_printed_loops_take_a_schedule_for_every_start(monkeypatch: pytest.MonkeyPatch) -> None:
    landscape, rule = gd.landscapes.booth(), gd.momentum(0.1, decay=0.8)
    for keep in ("end", "path"):
        starts = wide(landscape, 7)
        options: Any = {"steps": 9, "learning_rate": lambda k: 0.1 / k, "keep": keep}
        assert_same(*both(monkeypatch, landscape, rule, starts, **options), tolerance=1e-12)


@pytest.mark.usefixtures("plain_python")
@pytest.mark.parametrize("kept", [True, False])
def test_large_runs_are_really_taken_by_the_printed_loops(
    kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept in a file or not; and nobody asks for the cost where it must be finite."""
    asked: list[str] = []

    def compile_numba(source: str, name: str, make: Any = machine.compile_numba) -> Any:
        asked.append(source.partition("def run(")[2].partition(")")[0])
        return make(source, name)

    monkeypatch.setattr(machine, "compile_numba", compile_numba)
    if not kept:
        monkeypatch.setattr(machine, "_file", lambda _text: None)
    landscape, rule = gd.landscapes.booth(), gd.momentum(0.1)
    looks: list[Any] = []

    def look_at_start(*given: Any, look: Any = engine.look_at_start) -> Any:
        looks.append(given)
        return look(*given)

    monkeypatch.setattr(many_starts, "look_at_start", look_at_start)
    keep: Any
    for start, keep, seen in (
        (wide(landscape, 7), "end", 0),
        (wide(landscape, 7), "path", 1),
        (landscape.start, "path", 0),
        (landscape.start, "end", 0),
    ):
        asked.clear()
        looks.clear()
        gd.descend(landscape, rule, start, steps=9, keep=keep)
        assert len(asked) == 1
        assert len(looks) == seen


@pytest.mark.usefixtures("plain_python")
@pytest.mark.parametrize(("worth", "seen"), [(70, 1), (71, 0)])
def test_the_starts_of_all_blocks_are_what_pays(
    worth: int, seen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven starts in blocks of three take seventy steps together."""
    made: list[Any] = []

    class Machine(machine_loops.Machine):
        def __init__(self, *given: Any) -> None:
            made.append(given)
            super().__init__(*given)

    monkeypatch.setattr(many_starts, "Machine", Machine)
    monkeypatch.setattr(many_starts, "BLOCK", 3)
    monkeypatch.setattr(machine_loops, "WORTH", worth)
    landscape = gd.landscapes.booth()
    gd.descend(landscape, gd.gradient_descent(0.01), wide(landscape, 7), steps=10)
    assert len(made) == 3 * seen


@pytest.mark.usefixtures("plain_python")
def test_printed_loops_take_functions_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a rule's own numbers, of its rate, of the step, of moments, and of the coordinates."""
    c, v = sp.symbols("c v")
    moments = {v: sp.sqrt(v) / 2 + sp.exp(c) * symbols.g**2}
    step = -sp.sqrt(symbols.eta) * symbols.g / (sp.sqrt(symbols.k) + sp.sqrt(v) + sp.tanh(c))
    rule = gd.Optimizer("own", step, moments, {symbols.eta: 1e-3, c: 0.3}, initial={v: 0.5})
    landscape = gd.landscapes.rastrigin()
    for start in (wide(landscape, 7), landscape.start):
        for options in ({"keep": "path"}, {"keep": "end"}, {"stop": gd.Stop(gradient_norm=1e-9)}):
            runs = both(monkeypatch, landscape, rule, start, steps=9, **options)
            assert_same(*runs, tolerance=1e-12)


@pytest.mark.usefixtures("plain_python")
def test_on_a_map_of_basins_printed_loops_leave_what_diverges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """x ← x(1 − (1 + x²)/10) leaves from |x| > √19 = 4.36 on; the columns are at ±1, ±3 and ±5."""
    text, box = "x**4/4 + x**2/2 + y**2/2", [(-6, 6)] * 2
    landscape, rule = gd.Landscape.parse(text, bounds=box), gd.gradient_descent(0.1)
    ours = gd.basins(landscape, rule, (2, 6), 300)
    monkeypatch.setattr(machine, "available", lambda: False)
    theirs = gd.basins(landscape, rule, (2, 6), 300)
    np.testing.assert_array_equal(ours.labels, theirs.labels)
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    assert ours.labels.tolist() == [[-2, 0, 0, 0, 0, -2]] * 2


@pytest.mark.usefixtures("plain_python")
def test_a_block_takes_a_chunk_of_machine_code_at_once_until_some_run_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nine steps are sound; the tenth throws the runs beyond all bounds, within the third chunk."""
    taken: list[tuple[int, bool]] = []

    class Machine(machine_loops.Machine):
        def advance(self, state: Any, k: int, rates: Any, powers: list[float]) -> bool:
            sound = super().advance(state, k, rates, powers)
            taken.append((len(rates), sound))
            return sound

    monkeypatch.setattr(many_starts, "Machine", Machine)
    landscape, rates = gd.landscapes.booth(), np.r_[np.full(9, 0.01), 1e40, 1e40, 0.01]
    starts = wide(landscape, 7)
    gd.descend(landscape, gd.gradient_descent(0.01), starts, 12, learning_rate=rates, keep="end")
    assert taken == [(4, True), (4, True), (4, False)]
