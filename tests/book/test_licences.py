"""What others wrote and the package or the site carries comes with its licences."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from gdlib.book import licences, npm

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "gdlib" / "static"


def bundled() -> list[str]:
    """Return what the lock file installs for the bundles: all but the bundler and what it drops."""
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    names = {
        path.removeprefix("node_modules/")
        for path, package in lock["packages"].items()
        if path and not package.get("dev") and "esbuild" not in path
    }
    # Of d3-array's grouping, which no figure uses; of KaTeX's command line.
    return sorted(names - {"internmap", "commander"})


@pytest.mark.parametrize("name", bundled())
def test_each_package_in_the_bundles_has_its_licence_beside_them(name: str) -> None:
    text = (STATIC / "licences.txt").read_text(encoding="utf-8")
    head = rf"^{re.escape(name)} [\d.]+ \([\w.-]+\)\n=+\n\n"
    part = re.search(rf"{head}(.+?)(?=^=|\Z)", text, re.MULTILINE | re.DOTALL)
    assert part
    assert "Copyright" in part[1]
    refused = r"WITHOUT WARRANT(Y|IES OR CONDITIONS) OF ANY KIND|PROVIDED \"AS IS\""
    assert re.search(refused, part[1])


def test_what_is_left_out_is_not_in_the_bundles() -> None:
    for name in ("widgets.js", "surface.js", "practice.js"):
        assert "_intern" not in (STATIC / name).read_text(encoding="utf-8")
    assert "commander." not in (STATIC / "run.mjs").read_text(encoding="utf-8")


class _App:
    """As much of Sphinx as the module asks for."""

    def __init__(self, folder: Path) -> None:
        self.srcdir = str(folder)


def package(modules: Path, name: str, licence: str | None) -> None:
    folder = modules / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": "1.2.3"}))
    if licence:
        (folder / "LICENSE").write_text(licence)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _App:
    """Return an application whose npm packages are three of our own."""
    modules = tmp_path / "node_modules"
    package(modules, "katex", "Copyright K")
    package(modules, "@fontsource-variable/serif", "Copyright S, SIL Open Font License")
    monkeypatch.setattr(npm, "modules", lambda _app: modules)
    monkeypatch.setattr(npm, "static", lambda _app: tmp_path)
    return _App(tmp_path)


def test_the_sites_file_gathers_bundles_npm_and_sphinx(app: Any, tmp_path: Path) -> None:
    licences._write(app)
    text = (tmp_path / "licences.txt").read_text(encoding="utf-8")
    assert (STATIC / "licences.txt").read_text(encoding="utf-8") in text
    for words in (
        "katex 1.2.3",
        "Copyright K",
        "@fontsource-variable/serif 1.2.3",
        "SIL Open Font License",
        "License for Sphinx",
        "sphinx-design",
        "clipboard.js, Copyright (c) Zeno Rocha",
        "Copyright (c) 2023 GitHub Inc.",  # of the icons in the page's bar
    ):
        assert words in text


def test_a_package_without_a_licence_fails_the_build(app: Any, tmp_path: Path) -> None:
    package(tmp_path / "node_modules", "@fontsource-variable/stranger", None)
    with pytest.raises(FileNotFoundError, match="has no licence file"):
        licences._write(app)


def test_readers_type_checkers_see_the_annotations() -> None:
    assert (ROOT / "gdlib" / "py.typed").is_file()


def test_what_builds_the_package_is_bounded_above() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for line in project["build-system"]["requires"]:
        assert "<" in {specifier.operator for specifier in Requirement(line).specifier}, line
