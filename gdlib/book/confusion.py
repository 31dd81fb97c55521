"""How often `gdlib.diagnose` is right: its answers to runs whose trouble is known.

The runs are of the families that the tests draw anew (`gdlib.diagnosis.labelled.families`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gdlib.diagnosis.findings import KINDS
from gdlib.diagnosis.labelled import families

if TYPE_CHECKING:
    from collections.abc import Iterable

RECALL, ALARMS = 0.95, 0.02
"""What the tests want, on seeds drawn anew: the share of the runs of each kind that are named
rightly, and the share of them that are told a trouble which they do not have."""
QUIET = 200
"""Runs of adaptive rules without noise, in which the summary counts who is told of noise."""


def page(_app: Any, part: str = "kinds") -> str:
    """Return the Markdown of the summary, of the table by kind, or of the table by family."""
    writers = {"summary": summary, "kinds": by_kind, "families": by_family}
    if part not in writers:
        raise ValueError(f"a part of the confusion is one of {', '.join(writers)}, not {part!r}")
    return writers[part]()


def summary() -> str:
    """State how many runs are named rightly, how many are left open, how many wrongly."""
    pairs = [(run.label, kind) for run, kind in families.judged()]
    right = sum(label == kind for label, kind in pairs)
    left_open = sum(label != kind == "cannot tell" for label, kind in pairs)
    wrong = len(pairs) - right - left_open
    healthy = [kind for label, kind in pairs if label == "healthy"]
    alarms = sum(kind not in ("healthy", "cannot tell") for kind in healthy)
    quiet = families.without_noise(families.HELD_OUT, QUIET)
    noisy = sum(map(families.told_of_noise, quiet))
    return (
        f"It names {right} of {len(pairs)} runs rightly ({right / len(pairs):.1%}) and {wrong}"
        f" wrongly, and says “cannot tell” of {left_open} that it should have named. It finds"
        f" trouble in {alarms} of {len(healthy)} healthy runs, and noise in {noisy} of {QUIET} runs"
        " of adaptive rules without noise, on any landscape and from anywhere. The tests draw other"
        f" runs each time; they want {RECALL:.0%} of each kind named rightly, and at most"
        f" {ALARMS:.0%} told a trouble that they do not have."
    )


def by_kind() -> str:
    """Return a row a kind: how many are named so, what the others are called, how far to trust."""
    pairs = Counter((run.label, kind) for run, kind in families.judged())
    return _table(
        ("the run is", "named so", "called instead", "right when named"),
        (_row(pairs, label) for label in KINDS),
    )


def _row(pairs: Counter[tuple[str, str]], label: str) -> tuple[str, ...]:
    all_runs = sum(pairs[label, kind] for kind in KINDS)
    named = sum(pairs[other, label] for other in KINDS)
    others = {kind: pairs[label, kind] for kind in KINDS if kind != label and pairs[label, kind]}
    instead = ", ".join(f"{kind} {n}" for kind, n in others.items()) or "–"
    right = pairs[label, label]
    return label, f"{right} of {all_runs}", instead, f"{right} of {named}"


def by_family() -> str:
    """Return a row a family of runs: how they were made, what was given, how many are right."""
    found: dict[tuple[str, str, str], list[bool]] = {}
    for run, kind in families.judged():
        found.setdefault((run.label, run.family, run.given), []).append(run.label == kind)
    return _table(
        ("the run is", "how it is made", "what is given", "named so"),
        ((*key, f"{sum(right)} of {len(right)}") for key, right in found.items()),
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(map(_line, [head, ("---",) * len(head), *rows]))


def _line(cells: Iterable[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
