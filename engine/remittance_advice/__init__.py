"""Remittance advice: texts of what a payment is for, read into documents and amounts. Bytes in, no database.

How to use::

    for advice in parse("advice.csv", content):
        advice.lines, advice.total, advice.reference

``parse`` raises ``StatementFormatError`` and nothing else, whatever the bytes are.

How it works: the content tells the format, never the name of the file. Each reader is a module. All work and memory are
linear in the size of the file; a PDF is read by a process of its own with limits. Most texts are the advice of one
payment; EDI files, and texts that prove each payment by itself, may hold several.
"""

import logging

from ...statement_formats import html_table, xlsx
from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from ...statement_formats.text import decode
from . import edifact_remadv, pdf, plain_text, spreadsheet, ubl, web_page, x12_820
from .model import ADVICES_MAX, REASONS, Advice, AdviceLine, check_count

__all__ = ["ADVICES_MAX", "BYTES_MAX", "REASONS", "Advice", "AdviceLine", "parse"]

_logger = logging.getLogger(__name__)

BYTES_MAX = 10 << 20
LINES_MAX = 2_000
_XLS = b"\xd0\xcf\x11\xe0"
_NO_DOCUMENTS = _lt(
    "No document with an amount was found in it. Paste the lines with the numbers of the documents and what is paid "
    "for each, or enter them by hand."
)


def parse(filename, content):
    """Read the remittance advices of a file.

    :param filename: its name (str), for refusals
    :param content: bytes
    :return: list of :class:`Advice`, one a payment, each with at least one line
    :raise StatementFormatError: one sentence for an accountant; nothing else is raised, whatever the bytes are
    """
    name = str(filename or "").strip()[:100]
    try:
        advices = _read(bytes(content))
        check_count(advices)
        return [_checked(advice) for advice in advices]
    except StatementFormatError as error:
        sentence = _lt("%(file)s: %(reason)s", file=name, reason=error.sentence) if name else error.sentence
        raise StatementFormatError(sentence) from error
    except (Exception, RecursionError) as error:
        _logger.warning("Unforeseen error in the remittance advice %s", filename, exc_info=True)
        reason = _lt("The file is damaged in a way that was not foreseen. Ask the payer to send it again.")
        raise StatementFormatError(_lt("%(file)s: %(reason)s", file=name, reason=reason) if name else reason) from error


def _read(content):
    if not content.strip():
        raise StatementFormatError(_lt("It is empty. Choose the file again, or paste the text."))
    if len(content) > BYTES_MAX:
        raise StatementFormatError(
            _lt("It is larger than %(limit)s MB, which no remittance advice is.", limit=BYTES_MAX >> 20)
        )
    if content.lstrip()[:5] == b"%PDF-":
        return pdf.read(content)
    if xlsx.sniff(content[:4]) or content.startswith(_XLS):
        return spreadsheet.read_workbook(content)
    return _read_text(content)


def _read_text(content):
    try:
        text, _encoding = decode(content)
    except StatementFormatError as error:
        raise StatementFormatError(
            _lt("It is neither a text nor a table, a PDF or an EDI file. Ask the payer for one of these.")
        ) from error
    start = text.lstrip()[:4096]
    if start.startswith("<"):
        is_page = "<html" in start.lower() or "<!doctype html" in start.lower() or html_table.sniff(start.encode())
        if is_page or not (start.startswith("<?xml") or "xmlns" in start):
            return web_page.read(content)
        return [ubl.read(content)]
    if x12_820.sniff(text):
        return x12_820.read(text)
    if edifact_remadv.sniff(text):
        return edifact_remadv.read(text)
    return spreadsheet.read_csv(text) or plain_text.read(text)


def _checked(advice):
    """Refuse an advice without documents; note which amounts nothing proves, and where it does not add up.

    :raise StatementFormatError: without lines, or with more than an advice has
    """
    if advice is None or not advice.lines:
        raise StatementFormatError(_NO_DOCUMENTS)
    if len(advice.lines) > LINES_MAX:
        raise StatementFormatError(
            _lt("It has more than %(limit)s lines, which no remittance advice has.", limit=f"{LINES_MAX:,}")
        )
    advice.warnings += [
        _lt(
            "Row %(row)s: nothing proves what was paid for %(number)s. Confirm its amount.",
            row=line.row, number=line.number or line.reason,
        )
        for line in advice.lines
        if line.is_unsure
    ]  # fmt: skip
    total, found = advice.total, advice.sum_of_lines
    if total is not None and found is not None and total != found:
        advice.warnings.append(
            _lt("The lines add up to %(lines)s, but the advice says %(total)s.", lines=found, total=total)
        )
    return advice
