"""The words of a lesson: one Markdown file per lesson and language, in texts/.

A file opens with `# Title`; each part follows under `## key` or `## key: Title`. A place such as
[[class]] is filled with a value; formulas stand between dollar signs.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Part:
    """One part of a lesson's text, with the title it may have."""

    title: str
    body: str

    def filled(self, words: dict[str, str]) -> "Part":
        """The part with its places filled.

        >>> Part("Class [[class]]", "").filled({"class": "2"}).title
        'Class 2'
        """
        title, body = self.title, self.body
        for name, word in words.items():
            title, body = (text.replace(f"[[{name}]]", word) for text in (title, body))
        return Part(title, body)


def parsed(text: str) -> dict[str, Part]:
    """The parts of one file by key; the title of the lesson is that of the part "".

    >>> parsed("# A\\n\\n## unit: B\\nwhy")["unit"]
    Part(title='B', body='why')
    """
    parts = {}
    for block in ("\n" + text).split("\n## "):
        heading, _, body = block.strip().partition("\n")
        if heading.startswith("# "):
            key, title = "", heading.removeprefix("# ")
        else:
            key, _, title = heading.partition(":")
        parts[key] = Part(title.strip(), body.strip())
    return parts


@functools.lru_cache
def texts(name: str, lang: str) -> dict[str, Part]:
    """The parts of a lesson's text in one language."""
    return parsed((FOLDER / lang / f"{name}.md").read_text(encoding="utf-8"))
