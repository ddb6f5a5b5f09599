"""The information field :86: in numbered subfields: ``166?00GUTSCHRIFT?20SVWZ+...?32NAME``.

Sources: the German banks' DFÜ agreement (appendix 3, MT940), which Austria, Poland, Czechia, Slovakia and Luxembourg
follow with separators and numbers of their own; Triodos (Netherlands); the ":NS:" field of older exports.
"""

import re

from .identity import clean_account, clean_reference, same_account
from .references import variable_symbol
from .return_reasons import GERMAN_CODES, find_return_code
from .sepa_words import has_more_text
from .text import join_wrapped, squeeze

SUBFIELDS = re.compile(r"\s{0,3}(\d{3})?\s{0,2}([?<>~^@|])(?=\d\d)")

_WIDTH = 27
_REMITTANCE = tuple(str(number) for number in range(20, 30))
_CONTINUED = ("60", "61", "62", "63")
# Seams between subfields while keywords are looked for: a full subfield goes on at once, a shorter one ended a word.
_FULL, _SHORT = "\x1e", "\x1f"
_KEYS = [
    "EREF",
    "KREF",
    "MREF",
    "CRED",
    "DEBT",
    "COAM",
    "OAMT",
    "SVWZ",
    "ABWA",
    "ABWE",
    "IBAN",
    "BIC",
    "PURP",
    "ANAM",
    "RREF",
]
# Groups of an account number, amounts with a currency.
_WITHOUT_TEXT = {"SVWZ", "IBAN", "BIC", "COAM", "OAMT"}
_SEAM = f"[{_FULL}{_SHORT}]?"
_ATTRIBUTE = re.compile("(" + "|".join(_SEAM.join(key) for key in _KEYS) + rf"){_SEAM}\+ ?")
# Cooperative banks write the same words with a colon behind the text.
_COLON = re.compile(r"(?<![^\W_])(EREF|KREF|MREF|CRED|DEBT|ABWA|ABWE|IBAN|BIC): ")
# The words of a former edition, each in a subfield of its own.
_FORMER = re.compile(r"(?:(END-TO-END-REF)|(MANDATSREF))\.?: ?(\S+)")
# Charges and original amount among the text (Luxembourg).
_MONEY_IN_TEXT = re.compile(r"/(OCMT|CHGS)/([^/]*)/+ ?")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}|\d{26}")
MONEY = re.compile(r"([A-Z]{3})? ?(\d{1,15}(?:[,.]\d{0,5})?)")


def _joined(chunks):
    """Join subfields, each seam marked by what it is."""
    widths = {_WIDTH, max([_WIDTH, *map(len, chunks[:-1])])}
    return "".join(chunk + (_FULL if len(chunk) in widths else _SHORT) for chunk in chunks)


def _plain(text):
    return squeeze(text.replace(_FULL, "").replace(_SHORT, " "))


def _without_seams(key):
    return key.replace(_FULL, "").replace(_SHORT, "")


def _texts_in(found):
    """Give the values that may hold text of the payer beside what their keyword names."""
    return [value for key, value in found.items() if key not in _WITHOUT_TEXT]


def _attributes(chunks):
    """Split ``EREF+..MREF+..SVWZ+..`` into a dict; what comes before the first keyword is ``SVWZ`` too."""
    parts = _ATTRIBUTE.split(_joined(chunks))
    found = {"SVWZ": _plain(parts[0])}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        key, value = _without_seams(key), _plain(value)
        found[key] = f"{found[key]} {value}".strip() if key == "SVWZ" else found.get(key) or value
    if len(parts) > 1 and "SVWZ" not in map(_without_seams, parts[1::2]) and has_more_text(_texts_in(found)):
        found["SVWZ"] = _plain(_joined(chunks))
        return found
    text = found["SVWZ"]
    if ": " in text:
        parts = _COLON.split(text)
        # Somebody's own "IBAN: " in the text is not the bank's: it writes EREF, MREF or CRED before.
        if len(parts) > 1 and parts[1] not in ("IBAN", "BIC"):
            found["SVWZ"] = text if has_more_text(map(squeeze, parts[2::2])) else squeeze(parts[0])
            for key, value in zip(parts[1::2], parts[2::2], strict=True):
                found.setdefault(key, squeeze(value))
    if "REF" in found["SVWZ"]:
        for is_reference, _is_mandate, value in _FORMER.findall(found["SVWZ"]):
            found.setdefault("EREF" if is_reference else "MREF", value)
    if "/CHGS/" in text or "/OCMT/" in text:
        for key, value in _MONEY_IN_TEXT.findall(text):
            found.setdefault({"OCMT": "OAMT", "CHGS": "COAM"}[key], value)
        found["SVWZ"] = squeeze(_MONEY_IN_TEXT.sub("", found["SVWZ"]))
    return found


