"""Where samples come from.

dataset      Dataset: inputs, labels, class names, splits, source and licence
embeddings   Embeddings: features with labels, ids, metadata, thumbnails and centers
sources      load_dataset: from a name or a path to a Dataset
builtin      digits, the article's vectors, mnist-6k: always there
faces        faces-1: drawn persons, with a strength for each nuisance
face_parts   the parts of a drawn face
face_pen     a person, a view, and the pen that draws them
faces_2      faces-2: painted persons with six nuisances, 20,000 pictures
heads        how the persons of faces-2 are painted
drawn        what the drawn data sets share: their spec and the order of their pictures
kept         pictures that take a minute to draw, kept in a file
fetched      mnist, fashion-mnist, olivetti, lfw: from the network
splits       which sample goes into which split
images       a folder or zip of images, a subfolder for each class
archive      a zip archive, read without trusting anything in it
thumbnails   small pictures: one PNG each, or a sheet
tables       read_embeddings: vectors from anybody's file
formats      which format a file has, told by its content
reading      what was said about a file, and what it was taken for
delimited    csv, tsv and other tables of text, word2vec and GloVe among them
layout       how a table of text is written: delimiter, decimal sign, header
lists        vectors written as text in one cell
svmlight     "label 1:0.5 7:1.2", as scikit-learn writes it
arrays       NumPy's arrays, never unpickled; which of several holds what
npz          NumPy's archive of arrays
tensors      safetensors
word2vec     word2vec's binary
parquet      our embedding files, and other people's
unpacked     what a Parquet file takes in memory, counted beforehand
bundle       files that belong together: a folder or a zip
projector    TensorBoard's projector
vectors      vectors in files of their own, a folder for each class
mapped       vectors that may be larger than memory
oddities     what is odd in an embedding, counted
columns      what each column of a table is
"""
