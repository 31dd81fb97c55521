"""Tests of which way imports point in the package: one way only, for types and in functions too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A part imports only what stands before it. Every file and folder of the package is named here.
ORDER = (
    # What knows nothing of descent: arguments as they come in, texts, formulas and their printing.
    "checks", "console", "frozen", "results", "datasets", "autodiff", "layout", "formula",
    # What is run, and what runs it.
    "landscapes", "optimizers", "schedules", "problems", "descent",
    # What is said of it without a run, and of runs.
    "theory", "finite_differences", "tuning", "diagnosis", "__main__",
    # What shows it.
    "plotting", "exercises", "widgets",
    # What a reader brings: a rule, a cost; and the book.
    "workbench", "surveys", "book",
)  # fmt: skip
WITHIN = {
    "autodiff": ("steps", "var", "rules", "reverse", "traced"),
    "formula": (
        "names", "notation", "real", "ieee", "arrays", "lower", "targets", "frameworks", "sayable",
        "parse", "buffers", "signs", "derivatives", "tame", "compiled", "machine",
    ),
    "landscapes": ("flatness", "critical_points", "landscape", "catalogue"),
    "optimizers": (
        "symbols", "state", "lowered", "steps", "typeset_arrays", "typeset", "assignments",
        "written", "printed_lines", "templates", "printed", "update_rule", "optimizer",
        "array_lines", "array_printed", "array_mover", "array_optimizer", "catalogue", "proximal",
        "matrices", "wrappers",
    ),
    "descent": (
        "endings", "stopping", "trajectory", "arguments", "held_out", "watched", "progress",
        "engine",
        "generated_loops", "machine_loops", "scalar", "called", "many_starts", "descend",
        "batches", "line_search", "newton", "perturbed", "basins",
    ),
    "problems": (
        "rows", "problem", "linear", "model", "softmax", "network", "factorisation", "made",
        "words", "transformer",
    ),
    "schedules": ("schedule", "shapes", "plateau"),
    "surveys": (
        "words", "curvature", "drawn", "result", "trial", "minima", "endless", "first", "items",
        "table", "fits", "given", "looked",
    ),
}  # fmt: skip
"""The same for the files of the folders that everything stands on."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in (ROOT / "gdlib").rglob("*.py")}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports: when it is loaded, inside its functions, for types alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in inner)


def graph() -> dict[str, set[str]]:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    return {
        name: {to for to in imported(tree) if to in MODULES and to != name}
        for name, tree in trees.items()
    }


USED = graph()


def reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def top(name: str) -> str:
    return name.split(".")[1] if "." in name else name


def test_no_module_of_the_package_imports_the_whole_of_it() -> None:
    assert [name for name, to in USED.items() if "gdlib" in to] == []


def test_no_import_goes_round() -> None:
    assert [name for name in USED if name in reached(name, USED)] == []


def test_an_import_in_a_function_or_for_types_counts() -> None:
    tree = ast.parse(
        "if TYPE_CHECKING:\n from gdlib import checks\ndef f():\n from gdlib.landscapes import x"
    )
    assert set(imported(tree)) == {"gdlib.checks", "gdlib.landscapes"}


def test_the_order_names_every_module_once() -> None:
    assert sorted(ORDER) == sorted({top(name) for name in MODULES if name != "gdlib"})
    for folder, files in WITHIN.items():
        start = f"gdlib.{folder}."
        here = {name.removeprefix(start) for name in MODULES if name.startswith(start)}
        assert sorted(files) == sorted(here)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "gdlib"])
def test_imports_point_one_way(name: str) -> None:
    allowed = ORDER[: ORDER.index(top(name)) + 1]
    assert {top(to) for to in reached(name, USED)} <= set(allowed)


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder, files in WITHIN.items() for name in files]
)
def test_imports_point_one_way_within_a_folder(folder: str, name: str) -> None:
    before = WITHIN[folder][: WITHIN[folder].index(name)]
    start = f"gdlib.{folder}."
    used = USED[start + name]
    assert {to.removeprefix(start) for to in used if to.startswith(start)} <= set(before)
    assert f"gdlib.{folder}" not in used
