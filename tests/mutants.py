"""Break the package's code on purpose, with mutmut, and ask that some test sees each break.

`python -m tests.mutants` tries a twentieth of all mutants below `plotting`, drawn by a seed;
`--share 1` tries them all; names of modules choose some. What survives must stand in
`data/survivors.toml`, with the reason why no test can tell it from the code, or why none should.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from tests import forks

ROOT = Path(__file__).parent.parent
COPY = ROOT / "mutants"
KNOWN = Path(__file__).parent / "data" / "survivors.toml"
WANTED = 0.95


def generate(processes: int) -> list[str]:
    """Write mutmut's copy of the project, with every mutant in it; return the mutants' names."""
    shutil.rmtree(COPY, ignore_errors=True)
    lines = (
        "from mutmut import __main__ as mutmut",
        "from mutmut.mutation.trampoline import set_mutant_under_test",
        "set_mutant_under_test('mutant_generation')",
        "mutmut.makedirs('mutants')",
        "mutmut.copy_src_dir()",
        "mutmut.copy_also_copy_files()",
        "mutmut.setup_source_paths()",
        f"mutmut.create_mutants({processes})",
    )
    subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    return names()


def names() -> list[str]:
    """Return the names of all mutants in the copy."""
    found: list[str] = []
    for meta in sorted(COPY.rglob("*.meta")):
        found += json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def fingerprint() -> str:
    """Return what changes with the package, its tests and how they are tried."""
    mark = hashlib.sha256()
    files = [path for folder in ("gdlib", "tests") for path in (ROOT / folder).rglob("*.py")]
    for path in sorted([*files, ROOT / "pyproject.toml"]):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def run_tests(*arguments: str, **environment: str) -> int:
    """Run pytest in the copy, with what is chosen in `pyproject.toml`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    paths = os.pathsep.join([str(COPY), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir=."]
    return subprocess.run(
        [*command, *settings["mutmut"]["pytest_add_cli_args"], *arguments],
        cwd=COPY,
        env=os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"} | environment,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def alive_alone(name: str) -> bool:
    """Try a survivor once more, in a process that has made nothing with the sound code.

    The process that forks has read the tests' files: what they make as they are read (a rule, a
    landscape) is sound in each child.
    """
    seen = json.loads((COPY / forks.SEEN).read_text(encoding="utf-8"))
    tests = forks.short_tests(name, seen)
    if len(tests) > 500:  # more names than a command line holds: their whole files
        tests = sorted({test.partition("::")[0] for test in tests})
    return not tests or run_tests("-x", *tests, GDLIB_MUTANT=name) == 0


def change(name: str) -> tuple[str, str]:
    """Return where a mutant lies, and the lines that it puts there."""
    where = name.partition("__mutmut_")[0].replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")
    return where, lines_of(name, "+")


def lines_of(name: str, sign: str) -> str:
    """Return the lines that a mutant takes away, "-", or puts there, "+"."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(name).splitlines()[3:]
    return " ".join(line[1:].strip() for line in lines if line.startswith(sign))


def reason_for(name: str) -> str | None:
    """Return why a survivor is known: itself, or as one that changes such a part alone."""
    listed = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    where, becomes = change(name)
    for one in listed["survivor"]:
        if one["where"] == where and becomes in one["becomes"]:
            return str(one["reason"])
    was = lines_of(name, "-")
    for kind in listed["kind"]:
        if re.sub(kind["part"], "", was) == re.sub(kind["part"], "", becomes):
            return str(kind["reason"])
    return None


def module_of(name: str) -> str:
    """Return the module that a mutant lies in, without the package's name."""
    return name.partition(".x")[0].removeprefix("gdlib.")


def report(tried: dict[str, int]) -> bool:
    """Print what became of the mutants, module by module; tell whether all is as it should be."""
    counts = {"killed": Counter[str](), "known": Counter[str]()}
    total = Counter(map(module_of, tried))
    new: list[str] = []
    for name, code in tried.items():
        lives = code == forks.ALIVE
        if lives and reason_for(name):
            counts["known"][module_of(name)] += 1
        elif not (lives and alive_alone(name)):
            counts["killed"][module_of(name)] += 1
        else:
            new.append(name)
    for module in sorted(total):
        killed, listed = (counts[kind][module] for kind in ("killed", "known"))
        left = total[module] - killed - listed
        print(
            f"{module:24} {total[module]:5} mutants {killed:5} killed {listed:4} known {left:4} new"
        )
    for name in new:
        where, becomes = change(name)
        print(f"\n{name}\n[[survivor]]\nwhere = {where!r}\nbecomes = [{becomes!r}]\nreason = ''")
    share = sum(counts["killed"].values()) / max(1, total.total())
    print(f"\n{share:.1%} of {total.total()} mutants killed; {len(new)} survivors without a reason")
    return share >= WANTED and not new


def main(arguments: list[str] | None = None) -> int:
    """Try a choice of mutants, and judge what survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="such as diagnosis.slopes; all by default")
    parser.add_argument("--share", type=float, default=0.05, help="of them to try, from 0 to 1")
    parser.add_argument("--seed", type=int, default=10, help="of the choice")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    mark = COPY / "fingerprint"
    if mark.exists() and mark.read_text() == fingerprint():
        everything = names()
    else:
        everything = generate(given.processes)
        mark.write_text(fingerprint())
    drawn = random.Random(given.seed)
    chosen = [
        name
        for name in everything
        if drawn.random() < given.share
        and (not given.modules or any(module_of(name).startswith(m) for m in given.modules))
    ]
    drawn.shuffle(chosen)
    order = {"processes": given.processes, "mutants": chosen}
    (COPY / forks.ORDER).write_text(json.dumps(order), encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    if run_tests(*settings["mutmut"]["pytest_add_cli_args_test_selection"]):
        return 1
    outcomes = json.loads((COPY / forks.OUTCOMES).read_text(encoding="utf-8"))
    return 0 if report({name: outcomes[name] for name in chosen}) else 1


if __name__ == "__main__":
    sys.exit(main())
