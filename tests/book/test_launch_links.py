"""Tests of the launch buttons on every page of the book, built here without running its cells."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SOURCES = ("index.md", "references.bib", "chapters", "assets")
CI = re.compile(r"^(GITHUB|CI)_")


def build(folder: Path, variables: dict[str, str], *, without: str = "none") -> Path:
    """Build the book's pages in `folder`, cells as they are, and return where they stand.

    Pages whose file in the contents matches the pattern `without` are left out.
    """
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        elif (ROOT / name).exists():
            shutil.copy2(ROOT / name, folder / name)
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in contents if not re.search(rf"- file: {without}$", line)]
    (folder / "_toc.yml").write_text("\n".join(kept), encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": "off"}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    if (ROOT / "_build" / "npm").exists():  # spares a download
        shutil.copytree(ROOT / "_build" / "npm", folder / "_build" / "npm", symlinks=True)
    environment = {k: v for k, v in os.environ.items() if not CI.match(k)} | variables
    environment["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
    program = str(Path(sys.executable).with_name("jupyter-book"))
    done = subprocess.run(
        [program, "build", str(folder), "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def launch_links(site: Path) -> Iterator[tuple[str, str]]:
    """Yield each page's name and the address of each of its buttons and links to Binder."""
    for page in sorted(site.rglob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for link in soup.select("a[href]"):
            address = str(link["href"])
            if "gd-launch" in (link.get("class") or []) or "mybinder.org/v2" in address:
                yield str(page.relative_to(site).with_suffix("").as_posix()), address


@pytest.mark.long
def test_every_launch_link_opens_a_file_of_the_fork_that_built_it(tmp_path: Path) -> None:
    variables = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "fork/book",
        "GITHUB_REF_NAME": "trunk",
    }
    links = list(launch_links(build(tmp_path, variables)))
    for page, address in links:
        parts = urlsplit(address)
        assert (parts.hostname, parts.path) == ("mybinder.org", "/v2/gh/fork/book/trunk")
        opened = parse_qs(parts.query)["urlpath"][0].removeprefix("lab/tree/")
        assert (ROOT / opened).exists()
        assert opened in (f"{page}.ipynb", "chapters")  # a button, or "Run this code"
    notebooks = {f"chapters/{path.stem}" for path in (ROOT / "chapters").glob("*.ipynb")}
    buttons = {page for page, address in links if address.endswith(".ipynb")}
    assert buttons == notebooks != set()


def test_a_book_without_a_repository_has_no_launch_buttons(tmp_path: Path) -> None:
    """One chapter stands for its part of the book, beside all other pages."""
    site = build(tmp_path, {}, without=r"chapters/(0[^159]|1[^16]|20)-.*")
    assert len(list(site.glob("chapters/[01]*.html"))) == 5
    assert list(launch_links(site)) == []
