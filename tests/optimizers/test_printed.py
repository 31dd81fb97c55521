"""A rule's printed code, run: the same path as the rule's own, in NumPy, JavaScript and frameworks.

PyTorch, Optax and Keras are tested where they are installed (Keras with JAX below it).
"""

from __future__ import annotations

import ast
import inspect
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gdlib as gd
from gdlib.optimizers import catalogue
from gdlib.optimizers.printed import LANGUAGES
from gdlib.optimizers.symbols import beta, eta, g, k, m, theta, v
from tests import reference
from tests.agreement import LOUD
from tests.node import Node

IN_PYTHON = [language for language in LANGUAGES if language not in ("javascript", "latex")]
STEPS = 50
TOLERANCE = 1e-12
STARTS = [np.array([1.5, -0.7, 0.2]), np.array([[0.9, -1.1], [2.0, 0.4]])]

WRITTEN = {
    "exp, max and k": """
        v = max(0.9*v, g**2)
        step = -eta*exp(-0.01*k)*g/(sqrt(v) + 1e-8)
    """,
    "numbers alone in functions": """
        beta = 0.9; rho = 0.5
        m = beta*m + sqrt(1 - beta)*g
        step = -eta*m*min(1, sqrt(k)/10)*max(rho, exp(-rho*k))*abs(sign(beta - 1))
    """,
    "a number and an array in max and min": """
        m = 0.5*m + max(g, -1)
        step = -eta*min(0.3, max(-0.2, m))*max(abs(g), 0.1)
    """,
    "first values": "v = 1.5; p = 1; v = 0.9*v + g**2/9; p *= 0.9; step = -eta*g*(1 - p)/sqrt(v)",
    "a moment without the gradient": "p = 0.5; p = 0.9*p; w = 1/k; step = -eta*g*(1 + p*w)",
    "the last gradient and the last point": """
        step_before = theta - last
        change = g - before
        before = g
        last = theta
        step = -eta*(g + 0.1*change) + 0.2*step_before*(1 - 1/k)
    """,
    "a step that is a number": "step = -0.001/k",
    "powers of arrays and numbers": "a = 1.3; step = -eta*sign(g)*abs(g)**0.7*a**(-k)*1.1**abs(g)",
    "functions": "step = -eta*(tanh(g) + sin(theta)/9 + atan(g)/7 + log(1 + g**2) + cosh(g/9) - 1)",
    "no settings": "theta -= g/40",
    "names of the printed code": """
        params = 0.9; lr_ = 0.5; torch = 0.1
        state = params*state + g
        results = 0.5*results + torch*state
        group = 1.5
        group = group*lr_ + results
        step = -eta*(group + state)*0.2
    """,
    "weight decay": "weight_decay = 0.3; decay = 0.9; m = decay*m + g; x -= lr*(m + lam*x)",
}
"""Rules as text, by what is in them that a framework might say otherwise."""

other = {name: sp.Symbol(name, real=True) for name in ("lambda", "learning rate", "b0", "m_new")}
HAND_MADE = {
    "pieces": gd.Optimizer(
        "pieces",
        -eta * sp.Piecewise((g, g > 0), (g / 10, g < -1), (sp.Rational(1, 9), True)),
        hyperparameters={eta: 0.02},
    ),
    "pieces in k": gd.Optimizer(
        "pieces in k",
        -eta * sp.Piecewise((m, k > 10), (g, True)) * sp.Heaviside(theta, 0),
        {m: beta * m + g},
        {eta: 0.02, beta: 0.8},
    ),
    "pieces of numbers": gd.Optimizer(
        "pieces of numbers",
        -eta * sp.Piecewise((beta, g > 0), (beta / 3, True)) * g,
        hyperparameters={eta: 0.02, beta: 0.8},
    ),
    "odd names": gd.Optimizer(
        "class",
        -eta * (g + m * other["lambda"] + other["b0"]) * other["learning rate"],
        {m: other["m_new"] * m + g, other["b0"]: other["b0"] / 2 + g},
        {eta: 0.02, other["lambda"]: 0.3, other["learning rate"]: 0.5, other["m_new"]: 0.4},
    ),
    "moments that change places": gd.Optimizer(
        "2 moments", -eta * m, {m: v + g, v: m / 2}, {eta: 0.05}, initial={v: 0.5}
    ),
    "floor": gd.Optimizer(
        "", -eta * g / (1 + sp.floor(k / 7)) + sp.floor(g) / 99, hyperparameters={eta: 0.05}
    ),
}

