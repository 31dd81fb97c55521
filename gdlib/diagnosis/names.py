"""What a column's name says of it: a loss, of which data, a slope's norm, a rate, a count, a time.

Which of several columns is taken, `columns` decides.
"""

from __future__ import annotations

import re
from functools import lru_cache

LOSS = {
    "loss", "losses", "cost", "error", "err", "objective", "nll", "mse", "rmse", "mae", "mape",
    "logloss", "perplexity", "ppl", "j", "energy", "value", "criterion", "deviance", "l1", "l2",
    "mlogloss", "crossentropy", "xent", "bce",
}  # fmt: skip
NO_LOSS = {
    "scale", "scaler", "scaling", "best", "lowest", "min", "max", "std", "stddev", "var",
    "variance", "ratio", "delta", "improvement", "threshold", "weight", "weights", "coef",
    "coefficient", "count", "norm", "gnorm", "penalty", "reg", "patience",
}  # fmt: skip
"""Words beside a loss of a number that is none: loss_scale, val_loss_best."""
HELD_OUT = {
    "val", "valid", "validation", "validate", "eval", "evaluation", "test", "testing", "dev",
    "heldout", "held", "holdout",
}  # fmt: skip
TRAIN = {"train", "training", "trn", "tr"}
PARTLY = {
    "batch",
    "running",
    "avg",
    "mean",
    "average",
    "total",
    "step",
    "epoch",
    "iter",
    "smoothed",
}
"""Words beside a loss that leave it the whole loss."""
SCORES = {
    "accuracy", "acc", "auc", "auroc", "roc", "f1", "precision", "recall", "score", "reward",
    "return", "r2", "bleu", "rouge", "iou", "miou", "map", "psnr", "ssim", "dice", "mcc", "kappa",
    "top1", "top5", "wer", "cer",
}  # fmt: skip
"""What is better the higher it is, or does not descend by gradients."""
MACHINE = {
    "throughput", "speed", "memory", "mem", "gpu", "cpu", "mfu", "flops", "tokens", "samples",
    "seed", "params", "parameters", "size", "momentum", "beta", "scale", "temperature", "eta",
    "version", "num", "port", "pid", "line", "id",
}  # fmt: skip
RATES = {"lr", "learning rate", "learningrate", "step size", "stepsize"}
CLOCKS = (
    "step", "steps", "iter", "iteration", "iterations", "it", "batch", "update", "round", "epoch",
    "epochs",
)  # fmt: skip
"""In the order in which they are preferred."""
TIMES = {"time", "wall", "seconds", "sec", "secs", "elapsed", "timestamp", "date", "runtime", "eta"}


@lru_cache(100_000)
def words(name: str) -> tuple[str, ...]:
    """Return a name's words: val_loss, valLoss and "val loss" have the same two."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return tuple(re.sub(r"[^\w‖∥]|_", " ", parted).lower().split())


def whole_loss(name: str) -> bool:
    """Tell the whole loss from a part of it, such as loss_box."""
    return not set(words(name)) - LOSS - TRAIN - PARTLY


def is_loss(name: str) -> bool:
    """Tell a loss, of whatever data."""
    said = set(words(name))
    return not LOSS.isdisjoint(said) and NO_LOSS.isdisjoint(said) and SCORES.isdisjoint(said)


def held_out(name: str) -> bool:
    """Tell a loss on data that no step was taken on."""
    return not HELD_OUT.isdisjoint(words(name)) and is_loss(name)


def of_training(name: str) -> bool:
    """Tell a name that says it is of the training data."""
    return not TRAIN.isdisjoint(words(name))


def is_norm(name: str) -> bool:
    """Tell the length of a gradient."""
    said = words(name)
    joined = " ".join(said)
    grad = any(word.startswith("grad") for word in said)
    return "gnorm" in said or ("norm" in joined and grad) or joined in ("‖g‖", "∥g∥")


def is_rate(name: str) -> bool:
    """Tell a learning rate."""
    said = words(name)
    return any(part in RATES for part in (*said, " ".join(said), " ".join(said[:2])))


def may_be_loss(name: str) -> bool:
    """Tell a name that speaks against no loss: it might be one of a reader's own."""
    said = set(words(name))
    other = said & (SCORES | MACHINE | TIMES | {*CLOCKS}) or (said & LOSS and not is_loss(name))
    return not (other or is_norm(name) or is_rate(name))


def counts(name: str) -> bool:
    """Tell a count of steps or epochs; the last word says what a column holds."""
    return len(words(name)) > 0 and words(name)[-1] in CLOCKS


def unit(name: str) -> str:
    """Return what a count counts, "step" or "epoch"."""
    return "epoch" if not {"epoch", "epochs"}.isdisjoint(words(name)) else "step"
