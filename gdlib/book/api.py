"""The reference of the package's public names, each from its own docstring.

The names are those of ``gdlib/__init__.pyi``, in groups by the module that defines them; a new
name finds its place by itself.
"""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.pycode import ModuleAnalyzer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx import addnodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

STUB = Path(__file__).resolve().parent.parent / "__init__.pyi"
GROUPS = {
    "Landscapes": ("landscapes",),
    "Update rules": ("optimizers",),
    "Data": ("problems", "layout", "descent.batches"),
    "Derivatives by the chain rule": ("autodiff",),
    "Descent": ("descent",),
    "Tuning": ("tuning",),
    "Learning rates that change": ("schedules",),
    "What is wrong with a run": ("diagnosis",),
    "What the book says of a cost": ("surveys",),
    "Derivatives by differences": ("finite_differences",),
    "Random matrices": ("theory",),
    "Results beside their sources": ("results",),
    "Figures": ("plotting",),
    "Widgets": ("widgets",),
    "A rule of your own": ("workbench",),
    "Exercises": ("exercises",),
}
"""Headings, and the modules below each, or the folders."""
_ELSE = "More"
_CODE = re.compile(r"(?<![`:\w])`([^`\n]+)`(?![`_\w])")
_PATH = re.compile(
    r"~?\b(?:collections|gdlib|matplotlib|numpy|sympy|typing)\.(?:[a-z_]\w*\.)*(?=\w)"
)
_ARRAY = re.compile(r"~?numpy\.ndarray\[.*numpy\.(\w+)\]\]")
_ALIASES = {
    "ArrayLike": "array-like",
    "AnyPath": "Trajectory | array-like",
    "Path2": "Trajectory | array-like",
}
"""Names of types that a reader does not meet elsewhere, and what they are."""
_CONSTANT = re.compile(r"(?<==)[A-Z][A-Z_]*\b")
_BARS = re.compile(r"\|([^|`\s][^|`]*)\|")
_SETTINGS = {
    "autodoc_typehints": "description",
    "autodoc_typehints_description_target": "documented_params",
    "autodoc_type_aliases": {"Array": "array", "ArrayLike": "array-like", "Path2": "Path2"},
    "autodoc_typehints_format": "short",
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "napoleon_google_docstring": False,
    "napoleon_use_rtype": False,
    "toc_object_entries": False,  # hundreds of methods would hide the headings
    "nitpick_ignore_regex": [("py:.*", ".*")],  # types of other projects, whose pages are elsewhere
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Load Sphinx's own readers of docstrings and set them up."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("config-inited", _configure)
    app.connect("autodoc-process-docstring", _mark_code, priority=400)  # before napoleon
    app.connect("autodoc-process-signature", _show_constants)
    app.connect("object-description-transform", _shorten_types, priority=900)  # after autodoc
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page(app: Sphinx) -> str:
    """Return the Markdown of the reference: a heading a group, a description a name."""
    found: dict[str, list[str]] = {}
    for name, module in names().items():
        found.setdefault(_group(module), []).append(name)
    app.env.note_dependency(str(STUB))
    sections = [title for title in (*GROUPS, _ELSE) if title in found]
    return "\n\n".join(f"## {title}\n\n{_described(found[title])}" for title in sections)


def names() -> dict[str, str]:
    """Return every public name with the module that the stub takes it from; modules name selves."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: node.module or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _group(module: str) -> str:
    folder = module.partition(".")[0]
    titles = [t for t, modules in GROUPS.items() if module in modules or folder in modules]
    return titles[0] if titles else _ELSE


def _described(group: list[str]) -> str:
    """Return a group's names in a line, then their directives: those that are modules last."""
    package = import_module(__name__.partition(".")[0])
    values = {name: getattr(package, name) for name in group}
    ordered = sorted(group, key=lambda name: isinstance(values[name], ModuleType))
    index = " · ".join(f"{{py:obj}}`gd.{name} <gdlib.{name}>`" for name in ordered)
    lines = [line for name in ordered for line in _directives(name, values[name])]
    return "\n".join(["{.gd-names}", index, "", "````{eval-rst}", *lines, "````"])


def _directives(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, ModuleType):
        yield from _module(name, value)
    elif inspect.isclass(value):
        yield f".. autoclass:: gdlib.{name}"
        if not value.__module__.startswith("gdlib.widgets"):  # their traits are their parameters
            yield "   :members:"
    else:
        yield f".. autofunction:: gdlib.{name}"
    yield ""


def _module(name: str, module: ModuleType) -> Iterator[str]:
    """Describe a public module and what it offers beyond the names that `gdlib` has itself."""
    yield from (f".. py:module:: gdlib.{name}", "", f".. rubric:: gdlib.{name}", "")
    yield from (_CODE.sub(r"``\1``", inspect.getdoc(module) or ""), "")
    for member in offered(module):
        value = getattr(module, member)
        if callable(value):
            kind = "class" if inspect.isclass(value) else "function"
            yield from (f".. auto{kind}:: gdlib.{name}.{member}", "")
        else:
            yield from (
                f".. py:data:: {member}",
                f"   :module: gdlib.{name}",
                "",
                f"   {_note(module, member)}",
                "",
            )


def _note(module: ModuleType, member: str) -> str:
    """Return what is written below a table, in a public module or in its file of that name."""
    for place in (f"{module.__name__}.{member}", module.__name__):
        if find_spec(place):
            notes = ModuleAnalyzer.for_module(place).find_attr_docs()
            if ("", member) in notes:
                return " ".join(notes["", member]).strip()
    raise LookupError(f"{module.__name__}.{member} has no description")


def _at(module: ModuleType, name: str, place: str) -> bool:
    """Tell whether a module's name is what `gdlib` has under that name, from some place."""
    found = getattr(module, name)
    return bool(found.__module__.startswith(f"gdlib.{place}"))


def offered(module: ModuleType) -> list[str]:
    """Return a public module's own names: its `__all__`, or what is in its catalogue, or all."""
    top = names()
    if hasattr(module, "catalogue"):
        return ["catalogue", *(name for name in module.catalogue if name not in top)]
    if hasattr(module, "__all__"):
        own = [name for name in module.__all__ if not name.isupper()]
        return [name for name in own if not (name in top and _at(module, name, top[name]))]
    own = [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__ and name[0] != "_"
    ]
    return [name for name in own if name not in top]


def _configure(_app: Sphinx, config: Config) -> None:
    for name, value in _SETTINGS.items():
        setattr(config, name, value)


def _mark_code(
    _app: Sphinx, what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Set what docstrings put between single backticks as code, and keep |θ| an absolute value."""
    lines[:] = [_BARS.sub(r"\|\1\|", _CODE.sub(r"``\1``", line)) for line in lines]
    if what in ("property", "attribute", "data"):
        # Napoleon takes what stands before a colon in the first line for a type; this line has
        # none, and a backslash at its end is not shown.
        lines.insert(0, "\\")


def _show_constants(
    _app: Sphinx, _what: str, _name: str, value: Any, _options: Any, signature: str, returns: str
) -> tuple[str, str]:
    """Print a default that the source names, `shrink=SHRINK`, as the number that it is."""
    named = getattr(value, "__globals__", {})
    return _CONSTANT.sub(lambda at: repr(named.get(at[0], at[0])), signature or ""), returns


def _shorten_types(_app: Sphinx, domain: str, _kind: str, content: addnodes.desc_content) -> None:
    """Name a type as a reader writes it: `Expr`, not where SymPy keeps it."""
    fields = content.findall(nodes.field_list) if domain == "py" else ()
    for text in [text for field in fields for text in field.findall(nodes.Text)]:
        if isinstance(text.parent, nodes.literal):
            continue
        short = _PATH.sub("", _ARRAY.sub(r"array of \1", str(text)))
        for alias, said in _ALIASES.items():
            short = short.replace(alias, said)
        if short != text:
            text.parent.replace(text, nodes.Text(short))
