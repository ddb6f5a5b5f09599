"""The information field :86: of MT940 and MT942 in all the ways that banks fill it."""

import re

from .identity import same_account
from .mt940_keywords import KEYWORD, read_keywords
from .mt940_subfields import SUBFIELDS, read_ns, read_subfields
from .mt940_words import read_text
from .references import as_structured, find_structured_reference
from .text import squeeze

# A line as long as SWIFT allows goes on in the next; some banks count the tag ":86:" as part of the first line.
_FULL_LINE = (65, 66)
_FULL_FIRST = (61, *_FULL_LINE)
# How ING and others write a structured reference among the text.
_STRUCTURED = re.compile(r"/?SCOR/(?:CUR|ISO)/(\w+)/?")
_CODE = re.compile(r"\d{3}")
# The code by which German and Austrian banks say that text without subfields follows.
_UNSTRUCTURED = "999"


def _unwrapped(lines):
    """Join the lines of a field, a line end only where a word ended; a full line goes on at once."""
    if len(lines) == 1:
        return lines[0]
    first, *others = lines
    text = first if len(first) in _FULL_FIRST else first + "\n"
    return text + "".join(line if len(line) in _FULL_LINE else line + "\n" for line in others).rstrip("\n")


def _keyword_text(wrapped, flat):
    """Give the text of a field of keywords, or '' where it is none; a line end may be inside of a keyword."""
    if "/" not in flat or not KEYWORD.search(flat):
        return ""
    if "\n" not in wrapped:
        return wrapped
    spaced = wrapped.replace("\n", " ")
    return flat if len(KEYWORD.findall(flat)) > len(KEYWORD.findall(spaced)) else spaced


def read_details(lines, is_credit, own_account, is_ns=False):
    """Read the information field of one entry.

    :param lines: list of str, the lines of the field without the tag
    :param is_credit: whether the payment (before a reversal) brought money in
    :param own_account: number of the statement's account, never given as the other side's
    :param is_ns: whether it is the field :NS: in place of :86:
    :return: dict of ``Line`` fields (label, structured_reference and counterparty_account at least); ``references``
        is a dict of what words such as KREF mean, ``money`` one by ``OCMT`` and ``CHGS`` of (currency, amount)
    """
    if is_ns:
        return _finished(read_ns(lines, own_account), own_account)
    wrapped = _unwrapped(lines)
    flat = wrapped.replace("\n", "") if "\n" in wrapped else wrapped
    if SUBFIELDS.match(flat):
        # What is numbered is cut anywhere, also between two words.
        return _finished(read_subfields(flat, own_account), own_account)
    keywords = _keyword_text(wrapped, flat)
    if keywords:
        return _finished(_with_prefix(lines, keywords, is_credit, own_account), own_account)
    text, code = wrapped, ""
    if lines[0][:3].isdigit() and _CODE.fullmatch(lines[0].rstrip()):
        code, lines = text[:3], lines[1:] or [""]
        text = _unwrapped(lines)
    elif text.startswith(_UNSTRUCTURED) and not text[3:4].isdigit():
        code, text, lines = text[:3], text[3:], [lines[0][3:], *lines[1:]]
    fields = read_text(lines, text, is_credit, own_account)
    return _finished({**fields, "transaction_code": code}, own_account)


def _with_prefix(lines, keywords, is_credit, own_account):
    """Read a field of keywords; in front of them there may be a line with account and name."""
    fields = read_keywords(keywords, is_credit, own_account)
    prefix, free = fields.pop("prefix"), fields.pop("free")
    if free and ":" in free and fields["label"] == free:
        # A code between slashes, then text with words before what they name.
        words = read_text([free], free, is_credit, own_account)
        fields["label"] = words["label"]
        fields.update({name: value for name, value in words.items() if value and not fields.get(name)})
    if not prefix:
        return fields
    front = read_text([prefix, *lines[1:2]], prefix, is_credit, own_account)
    for name in ("counterparty_account", "counterparty_name"):
        fields[name] = fields[name] or front.get(name, "")
    if front.get("counterparty_account") and fields["bank_text"] == prefix:
        fields["bank_text"] = ""
    return fields


def _finished(fields, own_account):
    """Fill what follows from other fields."""
    label = fields["label"] or fields.get("bank_text", "")
    if "SCOR/" in label and (match := _STRUCTURED.search(label)):
        fields["structured_reference"] = fields.get("structured_reference") or as_structured(match.group(1))
        label = squeeze(label[: match.start()] + " " + label[match.end() :]) or match.group(1)
    fields["label"] = label
    if not fields.get("structured_reference"):
        fields["structured_reference"] = find_structured_reference(label) or find_structured_reference(
            fields.get("reference", "")
        )
    account = fields.get("counterparty_account", "")
    if account and same_account(account, own_account):
        fields["counterparty_account"] = ""
    return fields


def read_supplement(text, is_credit, own_account):
    """Read the second line of :61: where it is in keywords: ``/OCMT/EUR11,85//CHGS/EUR0,50/``, ``/TRCD/00100/``.

    :param text: str
    :param is_credit: as for ``read_details``
    :param own_account: as for ``read_details``
    :return: dict as of ``read_details``, or an empty one for another text
    """
    if not text.startswith("/") or not KEYWORD.match(text):
        return {}
    fields = read_keywords(squeeze(text), is_credit, own_account)
    del fields["prefix"], fields["free"]
    return fields
