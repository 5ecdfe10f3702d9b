"""Runs: the run directory, the queue, its cluster. Only `work`, `model`, `foreign` reach torch.

files      files that are whole or not there; JSON without NaN
lock       the operating-system lock that a worker holds on its run
status     where a run stands
record     how a training writes its run down, epoch by epoch, and picks it up again
store      Run: reading, listing and creating runs
experiment runs that belong together, and what their seeds say of each setting
glance     what a list tells of a run, every file read once
notes      name and note of a run, and what lies in its directory
trash      runs that were deleted, and bringing them back
worker     what a worker of the cluster does when it starts
work       train a run to its end: one path for the command line and for workers
cluster    the one-machine Dask cluster, a process of its own
slots      what only one run can use at a time, as a GPU: the others wait
queue      hand runs to the cluster, ask them to stop
probe      how long an epoch takes: as like runs took, or measured for a few seconds
export     an embedding as Parquet, csv, npz or projector, a map as a table: for other tools
model      a finished run's model on other data
foreign    a model that somebody else saved, on a data set, in a process of its own
"""
