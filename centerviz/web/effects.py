"""What a change of each setting of the form will do, in a sentence for whoever turns it."""

from centerviz.language import N_

EFFECTS = {
    "dataset": N_("More classes or harder pictures leave center loss more to do."),
    "model": N_("A larger network takes longer and separates more."),
    "dim": N_("Up: classes find more room; only 2 and 3 can be drawn as they are."),
    "normalize": N_("On: only directions count, so that shrinking everything gains nothing."),
    "base": N_("It decides what holds classes apart; with none everything falls into one point."),
    "scale": N_("Up: sharper decisions and larger gradients; too low and the loss cannot fall."),
    "margin": N_("Up: classes keep a wider distance, and training becomes harder."),
    "samples_per_class": N_("Up: more pairs of one class in a batch, and fewer classes."),
    "center_weight": N_("Up: classes become tighter; far too much, and all fall together."),
    "center_form": N_("squared pulls far samples harder, cosine only turns them."),
    "center_rule": N_("It decides how closely centers follow their classes, and whether they can."),
    "center_step": N_("Up: centers follow faster; too far, and they overshoot."),
    "center_start": N_("zeros pulls every class to the origin."),
    "reduction": N_("sum multiplies the pull by the number of samples in the batch."),
    "warmup_epochs": N_("Up: the network sorts the classes first and is pulled together later."),
    "epochs": N_("Up: takes longer; tighter and more accurate until nothing changes any more."),
    "batch_size": N_("Up: fewer and smoother steps; a center follows more samples at once."),
    "optimizer": N_("adam needs a much smaller learning rate, about 0.001."),
    "learning_rate": N_("Up: learns faster until it becomes unstable."),
    "schedule": N_("onecycle warms up and cools down; under constant the end stays restless."),
    "momentum": N_("Up: smoother and faster steps that are slower to turn."),
    "weight_decay": N_("Up: smaller weights and features, which lowers center loss by shrinking."),
    "seed": N_("Another seed shows what is chance."),
    "device": N_("It changes the time, and the last digits."),
    "precision": N_("bf16 is faster on some machines, with rounder numbers."),
    "threads": N_("More help large networks only, and change the last digits."),
}
