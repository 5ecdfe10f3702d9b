"""Markdown with formulas as one HTML file that needs no network: LaTeX becomes MathML.

Reads well on a screen, light or dark, and prints on A4 and Letter; a `---` starts a new page.
"""

import html as escaping
import re

DRAWING = "data:image/svg+xml;base64,"
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, "Noto Sans SC", sans-serif; max-width: 46rem;
       margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1.05rem; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 .4em; break-after: avoid; }
.math.block { margin: .5em 0; overflow-x: auto; overflow-y: hidden; }
math[display="block"] { display: inline math; math-style: normal; }
table { border-collapse: collapse; margin: .6em 0; }
th, td { border: 1px solid #8888; padding: .2em .6em; text-align: left; }
pre { overflow-x: auto; }
img { display: block; max-width: 100%; height: auto; margin: .8em 0; }
hr { border: 0; border-top: 1px solid #8888; margin: 2.5rem 0; }
@page { margin: 18mm 16mm; }
@media print {
  body { margin: 0; max-width: none; font-size: 11pt; color: #000; background: #fff; }
  hr { border: 0; margin: 0; break-after: page; }
  h3 + *, table, img { break-inside: avoid; }
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
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


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
    """One formula as MathML; what only tells LaTeX where lines may break is left out."""
    from latex2mathml.converter import convert

    formula = re.sub(r"\\allowbreak|\\textstyle|\\displaystyle", "", formula)
    return convert(formula, display="block" if options["display_mode"] else "inline")
