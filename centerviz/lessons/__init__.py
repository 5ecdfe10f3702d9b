"""The formulas of the article, worked step by step on numbers that can be changed.

formulas       one function per formula, for NumPy and torch
article        the article's numbers, where every lesson starts
inputs         what a reader types, checked
writing        numbers as text, with ≈ wherever rounding shows
lesson         Lesson, Step, Correction, Question, Mark: what lessons are made of
words          the texts, one Markdown file per lesson and language
rendering      names() and render(): a lesson as Markdown or JSON
normalisation, centroid, center_loss, shortcut    the lessons
"""

from centerviz.lessons.rendering import names, render

__all__ = ["names", "render"]
