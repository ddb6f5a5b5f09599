"""Settlement reports of payment processors, turned into payouts and their entries; bytes in, no Odoo.

How to use::

    if detect(content):
        for settlement in parse('payouts.csv', content).settlements:
            settlement.reference, settlement.amount_net, settlement.entries

``parse`` raises ``StatementFormatError`` and nothing else, whatever the bytes are, and then nothing of the file counts.

How it works: a report is a table, recognized by the names of its columns. Each processor is a module with ``NAME``,
``TITLE``, ``HEADERS`` (sets of column names, one of which the header has to contain) and ``parse(rows, filename)``.
All work and memory are linear in the size of the file.
"""

import io
import logging
import zipfile
import zlib

from .. import xlsx
from ..csv_file import find_delimiter
from ..errors import MappingRequired, StatementFormatError
from ..sentence import _lt
from ..text import guess_encoding
from . import adyen, mollie, paypal, square, stripe
from .model import KINDS, Entry, Settlement, SettlementFile
from .report import HEADER_ROWS, find_columns, read_rows

__all__ = ["KINDS", "PROCESSORS", "Entry", "Settlement", "SettlementFile", "detect", "parse"]

_logger = logging.getLogger(__name__)

BYTES_MAX = 128 << 20
PROCESSORS = {module.NAME: module for module in (stripe, paypal, adyen, mollie, square)}

_HEAD = 65536
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
        module = _module(_head_rows(bytes(content)))
    except StatementFormatError:
        # What it is will be said by whoever reads it as a bank statement.
        return None
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
            raise StatementFormatError(
                _lt(
                    "The file is no settlement report that is known: %(processors)s. Please choose the report that "
                    "the documentation names.",
                    processors=", ".join(module.TITLE for module in PROCESSORS.values()),
                )
            )
        return module.parse(rows, filename, date_order)
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
