"""Columns are known by their names, and a diagnosis says which of them it used."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from gdlib.diagnosis import columns, logs, names
from gdlib.diagnosis.columns import Log, Series

FALL = [float(x) for x in 2 * np.exp(-np.arange(30) / 5) + 0.5]


def log(header: str, loss: str | None = None, rows: int = 3) -> Log:
    """Return what is understood of a table whose cells are 1, 2, 3 … from the left."""
    count = header.count(",") + 1
    cells = ",".join(str(j + 1) for j in range(count))
    return columns.understood(logs.read(f"{header}\n" + f"{cells}\n" * rows), loss)


def called(series: Series | None) -> str | None:
    return None if series is None else series.name


# --- one name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["loss", "Loss", "train_loss", "trainLoss", "loss/train", "total_loss", "Train Loss", "cost",
     "train/loss_epoch", "training's binary_logloss", "train-rmse", "Avg. loss", "nll", "J", "mse",
     "val_loss", "eval/loss", "Loss/val", "test_error", "valid_0's l2", "aux_loss"],
)  # fmt: skip
def test_a_loss_is_known_by_its_name(name: str) -> None:
    assert names.is_loss(name)
    held = ("val_loss", "eval/loss", "Loss/val", "test_error", "valid_0's l2")
    assert names.held_out(name) == (name in held)


@pytest.mark.parametrize(
    "name",
    ["accuracy", "val_accuracy", "loss_scale", "val_loss_best", "best_loss", "loss_weight", "lr",
     "grad_norm", "weight_norm", "loss_std", "epoch", "time", "auc", "l2_penalty", "closs", "f1"],
)  # fmt: skip
def test_other_names_are_of_no_loss(name: str) -> None:
    assert not names.is_loss(name)


@pytest.mark.parametrize(
    ("tells", "right", "wrong"),
    [
        (names.is_norm, ["grad_norm", "gnorm", "gradient norm", "‖g‖"], ["weight_norm", "norm"]),
        (names.is_rate, ["lr", "learning_rate", "lr-Adam", "learning_rate_schedule"], ["rate"]),
        (
            names.counts,
            ["step", "global_step", "Epoch", "iter"],
            ["steps_per_second", "loss_step/x"],
        ),
        (names.of_training, ["train_loss", "loss/train"], ["loss", "constrained"]),
    ],
)
def test_norms_rates_and_counts_are_known_by_their_names(
    tells: Callable[[str], bool], right: list[str], wrong: list[str]
) -> None:
    assert [name for name in right if not tells(name)] == []
    assert [name for name in wrong if tells(name)] == []


# --- several --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "losses", "held_out"),
    [
        ("epoch,loss,val_loss", "loss", "val_loss"),
        ("val_loss,loss", "loss", "val_loss"),
        ("loss,accuracy", "loss", None),
        ("accuracy,val_accuracy,loss", "loss", None),
        ("loss_box,loss_cls,loss", "loss", None),
        ("aux_loss,total_loss", "total_loss", None),
        ("loss,aux_loss", "loss", None),
        ("loss_scale,loss", "loss", None),
        ("val_loss_best,val_loss,loss", "loss", "val_loss"),
        ("loss/train,Loss/val", "loss/train", "Loss/val"),
        ("loss,eval/loss", "loss", "eval/loss"),
        ("loss,test_loss,val_mse,val_loss", "loss", "val_loss"),
        ("mse,val_mae,val_mse", "mse", "val_mse"),
        ("epoch,val_loss", "val_loss", None),
        ("step,f", "f", None),
        ("time,step,value", "value", None),
        ("Objective,Avg. loss", "Avg. loss", None),
    ],
)
def test_the_losses_are_the_whole_loss_of_training(
    header: str, losses: str, held_out: str | None
) -> None:
    found = log(header)
    assert (found.losses.name, called(found.held_out)) == (losses, held_out)


def test_of_losses_of_steps_and_of_epochs_the_steps_are_taken() -> None:
    text = "step,train/loss_epoch,train/loss_step\n0,,3\n1,,2\n2,2.5,1\n"
    found = columns.understood(logs.read(text))
    assert found.losses.values.tolist() == [3, 2, 1]


def test_norms_rates_and_the_clock_stand_beside_the_losses() -> None:
    found = log("loss,grad_norm,lr,global_step")
    assert [called(s) for s in (found.norms, found.rates)] == ["grad_norm", "lr"]
    assert called(found.clock) == "global_step"


def test_a_reader_may_name_the_losses() -> None:
    assert log("loss_a,loss_b", "loss_b").losses.name == "loss_b"
    assert log("accuracy,epoch", "accuracy").losses.name == "accuracy"


@pytest.mark.parametrize(
    ("header", "loss", "words"),
    [
        ("loss_a,loss_b", None, "must be said: loss='loss_a', or another of 'loss_a', 'loss_b'"),
        ("a,b", None, "must be said: loss='a', or another of 'a', 'b'"),
        ("epoch,accuracy", None, "no column of the log is known as losses: it has 'epoch', 'acc"),
        ("step,loss_scale", None, "no column of the log is known as losses"),
        ("loss,lr", "los", "the log has no column 'los'; it has 'loss', 'lr'; did you mean 'loss'"),
    ],
)
def test_what_cannot_be_decided_is_asked(header: str, loss: str | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        log(header, loss)


def test_in_running_text_only_a_loss_by_its_own_name_is_believed() -> None:
    with pytest.raises(ValueError, match="no column of the log is known as losses: it has 'Page'"):
        gd.diagnose("Page 1 of a book\nPage 2 of a book\n")
    text = "f is 2\nf is 1\n"
    assert "2 losses (“f is”)" in str(gd.diagnose(text, loss="f is"))


# --- the clock, and what is said ------------------------------------------------------------------


def test_a_diagnosis_says_all_the_columns_that_it_used() -> None:
    text = "step,loss,val_loss,grad_norm,lr\n" + "".join(
        f"{10 * k},{x:.4f},{x + 1:.4f},{x:.4f},0.1\n" for k, x in enumerate(FALL)
    )
    (note,) = gd.diagnose(text).notes
    assert note == (
        "read: 30 losses (“loss”), 30 losses on data held out (“val_loss”), 30 gradient norms"
        " (“grad_norm”), 30 learning rates (“lr”); steps 0 to 290"
    )


def test_a_count_that_starts_again_is_told() -> None:
    run = "".join(f"{k},{x:.4f}\n" for k, x in enumerate(FALL))
    notes = gd.diagnose("step,loss\n" + run + run).notes
    assert "no count of steps" in notes[0]
    (again,) = notes[1:]
    assert again.startswith("“step” starts again once, first with 0 after 29: if these are runs")


def test_batches_counted_within_an_epoch_are_no_clock_where_another_counts_on() -> None:
    text = "".join(f"step={k} batch={k % 5} loss={x:.4f}\n" for k, x in enumerate(FALL))
    notes = gd.diagnose(text).notes
    assert len(notes) == 1
    assert notes[0].endswith("steps 0 to 29")


def test_a_finding_names_the_step_of_the_log() -> None:
    losses = [*FALL[:20], math.nan]
    text = "".join(f"step {100 * k}: loss {x}\n" for k, x in enumerate(losses))
    found = gd.diagnose(text).findings[0]
    assert (found.kind, found.step) == ("diverged", 2000)


# --- tables of other libraries --------------------------------------------------------------------


def frame(library: str, table: dict[str, list[Any]]) -> Any:
    return pytest.importorskip(library).DataFrame(table)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_read_by_its_names(library: str) -> None:
    table = {"step": [*range(0, 300, 10)], "loss": FALL, "note": ["a"] * 30}
    found = gd.diagnose(frame(library, table))
    assert found.notes == ("read: 30 losses (“loss”); steps 0 to 290",)
    assert found.kind == gd.diagnose(FALL).kind


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_nan_between_numbers_of_a_frame_are_gaps_and_at_its_end_a_divergence(library: str) -> None:
    gaps = [x if k % 2 else math.nan for k, x in enumerate(FALL)]
    assert "15 losses (“val_loss”)" in str(gd.diagnose(frame(library, {"val_loss": gaps})))
    broken = gd.diagnose(frame(library, {"loss": [*FALL[:20], math.nan, math.nan]}))
    assert (broken.kind, broken.findings[0].step) == ("diverged", 20)


def test_what_pandas_puts_in_an_empty_cell_is_a_gap() -> None:
    pandas = pytest.importorskip("pandas")
    cells = pandas.array([*FALL, None], dtype="Float64")
    assert "30 losses" in str(gd.diagnose(pandas.DataFrame({"loss": cells})))
    twice = pandas.DataFrame([[2.0, 3.0]], columns=["loss", "loss"])
    with pytest.raises(ValueError, match="name its columns differently; 'loss' comes again"):
        gd.diagnose(twice)


def test_lists_by_name_are_read_and_may_hold_arrays_of_one_number() -> None:
    cells = [np.array(x) for x in FALL]
    assert "30 losses (“loss”)" in str(gd.diagnose({"loss": cells, "accuracy": [0.5] * 30}))
    with pytest.raises(ValueError, match="line 2: 'loss' must be a number, not 'b'"):
        gd.diagnose({"loss": [1.0, "b"]})
