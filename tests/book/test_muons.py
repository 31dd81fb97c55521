"""The table of three Muons: each row by versions written by hand, and these by recorded runs."""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.book import muons
from gdlib.book.parity import difference
from tests import reference_arrays
from tests.array_agreement import RELATIVE, gradient, walk
from tests.data import make_muon_paths
from tests.data.make_torch_array_paths import TALL, WIDE, Case, problem

BY_HAND: dict[str, Any] = {
    "author": reference_arrays.muon_author,
    "torch": reference_arrays.muon,
    "optax": reference_arrays.muon_optax,
}
RECORDED = json.loads(make_muon_paths.PATHS.read_text(encoding="utf-8"))
KEPT = RECORDED["kept_steps"]
ROW = {row.what: row for row in muons.ROWS}
LOUD: dict[str, Any] = {"learning_rate": 0.03, "decay": 0.8, "weight_decay": 0.4}


def path(whose: str, shape: tuple[int, int], steps: int = 20, **settings: Any) -> Any:
    case = Case(whose, shape, 31, settings)
    return BY_HAND[whose](gradient(case), problem(case)[-1], steps, **settings)


@pytest.mark.parametrize("run", RECORDED["runs"], ids=lambda run: f"{run['rule']}-{run['shape']}")
def test_the_versions_by_hand_follow_recorded_runs(run: dict[str, Any]) -> None:
    """PyTorch's is compared in `test_array_parity`."""
    ours = path(run["rule"], tuple(run["shape"]), **run["settings"])
    assert difference(ours[KEPT], run["points"]) <= RELATIVE


def test_the_recorded_runs_are_those_of_the_script_and_of_the_versions_in_the_table() -> None:
    runs = [Case(r["rule"], tuple(r["shape"]), r["seed"], r["settings"]) for r in RECORDED["runs"]]
    assert runs == list(make_muon_paths.cases())
    assert (RECORDED["author"][:7], "2.13", RECORDED["optax"]) == muons.VERSIONS
    assert tuple(KEPT) == make_muon_paths.KEPT


def test_the_table_has_a_column_for_each_program_and_no_empty_cell() -> None:
    lines = muons.table().splitlines()
    assert len(lines) == len(muons.ROWS) + 2
    assert all(line.count(" | ") == 3 for line in lines)
    assert all(all(row) for row in muons.ROWS)


def test_rates_and_decays_are_those_of_the_signatures() -> None:
    found = {name: inspect.signature(f).parameters for name, f in BY_HAND.items()}
    rates = [found[name]["learning_rate"].default for name in ("author", "torch")]
    assert [float(cell) for cell in ROW["rate"][1:3]] == rates
    assert found["optax"]["learning_rate"].default is inspect.Parameter.empty
    decays = [f["weight_decay"].default for f in found.values()]
    assert [float(cell) for cell in ROW[r"weight decay $\lambda$"][1:]] == decays
    assert {f["decay"].default for f in found.values()} == {0.95}


def second_direction(whose: str, slopes: tuple[Any, Any]) -> Any:
    """Return where the second step goes; slopes by rows, a row of θ for each."""
    given = iter(slopes)
    points = BY_HAND[whose](
        lambda _: next(given), np.zeros_like(slopes[0]), 2, learning_rate=1.0, weight_decay=0.0
    )
    return points[1] - points[2]


@pytest.mark.parametrize("whose", BY_HAND)
def test_the_weight_of_the_first_gradient_at_the_second_step(whose: str) -> None:
    """Along one row the quintic keeps directions: the step is along g₁'s weight and g₂'s."""
    first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    ((one, two),) = second_direction(whose, (first, second))
    told = ROW[r"weight of $g_1$ over $g_2$ at step 2"]
    assert f"{one / two:.3f}" == getattr(told, whose)


def test_by_hand_the_weights_are_0463_and_0374() -> None:
    """β(1−β)·β over (1−β)(1+β); with divisors, β²/(1−β³) over β/(1−β³) + 1/(1−β²)."""
    b = 0.95
    assert f"{b * b / (1 + b):.3f}" == "0.463"
    assert f"{b * b / (1 - b**3) / (b / (1 - b**3) + 1 / (1 - b**2)):.3f}" == "0.374"


def test_the_author_and_pytorch_take_the_same_steps_but_for_where_epsilon_stands() -> None:
    for shape in (TALL, WIDE):
        theirs = path("author", shape, **LOUD)
        assert 0 < difference(path("torch", shape, **LOUD), theirs) < 1e-6
    tiny = np.full((1, 4), 5e-8)  # ‖N‖ = 10⁻⁷ = ε: divided by ε, or by 2ε
    clamped, added = (
        BY_HAND[name](lambda _: tiny / (1 - 0.95**2), np.zeros((1, 4)), 1, learning_rate=1.0)[1]
        for name in ("torch", "author")
    )
    halved = (reference_arrays._quintic(tiny / 1e-7 / scale, 5) for scale in (1, 2))
    np.testing.assert_allclose(np.stack([-clamped, -added]), np.stack(list(halved)), rtol=1e-9)


