"""What every widget shares: the bundle, the state that a page keeps, the still picture."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from gdlib import checks
from gdlib.console import printable
from gdlib.widgets.traits import Text, finite_json, in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "gdlib"
"""The key inside the view's JSON under which a page finds the widget's kind and state."""

SHARED = ("alt", "layout", "tabbable", "tooltip")
"""What every widget of a notebook may be given besides its own traits."""

_STATIC = Path(__file__).resolve().parent.parent / "static"


@printable
class Widget(anywidget.AnyWidget):
    """A living figure. Subclasses define traits, `alt_text`, `draw`, `title`; the browser computes.

    One output carries everything: the live view for a notebook, its state for a page, a still
    picture for paper and for readers without scripts, and a line of text for a diff.
    """

    _esm = _STATIC / "widgets.mjs"
    _css = _STATIC / "widgets.css"

    kind: ClassVar[str]
    """The name under which the front end registers this widget; the class's own name."""

    _kind = traitlets.Unicode().tag(sync=True)
    alt = Text(help="What a reader who cannot see the figure needs to know.").tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = cls.__name__

    def __init__(self, **kwargs: Any) -> None:
        _require_bundle()
        checks.keywords(self.kind, {*kwargs} - {"_programs"}, self.choices(), also=SHARED)
        with in_words():
            super().__init__(_kind=self.kind, **kwargs)
        if not self.alt:
            self.alt = self.alt_text()

    @classmethod
    def choices(cls) -> list[str]:
        """Return the names of this widget's own traits: what a caller may set."""
        inherited = Widget.class_trait_names()
        return sorted(
            name for name in cls.class_trait_names() if name not in inherited and name[0] != "_"
        )

    def title(self) -> str:
        """Return what stands between the parentheses of the `repr`."""
        return ""

    def alt_text(self) -> str:
        """Return the text alternative of the figure as it is first shown."""
        raise NotImplementedError

    def draw(self, figure: Figure) -> None:
        """Draw the still picture."""
        raise NotImplementedError

    def page_state(self) -> dict[str, Any]:
        """Return the JSON state that a page needs: our own synced traits, without the bundle."""
        own = [name for name in self.keys if _is_ours(name)]
        state = {name: self.get_state([name])[name] for name in sorted(own)}
        return {name: finite_json(name, value) for name, value in state.items()}

    def __repr__(self) -> str:
        return f"{self.kind}({self.title()})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        assert bundle is not None  # only a widget without a view has none
        data, metadata = bundle
        data[VIEW][STATE] = {"kind": self.kind, "state": self.page_state()}
        data.update(self.fallback())
        return data, metadata

    def fallback(self) -> dict[str, str]:
        """Return what stands for the widget on paper and without scripts, by media type."""
        return {"image/png": base64.b64encode(self.still()).decode()}

    def still(self) -> bytes:
        """Return the still picture as a PNG file."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7.6, 4.4), dpi=150, layout="constrained")
        figure.patch.set_alpha(0)
        self.draw(figure)
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()


def _is_ours(name: str) -> bool:
    inherited = set(anywidget.AnyWidget.class_trait_names())
    return name not in inherited and name not in ("_esm", "_css", "_anywidget_id")


def _require_bundle() -> None:
    if not (_STATIC / "widgets.mjs").exists():
        raise RuntimeError(
            "the widgets' front end has not been built: run `pip install -e .` in the book's folder"
        )
