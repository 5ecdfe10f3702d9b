"""Where samples come from.

dataset      Dataset: inputs, labels, class names, splits, source and licence
embeddings   Embeddings: features with labels, ids, metadata, thumbnails and centers
"""
