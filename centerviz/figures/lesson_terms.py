"""What can be pointed at in the picture beside a lesson: each mark with its name and numbers, and
the terms of the formula that name marks.

Letters: `x` the rows of one input of the lesson (N, D), by the input's name.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from centerviz.figures.colours import colour
from centerviz.figures.pictures import Mark
from centerviz.language import N_, _

LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DOTS = ("sample", "center", "dot")
WORDS = {
    "pull": N_("pull"),
    "push": N_("push"),
    "positive": N_("pairs of one class"),
    "negative": N_("pairs of two classes"),
    "between": N_("ways between means"),
}
COUNTED = {"class": N_("class {n}"), "sample": N_("sample {n}"), "batch": N_("batch {n}")}
SIGNS = {"sample": "●", "dot": "●", "center": "◆", "arrow": "→", "accent": "➔", "link": "—"}
MOST = 30  # terms offered at once
TOLD = 6  # marks of one term whose numbers are told

Rows = Float[np.ndarray, "N D"]


def pointable(
    marks: Sequence[Mark], focus: Collection[str], inputs: Mapping[str, Rows]
) -> dict[str, list | dict]:
    """Marks, terms and the symbols that formulas write them with, ready to travel as JSON.

    `focus` holds the names of what the step is about (empty: of everything). A mark that stands
    where a row of an input stands can be dragged, and says which row: `drag`.
    """
    rows = _rows(marks, inputs)
    letters = _ways(marks, [_letter(m, rows[i], i, marks, inputs) for i, m in enumerate(marks)])
    told = [_told(mark, letter) for mark, letter in zip(marks, letters, strict=True)]
    strong = [i for i, mark in enumerate(marks) if not focus or mark.name in focus]
    return {
        "marks": [
            {
                "told": told[i],
                "shade": _shade(mark),
                "sign": SIGNS[mark.kind],
                "start": None if mark.start is None else mark.start[:3].tolist(),
                "end": mark.end[:3].tolist(),
                "drag": rows[i],
                "sample": sum(m.kind == "sample" for m in marks[:i])
                if mark.kind == "sample"
                else None,
            }
            for i, mark in enumerate(marks)
        ],
        "terms": _terms(marks, strong, letters, told),
        "symbols": _symbols(marks, strong, letters),
    }


def _rows(marks: Sequence[Mark], inputs: Mapping[str, Rows]) -> list[tuple[str, int] | None]:
    """The input and its row, from 0, that each mark shows; every row at most once."""
    free = [(name, i) for name, rows in inputs.items() for i in range(len(rows))]
    found = []
    for mark in marks:
        arrow = mark.kind in ("arrow", "accent") and not mark.start.any()
        here = (at for at in free if np.array_equal(inputs[at[0]][at[1]], mark.end))
        found.append(next(here, None) if arrow or mark.kind in DOTS else None)
        if found[-1]:
            free.remove(found[-1])
    return found


def _letter(mark, row, place, marks, inputs) -> str:
    """The mark as the formulas write it: x₃ for the third row of x, z₃ for its direction."""
    if mark.kind != "sample":
        return readable(mark.name)
    i = sum(m.kind == "sample" for m in marks[:place])
    x = inputs.get("x", np.zeros((0, 0)))
    if row and row[0] == "x":
        i = row[1]
    elif not (i < len(x) and np.allclose(mark.end * np.linalg.norm(x[i]), x[i])):
        return _("sample {n}", n=i + 1)
    return f"{'x' if row else 'z'}{str(i + 1).translate(LOW)}"


def _ways(marks: Sequence[Mark], letters: list[str]) -> list[str]:
    """The letters, with `x₃ − c₁` for a line from the center c₁ to the sample x₃."""
    dots = [(m.end, letters[i]) for i, m in enumerate(marks) if m.kind in DOTS]

    def at(place: np.ndarray) -> str | None:
        return next((letter for end, letter in dots if np.array_equal(end, place)), None)

    ways = [(at(m.end), at(m.start)) if m.kind == "link" else (None, None) for m in marks]
    return [
        f"{to} − {start}" if to and start else own
        for own, (to, start) in zip(letters, ways, strict=True)
    ]


def readable(name: str) -> str:
    """A mark's name as a person reads it.

    >>> readable("c_2"), readable("class 3"), readable("z"), readable("c_1′")
    ('c₂', 'class 3', 'z', 'c₁′')
    """
    word, _space, n = name.partition(" ")
    if word in COUNTED and n:
        return _(COUNTED[word], n=n)
    if name in WORDS:
        return _(WORDS[name])
    letter, _low, index = name.partition("_")
    return letter + index.translate(LOW) if re.fullmatch(r"\d+[′″]*", index) else name


def _told(mark: Mark, letter: str) -> str:
    """The mark's name and numbers; of a way between two places the difference and its length."""
    if mark.start is None or not mark.start.any():
        return f"{letter} {numbers(mark.end)}"
    way = (mark.end - mark.start) / mark.times
    length = f"{np.linalg.norm(way):.3g}"
    return _("{name} {way}, length {length}", name=letter, way=numbers(way), length=length)


