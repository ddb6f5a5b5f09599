"""The information field :86: as text with words before what they name: ``IBAN: NL... NAAM: ... OMSCHRIJVING: ...``.

Sources: ABN AMRO and Knab (Netherlands), KBC and ING (Belgium), mBank (Poland), Raiffeisen (Austria), PostFinance
(Switzerland), ING, ASN and SNS (Netherlands: account and name in front), Penta (Germany), Raiffeisen (Hungary), Danske
Bank (Denmark).
"""

import re

from .identity import IBAN, clean_account, clean_reference, is_iban, same_account
from .references import as_structured
from .text import squeeze

# What a word names: the other side's account, name (payer or payee: only in that direction), text, references.
_ROLES = {
    "account": (
        "IBAN|REK|REKENING|TEGENREKENING|Z RACH\\.|NA RACH\\.|RACHUNEK|KONTO|ACCOUNT|COMPTE|PROTIÚČET|SZÁMLASZÁM"
    ),
    "payer account": (
        "IBAN AUFTRAGGEBER|REKENING OPDRACHTGEVER|COMPTE DONNEUR D.ORDRE|KONTO NADAWCY|IBAN ZAHLUNGSPFLICHTIGER"
    ),
    "payee account": (
        "IBAN EMPF(?:Ä|AE)NGER|REKENING BEGUNSTIGDE|COMPTE B[EÉ]N[EÉ]FICIAIRE|KONTO ODBIORCY"
        "|IBAN ZAHLUNGSEMPF(?:Ä|AE)NGER"
    ),
    "name": "NAAM|NAME|NAAM/OMSCHRIJVING|NOM|NOMBRE|NOME|NÁZEV PROTIÚČTU|NAZWA",
    "payer": (
        "AUFTRAGGEBER|ABSENDER|ZAHLUNGSPFLICHTIGER|OPDRACHTGEVER|DONNEUR D.ORDRE|EXP[EÉ]DITEUR|ORDERING PARTY"
        "|BY ORDER OF|ORDERING CUSTOMER|ORIGINATOR|REMITTER|OD|NADAWCA|ZLECENIODAWCA|AVSÄNDARE|BETALARE|BETALER"
        "|AFSENDER|MAKSAJA|MEGBÍZÓ|ORDENANTE|ORDINANTE|PLÁTCE"
    ),
    "payee": (
        "EMPF(?:Ä|AE)NGER|BEG(?:Ü|UE)NSTIGTER|ZAHLUNGSEMPF(?:Ä|AE)NGER|BEGUNSTIGDE|B[EÉ]N[EÉ]FICIAIRE|BENEFICIARY|DLA"
        "|ODBIORCA|MOTTAGARE|MOTTAKER|MODTAGER|SAAJA|KEDVEZMÉNYEZETT|BENEFICIARIO|PŘÍJEMCE"
    ),
    "ultimate": "VOOR",
    "text": (
        "OMSCHRIJVING|VERWENDUNGSZWECK|MITTEILUNGEN|MITTEILUNG|MEDEDELING|COMMUNICATIONS?|MOTIF|TYT\\.|TYTU[ŁL](?:EM)?"
        "|REMITTANCE INFORMATION|DETAILS|MESSAGE|MEDDELANDE|MEDDELELSE|MELDING|VIESTI|KÖZLEMÉNY|ZPRÁVA PRO PŘÍJEMCE"
        "|POPIS|CONCEPTO|CAUSALE"
    ),
    "structured": "BETALINGSKENM\\.|BETALINGSKENMERK|ZAHLUNGSREFERENZ|OCR|KID|VIITE",
    "reference": "KENMERK|REFERENZ(?:EN)?|REF[EÉ]RENCES?|REFERENTIE|REFERENTIE OPDRACHTGEVER|EREF|TNR",
    "mandate": "MACHTIGING|KENMERK MACHTIGING|MANDAAT(?:REFERENTIE)?|MANDATSREFERENZ|MANDAT|MANDATE|MARF",
    "": "BIC|BIC AUFTRAGGEBER|BIC EMPF(?:Ä|AE)NGER|BIC OPDRACHTGEVER|INCASSANT|INCASSANT ID|ADRES|ADRESSE|PAS|ID IPH",
}
_WORD = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<g{number}>{words})" for number, words in enumerate(_ROLES.values()))
    + r") ?:(?!//) ?",
    re.IGNORECASE,
)
_ROLE_OF_GROUP = {f"g{number}": role for number, role in enumerate(_ROLES)}
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_NUMBER = re.compile(r"\d[\d.\-/]{5,33}")
_ON_ITS_OWN = re.compile(r"\d{16}|\d{24}|\d{26}")
_IBAN_BIC = re.compile(r"(?<![^\W_])([A-Z]{2}\d{2}[A-Z0-9]{11,30}) ([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![^\W_])")
_COLONS = re.compile(r"([A-Z_]{4,40}):(.*):([^:]+):([A-Z]{2}\d{2}[A-Z0-9]{11,30})(?::([^:]*))?", re.DOTALL)
# ISO 20022 allows 35 characters.
_STRUCTURED_MAX = 35
# Danske Bank: payments abroad.
_BENEFICIARY = re.compile(r"/Bnf\. ?([^/]+)(?:/Bnf\.acc\. ?([^/]+))?")
_POST_REFERENCE = re.compile(r"\s*\d{6}CH\w{6,}$")


