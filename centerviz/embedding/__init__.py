"""What is true of an embedding, in NumPy float64.

statistics    ClassStatistics: counts, means, within-class scatter; mergeable
sampling      some rows of many, of each class its share
geometry      distances between rows, in blocks
kernels       the O(N²) steps of three of those below on a GPU, by torch, where there is one
distances     intra, inter, ratio, separation: how tight and how far apart classes are
clustering    Fisher, silhouette, Davies–Bouldin, Calinski–Harabasz
collapse      NC1 to NC4, effective rank, mean resultant length
neighbours    nearest mean, k-NN, Recall@1, R-precision, MAP@R
places        where every sample lies among the class means: outliers, likely mislabels
two_classes   the axis between two class means: places, overlap
verification  scores of pairs, ROC, AUC, EER, TAR at a FAR
lfw           accuracy on pairs by ten folds of other identities
pairs         the pairs behind the errors of verification
effect        how much closer samples lie in one embedding than in another
pca           PcaMap: axes of most variance, to be shared by several sets of rows
lda           LdaMap: axes on which the classes part best
axes          which axes a map has, and where rows go on them
intervals     bootstrap over identities: how far verification numbers may be trusted
over_seeds    mean and 95 % interval of a number over training runs that differ in their seed
projection    maps: PCA, raw, t-SNE; trustworthiness
tsne          t-SNE in a process of its own, behind a guard
tsne_process  that process: rows in, maps out
metrics       METRICS, DETAILS, BY_CLASS: name, unit, range, direction, meaning of each number
measure       METRICS all at once, as the command line prints them
details       DETAILS all at once
health        Vitals, Finding: is this training well, and if not why
checkup       is an embedding sound, as far as its rows can tell
"""