def numbers(entries: np.ndarray) -> str:
    """Entries with three decimals, after ≈ where that rounded one of them.

    >>> numbers(np.array([0.5, 1 / 3])), numbers(np.array([-1.0, 2.0]))
    ('≈ [0.5, 0.333]', '= [-1, 2]')
    """
    short = np.round(entries, 3) + 0.0  # no minus zero
    sign = "=" if np.allclose(short, entries, rtol=0, atol=1e-12) else "≈"
    return f"{sign} [{', '.join(f'{entry:.10g}' for entry in short)}]"


def _terms(marks, strong, letters, told) -> list[dict]:
    """Names that stand for marks: those the step is about, then every sample among them."""
    groups: dict[str, list[int]] = {}
    for i in strong:
        alone = marks[i].name.startswith("sample ")
        groups.setdefault(letters[i] if alone else readable(marks[i].name), []).append(i)
    for i in strong:
        if marks[i].kind == "sample":
            groups.setdefault(letters[i], [i])
    return [
        {"name": name, "marks": of, **_sign(marks, of), "told": _all_told(marks, of, told)}
        for name, of in list(groups.items())[:MOST]
    ]


def _sign(marks: Sequence[Mark], of: list[int]) -> dict:
    """Sign and colour of a term: those of its dot or arrow rather than of a line to it."""
    mark = next((marks[i] for i in of if marks[i].kind != "link"), marks[of[0]])
    return {
        "sign": SIGNS[mark.kind],
        "shade": _shade(mark),
    }


def _shade(mark: Mark) -> str | None:
    """The colour of a mark as CSS has it; None for ink."""
    if mark.group is not None:
        return colour(mark.group)
    return "var(--st-primary-color)" if mark.kind == "accent" else None


def _all_told(marks: Sequence[Mark], of: list[int], told: list[str]) -> str:
    """The numbers of the first marks of a term; of lines only where there is nothing else."""
    dots = [told[i] for i in of if marks[i].kind != "link"] or [told[i] for i in of]
    return " · ".join([*dots[:TOLD], *["…"] * (len(dots) > TOLD)])


def _symbols(marks, strong, letters) -> dict[str, list[int]]:
    """What a formula writes, without markup -> the marks it means: `x3`, `c1`, `xi`, `cyi`."""
    found: dict[str, list[int]] = {}
    for i in strong:
        own = {letters[i], readable(marks[i].name)}
        running = {"sample": "xi zi", "center": "cj cyi μj"}.get(marks[i].kind, "")
        if re.fullmatch(r"w_\d+", marks[i].name):
            running = "wj wk"
        n = re.fullmatch(r"sample (\d+)", marks[i].name)
        own |= {f"x{n[1]}", f"z{n[1]}", letters[i][0]} if n else set()
        if marks[i].name.startswith("c_"):
            own.add("μ" + marks[i].name[2:])
        for symbol in {unicodedata.normalize("NFKC", s) for s in own} | set(running.split()):
            found.setdefault(symbol, []).append(i)
    return {symbol: of for symbol, of in found.items() if " " not in symbol}
