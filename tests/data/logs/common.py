"""What the scripts beside this file share: the data, and how the truth about a run is kept."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets

HERE = Path(__file__).parent
DIGITS = datasets.load_digits()
PIXELS, CLASSES = DIGITS.data / 16, DIGITS.target
LABELS: dict[str, dict[str, Any]] = {}


def label(file: str, kind: str, losses: Any, *, decimals: int | None = None, **more: Any) -> None:
    """Note what a log holds: its losses' number, first and last, and the trouble."""
    known = [float(loss) for loss in losses]
    LABELS[file] = {
        "kind": kind, "count": len(known), "first": repr(known[0]), "last": repr(known[-1]),
        "decimals": decimals, **more,
    }  # fmt: skip


def held_out(losses: Any) -> dict[str, Any]:
    """Note what the losses on data held out are."""
    known = [float(loss) for loss in losses]
    return {
        "held_count": len(known), "held_first": repr(known[0]), "held_last": repr(known[-1]),
        "lowest": int(np.argmin(known)),
    }  # fmt: skip


def captured(work: Any) -> str:
    """Return what a piece of work prints."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        work()
    return said.getvalue()


def write(file: str, text: str, encoding: str = "utf-8") -> None:
    """Write a log as it came, whatever ends its lines."""
    (HERE / file).write_bytes(text.encode(encoding))


def save() -> None:
    """Write the labels beside those of other scripts."""
    path = HERE / "labels.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**known, **LABELS}, indent=1) + "\n")