RULES: dict[str, gd.Optimizer] = {
    **{
        name: make(**{word: LOUD[word] for word in inspect.signature(make).parameters})
        for name, make in catalogue.items()
    },
    **{name: gd.Optimizer.parse(text) for name, text in WRITTEN.items()},
    **HAND_MADE,
}
every_rule = pytest.mark.parametrize("name", RULES)


def slope(point: Any) -> Any:
    """Return a gradient of an array, far enough from plain that every setting shows."""
    return 0.7 * point + np.sin(3 * point) / 2


def by_update(rule: gd.Optimizer) -> list[Any]:
    """Return the paths from both starts, step by step, as the rule itself goes."""
    paths = []
    for start in STARTS:
        point, state, path = start, rule.init(start), []
        for _ in range(STEPS):
            step, state = rule.update(slope(point), state, point)
            point = point + step
            path.append(point)
        paths.append(np.array(path))
    return paths


def run(code: str) -> dict[str, Any]:
    """Execute printed code and return what it defines."""
    scope: dict[str, Any] = {"__name__": "printed"}
    exec(compile(code, "<printed>", "exec"), scope)
    return scope


def named(code: str) -> Any:
    """Return the function or class that printed code ends with."""
    return run(code)[_last(code)]


def _last(code: str) -> str:
    last = ast.parse(code).body[-1]
    assert isinstance(last, (ast.FunctionDef, ast.ClassDef))
    return last.name


def same(came: list[Any], wanted: list[Any], within: float = TOLERANCE) -> None:
    for path, other in zip(came, wanted, strict=True):
        np.testing.assert_allclose(path, other, rtol=within, atol=within)


def by_numpy(code: str) -> list[Any]:
    step, paths = named(code), []
    for start in STARTS:
        state: dict[str, Any] = {}
        point, path = start, []
        for _ in range(STEPS):
            point, state = step(point, slope(point), state)
            path.append(point)
        paths.append(np.array(path))
    return paths


@every_rule
def test_numpy_code_goes_the_rules_way(name: str) -> None:
    same(by_numpy(RULES[name].code("numpy")), by_update(RULES[name]))


@pytest.mark.parametrize("name", catalogue)
def test_numpy_code_follows_the_paper(name: str) -> None:
    make = reference.RULES[name]
    settings = RULES[name].settings
    paths = [make(slope, start, STEPS, **settings)[1:] for start in STARTS]
    same(by_numpy(RULES[name].code("numpy")), paths)


def test_each_path_differs_from_every_other() -> None:
    ends = [by_update(rule)[0][-1] for rule in RULES.values()]
    assert all(np.isfinite(end).all() for end in ends)
    assert len({tuple(end) for end in ends}) == len(ends)


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


def by_torch(torch: Any, code: str) -> list[Any]:
    points = [torch.nn.Parameter(torch.tensor(start)) for start in STARTS]
    optimizer = named(code)(points)
    return _collect(lambda: _torch_step(torch, optimizer, points))


def _torch_step(torch: Any, optimizer: Any, points: list[Any]) -> list[Any]:
    for point in points:
        point.grad = torch.tensor(slope(point.detach().numpy()))
    optimizer.step()
    for point in points:
        point.grad.zero_()  # in place, as zero_grad(set_to_none=False): memory must not follow
    return [point.detach().numpy().copy() for point in points]


