"""Tests of the repository itself: documents, pins, workflows, what is committed."""

import itertools
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@cache
def tracked() -> tuple[str, ...]:
    command = ["git", "-C", str(ROOT), "ls-files"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in done.stdout.splitlines() if (ROOT / name).exists())


DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    assert all(re.fullmatch(r"==[^=*]+", str(pin.specifier)) for pin in found)
    return {pin.name.lower(): str(pin.specifier) for pin in found}


# --- documents ----------------------------------------------------------------------------------


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 120


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_in_a_document_exists(name: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)(?=[`\s])", (ROOT / name).read_text()))
    commands = {word for word in named if f"`make {word}" in (ROOT / name).read_text()}
    blocks = re.findall(r"^make ([a-z]+)", (ROOT / name).read_text(), re.MULTILINE)
    assert commands | set(blocks)
    assert commands | set(blocks) <= targets()


_ENDINGS = r"(?:py|pyi|ts|js|mjs|css|md|txt|json|bib|toml|yml|ipynb)"
PATH = re.compile(rf"(?<![\w./:-])((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w.-]+\.{_ENDINGS})(?![\w/])")
BASES = tuple(ROOT / folder for folder in ("", "gdlib", "frontend/src", "chapters"))
"""Where the paths of a document start: a drawing leaves out what all its paths begin with."""
MADE = (".venv", "_build", "_static", "gdlib/static")
"""What only a build writes."""


def paths(text: str) -> set[str]:
    """Return the paths that a document names in its code spans, its blocks and its drawings."""
    code = re.findall(r"```(?:mermaid|sh)\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    named = {path for pair in code for part in pair for path in PATH.findall(part)}
    return {re.sub(r"NN[-_]\w+", "*", path) for path in named if not path.startswith(MADE)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_a_document_exists(name: str) -> None:
    found = paths((ROOT / name).read_text(encoding="utf-8"))
    assert len(found) > 10
    assert [path for path in sorted(found) if not any(list(b.glob(path)) for b in BASES)] == []


@pytest.mark.parametrize("name", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_link_inside_the_repository_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (ROOT / name).read_text())
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_help_lists_every_command() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"make (\w+)", done.stdout)) == set(phony[0].split())


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    old = tmp_path / "old"
    fake = "class V(tuple): pass\nsys.version_info, sys.version = (3, 10), '3.10.1 (old)'"
    old.write_text(f'#!/bin/sh\nshift\nexec python3 -c "import sys\n{fake}\n$(echo "$1")"\n')
    old.chmod(0o755)
    venv = tmp_path / "venv"
    command = ["make", f"PYTHON={old}", f"VENV={venv}", f"{venv}/.created"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "needs Python 3.11 or later" in done.stderr
    assert "is 3.10.1" in done.stderr


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["version"]
    assert f'__version__ = "{version}"' in (ROOT / "gdlib" / "__init__.py").read_text()
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


# --- pins ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "extras"),
    [("requirements.txt", ["book"]), ("tests/requirements.txt", ["book", "test"])],
)
def test_pins_cover_what_pyproject_asks_for(name: str, extras: list[str]) -> None:
    wanted = [*PROJECT["dependencies"]]
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    pinned = pins(name)
    for requirement in map(Requirement, wanted):
        version = pinned[requirement.name.lower()].removeprefix("==")
        assert requirement.specifier.contains(version), f"{name}: run `make requirements`"


def test_readers_and_tests_have_the_same_versions() -> None:
    assert pins("requirements.txt").items() <= pins("tests/requirements.txt").items()


def test_the_package_itself_is_the_last_requirement() -> None:
    assert (ROOT / "requirements.txt").read_text().splitlines()[-1] == "-e ."


def test_binder_stays_lean() -> None:
    assert not {"torch", "pytest", "mypy", "playwright"} & pins("requirements.txt").keys()


def test_pins_name_no_index_and_no_folder() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert not re.search(r"^--|@ ", text, re.MULTILINE)


def test_npm_lock_files_name_the_public_registry_only() -> None:
    locks = [name for name in tracked() if name.endswith("package-lock.json")]
    assert locks
    for name in locks:
        hosts = set(re.findall(r'"resolved": "(\w+://[^/]+)/', (ROOT / name).read_text()))
        assert hosts <= {"https://registry.npmjs.org"}, name


def test_binders_python_is_one_that_the_package_takes() -> None:
    version = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)


def test_every_requirement_names_its_lowest_version() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *itertools.chain.from_iterable(extras)]
    operators = {r.name: {s.operator for s in r.specifier} for r in map(Requirement, wanted)}
    # PyTorch is one version: a chapter's outputs are its digits.
    assert {name: found for name, found in operators.items() if ">=" not in found} == {
        "torch": {"=="}
    }


def test_both_ends_of_the_ranges_are_tested_where_everything_is() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    commands = re.findall(r"^(?:exec )?make (.*?)(?: <.*)?$", script, re.MULTILINE)
    assert commands == ["torch", "test", "oldest newest"]


# --- workflows ----------------------------------------------------------------------------------


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_may_only_read_unless_a_job_says_why(workflow: Path) -> None:
    text = workflow.read_text()
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    assert all(re.search(r": write # \w+", line) for line in text.splitlines() if ": write" in line)


def test_the_oldest_python_is_tested() -> None:
    versions = yaml.safe_load(WORKFLOWS[-1].read_text())["jobs"]["everything"]["strategy"]["matrix"]
    assert versions["python"][0] == PROJECT["requires-python"].removeprefix(">=")


# --- what is committed --------------------------------------------------------------------------


def test_nothing_that_a_build_makes_is_committed() -> None:
    made = re.compile(r"(^|/)(_build|node_modules|static|__pycache__|dist)/|\.(pyc|whl|gif|mp4)$")
    assert [name for name in tracked() if made.search(name)] == []


def test_no_picture_is_committed_but_the_readmes() -> None:
    pictures = [name for name in tracked() if name.endswith((".png", ".jpg", ".webp"))]
    assert pictures == [".github/book.png"]
    assert (ROOT / pictures[0]).stat().st_size < 150_000


def test_no_file_names_a_folder_of_the_machine_that_wrote_it() -> None:
    machine = re.compile(rb"(?<![\w.])/(home|root|Users|work|opt)/\w")
    here = str(Path(__file__).relative_to(ROOT).as_posix())
    texts = [name for name in tracked() if name != here and not name.endswith(".png")]
    assert [name for name in texts if machine.search((ROOT / name).read_bytes())] == []
