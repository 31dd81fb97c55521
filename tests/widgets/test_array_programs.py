"""Rules of whole arrays on the page: their traced step, run by `core/tape.ts`, is Python's."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.optimizers import ArrayOptimizer
from tests.widgets.typescript import run

SCRIPT = """
import { compileTape } from "./src/core/tape";
const answers = data.map(({ program, memory, theta, shape, gradients, rate }) => {
  const tape = compileTape(program, [shape, shape, ...memory.map((m) => m.shape), [], []]);
  tape.inputs[0].data.set(theta);
  memory.forEach((m, i) => tape.inputs[2 + i].data.set(m.numbers));
  return gradients.map((gradient, i) => {
    tape.inputs[1].data.set(gradient);
    tape.inputs.at(-2).data.set([i + 1]);
    tape.inputs.at(-1).data.set([rate]);
    tape.run();
    tape.inputs[0].data.set(tape.outputs[0].data);
    memory.forEach((_, j) => tape.inputs[2 + j].data.set(tape.outputs[1 + j].data));
    return [Array.from(tape.outputs[0].data), Array.from(tape.outputs.at(-1).data)];
  });
});
console.log(JSON.stringify(answers));
"""
RULES: dict[str, ArrayOptimizer] = {
    "Muon": gd.muon(0.1, 0.8, 0.3),
    "Muon for a tall matrix, without Nesterov": gd.muon(0.1, 0.8, 0.3, nesterov=False),
    "Shampoo": gd.shampoo(0.3, 0.01),
    "SOAP": gd.soap(0.1, 0.7, 0.8, 0.01, 0.3),
    "Adafactor": gd.adafactor(0.3, weight_decay=0.2),
    "clipped Adam": gd.clipped(gd.adam(0.1, 0.5, 0.7), 0.5),
    "schedule-free AdamW": gd.schedule_free(gd.adamw(0.1, 0.0, 0.7, weight_decay=0.3), 0.6),
    "schedule-free Shampoo, clipped": gd.schedule_free(gd.clipped(gd.shampoo(0.3, 0.01), 0.5)),
}
SHAPES = {name: (4, 3) if "tall" in name else (2, 3) for name in RULES}
GRADIENTS = {
    name: np.random.default_rng(21).normal(size=(12, *shape)) for name, shape in SHAPES.items()
}


@cache
def _browser() -> dict[str, Any]:
    data = []
    for name, rule in RULES.items():
        theta = np.linspace(-1, 1, int(np.prod(SHAPES[name]))).reshape(SHAPES[name])
        memory = rule.init(theta).moments.values()
        data.append(
            {
                "program": rule.program(SHAPES[name]),
                "theta": theta.ravel().tolist(),
                "shape": SHAPES[name],
                "memory": [{"shape": m.shape, "numbers": m.ravel().tolist()} for m in memory],
                "gradients": GRADIENTS[name].reshape(12, -1).tolist(),
                "rate": rule.settings["learning_rate"],
            }
        )
    return dict(zip(RULES, run(SCRIPT, data), strict=True))


@pytest.mark.parametrize("name", RULES)
def test_the_page_takes_pythons_steps(name: str) -> None:
    rule = RULES[name]
    theta = np.linspace(-1, 1, int(np.prod(SHAPES[name]))).reshape(SHAPES[name])
    mover = rule.stepper(theta.copy())
    for gradient, (there, answer) in zip(GRADIENTS[name], _browser()[name], strict=True):
        mover.step(gradient, None)
        np.testing.assert_allclose(there, mover.theta.ravel(), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(answer, mover.reported.ravel(), rtol=1e-9, atol=1e-11)
    assert np.abs(mover.theta - theta).max() > 0.05
