"""Models whose cost is NumPy code in named parameters: against gradients by hand, and others."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.problems import Model

RNG = np.random.default_rng(7)
X = RNG.normal(size=(12, 3))
LABELS = RNG.integers(0, 3, 12)
BITS = RNG.integers(0, 2, 12)
IMAGES = RNG.normal(size=(5, 6, 5))
ENTRIES = np.array([[0, 0], [0, 2], [1, 1], [3, 0], [1, 1]])
VALUES = np.array([1.0, 2.0, 3.0, 1.5, -1.0])


def softmax_of(scores: Any) -> Any:
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


MODELS: dict[str, Model] = {
    "softmax": gd.SoftmaxRegression(X, LABELS, l2=0.1),
    "squares": gd.Network(X, X[:, :2], {"hidden": 4, "more": 3, "output": 2}, l2=0.1),
    "cross-entropy": gd.Network(
        X, LABELS, {"hidden": 4, "output": 3}, activation="sigmoid", loss="cross-entropy"
    ),
    "logistic": gd.Network(X, BITS, {"hidden": 4, "output": 1}, loss="logistic", bias=False),
    "convolution": gd.Network(
        IMAGES, LABELS[:5], {"look": gd.Convolution(2, 3), "output": 3}, loss="cross-entropy"
    ),
    "table": gd.MatrixFactorisation(ENTRIES, VALUES, 2, l2=0.1),
    "table with biases": gd.MatrixFactorisation(ENTRIES, VALUES, 2, biases=True),
    "table of labels": gd.MatrixFactorisation(
        ENTRIES, [0, 1, 1, 0, 1], 2, loss="logistic", weights=[1, 2, 0.5, 0, 1]
    ),
}


def somewhere(model: Model, seed: int = 0) -> Any:
    return 0.5 * np.random.default_rng(seed).normal(size=model.n)


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_is_the_derivative_of_the_value(name: str) -> None:
    model = MODELS[name]
    for seed in range(3):
        theta = somewhere(model, seed)
        by_differences = gd.numerical_gradient(model.value, theta)
        np.testing.assert_allclose(model.gradient(theta), by_differences, atol=3e-8)
        value, gradient = model(theta)
        assert value == pytest.approx(float(model.value(theta)), rel=1e-14)
        np.testing.assert_array_equal(gradient, model.gradient(theta))


@pytest.mark.parametrize("name", MODELS)
def test_the_complex_step_agrees_to_the_last_digits(name: str) -> None:
    model = MODELS[name]
    theta = somewhere(model)
    moves = theta + 1e-30j * np.eye(model.n)
    exact = np.array([model.value(move).imag for move in moves]) / 1e-30
    np.testing.assert_allclose(model.gradient(theta), exact, atol=1e-14, rtol=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_many_points_and_chosen_rows_are_the_single_ones(name: str) -> None:
    model = MODELS[name]
    points = np.stack([somewhere(model, seed) for seed in range(4)]).reshape(2, 2, -1)
    each = [[model.value(p) for p in row] for row in points]
    np.testing.assert_array_equal(model.value(points), each)
    slopes = [[model.gradient(p) for p in row] for row in points]
    np.testing.assert_array_equal(model.gradient(points), slopes)
    alone = np.mean([model.value(points[0, 0], [i]) for i in range(model.rows)])
    assert alone == pytest.approx(float(model.value(points[0, 0])))


def test_a_softmax_gradient_is_probabilities_minus_labels() -> None:
    model = MODELS["softmax"]
    theta = somewhere(model)
    weights = theta.reshape(3, 3)
    wrong = softmax_of(X @ weights) - np.eye(3)[LABELS]
    np.testing.assert_allclose(
        model.gradient(theta), (X.T @ wrong / 12 + 0.1 * weights).ravel(), atol=1e-15
    )


def test_two_classes_are_logistic_regression_of_the_difference() -> None:
    two, one = gd.SoftmaxRegression(X, BITS), gd.LogisticRegression(X, BITS)
    weights = RNG.normal(size=(3, 2))
    assert two.value(weights.ravel()) == pytest.approx(
        float(one.value(weights[:, 1] - weights[:, 0]))
    )


def test_a_network_is_what_its_layers_say_one_after_the_other() -> None:
    model = MODELS["squares"]
    theta = somewhere(model)
    p = model.layout.unpack(theta)
    hidden = np.tanh(X @ p["hidden.weights"] + p["hidden.bias"])
    more = np.tanh(hidden @ p["more.weights"] + p["more.bias"])
    said = more @ p["output.weights"] + p["output.bias"]
    np.testing.assert_allclose(model.predict(theta), said, atol=1e-15)
    cost = ((said - X[:, :2]) ** 2).sum(axis=1).mean() / 2 + 0.05 * theta @ theta
    assert model.value(theta) == pytest.approx(cost)


def test_backpropagation_written_by_hand_gives_the_same_gradient() -> None:
    model = MODELS["cross-entropy"]
    theta = somewhere(model)
    p = model.layout.unpack(theta)
    hidden = 1 / (1 + np.exp(-(X @ p["hidden.weights"] + p["hidden.bias"])))
    back = (softmax_of(hidden @ p["output.weights"] + p["output.bias"]) - np.eye(3)[LABELS]) / 12
    below = back @ p["output.weights"].T * hidden * (1 - hidden)
    by_hand = {
        "hidden.weights": X.T @ below,
        "hidden.bias": below.sum(axis=0),
        "output.weights": hidden.T @ back,
        "output.bias": back.sum(axis=0),
    }
    np.testing.assert_allclose(model.gradient(theta), model.layout.pack(by_hand), atol=1e-15)


def test_a_convolution_weighs_each_patch_alike() -> None:
    model = MODELS["convolution"]
    theta = somewhere(model)
    p = model.layout.unpack(theta)
    said = model.signals(theta)["look"]  # type: ignore[attr-defined]
    assert said.shape == (5, 4, 3, 2)
    for row, column in ((0, 0), (3, 2), (1, 2)):
        patch = IMAGES[2, row : row + 3, column : column + 3].ravel()
        expected = np.tanh(patch @ p["look.weights"] + p["look.bias"])
        np.testing.assert_allclose(said[2, row, column], expected, atol=1e-15)


def test_a_table_is_a_product_of_two_thin_matrices() -> None:
    model = MODELS["table with biases"]
    theta = somewhere(model)
    p = model.layout.unpack(theta)
    whole = p["left"] @ p["right"].T + p["left.bias"][:, None] + p["right.bias"] + p["mean"]
    said = whole[ENTRIES[:, 0], ENTRIES[:, 1]]
    np.testing.assert_allclose(model.predict(theta), said, atol=1e-15)
    assert model.value(theta) == pytest.approx(float(((said - VALUES) ** 2).mean() / 2))
    assert model.predict(theta, [[2, 1]]) == pytest.approx(whole[2, 1])


def test_a_weight_counts_an_entry_so_often() -> None:
    twice = gd.MatrixFactorisation(ENTRIES, VALUES, 2, weights=[2, 1, 0, 1, 1])
    listed = gd.MatrixFactorisation(ENTRIES[[0, 0, 1, 3, 4]], VALUES[[0, 0, 1, 3, 4]], 2)
    theta = somewhere(twice)
    assert twice.value(theta) == pytest.approx(float(listed.value(theta)))


def test_scores_of_any_size_cost_what_they_should() -> None:
    for name in ("softmax", "cross-entropy", "logistic", "table of labels"):
        model = MODELS[name]
        value, gradient = model(1e4 * somewhere(model))
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()


def test_first_weights_have_the_variance_that_their_initialisation_names() -> None:
    wide = {"hidden": 300, "output": 100}
    data = np.ones((1, 200)), np.ones((1, 100))
    he = gd.Network(*data, wide, initialisation="he").start(1)
    glorot = gd.Network(*data, wide).start(1)
    layout = gd.Network(*data, wide).layout
    for theta, variance in ((he, 2 / 200), (glorot, 2 / 500)):
        weights = layout.unpack(theta)["hidden.weights"]
        assert weights.var() == pytest.approx(variance, rel=0.03)
        assert not layout.unpack(theta)["hidden.bias"].any()


@pytest.mark.parametrize("name", MODELS)
def test_descent_and_batches_take_a_model_as_any_cost(name: str) -> None:
    model = MODELS[name]
    start = somewhere(model)
    whole = gd.descend(model, gd.adam(0.01), start, steps=20)
    batches = gd.descend_batches(
        model, gd.adam(0.01), start, batch_size=model.rows, epochs=20, seed=0
    )
    np.testing.assert_allclose(whole.points, batches.points, atol=1e-12)
    assert whole.values[-1] < whole.values[0]


@pytest.mark.parametrize(("rate", "looks"), [(0.01, 2), (1e3, None)])
def test_where_only_the_end_is_kept_a_model_is_asked_for_its_cost_there_alone(
    rate: float, looks: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And at the start; a run that diverges ends, all the same, at its last finite point."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 2))
    model = gd.Network(x, x[:, 0], {"hidden": 3, "output": 1}, activation="linear")

    def run(keep: Any) -> gd.Trajectory:
        rule, start = gd.gradient_descent(rate), model.start(0)
        return gd.descend_batches(model, rule, start, batch_size=4, epochs=5, seed=1, keep=keep)

    path, asked = run("path"), []

    def counted(self: Any, points: Any, ask: Any = Model.value_and_gradient) -> Any:
        asked.append(points)
        return ask(self, points)

    monkeypatch.setattr(Model, "value_and_gradient", counted)
    end = run("end")
    assert path.status == ("diverged" if looks is None else "out of steps")
    assert (end.status, end.steps, end.evaluations) == (path.status, path.steps, path.evaluations)
    np.testing.assert_array_equal(end.points, path.points[-1:])
    np.testing.assert_array_equal(end.values, path.values[-1:])
    np.testing.assert_array_equal(end.samples, path.samples[-1:])
    assert looks is None or len(asked) == looks


def test_a_run_that_has_blown_up_takes_no_more_steps_although_nobody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = gd.Network([[1.0], [2.0]], [1.0, 3.0], {"a": 1, "b": 1}, activation="linear")
    steps = []

    def counted(self: Any, *batch: Any, ask: Any = Model.mean_gradient) -> Any:
        steps.append(batch)
        return ask(self, *batch)

    monkeypatch.setattr(Model, "mean_gradient", counted)
    run = gd.descend_batches(
        model, gd.gradient_descent(1e3), model.start(0),
        batch_size=1, epochs=1000, seed=0, keep="end",
    )  # fmt: skip
    assert run.status == "diverged"
    assert len(steps) < 2 * run.steps + 20  # of 2000; a few are taken at once


def test_a_held_out_model_has_the_same_parameters_and_no_penalty() -> None:
    for name in ("softmax", "cross-entropy"):
        model = MODELS[name]
        other = model.on(X[:4], [0, 1, 0, 1])
        assert (other.n, other.rows, other.l2) == (model.n, 4, 0)
    theta = somewhere(MODELS["squares"])
    again = MODELS["squares"].on(X, X[:, :2])
    penalty = 0.05 * theta @ theta
    assert MODELS["squares"].value(theta) == pytest.approx(float(again.value(theta)) + penalty)
    assert MODELS["table"].on([[0, 1]], [1.0]).n == MODELS["table"].n


def test_accuracy_is_the_share_of_rows_told_rightly() -> None:
    net = gd.Network(X, BITS, {"output": 1}, loss="logistic")
    theta = net.layout.pack({"output.weights": [[0.0]] * 3, "output.bias": [1.0]})
    assert net.accuracy(theta) == BITS.mean()
    soft = gd.SoftmaxRegression(np.ones((12, 1)), LABELS)
    assert soft.accuracy(np.array([0.0, 0.0, 1.0])) == (LABELS == 2).mean()


def test_a_model_travels_to_another_process() -> None:
    for model in MODELS.values():
        again = pickle.loads(pickle.dumps(model))
        theta = somewhere(model)
        np.testing.assert_array_equal(again.gradient(theta), model.gradient(theta))
        assert not again.features.flags.writeable


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: gd.SoftmaxRegression(X, LABELS - 1),
            "labels must be whole numbers from 0 to 1, not -1",
        ),
        (lambda: gd.SoftmaxRegression(X, LABELS + 0.5), "labels must be whole numbers"),
        (lambda: gd.SoftmaxRegression(X, np.zeros(12)), "classes must be from 2 to 1000000, not 1"),
        (lambda: gd.SoftmaxRegression(X, LABELS[:5]), "labels must be of shape (12,), not (5,)"),
        (lambda: gd.Network(X, BITS, {}), "layers must name at least one layer"),
        (lambda: gd.Network(X, BITS, {"a.b": 1}), "a layer's name must have no dot, not 'a.b'"),
        (lambda: gd.Network(X, BITS, {"a": 0}), "the units of 'a' must be at least 1, not 0"),
        (lambda: gd.Network(X, BITS, {"a": 2}), "targets must be of shape (12, 2), not (12,)"),
        (lambda: gd.Network(X, X, {"a": 3}, loss="logistic"), "a last layer of 1 unit, not 3"),
        (lambda: gd.Network(X, LABELS, {"a": 2}, loss="cross-entropy"), "from 0 to 1, not 2"),
        (lambda: gd.Network(X, LABELS, {"a": 1}, loss="cross-entropy"), "at least 2 units"),
        (lambda: gd.Network(X, BITS * 3, {"a": 1}, loss="logistic"), "must be 0 or 1, not 3"),
        (lambda: gd.Network(X, BITS, {"a": gd.Convolution(2)}), "the last layer must be a number"),
        (
            lambda: gd.Network(X, BITS, {"a": gd.Convolution(2), "b": 1}),
            "features must be images of shape (rows, at least 3, at least 3), not rows of (3,)",
        ),
        (
            lambda: gd.Network(IMAGES, BITS[:5], {"a": 3, "b": gd.Convolution(2), "c": 1}),
            "a convolution must be the first layer, not 'b'",
        ),
        (lambda: gd.Network(X, BITS, {"a": 1}, activation="tan"), "did you mean 'tanh'?"),
        (lambda: gd.MatrixFactorisation(ENTRIES - 1, VALUES, 2), "entries must be at least 0"),
        (
            lambda: gd.MatrixFactorisation(ENTRIES, VALUES, 2, shape=(3, 3)),
            "entries must lie in a table of (3, 3), not of (4, 3)",
        ),
        (lambda: gd.MatrixFactorisation(ENTRIES, VALUES, 2, loss="logistic"), "must be 0 or 1"),
        (
            lambda: gd.MatrixFactorisation(ENTRIES, VALUES, 2, weights=-VALUES),
            "weights must be at least 0, not -3",
        ),
        (
            lambda: gd.descend_batches(MODELS["table"], gd.adam(), batch_size=1, epochs=1, seed=0),
            "start must be given: at θ = 0",
        ),
        (lambda: MODELS["squares"].accuracy(np.zeros(39)), "accuracy is of labels"),  # type: ignore[attr-defined]
        (lambda: MODELS["squares"].predict(np.zeros(3)), "theta must be of shape (39,), not (3,)"),
    ],
)
def test_what_makes_no_model_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
