"""TrainConfig: every setting of a run, and nothing else decides its result.

The same model is the form, the command-line flags, the file, the cache key and the link.
Letters: λ `center_weight` · α `center_step` · D `dim` · s `scale` · m `margin`.
"""

import shlex
from string import Formatter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from centerviz.language import N_
from centerviz.problem import Problem

PAIR_BASES = ("contrastive", "triplet")  # losses on pairs: no classifier, M-per-class batches


def _setting(default, description: str, unit: str = "", group: str = "More", **bounds):
    """A field with its words for form, flags and file."""
    extra = {"unit": unit, "group": group}
    return Field(default, description=description, json_schema_extra=extra, **bounds)


class TrainConfig(BaseModel):
    """The settings of one run; invalid ones raise pydantic's ValidationError (see `checked`).

    >>> TrainConfig().center_weight
    0.1
    >>> TrainConfig(center_weight=0).caption()
    'center_weight=0.0'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: Annotated[str, Field(min_length=1, max_length=4096)] = _setting(
        "digits",
        N_(
            "What is learned: digits, mnist-6k, article, faces-1, faces-2 (strengths inside: "
            "faces-2:pose=0.5), a folder or zip of images, or a table of vectors."
        ),
        group="Data",
    )
    model: Literal["auto", "conv", "lenets++", "mlp"] = _setting(
        "auto",
        N_("The network. auto takes the small convolutional net for images, the MLP for vectors."),
        group="Data",
    )
    dim: int = _setting(
        2, N_("Features of the embedding, D."), "features", "Embedding", ge=1, le=4096
    )
    normalize: bool = _setting(
        False, N_("Center loss on unit features z = x/‖x‖ instead of raw x."), "", "Embedding"
    )
    base: Literal["softmax", "normface", "cosface", "arcface", "contrastive", "triplet", "none"] = (
        _setting(
            "softmax", N_("The loss that keeps classes apart, beside center loss."), "", "Base loss"
        )
    )
    scale: float = _setting(
        16.0,
        N_("Scale s of the cosines (normface, cosface, arcface)."),
        "",
        "Base loss",
        gt=0,
        le=1e4,
    )
    margin: float = _setting(
        0.35,
        N_("Margin: of a cosine (cosface), an angle in radians (arcface), a distance (pairs)."),
        "",
        "Base loss",
        ge=0,
        le=10,
    )
    samples_per_class: int = _setting(
        4,
        N_("Samples of one class in a batch (contrastive, triplet)."),
        "samples",
        "Base loss",
        ge=2,
        le=1024,
    )
    center_weight: float = _setting(
        0.1, N_("λ, the weight of center loss. 0 leaves it out."), "", "Center loss", ge=0, le=1e6
    )
    center_form: Literal["squared", "cosine", "article-dot"] = _setting(
        "squared",
        N_("½‖x−c‖², or 1−cos θ, or the article's literal ½(z·c)², which fails."),
        "",
        "Center loss",
    )
    center_rule: Literal["minibatch", "epoch-mean", "gradient", "ema", "fixed"] = _setting(
        "minibatch", N_("How the centers move."), "", "Center loss"
    )
    center_step: float = _setting(
        0.5,
        N_("α, how far the centers move; for ema it is 1 − retention."),
        "",
        "Center loss",
        gt=0,
        le=100,
    )
    center_start: Literal["means", "zeros"] = _setting(
        "means",
        N_("Where the centers start: at the class means, or, only with fixed centers, at zero."),
        "",
        "Center loss",
    )
    reduction: Literal["mean", "sum"] = _setting(
        "mean",
        N_("Center loss as mean over the batch, or as sum (the article's form, λ·m)."),
        "",
        "Center loss",
    )
    warmup_epochs: int = _setting(
        0, N_("Epochs over which λ rises from 0."), "epochs", "Center loss", ge=0, le=10_000
    )
    epochs: int = _setting(
        30, N_("Passes over the training split."), "epochs", "Optimisation", ge=1, le=10_000
    )
    batch_size: int = _setting(
        64, N_("Samples of a batch, m."), "samples", "Optimisation", ge=1, le=65_536
    )
    optimizer: Literal["sgd", "adam"] = _setting(
        "sgd", N_("The optimiser of the network."), "", "Optimisation"
    )
    learning_rate: float = _setting(
        0.05, N_("The (largest) learning rate."), "", "Optimisation", gt=0, le=100
    )
    schedule: Literal["onecycle", "constant", "step"] = _setting(
        "onecycle",
        N_("How the learning rate runs: one cycle, constant, or ÷10 after ½ and ¾ of the steps."),
        "",
        "Optimisation",
    )
    momentum: float = _setting(
        0.9, N_("Momentum of SGD (β₁ of Adam)."), "", "Optimisation", ge=0, lt=1
    )
    weight_decay: float = _setting(
        5e-4, N_("L2 penalty on the weights."), "", "Optimisation", ge=0, le=1
    )
    seed: int = _setting(
        0, N_("Decides initial weights and batches."), "", "Run", ge=0, le=2**31 - 1
    )
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d{1,2})?)$")] = _setting(
        "auto", N_("auto, cpu, mps, cuda or cuda:N."), "", "Run"
    )
    precision: Literal["auto", "float32", "bf16"] = _setting(
        "auto",
        N_("auto takes bf16 for large nets where the hardware has it, else float32."),
        "",
        "Run",
    )
    threads: Literal["auto"] | Annotated[int, Field(ge=1, le=256)] = _setting(
        "auto", N_("Threads of a run; auto is 1, and all cores for lenets++."), "threads", "Run"
    )

    @model_validator(mode="after")
    def _fits_together(self):
        for wrong, sentence in _CONFLICTS:
            if wrong(self):
                raise Problem(sentence, **_flags(sentence))
        return self

    def differences(self, other: "TrainConfig") -> dict[str, tuple]:
        """The fields in which two configs differ: name -> (ours, theirs)."""
        return {
            name: (getattr(self, name), getattr(other, name))
            for name in TrainConfig.model_fields
            if getattr(self, name) != getattr(other, name)
        }

    def caption(self) -> str:
        """What differs from the defaults, as `name=value` in the order of the fields."""
        changed = self.differences(TrainConfig())
        return " ".join(f"{name}={ours}" for name, (ours, _) in changed.items()) or "defaults"

    def command_line(self) -> str:
        """The line for a shell that trains this again.

        >>> TrainConfig(normalize=True, center_weight=5).command_line()
        'python -m centerviz train --normalize true --center-weight 5.0'
        """
        words = ["python", "-m", "centerviz", "train"]
        for name, (ours, _) in self.differences(TrainConfig()).items():
            value = str(ours).lower() if isinstance(ours, bool) else str(ours)
            words += [f"--{flag_of(name)}", value]
        return shlex.join(words)


_CONFLICTS = (
    (
        lambda c: c.center_form == "article-dot" and not c.normalize,
        N_(
            "The article's inner-product form is defined on unit features: set {normalize} to true."
        ),
    ),
    (
        lambda c: c.base == "none" and c.center_weight == 0,
        N_(
            "Without a base loss and with λ = 0 there is nothing to learn: choose a {base} or "
            "raise {center_weight}."
        ),
    ),
    (
        lambda c: c.center_start == "zeros" and c.center_rule != "fixed",
        N_("Centers start at zero only when they stay there: set {center_rule} to fixed."),
    ),
    (
        lambda c: c.center_rule == "ema" and c.center_step > 1,
        N_("For ema, α is 1 − retention and lies in (0, 1]: set {center_step} to 1 or less."),
    ),
    (
        lambda c: c.warmup_epochs > c.epochs,
        N_("The warm-up is longer than the training: lower {warmup_epochs} or raise {epochs}."),
    ),
    (
        lambda c: c.base in PAIR_BASES and c.batch_size < 2 * c.samples_per_class,
        N_(
            "Pairs need two classes in a batch: raise {batch_size} to at least twice "
            "{samples_per_class}."
        ),
    ),
)


def flag_of(name: str) -> str:
    """What the command line calls a setting.

    >>> flag_of("center_weight")
    'center-weight'
    """
    return name.replace("_", "-")


def _flags(sentence: str) -> dict[str, str]:
    """The settings that a sentence names, as its values; a form puts its labels there instead."""
    return {name: flag_of(name) for _, name, *_ in Formatter().parse(sentence) if name}


def checked(values: dict) -> TrainConfig:
    """A TrainConfig from untrusted values.

    Raises Problem with one sentence: which setting, what was given, what is allowed.

    >>> checked({"center_weight": -1})
    Traceback (most recent call last):
    ...
    centerviz.problem.Problem: center-weight was given as -1; it must be 0 or more.
    """
    try:
        return TrainConfig.model_validate(values)
    except ValidationError as error:
        raise _problem(error.errors()[0]) from None


def _problem(detail: dict) -> Problem:
    """One of pydantic's details, reworded."""
    if not detail["loc"]:
        return detail["ctx"]["error"]
    field = str(detail["loc"][0])
    flag, given = flag_of(field), str(detail.get("input"))[:80]
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        return Problem("There is no setting named {flag}.", flag=flag)
    for bound, template in _BOUNDS.items():
        if bound in context:
            limit = context[bound]
            return Problem(
                template,
                flag=flag,
                given=given,
                limit=f"{limit:g}" if isinstance(limit, float) and limit < 1e6 else limit,
            )
    if field == "threads":
        return Problem(
            "{flag} was given as {given}; it must be auto or 1 to 256.", flag=flag, given=given
        )
    if field == "device":
        return Problem(
            "{flag} was given as {given}; it must be auto, cpu, mps, cuda or cuda:N.",
            flag=flag,
            given=given,
        )
    if "expected" in context:
        choices = context["expected"].replace("'", "").replace(" or ", ", ")
        return Problem(
            "{flag} was given as {given}; it must be one of: {choices}.",
            flag=flag,
            given=given,
            choices=choices,
        )
    kinds = {
        "int": N_("{flag} was given as {given}; it must be a whole number."),
        "float": N_("{flag} was given as {given}; it must be a finite number."),
        "finite": N_("{flag} was given as {given}; it must be a finite number."),
        "bool": N_("{flag} was given as {given}; it must be true or false."),
    }
    kind = detail["type"].split("_")[0]
    template = kinds.get(kind, N_("{flag} was given as {given}, which cannot be used."))
    return Problem(template, flag=flag, given=given)


_BOUNDS = {
    "ge": N_("{flag} was given as {given}; it must be {limit} or more."),
    "gt": N_("{flag} was given as {given}; it must be more than {limit}."),
    "le": N_("{flag} was given as {given}; it must be {limit} or less."),
    "lt": N_("{flag} was given as {given}; it must be less than {limit}."),
}
