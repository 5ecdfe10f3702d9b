"""PCA of float32 rows beside scikit-learn's.

Its solver "auto", which here is the covariance one, its fastest. Both fit 50 components; the shares
of variance are judged by a full decomposition in float64, once around the origin and once around a
common mean of 1,000, as features after a ReLU have. Memory is the growth of a fresh process.
"""

from functools import partial

import numpy as np
from sklearn.decomposition import PCA

from benchmarks.rows import apart, in_turn, peak_mb, tell
from centerviz.embedding.pca import PcaMap

N, DIM, COMPONENTS = 60_000, 512, 50


def samples(mean: float) -> np.ndarray:
    """Rows with a few strong directions: (N, D) float32."""
    rng = np.random.default_rng(0)
    strong = rng.normal(size=(N, 64)) * np.linspace(3, 0.3, 64)
    x = strong @ rng.normal(size=(64, DIM)) / 8 + 0.3 * rng.normal(size=(N, DIM))
    return (x + mean).astype(np.float32)


def ours(x: np.ndarray) -> np.ndarray:
    """Shares of variance."""
    return PcaMap.fit(x, COMPONENTS).explained


def usual(x: np.ndarray) -> np.ndarray:
    """Shares of variance."""
    return PCA(COMPONENTS).fit(x).explained_variance_ratio_


def exact(x: np.ndarray) -> np.ndarray:
    """Shares of variance, all in float64."""
    rest = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    values = np.linalg.eigvalsh(rest.T @ rest)[::-1]
    return values[:COMPONENTS] / values.sum()


def memory(way, mean: float) -> float:
    """MB that one fit takes."""
    x = samples(mean)
    way(x[:1000])  # what a first call loads
    return peak_mb(partial(way, x))


def row(mean: float) -> dict:
    """Both ways on rows around `mean`, in turn."""
    x = samples(mean)
    truth = exact(x)
    errors = [np.abs(way(x) / truth - 1).max() for way in (ours, usual)]
    ours_s, usual_s, ratio = in_turn(partial(ours, x), partial(usual, x), 9)
    ours_mb, usual_mb = (apart(memory, way, mean) for way in (ours, usual))
    return {
        "what": f"PCA, {N:,} × {DIM} float32, common mean {mean:,.0f}",
        "against": "scikit-learn",
        "ours": f"{ours_s:.2f} s, {ours_mb:.0f} MB",
        "usual": f"{usual_s:.2f} s, {usual_mb:.0f} MB",
        "ratio": f"ours takes {1 / ratio:.2f}×",
        "target": "≤ 1.5×, shares of variance within 1e-5",
        "met": bool(ratio >= 1 / 1.5 and errors[0] < 1e-5),
        "agreement": f"shares off by {errors[0]:.0e}, scikit-learn's by {errors[1]:.0e}",
    }


def main() -> None:
    """Around the origin and far from it."""
    tell([row(0), row(1_000)])


if __name__ == "__main__":
    main()
