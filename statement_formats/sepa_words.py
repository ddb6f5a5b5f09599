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
# What one value without blanks follows; the rest is text again.
_OF_ONE_WORD = {"EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "PURP"}
_NOT_GIVEN = {"nicht angegeben", "notprovided", "not provided"}


def read_sepa_words(text):
    """Read the keywords of a description.

    :param text: str
    :return: dict of ``label``, ``end_to_end_id`` and ``mandate_id`` (str), or None where it has none of the keywords
    """
    matches = list(_WORD.finditer(text))
    if not matches:
        return None
    has_purpose = any(match.group(1) == "SVWZ" for match in matches)
    values, texts = {}, [text[: matches[0].start()]]
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        key = match.group(1) or _KEYS.get(match.group(2), "CRED")
        value = squeeze(text[match.end() : following.start() if following else len(text)])
        if key == "SVWZ":
            texts.append(value)
            continue
        if key in _OF_ONE_WORD and not has_purpose and value.lower() not in _NOT_GIVEN:
            value, _blank, rest = value.partition(" ")
            texts.append(rest)
        values.setdefault(key, "" if value.lower() in _NOT_GIVEN else value)
    return {
        "label": squeeze(" ".join(texts)),
        "end_to_end_id": clean_reference(values.get("EREF", "")),
        "mandate_id": clean_reference(values.get("MREF", "")),
    }
