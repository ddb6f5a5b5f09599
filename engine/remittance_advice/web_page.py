"""Remittance advice as a web page or the body of a mail: its tables, else its text."""

from itertools import islice

from ...statement_formats import html_table
from ...statement_formats.text import split_lines
from . import plain_text, sentences, several, table
from .model import ADVICES_MAX
from .wording import currency_in, reference_in

NAME = "html"
_TABLES_MAX = 1_000
_CUT = "\0"  # a character that no page has
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
    if advices := _of_tables(tree):
        return advices
    advice = _of_table(tree, text)
    return [advice] if advice else plain_text.read(text, NAME)


def _of_tables(tree):
    """The advices of a page with a table for each payment, where each proves itself; else none."""
    found = [
        one
        for one in islice(tree.iter("table"), _TABLES_MAX)
        if next(one.iter("tr"), None) is not None and next(one.iterdescendants("table"), None) is None
    ]
    found = [one for one in found if table.find_header(html_table.read_rows(one))]
    if not 1 < len(found) <= ADVICES_MAX:
        return []
    # What is written of a payment is above its table, or below it.
    whole_above, whole_below = text_of(tree, found, "end").split(_CUT), text_of(tree, found, "start").split(_CUT)
    for texts in (
        [*whole_above[:-2], "".join(whole_above[-2:])],
        ["".join(whole_below[:2]), *whole_below[2:]],
    ):
        advices = [_of_table(one, text) for one, text in zip(found, texts, strict=True)]
        if several.is_proven([(text, None) for text in texts], advices):
            return advices
    return []


def _of_table(element, text):
    advice = table.read(html_table.read_rows(element), NAME)
    if advice:
        advice.reference = reference_in(text)
        advice.currency = advice.currency or currency_in(text)
        if advice.total is None:
            # The total may be above or below the table.
            advice.total = sentences.total_in(list(islice(split_lines(text), plain_text.LINES_MAX)))[0]
    return advice


def text_of(tree, cuts=(), place=""):
    """Give the text of a page, a line for each block.

    :param cuts: elements at whose place, ``start`` or ``end``, the text is to be cut
    """
    parts, cuts = [], set(cuts)
    for event, element in _walk(tree):
        if event == place and element in cuts:
            parts.append(_CUT)
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
