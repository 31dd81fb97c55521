"""Figures in two forms, wide and narrow: a page shows the one that the screen has room for.

Chapters are executed by a kernel that draws both (`gdlib.book.narrow`); here they become a
``<picture>``, which also says how large the letters are and on what they stand. A figure with a
landscape in it has both for a dark page, too, and theme.js chooses.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

NARROW = "(max-width: 47.5rem)"
"""Below this width of a page its figures are the narrow ones."""
_FORMS = ("wide", "narrow", "dark wide", "dark narrow")


class picture(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (docutils names nodes like this)
    """A figure's images in the order of `_FORMS`, with what is known of their letters."""


class _Pictures(SphinxPostTransform):
    """Put both forms where the figure's PNG stands, before myst-nb chooses among the outputs."""

    default_priority = 3

    def run(self, **_kwargs: Any) -> None:
        for forms in list(self.document.findall(picture)):
            png = next(i for i in forms.parent.parent.findall(nodes.image) if i.parent is not forms)
            forms.parent.remove(forms)
            forms["alt"] = png.get("alt", "")
            forms["classes"] = png["classes"]
            png.replace_self(forms)


def setup(app: Sphinx) -> dict[str, Any]:
    """Let kernels draw both forms, and register what writes them."""
    app.add_node(picture, html=(_visit_picture, None), latex=(_visit_plain, _depart_plain))
    app.add_post_transform(_Pictures)
    app.connect("config-inited", _prepare_kernels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _prepare_kernels(app: Sphinx, _config: Any) -> None:
    """Give kernels that this build starts a profile of their own, which installs the drawing."""
    profile = Path(app.srcdir) / "_build" / "ipython"
    startup = profile / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    line = "__import__('gdlib.book.narrow').book.narrow.install()\n"
    (startup / "figures.py").write_text(line, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(profile)
    # The profile imports NumPy, so a cell comes too late to ask for one thread, as chapter 10 does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def forms_of(renderer: Any, known: dict[str, Any]) -> picture:
    """Return the node of a figure that a kernel drew in both forms, its images kept as files."""
    drawn = [known[form] for form in _FORMS if form in known]
    forms = picture("", sizes=[form["size"] for form in drawn])
    forms["letters"] = [[form["inches"], form["letters"]] for form in drawn]
    for form in drawn:
        image = base64.b64decode(form["webp"])
        name = f"{hashlib.sha256(image).hexdigest()[:20]}.webp"
        uri = renderer.write_file([name], image, overwrite=False, exists_ok=True)
        forms += nodes.image(uri=uri)
    return forms


def _visit_picture(translator: HTML5Translator, forms: picture) -> None:
    folder, names = translator.builder.imgpath, translator.builder.images
    wide, narrow, *dark = (
        f"{folder}/{names[image['uri']]}" for image in forms.findall(nodes.image)
    )
    (width, height), (slim, tall), *_ = forms["sizes"]
    letters = html.escape(json.dumps(forms["letters"], separators=(",", ":")))
    sources = _source(narrow, (slim, tall), dark[1:], f' media="{NARROW}"')
    if dark:
        sources += _source(wide, (width, height), dark[:1])
    translator.body.append(
        f'<picture data-letters="{letters}"'
        f' style="--gd-wide:{width}/{height};--gd-narrow:{slim}/{tall}">{sources}'
        f'<img alt="{html.escape(forms["alt"])}" src="{wide}" width="{width}" height="{height}">'
        "</picture>\n"
    )
    raise nodes.SkipNode


def _source(address: str, size: Sequence[int], dark: Sequence[str], media: str = "") -> str:
    """Return a source of a picture, with both its addresses where it has another for the dark."""
    both = "".join(f' data-light="{address}" data-dark="{other}"' for other in dark)
    return f'<source{media} srcset="{address}" width="{size[0]}" height="{size[1]}"{both}>'


def _visit_plain(_translator: Any, forms: picture) -> None:
    """Other formats show the wide form alone."""
    del forms[1:]


def _depart_plain(_translator: Any, _forms: picture) -> None:
    pass
