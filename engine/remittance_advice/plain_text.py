"""Remittance advice as text: a table laid out with spaces, or documents and amounts in sentences.

How it works: a line that reads as the header of a table gives the places of its columns, and the words below are put
into the column that they are under. Without a header the text is read as sentences.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from ...statement_formats.text import split_lines
from . import sentences, several, table
from .wording import are_currencies_mixed, currency_in, reference_in

NAME = "text"
LINES_MAX = 20_000
LINE_MAX = 2_000
# So many lines are tried as the header of a table: each takes a loop over all lines below it.
HEADERS_MAX = 5

_TOKEN = re.compile(r"[^\s|]+(?: [^\s|]+)*")


def read(text, name=NAME):
    """Read the advices of a text, one a payment.

    :param text: str
    :param name: str, of the format
    :return: list of :class:`Advice`, of None where no document is named with certainty
    :raise StatementFormatError: more lines than an advice has
    """
    lines = [line[:LINE_MAX].expandtabs(8).rstrip() for line in split_lines(text)]
    if len(lines) > LINES_MAX:
        raise StatementFormatError(
            _lt("The text has more than %(limit)s lines, which no remittance advice has.", limit=f"{LINES_MAX:,}")
        )
    currency = currency_in(text)
    written = ["" if line.startswith(">") else line for line in lines]
    if any(map(sentences.is_of_document, written)):
        lines = written  # without the mail that is answered
    for parts in several.divisions(lines):
        advices = [_read_payment(part, name, currency) for part, _amount in parts]
        if several.is_proven(parts, advices):
            for advice in advices:
                advice.total = advice.sum_of_lines
            return advices
    return [_read_payment(lines, name, currency)]


def _read_payment(lines, name, currency):
    advice = _read_table(lines, name) or sentences.read(lines, name)
    if advice:
        advice.reference = reference_in("\n".join(lines))
        if advice.total is None:
            advice.total = sentences.total_in(lines)[0]
        advice.currency = advice.currency or currency
        if are_currencies_mixed(lines):
            advice.lines = [replace(line, is_unsure=True) for line in advice.lines]
    return advice


def _read_table(lines, name):
    tried = set()
    for index, line in enumerate(lines):
        # The same header further down has fewer lines below it.
        if line in tried:
            continue
        headers = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(line)]
        if len(headers) < 2 or not table.find_header([[text for _start, _end, text in headers]]):
            continue
        tried.add(line)
        rows = [[text for _start, _end, text in headers]]
        rows += [_placed(headers, body) for body in lines[index + 1 :]]
        advice = table.read(rows, name)
        if advice or len(tried) == HEADERS_MAX:
            return advice
    return None


def _placed(headers, line):
    """Put the words of a line into the columns that they are under."""
    cells = [""] * len(headers)
    starts, ends = [start for start, _end, _text in headers], [end for _start, end, _text in headers]
    for match in _TOKEN.finditer(line):
        start, end = match.span()
        # Of the columns that the words are not under, the nearest of each side are enough.
        first, last = max(bisect_right(ends, start) - 1, 0), bisect_left(starts, end)
        place = max(
            range(first, min(last + 1, len(headers))),
            key=lambda one: (min(end, ends[one]) - max(start, starts[one]), -abs(end - ends[one])),
        )
        cells[place] = f"{cells[place]} {match.group()}".strip()
    return cells
