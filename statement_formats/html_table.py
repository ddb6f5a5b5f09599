"""Tables of web pages, which some banks save under the name of an Excel file (``.xls``)."""

import re

from . import column_sets
from .errors import StatementFormatError
from .guess_headers import count_known, find_header
from .mapping import COLUMN_MAX
from .sentence import _lt
from .sheets import Rows, parse_sheets
from .text import decode, squeeze
from .xml_safe import DECLARATION

NAME = "html"
TITLE = "HTML table"

# A page is in memory as a tree, about twenty times as large.
_BYTES_MAX = 16 << 20
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1254": "cp1254",
    "windows-1257": "cp1257",
    "iso-8859-2": "iso8859_2",
    "iso-8859-15": "iso8859_15",
}


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is a web page with a table."""
    lowered = head[:1024].lower()
    is_page = head.startswith(b"<") and (b"<html" in lowered or b"<!doctype html" in lowered or b"<table" in lowered)
    return is_page and b"<table" in head.lower()


def not_a_statement():
    """Give the refusal of a web page without a table of transactions."""
    return StatementFormatError(
        _lt(
            "The file is a web page, often the bank's message that the session has ended. Please "
            "log in to the bank and download the statement again.",
        )
    )


def read_tree(content, encoding=""):
    """Give the tree (lxml) of a web page.

    :raise StatementFormatError: no page that can be read
    """
    # A large library that few files need.
    from lxml import etree, html

    match = _CHARSET.search(content[:4096])
    declared = _CODECS.get(match.group(1).decode().lower(), "") if match else ""
    try:
        text, _encoding = decode(content, encoding or declared, count_known)
    except StatementFormatError:
        if encoding or not declared:
            raise
        text, _encoding = decode(content, "", count_known)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = html.document_fromstring(
            DECLARATION.sub("", text).encode("utf-8", "replace"), parser=parser, ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise not_a_statement() from error
    return tree


def read_rows(tree):
    """Give the rows of all tables of a page, one after the other: some have the headers in a table of their own."""
    rows = Rows()
    for row in tree.iter("tr"):
        if next(row.iter("table"), None) is not None:
            continue
        cells = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            cells.append(squeeze("".join(cell.itertext())))
            span = cell.get("colspan", "")
            span = int(span) if span.isascii() and span.isdigit() and len(span) < 4 else 1
            cells.extend([""] * min(span - 1, COLUMN_MAX))
            if len(cells) > COLUMN_MAX:
                break
        rows.add(cells)
    return rows.finished()


def parse(content, mapping=None):
    """Read the tables of a web page.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: a page without a table of transactions, too large, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    if len(content) > _BYTES_MAX:
        raise StatementFormatError(
            _lt(
                "The web page has more than %(limit)s MB. Please choose CSV or .xlsx in the bank's export.",
                limit=_BYTES_MAX >> 20,
            )
        )
    rows = read_rows(read_tree(content, mapping.encoding if mapping is not None else ""))
    is_known = column_sets.find(rows) is not None or find_header(rows) is not None
    if mapping is None and not is_known:
        # Pages of login and of errors have tables too.
        raise not_a_statement()
    return parse_sheets([("", rows)], mapping, NAME, "HTML")
