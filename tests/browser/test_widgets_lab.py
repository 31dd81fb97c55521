"""A widget in a real JupyterLab: the slider reaches Python, and Python moves the picture."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat import v4
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CELLS = [
    "import gdlib as gd\nimport ipywidgets",
    (
        "bowl, rule = gd.landscapes.quadratic(), gd.gradient_descent(0.1)\n"
        "explorer = gd.DescentExplorer(bowl, rule, steps=30)\nexplorer"
    ),
    "print('rate', explorer.learning_rate, 'start', explorer.start)",
    "explorer.learning_rate = 0.3",
    "print('end', explorer.trajectories['gradient descent'].status)",
    (
        "box = ipywidgets.FloatText(0.05)\n"
        "link = ipywidgets.jslink((box, 'value'), (explorer, 'learning_rate'))\n"
        "ipywidgets.VBox([box, explorer])"
    ),
]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a folder with one notebook; give its address."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [v4.new_code_cell(cell) for cell in CELLS]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "explorer.ipynb")
    token = secrets.token_hex(16)
    # Its question about news would take the keys that are meant for a cell.
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    page_config = tmp_path / "config" / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text(json.dumps(quiet))
    home = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "run",
        "JUPYTERLAB_WORKSPACES_DIR": "spaces",
    }
    environment = {**os.environ, **{k: str(tmp_path / v) for k, v in home.items()}}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    options = [
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.news_url=None",
    ]
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log)
    try:
        yield f"{_address(tmp_path / 'run', process)}lab/tree/explorer.ipynb?token={token}"
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _address(runtime: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait for the server's own note of where it listens, then for its answer."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        for note in runtime.glob("jpserver-*.json"):
            found: dict[str, Any] = json.loads(note.read_text() or "{}")
            if found:
                urllib.request.urlopen(f"{found['url']}api", timeout=20).close()
                return str(found["url"])
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")


def _run(page: Page, cell: int) -> None:
    """Select a cell and run it: until its number changes, for a busy machine may lose a key."""
    prompt = page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputPrompt")
    before = prompt.inner_text()
    for _ in range(10):
        prompt.click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(prompt).not_to_have_text(before, timeout=6_000)
            return
    raise AssertionError(f"cell {cell} did not run")


def _output(page: Page, cell: int) -> Any:
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output")


def test_a_slider_reaches_python_and_python_moves_the_slider(browser: Browser, lab: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(lab)
    expect(page.locator(".jp-CodeCell")).to_have_count(len(CELLS), timeout=60_000)
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
        "data-status", "idle", timeout=60_000
    )
    _run(page, 0)
    _run(page, 1)
    rate = _output(page, 1).get_by_label("learning rate", exact=True)
    expect(rate).to_have_attribute("aria-valuetext", "0.1", timeout=60_000)
    rate.press("ArrowRight")
    said = rate.get_attribute("aria-valuetext") or ""
    assert float(said) > 0.1
    _run(page, 2)
    expect(_output(page, 2)).to_contain_text(f"rate {said} start (2.0, 1.0)", timeout=60_000)

    handle = _output(page, 1).locator(".gdw-handle")
    handle.press("ArrowLeft")
    _run(page, 2)
    expect(_output(page, 2)).to_contain_text("start (1.95, 1.0)", timeout=60_000)

    _run(page, 3)
    expect(rate).to_have_attribute("aria-valuetext", "0.3", timeout=60_000)
    expect(_output(page, 1).locator(".gdw-endings")).to_contain_text(
        "higher than at the start", timeout=60_000
    )

    _run(page, 5)
    _output(page, 5).locator("input[type=number]").fill("0.05")
    _output(page, 5).locator("input[type=number]").press("Tab")
    expect(rate).to_have_attribute("aria-valuetext", "0.05", timeout=60_000)
    context.close()
