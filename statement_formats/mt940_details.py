"""The information field :86: of MT940 and MT942: German and Polish subfields, Dutch and SWIFT keywords, free text."""

import re

from .identity import clean_account, clean_reference
from .references import find_structured_reference
from .text import join_wrapped, squeeze

_WIDTH_LINE = 65
_WIDTH_SUBFIELD = 27

# "166?00GUTSCHRIFT?20SVWZ+..." (German banks' DFUE agreement, appendix 3); Polish banks write "<" or "~" or "^".
_SUBFIELDS = re.compile(r"(\d{3})?([?<>~^@])(?=\d\d)")
# SEPA attributes inside the remittance subfields ?20-?29 and ?60-?63.
_ATTRIBUTE = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|ANAM)\+ ?")
_KEYWORD = re.compile(
    "/(ABWA|ACCW|ADDR|BENM|BIC|BUSP|CHGS|CNTP|CSID|EREF|EXCH|IBAN|ISDT|KREF|MARF|NAME|OCMT|ORDP|PREF|PURP|REMI|RTRN"
    "|SVCL|SVWZ|TRCD|TRTP|ULTB|ULTC|ULTD)/"
)
_MONEY = re.compile(r"/?(OCMT|CHGS|OAMT|COAM)[/+]([A-Z]{3})?(\d{1,15}(?:[,.]\d{0,5})?)")
_REASON = re.compile(r"\d{3}")


def read_money(text):
    """Find original amount and charges: ``/OCMT/USD100,00/CHGS/EUR5,``.

    :return: dict by ``OCMT`` and ``CHGS`` of (currency, amount text)
    """
    found = {}
    for key, currency, amount in _MONEY.findall(text):
        found.setdefault({"OAMT": "OCMT", "COAM": "CHGS"}.get(key, key), (currency or "", amount))
    return found


def _split_attributes(remittance):
    """Split ``EREF+..MREF+..SVWZ+..`` into a dict; what stands before the first attribute is ``SVWZ`` too."""
    parts = _ATTRIBUTE.split(remittance)
    found = {}
    if parts[0].strip():
        found["SVWZ"] = parts[0]
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        found[key] = f"{found[key]} {value}" if key == "SVWZ" and key in found else value
    return {key: squeeze(value) for key, value in found.items()}


def _subfields(text, separator, code):
    """Read the form with numbered subfields."""
    parts = {}
    for part in text.split(separator)[1:]:
        if part[:2].isdigit():
            parts.setdefault(part[:2], []).append(part[2:])
    numbers = (*range(20, 30), *range(60, 64))
    chunks = [chunk for number in numbers for chunk in parts.get(str(number), ())]
    found = _split_attributes(join_wrapped(chunks, _WIDTH_SUBFIELD))
    name = "".join(parts.get("32", [])) + " " + "".join(parts.get("33", []))
    account = (parts.get("38") or parts.get("31") or [""])[0]
    return {
        "label": found.get("SVWZ", ""),
        "reference": clean_reference(found.get("EREF", "")),
        "counterparty_name": squeeze(found.get("ABWA", "") or found.get("ABWE", "") or name),
        "counterparty_account": clean_account(found.get("IBAN", "") or account),
        "bank_text": squeeze("".join(parts.get("00", []))),
        "transaction_code": code,
    }


def _keywords(text):
    """Read the form with keywords between slashes."""
    parts = _KEYWORD.split(text)
    found = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(key, value.rstrip("/") if key != "REMI" else value)
    name, account = found.get("NAME", ""), found.get("IBAN", "")
    if "CNTP" in found:
        # /CNTP/account/BIC/name/city/
        fields = (found["CNTP"] + "////").split("/")
        account, name = account or fields[0], name or fields[2]
    remittance = found.get("REMI", "").rstrip("/")
    structured = ""
    if remittance.startswith("USTD/"):
        remittance = remittance[5:].partition("/")[2]
    elif remittance.startswith("STRD/"):
        # /REMI/STRD/<CUR for a creditor's reference>/<reference>
        structured = remittance[5:].partition("/")[2]
        remittance = structured
    return {
        "label": squeeze(remittance.strip("/")),
        "structured_reference": squeeze(structured).replace(" ", ""),
        "reference": clean_reference(found.get("EREF", "")),
        "counterparty_name": squeeze(name or found.get("ORDP", "").strip("/") or found.get("BENM", "").strip("/")),
        "counterparty_account": clean_account(account),
        "bank_text": squeeze(found.get("TRTP", "") or parts[0]),
        "transaction_code": found.get("TRCD", ""),
    }


def read_details(lines):
    """Read the information field of one entry.

    :param lines: list of str, the lines of the field without the tag
    :return: dict of ``Line`` fields: label, reference, structured_reference, counterparty_name,
        counterparty_account, bank_text, transaction_code (each str)
    """
    wrapped = "".join(line if len(line) >= _WIDTH_LINE else line + "\n" for line in lines).rstrip("\n")
    flat = wrapped.replace("\n", "")
    match = _SUBFIELDS.match(flat)
    if match:
        fields = _subfields(flat[match.end(1) if match.group(1) else 0 :], match.group(2), match.group(1) or "")
    elif _KEYWORD.match(flat):
        fields = _keywords(wrapped.replace("\n", " "))
    else:
        fields = {"label": squeeze(wrapped)}
        if _REASON.fullmatch(fields["label"][:3]) and not fields["label"][3:]:
            fields = {"label": "", "transaction_code": fields["label"]}
    label = fields["label"] = fields["label"] or fields.get("bank_text", "")
    if not fields.get("structured_reference"):
        fields["structured_reference"] = find_structured_reference(label)
    return fields
