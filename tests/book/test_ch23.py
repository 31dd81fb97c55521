"""What chapter 23 claims and no cell of it prints, from its record and by its own code."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest

import gdlib as gd
from tests import claims
from tests.test_try_this import says

CHAPTER = "23-language-model"
ALPHABET = " -abcdefghijklmnopqrstuvwxyz"
race = gd.datasets.language_race


def ends(purpose: str, rule: str) -> Any:
    return np.array([run.end for run in race().of(purpose)[rule]])


@cache
def data() -> tuple[gd.Transformer, gd.Transformer]:
    """Return the model on the chapter's pages, and on those held out."""
    texts = [" ".join(page).replace("ö", "o") for page in gd.problems.book_words()]
    signs = [np.array([ALPHABET.index(sign) for sign in text]) for text in texts]
    cut = np.lib.stride_tricks.sliding_window_view
    held = (4, 9, 14)
    seen = [cut(page, 33)[::8] for i, page in enumerate(signs) if i not in held]
    model = gd.Transformer(np.concatenate(seen), 28)
    return model, model.on(np.concatenate([cut(signs[i], 33)[::32] for i in held]))


def sampler(rule: str, step: int, beginning: str = "the gradient ") -> gd.TextSampler:
    model, kept = data()[0], race().weights
    curves = {name: race().of("race")[name][0].costs for name in kept}
    return gd.TextSampler(model, ALPHABET, kept, curves, rule=rule, step=step, beginning=beginning)


def test_the_record_has_each_rule_tuned_within_its_grid_and_raced_at_its_best_rate() -> None:
    for rule, runs in race().of("tuning").items():
        rates = [run.rate for run in runs]
        best = rates[int(np.argmin([run.end for run in runs]))]
        assert min(rates) < best < max(rates), rule
        raced = race().of("race")[rule]
        assert [run.rate for run in raced] == [best] * 3
        assert not {run.seed for run in raced} & {run.seed for run in runs}


