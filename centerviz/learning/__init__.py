"""How an embedding is learned. Only the modules marked * import torch.

config    TrainConfig: every setting of a run
epoch     Progress and Epoch: what a training tells while it runs
losses *  softmax and margin losses, center loss in three forms
centers * the five rules that move the centers
models *  LeNets++, a small convolutional net, an MLP
loop *    the one training loop
"""
