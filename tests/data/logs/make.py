"""Make the logs of loops written by hand: small runs of known trouble.

    python -m tests.data.logs.make

Needs scikit-learn, tensorboard, tensorboardX and tqdm, which no test does; make_frameworks and
make_torch make the others. What each run had and how it was spoilt goes to labels.json, from the
run and not from a reader of logs. Clock times differ from one making to the next.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorboardX
import tqdm
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.data.logs.common import CLASSES, PIXELS, label, save, write


def least_squares(
    rates: Any, batch: int, *, noise: float = 0.5, spoilt: int = -1, seed: int = 0
) -> Iterator[dict[str, float]]:
    """Descend on batches of a table of 512 rows; at the step `spoilt` targets are 40 times off."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((512, 8))
    targets = rows @ rng.standard_normal(8) + noise * rng.standard_normal(512)
    theta = np.zeros(8)
    for step, rate in enumerate(rates):
        chosen = rng.choice(512, batch, replace=False)
        wanted = targets[chosen] * (40 if step == spoilt else 1)
        miss = rows[chosen] @ theta - wanted
        slope = rows[chosen].T @ miss / batch
        whole = float(((rows @ theta - targets) ** 2).mean() / 2)
        yield {
            "step": step, "loss": float(miss @ miss / (2 * batch)), "whole": whole,
            "grad_norm": float(np.linalg.norm(slope)), "lr": float(rate),
        }  # fmt: skip
        theta = theta - rate * slope


def printed_healthy() -> None:
    run = list(least_squares([0.1] * 120, 512))[::2]
    lines = ["loading data ... 512 rows, 8 features", "model with 8 parameters"]
    lines += [f"step {r['step']:4d} | loss {r['loss']:.5f} | lr {r['lr']:.2e}" for r in run]
    write("loop_healthy.log", "\n".join([*lines, "saved to model.npz", ""]))
    label("loop_healthy.log", "healthy", [r["loss"] for r in run], decimals=5, steps=[0, 118])


def printed_diverged() -> None:
    with np.errstate(all="ignore"):
        run = list(least_squares([400.0] * 90, 512))
    losses = [np.float32(min(r["loss"], 1e300)) if r["loss"] < 1e38 else np.inf for r in run]
    lines = [f"Epoch [{k + 1}/90], Loss: {loss:.4f}" for k, loss in enumerate(losses)]
    write("loop_diverged.log", "\n".join(lines) + "\n")
    label("loop_diverged.log", "diverged", losses, decimals=4, steps=[1, 90])


def bar_healthy() -> None:
    said, losses = io.StringIO(), []
    with tqdm.tqdm(total=60, desc="training", file=said, mininterval=0, ncols=90) as bar:
        for r in least_squares([0.15] * 60, 512):
            losses.append(r["loss"])
            bar.set_postfix(loss=f"{r['loss']:.4f}", refresh=False)
            bar.update()
    write("tqdm_healthy.log", said.getvalue())
    label("tqdm_healthy.log", "healthy", losses, decimals=4, steps=[1, 60])


def lines_of_json_spike() -> None:
    run = list(least_squares([0.1] * 160, 64, spoilt=90))
    lines = [
        json.dumps({"step": r["step"], "train": {"loss": r["loss"]}, "lr": r["lr"]}) for r in run
    ]
    write("jsonl_spike.jsonl", "\n".join(lines) + "\n")
    label("jsonl_spike.jsonl", "spike", [r["loss"] for r in run], steps=[0, 159], near=[90, 91])


def powershell_nothing() -> None:
    """Forget the step: a classifier stays at a guess. `>` in Windows PowerShell writes UTF-16."""
    rng, weights, losses = np.random.default_rng(3), np.zeros((64, 10)), []
    weights += 0.01 * rng.standard_normal(weights.shape)
    for _ in range(80):
        chosen = rng.choice(len(PIXELS), 64)
        scores = PIXELS[chosen] @ weights
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        losses.append(-scores[np.arange(64), CLASSES[chosen]].mean())
    lines = [f"iter {10 * k}: loss={loss:.4f}, time 3.1ms" for k, loss in enumerate(losses)]
    write("powershell_nothing.log", "\r\n".join(lines) + "\r\n", "utf-16")
    label("powershell_nothing.log", "nothing learned", losses, decimals=4, steps=[0, 790])


