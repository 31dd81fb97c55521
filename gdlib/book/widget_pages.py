"""Widgets on a page without a kernel: a place, its state as JSON, and a still figure.

The bundle is loaded once a page, by pages that have a widget and by no others. On paper a living
figure draws itself; the still one is for readers without scripts and for figures that fail, and no
other reader loads it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdlib.book import figures, live_code, npm
from gdlib.book.narrow import MIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "gdlib"
_SAVED_STATE = "application/vnd.jupyter.widget-state+json"
_STATIC = Path(__file__).resolve().parent.parent / "static"
_SERVED = (
    "widgets.js", "widgets.css", "surface.js", "practice.js", "contents.js", "progress.js",
    "forms.js", "claims.js",
)  # fmt: skip


class widget(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (docutils names nodes like this)
    """A place for a widget; its child is the still figure."""


class WidgetRenderer:
    """myst-nb's renderer of what only our kernels say: a widget's state, a figure's two forms."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Return a figure, a place for one of our widgets, nothing for others', else None."""
        if data.mime_type == MIME and not inline:
            return [figures.forms_of(renderer, data.content)]
        if data.mime_type != VIEW or inline:
            return None
        found = data.content.get(STATE)
        if found is None:
            return []
        return [
            widget("", model=data.content["model_id"], kind=found["kind"], state=found["state"])
        ]


class _Stills(SphinxPostTransform):
    """Put an output's picture or text under its widget, before myst-nb keeps one of the two."""

    default_priority = 3

    def run(self, **_kwargs: Any) -> None:
        for place in list(self.document.findall(widget)):
            still = _still_beside(place)
            if still is not None:
                still.parent.remove(still)
                if isinstance(still, nodes.image):
                    still["alt"] = still.get("alt") or place["state"]["alt"]
                place += still


def _still_beside(place: widget) -> nodes.Element | None:
    bundle = place.parent.parent
    pictures: Iterator[nodes.Element] = bundle.findall(nodes.image)
    texts: Iterator[nodes.Element] = bundle.findall(nodes.raw)
    return next(pictures, None) or next(texts, None)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the node, the steps that fill it, and the files that pages with widgets load."""
    app.add_node(
        widget,
        html=(_visit_html, _depart_html),
        latex=(_visit_plain, _depart_plain),
        text=(_visit_plain, _depart_plain),
    )
    app.add_post_transform(_Stills)
    app.connect("doctree-resolved", _name_places)
    app.connect("html-page-context", _load_bundle)
    app.connect("html-page-context", _drop_saved_state, priority=950)
    app.connect("builder-inited", _copy_bundle, priority=200)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _name_places(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Name places and models by kind and order, so that two builds are equal and links last."""
    counts: dict[str, int] = {}
    models: dict[str, str] = {}
    for place in doctree.findall(widget):
        kind = place["kind"].lower()
        counts[kind] = counts.get(kind, 0) + 1
        name = f"{kind}-{counts[kind]}"
        place["first"] = place["model"] not in models
        place["model"] = models.setdefault(place["model"], name)
        place["ids"] = [name]


def _load_bundle(
    app: Sphinx,
    _pagename: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is not None and next(iter(doctree.findall(widget)), None) is not None:
        more: dict[str, Any] = {"data-run": live_code.amount(app)} if live_code.offered(app) else {}
        app.add_js_file("widgets/widgets.js", loading_method="defer", **more)


def _drop_saved_state(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Leave out myst-nb's copy of every model, which holds the whole bundle once per widget."""
    context["script_files"] = [
        file
        for file in context["script_files"]
        if getattr(file, "attributes", {}).get("type") != _SAVED_STATE
    ]


def _copy_bundle(app: Sphinx) -> None:
    target = npm.static(app) / "widgets"
    target.mkdir(parents=True, exist_ok=True)
    for name in _SERVED:
        shutil.copy2(_STATIC / name, target / name)


def _visit_html(translator: HTML5Translator, place: widget) -> None:
    translator.body.append(
        translator.starttag(place, "div", CLASS="gd-widget", **{"data-model": place["model"]})
    )
    if place["first"]:
        safe = _json(place).replace("<", "\\u003c")
        name = f"gd-state-{place['model']}"
        translator.body.append(f'<script type="application/json" id="{name}">{safe}</script>\n')
    translator.body.append('<div class="gd-still"><noscript>')


def _json(place: widget) -> str:
    """Write a widget's state; JSON has no NaN and no infinity, and a page could not read them."""
    try:
        return json.dumps(
            place["state"], ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except ValueError as error:
        raise ValueError(
            f"the state of {place['model']} holds NaN or an infinity, which JSON cannot say"
        ) from error


def _depart_html(translator: HTML5Translator, _place: widget) -> None:
    translator.body.append("</noscript></div></div>\n")


def _visit_plain(_translator: Any, _place: widget) -> None:
    """Other formats show the still figure alone."""


def _depart_plain(_translator: Any, _place: widget) -> None:
    pass