def _collect(step: Callable[[], list[Any]]) -> list[Any]:
    steps = [step() for _ in range(STEPS)]
    return [np.array(path) for path in zip(*steps, strict=True)]


@every_rule
def test_torch_code_goes_the_rules_way(torch: Any, name: str) -> None:
    same(by_torch(torch, RULES[name].code("torch")), by_update(RULES[name]))


def test_torch_code_has_what_pytorch_asks_of_an_optimizer(torch: Any) -> None:
    make = named(gd.adam(0.05).code("torch"))
    points = [torch.nn.Parameter(torch.tensor(start)) for start in (*STARTS, STARTS[0])]
    optimizer = make([{"params": points[:1]}, {"params": points[1:], "lr": 0.5}])
    torch.optim.lr_scheduler.StepLR(optimizer, 1)

    def closure() -> Any:
        loss = sum((point**2).sum() for point in points[:2])
        optimizer.zero_grad()
        loss.backward()
        return loss

    first = optimizer.step(closure)
    assert optimizer.step(closure) < first
    np.testing.assert_array_equal(points[2].detach(), STARTS[0])  # it has no gradient
    moved = [
        abs(point.detach().numpy() - start).max()
        for point, start in zip(points, STARTS, strict=False)
    ]
    assert moved[0] < 0.2 < moved[1]
    again = make([{"params": points[:1]}, {"params": points[1:]}])
    again.load_state_dict(optimizer.state_dict())
    assert again.state[points[0]]["k"] == 2
    points[0].grad = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64).to_sparse()
    with pytest.raises(RuntimeError, match="Adam takes no sparse gradients"):
        optimizer.step()


@pytest.fixture
def jax() -> Iterator[Any]:
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield jax
    jax.config.update("jax_enable_x64", before)


@pytest.fixture
def optax(jax: Any) -> Any:
    assert jax
    return pytest.importorskip("optax")


def by_optax(jax: Any, optax: Any, code: str, **settings: Any) -> list[Any]:
    transformation = named(code)(**settings)
    points = {"a": jax.numpy.array(STARTS[0]), "b": (None, jax.numpy.array(STARTS[1]))}
    state = jax.jit(transformation.init)(points)
    update = jax.jit(transformation.update)

    def step() -> list[Any]:
        nonlocal points, state
        slopes = jax.tree.map(lambda leaf: jax.numpy.array(slope(np.array(leaf))), points)
        updates, new = update(slopes, state, points)
        kinds = [jax.tree.map(lambda leaf: leaf.dtype, tree) for tree in (state, new)]
        assert kinds[0] == kinds[1]
        points, state = optax.apply_updates(points, updates), new
        return [np.array(points["a"]), np.array(points["b"][1])]

    return _collect(step)


@every_rule
def test_optax_code_goes_the_rules_way(jax: Any, optax: Any, name: str) -> None:
    same(by_optax(jax, optax, RULES[name].code("optax")), by_update(RULES[name]))


def test_optax_code_takes_a_schedule_and_wants_parameters_where_it_reads_them(
    jax: Any, optax: Any
) -> None:
    code = gd.gradient_descent(0.1).code("optax")
    (path, _) = by_optax(jax, optax, code, learning_rate=lambda count: 0.1 / (1 + count))
    point = STARTS[0]
    for i in range(STEPS):
        point = point - 0.1 / (1 + i) * slope(point)
        np.testing.assert_allclose(path[i], point, rtol=TOLERANCE)
    slopes = {"w": jax.numpy.ones(2)}
    for rule, wants in ((gd.adam(), False), (gd.adamw(), True)):
        transformation = named(rule.code("optax"))()
        state = transformation.init(slopes)
        if wants:
            with pytest.raises(ValueError, match="params are wanted"):
                transformation.update(slopes, state)
        else:
            assert transformation.update(slopes, state)[1].count == 1


