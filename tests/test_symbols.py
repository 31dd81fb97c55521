"""One symbol, one meaning: the table in CONTRIBUTING.md against the formulas of the chapters.

A symbol is a letter of a formula, Latin or Greek, without its index and its hat; what stands in
code is no formula. The table says what each means, and in which chapters.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
CHAPTERS = {path.stem[:2]: path for path in sorted((ROOT / "chapters").glob("*.ipynb"))}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

GREEK = re.compile(
    "(?:alpha|beta|gamma|delta|(?:var)?epsilon|zeta|eta|(?:var)?theta|kappa|lambda|mu|nu|xi|pi|rho"
    "|sigma|tau|(?:var)?phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|nabla)"
)
SAME = {r"\epsilon": r"\varepsilon"}  # SymPy prints the one, pages say the other
WORDS = re.compile(
    r"\\(?:text\w*|mathrm|operatorname)\*?\s*\{[^{}]*\}|\\(?:begin|end)\{\w+\*?\}(?:\{[lcr]+\})?"
)
NO_SYMBOL = re.compile(r"(?<![A-Za-z])e\^|\[\d+pt\]")  # Euler's number; a gap between lines
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$]+?)\$", re.DOTALL)
ROLE = re.compile(r"\{\w+(?::\w+)?\}`([^`<]+?)(?: <[^`]*>)?`")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def symbols(formula: str) -> set[str]:
    """Return the letters of a formula; three or more together are a word, such as `max`."""
    bare = NO_SYMBOL.sub(" ", WORDS.sub(" ", formula))
    found: set[str] = set()
    for command, letters in re.findall(r"\\([a-zA-Z]+)|([A-Za-z]+)", bare):
        if GREEK.fullmatch(command):
            found.add(SAME.get("\\" + command, "\\" + command))
        elif len(letters) < 3:
            found.update(letters)
    return found


def prose(chapter: str) -> Iterator[str]:
    for cell in nbformat.read(CHAPTERS[chapter], as_version=4).cells:
        if cell.cell_type == "markdown":
            yield CODE.sub("", ROLE.sub(r"\1", cell.source))


def formulas(chapter: str) -> Iterator[str]:
    """Yield what is typeset on a page: in its text, and as results of its cells."""
    for text in prose(chapter):
        yield from (block or inline for block, inline in FORMULA.findall(text))
    for cell in nbformat.read(CHAPTERS[chapter], as_version=4).cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {}).get("text/latex", "")


@cache
def table() -> dict[str, dict[str, str]]:
    """Return what each symbol means, by chapters or in "all"."""
    text = CONTRIBUTING.split("## Symbols")[1]
    rows = re.findall(
        r"^\| \$(.+?)\$ \| (.+?) \|(?: \d\d \|)?$", text.split("\n## ")[0], re.MULTILINE
    )
    return {symbol: meanings(says) for symbol, says in rows}


def meanings(says: str) -> dict[str, str]:
    """Read what each chapter means: "in words (02, 05); in others (11)"."""
    found: dict[str, str] = {}
    for part in says.split("; "):
        words, chapters = re.fullmatch(r"(.+) \(([\d, ]+|all)\)", part).groups()  # type: ignore[union-attr]
        for chapter in chapters.split(", "):
            found[chapter] = f"{found[chapter]}; {words}" if chapter in found else words
    return found


def meaning(symbol: str, chapter: str) -> str:
    """Return what a symbol may mean in a chapter; nothing if it is not in the table."""
    says = table().get(symbol, {})
    return "; ".join(says[place] for place in ("all", chapter) if place in says)


KINDS = (
    "angle|chance|curvature|distance|gradient|guess|matrix|momentum|multiplier|rate|share|sign|unit"
    "|variance"
)
SYMBOL = r"\$(?P<symbol>\\[A-Za-z]+|[A-Za-z])\$"
SAYS = r"(?P<says>(?:the|an?|one|any) [^.,:;$]+)"
DEFINES = (
    rf"\b[Ll]et {SYMBOL} be {SAYS}",
    rf"\b[Ww]ith {SYMBOL} (?:for )?{SAYS}",
    rf"\b[Ww]here {SYMBOL} (?:is|means|stands for) {SAYS}",
    rf"{SYMBOL} (?:being|stands for) {SAYS}",
    rf"\b(?P<says>{KINDS}) {SYMBOL}(?! ?[=(])",
)


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the symbols that a text defines, and what it says of each."""
    for pattern in DEFINES:
        for match in re.finditer(pattern, text):
            if symbols(match["symbol"]):
                yield match["symbol"], " ".join(match["says"].split())


def agree(meant: str, says: str) -> bool:
    """Tell whether a definition has a word of the meaning in the table, endings aside."""
    stems = {word[:5] for word in re.findall(r"[a-zé]{3,}", meant.lower())} - {"the", "and", "for"}
    return any(word[:5] in stems for word in re.findall(r"[a-zé]{3,}", says.lower()))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_symbol_of_a_chapters_formulas_is_in_the_table(chapter: str) -> None:
    used = {symbol: f for f in formulas(chapter) for symbol in symbols(f)}
    unknown = {s: f[:90] for s, f in sorted(used.items()) if not meaning(s, chapter)}
    assert unknown == {}, "say in CONTRIBUTING.md what it means, or use a symbol that means it"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_chapter_defines_is_what_the_table_says(chapter: str) -> None:
    found = [pair for text in prose(chapter) for pair in definitions(text)]
    other = [
        (symbol, says, meaning(symbol, chapter))
        for symbol, says in found
        if not agree(meaning(symbol, chapter), says)
    ]
    assert other == [], "the symbol, what the page says, what the table says"


def test_the_table_names_no_symbol_where_no_formula_has_it() -> None:
    used = {chapter: set().union(*map(symbols, formulas(chapter))) for chapter in CHAPTERS}
    used["all"] = set().union(*used.values())
    stale = [(s, c, means[c]) for s, means in table().items() for c in means if s not in used[c]]
    assert stale == [], "delete from CONTRIBUTING.md: symbol, chapter, meaning"
    first = re.findall(r"^\| \$(.+?)\$ \| .+ \| (\d\d) \|$", CONTRIBUTING, re.MULTILINE)
    assert first
    assert [pair for pair in first if pair[0] not in used[pair[1]]] == [], "not used there"


def test_symbols_are_read_off_a_formula() -> None:
    formula = r"\frac{\hat m_k}{\sqrt{v} + \varepsilon} \le \max_i \text{rate} \cdot e^{-2}"
    assert symbols(formula) == {"m", "k", "v", r"\varepsilon", "i"}
    assert symbols(r"\begin{array}{l} v \\[3pt] \epsilon \end{array}") == {"v", r"\varepsilon"}


def test_a_second_meaning_is_noticed() -> None:
    assert meanings("step (02); spread (04, 05)") == {"02": "step", "04": "spread", "05": "spread"}
    assert list(definitions(r"Let $R$ be the distance to go, with $k$ the step.")) == [
        ("R", "the distance to go"),
        ("k", "the step"),
    ]
    assert agree("distance from start to minimum", "the distance to go")
    assert not agree("distance from start to minimum", "the learning rate")
