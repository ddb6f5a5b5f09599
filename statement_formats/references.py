"""Structured payment references with check digits, found in free text and verified."""

import re

_RF = re.compile(r"(?<![A-Z0-9])RF\d{2}(?: ?[A-Z0-9]{1,21}){1,6}", re.ASCII)
_BELGIAN = re.compile(r"(?:\+{3}|\*{3}) ?(\d{3}) ?/ ?(\d{4}) ?/ ?(\d{5}) ?(?:\+{3}|\*{3})", re.ASCII)
_SWISS = re.compile(r"(?<![\dA-Z])\d{2}(?: ?\d{5}){5}(?![\dA-Z])", re.ASCII)
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def is_rf(reference):
    """Tell whether a text is a creditor reference with right check digits (ISO 11649: modulo 97, at most 25)."""
    if not re.fullmatch(r"RF\d{2}[A-Z0-9]{1,21}", reference, re.ASCII):
        return False
    return int("".join(str(int(char, 36)) for char in reference[4:] + reference[:4])) % 97 == 1


def is_qrr(reference):
    """Tell whether a text is a Swiss QR reference (27 digits, modulo 10 recursive; SIX QR-bill guidelines)."""
    if not re.fullmatch(r"\d{27}", reference, re.ASCII) or not reference.strip("0"):
        return False
    carry = 0
    for char in reference[:-1]:
        carry = _CARRY[(carry + int(char)) % 10]
    return (10 - carry) % 10 == int(reference[-1])


def find_structured_reference(text):
    """Find the first structured reference in a text whose check digits are right.

    Knows ISO 11649 (``RF18 5390 0754 7034``), Belgian (``+++090/9337/55493+++``: first ten digits modulo 97) and
    Swiss QR references.

    :param text: str
    :return: str without spaces (``RF18539007547034``, ``+++090/9337/55493+++``, 27 digits), or ``''``
    """
    if len(text) < 5:
        return ""
    for match in _BELGIAN.finditer(text):
        digits = "".join(match.groups())
        if int(digits[10:]) == (int(digits[:10]) % 97 or 97):
            return "+++{}/{}/{}+++".format(*match.groups())
    for match in _RF.finditer(text):
        words = match.group().split()
        for count in range(len(words), 0, -1):
            candidate = "".join(words[:count])
            if is_rf(candidate):
                return candidate
    for match in _SWISS.finditer(text):
        candidate = match.group().replace(" ", "")
        if is_qrr(candidate):
            return candidate
    return ""
