"""The formulas of the article, worked step by step on numbers that can be changed.

objective      scores, shares, softmax cross-entropy, the joint loss and their gradients
rules          how centers move: weights, shares, bounds
pair_losses    contrastive and triplet loss
compactness    intra, inter, scatter, Fisher and NC1 of samples at hand
rates          TAR, FAR, EER and AUC of pairs
article        the article's numbers, where every lesson starts
inputs         what a reader types, checked
writing        numbers as text, with ≈ wherever rounding shows
lesson         Lesson, Step, Correction, Question, Mark: what lessons are made of
words          the texts, one Markdown file per lesson and language
illustrated    the pictures of a worked lesson, inside the file that is taken home
symbols        the glossary, one Markdown file per language
page           Markdown with formulas as one HTML file
notebook       a lesson as a notebook that needs only NumPy
rendering      names() and render(): a lesson as Markdown, HTML, notebook or JSON
sheets         other numbers, drawn so that they come out readable
worksheets     a sheet with its own numbers for every student, and the key
The lessons, in their order; in brackets what only one of them uses:
normalisation, centroid, center_loss, shortcut (descent, literal)
softmax, joint_loss, gradients (classifier: what the three read)
centers (one_batch, conventions), epoch (two_batches), pairs (six_points, pair_steps)
scatter, verification, maps
"""

from centerviz.lessons.rendering import names, render

__all__ = ["names", "render"]
