"""Every question is answered shortly, and leads to a place in the book that exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

CHAPTERS = Path(__file__).parents[2] / "chapters"
TEXT = (CHAPTERS / "faq.md").read_text(encoding="utf-8")
ANSWERS = dict(re.findall(r"^### ([^\n]+)\n\n(.+?)(?=\n\n#|\Z)", TEXT, re.MULTILINE | re.DOTALL))
LINK = re.compile(r"\{(ref|doc)\}`(?:[^<`]*<)?([\w-]+)>?`")


def labels() -> set[str]:
    pages = [path.read_text(encoding="utf-8") for path in CHAPTERS.glob("*.md")]
    for path in CHAPTERS.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        pages += ["".join(cell["source"]) for cell in cells]
    return {label for page in pages for label in re.findall(r"^\(([\w-]+)\)=$", page, re.MULTILINE)}


KNOWN = {"ref": labels(), "doc": {path.stem for path in CHAPTERS.glob("*.*")}}


def test_there_are_twenty_questions_or_more() -> None:
    assert len(ANSWERS) >= 20
    assert len(ANSWERS) == TEXT.count("\n### ")
    assert all(question.endswith("?") for question in ANSWERS)


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_leads_to_a_place_that_exists(question: str) -> None:
    links = LINK.findall(ANSWERS[question])
    assert any(target in KNOWN[role] for role, target in links)


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_is_short(question: str) -> None:
    words = re.sub(r"`[^`]*`|\$[^$]*\$|\([^()]*\)", "", ANSWERS[question])
    sentences = re.findall(r"[.?](?=\s|$)", words)
    assert 2 <= len(sentences) <= 6
