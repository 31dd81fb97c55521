"""What a reader prints can be read on a console that knows few characters, and is whole else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gdlib.console import said

PRINTS = """
import numpy as np, sympy as sp
import gdlib as gd

x, y = sp.symbols("θ φ", real=True)
bowl = gd.Landscape("bowl ∇", x**2 + 3 * y**2, [x, y], [(-1, 1), (-1, 1)], (1.0, 1.0), [(0, 0)])
c = sp.Symbol("β₁", positive=True)
rule = gd.Optimizer("mine ‖g‖", step=-c * sp.Symbol("g", real=True), hyperparameters={c: 0.1})
run = gd.descend(bowl, gd.gradient_descent(0.4), steps=60)
tuning = gd.tune(lambda o, s: gd.descend(bowl, o), gd.adam, {"learning_rate": [0.1]})
shown = [
    gd.check("update-rule/step"),
    gd.check("update-rule/step", 3),
    gd.Verdict.right("θ ≤ 2/λ"),
    gd.Verdict.wrong("‖g‖² → ∞"),
    gd.diagnose(run),
    gd.diagnose(run, cost=bowl),
    gd.diagnose(gd.descend(bowl, gd.gradient_descent(0.6), steps=60)),
    list(gd.diagnose(run)),
    bowl, bowl.critical_points(), rule, run, tuning, tuning.best,
    gd.basins(bowl, gd.gradient_descent(0.1), (4, 4), 500),
    gd.schedules.cosine(0.1, 10), gd.problems.noisy_line(),
    gd.schedules.Schedule("η", c, {c: 1.0}),
    gd.State(1, {"μ": np.zeros(1)}), gd.Stop(), gd.Option("λ", "ω"),
    gd.MomentumMap(), gd.PathPlayer({"α": run}, bowl), gd.DescentExplorer(bowl), gd.BatchRace(),
    gd.NewtonLine(), gd.survey("x**4 - x**2 + y**2"), gd.survey({"θ": [1, 2, 3], "y": [0, 2, 4]}),
    gd.Workbench("step = -g", steps=1),
]
for thing in shown:
    print(thing)
    print(repr(thing))
    print([thing])
    print(f"{thing}")
"""


def printed(encoding: str) -> str:
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRINTS],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode("utf-8", "replace")[-2000:]
    return child.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_whatever_is_public_can_be_printed_on_a_console_that_knows_little(encoding: str) -> None:
    lines = printed(encoding)
    assert "[ ] not started" in lines
    assert "[ok] correct: theta <= 2/lambda" in lines
    assert "||g||" in lines
    assert "2 -> inf" in lines.replace("²", "2")
    assert "bowl grad" in lines
    assert "MomentumMap(momentum, etaL = 1, beta = 0.8)" in lines


def test_a_console_that_names_no_encoding_is_told_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for console in (None, object()):
        monkeypatch.setattr(sys, "stdout", console)
        assert said("θ₁ → ∞") == "θ₁ → ∞"


def test_a_console_that_knows_all_is_told_all() -> None:
    lines = printed("utf-8")
    assert "○ not started" in lines
    assert "✗ not yet: ‖g‖² → ∞" in lines
    assert "MomentumMap(momentum, ηL = 1, β = 0.8)" in lines


@pytest.mark.parametrize(
    ("encoding", "text", "expected"),
    [
        ("utf-8", "θ₁ ≤ ½ — ✓", "θ₁ ≤ ½ — ✓"),
        ("cp1252", "θ₁ ≤ ½ — ✓", "theta1 <= ½ — [ok]"),
        ("ascii", "θ₁ ≤ ½ — ✓", "theta1 <= 1/2 - [ok]"),
        ("ascii", "Δ∂é√☃", "Deltadesqrt[snowman]"),
        ("no such encoding", "θ", "θ"),
        (None, "θ", "θ"),
    ],
)
def test_only_what_an_encoding_lacks_is_spelt(
    encoding: str | None, text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Console:
        pass

    console = Console()
    console.encoding = encoding  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "stdout", console)
    came = said(text)
    monkeypatch.undo()
    assert came == expected
