"""English and Simplified Chinese: translated words, with the language asked for at each call.

`follow` says where the current language comes from: the browser session in the app, the flag on
the command line. Keys are the English sentences; `centerviz/locale` holds the Chinese ones.
"""

import contextlib
import functools
import gettext
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

from centerviz.problem import Problem

LANGUAGES = ("en", "zh")
DEFAULT = "en"
LOCALE = Path(__file__).parent / "locale"

_source: Callable[[], str] = lambda: DEFAULT  # noqa: E731 - replaced as a whole by `follow`

_spoken: ContextVar[str | None] = ContextVar("spoken language", default=None)


def follow(source: Callable[[], str]) -> None:
    """Ask `source` for the language code from now on."""
    global _source
    _source = source


def current() -> str:
    """The code of the language in use; an unknown one becomes English."""
    code = _spoken.get() or _source()
    return code if code in LANGUAGES else DEFAULT


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use one language inside the block, whatever `follow` says, in this thread only.

    >>> with speaking("zh"):
    ...     current()
    'zh'
    """
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def negotiated(tag: str | None) -> str:
    """The language code for a browser's tag.

    >>> negotiated("zh-TW"), negotiated("de"), negotiated(None)
    ('zh', 'en', 'en')
    """
    return "zh" if (tag or "").lower().startswith("zh") else DEFAULT


@functools.lru_cache
def _catalog(code: str) -> gettext.NullTranslations:
    return gettext.translation("centerviz", LOCALE, languages=[code], fallback=True)


def _(message: str, /, **values: object) -> str:
    """The message in the current language, its named placeholders filled."""
    text = _catalog(current()).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The form of a message that fits the count `n`, which also fills `{n}`."""
    return _catalog(current()).ngettext(singular, plural, n).format(n=n, **values)


def N_(message: str) -> str:
    """Mark a constant for translation; it is translated with `_` when it is shown."""
    return message


def own_name(code: str) -> str:
    """What a language calls itself, whatever language is in use.

    >>> own_name("en")
    'English'
    """
    with speaking(code):
        return _("English")  # each catalog holds its own language's name under this


def worded(problem: Problem) -> str:
    """A problem's sentence in the current language."""
    return _(problem.template).format(**problem.values)
