"""Steps of the lesson `centers`: three conventions side by side, and how far α may go.

The numbers 1.5, 4.0 and 6.0 for c = 0, the samples 2, 4, 6 and α = 0.5 are three programs' answers
to one question; a weight λ is read in as many ways.
"""

from centerviz.lessons.lesson import Step, worked
from centerviz.lessons.one_batch import DECIMALS, Batch
from centerviz.lessons.rules import (
    all_pulled,
    batch_mean,
    center_without_half,
    ema_bound,
    minibatch_bound,
    minibatch_center,
    paper_lambdas,
    repeated,
    shares,
)
from centerviz.lessons.writing import Line

ROUNDS = ("c⁽¹⁾", "c⁽²⁾", "c⁽³⁾", "c⁽⁴⁾", "c⁽⁵⁾")  # the center, the batch coming again so often
TIMES = len(ROUNDS)
USUAL, OWN = 128, 12.8  # a usual batch, and how many of it one of ten classes has
LAMBDA = 0.1
PAPER, DOUBLED, ADDED = "c_α/(1+n)", "c_2α/n", "c_α"  # the three conventions, by their weight


def conventions(batch: Batch) -> tuple[Step, ...]:
    """The same samples and α under the paper's rule, a mean without ½, and duplicates added."""
    paper, doubled, added = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    x, c, alpha, total = batch.x, batch.c, batch.alpha, (batch.c - batch.x).sum(0)
    return (
        worked(
            "paper",
            r"c'_{\alpha/(1+n)}",
            r"c - \alpha \cdot \frac{1}{1 + n} \sum_{i} (c - x_i)",
            rf"{paper(c)} - {paper(alpha)} \cdot \tfrac{{1}}{{1 + {batch.n}}} \cdot {paper(total)}",
            paper,
            (minibatch_center, x, c, alpha),
            "paper = c - alpha * (c - x).sum(0) / (1 + len(x))",
            focus=(PAPER,),
        ),
        worked(
            "without-half",
            r"c'_{2\alpha/n}",
            r"c - \alpha \cdot \frac{2}{n} \sum_{i} (c - x_i)",
            rf"{doubled(c)} - {doubled(alpha)} \cdot \tfrac{{2}}{{{batch.n}}} \cdot "
            rf"{doubled(total)}",
            doubled,
            (center_without_half, x, c, alpha),
            "doubled = c - alpha * 2 * (c - x).mean(0)",
            focus=(DOUBLED,),
        ),
        worked(
            "added",
            r"c'_{\alpha}",
            r"c + \alpha \sum_{i} (x_i - c)",
            rf"{added(c)} + {added(alpha)} \cdot {added(-total)}",
            added,
            (all_pulled, x, c, alpha),
            "added = c + alpha * (x - c).sum(0)",
            focus=(ADDED,),
        ),
    )


def usual_batch(batch: Batch) -> Step:
    """How far the rules go in a batch of usual size."""
    line = Line(DECIMALS)
    a = line(batch.alpha)
    return worked(
        "usual-batch",
        "[s_1,\\, s_2,\\, s_3]",
        r"\left[\alpha\, \frac{n}{1 + n},\; \alpha\, \frac{n}{m},\; \alpha n\right]",
        rf"\left[{a} \cdot \tfrac{{{OWN}}}{{1 + {OWN}}},\; {a} \cdot \tfrac{{{OWN}}}{{{USUAL}}},"
        rf"\; {a} \cdot {OWN}\right]",
        line,
        (shares, batch.alpha, OWN, USUAL),
        f"usual = alpha * {OWN} * np.array([1 / (1 + {OWN}), 1 / {USUAL}, 1])",
        words={"m": str(USUAL), "n": str(OWN)},
    )


def bounds(batch: Batch) -> tuple[Step, ...]:
    """The α up to which the paper's rule, and then ema, come nearer with every repetition."""
    n, first, second = batch.n, Line(DECIMALS), Line(DECIMALS)
    return (
        worked(
            "bound-minibatch",
            r"\alpha_{\max}",
            r"\frac{2 (1 + n)}{n}",
            rf"\frac{{2 (1 + {n})}}{{{n}}}",
            first,
            (minibatch_bound, n),
            "bound = 2 * (1 + len(x)) / len(x)",
        ),
        worked(
            "bound-ema",
            r"\alpha_{\max}^{\mathrm{ema}}",
            r"\frac{2}{n}",
            rf"\frac{{2}}{{{n}}}",
            second,
            (ema_bound, n),
            "bound_ema = 2 / len(x)",
        ),
    )


def under_repetition(batch: Batch) -> Step:
    """The center when the same batch comes again and again."""
    line, mean = Line(DECIMALS), batch_mean(batch.x)
    return worked(
        "repeated",
        "c^{(k)}",
        rf"\bar x + (1 - s)^k\, (c - \bar x),\; k = 1, \ldots, {TIMES}",
        rf"{line(mean)} + (1 - {line(batch.share)})^k \cdot {line(batch.c - mean)}",
        line,
        (repeated, batch.c, mean, batch.share, TIMES),
        f"path = mean + (1 - s) ** np.arange(1, {TIMES + 1})[:, None] * (c - mean)",
        words={"rule": batch.rule, "times": str(TIMES)},
        focus=("x̄", *ROUNDS),
    )


def lambdas(batch: Batch) -> Step:
    """The λ of the paper to which a typed weight amounts in four programs."""
    line, m, d = Line(DECIMALS), batch.n, batch.x.shape[1]
    typed = line(LAMBDA)
    return worked(
        "lambdas",
        r"\lambda_{(5)}",
        r"\left[2\lambda,\; \tfrac{2\lambda}{D},\; \lambda m,\; 2\lambda m\right]",
        rf"\left[2 \cdot {typed},\; \tfrac{{2 \cdot {typed}}}{{{d}}},\; {typed} \cdot {m},\; "
        rf"2 \cdot {typed} \cdot {m}\right]",
        line,
        (paper_lambdas, LAMBDA, m, d),
        f"lambdas = {LAMBDA} * np.array([2, 2 / x.shape[1], len(x), 2 * len(x)])",
        words={"typed": str(LAMBDA)},
    )
