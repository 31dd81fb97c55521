"""The page's text: a claim under its own heading, with its experiment, verdict, chart and numbers.

All of it stands in the page, so that it reads without scripts and on paper. The script
(`frontend/src/claims.ts`) keeps a verdict back until the reader has judged.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Sequence

from gdlib.book.claims.claim import HOLDS, NOT, VERDICTS, WHEN, Claim
from gdlib.book.claims.drawing import bounds, chart
from gdlib.book.claims.numbers import shown
from gdlib.widgets import prose

ANCHOR = "claim-{}"
STYLE = (
    "<style>"
    ".gd-claim{max-width:var(--gd-measure);margin:0 0 2.5rem;padding:1rem 1.1rem;"
    "border:1px solid var(--gd-line);border-radius:var(--gd-radius);background:var(--gd-surface);"
    "font:1rem/1.5 var(--gd-sans)}"
    ".gd-claim :is(p,ul){max-width:none;margin:0 0 .6rem}.gd-claim ul{padding-inline-start:1.2rem}"
    ".gd-claim{--yes:#0072B2;--no:#C24F00}"
    "[data-theme=dark] .gd-claim{--yes:#4FA8DC;--no:#FF8A3D}"
    ".gd-claim svg{display:block;width:100%;max-width:34rem;height:auto;overflow:visible;"
    "font:12px var(--gd-sans);fill:var(--gd-ink)}"
    "@media(max-width:30rem){.gd-claim svg{font-size:15px}}"
    ".gd-claim .gd-axis{fill:none;stroke:var(--gd-line-strong)}"
    ".gd-claim .gd-limit{stroke:var(--gd-ink);stroke-dasharray:5 4}"
    ".gd-claim .gd-way{fill:none;stroke:var(--gd-line-strong);stroke-width:1.2}"
    ".gd-claim .gd-yes{fill:var(--yes)}"
    ".gd-claim .gd-no{stroke:var(--no);stroke-width:2.6;fill:none}"
    ".gd-claim .gd-at{fill:none;stroke:var(--gd-ink);stroke-width:2}"
    ".gd-claim figure{margin:.25rem 0 .6rem}"
    ".gd-claim figcaption{margin:.25rem 0 0;color:var(--gd-muted);font-size:.94rem}"
    ".gd-claim .gd-key{white-space:nowrap}"
    ".gd-claim .gd-key b{color:var(--yes)}.gd-claim .gd-key i{color:var(--no);font-style:normal;"
    "font-weight:700}"
    ".gd-claim label{display:block}"
    ".gd-claim input{width:100%;max-width:34rem;min-height:2.25rem;accent-color:var(--gd-accent)}"
    ".gd-claim button,.gd-claims-filter :is(select,button){min-height:2.75rem;padding:0 1rem;"
    "border:1px solid var(--gd-line-strong);border-radius:8px;background:var(--gd-raised);"
    "color:var(--gd-ink);font:1rem var(--gd-sans);cursor:pointer}"
    ".gd-claim :is(button,input,summary):focus-visible,"
    ".gd-claims-filter :is(select,button):focus-visible{outline:3px solid var(--gd-accent);"
    "outline-offset:2px}"
    ".gd-claim .gd-values{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 .6rem}"
    ".gd-claim .gd-values button{min-width:3.25rem;padding:0 .75rem}"
    ".gd-claim .gd-values button::before{content:'\\d7';content:'\\d7'/'';"
    "margin-inline-end:.4rem;color:var(--no);font-weight:700}"
    ".gd-claim .gd-values [aria-pressed=true]{border-color:var(--yes);"
    "box-shadow:inset 0 0 0 1px var(--yes)}"
    ".gd-claim .gd-values [aria-pressed=true]::before{content:'●';content:'●'/'';color:var(--yes)}"
    ".gd-claim .gd-guess [role=status]:not(:empty){margin-bottom:.6rem}"
    ".gd-claim summary{min-height:2.25rem;color:var(--gd-accent);cursor:pointer}"
    ".gd-claim table{margin:0;font-size:.94rem}"
    ".gd-claim td{padding:.1rem .8rem .1rem 0;font-variant-numeric:tabular-nums}"
    ".gd-claims-filter{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;"
    "max-width:var(--gd-measure);font:1rem/1.5 var(--gd-sans)}"
    ".gd-claims-filter [role=status]{flex-basis:100%;margin:0}"
    ".gd-claims-filter select{max-width:100%}"
    ":is(.gd-claim,.gd-claims-filter) [hidden],.gd-claims-filter[hidden]{display:none}"
    "@media print{.gd-claim{break-inside:avoid}.gd-claim .gd-trial[hidden]{display:block}"
    ".gd-claim :is(.gd-guess,.gd-move),.gd-claim .gd-at,.gd-claims-filter{display:none}}"
    "</style>"
)
"""Here and not in the style sheet, which every page loads."""


def summary(verdicts: Iterable[str]) -> str:
    """Say how many claims hold, hold when something does, and do not hold."""
    count = Counter(verdicts)
    return (
        f"Of {sum(count.values())} claims, {count[HOLDS]} hold{'s' * (count[HOLDS] == 1)},"
        f" {count[WHEN]} hold{'s' * (count[WHEN] == 1)} under a condition that the trial finds,"
        f" and {count[NOT]} do{'es' * (count[NOT] == 1)} not hold."
    )


def filters(parts: Iterable[str]) -> str:
    """Return the lists that choose which claims are shown; the script shows them."""
    verdicts = _options("all verdicts", VERDICTS)
    return (
        f'{STYLE}<div class="gd-claims-filter" hidden>'
        f'<label>Verdict <select name="verdict">{verdicts}</select></label>'
        f'<label>Part <select name="part">{_options("all parts", dict.fromkeys(parts))}</select>'
        '</label><button type="button">Show all verdicts</button>'
        '<p role="status"></p></div>'
    )


def _options(every: str, values: Iterable[str]) -> str:
    listed = "".join(f"<option>{html.escape(value)}</option>" for value in values)
    return f'<option value="">{every}</option>{listed}'


def section(claim: Claim, part: str, numbers: Sequence[float]) -> str:
    """Return the Markdown of one claim: a heading that can be linked to, and its trial."""
    who = " · ".join(claim.who)
    return (
        f"({ANCHOR.format(claim.id)})=\n### {claim.says}\n\n"
        f"Said in: {who}. Taught in {{ref}}`{claim.taught}`.\n\n"
        f"{trial(claim, part, numbers)}"
    )


def trial(claim: Claim, part: str, numbers: Sequence[float]) -> str:
    """Return the experiment, the verdict and what was measured, as one block of HTML."""
    measured, control = claim.measured, claim.control
    low, high = shown(control.values[0]), shown(control.values[-1])
    return (
        f'<div class="gd-claim" data-verdict="{claim.verdict}" data-part="{html.escape(part)}">'
        f"<p><strong>Experiment.</strong> {_text(claim.set_up)}</p><ul>"
        f"<li><strong>Control:</strong> {_text(control.says)}, from {low} to {high}</li>"
        f"<li><strong>Measured:</strong> {_text(measured.says)};"
        f" the claim holds where this is {bounds(measured)}</li></ul>"
        f'<div class="gd-trial"><p class="gd-ruling"><strong>{_verdict(claim)}</strong>'
        f" {_text(claim.why)}</p>"
        f"<figure>{chart(claim, numbers)}<figcaption>{_text(_capital(measured.says))}, against"
        f" {_text(control.says)} (values at equal distances)."
        ' <span class="gd-key"><b>●</b> the claim holds</span>,'
        ' <span class="gd-key"><i>×</i> it fails.</span></figcaption></figure>'
        f"{_table(claim, numbers)}{_figure(claim)}"
        f"<p><strong>What this does not show.</strong> {_text(claim.limits)}</p></div></div>"
    )


def _verdict(claim: Claim) -> str:
    if claim.verdict == WHEN:
        return f"It holds when {_text(claim.when)}."
    return "It holds." if claim.verdict == HOLDS else "It does not hold."


def _figure(claim: Claim) -> str:
    if claim.figure is None:
        return ""
    address = html.escape(claim.figure.at)
    return f'<p>See it move: <a href="{address}">{_text(claim.figure.says)}</a>.</p>'


def _table(claim: Claim, numbers: Sequence[float]) -> str:
    rows = "".join(
        f"<tr><td>{shown(value)}</td><td>{shown(number)}</td>"
        f"<td>{'holds' if claim.measured.holds(number) else 'fails'}</td></tr>"
        for value, number in zip(claim.control.values, numbers, strict=True)
    )
    heads = "".join(
        f'<th scope="col">{_text(words)}</th>'
        for words in (claim.control.says, claim.measured.says, "the claim")
    )
    return (
        "<details><summary>The numbers</summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _text(words: str) -> str:
    return prose.html(words.replace("'", "’"))
