"""Bank statement files of all kinds, turned into the same dataclasses; bytes in, no Odoo.

How to use::

    parsed = parse('april.xml', content)
    for statement, ids in zip(parsed.statements, parsed.unique_ids()):
        statement.account_number, statement.balance_start, statement.lines, statement.difference

``parse`` raises ``StatementFormatError`` and nothing else, whatever the bytes are. Its subclass ``MappingRequired``
asks for what a table leaves open, and carries the mapping as far as it could be guessed.

How it works: the format is recognized by its content; each format is a module with ``NAME``, ``TITLE``, ``sniff(head)``
and ``parse(content, mapping)``. All work and memory are linear in the size of the file.
"""

import logging
from dataclasses import replace

from .sentence import _lt
from . import (
    abo,
    bai2,
    camt,
    camt_zip,
    cfonb120,
    cnab240,
    coda,
    csv_file,
    html_table,
    mt940,
    norma43,
    ofx,
    qif,
    spreadsheetml,
    xls,
    xlsx,
)
from .errors import LINES_MAX, MappingRequired, StatementFormatError, too_many_lines
from .identity import clean_account, fingerprint, is_iban, same_account, unique_ids
from .mapping import Mapping
from .model import Line, ParsedFile, Statement
from .guess import guess_mapping
from .other_files import refuse_other
from .text import guess_encoding, without_zero_bytes

__all__ = [
    "BYTES_MAX",
    "FORMATS",
    "LINES_MAX",
    "Line",
    "Mapping",
    "MappingRequired",
    "ParsedFile",
    "Statement",
    "StatementFormatError",
    "clean_account",
    "detect",
    "fingerprint",
    "guess_mapping",
    "is_iban",
    "parse",
    "same_account",
    "unique_ids",
]

_logger = logging.getLogger(__name__)

# Odoo's own limit for an upload is 128 MiB; 100,000 entries of the wordiest format (CAMT) are about 110.
BYTES_MAX = 128 << 20

# CSV comes last: almost any text can be cut into columns somehow.
_MODULES = (
    camt_zip,
    xlsx,
    xls,
    spreadsheetml,
    html_table,
    camt,
    ofx,
    mt940,
    bai2,
    coda,
    norma43,
    cfonb120,
    cnab240,
    abo,
    qif,
    csv_file,
)
FORMATS = {module.NAME: module for module in _MODULES}

_END_BYTES = b"\x00\x1a\x0c \t\r\n"
_HEAD = 65536
# What begins an entry or a statement, and how often it is in one; counting bytes costs next to nothing.
_ENTRIES = {
    "camt": ((b"Ntry", b"Stmt", b"Rpt>", b"Ntfctn"), 8),
    "ofx": ((b"<STMTTRN>", b"<stmttrn>", b"STMTRS>", b"stmtrs>"), 2),
    "mt940": ((b":61:", b":20:"), 1),
    "bai2": ((b"\n16,", b"\r16,", b"\n03,", b"\r03,"), 1),
    "qif": ((b"^",), 1),
}


def _head(content):
    """Give the beginning of a file as UTF-8 bytes, whatever its encoding; binary stays as it is."""
    head = content[:_HEAD]
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return head
    # All that looks at the head asks for ASCII, which every encoding without zero bytes writes the same.
    if b"\0" not in head:
        return head.removeprefix(b"\xef\xbb\xbf").lstrip()
    encoding = guess_encoding(head)
    if not encoding.startswith(("utf-16", "utf-32")):
        return head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.decode(encoding, "ignore").removeprefix("\ufeff").lstrip().encode("utf-8", "ignore")


def _detect(content):
    head = _head(content)
    refuse_other(head)
    lowered = head[:1024].lower()
    if (b"<!doctype html" in lowered or b"<html" in lowered) and not html_table.sniff(head):
        raise html_table.not_a_statement()
    for name, module in FORMATS.items():
        if name == "csv" and (head.startswith(b"<") or b"\0" in head):
            break
        if module.sniff(head):
            return name
    if head.startswith(b"<"):
        raise StatementFormatError(
            _lt(
                "The file is XML, but neither CAMT.052, CAMT.053 or CAMT.054 nor OFX. Please choose "
                "one of these in the bank's export.",
            )
        )
    raise StatementFormatError(
        _lt(
            "The file is none of the formats that bank statements can be imported from: "
            "%(formats)s. Please choose one of these in the bank's export.",
            formats=", ".join(module.TITLE for module in FORMATS.values()),
        )
    )


