"""`python -m gdlib diagnose losses.csv`: what a log shows, in a shell or in a continuous check."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from gdlib.diagnosis import diagnose, sources
from gdlib.diagnosis.findings import MARKS, Diagnosis

FINE, WRONG, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a log shows; return 1 if the run is in trouble, 2 if the log cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m gdlib", description="Gradient descent.")
    commands = parser.add_subparsers(required=True, dest="command")
    command = commands.add_parser(
        "diagnose",
        help="say what a training log shows",
        description="Say what a training log shows. Exits with 1 if something is wrong with the"
        " run, and with 2 if the log cannot be read.",
    )
    command.add_argument(
        "log", help="a file: CSV, JSON, progress lines, bare losses; - reads stdin"
    )
    command.add_argument("--loss", metavar="COLUMN", help="the column of the losses")
    command.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    try:
        log = _standard_input() if given.log == "-" else given.log
        found = diagnose(log, loss=given.loss)
    except (OSError, TypeError, ValueError) as error:
        print(f"gdlib diagnose: {error}", file=sys.stderr)
        return UNREADABLE
    print(_json(found) if given.json else found)
    return FINE if found.kind in MARKS else WRONG


def _standard_input() -> str:
    """Return what is piped in, decoded as a file would be; a line break tells text from a path."""
    raw = getattr(sys.stdin, "buffer", None)
    return (sys.stdin.read() if raw is None else sources.decoded(raw.read())) + "\n"


def _json(found: Diagnosis) -> str:
    findings = [
        {**asdict(finding), "chapter": finding.chapter, "wrong": finding.kind not in MARKS}
        for finding in found
    ]
    return json.dumps(
        {"read": list(found.notes), "findings": findings}, indent=2, ensure_ascii=False
    )


if __name__ == "__main__":
    sys.exit(main())