def test_the_model_of_the_page_needs_the_bits_that_the_figure_says() -> None:
    """Rounded weights cost at most 0.04 bits."""
    _, judge = data()
    some = np.linspace(0, judge.rows - 1, 64).astype(int)
    for rule, sets in race().weights.items():
        for step in sets:
            recorded = race().of("race")[rule][0].costs[step // 25]
            now = judge.value(sampler(rule, step).theta, some)
            assert recorded - 0.01 < now < recorded + 0.04, (rule, step)


def test_what_the_quiz_says() -> None:
    muon = np.mean([run.costs for run in race().of("race")["Muon"]], axis=0)
    end = ends("race", "gradient descent").mean()
    assert (muon[race().steps >= 300] < end).all()
    assert muon[race().steps == 200] > end
    feedback = [claim.says for claim in claims.claims(CHAPTER) if "predict" in claim.where]
    assert sum(f"{end:.2f}" in said for said in feedback) == 2


def test_what_there_is_to_try() -> None:
    q = {step: sampler("Muon", step).probabilities("q") for step in (100, 1000)}
    assert ALPHABET[q[1000].argmax()] == ALPHABET[q[100].argmax()] == "u"
    u = ALPHABET.index("u")
    says(CHAPTER, "try", 1, f"probability {q[1000][u]:.2f}", f"with {q[100][u]:.2f}")
    rat = [sampler(rule, 1000).probabilities("the learning rat") for rule in ("AdamW", "Muon")]
    assert all(ALPHABET[shares.argmax()] == "e" for shares in rat)
    adamw, muon = (shares[ALPHABET.index("e")] for shares in rat)
    says(CHAPTER, "try", 2, f"AdamW gives it {adamw:.2f}, Muon {muon:.2f}")
    nothing = sampler("Muon", 0).probabilities("q")
    np.testing.assert_allclose(nothing, 1 / 28)


def test_a_sign_after_q_is_mostly_u() -> None:
    pages = [page for i, page in enumerate(gd.problems.book_words()) if i not in (4, 9, 14)]
    text = " ".join(" ".join(page) for page in pages)
    says(CHAPTER, "try", 1, f"Of {text.count('q')} q in the pages seen, {text.count('qu')} stand")


def test_the_weight_of_shorter_strings_is_best_on_other_pages() -> None:
    """Of 1, 2, 4 and 8 no weight is better than 4 by more than 0.02 bits up to four signs."""
    texts = [" ".join(page).replace("ö", "o") for page in gd.problems.book_words()]
    pages = [np.array([ALPHABET.index(sign) for sign in text]) for text in texts]
    known: dict[str, Any] = {"np": np}
    held = [2, 7, 12]
    known["seen"] = [page for i, page in enumerate(pages) if i not in held]
    known["unseen"] = [pages[i] for i in held]
    source = claims.cells(CHAPTER)["counts"].source.replace("print(", "(lambda *_: None)(")
    found = {}
    for weight in (1, 2, 4, 8):
        exec(source.replace("4 * p", f"{weight} * p").replace("+ 4)", f"+ {weight})"), known)
        found[weight] = known["counted"]
    assert found[4][4] < min(found[1][4], found[2][4])
    assert min(found[8][4], found[4][4]) > found[4][4] - 0.02


def test_the_sizes_that_the_last_section_names() -> None:
    said = claims.printed(CHAPTER, "scale-up")
    assert data()[0].n == 19_200
    assert "| 19,200 |" in said
    pages = [page for i, page in enumerate(gd.problems.book_words()) if i not in (4, 9, 14)]
    texts = [" ".join(page).replace("ö", "o") for page in pages]
    assert 1.8 < 1000 * 16 * 32 / sum(map(len, texts)) < 2.2  # "each sign about twice"
    entries = {
        text[i : i + n] for text in texts for n in (1, 2, 3, 4) for i in range(len(text) + 1 - n)
    }
    assert f"that table has {len(entries):,} entries" in said
    assert len(entries) < 19_200
    counted = claims.printed(CHAPTER, "counts")
    assert "signs before: 3   bits: 1.87   different strings: 10185" in counted
    assert min(run.end for runs in race().of("race").values() for run in runs) > 1.9


def test_rules_for_matrices_are_ahead_from_step_50_on() -> None:
    means = {
        rule: np.mean([run.costs for run in runs], axis=0)[race().steps >= 50]
        for rule, runs in race().of("race").items()
    }
    others = np.min([means[rule] for rule in ("gradient descent", "momentum", "AdamW")], axis=0)
    for rule in ("SOAP", "Muon"):
        assert (means[rule] < others).all()
        assert means[rule].min() > 1.9  # the counts of three signs reach 1.87


def test_the_model_writes_more_words_of_the_book_the_longer_it_is_trained() -> None:
    """Of words of three letters and more, drawn with eight seeds, those that the book has."""
    known = {word for page in gd.problems.book_words() for word in page}
    shares = []
    for step in (0, 100, 1000):
        written = [sampler("Muon", step).text]
        for seed in range(8):
            one = sampler("Muon", step)
            one.seed = seed
            written.append(one.text.removeprefix(one.beginning))
        words = [word for text in written for word in text.split()[1:-1] if len(word) > 2]
        shares.append(np.mean([word in known for word in words]))
    assert shares[0] < shares[1] < 0.5 * shares[2]


def test_the_ends_that_the_text_compares() -> None:
    tuned = {
        rule: {run.rate: run.end for run in runs} for rule, runs in race().of("tuning").items()
    }
    momentum, adamw = tuned["momentum"], tuned["AdamW"]
    assert f"{momentum[0.3] - momentum[0.5]:.2f}" == "0.11"
    coarse = min(adamw[rate] for rate in (0.01, 0.03, 0.1))
    assert f"{min(momentum[rate] for rate in (0.1, 0.3, 1)) - coarse:.2f}" == "0.12"
    said = claims.printed(CHAPTER, "ends-says")
    assert "by 0.12 bits" in said
    adam, both = ends("race", "AdamW"), [ends("race", rule) for rule in ("SOAP", "Muon")]
    assert [f"{adam.mean() - one.mean():.2f}" for one in both] == ["0.19", "0.18"]
    soap, muon = both
    assert (soap < muon).all()
    assert f"{(muon - soap).mean():.2f}" == "0.01"
    near = sorted(abs(end - tuned["Muon"][0.03]) for end in tuned["Muon"].values())
    assert near[1] > (muon - soap).mean()  # "no more than one step on Muon's grid is worth"
    assert max(np.ptp(ends("race", rule)) for rule in race().of("race")) < 0.065


def test_what_is_left_out_is_not_missed() -> None:
    usual = ends("race", "AdamW")
    for purpose in ("no warm-up", "no norm", "no correction"):
        runs, *_ = race().of(purpose).values()
        assert runs[0].rule.startswith("AdamW")
        assert np.mean([run.end for run in runs]) < usual.max()


def test_without_correction_the_first_steps_are_shorter_and_none_much_longer() -> None:
    """By a steady slope: (1 − β₁ᵏ) over the root of 1 − β₂ᵏ, with β₁ = 0.9 and β₂ = 0.95."""
    k = np.arange(1, 1001)
    times = (1 - 0.9**k) / np.sqrt(1 - 0.95**k)
    assert f"{times[0]:.2f}" == "0.45"
    assert f"{times.max():.1f}" == "1.1"
    assert "0.45 times as long" in claims.printed(CHAPTER, "ablation-says")


def test_the_factor_start_by_start_and_in_time() -> None:
    half, whole, adamw = ends("half as long", "Muon"), ends("race", "Muon"), ends("race", "AdamW")
    factors = 2 ** (1 - (half - adamw) / (half - whole))
    assert [f"{factors.min():.1f}", f"{factors.max():.1f}"] == ["1.7", "1.9"]
    together = 2 ** (1 - (half - adamw).mean() / (half - whole).mean())
    times = {rule: race().of("race")[rule][0].milliseconds for rule in ("AdamW", "Muon")}
    assert f"{together * times['AdamW'] / times['Muon']:.1f}" == "1.4"


def test_against_adamw_without_warm_up_less_is_saved() -> None:
    """Whether Muon warms up or not: the factor is counted as the chapter counts it."""
    gains = ends("race", "AdamW") - ends("no warm-up", "AdamW")
    said = claims.printed(CHAPTER, "ablation-says")
    low, high = f"{gains.min():.2f}", f"{gains.max():.2f}"
    assert f"by {gains.mean():.2f} bits in the mean ({low} to {high})" in said
    adamw = ends("no warm-up", "AdamW").mean()
    pairs = (("half as long", "race"), ("half as long and no warm-up", "no warm-up"))
    factors = []
    for short, long in pairs:
        half, whole = ends(short, "Muon").mean(), ends(long, "Muon").mean()
        factors.append(2 ** (1 - (half - adamw) / (half - whole)))
    assert [f"{factor:.1f}" for factor in factors] == ["1.5", "1.5"]
    assert "Muon saves is 1.5, not 1.8, whether Muon has a warm-up or not" in said
    better = (ends("race", "Muon") - ends("no warm-up", "Muon")).mean()
    assert f"it ends {better:.2f} bits lower itself" in said
    needed = round(1000 / factors[1], -1)
    assert f"about {needed:.0f} if both go without warm-up" in claims.printed(CHAPTER, "minute")


def test_other_pages_would_choose_rates_as_good_to_a_hundredth_of_a_bit() -> None:
    """The 64 windows of the curves choose; the others judge, by n · mean − 64 · mean of the 64."""
    windows = data()[1].rows
    said = claims.printed(CHAPTER, "tuning-says")
    assert f"64 of the {windows} windows" in said
    others = {}
    for rule, runs in race().of("tuning").items():
        rest = [(windows * run.end - 64 * run.costs[-1]) / (windows - 64) for run in runs]
        best = int(np.argmin([run.end for run in runs]))
        chosen = int(np.argmin([run.costs[-1] for run in runs]))
        assert best == int(np.argmin(rest))
        if chosen != best:
            others[rule] = runs[chosen].rate, f"{rest[chosen] - rest[best]:.2f}"
    assert others == {"SOAP": (0.03, "0.01"), "Muon": (0.02, "0.01")}
    assert "but for SOAP (0.03) and Muon (0.02)" in said
    assert "worse by 0.01 bits" in said


def test_counts_that_see_no_more_than_a_window() -> None:
    """From the first sign of each of the judged windows on, and at most three signs back."""
    pages = [" ".join(page).replace("ö", "o") for page in gd.problems.book_words()]
    seen = [page for i, page in enumerate(pages) if i not in (4, 9, 14)]
    strings = Counter(
        page[i : i + n] for page in seen for n in range(5) for i in range(len(page) + 1 - n)
    )
    ends = Counter(page[-n:] for page in seen for n in range(1, 4))

    @cache
    def share(before: str, sign: str) -> float:
        shorter = share(before[1:], sign) if before else 1 / 28
        followed = strings[before] - ends[before] if before else sum(map(len, seen))
        return (strings[before + sign] + 4 * shorter) / (followed + 4)

    bits = [
        -np.log2(share(pages[i][max(start, at - 3) : at], pages[i][at]))
        for i in (4, 9, 14)
        for start in range(0, len(pages[i]) - 32, 32)
        for at in range(start + 1, start + 33)
    ]
    assert len(bits) == 32 * data()[1].rows
    assert f"and {np.mean(bits):.2f} if it sees no more" in claims.printed(CHAPTER, "scale-up")
    assert np.mean(bits) < min(run.end for runs in race().of("race").values() for run in runs)


def test_rates_between_those_of_the_grid() -> None:
    said = claims.printed(CHAPTER, "tuning-says")
    between = {
        (rule, run.rate): run.end for rule, runs in race().of("between").items() for run in runs
    }
    assert len(between) == 4
    assert all(f"{end:.2f}" in said for end in between.values())
    tuned = {run.rate: run.end for run in race().of("tuning")["gradient descent"]}
    assert f"{tuned[1] - between['gradient descent', 1.2]:.2f}" == "0.07"
    behind = ends("race", "gradient descent").mean() - ends("race", "AdamW").mean()
    assert 0.45 < behind < 0.55
    best = min(run.end for run in race().of("tuning")["momentum"])
    assert min(between["momentum", 0.6], between["momentum", 0.7]) > best


def test_a_purpose_that_no_run_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"purpose must be .*, not 'Race'; did you mean 'race'"):
        race().of("Race")
