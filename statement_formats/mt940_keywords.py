"""The information field :86: in keywords between slashes: ``/TRTP/SEPA OVERBOEKING/IBAN/.../NAME/.../REMI/...``.

Sources: SWIFT's codes for field 86, the CGI-MP guide, and the descriptions of ABN AMRO, ING, Rabobank, ASN, bunq,
Knab, Triodos, Van Lanschot, HSBC and banks of the Balkans.
"""

import re

from .identity import clean_account, clean_reference, same_account
from .mt940_subfields import MONEY
from .references import as_structured
from .return_reasons import reason_words
from .text import squeeze

# The slash behind a keyword may be the one before the next: /REMI/CDTRREFTP//CD/SCOR.
KEYWORD = re.compile(
    "/(ABWA|ABWE|ACCW|ADDR|BBAN|BENM|BI|BIC|BO|BUSP|CDTRREF|CDTRREFTP|CHGS[12]?|CNTP|CSID|EREF|EXCH|IBAN|ID|ISDT|KREF|MARF"
    "|MREF|NAME|OCMT|OGB|ORDP|PREF|PURP|REMI|RREF|RTRN|SVCL|SVWZ|TRCD|TRTP|ULTB|ULTC|ULTD|VA)(?=/)"
)
# Too short to end a text that a payer wrote.
_SHORT = {"BI", "BO", "ID", "VA", "OGB"}
_PARTIES = {"ORDP", "BENM", "ULTB", "ULTC", "ULTD"}
_OF_A_PARTY = {"ADDR", "ID"}
_ACCOUNTS = {"IBAN", "BBAN", "ACCW"}
# One value without slashes; what follows it is text.
_CODES = {"BIC", "BUSP", "CHGS", "CHGS1", "CHGS2", "CSID", "EXCH", "ISDT", "OCMT", "RTRN", "SVCL", "TRCD"}
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}|P?\d{6,30}")
_STRUCTURED = re.compile(r"(?:STRD|SCOR)/+(?:[A-Z]{3,4}/+)*([^/]*)/?(.*)", re.DOTALL)
_CNTP = re.compile(r"(?<! )/|/(?! )")


def _account_of(value):
    """Give the account number with which a value starts: all of it, or its first word."""
    whole = clean_account(value.partition(",")[0].strip("/"))
    if _ACCOUNT.fullmatch(whole):
        return whole
    first = clean_account((value.split() or [""])[0].strip("/,"))
    return first if _ACCOUNT.fullmatch(first) else ""


def _remittance(values):
    """Give (text, structured reference) of the values of /REMI/."""
    texts, structured = [], ""
    for value in values:
        value = value.strip("/ ")
        match = _STRUCTURED.fullmatch(value)
        if match:
            structured = structured or as_structured(match.group(1))
            value = match.group(2)
        elif value.startswith("USTD/"):
            value = value[5:].lstrip("/")
        texts.append(value.strip("/"))
    return squeeze(" ".join(texts)), structured


def _add_party(names, accounts, texts, key, value):
    """Take a party that is written without keywords of its own: ``/BENM/name`` or ``/BENM/account /name /text``."""
    head, *rest = [part for part in value.split("/") if part.strip()]
    if _ACCOUNT.fullmatch(clean_account(head)):
        accounts.setdefault(key, clean_account(head))
        head, *rest = rest or [""]
        texts += [part for part in rest if part.strip() != "EMPTY"]
        rest = []
    names.setdefault(key, squeeze("/".join([head, *rest])))


def _other_side(names, accounts, is_credit, own_account):
    """Give (name, account, ultimate name) of the other side; never the statement's own account.

    :param names: dict by keyword of the party, '' where none is given
    :param accounts: the same of account numbers
    """
    role, opposite = ("ORDP", "BENM") if is_credit else ("BENM", "ORDP")
    name = names.get(role) or names.get("", "")
    account = accounts.get(role) or accounts.get("", "")
    if account and same_account(account, own_account):
        # The name beside the own account is the own one.
        key = role if accounts.get(role) else ""
        name = "" if name == names.get(key) else name
        account = ""
    if not name and not account:
        account = accounts.get(opposite, "")
        if not account or not same_account(account, own_account):
            name = names.get(opposite, "")
        else:
            account = ""
    if len(names) == 1 and name:
        return name, account, ""
    ultimates = ("ULTD",) if is_credit else ("ULTB", "ULTC", "ULTD")
    ultimate = next((names[key] for key in ultimates if names.get(key)), "")
    return name or ultimate, account, ultimate if ultimate != name else ""


