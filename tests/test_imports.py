"""Tests of which way imports point in the package: one way only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module imports only what stands before it. Every file and folder of the package is named here.
ORDER = (
    # What knows nothing of descent: arguments as they come in, texts, formulas and their printing.
    "checks", "notation", "console", "frozen", "names", "ieee", "real", "signs", "slopes", "tame",
    "formulas", "critical", "codegen", "inplace", "loops", "typeset",
    # What is run, and what runs it.
    "landscapes", "optimizers", "proximal", "schedules", "problems",
    "trajectory", "arguments", "grid", "descent", "batches", "line_search", "saddles",
    "second_order", "attraction", "tuning", "differences", "diagnosis",
    # What shows it.
    "plotting", "exercises", "widgets", "book",
)  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in (ROOT / "gdlib").rglob("*.py")}


def imported(tree: ast.AST, *, later: bool) -> Iterator[str]:
    """Yield what a module imports when it is loaded and, if asked, `later`, inside its functions.

    What only a type checker reads does not count.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not later:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in inner)
        yield from imported(node, later=later)


def graph(*, later: bool) -> dict[str, set[str]]:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    return {
        name: {to for to in imported(tree, later=later) if to in MODULES and to != name}
        for name, tree in trees.items()
    }


LOADED = graph(later=False)
USED = graph(later=True)


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
    assert [name for name in LOADED if name in reached(name, LOADED)] == []


def test_the_order_names_every_module_once() -> None:
    assert sorted(ORDER) == sorted({top(name) for name in MODULES if name != "gdlib"})


@pytest.mark.parametrize("name", [name for name in MODULES if name != "gdlib"])
def test_imports_point_one_way(name: str) -> None:
    allowed = ORDER[: ORDER.index(top(name)) + 1]
    assert {top(to) for to in reached(name, USED)} <= set(allowed)
