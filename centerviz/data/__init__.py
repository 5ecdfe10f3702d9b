"""Where samples come from.

dataset      Dataset: inputs, labels, class names, splits, source and licence
embeddings   Embeddings: features with labels, ids, metadata, thumbnails and centers
sources      load_dataset: from a name or a path to a Dataset
builtin      digits, the article's vectors, mnist-6k: always there
faces        faces-1: drawn persons, with a strength for each nuisance
face_parts   the parts of a drawn face
face_pen     a person, a view, and the pen that draws them
fetched      mnist, fashion-mnist, olivetti, lfw: from the network
splits       which sample goes into which split
images       a folder or zip of images, a subfolder for each class
archive      a zip archive, read without trusting anything in it
thumbnails   small pictures: one PNG each, or a sheet
tables       read_embeddings: vectors from anybody's file, told by its content
delimited    csv, tsv and other tables of text
layout       how a table of text is written: delimiter, decimal sign, header
arrays       npy and npz, never unpickled
parquet      our embedding files, and other people's
mapped       vectors that may be larger than memory
columns      what each column of a table is
"""
