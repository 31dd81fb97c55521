"""Make the logs of PyTorch, Lightning and the Trainer, as make.py does those of loops.

    python -m tests.data.logs.make_torch

Needs torch, lightning, transformers, accelerate, scikit-learn and tqdm.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

import lightning
import torch
import tqdm
import transformers
from lightning.pytorch.loggers import CSVLogger
from torch import nn

from tests.data.logs.common import CLASSES as TARGETS
from tests.data.logs.common import HERE, held_out, label, save
from tests.data.logs.common import PIXELS as ROWS

PIXELS, CLASSES = torch.tensor(ROWS, dtype=torch.float32), torch.tensor(TARGETS)


def noisy(count: int) -> tuple[Any, Any, Any, Any]:
    """Return rows of which a third have a class drawn by lot, and as many held out."""
    torch.manual_seed(0)
    drawn = torch.where(torch.rand(len(CLASSES)) < 0.3, torch.randint(10, CLASSES.shape), CLASSES)
    held = slice(count, 2 * count)
    return PIXELS[:count], drawn[:count], PIXELS[held], drawn[held]


def epochs_over_fitted() -> None:
    """The loop of PyTorch's tutorial, with the losses of both tables in a line."""
    x, y, x_held, y_held = noisy(300)
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    rule, cost = torch.optim.Adam(model.parameters(), lr=0.005), nn.CrossEntropyLoss()
    lines, train, held = [], [], []
    for epoch in range(1, 81):
        for rows in torch.randperm(300).split(50):
            rule.zero_grad()
            cost(model(x[rows]), y[rows]).backward()
            rule.step()
        with torch.no_grad():
            train.append(cost(model(x), y).item())
            held.append(cost(model(x_held), y_held).item())
            right = (model(x_held).argmax(1) == y_held).float().mean().item()
        lines.append(
            f"Epoch {epoch:3d}/80  train loss: {train[-1]:.4f}  val loss: {held[-1]:.4f}"
            f"  val acc: {100 * right:.1f}%"
        )
    (HERE / "torch_over_fitted.log").write_text("\n".join(lines) + "\n")
    label("torch_over_fitted.log", "falls, then climbs", train, decimals=4, steps=[1, 80],
          **held_out(held))  # fmt: skip


def bar_shuffled() -> None:
    """Targets drawn anew in each epoch belong to no row: nothing can be learned."""
    torch.manual_seed(0)
    model = nn.Linear(64, 10)
    nn.init.normal_(model.weight, std=0.01)
    rule, cost, losses = torch.optim.SGD(model.parameters(), lr=0.01), nn.CrossEntropyLoss(), []
    said = io.StringIO()
    for _ in range(1):
        bar = tqdm.tqdm(range(70), file=said, ncols=80, ascii=False)
        for _ in bar:
            rows = torch.randint(len(PIXELS), (256,))
            rule.zero_grad()
            loss = cost(model(PIXELS[rows]), torch.randint(10, (256,)))
            loss.backward()
            rule.step()
            losses.append(loss.item())
            bar.set_postfix(loss=f"{losses[-1]:.4f}")
    (HERE / "torch_tqdm_nothing.log").write_bytes(said.getvalue().encode())
    label("torch_tqdm_nothing.log", "nothing learned", losses, decimals=4)


class Classifier(lightning.LightningModule):
    """A regularised linear classifier that logs each step and each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Linear(64, 10)
        self.seen: dict[str, list[float]] = {"train_loss": [], "val_loss": []}

    def cost(self, batch: Any, name: str) -> Any:
        """Return the mean loss of a batch, and log it."""
        loss = nn.functional.cross_entropy(self.model(batch[0]), batch[1])
        self.log(name, loss, on_step=name == "train_loss", on_epoch=name == "val_loss")
        self.seen[name].append(float(loss))
        return loss

    def training_step(self, batch: Any, _: int) -> Any:
        """Return the loss to descend on."""
        return self.cost(batch, "train_loss")

    def validation_step(self, batch: Any, _: int) -> None:
        """Log the loss on data held out."""
        self.cost(batch, "val_loss")

    def configure_optimizers(self) -> Any:
        """Return the rule."""
        return torch.optim.SGD(self.parameters(), lr=0.5, weight_decay=0.05)


def lightning_healthy() -> None:
    lightning.seed_everything(0)
    tables = [torch.utils.data.TensorDataset(PIXELS[p], CLASSES[p])
              for p in (slice(0, 1200), slice(1200, None))]  # fmt: skip
    model = Classifier()
    with tempfile.TemporaryDirectory() as folder:
        trainer = lightning.Trainer(
            max_epochs=25, logger=CSVLogger(folder, name="", version=""), log_every_n_steps=1,
            enable_progress_bar=False, enable_checkpointing=False, enable_model_summary=False,
            accelerator="cpu", num_sanity_val_steps=0,
        )  # fmt: skip
        trainer.fit(
            model, torch.utils.data.DataLoader(tables[0], 300, shuffle=True),
            torch.utils.data.DataLoader(tables[1], 600),
        )  # fmt: skip
        shutil.copy(next(Path(folder).rglob("metrics.csv")), HERE / "lightning_healthy.csv")
    label("lightning_healthy.csv", "healthy", model.seen["train_loss"], steps=[0, 99],
          **held_out(model.seen["val_loss"]))  # fmt: skip


class Scorer(nn.Module):
    """What the Trainer takes: a module that returns its loss."""

    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Linear(64, 10)

    def forward(self, rows: Any, labels: Any) -> dict[str, Any]:
        """Return the loss and the scores."""
        scores = self.model(rows)
        return {"loss": nn.functional.cross_entropy(scores, labels), "logits": scores}


def trainer_healthy() -> None:
    """The Trainer prints its dictionaries, and saves them in its state."""
    transformers.set_seed(0)
    data = [{"rows": x, "labels": y} for x, y in zip(PIXELS, CLASSES, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        how = transformers.TrainingArguments(
            folder, num_train_epochs=12, per_device_train_batch_size=100, logging_steps=3,
            learning_rate=0.05, optim="sgd", disable_tqdm=True, report_to=[], use_cpu=True,
            eval_strategy="epoch", save_strategy="no", lr_scheduler_type="cosine",
        )  # fmt: skip
        trainer = transformers.Trainer(
            Scorer(), how, train_dataset=data[:1000], eval_dataset=data[1000:]
        )
        with contextlib.redirect_stdout(io.StringIO()) as said:
            trainer.train()
        trainer.state.save_to_json(str(HERE / "trainer_state.json"))
    (HERE / "trainer_printed.log").write_text(said.getvalue())
    logged = trainer.state.log_history
    train = [entry["loss"] for entry in logged if "loss" in entry]
    held = [entry["eval_loss"] for entry in logged if "eval_loss" in entry]
    label("trainer_state.json", "slow fall", train, steps=[3, 120], **held_out(held))
    label("trainer_printed.log", "slow fall", train, decimals=3, **held_out(held))


if __name__ == "__main__":
    for make in (
        epochs_over_fitted, bar_shuffled, lightning_healthy, trainer_healthy
    ):  # fmt: skip
        make()
    save()
