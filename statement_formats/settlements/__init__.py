"""Settlement reports of payment processors, turned into payouts and their entries; bytes in, no Odoo.

How to use::

    if detect(content):
        for settlement in parse('payouts.csv', content).settlements:
            settlement.reference, settlement.amount_net, settlement.entries

``parse`` raises ``StatementFormatError`` and nothing else, whatever the bytes are, and then nothing of the file counts.

How it works: a report is a table, recognized by the names of its columns. Each processor is a module with ``NAME``,
``TITLE``, ``HEADERS`` (sets of column names, one of which the header has to contain), ``OWN_NAMES`` (column names that
hardly any other table has) and ``parse(rows, filename)``.
All work and memory are linear in the size of the file.
"""

import io
import logging
import zipfile
import zlib
from dataclasses import replace

from .. import xlsx
from ..amounts import without_negative_zeros
from ..csv_file import find_delimiter
from ..errors import MappingRequired, StatementFormatError
from ..sentence import _lt
from ..text import guess_encoding
from . import adyen, mollie, paypal, square, stripe
from .model import KINDS, Entry, Settlement, SettlementFile
from .report import HEADER_ROWS, column_name, find_columns, missing_columns, read_rows

__all__ = ["KINDS", "PROCESSORS", "Entry", "Settlement", "SettlementFile", "column_name", "detect", "parse"]

_logger = logging.getLogger(__name__)

BYTES_MAX = 128 << 20
PROCESSORS = {module.NAME: module for module in (stripe, paypal, adyen, mollie, square)}

_HEAD = 65536
# Each header has a column that is called so, and hardly any other row does.
_HEADER_WORDS = {"currency", "date", "datum", "type", "journal type", "ch"}
_PART_HEAD = 262_144
_MEMBERS_MAX = 100
# In the headers of each report, and hardly in a bank's.
_MARKS = (
    b"(nc)", b"balance_transaction_id", b"automatic_payout_id", b"customer facing", b"transaction event code",
    b"balance impact", b"auswirkung auf guthaben", b"settlement reference", b"total collected", b"arrival date",
)  # fmt: skip


def _module(rows):
    """Give the module whose report the rows are, or None."""
    if paypal.is_settlement_report(rows):
        return paypal
    return next((module for module in PROCESSORS.values() if find_columns(rows, module.HEADERS)), None)


def _incomplete(rows):
    """Give (module, missing columns) of the report that the rows would be if it had all its columns, or (None, [])."""
    for module in PROCESSORS.values():
        missing = missing_columns(rows, module.HEADERS, module.OWN_NAMES)
        if missing:
            return module, missing
    return None, []


def _check_one_report(rows):
    """Refuse a file in which a second report begins: only one of them would be read.

    :raise StatementFormatError: naming the row of the second header
    """
    headers = []
    for index, (number, cells) in enumerate(rows):
        if any(cell.casefold() in _HEADER_WORDS for cell in cells):
            module = _module(rows[index : index + 1])
            if module is not None:
                headers.append((number, cells[0], module))
    # The sections of PayPal's settlement report have a header each.
    others = [header for header in headers[1:] if not headers[0][1] == header[1] == "CH"]
    if others:
        raise StatementFormatError(
            _lt(
                "In row %(row)s another report begins (%(processor)s): several files were put into one. Please import "
                "each of them.",
                row=others[0][0],
                processor=others[0][2].TITLE,
            )
        )


def _check_payouts(file):
    """Refuse a file that has a payout twice: its money would count twice."""
    seen = set()
    for settlement in file.settlements:
        key = (settlement.reference, settlement.currency)
        if key in seen:
            raise StatementFormatError(
                _lt(
                    "The payout %(reference)s stands twice in the file. Please download the report again.",
                    reference=settlement.reference,
                )
            )
        seen.add(key)


def _unsigned_zeros(settlement):
    """Give a payout without a sign at any zero."""
    entries = [without_negative_zeros(one, "gross", "fee", "net", "original_amount") for one in settlement.entries]
    return replace(without_negative_zeros(settlement, "amount_net"), entries=tuple(entries))