def semicolons_cut() -> None:
    run = list(least_squares([0.3] * 120 + [0.02] * 120, 4))
    lines = ["step;loss;lr"]
    lines += [f"{r['step']};{r['whole']:.6f};{r['lr']}".replace(".", ",") for r in run]
    write("semicolons_cut.csv", "\r\n".join(lines) + "\r\n")
    label("semicolons_cut.csv", "healthy", [r["whole"] for r in run], decimals=6, says="is cut",
          steps=[0, 239], near=[118, 122])  # fmt: skip


def dictionaries_warm_up() -> None:
    """A network of one hidden layer, whose rate is warmed up to far too much in 12 steps."""
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((256, 8))
    targets = np.maximum(rows @ rng.standard_normal((8, 4)), 0).sum(1)
    first, last = 0.3 * rng.standard_normal((8, 32)), 0.3 * rng.standard_normal(32)
    lines, losses = [], []
    with np.errstate(all="ignore"):
        for step in range(40):
            rate = 0.5 * min(step + 1, 12) / 12
            hidden = np.maximum(rows @ first, 0)
            miss = hidden @ last - targets
            losses.append(float((miss**2).mean() / 2))
            back = np.outer(miss, last) * (hidden > 0)
            slopes = rows.T @ back / 256, hidden.T @ miss / 256
            norm = float(np.sqrt(sum((s**2).sum() for s in slopes)))
            first, last = first - rate * slopes[0], last - rate * slopes[1]
            lines.append(
                str({"loss": round(losses[-1], 4), "grad_norm": norm, "learning_rate": rate,
                     "epoch": round((step + 1) / 40, 3)})
            )  # fmt: skip
    write("dictionaries_warm_up.log", "\n".join(lines) + "\n")
    label("dictionaries_warm_up.log", "diverged", losses, decimals=4, says="warm up")


def spaces_plateau() -> None:
    """Three linear layers that start near 0: a saddle in the way, flat all around."""
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((200, 6))
    targets = rows @ rng.standard_normal((6, 3)) + 0.1 * rng.standard_normal((200, 3))
    one, two, three = (0.02 * rng.standard_normal(s) for s in ((6, 6), (6, 6), (6, 3)))
    losses = []
    for _ in range(600):
        miss = (rows @ one @ two @ three - targets) / 200
        losses.append(float((miss**2).sum() * 100))
        slopes = (
            rows.T @ miss @ three.T @ two.T, (rows @ one).T @ miss @ three.T,
            (rows @ one @ two).T @ miss,
        )  # fmt: skip
        one, two, three = (w - 0.05 * s for w, s in zip((one, two, three), slopes, strict=True))
    kept = losses[::4]
    lines = ["  iteration     cost"]
    lines += [f"{4 * k:11d} {loss:8.4f}" for k, loss in enumerate(kept)]
    write("spaces_plateau.txt", "\n".join(lines) + "\n")
    label("spaces_plateau.txt", "plateau", kept, decimals=4, steps=[0, 596])


def tensorboard_floor() -> None:
    """What TensorBoard's button "download CSV" gives, from the file of events."""
    run = list(least_squares([0.25] * 300, 2))
    with tempfile.TemporaryDirectory() as folder:
        with tensorboardX.SummaryWriter(folder) as writer:
            for r in run:
                writer.add_scalar("loss/train", r["whole"], r["step"])
        events = EventAccumulator(folder).Reload().Scalars("loss/train")
    lines = ["Wall time,Step,Value", *(f"{e.wall_time},{e.step},{e.value}" for e in events)]
    write("tensorboard_floor.csv", "\n".join(lines) + "\n")
    label("tensorboard_floor.csv", "noise floor", [np.float32(r["whole"]) for r in run],
          decimals=6, steps=[0, 299])  # fmt: skip


if __name__ == "__main__":
    for make in (
        printed_healthy, printed_diverged, bar_healthy, lines_of_json_spike, powershell_nothing,
        semicolons_cut, dictionaries_warm_up, spaces_plateau, tensorboard_floor,
    ):  # fmt: skip
        make()
    save()
