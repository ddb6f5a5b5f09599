"""Files that are no bank statements, or statements in a format that is not read: what each is, and what to ask for.

Each row of the table has a test of the start of a file and two sentences. A test asks for the signature with which
every file of a kind begins, so that a statement is never mistaken for something else.
"""

import re

from .errors import StatementFormatError
from .sentence import _lt

_STATEMENT = _lt("Please ask the bank for the account statement as CAMT.053, MT940, CSV or Excel file.")
_ORDER = _lt(
    "It is sent to the bank and does not show what the bank has booked. Please download the account statement, for "
    "example as CAMT.053 or MT940."
)
_REPORT = _lt(
    "It shows whether the bank has accepted an order, not what it has booked. Please download the account statement, "
    "for example as CAMT.053 or MT940."
)
_LIST = _lt(
    "It lists single payments and has no balances. Please ask the bank for CAMT.053, or for CAMT.054 with the payments."
)
_SAME_AS_CAMT = _lt("The banks that write it also give the statement as CAMT.053. Please ask for that.")
_UNPACK = _lt("Please unpack it and import the files in it.")
_SAVE = _lt("Please save it as .xlsx or CSV, and import that.")
_EXPORT = _lt("Please export the account as OFX, QIF or CSV, or download the statement from the bank.")

_BYTES_SEARCHED = 8192


def _starts(*marks):
    """Test for the bytes with which a file begins."""
    return lambda head: head.startswith(marks)