def _money(text):
    match = MONEY.match(text)
    return (match.group(1) or "", match.group(2)) if match else None


def _first_other(accounts, own_account):
    """Give the first account number that is not the statement's own, or ''."""
    for account in accounts:
        account = clean_account(account)
        if account.strip("0") and not same_account(account, own_account):
            return account
    return ""


def _triodos(parts, own_account):
    """Read Triodos' numbering, where ?31 is the own account: BIC and IBAN in front of the text, or ?10 the account."""
    chunks = [chunk for number in _REMITTANCE for chunk in parts.get(number, ())]
    account = "".join(parts.get("10", ())).strip()
    if len(chunks) > 1 and _BIC.fullmatch(chunks[0].strip()) and _ACCOUNT.fullmatch(clean_account(chunks[1])):
        account, chunks = chunks[1], chunks[2:]
    return {
        "label": join_wrapped(chunks, _WIDTH),
        "counterparty_account": _first_other([account], own_account),
    }


def read_subfields(text, own_account):
    """Read an information field of numbered subfields.

    :param text: str, the field without line ends, for which ``SUBFIELDS`` matches
    :param own_account: number of the statement's account
    :return: dict of ``Line`` fields; ``references`` (what words such as KREF+ mean) and ``money`` (dict by
        ``OCMT`` and ``CHGS`` of (currency, amount text)) beside them
    """
    match = SUBFIELDS.match(text)
    code, separator = match.groups()
    parts = {}
    for part in text[match.end(2) - 1 :].split(separator)[1:]:
        if part[:2].isdigit():
            parts.setdefault(part[:2], []).append(part[2:])
        elif parts:
            # The separator is part of a text.
            parts[next(reversed(parts))][-1] += separator + part
    own = "".join(parts.get("31", ())).strip()
    if separator == ">" and own and same_account(own, own_account):
        return {**_triodos(parts, own_account), "transaction_code": code or ""}
    numbers = _REMITTANCE
    names = [*parts.get("32", ()), *parts.get("33", ())]
    if not names and separator not in "?>" and parts.get("27"):
        # Polish banks: name and address of the other side.
        names, numbers = [*parts["27"], *parts.get("28", ())], _REMITTANCE[:7]
    chunks = [chunk for number in numbers for chunk in parts.get(number, ())]
    rest = [chunk for number in _CONTINUED for chunk in parts.get(number, ())]
    if rest and ("29" in parts or any(f"{key}+" in chunk or f"{key}: " in chunk for chunk in rest for key in _KEYS)):
        chunks += rest
    accounts = [*parts.get("38", ())]
    if chunks and _ACCOUNT.fullmatch(chunks[-1].strip()) and chunks[-1] in parts.get("29", ()):
        accounts.append(chunks.pop())
    found = _attributes(chunks)
    accounts = [*accounts, found.get("IBAN", ""), *parts.get("31", ())]
    money = {"OCMT": _money(found.get("OAMT", "")), "CHGS": _money(found.get("COAM", ""))}
    reference = clean_reference(found.get("EREF", ""))
    extension = "".join(parts.get("34", ())).strip()
    ultimate = found.get("ABWA") or found.get("ABWE", "")
    name = join_wrapped(names, _WIDTH)
    return {
        "label": found["SVWZ"],
        "reference": reference,
        "end_to_end_id": reference,
        "mandate_id": clean_reference(found.get("MREF", "")),
        "batch_id": clean_reference(found.get("KREF", "")),
        "counterparty_name": name or ultimate,
        "ultimate_name": ultimate if ultimate != name else "",
        "counterparty_account": _first_other(accounts, own_account),
        "structured_reference": variable_symbol(f"{found['SVWZ']} {reference}"),
        "bank_text": squeeze("".join(parts.get("00", ()))),
        "transaction_code": code or "",
        # A code in words is the payer's bank's own; the extension sums several of them up.
        "return_code": find_return_code(found["SVWZ"]) or GERMAN_CODES[extension] if extension in GERMAN_CODES else "",
        "references": found,
        "money": {key: value for key, value in money.items() if value},
    }


def read_ns(lines, own_account):
    """Read the field :NS: (not SWIFT) of older exports: each line starts with a number of two digits.

    01-14 text, 15 and 16 name, 17 kind of entry, 33 bank, 34 account.

    :param lines: list of str
    :param own_account: number of the statement's account
    :return: dict of ``Line`` fields
    """
    parts = {}
    for line in lines:
        if line[:2].isdigit():
            parts.setdefault(int(line[:2]), line[2:])
    return {
        "label": squeeze(" ".join(parts.get(number, "") for number in range(1, 15))),
        "counterparty_name": join_wrapped([parts.get(15, ""), parts.get(16, "")], _WIDTH),
        "counterparty_account": _first_other([parts.get(34, "")], own_account),
        "bank_text": squeeze(parts.get(17, "")),
    }