def account_in(text):
    """Give the account number with which a text starts, or ''.

    :param text: str; an IBAN may be written in groups
    """
    words = text.split()[:9]
    for count in range(len(words), 0, -1):
        joined = clean_account("".join(words[:count]))
        if is_iban(joined):
            return joined
    first = clean_account(words[0].strip("/;,")) if words else ""
    if IBAN.fullmatch(first) or _NUMBER.fullmatch(first):
        return first
    digits = "".join(words)
    return digits if digits.isascii() and digits.isdigit() and len(digits) > 6 else ""


def _matches(text):
    """Find the words, each with the text up to the next one; what should be an account and is none is text."""
    found = []
    matches = list(_WORD.finditer(text))
    for match, after in zip(matches, [*matches[1:], None], strict=False):
        role = _ROLE_OF_GROUP[match.lastgroup]
        value = text[match.end() : after.start() if after else len(text)]
        if not role.endswith("account") or account_in(value):
            found.append(match)
    return found


def _account_and_rest(text):
    """Give (IBAN with which a text starts or '', the text behind it)."""
    account = account_in(text)
    if not is_iban(account):
        return "", text
    words = text.split()
    count = next(count for count in range(1, len(words) + 1) if clean_account("".join(words[:count])) == account)
    return account, " ".join(words[count:])


