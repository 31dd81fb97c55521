"""Launch buttons: none without a repository; each opens a notebook that the repository has.

And how to get the package, on the page and in the notebook that it offers.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

from gdlib.book import colab
from gdlib.book.getting import TOLD
from gdlib.book.launch import Repository, repository
from tests.browser.site import ROOT, SITE, chapters, pages

pytestmark = pytest.mark.site
LAUNCH = re.compile(r'class="gd-launch" href="([^"]+)"')


def _links(page: Path) -> list[str]:
    return [link.replace("&amp;", "&") for link in LAUNCH.findall(page.read_text("utf-8"))]


def _opened_file(link: str) -> str:
    """Return the path that JupyterLab or Colab opens, relative to the repository."""
    if link.startswith(colab.ADDRESS):
        return urlsplit(link).path.partition("/blob/main/")[2]
    (path,) = parse_qs(urlsplit(link).query)["urlpath"]
    return path.removeprefix("lab/tree/")


@pytest.mark.parametrize("name", chapters())
def test_each_launch_link_of_the_site_opens_a_file_of_the_repository(name: str) -> None:
    links = _links(SITE / name)
    home = repository(ROOT)
    opened = bool(home and re.match(r"https://git(hub|lab)\.com/", home.url))
    assert len(links) == opened + bool(home and colab.opens(ROOT / "chapters", home))
    assert all((ROOT / _opened_file(link)).is_file() for link in links)


@pytest.mark.parametrize("name", pages())
def test_a_page_that_imports_the_package_says_how_to_get_it(name: str) -> None:
    text = (SITE / name).read_text("utf-8")
    shown = re.sub(r"<script.*?</script>|<[^>]*>", "", text, flags=re.DOTALL)
    assert text.count('<details class="gd-get">') == ("import gdlib" in shown)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book of one notebook, with our configuration and npm's packages in place."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "references.bib"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "_build" / "npm", folder / "_build" / "npm")
    toc = "format: jb-book\nroot: index\nchapters:\n  - file: chapters/only\n"
    (folder / "_toc.yml").write_text(toc)
    (folder / "index.md").write_text("# A book\n")
    (folder / "chapters").mkdir()
    title = nbformat.v4.new_markdown_cell("# Only", id="title")
    source = f'try:\n    import gdlib as gd\nexcept ModuleNotFoundError:\n    print("{TOLD}")\n'
    code = nbformat.v4.new_code_cell(source, id="code")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[title, code], metadata=kernel)
    nbformat.write(notebook, folder / "chapters" / "only.ipynb")
    return folder


BINDER = "https://mybinder.org/v2/gh/ada/descent/main"
COLAB = f"{colab.ADDRESS}/github/ada/descent/blob/main/chapters/only.ipynb"


def _built(book: Path, server: str) -> list[str]:
    """Build the book as that of a repository on a server; return its launch links."""
    named = {"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": "ada/descent"}
    environment = {**os.environ, **named, "GITHUB_REF_NAME": "main", "GITHUB_BASE_REF": ""}
    program = str(Path(sys.executable).with_name("jupyter-book"))
    command = [program, "build", "-nW", "--all", str(book)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return _links(book / "_build" / "html" / "chapters" / "only.html")


@pytest.mark.parametrize(
    ("server", "expected"),
    [("https://github.com", [BINDER]), ("https://git.example.org", [])],
)
def test_a_fork_gets_its_own_button_and_command_and_an_unknown_host_no_button(
    book: Path, server: str, expected: list[str]
) -> None:
    links = _built(book, server)
    assert [link.partition("?")[0] for link in links] == expected
    install = f"pip install git+{server}/ada/descent@main"
    page = (book / "_build" / "html" / "chapters" / "only.html").read_text("utf-8")
    assert f"<pre>{install}</pre>" in page
    assert ("the chapters run on Binder" in page) == bool(expected)
    offered = (book / "_build" / "html" / "_sources" / "chapters" / "only.ipynb").read_text("utf-8")
    assert f"%{install}" in offered
    assert TOLD not in offered
    assert all((book / _opened_file(link)).is_file() for link in links)


def test_colab_has_a_button_where_a_chapter_installs_the_package(
    book: Path, tmp_path: Path
) -> None:
    book = shutil.copytree(book, tmp_path / "book")
    path = book / "chapters" / "only.ipynb"
    home = Repository("https://github.com/ada/descent", "main")
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    notebook.cells[1].source = colab.installing(notebook.cells[1].source, home)
    nbformat.write(notebook, path)
    links = _built(book, "https://github.com")
    assert [link.partition("?")[0] for link in links] == [BINDER, COLAB]
    assert all((book / _opened_file(link)).is_file() for link in links)
