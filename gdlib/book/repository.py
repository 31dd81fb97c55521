"""Where the book's repository is, told to the theme, whose launch buttons then point into it.

Without a repository that Binder can open no button is made; a fork's build points to the fork.
Colab has a button where the chapters install the package from that repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdlib.book import colab
from gdlib.book.launch import repository

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

OPENED_BY_BINDER = ("https://github.com/", "https://gitlab.com/")


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill the theme's options before it reads them."""
    app.connect("config-inited", _use_repository, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _use_repository(app: Sphinx, config: Config) -> None:
    found = repository(Path(app.confdir))
    options = dict(config.html_theme_options)
    options["launch_buttons"] = {}
    if found is not None and found.url.startswith(OPENED_BY_BINDER):
        options["repository_url"] = found.url
        options["repository_branch"] = found.branch
        options["launch_buttons"] = {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
        }
        if colab.opens(Path(app.srcdir) / "chapters", found):
            options["launch_buttons"]["colab_url"] = colab.ADDRESS
    config.html_theme_options = options
