"""`gd.Watch`: a run is judged while it happens, once for each kind of trouble."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

import gdlib as gd

NAN = float("nan")


def fed(losses: Any, watch: gd.Watch | None = None, **others: Any) -> gd.Watch:
    """Return a watch that has seen these losses; warnings are errors here."""
    watch = watch or gd.Watch()
    for loss in losses:
        watch(loss, **others)
    return watch


def falling(count: int) -> Any:
    return 1 + 0.9 ** np.arange(count) + 1e-3 * np.random.default_rng(1).standard_normal(count)


def test_a_healthy_run_is_watched_in_silence() -> None:
    watch = fed(falling(400))
    assert len(watch) == 400
    assert repr(watch) == "Watch(400 losses)"


@pytest.mark.parametrize("bad", [NAN, math.inf, -math.inf, np.float32("nan"), np.array(np.nan)])
def test_a_loss_that_is_not_finite_is_told_at_once(bad: Any) -> None:
    watch = fed([2.0, 1.5, 1.2])
    with pytest.warns(RuntimeWarning, match="diverged: J goes from 2 to 1.2.* at step 3"):
        watch(bad)
    fed([NAN, NAN, 1.0], watch)  # once is enough


def test_a_loop_can_be_stopped() -> None:
    watch = gd.Watch(raises=True)
    watch(1.0)
    with pytest.raises(gd.WatchError, match="diverged") as stopped:
        watch(NAN)
    assert (stopped.value.finding.kind, stopped.value.finding.step) == ("diverged", 1)
    assert isinstance(stopped.value, RuntimeError)


def test_trouble_is_told_while_the_loop_runs_and_once() -> None:
    """A classifier that guesses among ten: said at 50 losses, not at every later one."""
    hovering = math.log(10) + 0.01 * np.random.default_rng(3).standard_normal(300)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        watch = fed(hovering)
    (only,) = heard
    assert "nothing learned" in str(only.message)
    assert "ln 10" in str(only.message)
    assert only.filename == __file__  # the reader's own line, not ours
    assert watch.diagnosis().kind == "nothing learned"


def test_what_only_the_end_shows_is_not_told_before() -> None:
    slow = 2 + 0.999 ** np.arange(300)
    watch = fed(slow)
    assert watch.diagnosis().kind == "slow fall"


def test_held_out_losses_that_turn_are_told() -> None:
    watch = gd.Watch()

    def train() -> None:
        for k in range(120):
            watch(2 * 0.97**k, val_loss=1 + ((k - 20) / 50) ** 2)

    with pytest.warns(RuntimeWarning, match="on data held out J is lowest at step 20"):
        train()


def test_a_rate_that_still_rises_is_named_beside_the_divergence() -> None:
    watch = gd.Watch()
    for k in range(30):
        watch(2 - 0.01 * k, lr=1e-4 * (k + 1))
    with pytest.warns(RuntimeWarning, match="while the rate still rises.*\n.*warm up over more"):
        watch(NAN, lr=31e-4)


def test_what_a_framework_returns_is_a_number_too() -> None:
    class Tensor:
        def __init__(self, *values: float) -> None:
            self.values = values

        def item(self) -> float:
            (value,) = self.values
            return value

    watch = fed([Tensor(1.0), np.float32(0.5), np.array(0.25), 1, np.int64(2)])
    assert watch.diagnosis().notes == ("read: 5 losses (“loss”); steps 0 to 4",)
    with pytest.raises(TypeError, match="loss must be a number, not"):
        watch(Tensor(1.0, 2.0))
    assert len(watch) == 5  # what is refused is not counted


def test_a_watch_that_has_seen_nothing_cannot_judge() -> None:
    with pytest.raises(ValueError, match="must have seen a loss"):
        gd.Watch().diagnosis()


def test_a_long_run_is_looked_at_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look reads all losses: looks must grow far apart, or a million steps take days."""
    looks: list[int] = []

    def look(watch: gd.Watch) -> tuple[()]:
        looks.append(len(watch))
        return ()

    monkeypatch.setattr(gd.Watch, "diagnosis", look)
    fed(np.ones(100_000))
    assert looks[0] == 50
    assert sum(looks) < 12 * 100_000


# --- in the frameworks ----------------------------------------------------------------------------


def test_in_a_torch_loop() -> None:
    torch = pytest.importorskip("torch")
    weights = torch.ones(3, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=10.0)
    watch = gd.Watch(raises=True)

    def train() -> None:
        for _ in range(500):
            optimizer.zero_grad()
            loss = (weights**4).sum()
            loss.backward()
            optimizer.step()
            watch(loss, lr=optimizer.param_groups[0]["lr"])

    with pytest.raises(gd.WatchError, match="diverged"):
        train()
    assert len(watch) < 10


def test_in_keras() -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    watch = gd.Watch()
    told = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, logs: watch(logs["loss"], val_loss=logs.get("val_loss"))
    )
    x = np.linspace(-1, 1, 20)[:, None]
    model.fit(x, 2 * x, epochs=3, validation_split=0.2, verbose=0, callbacks=[told])
    assert watch.diagnosis().notes[0].startswith("read: 3 losses (“loss”), 3 losses on data held")


def test_in_lightning() -> None:
    lightning, torch = pytest.importorskip("lightning"), pytest.importorskip("torch")
    watch = gd.Watch()

    class Line(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def training_step(self, batch: Any, _index: int) -> Any:
            loss = ((self.layer(batch[0]) - batch[1]) ** 2).mean()
            watch(loss)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    x = torch.linspace(-1, 1, 20)[:, None]
    rows = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, 2 * x), batch_size=5)
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Lightning's advice on workers and devices
        lightning.Trainer(max_epochs=3, accelerator="cpu", **quiet).fit(Line(), rows)
    assert len(watch) == 12
