"""Forms on a page: a reader's own log, rule or cost, each above the cell whose code it writes.

The page's Python runs that code (`frontend/src/forms.ts`); without scripts there is no form. A
notebook's cell that is tagged with a form's name gets it above its code.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils import nodes

from gdlib.book import live_code

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ABOVE = {"workbench": "workbench_form", "your-cost": "cost_form"}
"""The module whose `form()` returns the HTML of each form, by the tag of its cell."""
_LOOK = (
    "<style>"
    ".gd-form{font-family:var(--gd-sans)}"
    ".gd-form :is(textarea,select,input:not([type=checkbox],[type=file])){max-width:100%;"
    "padding:.6rem .8rem;border:1px solid var(--gd-line-strong);border-radius:8px;"
    "background:var(--gd-raised);color:var(--gd-ink);font:inherit}"
    ".gd-form :is(textarea,input[size]){font:.9rem/1.5 var(--gd-mono)!important}"
    ".cell:has(.gd-form) .gd-run button:first-child{min-height:2.75rem;padding:0 1.5rem;"
    "background:var(--gd-accent);color:var(--gd-on-accent);font-size:1rem}"
    ".gd-form textarea{width:100%}.gd-form input[type=file]{max-width:100%}"
    ".gd-form :is(select,input:not([type=checkbox],[type=file])){min-height:2.75rem}"
    ".gd-form :is(textarea,select,input,summary):focus-visible{outline:3px solid var(--gd-accent);"
    "outline-offset:2px}"
    ".gd-form fieldset{margin:.75rem 0;padding:.25rem .8rem .5rem;border-radius:8px;"
    "border:1px solid var(--gd-line)}"
    ".gd-form .gd-ticks{display:flex;flex-wrap:wrap;gap:0 1rem}"
    ".gd-form .gd-ticks label,.gd-form summary{display:flex;gap:.5rem;align-items:center;"
    "min-height:2.75rem}"
    ".gd-form .gd-ticks input{width:1.1rem;height:1.1rem;accent-color:var(--gd-accent)}"
    ".gd-form .gd-line{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center}"
    ".gd-form summary{cursor:pointer;color:var(--gd-accent)}"
    ".gd-form [hidden]{display:none}"
    ".gd-form ~ details pre{max-height:18rem;overflow:auto}"
    "</style>"
)
"""Here and not in the style sheet, which every page loads."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Put forms above their cells, and load their script where one is."""
    app.connect("doctree-resolved", lambda _app, doctree, _name: placed(doctree), priority=410)
    app.connect("html-page-context", _load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def placed(doctree: nodes.document) -> None:
    """Put each tagged cell's form above its code."""
    for cell in doctree.findall(nodes.container):
        for tag, module in _ABOVE.items():
            if f"tag_{tag}" in cell.get("classes", ()):
                form = import_module(f"gdlib.book.{module}").form()
                place = next(
                    node
                    for node in cell.findall(nodes.container)
                    if "cell_input" in node["classes"]
                )
                place.insert(0, nodes.raw("", form, format="html"))


def _load_script(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    if 'class="gd-form"' in context.get("body", "") and live_code.offered(app):
        amount: dict[str, Any] = {"data-run": live_code.amount(app)}
        app.add_js_file("widgets/forms.js", loading_method="defer", **amount)


def form(name: str, verb: str, what: str, fields: str) -> str:
    """Return a form's HTML: its fields, and a line that says how it goes. `verb` is its button."""
    return (
        f'<div class="gd-form" data-form="{name}" data-verb="{verb}" data-what="{what}" hidden>'
        f'{_LOOK}{fields}<p role="status"></p></div>'
    )


def text_field(name: str, label: str, rows: int, value: str = "", hint: str = "") -> str:
    """Return a field of several lines."""
    return (
        f'<p><label for="gd-{name}">{label}</label></p>'
        f'<textarea id="gd-{name}" name="{name}" rows="{rows}" spellcheck="false"'
        f' autocapitalize="off" placeholder="{html.escape(hint)}">{html.escape(value)}</textarea>'
    )


def line_field(name: str, label: str, value: str = "", hint: str = "", size: int = 16) -> str:
    """Return a field of one line."""
    return (
        f'<p class="gd-line"><label for="gd-{name}">{label}</label>'
        f'<input id="gd-{name}" name="{name}" size="{size}" value="{html.escape(value)}"'
        f' placeholder="{html.escape(hint)}" spellcheck="false" autocapitalize="off"'
        ' autocomplete="off"></p>'
    )


def choice(name: str, label: str, groups: Mapping[str, Mapping[str, str]], chosen: str) -> str:
    """Return a list to choose from: by group, what is shown by its value."""

    def option(value: str, shown: str) -> str:
        mark = " selected" if value == chosen else ""
        return f'<option value="{value}"{mark}>{html.escape(shown)}</option>'

    listed = ""
    for group, options in groups.items():
        inside = "".join(option(*pair) for pair in options.items())
        listed += f'<optgroup label="{group}">{inside}</optgroup>' if group else inside
    return (
        f'<p class="gd-line"><label for="gd-{name}">{label}</label>'
        f'<select id="gd-{name}" name="{name}">{listed}</select></p>'
    )


def ticks(name: str, legend: str, options: Mapping[str, str], chosen: Iterable[str]) -> str:
    """Return boxes to tick: what is shown by its value."""
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{value}"'
        f"{' checked' * (value in chosen)}>{html.escape(shown)}</label>"
        for value, shown in options.items()
    )
    return f'<fieldset><legend>{legend}</legend><div class="gd-ticks">{boxes}</div></fieldset>'


def tick(name: str, label: str, *, on: bool) -> str:
    """Return one box to tick."""
    box = f'<label><input type="checkbox" name="{name}"{" checked" * on}>{label}</label>'
    return f'<p class="gd-ticks">{box}</p>'


def examples(texts: Mapping[str, str]) -> str:
    """Return a button for each text that fills the form."""
    buttons = "".join(
        f'<button type="button" data-text="{html.escape(text)}">{name}</button>'
        for name, text in texts.items()
    )
    return f'<p class="gd-tools" role="group" aria-label="Examples">Or an example: {buttons}</p>'


def file_field() -> str:
    """Return the field of a file."""
    return '<p><label>Or choose its file: <input type="file"></label></p>'
