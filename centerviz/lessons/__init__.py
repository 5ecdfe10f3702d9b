"""The formulas of the article, worked step by step on numbers that can be changed.

formulas       one function per formula, for NumPy and torch
compactness    intra, inter, scatter, Fisher and NC1 of samples at hand
rates          TAR, FAR, EER and AUC of pairs
article        the article's numbers, where every lesson starts
inputs         what a reader types, checked
writing        numbers as text, with ≈ wherever rounding shows
lesson         Lesson, Step, Correction, Question, Mark: what lessons are made of
words          the texts, one Markdown file per lesson and language
page           Markdown with formulas as one HTML file
notebook       a lesson as a notebook that needs only NumPy
rendering      names() and render(): a lesson as Markdown, HTML, notebook or JSON
sheets         other numbers, drawn so that they come out readable
worksheets     a sheet with its own numbers for every student, and the key
normalisation, centroid, center_loss, shortcut    the lessons
scatter, verification, maps                       more of them: judging an embedding
"""

from centerviz.lessons.rendering import names, render

__all__ = ["names", "render"]
