"""Markdown with formulas as one HTML file that needs no network: LaTeX becomes MathML.

Reads well on a screen, light or dark, and prints on A4 and Letter; a `---` starts a new page. The
font of the formulas travels along, since not every machine has one.
"""

import base64
import functools
import html as escaping
import re
from pathlib import Path

FONT = Path(__file__).parent / "fonts" / "math.woff2"
LONG = 36  # signs that a formula may have on one line
SIGN = re.compile(r" - |\\(?:begin|end)\{\w+\}|\\[A-Za-z]+|\\.|.", re.DOTALL)
DEPTH = {"{": 1, r"\left": 1, r"\begin": 1, "}": -1, r"\right": -1, r"\end": -1}
BREAKS = ("=", r"\approx", "+", " - ", r"\allowbreak", r"\quad")  # a line may end after these
UNTOLD = r"\\allowbreak|\\textstyle|\\displaystyle|(?<=\\\\)\[[\d.]+em\]"  # only for LaTeX
DRAWING = "data:image/svg+xml;base64,"
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, "Noto Sans SC", sans-serif; max-width: 46rem;
       margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1.05rem; }
h4 { font-size: 1rem; font-weight: normal; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .4em; break-after: avoid; }
.math.block { margin: .5em 0; overflow-x: auto; overflow-y: hidden; }
math { font-family: "CenterViz math", math; }
math[display="block"] { display: inline math; math-style: normal; }
table { border-collapse: collapse; margin: .6em 0; }
th, td { border: 1px solid #8888; padding: .2em .6em; text-align: left; overflow-wrap: normal; }
pre { overflow-x: auto; }
img { display: block; max-width: 100%; height: auto; margin: .8em 0; }
hr { border: 0; border-top: 1px solid #8888; margin: 2.5rem 0; }
@page { margin: 18mm 16mm; }
@media print {
  body { margin: 0; max-width: none; font-size: 10.5pt; color: #000; background: #fff; }
  hr { border: 0; margin: 0; break-after: page; }
  h2, h3, h4 { margin-top: 1.1em; } p { margin: .5em 0; }
  section, table, p, img { break-inside: avoid; }
  img { max-height: 50mm; margin: .3em 0; }
}
"""


def page(text: str, lang: str) -> str:
    """The Markdown as a whole HTML document in that language; its first heading is the title."""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    body = _converter().render(text)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else lang}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escaping.escape(title[1] if title else '')}</title>\n"
        f"<style>{_font()}{STYLE}</style>\n</head>\n<body>\n{_sections(body)}</body>\n</html>\n"
    )


@functools.cache
def _font() -> str:
    """The rule that carries the font of the formulas."""
    data = base64.b64encode(FONT.read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data})"
    return f'@font-face {{ font-family: "CenterViz math"; src: {source}; }}'


def _sections(body: str) -> str:
    """Each heading below the first kept together with what it is about, but for long tables.

    >>> _sections("<h1>a</h1><h2>b</h2><table></table><h3>d</h3>e")
    '<h1>a</h1><h2>b</h2><table></table><section><h3>d</h3>e</section>'
    """
    parts = r"(<h[34]>.*?|<h2>(?:(?!<table|<img).)*?)(?=<h[1-4]>|<hr|\Z)"
    return re.sub(parts, r"<section>\1</section>", body, flags=re.DOTALL)


def _converter():
    """CommonMark with tables, dollar formulas and our drawings, which as images run no script.

    HTML in the text is shown as it was typed.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    converter = MarkdownIt("commonmark", {"html": False}).enable("table")
    usual = converter.validateLink
    converter.validateLink = lambda url: url.startswith(DRAWING) or usual(url)
    return converter.use(dollarmath_plugin, renderer=_mathml, double_inline=True)


def _mathml(formula: str, options: dict) -> str:
    """One formula as MathML; a long one in pieces, between which a line may end."""
    from latex2mathml.converter import convert

    display = "block" if options["display_mode"] else "inline"
    pieces = [re.sub(UNTOLD, "", piece) for piece in _pieces(formula)]
    drawn = "<wbr>".join(convert(piece, display=display) for piece in pieces if piece.strip())
    return drawn.replace("<mo>&#x02016;", '<mo stretchy="false">&#x02016;')  # ‖ as high as a letter


def _pieces(formula: str) -> list[str]:
    """A formula, cut after its operators outside of all braces where it is too long for a line.

    >>> _pieces("a = b"), _pieces(f"x = {'1' * 30} + (2 - 3)")[1:]
    (['a = b'], [' 111111111111111111111111111111 +', ' (2 - ', '3)'])
    """
    if len(re.sub(r"\\[A-Za-z]+|[\s{}\\,]", "", formula)) <= LONG:
        return [formula]
    pieces, depth = [""], 0
    for sign in SIGN.findall(formula):
        depth += DEPTH.get(sign.partition("{")[0] or sign, 0)
        pieces[-1] += sign
        if not depth and sign in BREAKS:
            pieces.append("")
    return pieces
