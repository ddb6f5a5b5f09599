"""Structured payment references with check digits, found in free text and verified."""

import re

from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr

_RF = re.compile(r"(?<![A-Z0-9])RF\d{2}(?: ?[A-Z0-9]{1,21}){1,6}", re.ASCII)
_RF_WHOLE = re.compile(r"RF\d{2}[A-Z0-9]{1,21}", re.ASCII)
_BELGIAN = re.compile(r"(?:\+{3}|\*{3}) ?(\d{3}) ?/ ?(\d{4}) ?/ ?(\d{5}) ?(?:\+{3}|\*{3})", re.ASCII)
_SWISS = re.compile(r"(?<![\dA-Z])\d{2}(?: ?\d{5}){5}(?![\dA-Z])", re.ASCII)
_SWISS_LENGTH = 27
_SWISS_WHOLE = re.compile(r"\d{27}", re.ASCII)
_SYMBOL = re.compile(r"(?:^|[/ ,;])VS[: ]?0*(\d{1,10})(?!\d)")
_OTHER_SYMBOL = re.compile(r"(?:^|[/ ,;\d])(?:KS|SS)(?:[:/ \d]|$)")


def is_rf(reference):
    """Tell whether a text is a creditor reference with right check digits (ISO 11649)."""
    return bool(_RF_WHOLE.fullmatch(reference)) and iso11649.is_valid(reference)


def is_qrr(reference):
    """Tell whether a text is a Swiss QR reference with a right check digit (SIX, QR-bill guidelines)."""
    return bool(_SWISS_WHOLE.fullmatch(reference)) and bool(reference.strip("0")) and esr.is_valid(reference)


def find_structured_reference(text):
    """Find the first structured reference in a text whose check digits are right.

    Knows ISO 11649 (``RF18 5390 0754 7034``), Belgian (``+++090/9337/55493+++``) and Swiss QR references.

    :param text: str
    :return: str without spaces (``RF18539007547034``, ``+++090/9337/55493+++``, 27 digits), or ``''``
    """
    if "+++" in text or "***" in text:
        for match in _BELGIAN.finditer(text):
            if ogm_vcs.is_valid("".join(match.groups())):
                return "+++{}/{}/{}+++".format(*match.groups())
    if "RF" in text:
        for match in _RF.finditer(text):
            words = match.group().split()
            for count in range(len(words), 0, -1):
                candidate = "".join(words[:count])
                if is_rf(candidate):
                    return candidate
    if len(text) >= _SWISS_LENGTH:
        for match in _SWISS.finditer(text):
            candidate = match.group().replace(" ", "")
            if is_qrr(candidate):
                return candidate
    return ""


def as_structured(reference):
    """Write a reference that a bank names as structured the way it is printed on invoices.

    :param reference: str, spaces allowed
    :return: str without spaces; a Belgian reference gets its marks (``+++090/9337/55493+++``)
    """
    reference = "".join(reference.split())
    digits = reference.strip("+*").replace("/", "")
    if len(digits) == 12 and digits.isascii() and digits.isdigit() and ogm_vcs.is_valid(digits):
        return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
    return reference


def variable_symbol(text):
    """Find the variable symbol by which Czech and Slovak invoices are paid: ``/VS123/SS/KS0308``.

    :param text: str
    :return: its digits, or ``''``; only where a constant or specific symbol (KS, SS) is named with it
    """
    match = _SYMBOL.search(text) if "VS" in text else None
    return match.group(1) if match and _OTHER_SYMBOL.search(text) else ""
