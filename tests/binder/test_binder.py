"""Tests of what Binder makes of this repository: its recipe, and a chapter run by it."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def recipe() -> str:
    """Return the recipe that repo2docker prints for this repository; needs no Docker."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def pip_steps(recipe: str) -> list[str]:
    """Return the arguments of each pip run, in order."""
    return re.findall(r"^RUN \$\{KERNEL_PYTHON_PREFIX\}/bin/pip (.*)$", recipe, re.MULTILINE)


def test_binder_takes_the_python_that_we_name(recipe: str) -> None:
    version = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Building conda environment for python={version}" in recipe


def test_binder_installs_the_pins_and_then_the_package(recipe: str) -> None:
    steps = [step.replace("--no-cache-dir ", "") for step in pip_steps(recipe)]
    assert steps == ['install -r "requirements.txt"', "install ."]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what git knows, as Binder gets it: without what a build has made."""
    folder = tmp_path_factory.mktemp("binder")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def environment(recipe: str, copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs' folder of a clean environment made by the recipe's own pip steps."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for step in pip_steps(recipe):
        # The cache, which Binder switches off to save space, changes nothing but the time.
        arguments = step.replace("--no-cache-dir", "--quiet").replace('"', "").split()
        subprocess.run([folder / "bin" / "pip", *arguments], cwd=copy, check=True)
    return folder / "bin"


def test_a_chapter_runs_there(environment: Path, copy: Path) -> None:
    chapter = min((copy / "chapters").glob("*.ipynb"))
    done = subprocess.run(
        [environment / "jupyter", "execute", chapter], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_jupyterlab_there_renders_myst(environment: Path) -> None:
    command = [str(environment / "jupyter"), "labextension", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.search(r"jupyterlab-myst v\S+ .*enabled.*OK", done.stdout + done.stderr)


def test_the_wheel_carries_the_figures_their_licences_and_the_marker_of_types(
    copy: Path, tmp_path: Path
) -> None:
    """Built as an index would get it: from what git knows, in an environment of its own."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir"]
    subprocess.run([*command, tmp_path, copy], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("gdlib-*.whl"))) as wheel:
        names = set(wheel.namelist())
        licences = wheel.read("gdlib/static/licences.txt").decode()
    bundles = {
        f"gdlib/static/{name}"
        for name in ("widgets.mjs", "widgets.js", "surface.js", "practice.js")
    }
    assert {"gdlib/py.typed", *bundles} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {"d3-scale", "twgl.js"} <= set(re.findall(r"^(\S+) [\d.]+ \(", licences, re.MULTILINE))
