"""How the lessons write numbers: nothing adjusted, and ≈ wherever rounding shows."""

from collections.abc import Iterable, Sequence

import numpy as np

EXACT_DECIMALS = 6  # a number that ends within so many decimals is written out in full
RESIDUE = 1e-12  # left of sums in binary; nearer than this, two numbers are the same
RELATIVE = 8e-15  # the same for large numbers, as a share of the number
ROW = 4  # numbers in one row of a long list


def written(value: float, decimals: int = 3) -> tuple[str, bool]:
    """A number as text, and whether that text is the number itself.

    >>> written(0.575), written(38**0.5), written(4.890275000000001), written(1.23456e-5)
    (('0.575', True), ('6.164', False), ('4.890275', True), ('1.23e-05', False))
    """
    if abs(value - round(value, EXACT_DECIMALS)) <= max(RESIDUE, RELATIVE * abs(value)):
        text = f"{value:.{EXACT_DECIMALS}f}".rstrip("0").rstrip(".")
        return ("0" if text == "-0" else text), True
    form = ".2e" if abs(value) < 10.0**-decimals else f".{decimals + (abs(value) < 0.1)}f"
    text = f"{value:{form}}"
    return text, float(text) == value


def is_exact(value: float | Sequence | np.ndarray, decimals: int = 3) -> bool:
    """Whether a number, or every number of a list or table, is written without rounding."""
    return all(written(float(entry), decimals)[1] for entry in np.ravel(value))


def plain(value: float | Sequence | np.ndarray, decimals: int = 3) -> str:
    """A number, a vector or a table as plain text.

    >>> plain([0.5, 2, 1 / 3]), plain([[1, 2], [3, 4]])
    ('[0.5, 2, 0.333]', '[1, 2]; [3, 4]')
    """
    value = np.asarray(value, dtype=np.float64)
    if value.ndim == 0:
        return written(float(value), decimals)[0]
    if value.ndim == 1:
        return "[" + ", ".join(plain(entry, decimals) for entry in value) + "]"
    return "; ".join(plain(row, decimals) for row in value)


def latex(value: float | Sequence | np.ndarray, decimals: int = 3) -> str:
    """A number, a vector or a table as LaTeX; a long list is broken into rows.

    >>> print(latex(1.23456e-5), latex([1, -0.5]))
    1.23 \\times 10^{-5} [1,\\, -0.5]
    """
    value = np.asarray(value, dtype=np.float64)
    if value.ndim == 0:
        mantissa, e, exponent = written(float(value), decimals)[0].partition("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else mantissa
    if value.ndim == 1 and len(value) <= 2 * ROW:
        comma = r",\, " if len(value) <= ROW else r",\,\allowbreak "
        return "[" + comma.join(latex(entry, decimals) for entry in value) + "]"
    rows = value if value.ndim == 2 else [value[i : i + ROW] for i in range(0, len(value), ROW)]
    lines = [" & ".join(latex(entry, decimals) for entry in row) for row in rows]
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


def rowwise(rows: Iterable[str]) -> str:
    """The parts of a calculation as LaTeX, one below the other, far enough apart for fractions.

    >>> print(rowwise(["1 + 2", "3"]))
    \\begin{bmatrix} 1 + 2 \\\\[0.9em] 3 \\end{bmatrix}
    """
    return r"\begin{bmatrix} " + r" \\[0.9em] ".join(rows) + r" \end{bmatrix}"


def about(value: float | Sequence | np.ndarray, decimals: int = 3) -> str:
    """The value as LaTeX, with ≈ before it where it was rounded.

    >>> about(0.5), about(38**0.5)
    ('0.5', '\\\\approx 6.164')
    """
    sign = "" if is_exact(value, decimals) else r"\approx "
    return sign + latex(value, decimals)


class Line:
    """Writes the numbers of one formula and remembers whether one of them was rounded.

    >>> line = Line()
    >>> rf"{line(0.5)} + {line(1 / 3)}", line.sign
    ('0.5 + 0.333', '\\\\approx')
    """

    def __init__(self, decimals: int = 3):
        self.decimals = decimals
        self.exact = True

    def __call__(self, value: float | Sequence | np.ndarray) -> str:
        """The value as LaTeX."""
        self.exact = self.exact and is_exact(value, self.decimals)
        return latex(value, self.decimals)

    def factor(self, value: float) -> str:
        """The value as LaTeX, in brackets where a sign would stand beside an operator."""
        return f"({self(value)})" if value < 0 else self(value)

    @property
    def sign(self) -> str:
        """= while nothing was rounded, else ≈."""
        return "=" if self.exact else r"\approx"


def equality(*exact: bool) -> str:
    """= if everything on both sides is exact, else ≈.

    >>> equality(True, True), equality(True, False)
    ('=', '\\\\approx')
    """
    return "=" if all(exact) else r"\approx"
