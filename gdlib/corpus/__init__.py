"""The words of the book, as they were on one day: what chapter 19 learns from."""

from __future__ import annotations

import gzip
from importlib.resources import files


def book_words() -> list[list[str]]:
    """Return the words of this book as it was on 29 November 2026, one list a page.

    Fifteen chapters, the questions, the page on diagnosis and the glossary: 64,112 words in
    lower case, without formulas, code and numbers. Later changes of the book do not change them.
    The text is under CC BY 4.0, as all prose of the book is; `tests/data/make_book_words.py`
    took it.
    """
    packed = files(__package__).joinpath("book.txt.gz").read_bytes()
    text = gzip.decompress(packed).decode()
    return [page.split() for page in text.splitlines()]
