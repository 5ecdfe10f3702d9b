"""A run's model on data: its own, or any other that fits."""

from dataclasses import replace

import numpy as np
import pandas as pd

from centerviz.data.dataset import Dataset
from centerviz.data.embeddings import Embeddings
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.store import Run


def embed_dataset(run: Run, dataset: Dataset) -> Embeddings:
    """The features of a data set by the saved model of a run, without any training.

    Images are brought to the size that the network takes. Raises Problem when the run is not done
    or the samples do not fit.
    """
    e = embedded(run, run.config, run.weights(), dataset)
    own = dataset.class_names == run.rows().class_names
    return e if own else replace(e, centers=None)  # other classes have no centers


def embedded(
    run: Run, config: TrainConfig, state: dict[str, np.ndarray], dataset: Dataset
) -> Embeddings:
    """The features of every sample by the weights in `state`, with what is known about it.

    The metadata column `predicted` is the class that the run's own classifier, if it has one,
    takes the sample for.
    """
    from centerviz.learning.evaluation import embed

    x, predicted = embed(config, state, dataset, np.arange(len(dataset.labels)))
    if not np.isfinite(x).all():
        raise Problem(
            "The features of {run} are not finite; lower λ or the learning rate.", run=run.id
        )
    return Embeddings(
        x=x,
        labels=dataset.labels,
        class_names=dataset.class_names,
        ids=dataset.ids,
        splits=dataset.splits,
        metadata=pd.DataFrame({"predicted": predicted} if (predicted >= 0).any() else {}),
        centers=state["centers.kept"],
        unit_centers=config.normalize,
        source=dataset.source,
    )
