"""Why a payer deducted something, by words in several languages.

>>> [reason_of(text) for text in ("Beschädigt", "Withholding tax", "frais bancaires", "not received", "thanks")]
['damaged', 'tax_withheld', 'bank_fee', 'not_received', '']
"""

import re
from dataclasses import replace

from ...statement_formats.text import fold
from .model import ZERO

# The first that fits counts.
_REASONS = [
    (reason, re.compile(rf"\b(?:{words})"))
    for reason, words in (
        ("tax_withheld", r"withholding|wht\b|tds\b|tax(?:es)? (?:withheld|deducted|retained)|withheld tax|"
         r"quellensteuer|"
         r"steuerabzug|bauabzug|retenues? a la source|impots? retenu|retencion(?! (?:de |por )?garantia)|retenciones|"
         r"bronbelasting|ritenut"),
        ("bank_fee", r"(?:bank|wire|transfer|transaction|swift|card)(?:ing)? (?:fee|charge|cost)|bank(?:gebuhr|spesen|"
         r"kosten|entgelt)|uberweisungs(?:gebuhr|kosten)|frais (?:bancaire|de banque|de virement|de transfert)|"
         r"comision(?:es)? bancaria|gastos bancario|commissioni? bancari"),
        ("not_received", r"not (?:been )?(?:received|delivered)|undelivered|non.?delivery|missing|short (?:delivery|"
         r"shipment|shipped)|shortage|nicht (?:erhalten|geliefert)|fehl(?:t|en|end|menge)|minderlieferung|"
         r"non (?:recu|livre)|manquant|no (?:recibid|entregad)|faltant|niet (?:ontvangen|geleverd)|ontbre"),
        ("damaged", r"damag|defect|broken|faulty|beschadig|defekt|kaputt|mangel|endommag|abime|casse|danad|roto|"
         r"rota|kapot|danneggiat"),
        ("dispute", r"disput|contest|claim|reklam|strittig|streitig|litig|reclam|betwist|geschil"),
        ("pricing", r"pric(?:e|ing)|overcharg|preis|prix|precio|prijs|prezzo"),
        ("late_discount", r"(?:early |prompt )?(?:payment )?discount|disc\b|skonto|escompte|descuento|sconto|korting|"
         r"betalingskorting|remise|rebate"),
    )
]  # fmt: skip


def reason_of(text):
    """Tell which of ``REASONS`` a text names, or ''.

    :param text: str, a payer's words or the header of a column
    """
    words = fold(text[:500])
    return next((reason for reason, pattern in _REASONS if pattern.search(words)), "")


def split_by_reason(line, parts):
    """Divide what was deducted for several reasons, so that each can be accepted and booked by itself.

    The first line has what is paid; each further one has a deduction only.

    :param line: ``AdviceLine``
    :param parts: list of (Decimal, code of a reason, words)
    :return: list of ``AdviceLine``
    """
    sums = {}
    for amount, code, words in parts:
        sums[code, words] = sums.get((code, words), ZERO) + amount
    found = [(amount, code, words) for (code, words), amount in sums.items() if amount > 0]
    if len(found) < 2 or sum((amount for amount, _code, _words in found), ZERO) != line.deduction:
        return [line]
    return [
        replace(line, amount=ZERO if place else line.amount, deduction=amount, reason=words, reason_code=code)
        for place, (amount, code, words) in enumerate(found)
    ]
