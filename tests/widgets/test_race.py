"""The explorers' traits: what they accept, refuse, derive and show without a browser."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import sympy as sp
import traitlets
from matplotlib import image

import gdlib as gd
from gdlib.widgets import base, printed
from gdlib.widgets.traits import finite_json


def explorer(**choices: Any) -> Any:
    return gd.DescentExplorer(
        gd.landscapes.quadratic(), [gd.gradient_descent(0.1), gd.momentum(0.05)], **choices
    )


def test_the_repr_is_the_same_in_every_session() -> None:
    assert repr(gd.DescentExplorer(gd.landscapes.rosenbrock())) == "DescentExplorer(Rosenbrock)"
    assert repr(gd.DescentLine()) == "DescentLine(parabola)"


def test_the_rate_is_that_of_the_method_in_focus_both_ways() -> None:
    widget = explorer(focus="momentum")
    assert widget.learning_rate == 0.05
    widget.learning_rate = 0.07
    assert [o.settings["learning_rate"] for o in widget.optimizers] == [0.1, 0.07]
    widget.focus = "gradient descent"
    assert widget.learning_rate == 0.1
    widget.optimizers = [gd.gradient_descent(0.3)]
    assert widget.learning_rate == 0.3


def test_trajectories_are_those_of_descend() -> None:
    widget = explorer(start=(1.0, -1.0), steps=7)
    run = widget.trajectories["momentum"]
    expected = gd.descend(gd.landscapes.quadratic(), gd.momentum(0.05), (1.0, -1.0), 7)
    np.testing.assert_array_equal(run.points, expected.points)


def test_what_the_browser_sends_becomes_objects() -> None:
    widget = explorer()
    widget.set_state(
        {
            "landscape": "Himmelblau",
            "start": [1, 2],
            "optimizers": [{"name": "Adam", "settings": {"learning_rate": 0.2, "beta1": 0.5}}],
            "focus": "Adam",
            "learning_rate": 0.2,
        }
    )
    assert widget.landscape.name == "Himmelblau"
    assert widget.start == (1.0, 2.0)
    (adam,) = widget.optimizers
    assert adam.settings == {"learning_rate": 0.2, "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
    assert widget.get_state(["optimizers"])["optimizers"] == [
        {"name": "Adam", "settings": adam.settings}
    ]


def test_another_landscape_brings_its_start_unless_ours_lies_on_it() -> None:
    widget = explorer()
    widget.landscape = gd.landscapes.himmelblau()
    assert widget.start == gd.landscapes.himmelblau().start
    widget.start = (1.0, 0.5)
    widget.landscape = gd.landscapes.rosenbrock()
    assert widget.start == (1.0, 0.5)


def test_a_landscape_of_ones_own_joins_the_choice() -> None:
    mine = gd.Landscape.parse("x**2 + 3*y**2 + x*y", name="mine")
    widget = explorer()
    widget.landscape = mine
    assert "mine" in [program["name"] for program in widget._programs["landscapes"]]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"start": (1.0,)}, "start must be 2 finite number"),
        ({"start": (float("nan"), 0.0)}, "start must be finite"),
        ({"start": ("a", "b")}, "start must be numbers"),
        ({"steps": -1}, "steps"),
        ({"steps": 10**9}, "steps"),
        ({"learning_rate": 0.0}, "learning_rate must be positive and finite, not 0.0"),
        (
            {"learning_rate": "fast"},
            r"learning_rate must be a number \(positive and finite\), not 'fast'",
        ),
        ({"view": "sideways"}, "sideways"),
        ({"landscapes": [3]}, "landscapes must be landscapes such as .*; it holds 3"),
    ],
)
def test_a_bad_value_is_refused_with_what_was_wanted(choices: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        explorer(**choices)


def test_bad_methods_and_landscapes_are_refused() -> None:
    bowl = gd.landscapes.quadratic()
    with pytest.raises((TypeError, ValueError), match=r"rules such as gd\.adam"):
        gd.DescentExplorer(bowl, [gd.adam])  # type: ignore[list-item]
    with pytest.raises((TypeError, ValueError), match="empty"):
        gd.DescentExplorer(bowl, [])
    with pytest.raises((TypeError, ValueError), match="the same method twice"):
        gd.DescentExplorer(bowl, [gd.adam(0.1), gd.adam(0.2)])
    with pytest.raises((TypeError, ValueError), match="landscapes of 2 variable"):
        gd.DescentExplorer(gd.landscapes.double_well())
    with pytest.raises((TypeError, ValueError), match="landscapes of 1 variable"):
        gd.DescentLine(bowl)
    with pytest.raises(TypeError, match="DescentExplorer has no 'rate'"):
        gd.DescentExplorer(bowl, rate=0.1)


def test_what_python_computed_and_numbers_of_any_width_are_welcome() -> None:
    run = gd.descend(gd.landscapes.quadratic(), gd.gradient_descent(0.1), steps=3)
    shown = explorer(start=run.end, learning_rate=np.float32(0.25), steps=np.int16(7))
    assert shown.start == tuple(run.end.tolist())
    assert (shown.learning_rate, shown.steps) == (0.25, 7)
    assert gd.DescentLine(start=np.array(1.5)).start == (1.5,)
    assert gd.DescentLine(start=np.array([1.5], np.float32)).start == (1.5,)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"optimisers": 3}, "DescentExplorer has no 'optimisers'.*did you mean 'optimizers'"),
        ({"lerning_rate": 0.1}, "did you mean 'learning_rate'"),
        ({"layuot": {}}, "did you mean 'layout'"),
        ({"comm": None}, "DescentExplorer has no 'comm'"),
        ({"landscape": gd.landscapes.quadratic}, "landscape must be a Landscape such as"),
        ({"optimizers": "adam"}, "optimizers must be rules such as"),
        ({"focus": "Adma"}, "focus must be "),
        ({"layout": 3}, "layout"),
        ({"methods": 3}, "methods must be rules"),
        ({"start": np.ma.masked_array([1.0, 1.0], [True, False])}, "start must not be a masked"),
        ({"show_terms": "yes"}, "show_terms must be True or False"),
        ({"alt": 3}, "alt must be a string"),
    ],
)
def test_a_constructor_refuses_as_any_function_does(choices: dict[str, Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        gd.DescentExplorer(**choices)


def test_a_rule_without_a_learning_rate_is_refused_by_name() -> None:
    c, g = sp.Symbol("c", positive=True), sp.Symbol("g", real=True)
    signs = gd.Optimizer("signs", step=-c * sp.sign(g), hyperparameters={c: 0.1})
    with pytest.raises(ValueError, match=r"must have a learning rate η.*; signs has none"):
        gd.DescentExplorer(optimizers=signs)


@pytest.mark.parametrize("changed", [{"start": [0.0]}, {"steps": 1.5}, {"learning_rate": "1"}])
def test_a_value_refused_later_is_refused_in_both_tongues(changed: dict[str, Any]) -> None:
    widget = explorer()
    before = widget.page_state()
    ((name, value),) = changed.items()
    with pytest.raises((TypeError, ValueError), match=name) as caught:
        setattr(widget, name, value)
    assert isinstance(caught.value, traitlets.TraitError)
    assert widget.page_state() == before


def test_no_state_holds_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="probes of a figure must be finite"):
        finite_json("probes", {"places": [1.0, float("nan")]})
    widget = explorer()
    widget._trait_values["start"] = (float("inf"), 0.0)  # as no reader can
    with pytest.raises(ValueError, match="start of a figure must be finite"):
        widget.page_state()


def test_a_refused_value_leaves_the_old_one() -> None:
    widget = explorer()
    with pytest.raises(traitlets.TraitError):
        widget.learning_rate = -1.0
    assert widget.learning_rate == 0.1
    assert widget.optimizers[0].settings["learning_rate"] == 0.1


def test_one_output_carries_view_state_picture_and_text() -> None:
    widget = explorer()
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == "DescentExplorer(quadratic)"
    carried = data[base.VIEW][base.STATE]
    assert carried["kind"] == "DescentExplorer"
    state = carried["state"]
    assert {"_esm", "_css", "layout", "_dom_classes"}.isdisjoint(state)
    assert tuple(state["start"]) == (2.0, 1.0)
    assert state["alt"].startswith("Contour map of quadratic. Runs from (2, 1).")
    picture = image.imread(io.BytesIO(widget.still()))
    assert picture.shape[1] > 1000
    assert np.ptp(picture[..., :3]) > 0.5


@pytest.mark.parametrize(
    ("optimizer", "bound", "at"),
    [
        (gd.gradient_descent(0.1), "2/L", 2.0),
        (gd.momentum(0.1, decay=0.9), "(2β + 2)/L", 3.8),
        (gd.nesterov(0.1, decay=0.9), "(2β + 2)/((2β + 1)L)", 3.8 / 2.8),
    ],
)
def test_the_bound_on_the_rate_is_the_theorys(optimizer: Any, bound: str, at: float) -> None:
    found = printed.rule(optimizer)["bound"]
    assert found["text"] == bound
    beta = optimizer.settings.get("decay", 0.0)
    assert sp.sympify(found["code"], {"beta": beta}) == pytest.approx(at)


def test_rules_that_are_not_linear_have_no_bound() -> None:
    for build in (gd.adam, gd.rmsprop, gd.adagrad, gd.lion, gd.nadam):
        assert printed.rule(build(learning_rate=0.1))["bound"] is None


def test_a_curves_valleys_are_all_its_minima() -> None:
    found = printed.landscape(gd.landscapes.double_well())["valleys"]
    flat = np.roots([1, 0, -2, 0.25])  # J′ = x³ − 2x + ¼; the middle one is the hilltop
    np.testing.assert_allclose(np.ravel(found), sorted(flat)[::2])


def test_a_curve_with_a_flat_stretch_or_thousands_of_valleys_is_drawn_without_naming_one() -> None:
    x = sp.Symbol("x", real=True)
    for formula in (sp.sin(5000 * x), sp.Piecewise((0, x < 0), (x**2, True))):
        line = gd.DescentLine(gd.Landscape("flat", formula, [x], [(-2, 2)], (1,)))
        assert line.page_state()["_programs"]["landscapes"][-1]["valleys"] == []
        assert line.still()
