"""What every lesson is made of: inputs, a question to predict, steps, marks of a picture.

A step never holds a number of its own: `worked` calls the formula's function, takes its value, and
keeps the function so that its source can be shown beside what it computed.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from centerviz.lessons.inputs import Field
from centerviz.lessons.writing import Line, equality, is_exact, latex, plain

TOLERANCE = 0.02  # of a typed answer, as a share of the right one


@dataclass(frozen=True)
class Correction:
    """Where the article errs: its value and ours, both as LaTeX; the reason is in the texts."""

    key: str
    article: str
    ours: str


@dataclass(frozen=True)
class Step:
    """One line of a worked calculation."""

    key: str  # of its title and its sentence in the texts
    symbol: str  # LaTeX, as are the next two
    formula: str
    substituted: str  # the formula with the numbers in it; "" where they would be too many
    numbers: str  # the same, carried on to the value
    value: float | list
    decimals: int
    function: Callable
    line: str  # `name = …` in NumPy, of the inputs and the names of earlier lines
    words: dict[str, str] = field(default_factory=dict)  # for the places in its texts
    correction: Correction | None = None
    focus: tuple[str, ...] = ()  # names of the marks to show strongly
    given: bool = False  # too long for paper: a worksheet tells the value
    loss: tuple | None = None  # a loss, the vector it is differentiated by, and what it holds

    @property
    def shown(self) -> str:
        """Symbol and value as LaTeX: = if it is written out in full, else ≈."""
        sign = equality(is_exact(self.value, self.decimals))
        return f"{self.symbol} {sign} {latex(self.value, self.decimals)}"

    @property
    def plain(self) -> str:
        """The value as plain text, with ≈ before it where it was rounded."""
        sign = "" if is_exact(self.value, self.decimals) else "≈ "
        return sign + plain(self.value, self.decimals)

    @property
    def by_autograd(self) -> Float[np.ndarray, " D"]:
        """The gradient that PyTorch's autograd finds for `loss`; the first one loads PyTorch."""
        from centerviz.learning.autograd import gradient

        return gradient(*self.loss)

    @property
    def code(self) -> str:
        """The source of the function that computed the value."""
        return inspect.getsource(self.function)


@dataclass(frozen=True)
class Mark:
    """One thing in a picture: from `start` to `end` an arrow or a link, at `end` a dot."""

    name: str
    kind: str  # arrow, accent (an arrow that stands out), link, sample, dot or center
    end: Float[np.ndarray, " D"]
    start: Float[np.ndarray, " D"] | None = None
    group: int | None = None  # class, 0…C−1, which gives the colour
    times: float = 1.0  # an arrow is drawn so many times as long as it is


@dataclass(frozen=True)
class Chart:
    """A picture of numbers instead of vectors: lines, dots or bars over one axis.

    Titles are symbols, the same in every language. `at` marks a place on the x axis.
    """

    kind: str  # lines, dots or bars
    x: tuple  # positions, or the names of the bars
    series: dict[str, tuple]  # a symbol -> its values, one for each x; None where there is none
    x_title: str
    y_title: str
    at: float | None = None
    groups: dict[str, int] = field(default_factory=dict)  # series that belong to a class


@dataclass(frozen=True)
class Maps:
    """A picture of the same samples on several maps side by side, each on axes of its own."""

    titles: tuple[str, ...]  # symbols, as those of a chart
    points: tuple[Float[np.ndarray, "N 2"], ...]
    groups: tuple[int, ...]  # class of each sample, 0…C−1


@dataclass(frozen=True)
class Question:
    """What to predict before the steps: one number, and the answers that common slips give."""

    expected: float
    slips: dict[str, float]
    words: dict[str, str] = field(default_factory=dict)

    def judged(self, answer: float) -> str:
        """`right`, the key of the slip that gives this answer, or `wrong`.

        >>> Question(0.81, {"sum": 0.5}).judged(0.5)
        'sum'
        """
        near = lambda target: abs(answer - target) <= TOLERANCE * abs(target) + 1e-9  # noqa: E731
        if near(self.expected):
            return "right"
        return next((key for key, value in self.slips.items() if near(value)), "wrong")

    @property
    def clear(self) -> bool:
        """Whether every slip gives an answer of its own.

        >>> Question(0.81, {"sum": 0.5}).clear, Question(0.81, {"sum": 0.81}).clear
        (True, False)
        """
        return all(self.judged(value) == key for key, value in self.slips.items())


@dataclass(frozen=True)
class Lesson:
    """A lesson: what it reads and the four things it makes of it. Its words are in texts/."""

    name: str
    inputs: tuple[Field, ...]
    read: Callable[[dict[str, str]], Any]
    question: Callable[[Any], Question]
    steps: Callable[[Any], tuple[Step, ...]]
    result: Callable[[Any], dict[str, Any]]
    picture: Callable[[Any, str], tuple[Mark, ...] | Chart | Maps]  # beside a step
    sheet: Callable[[np.random.Generator], dict[str, str]]  # other inputs, readable by hand

    @property
    def defaults(self) -> dict[str, str]:
        """What stands in every input at first."""
        return {field.name: field.default for field in self.inputs}


def worked(
    key: str,
    symbol: str,
    formula: str,
    numbers: str,
    line: Line,
    call: tuple,
    numpy: str,
    words: dict[str, str] | None = None,
    correction: Correction | None = None,
    focus: tuple[str, ...] = (),
    given: bool = False,
    loss: tuple | None = None,
) -> Step:
    """A step whose value is computed by `call`: a function and its arguments.

    `formula` and `numbers` are the right-hand sides; `line` wrote the numbers and knows whether
    one of them was rounded. `numpy` is the same calculation as one assignment to copy: run after
    the lesson's inputs and the lines of the steps before it, it gives the same value. `loss`: the
    value is the gradient of that function by its first argument, for autograd to check.
    """
    function, *arguments = call
    value = np.asarray(function(*arguments), dtype=np.float64)
    exact = is_exact(value, line.decimals)
    left = f"{symbol} {line.sign} {numbers}" if numbers else ""
    last = f"{equality(line.exact, exact)} {latex(value, line.decimals)}"
    return Step(
        key=key,
        symbol=symbol,
        formula=f"{symbol} = {formula}",
        substituted=left,
        numbers=f"{left or symbol} {last}",
        value=value.tolist(),
        decimals=line.decimals,
        function=function,
        line=numpy,
        words=words or {},
        correction=correction,
        focus=focus,
        given=given,
        loss=loss,
    )