def read_keywords(text, is_credit, own_account):
    """Read an information field of keywords between slashes.

    :param text: str, line ends replaced by blanks where they end a word
    :param is_credit: whether the payment (before a reversal) brought money in
    :param own_account: number of the statement's account
    :return: dict of ``Line`` fields; ``references``, ``money`` as ``mt940_subfields.read_subfields`` gives them,
        ``prefix`` (the text before the first keyword) and ``free`` (text behind a code that holds one value)
    """
    split = KEYWORD.split(text)
    found, remittances, free = {}, [], []
    names, accounts, party, last = {}, {}, "", ""
    for key, value in zip(split[1::2], split[2::2], strict=True):
        value = value[1:]
        if key == "NAME":
            names.setdefault(party, squeeze(value.strip("/")))
        elif key in _ACCOUNTS:
            accounts.setdefault(party, _account_of(value))
        elif key == "REMI":
            remittances.append(value)
            party = ""
        elif last == "REMI" and key in _SHORT:
            remittances[-1] += f"/{key}/{value}"
            continue
        elif key in _PARTIES:
            party = key
            if value.strip("/ "):
                _add_party(names, accounts, free, key, value)
        elif key == "CNTP":
            # /CNTP/account/BIC/name/city/; a slash between blanks belongs to a name.
            fields = [*_CNTP.split(value), "", "", ""]
            accounts.setdefault("", clean_account(fields[0]))
            names.setdefault("", squeeze(fields[2]))
        elif key in _CODES:
            value, _slash, tail = value.strip("/ ").partition("/")
            found.setdefault(key[:4], value)
            if key == "RTRN":
                found.setdefault("reason", squeeze(tail.strip("/")))
            elif tail.strip("/ "):
                free.append(tail.strip("/"))
        elif key == "ABWA" or key == "ABWE":
            names.setdefault("ULTD", squeeze(value.strip("/")))
        elif key not in _OF_A_PARTY:
            found.setdefault(key, value.strip("/ "))
            party = ""
        last = key
    label, structured = _remittance(remittances)
    name, account, ultimate = _other_side(names, accounts, is_credit, own_account)
    prefix = squeeze(split[0])
    fields = {
        "label": label or structured,
        "structured_reference": structured,
        "counterparty_name": name,
        "counterparty_account": account,
        "ultimate_name": ultimate,
        "bank_text": prefix,
        "prefix": prefix,
        "free": squeeze(" ".join(free)),
        "money": {},
        "references": {},
        "transaction_code": "",
    }
    if found:
        _fill(fields, found)
    fields["label"] = fields["label"] or fields["free"] or fields["bank_text"]
    return fields


def _fill(fields, found):
    """Fill what keywords other than parties and remittance say.

    :param fields: dict of ``Line`` fields
    :param found: dict of values by keyword
    """
    reference = clean_reference(found.get("EREF", ""))
    mandate = clean_reference(found.get("MARF") or found.get("MREF", ""))
    batch = clean_reference(found.get("PREF") or found.get("KREF", ""))
    structured = as_structured(found.get("CDTRREF", "")) or fields["structured_reference"]
    fields.update(
        label=fields["label"] or structured or squeeze(found.get("SVWZ", "")),
        structured_reference=structured,
        reference=reference,
        end_to_end_id=reference,
        mandate_id=mandate,
        batch_id=batch,
        bank_text=squeeze(found.get("TRTP", "")) or fields["bank_text"],
        transaction_code=found.get("TRCD", ""),
        references={"EREF": reference, "MARF": mandate, "MREF": mandate, "PREF": batch, "KREF": batch},
    )
    if "RTRN" in found:
        code = found["RTRN"][:4].strip()
        is_known = bool(reason_words(code))
        fields["return_code"] = code if is_known else ""
        fields["return_reason"] = found["reason"] or ("" if is_known else found["RTRN"])
    for key in ("OCMT", "CHGS"):
        match = MONEY.match(found[key]) if key in found else None
        if match:
            fields["money"][key] = (match.group(1) or "", match.group(2))
