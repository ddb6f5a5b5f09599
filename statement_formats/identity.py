"""How a line is recognized: account numbers that mean the same, and identities that survive a second import."""

import hashlib
import re
from functools import lru_cache

from stdnum.iso7064 import mod_97_10

from .text import normalized

# Texts that banks write where they have no reference to give (SWIFT MT940 "NONREF", ISO 20022 "NOTPROVIDED").
_NO_REFERENCE = {"NONREF", "NOREF", "NOTPROVIDED", "NONE", "N/A", "NA", "UNKNOWN", "NOTAVAILABLE", "NIETBEKEND"}
_SEPARATORS = re.compile(r"[\s.\-_]+")
# Czech and Slovak numbers as people write them, without the dash after the prefix: 192000145399/0800.
_CZECH = re.compile(r"(\d{2,16})/(\d{4})")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def clean_reference(text):
    """Strip a reference, and turn the placeholders for "none" (NONREF, NOTPROVIDED, zeros only) into ''."""
    if not text:
        return ""
    words = text.split()
    # Where a bank cuts its lines, a placeholder may be in two pieces.
    if "".join(words).upper() in _NO_REFERENCE or not text.strip("0-/. \n"):
        return ""
    return " ".join(words)


@lru_cache(maxsize=8192)
def clean_account(text):
    """Strip an account number of the spaces, dots and dashes that people read it with, in capitals."""
    return _SEPARATORS.sub("", text).upper()


@lru_cache(maxsize=8192)
def is_iban(text):
    """Tell whether a cleaned account number is an IBAN with right check digits (ISO 13616)."""
    # Not stdnum.iban: Odoo 19 replaces the loader of the package, so that its table of countries cannot be opened.
    return text.isascii() and bool(IBAN.fullmatch(text)) and mod_97_10.is_valid(text[4:] + text[:4])


@lru_cache(maxsize=8192)
def same_account(one, other):
    """Tell whether two account numbers, as two sources write them, name one account.

    An IBAN is also known by its national part, whole (``BBAN``), as bank code and account (``10020030/1234567``), as
    account and bank code (Czech and Slovak: ``19-2000145399/0800``), or by an account number of at least 7 digits in
    which it ends. A Czech or Slovak number is also known without its bank code.

    :param one: account number (str), any spelling
    :param other: account number (str), any spelling
    :return: bool; False where one of them is empty
    """
    one, other = clean_account(one), clean_account(other)
    if not one or not other:
        return False
    if one == other:
        return True
    if is_iban(one) == is_iban(other):
        if is_iban(one):
            return False
        if ("/" in one) != ("/" in other):
            czech = _CZECH.fullmatch(one) or _CZECH.fullmatch(other)
            bare = other if "/" in one else one
            return bool(czech) and czech[1].lstrip("0") == bare.lstrip("0") != ""
        return one.lstrip("0") == other.lstrip("0") != ""
    iban, national = (one, other) if is_iban(one) else (other, one)
    czech = _CZECH.fullmatch(national)
    if czech and iban[:2] in ("CZ", "SK"):
        return iban[4:] == czech[2] + czech[1].zfill(16)
    bank, slash, number = national.rpartition("/")
    if slash:
        rest = iban[4 + len(bank) :]
        return iban[4:].startswith(bank) and len(number) <= len(rest) and rest == number.zfill(len(rest))
    return len(national.lstrip("0")) >= 7 and iban[4:].endswith(national)


def fingerprint(line, account):
    """Give the hash by which a line is the same line in another file.

    With the bank's own reference, that reference with date and amount (banks use one reference again on another
    day, and for a payment and its fee); else everything that the bank says of the entry. Value date and running
    balance stay out: banks still change them after the first download.

    :param line: ``Line``
    :param account: account number (str)
    :return: str, 32 hexadecimal digits
    """
    if line.bank_reference:
        texts = [line.bank_reference]
    else:
        texts = [
            "no reference",
            line.label,
            line.reference,
            line.structured_reference,
            line.counterparty_name,
            clean_account(line.counterparty_account),
            line.check_number,
        ]
    # "10.0" and "10.00" are one amount; normalize() alone would write 100 as 1E+2.
    amount = format(line.amount.normalize(), "f")
    parts = [clean_account(account), line.date.isoformat(), amount, line.currency]
    parts += [normalized(text) for text in texts]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unique_ids(statements, account=None):
    """Give each line of a file the identity by which a later import of it, or of an overlapping file, finds it.

    Equal fingerprints are counted, so two equal coffees on one day stay two. The fingerprint holds the account and
    the date, so the count starts anew each day: a day is the smallest unit that two overlapping files both hold
    whole. Statements of one account in one file go on counting (a day may be spread over two of them), except
    where one starts from the same opening balance as an earlier one that it does not follow: intraday reports that
    repeat what came before are counted anew.

    :param statements: sequence of ``Statement``, in the order of the file
    :param account: account number (str) to identify by in place of each statement's own
    :return: list of lists of str, one list a statement, one text a line
    """
    result = []
    counts = {}
    openings, closing = {}, {}
    for statement in statements:
        number = statement.account_number if account is None else account
        opened = openings.setdefault(number, set())
        opening = (statement.balance_start, statement.currency)
        follows = number in closing and closing[number] == statement.balance_start
        repeats = statement.balance_start is not None and not follows and opening in opened
        seen = {} if repeats else counts
        ids = []
        for line in statement.lines:
            key = fingerprint(line, number)
            seen[key] = seen.get(key, 0) + 1
            ids.append(f"{key}-{seen[key]}")
        if repeats:
            for key, count in seen.items():
                counts[key] = max(count, counts.get(key, 0))
        opened.add(opening)
        closing[number] = statement.balance_end
        result.append(ids)
    return result
