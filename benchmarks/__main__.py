"""Print a table of ratios and draw it: `make bench`, or `python -m benchmarks runs grids`."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from benchmarks.measure import Row

PARTS = ("startup", "runs", "grids", "batches", "gradients", "compiled", "growth", "widgets")
PICTURE = Path("_build/benchmarks.png")


def line(row: Row) -> str:
    """Write a row of the table."""
    beside = row.alternative if row.theirs is None else f"{row.theirs:9.4g} s  {row.alternative}"
    ratio = f"× {row.ratio:7.2f}" if row.ratio is not None else " " * 9
    aim = (
        ""
        if row.aim is None
        else f"(aim {'×' if row.ratio else '≤'} {row.aim:g}{'' if row.ratio else ' s'})"
    )
    mark = {True: "✓", False: "✗", None: " "}[row.reached]
    return f"{mark} {row.what:50} {row.ours:9.4g} s  {ratio}  {aim:13} {beside}"


def draw(rows: list[Row]) -> None:
    """Draw the ratios as bars on a log axis, with the aims as ticks across them."""
    import matplotlib.pyplot as plt

    compared = [row for row in rows if row.ratio is not None][::-1]
    if not compared:
        return
    figure, ax = plt.subplots(figsize=(9, 0.6 + 0.4 * len(compared)), layout="constrained")
    labels = [f"{row.what}\nbeside {row.alternative}" for row in compared]
    ax.barh(labels, [row.ratio or 1 for row in compared], color="#0072B2")
    for i, row in enumerate(compared):
        if row.aim is not None:
            ax.plot([row.aim, row.aim], [i - 0.4, i + 0.4], color="#D55E00", linewidth=3)
    ax.set(xscale="log", xlabel="times as fast as the alternative (orange: the aim)")
    ax.tick_params(axis="y", labelsize=7)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=150)
    print(f"\nDrawn in {PICTURE}")


def main() -> None:
    """Run the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    names = parser.parse_args().parts
    strange = [name for name in names if name not in PARTS]
    if strange:
        parser.error(f"the parts are {', '.join(PARTS)}, not {', '.join(strange)}")
    rows: list[Row] = []
    for name in names or PARTS:
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            rows.append(row)
            print(line(row), flush=True)
    missed = [row for row in rows if row.reached is False]
    print(f"\nAims missed: {len(missed) or 'none'}")
    for row in missed:
        print(line(row))
    draw(rows)


if __name__ == "__main__":
    main()