@pytest.fixture
def keras(jax: Any) -> Iterator[Any]:
    assert jax
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield keras
    keras.config.set_floatx(before)


def by_keras(keras: Any, code: str) -> list[Any]:
    points = [keras.Variable(start, dtype="float64") for start in STARTS]
    optimizer = named(code)()

    def step() -> list[Any]:
        slopes = [keras.ops.convert_to_tensor(slope(np.array(point))) for point in points]
        optimizer.apply(slopes, points)
        return [np.array(point) for point in points]

    return _collect(step)


# Keras 3.15's variables, when NumPy 2 asks them for an array.
of_keras = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@of_keras
@every_rule
def test_keras_code_goes_the_rules_way(keras: Any, name: str) -> None:
    # Keras 3.15 rounds what sin, tanh, floor and the like return to single precision.
    within = 1e-6 if name in ("functions", "floor") else TOLERANCE
    same(by_keras(keras, RULES[name].code("keras")), by_update(RULES[name]), within)


@of_keras
def test_keras_code_can_be_built_again_from_its_configuration(keras: Any) -> None:
    make = named(gd.adamw().code("keras"))
    again = make.from_config(make(weight_decay=0.25, learning_rate=0.5).get_config())
    assert again.settings["weight_decay"] == 0.25
    assert float(again.learning_rate) == 0.5
    assert again.name == "adamw"
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=again, loss="mse")
    losses = model.fit(np.eye(4), np.ones((4, 1)), epochs=20, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


WALK = """(() => {{
{code}
const slope = (x) => 0.7*x + Math.sin(3*x)/2;
return (...theta) => {{
    let state = {{}};
    const path = [];
    for (let i = 0; i < {steps}; i++) {{
        [theta, state] = {name}(theta, theta.map(slope), state{settings});
        path.push(theta);
    }}
    return path;
}};
}})()
"""


def by_javascript(node: Node, code: str, settings: str = "") -> list[Any]:
    (name,) = re.findall(r"^function (\w+)\(", code, re.MULTILINE)
    source = WALK.format(code=code, steps=STEPS, name=name, settings=settings)
    return [
        np.array(node.call(source, [start.ravel().tolist()])[0]).reshape(STEPS, *start.shape)
        for start in STARTS
    ]


@every_rule
def test_javascript_goes_the_rules_way(node: Node, name: str) -> None:
    same(by_javascript(node, RULES[name].code("javascript")), by_update(RULES[name]))


@pytest.mark.parametrize("name", catalogue)
def test_javascript_follows_the_paper(node: Node, name: str) -> None:
    settings = RULES[name].settings
    paths = [reference.RULES[name](slope, start, STEPS, **settings)[1:] for start in STARTS]
    same(by_javascript(node, RULES[name].code("javascript")), paths)


def test_javascript_takes_other_settings(node: Node) -> None:
    code, other = gd.adam().code("javascript"), gd.adam(0.2, beta1=0.5)
    came = by_javascript(node, code, ", { learning_rate: 0.2, beta1: 0.5 }")
    same(came, by_update(other))


@pytest.mark.parametrize("word", ["new", "delete", "toString", "constructor", "column", "result"])
def test_no_name_is_one_of_javascripts(node: Node, word: str) -> None:
    text = f"{word} = 0.9*{word} + g; step = -0.1*{word}"
    plain = gd.Optimizer.parse("m = 0.9*m + g; step = -0.1*m")
    code = gd.Optimizer.parse(text, name=word).code("javascript")
    same(by_javascript(node, code), by_update(plain))
    code = gd.Optimizer.parse(f"{word} = 0.9; m = {word}*m + g; step = -0.1*m").code("javascript")
    same(by_javascript(node, code), by_update(plain))


LATEX = {
    "momentum": r"""\begin{align*}
% momentum (Polyak 1964, doi:10.1016/0041-5553(64)90137-5), printed by gdlib.
% Here \eta=0.1, \beta=0.9, m_0=0.
m_{k} &= \beta m_{k-1} + g_{k} \\
\theta_{k} &= \theta_{k-1} - \eta m_{k}
\end{align*}
""",
    "adam": r"""\begin{align*}
% Adam (Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1), printed by gdlib.
% Here \eta=0.1, \beta_1=0.9, \beta_2=0.999, \varepsilon=1e-08, m_0=0, v_0=0.
m_{k} &= \beta_1 m_{k-1} + \left(1 - \beta_1\right) g_{k} \\
v_{k} &= \beta_2 v_{k-1} + \left(1 - \beta_2\right) g_{k}^{2} \\
\hat{m}_{k} &= \frac{m_{k}}{1 - \beta_1^{k}} \\
\hat{v}_{k} &= \frac{v_{k}}{1 - \beta_2^{k}} \\
\theta_{k} &= \theta_{k-1} - \frac{\eta \hat{m}_{k}}{\sqrt{\hat{v}_{k}} + \varepsilon}
\end{align*}
""",
}


@pytest.mark.parametrize("name", LATEX)
def test_latex_is_an_environment_to_paste_with_the_numbers_in_a_comment(name: str) -> None:
    assert catalogue[name](0.1).code("latex") == LATEX[name]


def test_latex_says_where_memory_starts() -> None:
    rule = gd.Optimizer.parse("v = 1.5; v = 0.9*v + g**2; step = -eta*g/sqrt(v)")
    assert "\n% Here \\eta=0.01, v_0=1.5.\n" in rule.code("latex")


HOSTILE = [
    '"""\nimport os\n"""', "\\", '\\"""', "'''", "a\x00b\u2028c\ud800", "{x}$Name$lines", "",
    "*/ x",
]  # fmt: skip


@pytest.mark.parametrize("language", IN_PYTHON)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_and_no_source_leaves_its_docstring(language: str, text: str) -> None:
    def shape(name: str, source: str) -> list[str]:
        rule = gd.Optimizer(name, -eta * m, {m: m + g}, {eta: 0.1}, source=source)
        code = rule.code(language)
        code.encode("utf-8")
        tree = ast.parse(code)
        return [type(node).__name__ for node in ast.walk(tree)]

    assert shape(text, text) == shape("walk", "nowhere")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_and_no_source_leaves_its_comment(node: Node, text: str) -> None:
    rule = gd.Optimizer(text, -eta * m, {m: m + g}, {eta: 0.1}, source=text)
    same(by_javascript(node, rule.code("javascript")), by_update(rule))
    lines = rule.code("latex").split("\n")
    assert [line for line in lines if not line.startswith("%")] == [
        r"\begin{align*}", r"m_{k} &= m_{k-1} + g_{k} \\",
        r"\theta_{k} &= \theta_{k-1} - \eta m_{k}", r"\end{align*}", "",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_code_names_the_rule_and_its_source(language: str) -> None:
    code = gd.adadelta().code(language)
    assert "Adadelta (Zeiler 2012, arXiv:1212.5701)" in code
    assert max(map(len, code.splitlines())) <= 100


def test_decimals_are_printed_as_they_were_written() -> None:
    code = gd.Optimizer.parse("m = 0.9*m + 0.1*g; step = -eta*m/3").code("numpy")
    assert "m = g/10.0 + 0.9*m\n" in code
    assert "learning_rate=0.01" in code


@pytest.mark.parametrize("language", ["jax", "", "NumPy"])
def test_other_languages_are_refused(language: str) -> None:
    with pytest.raises(ValueError, match='"optax", "keras", "javascript" or "latex", not'):
        gd.adam().code(language)
    with pytest.raises(TypeError, match="language must be"):
        gd.adam().code(None)  # type: ignore[arg-type]