def _without_repeats(statements):
    """Drop a statement that appears twice in one file, line by line the same; give (statements, warnings)."""
    kept, warnings, by_header = [], [], {}
    for statement in statements:
        header = replace(statement, lines=(), warnings=())
        twins = by_header.setdefault(header, [])
        # Statements without balances cannot be told from two equal lists of equal entries.
        is_repeat = statement.balance_end is not None and any(
            len(twin.lines) == len(statement.lines) > 0
            and all(
                fingerprint(one, statement.account_number) == fingerprint(other, statement.account_number)
                for one, other in zip(twin.lines, statement.lines, strict=True)
            )
            for twin in twins
        )
        if is_repeat:
            warnings.append(
                _lt(
                    "The statement %(name)s of account %(account)s appears twice in the file and is imported once.",
                    name=statement.name,
                    account=statement.account_number,
                )
            )
            continue
        # Thousands of empty statements with one header: comparing with the last few is enough.
        by_header[header] = [*twins[-3:], statement]
        kept.append(statement)
    return tuple(kept), tuple(warnings)


def _without_end(content):
    """Remove what follows the end of a text: the end mark of DOS, form feeds and zero bytes that fill a record.

    UTF-16 has a zero byte in every second place, and a workbook may end with any bytes.
    """
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        return content
    kept = content.rstrip(_END_BYTES)
    tail = content[len(kept) :]
    if not tail.strip(b" \t\r\n"):
        return content
    # The line end of the last line stays: without it the line would be taken for a cut one.
    return kept + tail[: len(tail) - len(tail.lstrip(b" \t\r\n"))]


def _parse(content, mapping, bytes_max):
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise StatementFormatError(_lt("The file has no content that can be read. Please choose the file again."))
    content = bytes(content)
    if len(content) > bytes_max:
        raise StatementFormatError(
            _lt(
                "The file has %(size)s MB; at most %(size_max)s MB can be imported at once. Please "
                "download the statement in shorter periods.",
                size=f"{len(content) / (1 << 20):,.0f}",
                size_max=f"{bytes_max >> 20:,}",
            )
        )
    content = _without_end(content)
    if not content.strip():
        raise StatementFormatError(_lt("The file is empty. Please download it from the bank again."))
    name = _detect(content)
    marks, times = _ENTRIES.get(name, ((), 1))
    plain = without_zero_bytes(content) if marks else content
    if sum(plain.count(mark) for mark in marks) > LINES_MAX * times:
        raise too_many_lines()
    del plain
    parsed = FORMATS[name].parse(content, mapping)
    statements, warnings = _without_repeats(parsed.statements)
    if not statements:
        raise StatementFormatError(_lt("The file holds no statement of any account. Please check what was exported."))
    return replace(parsed, statements=statements, warnings=parsed.warnings + warnings)


def detect(content, filename=""):
    """Tell the format of a file from its content.

    :param content: bytes
    :param filename: its name, for the refusal only
    :return: a name of ``FORMATS``
    :raise StatementFormatError: none of these
    """
    try:
        return _detect(bytes(content))
    except StatementFormatError as error:
        raise _named(error, filename) from error


def parse(filename, content, mapping=None, *, bytes_max=BYTES_MAX):
    """Read a bank statement file of any known format.

    :param filename: its name, for the refusal only: the format is recognized by its content
    :param content: bytes
    :param mapping: ``Mapping`` of the bank account for tables (and the order of dates in QIF), or None to guess
    :param bytes_max: the size in bytes above which the file is refused unread
    :return: ``ParsedFile`` with at least one statement
    :raise StatementFormatError: one sentence for an accountant; nothing else is raised, whatever the bytes are
    :raise MappingRequired: a person has to say what columns, dates or amounts mean
    """
    try:
        return _parse(content, mapping, bytes_max)
    except StatementFormatError as error:
        raise _named(error, filename) from error
    except (Exception, RecursionError) as error:
        _logger.warning("Unforeseen error in the statement file %s", filename, exc_info=True)
        raise _named(
            StatementFormatError(
                _lt(
                    "The file is damaged in a way that was not foreseen. Please download it from the bank again.",
                )
            ),
            filename,
        ) from error


def _named(error, filename):
    """Put the file's name before the sentence of a refusal."""
    name = str(filename or "").strip()[:100]
    if not name:
        return error
    message = _lt("%(file)s: %(reason)s", file=name, reason=error.sentence)
    if isinstance(error, MappingRequired):
        return MappingRequired(message, error.mapping, error.rows, error.sheets)
    return StatementFormatError(message)