def _head_rows(content):
    """Give the first rows of a file, as far as they tell whose report it is; [] where it is no table."""
    if xlsx.sniff(content[:4]):
        return read_rows(content)[:HEADER_ROWS] if _has_marks(content) else []
    head = content[:_HEAD]
    text = head.decode(guess_encoding(head), "ignore").removeprefix("\ufeff")
    if "\0" in text or text.lstrip().startswith("<") or not find_delimiter(text):
        return []
    # The last line may be cut in the middle.
    return read_rows("\n".join(text.splitlines()[: HEADER_ROWS * 2]).replace('"', "").encode())[:HEADER_ROWS]


def _has_marks(content):
    """Tell whether a workbook can be a report, without reading all of it: headers come first in its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist()[:_MEMBERS_MAX]:
                if name.endswith(("sharedStrings.xml", "sheet1.xml")):
                    with archive.open(name) as part:
                        head = part.read(_PART_HEAD).lower()
                    if any(mark in head for mark in _MARKS):
                        return True
    # What the standard library raises for damaged, encrypted and unknown kinds of archives.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return False
    return False


def detect(content):
    """Tell whose settlement report a file is, from its first rows.

    :param content: bytes
    :return: name of the processor (``stripe``, ``paypal``, ``adyen``, ``mollie``, ``square``), or None
    """
    try:
        rows = _head_rows(bytes(content))
    except StatementFormatError:
        # What it is will be said by whoever reads it as a bank statement.
        return None
    module = _module(rows)
    if module is None:
        # An incomplete list of PayPal's is still the statement of an account; the others are nothing else.
        module, _missing = _incomplete(rows)
        module = None if module is paypal else module
    return module.NAME if module else None


def parse(filename, content, *, date_order="", bytes_max=BYTES_MAX):
    """Read a settlement report.

    :param filename: its name (str), for refusals, and for the one report that names its payout there only
    :param content: bytes
    :param date_order: the order of day, month and year (``dmy``, ``mdy``, ``ymd``) where a person has chosen it, or ''
    :param bytes_max: the size in bytes above which the file is refused unread
    :return: ``SettlementFile`` with at least one settlement
    :raise StatementFormatError: one sentence for an accountant; nothing else is raised, whatever the bytes are
    :raise MappingRequired: a person has to say in which order the dates have day and month
    """
    name = str(filename or "").strip()[:100]
    try:
        if not isinstance(content, (bytes, bytearray, memoryview)):
            raise StatementFormatError(_lt("The file has no content that can be read. Please choose the file again."))
        content = bytes(content)
        if len(content) > bytes_max:
            raise StatementFormatError(
                _lt(
                    "The file is larger than %(size_max)s MB. Please download shorter periods.",
                    size_max=f"{bytes_max >> 20:,}",
                )
            )
        rows = read_rows(content)
        module = _module(rows)
        if module is None:
            module, missing = _incomplete(rows)
            if module is not None:
                raise StatementFormatError(
                    _lt(
                        "The file looks like a report of %(processor)s, but it lacks these columns: %(columns)s. "
                        "Please choose the report that the documentation names, with all its columns.",
                        processor=module.TITLE,
                        columns=", ".join(missing),
                    )
                )
            raise StatementFormatError(
                _lt(
                    "The file is no settlement report that is known: %(processors)s. Please choose the report that "
                    "the documentation names.",
                    processors=", ".join(module.TITLE for module in PROCESSORS.values()),
                )
            )
        _check_one_report(rows)
        file = module.parse(rows, filename, date_order)
        _check_payouts(file)
        return replace(file, settlements=tuple(map(_unsigned_zeros, file.settlements)))
    except MappingRequired as error:
        raise MappingRequired(_with_name(error.sentence, name), error.mapping, error.rows) from error
    except StatementFormatError as error:
        raise _named(error.sentence, name) from error
    except (Exception, RecursionError) as error:
        _logger.warning("Unforeseen error in the settlement report %s", filename, exc_info=True)
        raise _named(
            _lt("The file is damaged in a way that was not foreseen. Please download the report again."), name
        ) from error


def _named(sentence, name):
    """Make the refusal with the file's name before its sentence."""
    return StatementFormatError(_with_name(sentence, name))


def _with_name(sentence, name):
    return _lt("%(file)s: %(reason)s", file=name, reason=sentence) if name else sentence
