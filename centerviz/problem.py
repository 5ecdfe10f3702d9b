"""One kind of error for input that cannot be used: a sentence with named values.

The template is also the key of the translation, so that the page and the command line can word
the same problem in the reader's language.
"""


class Problem(ValueError):
    """What was given, what is allowed and what to do, as one sentence.

    `template` holds named placeholders, `values` what fills them.

    >>> str(Problem("{name} has {n} rows; at least 2 are needed.", name="a.csv", n=1))
    'a.csv has 1 rows; at least 2 are needed.'
    """

    def __init__(self, template: str, **values: object):
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    def __reduce__(self):
        """Keep the values when a worker process hands the problem to another process."""
        return _rebuilt, (self.template, self.values)


def _rebuilt(template: str, values: dict) -> Problem:
    return Problem(template, **values)
