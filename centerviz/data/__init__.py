"""Where samples come from.

dataset      Dataset: inputs, labels, class names, splits, source and licence
embeddings   Embeddings: features with labels, ids, metadata, thumbnails and centers
sources      load_dataset: from a name or a path to a Dataset
builtin      digits, the article's vectors, mnist-6k: always there
fetched      mnist, fashion-mnist, olivetti, lfw: from the network
splits       which sample goes into which split
"""
