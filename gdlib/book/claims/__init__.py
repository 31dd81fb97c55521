"""Claims on trial: what popular explanations say of gradient descent, each with an experiment.

`claim.py` reads what is said and how it is judged; `trial.py` runs the experiments; `shown.py` and
`drawing.py` write the page; `links.py` leads from the chapters to it. The build stops at a claim
without an experiment, at a verdict that the numbers do not bear out, and at a section that is not
there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdlib.book.claims import links, shown, trial
from gdlib.book.claims.claim import Claim, judge, read

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_LABEL = re.compile(r"^\(([\w-]+)\)=\s*\n#", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Lead from the chapters to their claims, and give the page its script."""
    app.connect("doctree-resolved", links.add, priority=420)
    app.connect("html-page-context", _load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page(app: Sphinx) -> str:
    """Return the Markdown of all claims, in the order of the chapters that teach them."""
    folder = Path(app.srcdir) / "chapters"
    for path in (
        *folder.glob("[0-9]*.ipynb"),
        *Path(__file__).parent.rglob("*.toml"),
        *Path(__file__).parent.rglob("*.py"),
    ):
        app.env.note_dependency(str(path))
    places = sections(folder)
    claims = in_order(read(), places)
    measured = trial.numbers(claims, Path(app.doctreedir) / "claims.json")
    verdicts = [judge(claim, measured[claim.id]) for claim in claims]
    parts = _parts(app)
    where = {claim.id: parts.get(places[claim.taught], "The book") for claim in claims}
    blocks = [shown.filters(where.values())]
    part = ""
    for claim in claims:
        if where[claim.id] != part:
            part = where[claim.id]
            blocks.append(f"## {part}")
        blocks.append(shown.section(claim, part, measured[claim.id]))
    return "\n\n".join([*blocks, f"## The verdicts\n\n{shown.summary(verdicts)}"])


def sections(folder: Path) -> dict[str, str]:
    """Return the chapter of each section that has a label, in the book's order."""
    return {
        label: path.stem
        for path in sorted(folder.glob("[0-9]*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
        for label in _LABEL.findall("".join(cell["source"]))
    }


def in_order(claims: list[Claim], places: dict[str, str]) -> list[Claim]:
    """Return the claims in the order of the sections that teach them.

    Raises
    ------
    ValueError
        A claim whose section no chapter has.
    """
    for claim in claims:
        if claim.taught not in places:
            raise ValueError(f"claim {claim.id!r}: no chapter has a section {claim.taught!r}")
    order = list(places)
    return sorted(claims, key=lambda claim: order.index(claim.taught))


def _parts(app: Sphinx) -> dict[str, str]:
    """Return the caption of the part that each chapter belongs to."""
    return {
        Path(str(item)).stem: str(part.caption or "The book")
        for part in app.config.external_site_map.root.subtrees
        for item in part.items
    }


def _load_script(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if 'class="gd-claim"' in context.get("body", ""):
        app.add_js_file("widgets/claims.js", loading_method="defer")