def test_optax_divides_by_the_norm_plus_its_own_epsilon() -> None:
    """At a gradient of length ε the norm is doubled, before the quintic."""
    direction = 0.95 * 0.05 / (1 - 0.95**2) + 1.0  # times g, at the first step
    slope = np.full((1, 4), 5e-9) / direction
    moved = BY_HAND["optax"](lambda _: slope, np.zeros((1, 4)), 1, learning_rate=1.0)[1]
    wanted = reference_arrays._quintic(np.full((1, 4), 0.25), 5) * 2  # √(4/1) for one row of four
    np.testing.assert_allclose(-moved, wanted, rtol=1e-9)


@pytest.mark.parametrize("whose", BY_HAND)
def test_the_length_of_a_step_by_its_shape(whose: str) -> None:
    """One row or one column: the quintic leaves a vector of a length that no shape changes."""
    steps = {}
    for shape in ((4, 1), (1, 4)):
        slope = np.ones(shape)
        points = BY_HAND[whose](lambda _, g=slope: g, np.zeros(shape), 1, learning_rate=1.0)
        steps[shape] = np.linalg.norm(points[1])
    told = getattr(ROW["length of a step, $m$ rows and $n$ columns"], whose)
    ratio = steps[4, 1] / steps[1, 4]
    np.testing.assert_allclose(ratio, 0.5 if "n/m" in told else 2, rtol=1e-6)


@pytest.mark.parametrize("whose", BY_HAND)
def test_the_decay_is_multiplied_by_the_rate_and_not_by_the_shape(whose: str) -> None:
    start = np.arange(1.0, 9.0).reshape(8, 1) if whose != "optax" else np.arange(1.0, 9.0)[None]
    end = BY_HAND[whose](
        lambda _: np.zeros_like(start), start, 3, learning_rate=0.1, weight_decay=0.5
    )[-1]
    np.testing.assert_allclose(end, start * 0.95**3, rtol=1e-12)


def test_pytorchs_manual_and_its_code_are_the_same_but_where_epsilon_counts() -> None:
    """Its manual writes M ← βM + G, G + βM: 1/(1 − β) times as long, before the norm."""
    rng = np.random.default_rng(3)
    slopes = rng.normal(size=(5, 3, 4))
    damped, whole = np.zeros((3, 4)), np.zeros((3, 4))
    for g in slopes:
        damped, whole = 0.95 * damped + 0.05 * g, 0.95 * whole + g
        np.testing.assert_allclose(0.05 * (g + 0.95 * whole), 0.05 * g + 0.95 * damped, rtol=1e-12)


def test_ours_is_pytorchs_and_takes_the_others_steps_where_the_table_says_how() -> None:
    """The author's with his rate and no decay; Optax' only without looking ahead, on Θᵀ."""
    settings: dict[str, Any] = {"learning_rate": 0.02, "weight_decay": 0.0}
    for shape in (TALL, WIDE):
        case = Case("muon", shape, 31, {})
        slope, start = gradient(case), problem(case)[-1]
        ours = walk(gd.muon(0.02, weight_decay=0.0), slope, start, 20)
        assert difference(ours, path("torch", shape, **settings)) <= RELATIVE
        assert difference(ours, path("author", shape)) < 1e-6
        assert difference(ours, path("optax", shape, **settings)) > 1e-2
        plain = walk(gd.muon(0.02, weight_decay=0.0, nesterov=False), slope, start, 20)
        turned = BY_HAND["optax"](
            lambda theta, slope=slope: slope(theta.T).T,
            start.T,
            20,
            nesterov=False,
            **settings,
        )
        assert difference(plain, np.swapaxes(turned, 1, 2)) < 1e-6


def test_an_installed_pytorch_rounds_to_bfloat16_and_refuses_a_vector() -> None:
    torch: Any = pytest.importorskip("torch")
    with pytest.raises(ValueError, match="only supports 2D"):
        torch.optim.Muon([torch.zeros(3)])
    theta = torch.zeros(3, 4, dtype=torch.float64)
    theta.grad = torch.tensor(np.random.default_rng(1).normal(size=(3, 4)))
    torch.optim.Muon([theta], lr=1.0, weight_decay=0.0).step()
    np.testing.assert_array_equal(theta, theta.bfloat16().double())


def test_an_installed_optax_gives_the_recorded_points() -> None:
    pytest.importorskip("optax")
    for run in RECORDED["runs"]:
        if run["rule"] == "optax":
            case = Case(run["rule"], tuple(run["shape"]), run["seed"], run["settings"])
            assert difference(make_muon_paths.in_optax(case), run["points"]) <= RELATIVE
