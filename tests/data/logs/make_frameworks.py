"""Make the logs of Keras, XGBoost, LightGBM and scikit-learn, as make.py does those of loops.

    KERAS_BACKEND=jax python -m tests.data.logs.make_frameworks

Needs keras, jax, lightgbm, scikit-learn and xgboost.
"""

from __future__ import annotations

import json
from typing import Any

import keras
import lightgbm
import numpy as np
import xgboost
from sklearn import ensemble, linear_model, neural_network

from tests.data.logs.common import (
    CLASSES,
    HERE,
    LABELS,
    PIXELS,
    captured,
    held_out,
    label,
    save,
    write,
)


def noisy_digits(count: int) -> tuple[Any, Any, Any, Any]:
    """Return rows of which a third have a class drawn by lot, and as many held out."""
    rng = np.random.default_rng(0)
    classes = np.where(rng.random(len(CLASSES)) < 0.3, rng.integers(0, 10, len(CLASSES)), CLASSES)
    return PIXELS[:count], classes[:count], PIXELS[count : 2 * count], classes[count : 2 * count]


def fitted(layers: list[Any], rule: Any, data: Any, **how: Any) -> dict[str, list[float]]:
    """Train a classifier by Keras and return its history."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(rule, "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y, *held = data
    return dict(model.fit(x, y, validation_data=tuple(held) or None, **how).history)


def keras_over_fitted() -> None:
    layers = [keras.layers.Dense(256, "relu"), keras.layers.Dense(10, "softmax")]
    logger = keras.callbacks.CSVLogger(str(HERE / "keras_over_fitted.csv"))
    seen = fitted(layers, keras.optimizers.Adam(0.003), noisy_digits(300), epochs=60, verbose=0,
                  callbacks=[logger])  # fmt: skip
    label("keras_over_fitted.csv", "falls, then climbs", seen["loss"], steps=[0, 59],
          **held_out(seen["val_loss"]))  # fmt: skip


def keras_terminal() -> None:
    decay = keras.regularizers.L2(0.01)
    layers = [keras.layers.Dense(10, "softmax", kernel_regularizer=decay)]
    seen: dict[str, list[float]] = {}
    data = PIXELS[:1200], CLASSES[:1200], PIXELS[1200:], CLASSES[1200:]

    def work() -> None:
        seen.update(fitted(layers, keras.optimizers.SGD(0.5), data, epochs=30, batch_size=240))

    write("keras_terminal.log", captured(work))
    label("keras_terminal.log", "healthy", seen["loss"], decimals=4, steps=[1, 30],
          **held_out(seen["val_loss"]))  # fmt: skip


def keras_history() -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
    model.compile(keras.optimizers.SGD(2.0), "mse")
    wanted = 5 * np.eye(10)[CLASSES]
    seen = model.fit(PIXELS, wanted, epochs=25, verbose=0, validation_split=0.2).history
    write("keras_diverged.json", json.dumps(seen))
    label("keras_diverged.json", "diverged", seen["loss"], **{
        k: v for k, v in held_out(seen["val_loss"]).items() if k != "lowest"
    })  # fmt: skip


def keras_cut() -> None:
    rate = keras.callbacks.LearningRateScheduler(lambda k, _: 1.5 if k < 30 else 0.05)
    logger = keras.callbacks.CSVLogger(str(HERE / "keras_cut.csv"), separator=";")
    decay = keras.regularizers.L2(0.003)
    layers = [keras.layers.Dense(10, "softmax", kernel_regularizer=decay)]
    seen = fitted(layers, keras.optimizers.SGD(1.5), (PIXELS, CLASSES), epochs=60, verbose=0,
                  batch_size=16, callbacks=[rate, logger])  # fmt: skip
    label("keras_cut.csv", "healthy", seen["loss"], steps=[0, 59], says="is cut", near=[29, 31])


def boosted_over_fitted() -> None:
    x, y, x_held, y_held = noisy_digits(600)
    train, held = xgboost.DMatrix(x, y % 2), xgboost.DMatrix(x_held, y_held % 2)
    seen: dict[str, Any] = {}
    said = captured(
        lambda: xgboost.train(
            {"objective": "binary:logistic", "eval_metric": "logloss", "seed": 0, "nthread": 1},
            train, 120, evals=[(train, "train"), (held, "eval")], evals_result=seen,
        )
    )  # fmt: skip
    write("xgboost_over_fitted.log", said)
    label("xgboost_over_fitted.log", "falls, then climbs", seen["train"]["logloss"], decimals=5,
          **held_out(seen["eval"]["logloss"]), steps=[0, 119])  # fmt: skip


def light_over_fitted() -> None:
    x, y, x_held, y_held = noisy_digits(600)
    train = lightgbm.Dataset(x, y % 2)
    seen: dict[str, Any] = {}
    held = lightgbm.Dataset(x_held, y_held % 2, reference=train)
    said = captured(
        lambda: lightgbm.train(
            {"objective": "binary", "seed": 0, "num_threads": 1, "verbose": 1}, train, 120,
            valid_sets=[train, held],
            callbacks=[lightgbm.log_evaluation(1), lightgbm.record_evaluation(seen)],
        )
    )  # fmt: skip
    write("lightgbm_over_fitted.log", said)
    label("lightgbm_over_fitted.log", "falls, then climbs", seen["training"]["binary_logloss"],
          decimals=6, **held_out(seen["valid_1"]["binary_logloss"]), steps=[1, 120])  # fmt: skip


def scikit_learn() -> None:
    network = neural_network.MLPClassifier(
        (16,), alpha=3.0, max_iter=300, learning_rate_init=0.01, verbose=True, random_state=0,
        batch_size=300,
    )  # fmt: skip
    write("sklearn_network.log", captured(lambda: network.fit(PIXELS, CLASSES)))
    label("sklearn_network.log", "healthy", network.loss_curve_, decimals=8,
          steps=[1, network.n_iter_])  # fmt: skip
    trees = ensemble.GradientBoostingRegressor(n_estimators=100, verbose=2, random_state=0)
    write("sklearn_boosting.log", captured(lambda: trees.fit(PIXELS[:300], CLASSES[:300])))
    label("sklearn_boosting.log", "healthy", trees.train_score_, decimals=4, steps=[1, 100])
    linear = linear_model.SGDRegressor(
        alpha=0.01, max_iter=40, tol=None, verbose=1, random_state=0, eta0=0.003,
        learning_rate="constant",
    )  # fmt: skip
    write("sklearn_linear.log", captured(lambda: linear.fit(PIXELS, CLASSES * 1.0)))
    LABELS["sklearn_linear.log"] = {"kind": "healthy", "count": 40, "steps": [1, 40]}


if __name__ == "__main__":
    for make in (
        keras_over_fitted, keras_terminal, keras_history, keras_cut, boosted_over_fitted,
        light_over_fitted, scikit_learn,
    ):  # fmt: skip
        make()
    save()
