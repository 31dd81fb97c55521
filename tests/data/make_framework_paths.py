"""Run each rule as PyTorch, Optax and Keras have it.

`python tests/data/make_framework_paths.py` writes `framework_paths.json` beside itself, with
versions and the date, and prints the lines that chapter 20 shows. Only the learning rate is given,
and 0.9 to a momentum that has no default: everything else is the library's own. All in float64. A
network is trained in Optax and in Keras, from the start that chapter 20 uses.
"""

from __future__ import annotations

import datetime
import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

PATHS = Path(__file__).with_name("framework_paths.json")
STEPS = 100
START = [-1.2, 1.0]
LOSSES_AT = (0, 1, 10, 100, 1000)
NETWORK_RATE, NETWORK_DECAY = 0.05, 0.9

RATES = {
    "gradient_descent": 0.001,
    "momentum": 0.0002,
    "nesterov": 0.0002,
    "adagrad": 0.3,
    "adadelta": 1.0,
    "rmsprop": 0.0005,
    "adam": 0.02,
    "adamw": 0.02,
    "amsgrad": 0.02,
    "nadam": 0.02,
    "lion": 0.002,
}
LIBRARIES = {"PyTorch": "torch", "Optax": "optax", "Keras": "keras"}
CALLS = {
    "PyTorch": {
        "gradient_descent": "SGD({})",
        "momentum": "SGD({}, momentum=0.9)",
        "nesterov": "SGD({}, momentum=0.9, nesterov=True)",
        "adagrad": "Adagrad({})",
        "adadelta": "Adadelta({})",
        "rmsprop": "RMSprop({})",
        "adam": "Adam({})",
        "adamw": "AdamW({})",
        "amsgrad": "Adam({}, amsgrad=True)",
        "nadam": "NAdam({})",
    },
    "Optax": {
        "gradient_descent": "sgd({})",
        "momentum": "sgd({}, momentum=0.9)",
        "nesterov": "sgd({}, momentum=0.9, nesterov=True)",
        "adagrad": "adagrad({})",
        "adadelta": "adadelta({})",
        "rmsprop": "rmsprop({})",
        "adam": "adam({})",
        "adamw": "adamw({})",
        "amsgrad": "amsgrad({})",
        "nadam": "nadam({})",
        "lion": "lion({})",
    },
    "Keras": {
        "gradient_descent": "SGD({})",
        "momentum": "SGD({}, momentum=0.9)",
        "nesterov": "SGD({}, momentum=0.9, nesterov=True)",
        "adagrad": "Adagrad({})",
        "adadelta": "Adadelta({})",
        "rmsprop": "RMSprop({})",
        "adam": "Adam({})",
        "adamw": "AdamW({})",
        "amsgrad": "Adam({}, amsgrad=True)",
        "nadam": "Nadam({})",
        "lion": "Lion({})",
    },
}


class Case(NamedTuple):
    """A rule by the book's name, a library, and the call that makes its optimizer there."""

    rule: str
    library: str
    call: str


def cases() -> Iterator[Case]:
    """Yield every rule in every library that has it."""
    for rule, rate in RATES.items():
        for library, calls in CALLS.items():
            if rule in calls:
                yield Case(rule, library, calls[rule].format(rate))


def cost(theta: Any) -> Any:
    """Return Rosenbrock's function at a point of any library."""
    return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2


def run(case: Case) -> list[float]:
    """Return the point after `STEPS` steps."""
    walks = {"PyTorch": in_torch, "Optax": in_optax, "Keras": in_keras}
    return walks[case.library](case)


def made(case: Case, **names: Any) -> Any:
    """Return what a case's call makes: PyTorch's takes the parameters first."""
    name, _, arguments = case.call.partition("(")
    module = {"PyTorch": "torch.optim", "Optax": "optax", "Keras": "keras.optimizers"}
    names["make"] = getattr(importlib.import_module(module[case.library]), name)
    return eval(f"make({'parameters, ' * ('parameters' in names)}{arguments}", names)


def in_torch(case: Case) -> list[float]:
    """Take the steps in PyTorch."""
    torch: Any = importlib.import_module("torch")
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # NAdam keeps a product in the default's precision
    try:
        theta = torch.tensor(START, requires_grad=True)
        optimizer = made(case, parameters=[theta])
        for _ in range(STEPS):
            optimizer.zero_grad()
            cost(theta).backward()
            optimizer.step()
    finally:
        torch.set_default_dtype(usual)
    return [float(x) for x in theta.detach()]


