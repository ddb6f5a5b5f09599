"""What the text of a BAI2 entry says in words of its own: ``ORIG CO NAME:ACME INC``, ``88,EREF: 4711``, ``BNF=...``.

BAI2 leaves the text to the banks. Sources: published samples of JPMorgan Chase, Goldman Sachs, Bank of America and
Wells Fargo; NACHA's field names (company name, entry description, individual name).
"""

import re

from .identity import clean_account, clean_reference
from .text import squeeze

# Payer and payee by direction; the text for people; references; words that only end the value before them.
_PAYER = ("ORIG CO NAME", "ORIG NAME", "DBNM", "B/O", "BO", "ORG", "ORIGINATOR", "BY ORDER OF")
_PAYEE = ("CRNM", "BNF", "BENEFICIARY", "BENEF")
_TEXT = ("REMI", "OBI", "REMITTANCE INFO", "CO ENTRY DESCR")
_OTHER = (
    "EREF", "CREF", "DACT", "CACT", "CHKN", "DABA", "CABA", "DBIC", "CBIC", "IDNM", "ORIG ID", "DESC DATE", "SEC",
    "TRACE#", "EED", "IND ID", "IND NAME", "TRN", "IMAD", "OMAD", "DES", "ID", "INDN", "CO ID", "BANK ID", "BNF BK",
    "ORG BK", "REF", "SSN", "CLIENT REF ID", "GS ID", "FROM", "TO", "REASON", "ENTRY DESCRIPTION",
)  # fmt: skip
_WORDS = sorted((*_PAYER, *_PAYEE, *_TEXT, *_OTHER), key=len, reverse=True)
_WORD = re.compile(r"(?<![^\s,;/])(" + "|".join(map(re.escape, _WORDS)) + r")\s?[:=](?!/) ?", re.IGNORECASE)
# Without one of these a colon is part of the text.
_LEADING = re.compile(
    r"ORIG CO NAME|ORIG NAME|\b(?:DBNM|CRNM|EREF|DACT|CACT|BNF|INDN)\s?[:=]|\b(?:ORG|OBI|B/O)=", re.IGNORECASE
)


def read_text(text, is_credit):
    """Find who is named in the text of an entry and what for.

    :param text: str, continuation records on lines of their own
    :param is_credit: whether money came in
    :return: dict of ``Line`` fields, without those that the text does not name
    """
    if not _LEADING.search(text):
        return {}
    parts = _WORD.split(text)
    found = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        value = squeeze(value).strip(' ,;/"')
        if value:
            found.setdefault(word.upper(), value)

    def first(words):
        return next((found[word] for word in words if word in found), "")

    account = clean_account(found.get("DACT" if is_credit else "CACT", ""))
    fields = {
        "counterparty_name": first(_PAYER) if is_credit else first(_PAYEE) or first(_PAYER[:1]),
        "counterparty_account": account if any(map(str.isdigit, account)) else "",
        "end_to_end_id": clean_reference(found.get("EREF", "")),
        "check_number": found.get("CHKN", ""),
        "label": first(_TEXT[:3]),
    }
    return {name: value for name, value in fields.items() if value}
