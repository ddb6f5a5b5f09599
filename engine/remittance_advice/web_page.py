"""Remittance advice as a web page or the body of a mail: its tables, else its text."""

from itertools import islice

from ...statement_formats import html_table
from ...statement_formats.text import split_lines
from . import plain_text, sentences, table
from .wording import currency_in, reference_in

NAME = "html"
# What begins a new line where a page is shown.
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre"}


def read(content):
    """Read the advices of a page.

    :param content: bytes
    :return: list of ``Advice``, of None where the page names no document
    :raise StatementFormatError: no page that can be read
    """
    tree = html_table.read_tree(content)
    text = text_of(tree)
    advice = table.read(html_table.read_rows(tree), NAME)
    if advice:
        advice.reference = reference_in(text)
        advice.currency = advice.currency or currency_in(text)
        if advice.total is None:
            # The total may be above or below the table.
            advice.total = sentences.total_in(list(islice(split_lines(text), plain_text.LINES_MAX)))[0]
        return [advice]
    return plain_text.read(text, NAME)


def text_of(tree):
    """Give the text of a page, a line for each block."""
    parts = []
    for event, element in _walk(tree):
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "head"):
            if event == "end":
                parts.append(element.tail or "")
            continue
        if event == "start":
            parts.append("\n" if element.tag in _BLOCKS else "  " if element.tag in ("td", "th") else "")
            parts.append(element.text or "")
        else:
            parts.append("\n" if element.tag in _BLOCKS and element.tag != "br" else "")
            parts.append(element.tail or "")
    return "".join(parts)


def _walk(tree):
    from lxml import etree  # a large library that few advices need

    return etree.iterwalk(tree, events=("start", "end"))
