"""Keywords of German banks within a description: ``EREF+1234 MREF+M-1 SVWZ+Rechnung 12``, ``End-to-End-Ref.: 1234``.

Sources: the description of field 86 by Die Deutsche Kreditwirtschaft, and the exports of Sparkasse, Volksbank and
Commerzbank.
"""

import re

from .identity import clean_reference
from .text import squeeze

_WORD = re.compile(
    r"(?<![A-Za-z0-9])(?:(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|PURP)[+:] ?"
    r"|(End-to-End-Ref|Mandatsref|Mandatsreferenz|Gl(?:ä|ae)ubiger-ID)\.?: ?)"
)
_KEYS = {"End-to-End-Ref": "EREF", "Mandatsref": "MREF", "Mandatsreferenz": "MREF"}
# These have fields of their own, or nobody looks for them; the others' values may be what the payer wrote.
_IDENTIFIERS = {"EREF", "MREF", "CRED"}
_NOT_GIVEN = {"nicht angegeben", "notprovided", "not provided"}


def has_more_text(values):
    """Tell whether texts behind keywords may hold more than an identifier: nothing says where that ends.

    :param values: iterable of str
    """
    return any(" " in value and value.lower() not in _NOT_GIVEN for value in values)


def read_sepa_words(text):
    """Read the keywords of a description. Where none of them leads its text (SVWZ), nothing is taken out of it but
    identifiers behind it.

    :param text: str
    :return: dict of ``label``, ``end_to_end_id``, ``mandate_id`` and ``ultimate_name`` (str), or None where it has none
        of the keywords
    """
    matches = list(_WORD.finditer(text))
    if not matches:
        return None
    values, texts = {}, [text[: matches[0].start()]]
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        key = match.group(1) or _KEYS.get(match.group(2), "CRED")
        value = squeeze(text[match.end() : following.start() if following else len(text)])
        if key == "SVWZ":
            texts.append(value)
        else:
            values.setdefault(key, "" if value.lower() in _NOT_GIVEN else value)
    label = squeeze(" ".join(texts))
    if len(texts) == 1 and (not label or has_more_text(values.values()) or values.keys() - _IDENTIFIERS):
        label = squeeze(text)
        values = {key: _first_word(value) for key, value in values.items() if key in _IDENTIFIERS}
    return {
        "label": label,
        "end_to_end_id": clean_reference(values.get("EREF", "")),
        "mandate_id": clean_reference(values.get("MREF", "")),
        "ultimate_name": values.get("ABWA") or values.get("ABWE", ""),
    }


def _first_word(value):
    """Give the first word of a value, '' where it can be no identifier: "Rechnung 12"."""
    word = value.partition(" ")[0]
    return word if any(map(str.isdigit, word)) else ""