def _with_words(text, is_credit, own_account):
    """Read a text with words before what they name, or give None where it has none of them."""
    found, order = {}, []
    matches = _matches(text)
    for match, after in zip(matches, [*matches[1:], None], strict=False):
        role = _ROLE_OF_GROUP[match.lastgroup]
        value = text[match.end() : after.start() if after else len(text)].strip(" /;,\n")
        order.append(role)
        if value:
            found.setdefault(role, value)
    # One word alone may be part of what the payer wrote.
    if len(set(order)) < 2 and not (matches and matches[0].start() == 0):
        return None
    role, opposite = ("payer", "payee") if is_credit else ("payee", "payer")
    accounts = [found.get(f"{role} account"), found.get("account"), found.get(f"{opposite} account")]
    accounts = [account_in(value) for value in accounts if value]
    beside_bank = _IBAN_BIC.search(text)
    if beside_bank:
        accounts.append(beside_bank.group(1))
    iban, behind_iban = _account_and_rest(found.get(f"{role} account") or found.get("account") or "")
    name = found.get("name") or found.get(role) or found.get(opposite) or (behind_iban if iban else "")
    iban, name = _account_and_rest(name)
    accounts.append(iban)
    prefix = squeeze(text[: matches[0].start()]).strip(" /;,")
    structured = as_structured(found.get("structured", "").partition(";")[0])
    if len(structured) > _STRUCTURED_MAX:
        structured = ""
    mandate = clean_reference(found.get("mandate", ""))
    reference = clean_reference(found.get("reference", ""))
    label = found.get("text") or structured or ("" if order[0] == "text" else prefix)
    return {
        "label": squeeze(label),
        "bank_text": prefix if prefix != squeeze(label) else "",
        "counterparty_name": squeeze(_POST_REFERENCE.sub("", name)),
        "counterparty_account": next((one for one in accounts if one and not same_account(one, own_account)), ""),
        "ultimate_name": squeeze(found.get("ultimate", "")),
        "structured_reference": structured,
        "reference": reference,
        "mandate_id": mandate,
        "references": {"EREF": reference, "MARF": mandate, "MREF": mandate},
    }


def _account_in_front(lines):
    """Read ``IBAN name`` on a line before the text, or ``IBAN BIC name NOTPROVIDED text``; None for other texts."""
    first, *others = lines
    account, _blank, rest = first.strip().partition(" ")
    if not IBAN.fullmatch(account):
        return None
    name, label = rest, squeeze(" ".join(others))
    bic, _blank, after = rest.partition(" ")
    if _BIC.fullmatch(bic):
        # Nothing tells where the name ends, unless the bank has put the missing reference behind it.
        text = "".join([after, *(("" if len(first) >= 60 else " ") + line for line in others)])
        name, placeholder, label = text.partition(" NOTPROVIDED ")
        if not placeholder:
            name, label = "", text
    elif not label:
        name, label = "", rest
    return {"counterparty_account": account, "counterparty_name": squeeze(name), "label": squeeze(label)}


def read_text(lines, text, is_credit, own_account):
    """Read an information field that is neither numbered nor between slashes.

    :param lines: list of str, its lines
    :param text: str, the same with line ends only where they end a word
    :param is_credit: whether the payment (before a reversal) brought money in
    :param own_account: number of the statement's account
    :return: dict of ``Line`` fields, the label at least
    """
    fields = _account_in_front(lines)
    if fields:
        return fields
    if ":" in text:
        match = _COLONS.fullmatch(text.strip())
        if match:
            return {
                "label": squeeze(match.group(2)),
                "counterparty_name": squeeze(match.group(3)),
                "counterparty_account": match.group(4),
                "bank_text": match.group(1).replace("_", " "),
                "reference": clean_reference(match.group(5) or ""),
            }
        if "\n" in text:
            # A line end may be inside of a word.
            flat = text.replace("\n", "")
            text = flat if len(_WORD.findall(flat)) > len(_WORD.findall(text)) else text
        fields = _with_words(text, is_credit, own_account)
        if fields:
            return fields
    fields = {"label": squeeze(text)}
    match = _IBAN_BIC.search(text)
    if match:
        return {**fields, "counterparty_account": match.group(1)}
    match = _BENEFICIARY.search(text) if "/Bnf." in text else None
    if match:
        account = clean_account(match.group(2) or "")
        return {**fields, "counterparty_name": squeeze(match.group(1)), "counterparty_account": account}
    for number, line in enumerate(lines[1:-1], start=1):
        account = clean_account(line)
        if _ON_ITS_OWN.fullmatch(account) or is_iban(account):
            name = squeeze(lines[number + 1])
            rest = squeeze(" ".join(lines[number + 2 :]))
            return {
                "counterparty_account": account,
                "counterparty_name": "" if name.isdigit() else name,
                "label": rest or fields["label"],
                "bank_text": "",
            }
    return fields