def _finds(pattern):
    """Test for a pattern in the first bytes; ``^`` is the start of a line, ``\\A`` that of the file."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda head: bool(compiled.search(head[:_BYTES_SEARCHED]))


def _iso(*names):
    """Test for an ISO 20022 message by its name in the namespace, such as ``pain.001``."""
    return _finds(rb"xmlns[^>]{0,300}[:/](?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\.\d{3}")


def _edifact(*names):
    """Test for an EDIFACT interchange with a message of one of these names."""
    is_named = _finds(b"UNH[^']{0,200}(?:" + b"|".join(name.encode() for name in names) + b")")
    return lambda head: head.startswith((b"UNA", b"UNB")) and b"UNB" in head[:30] and is_named(head)


_HAS_REFERENCE = _finds(rb"(?:^|\{4:\s*):20:")
_HAS_ORDER = _finds(rb"^:(?:28D|23B|23E):")
_HAS_BOOKING = _finds(rb"^:32A:")
_IS_ORDER_HEADER, _IS_ADVICE_HEADER = _finds(rb"\{2:[IO]10\d"), _finds(rb"\{2:[IO]9[01]0")
_HAS_TEXT = _finds(rb"^:79:")
_IS_MESSAGE_HEADER = _finds(rb"\{2:[IO][1-9]99")
_IS_STATEMENT = _finds(rb"^:(?:60[FM]|61|62[FM]|34F|90[CD]|13D?):")
_IS_MAIL = _finds(rb"\A(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|From|Date|Subject): ?[^\r\n]*\r?\n")
_IS_MIME = _finds(rb"^(?:MIME-Version|Message-ID):")


def _is_order(head):
    """Tell whether it is a SWIFT payment order (MT101, MT103): its fields, and none of a statement."""
    return _IS_ORDER_HEADER(head) or _HAS_REFERENCE(head) and _HAS_ORDER(head) and not _IS_STATEMENT(head)


def _is_advice(head):
    """Tell whether it is a SWIFT advice of one booking (MT900, MT910)."""
    return _IS_ADVICE_HEADER(head) or _HAS_REFERENCE(head) and _HAS_BOOKING(head) and not _IS_STATEMENT(head)


def _is_message(head):
    """Tell whether it is a SWIFT free-format message (MT199, MT999): a text, and none of the fields of a statement."""
    return _IS_MESSAGE_HEADER(head) or _HAS_REFERENCE(head) and _HAS_TEXT(head) and not _IS_STATEMENT(head)


def _is_mail(head):
    return _IS_MAIL(head) and _IS_MIME(head)


_IMAGES = _finds(rb"\A(?:\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|RIFF(?s:....)WEBP|(?s:....)ftyp)")
_DOCUMENTS = _finds(
    rb"\APK\x03\x04(?s:.{26})(?:word/|ppt/|mimetypeapplication/vnd\.oasis\.opendocument\.(?:text|presentation))"
)

_SPREADSHEETS = _finds(rb"\APK\x03\x04(?s:.{26})mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet")

# Test of the start of the file, what the file is, what to do.
_KINDS = (
    (_starts(b"%PDF"), _lt("a PDF document"), _STATEMENT),
    (_IMAGES, _lt("a picture"), _STATEMENT),
    (_starts(b"{\\rtf"), _lt("a word processor's document"), _STATEMENT),
    (_DOCUMENTS, _lt("a word processor's document"), _STATEMENT),
    (_SPREADSHEETS, _lt("an OpenDocument spreadsheet (ODS)"), _SAVE),
    (_starts(b"SQLite format 3\0"), _lt("a database, perhaps a GnuCash book"), _EXPORT),
    (_finds(rb"<gnc-v2|<gnc:book"), _lt("a GnuCash book"), _EXPORT),
    (_finds(rb"\A(?:<\?xml[^>]*>\s*)?<?QXF\b"), _lt("a Quicken transfer file (QXF)"), _EXPORT),
    (_starts(b"\0\1\0\0MSISAM", b"\0\1\0\0Standard"), _lt("a database of Microsoft Money or Access"), _EXPORT),
    (_starts(b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"), _lt("a compressed archive"), _UNPACK),
    (_starts(b"-----BEGIN PGP"), _lt("encrypted"), _lt("Please decrypt it first.")),
    (_is_mail, _lt("an e-mail"), _lt("Please save the file that is attached to it, and import that.")),
    (_iso("pain.001"), _lt("a payment order (pain.001)"), _ORDER),
    (_iso("pain.008"), _lt("a direct debit order (pain.008)"), _ORDER),
    (_iso("pain.002"), _lt("a payment status report (pain.002)"), _REPORT),
    (_iso("pain.007", "pain.009", "pain.010", "pain.011", "pain.012", "pain.013", "pain.014", "pain.018"),
     _lt("a message about payment orders or mandates (pain)"), _ORDER),
    (_iso("camt.026", "camt.027", "camt.028", "camt.029", "camt.055", "camt.056", "camt.087"),
     _lt("a message about an inquiry or a recall (camt.029, camt.056)"), _REPORT),
    (_iso("camt.060"), _lt("a request for statements (camt.060)"), _ORDER),
    (_iso("camt.086"), _lt("a list of the bank's fees (camt.086)"), _STATEMENT),
    (_iso("pacs.002", "pacs.003", "pacs.004", "pacs.007", "pacs.008", "pacs.009"),
     _lt("a message between banks (pacs)"), _STATEMENT),
    (_finds(rb"<FINSTA\b"), _lt("a statement in the bank's own XML (FINSTA)"), _STATEMENT),
    (_is_order, _lt("a payment order (MT101, MT103)"), _ORDER),
    (_is_message, _lt("a free-format message (MT199, MT999)"), _STATEMENT),
    (_is_advice, _lt("the advice of one booking (MT900, MT910)"), _LIST),
    (_edifact("FINSTA"), _lt("an EDIFACT statement (FINSTA)"), _STATEMENT),
    (_edifact("CREMUL", "DEBMUL", "CREADV", "DEBADV"), _lt("an EDIFACT advice of entries (CREMUL, DEBMUL)"), _LIST),
    (_edifact("PAYMUL", "PAYORD", "DIRDEB", "BANSTA"), _lt("an EDIFACT payment order or its status"), _ORDER),
    (_finds(rb"\A(?:0128A[GL][KB]|0256Q)"), _lt("a German payment file (DTAUS, DTAZV)"), _ORDER),
    (_finds(rb"\AT00322\d{3}"), _lt("a Finnish account statement (TITO)"), _SAME_AS_CAMT),
    (_finds(rb"\ARH[A-Z0-9]{10}\d{6}[^\r\n;,\t]{80}"), _lt("an Italian account statement (CBI)"), _SAME_AS_CAMT),
    (_finds(rb"\A01BGMAX "), _lt("a Swedish file of payments received (BgMax)"), _LIST),
    (_finds(rb"\ANY0000\d\d"), _lt("a Norwegian file of payments (OCR giro)"), _LIST),
    (_finds(rb"\ABS002\d{8}"), _lt("a Danish file of direct debits (Betalingsservice)"), _LIST),
    (_finds(rb"\A0001A[^\r\n]*CLIEOP"), _lt("a Dutch payment file (ClieOp)"), _ORDER),
    (_finds(rb"\AUHL1\d{6}"), _lt("a Czech or Slovak payment order (ABO)"), _ORDER),
    (_finds(rb"\A101 [\d ]{19}\d{10}[A-Z0-9]094101"), _lt("a payment file (NACHA)"), _ORDER),
    (_finds(rb"\A03\d\d {8}[^\r\n;,\t]{100}"), _lt("a French payment file (CFONB 160)"), _ORDER),
    (_finds(rb"\A0[12](?:REMESSA|RETORNO)"), _lt("a file of collections or payments (CNAB 400)"),
     _lt('Please ask the bank for the statement ("extrato para conciliação bancária", CNAB 240) or for OFX.')),
    (_finds(rb"\A\d{3}00000 {9}[^\r\n]{140,223}(?:\r?\n)?\d{7}1[A-Z](?!04)"),
     _lt("a file of collections or payments (CNAB 240)"),
     _lt('Please ask the bank for the statement ("extrato para conciliação bancária", service 04) or for OFX.')),
    (_finds(rb"\A!(?:TRNS|SPL|HDR|ACCNT|CUST|VEND|INVITEM|CLASS)\t"), _lt("an exchange file of QuickBooks (IIF)"),
     _EXPORT),
    (_finds(rb'\A"?(?:EXTF|DTVF)"?;'), _lt("a file of bookkeeping entries (DATEV)"), _STATEMENT),
    (_finds(rb"\A0 {17}\d\d[A-Z]{3} {7}"), _lt("an Australian payment file (ABA)"), _ORDER),
    (_finds(rb"\AVOL1[A-Z0-9]{6}[^\r\n;,]{20,}\r?\n[UH]"), _lt("a British payment file (Bacs)"), _ORDER),
    (_finds(rb"\A\d{49}[\d ]{38,81}\r?\n\d{49}[\d ]{8,81}\s"), _lt("a Swiss file of payments received (V11, ESR)"),
     _LIST),
    (_finds(rb"\A1(?:01|03|11|12|21|71|72|91)[01]\d{6}[^\r\n;,\t]{0,110}?[\xa6-\xdf]{2}"),
     _lt("a Japanese bank file (Zengin)"), _STATEMENT),
    (_finds(rb'\A[\[{]\s*["{\[]'), _lt("data of a program (JSON)"), _STATEMENT),
)  # fmt: skip


def refuse_other(head):
    """Refuse a file whose kind can be told and is not read.

    :param head: the start of the file (bytes), in UTF-8 where it is text
    :raise StatementFormatError: what it is, and what to ask the bank for
    """
    for test, what, advice in _KINDS:
        if test(head):
            raise StatementFormatError(_lt("The file is %(what)s. %(advice)s", what=what, advice=advice))
