"""Beside what is compiled: C, Numba by hand, Optax and JAX; what is not installed is left out."""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import gdlib as gd
from benchmarks.grids import RATE as GRID_RATE
from benchmarks.grids import STARTS, STEPS
from benchmarks.measure import Row, compare, cpu_seconds
from gdlib.formula import machine

RATE, START, LONG = 1e-3, (-1.2, 1.0), 1_000_000


def rows() -> Iterator[Row]:
    """Compare many starts and one long run in machine code."""
    if not machine.available():
        print("  Numba is not installed: no rows of machine code (pip install -e .[bench])")
        return
    yield from _many_starts()
    yield from _one_run()


@contextmanager
def _without_machine_code() -> Iterator[None]:
    found, machine.available = machine.available, _no  # type: ignore[assignment]
    try:
        yield
    finally:
        machine.available = found


def _no() -> bool:
    return False


def _many_starts() -> Iterator[Row]:
    landscape = gd.landscapes.himmelblau()
    starts = np.random.default_rng(0).uniform(-5, 5, (STARTS, 2))
    what = "10⁶ starts × 200 steps, compiled"
    for name, rule, aim in (
        ("gradient descent", gd.gradient_descent(GRID_RATE), 7.0),
        ("Adam", gd.adam(GRID_RATE), None),
    ):

        def ours(rule: gd.Optimizer = rule) -> object:
            return gd.descend(landscape, rule, starts, steps=STEPS, keep="end")

        def theirs(ours: Callable[[], object] = ours) -> object:
            with _without_machine_code():
                return ours()

        what_of = f"{name}: {what}"
        yield compare(what_of, ours, theirs, "gdlib by NumPy", aim=aim, pairs=5, clock=cpu_seconds)
        if name == "gradient descent":
            yield from _share_of_limit(f"{what} (share of limit)", ours)


def _share_of_limit(what: str, ours: Callable[[], object]) -> Iterator[Row]:
    cc = shutil.which("cc")
    if cc is None:
        print("  No C compiler: no arithmetic limit")
        return
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "limit")
        source = str(Path(__file__).with_name("limit.c"))
        flags = ["-O3", "-march=native", "-ffp-contract=off"]
        subprocess.run([cc, *flags, source, "-o", program], check=True)

        def limit() -> float:
            ask = [program, str(STARTS), str(STEPS)]
            done = subprocess.run(ask, capture_output=True, text=True, check=True)
            return float(done.stdout.split()[0])

        pairs = [(cpu_seconds(ours), limit()) for _ in range(7)]
    yield Row(
        what,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        "the same arithmetic in C",
        statistics.median(b / a for a, b in pairs),
        0.5,
    )


def _one_run() -> Iterator[Row]:
    landscape = gd.landscapes.rosenbrock()
    for name, rule in (("gradient descent", gd.gradient_descent(RATE)), ("Adam", gd.adam(RATE))):

        def ours(rule: gd.Optimizer = rule) -> Any:
            return gd.descend(landscape, rule, START, steps=LONG)

        what = f"{name}: 10⁶ steps and path, compiled"
        for alternative, theirs, aim in _alternatives(name):
            np.testing.assert_allclose(theirs()[:1000], ours().points[:1000], rtol=1e-6)
            yield compare(what, ours, theirs, alternative, aim=aim, pairs=5)


def _alternatives(name: str) -> Iterator[tuple[str, Callable[[], Any], float]]:
    by_hand = numba_loop(name)
    yield "Numba loop by hand (path alone)", by_hand, 1 / 3
    for package, make in (("optax", optax_run), ("jax", jax_run)):
        if importlib.util.find_spec(package) is None:
            print(f"  {package} is not installed: no row of it (pip install -e .[bench])")
        else:
            yield f"{package}, compiled scan", make(name), 1.0


def numba_loop(name: str) -> Callable[[], Any]:
    """Prepare a run as a student of Numba writes it."""
    from numba import njit

    @njit  # type: ignore[untyped-decorator]
    def descent(x: float, y: float, steps: int) -> Any:
        path = np.empty((steps + 1, 2))
        path[0] = x, y
        for k in range(steps):
            gx, gy = -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)
            x, y = x - RATE * gx, y - RATE * gy
            path[k + 1] = x, y
        return path

    @njit  # type: ignore[untyped-decorator]
    def adam(x: float, y: float, steps: int) -> Any:
        path = np.empty((steps + 1, 2))
        path[0] = x, y
        m0 = m1 = v0 = v1 = 0.0
        p = q = 1.0
        for k in range(steps):
            gx, gy = -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)
            p, q = p * 0.9, q * 0.999
            m0, m1 = 0.9 * m0 + 0.1 * gx, 0.9 * m1 + 0.1 * gy
            v0, v1 = 0.999 * v0 + 0.001 * gx * gx, 0.999 * v1 + 0.001 * gy * gy
            x -= RATE * (m0 / (1 - p)) / (np.sqrt(v0 / (1 - q)) + 1e-8)
            y -= RATE * (m1 / (1 - p)) / (np.sqrt(v1 / (1 - q)) + 1e-8)
            path[k + 1] = x, y
        return path

    loop = adam if name == "Adam" else descent
    return lambda: loop(*START, LONG)


def _cost(theta: Any) -> Any:
    return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2


def optax_run(name: str) -> Callable[[], Any]:
    """Prepare a compiled scan over Optax's steps, in doubles, its path kept."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rule = optax.adam(RATE) if name == "Adam" else optax.sgd(RATE)

    def step(now: Any, _: None) -> Any:
        theta, state = now
        change, state = rule.update(jax.grad(_cost)(theta), state)
        theta = optax.apply_updates(theta, change)
        return (theta, state), theta

    return _scan(step, lambda theta: (theta, rule.init(theta)))


def jax_run(name: str) -> Callable[[], Any]:
    """Prepare the same with the update written out."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def plain(theta: Any, _: None) -> Any:
        theta = theta - RATE * jax.grad(_cost)(theta)
        return theta, theta

    def adam(now: Any, _: None) -> Any:
        theta, m, v, p, q = now
        g = jax.grad(_cost)(theta)
        p, q = p * 0.9, q * 0.999
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        theta = theta - RATE * (m / (1 - p)) / (jnp.sqrt(v / (1 - q)) + 1e-8)
        return (theta, m, v, p, q), theta

    if name != "Adam":
        return _scan(plain, lambda theta: theta)
    return _scan(adam, lambda theta: (theta, theta * 0, theta * 0, 1.0, 1.0))


def _scan(step: Callable[..., Any], first: Callable[[Any], Any]) -> Callable[[], Any]:
    import jax
    import jax.numpy as jnp

    @jax.jit  # type: ignore[untyped-decorator]
    def run(start: Any) -> Any:
        return jnp.vstack([start[None], jax.lax.scan(step, first(start), None, length=LONG)[1]])

    return lambda: np.asarray(run(jnp.array(START)))
