"""When to use each rule, its usual numbers, and its chapter: what the cheat sheet says beside it.

Each range stands with the section that measured it or the source that gives it; the tests compare
the numbers with what those sections print.
"""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """A rule's use, its usual numbers and its chapter, as Markdown."""

    when: str
    usual: str
    read: str


ADVICE = {
    "gradient_descent": Advice(
        when="the gradient is exact and the valley not narrow, memory is short, or each step must"
        " be understood.",
        usual="$\\eta$ below $2/L$; no number fits two problems ({ref}`units <sec-lr-units>`),"
        " so search by factors of ten.",
        read="{doc}`03-learning-rate`",
    ),
    "momentum": Advice(
        when="the valley is narrow and the gradients are exact or nearly so: $\\sqrt\\kappa$ in"
        " the place of $\\kappa$ ({ref}`how <sec-momentum-optimum>`).",
        usual="$\\eta$ below $(2+2\\beta)/L$ ({ref}`the map <sec-momentum-map>`); $\\beta$"
        " from 0.5 to 0.95 was best in {ref}`chapter 15 <sec-race-beta>`. Image networks:"
        " $\\eta = 0.1$ at 256 images a batch, $\\beta = 0.9$"
        " ([PyTorch's example](https://github.com/pytorch/examples/blob/main/imagenet/main.py)).",
        read="{doc}`11-momentum`",
    ),
    "nesterov": Advice(
        when="as momentum, if the curvatures differ on the way: its factor holds for every cost"
        " with curvatures from $\\mu > 0$ to $L$ ({ref}`the guarantee <sec-nesterov-guarantee>`).",
        usual="$\\eta$ below $(2+2\\beta)/((1+2\\beta)L)$ ({ref}`why <sec-nesterov-curvature>`);"
        " $\\beta$ from 0.8 to 0.95 was best in {ref}`chapter 15 <sec-race-beta>`.",
        read="{doc}`12-nesterov`",
    ),
    "adagrad": Advice(
        when="some features are rare and some frequent, and the run is not long: its rates only"
        " fall.",
        usual="$\\eta$ of 0.18 and 0.24 was best in {ref}`chapter 13's race <sec-adaptive-race>`,"
        " 0.2 for {ref}`word vectors <sec-words-rare>`.",
        read="{doc}`13-adaptive-rates`",
    ),
    "adadelta": Advice(
        when="seldom: its units come out right, and $\\varepsilon$ takes the place of the rate"
        " ({ref}`how <sec-adaptive-adadelta>`).",
        usual="$\\varepsilon$ decides: from $10^{-8}$ to $10^{-2}$ the first step goes from"
        " 0.0003 to 0.3 ({ref}`the table <sec-adaptive-adadelta>`).",
        read="{doc}`13-adaptive-rates`",
    ),
    "rmsprop": Advice(
        when="the slopes' sizes change along the way, and the rate falls to 0: at a constant rate"
        " it never comes to rest ({ref}`falling rates <sec-race-falling>`).",
        usual="$\\eta$ of 0.013 and 0.024 was best in"
        " {ref}`chapter 13's race <sec-adaptive-race>`, at $\\rho = 0.9$.",
        read="{doc}`13-adaptive-rates`",
    ),
    "adam": Advice(
        when="there is one try, with mini-batches or slopes of unequal sizes: it arrived on every"
        " course ({ref}`the race <sec-race-courses>`).",
        usual="$\\eta$ is a distance ({ref}`why <sec-adam-scale>`). The paper: 0.001, 0.9, 0.999."
        " In {ref}`chapter 14 <sec-adam-ablations>` 0.01 and 0.032 were best, in"
        " {ref}`chapter 15 <sec-race-courses>` 0.18 to 1.8, on"
        " {ref}`digits <sec-network-digits>` 0.032.",
        read="{doc}`14-adam`",
    ),
    "adamw": Advice(
        when="weights have to stay small, and Adam's division should not decide how much"
        " ({ref}`AdamW and L2 <sec-adam-adamw>`). Not where the minimum is far from 0"
        " ({ref}`a minimum at the origin <sec-race-favour>`).",
        usual="$\\eta$ and $\\beta$s as {ref}`Adam <rule-adam>`; $\\lambda$ from 0.01 to"
        " 0.1, for language models $\\beta$s 0.9 and 0.95 and $\\eta$ from 0.0006 (small) to"
        " 0.00006 (large): the card of {doc}`15-race`.",
        read="{doc}`14-adam`",
    ),
    "amsgrad": Advice(
        when="rare, large slopes matter, which send Adam the wrong way"
        " ({ref}`the counter-examples <sec-adam-counter-examples>`).",
        usual="as {ref}`Adam <rule-adam>`; where that arrives on chapter 15's courses, so does it"
        " ({ref}`the race <sec-race-courses>`).",
        read="{doc}`14-adam`",
    ),
    "nadam": Advice(
        when="Adam with Nesterov's look ahead is wanted; here it was first on no course"
        " ({ref}`the race <sec-race-courses>`).",
        usual="as {ref}`Adam <rule-adam>`; PyTorch starts at 0.002.",
        read="{doc}`15-race`",
    ),
    "lion": Advice(
        when="memory is short, and the rate falls: its steps have one length, and at a constant"
        " rate it arrived in time on one course of seven ({ref}`the race <sec-race-courses>`).",
        usual="$\\eta$ a third to a tenth of AdamW's, $\\lambda$ 3 to 10 times AdamW's"
        " ([the authors](https://github.com/google/automl/blob/master/lion/README.md)).",
        read="{doc}`15-race`",
    ),
    "muon": Advice(
        when="a network's time goes into the matrices between its layers; AdamW moves the rest. On"
        " {ref}`chapter 23's model <sec-language-race>` it ended about 0.2 bits below AdamW; with"
        " 1.2 billion parameters such rules were 1.1 times as fast"
        " ({ref}`larger comparisons <sec-race-published>`).",
        usual="$\\eta = 0.03$ was best in {ref}`chapter 23 <sec-language-race>`. Author 0.02,"
        " PyTorch 0.001 ({ref}`three programs <sec-norms-frameworks>`); with `match_rms_adamw`"
        " AdamW's rate.",
        read="{doc}`21-norms`",
    ),
    "shampoo": Advice(
        when="a path should not depend on turns of a layer's inputs or outputs"
        " ({ref}`who notices <sec-norms-turn>`), and its sides are short enough for their"
        " eigenvectors. A distributed form was first in AlgoPerf"
        " ({ref}`larger comparisons <sec-race-published>`).",
        usual="$\\eta = 1$ takes 91 steps in {doc}`chapter 21's valley <21-norms>`, at every"
        " angle. Its sums only grow, as AdaGrad's.",
        read="{doc}`21-norms`",
    ),
    "soap": Advice(
        when="as Shampoo, but what is long ago should be forgotten. On"
        " {ref}`chapter 23's model <sec-language-race>` it ended about 0.2 bits below AdamW."
        " For 768×3072 weights the authors' form keeps 10.5 numbers each, Adam 2"
        " ({ref}`the table <sec-norms-cost>`).",
        usual="the paper: 0.003, 0.95, 0.95 ([SOAP](https://arxiv.org/abs/2409.11321)); in"
        " {ref}`chapter 23's race <sec-language-race>` 0.02 was best.",
        read="{doc}`21-norms`",
    ),
    "adafactor": Advice(
        when="memory is short: for 768×3072 weights it keeps 0.0016 of a number each, Adam 2"
        " ({ref}`the table <sec-norms-cost>`).",
        usual="$\\eta$ is a share of $\\theta$'s own size, and at most $1/\\sqrt k$; 0.01 in"
        " [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html).",
        read="{doc}`21-norms`",
    ),
}
"""By the name of the rule's constructor."""
