"""How an embedding is learned. Only the modules marked * import torch.

config        TrainConfig: every setting of a run
plan          the runs of an experiment: pair, seeds, sweep
remedy        what to change where a training became infinite
presets       ready-made settings, each with what to expect
epoch         Progress and Epoch: what a training tells while it runs
formulas      what trains and what the lessons show, for NumPy and torch alike
losses *      softmax and margin losses, center loss in three forms
centers *     the five rules that move the centers
models *      LeNets++, a small convolutional net, an MLP
learner *     what a step changes, and its way to files and back
evaluation *  looking at a network without changing it
foreign *     weights that somebody else saved, fitted into one of our networks
onnx_network *  an embedding network in an ONNX file
loop *        the one training loop
autograd *    the gradient of a formula, for the lessons to stand beside theirs
allocator     memory that a step frees is kept for the next one
ahead *       imports what a training needs before it is needed
"""