def in_optax(case: Case) -> list[float]:
    """Take the steps in JAX and Optax."""
    jax, optax = _jax(), importlib.import_module("optax")
    theta, optimizer, slope = jax.numpy.array(START), made(case), jax.grad(cost)
    state = optimizer.init(theta)
    for _ in range(STEPS):
        step, state = optimizer.update(slope(theta), state, theta)
        theta = optax.apply_updates(theta, step)
    return [float(x) for x in theta]


def in_keras(case: Case) -> list[float]:
    """Take the steps with Keras' optimizer, on JAX."""
    keras, slope = _keras(), _jax().grad(cost)
    theta, optimizer = keras.Variable(np.array(START), dtype="float64"), made(case)
    for _ in range(STEPS):
        optimizer.apply([slope(theta.value)], [theta])
    return [float(x) for x in theta.value]


def network() -> tuple[Any, Any, list[Any]]:
    """Return chapter 20's rows, x and y, and its start: weights and biases of both layers."""
    rng = np.random.default_rng(20)
    x = np.linspace(-1, 1, 20)[:, None]
    first, second = rng.normal(size=(1, 20)), rng.normal(size=(20, 1)) / 20**0.5
    return x, 8 * x**4 - 8 * x**2 + 1, [first, np.zeros(20), second, np.zeros(1)]


def network_in_optax() -> list[float]:
    """Return the losses of the network in JAX and Optax."""
    jax, optax = _jax(), importlib.import_module("optax")
    x, y, theta = network()

    def loss(theta: Any) -> Any:
        a, b, c, d = theta
        return ((jax.numpy.tanh(x @ a + b) @ c + d - y) ** 2).mean() / 2

    optimizer = optax.sgd(NETWORK_RATE, momentum=NETWORK_DECAY)
    state, look, losses = optimizer.init(theta), jax.jit(jax.value_and_grad(loss)), []
    for _ in range(LOSSES_AT[-1] + 1):
        value, slope = look(theta)
        losses.append(float(value))
        step, state = optimizer.update(slope, state, theta)
        theta = optax.apply_updates(theta, step)
    return [losses[k] for k in LOSSES_AT]


def network_in_keras() -> list[float]:
    """Return the losses of the network in Keras: `fit` tells those before each step."""
    keras = _keras()
    x, y, theta = network()
    layers = [keras.Input((1,)), keras.layers.Dense(20, "tanh"), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.set_weights(theta)
    model.compile(
        optimizer=keras.optimizers.SGD(NETWORK_RATE, momentum=NETWORK_DECAY),
        loss=lambda wanted, given: keras.ops.mean((wanted - given) ** 2) / 2,
    )
    epochs = LOSSES_AT[-1] + 1
    told = model.fit(x, y, batch_size=len(x), epochs=epochs, shuffle=False, verbose=0)
    return [float(told.history["loss"][k]) for k in LOSSES_AT]


def keras_tanh() -> str:
    """Return the type of Keras' tanh of a number in double precision."""
    keras = _keras()
    return str(keras.ops.tanh(keras.ops.convert_to_tensor(0.5, "float64")).dtype)


def _jax() -> Any:
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


def _keras() -> Any:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras: Any = importlib.import_module("keras")
    keras.config.set_floatx("float64")
    return keras


def shown(recorded: dict[str, Any]) -> list[str]:
    """Return the lines that chapter 20 has of the runs: rule, library, call, x after the steps."""
    return [
        f"{one['rule']} | {one['library']} | {one['call']} | {one['point'][0]!r}"
        for one in recorded["runs"]
    ]


def main() -> None:
    """Write the file, and print what the chapter shows of it."""
    recorded = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {
            name: importlib.import_module(name).__version__
            for name in ("torch", "jax", "optax", "keras")
        },
        "start": START,
        "steps": STEPS,
        "runs": [{**case._asdict(), "point": run(case)} for case in cases()],
        "losses_at": list(LOSSES_AT),
        "losses": {"Optax": network_in_optax(), "Keras": network_in_keras()},
        "keras_tanh": keras_tanh(),
    }
    PATHS.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
    print(*shown(recorded), sep="\n")
    print(recorded["losses"])


if __name__ == "__main__":
    main()
