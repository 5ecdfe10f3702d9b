"""Every sentence of the sources has its Chinese, with the same placeholders; catalogs are current.

The sentences are found anew on every run, by the same settings that `make catalog` uses.
"""

import ast
import string
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from centerviz import language
from centerviz.language import N_, _, ngettext, worded
from centerviz.problem import Problem

ROOT = Path(__file__).resolve().parents[1]
CATALOG = language.LOCALE / "zh" / "LC_MESSAGES" / "centerviz.po"
MARKERS = {"_": 1, "N_": 1, "ngettext": 2, "Problem": 1}  # call -> how many sentences it holds


def po(path: Path):
    """A catalog: sentence (or its singular and plural) -> Message, without the header."""
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file, locale="zh") if message.id}


def placeholders(text: str) -> set[str]:
    """The names in braces, with their formats.

    >>> sorted(placeholders("{n} of {total:,} rows"))
    ['n', 'total:,']
    """
    parts = string.Formatter().parse(text)
    return {f"{name}:{spec}" if spec else name for _, name, spec, _ in parts if name is not None}


def forms(text: str | tuple) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def mistranslated(message: str | tuple, chinese: str | tuple) -> bool:
    """True where the Chinese is missing or has other placeholders than the English.

    >>> mistranslated("{n} rows", "{n} 行"), mistranslated("{n} rows", "行"), mistranslated("a", "")
    (False, True, True)
    """
    names = set().union(*map(placeholders, forms(message)))
    return any(not form or placeholders(form) != names for form in forms(chinese))


def unextractable(source: str) -> list[int]:
    """Lines where a marker is given a sentence put together when the code runs.

    >>> unextractable('_(f"{n} rows")'), unextractable('_("a" + b)'), unextractable('_(title)')
    ([1], [1], [])
    """
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            given = node.args[: MARKERS.get(name, 0)]
            if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in given):
                lines.append(node.lineno)
    return lines


def marked(source: str) -> set[str]:
    """Every sentence given to a marker, also within an f-string, where extraction is blind.

    >>> marked("f'## {_(" + '"Why"' + ")}'")
    {'Why'}
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    given = [
        each
        for node in calls
        for each in node.args[: MARKERS.get(getattr(node.func, "id", None), 0)]
    ]
    return {
        each.value
        for each in given
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value
    }


def unfilled(source: str) -> list[int]:
    """Lines where `_` or `Problem` is given other values than its sentence names.

    `_` without values hands the sentence on as it is, to be filled elsewhere.

    >>> unfilled('Problem("{n} rows")'), unfilled('_("{n} rows", n=2)'), unfilled('_("rows", n=2)')
    ([1], [], [1])
    """
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", None) not in ("_", "Problem"):
            continue
        text = node.args[0] if node.args else None
        given = {word.arg for word in node.keywords}
        handed_on = node.func.id == "_" and not given
        if not isinstance(text, ast.Constant) or None in given or handed_on:
            continue
        if {name.split(":")[0] for name in placeholders(text.value)} != given:
            lines.append(node.lineno)
    return lines


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """Everything that `make catalog` would extract now."""
    template = tmp_path_factory.mktemp("catalog") / "centerviz.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
    command += ["-F", "pyproject.toml", "-o", str(template), "centerviz", "pages"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return po(template)


def test_every_sentence_has_its_chinese(sentences):
    known = po(CATALOG)
    missing = [
        message
        for message in sentences
        if message not in known
        or known[message].fuzzy
        or mistranslated(message, known[message].string)
    ]
    assert len(sentences) > 100
    assert not missing, f"run make catalog, then translate {len(missing)} sentences: {missing}"


def test_no_sentence_is_left_over(sentences):
    assert set(po(CATALOG)) - set(sentences) == set(), "run make catalog"


def test_compiled_catalog_is_current():
    with CATALOG.open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale="zh"))
    assert CATALOG.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run make catalog"


@pytest.mark.parametrize("folder", ["centerviz", "pages"])
def test_sentences_stand_whole_in_the_source(folder):
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := unextractable(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize("folder", ["centerviz", "pages"])
def test_extraction_finds_every_marked_sentence(folder, sentences):
    found = {form for message in sentences for form in forms(message)}
    lost = {
        str(path.relative_to(ROOT)): sorted(blind)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (blind := marked(path.read_text(encoding="utf-8")) - found)
    }
    assert lost == {}, "take the call out of the f-string"


@pytest.mark.parametrize("folder", ["centerviz", "pages"])
def test_sentences_are_given_the_values_they_name(folder):
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := unfilled(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_long_texts_exist_in_both_languages():
    texts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "centerviz").rglob("*.md")}
    pairs = {"en": "zh", "zh": "en"}
    alone = []
    for text in texts:
        for code, other in pairs.items():
            twin = text.replace(f"/{code}/", f"/{other}/").replace(f".{code}.md", f".{other}.md")
            if twin != text and twin not in texts:
                alone.append(text)
    assert alone == []


def test_unknown_language_is_english():
    language.follow(lambda: "tlh")
    assert language.current() == "en"
    assert _("Learn") == "Learn"


def test_chinese_is_asked_for_at_each_call():
    problem = Problem("There is no setting named {flag}.", flag="speed")
    language.follow(lambda: "zh")
    assert worded(problem) != str(problem)
    assert "speed" in worded(problem)
    language.follow(lambda: "en")
    assert worded(problem) == "There is no setting named speed."


def test_empty_message_stays_empty():
    assert _("") == ""  # gettext would answer with the catalog's header
    assert N_("kept") == "kept"


def test_count_decides_the_form_in_english():
    assert ngettext("{n} row", "{n} rows", 1) == "1 row"
    assert ngettext("{n} row", "{n} rows", 2) == "2 rows"
