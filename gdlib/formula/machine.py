"""Compile printed loops to machine code with Numba, if the extra `gdlib[fast]` is installed.

Not a way to run other formulas: the loops are printed from the same trees as all others, in the
same order, and without the liberties that compilers take with sums. So a result differs from
NumPy's only where their sines, powers and the like are rounded otherwise.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

HEAD = '''\
"""Printed and compiled by gdlib; safe to delete."""

from math import acos, asin, atan, cos, cosh, exp, log, pow, sin, sinh, sqrt, tan, tanh

import numba
import numpy as np
from numpy import floor

njit = numba.njit(error_model="numpy", cache={cached})


@njit
def max(a, b):
    return a if a >= b or a != a else b


@njit
def min(a, b):
    return a if a <= b or a != a else b


@njit
'''
"""What stands before a printed function; each one that follows it has its own `@njit`."""


@cache
def available() -> bool:
    """Tell whether Numba is installed and fits the NumPy that is."""
    try:
        import numba  # noqa: F401
        import platformdirs  # noqa: F401
    except ImportError:
        return False
    return True


@cache
def compile_numba(source: str, name: str) -> Callable[..., Any]:
    """Compile a printed function of that name when it is first called; once on each computer.

    Numba keeps its work beside a file that holds the source, in the user's cache. Where no file
    can be written, it is compiled again in each process.
    """
    path = _file(HEAD.format(cached=True) + source)
    if path is None:
        scope: dict[str, Any] = {"__name__": "gdlib.printed"}
        exec(compile(HEAD.format(cached=False) + source, f"<generated {name}>", "exec"), scope)
        found: Callable[..., Any] = scope[name]
        return found
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loader for {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where Numba looks for it when it loads what it kept
    spec.loader.exec_module(module)
    compiled: Callable[..., Any] = getattr(module, name)
    return compiled


def _file(text: str) -> Path | None:
    """Return a file in the user's cache that holds this text; None where there can be none."""
    import platformdirs

    code = text.encode()
    folder = Path(platformdirs.user_cache_dir("gdlib"))
    path = folder / f"loop_{hashlib.sha256(code).hexdigest()}.py"
    try:
        if path.is_file() and path.read_bytes() == code:
            return path
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(code)
        Path(draft).replace(path)  # another process may write the same
    except OSError:
        return None
    return path
