"""Which of the amounts beside a document's number was paid, and which was deducted.

How it works: the amounts of a line give several readings: what is owed less a deduction, what was paid beside a
deduction, what is owed beside what was paid. A reading is certain where arithmetic proves it: the total of the text,
gross less deduction is paid, or a percentage of the discount. Else the likeliest by the words is to be confirmed.
"""

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, product

from ...statement_formats.text import fold
from .model import ZERO
from .reasons import reason_of

_CENT = Decimal("0.01")
# So many ways to combine the readings of a text's lines are tried.
COMBINATIONS_MAX = 2048
DEDUCTED = re.compile(
    r"\b(?:less|minus|abzgl|abzug\w*|moins|menos|meno|discount\w*|disc|skonto\w*|\w*rabatt|escompt\w*|descuent\w*|"
    r"descont\w*|sconto|korting\w*|remise|rebate|deduc\w*|deduit\w*|dedui\w*|abgezogen|withh\w*|retention\w*|retenu\w*|"
    r"retenc\w*|retenid\w*|retentie|einbehalt\w*|gekurzt|kurzung\w*|short[- ]?pa(?:id|y\w*)|chargeback\w*|inhouding\w*|"
    r"ingehouden|aftrek|afgetrokken|mindering|verminderd|ritenut\w*|kept back)\b|(?<!\w)\./\."
)
# Words of a deduction that are words of what is bought as well: "bank fee", but "consulting fees".
_MAYBE_DEDUCTED = re.compile(
    r"\b(?:adjust\w*|short\w*|allowance\w*|fee|fees|charges|gebuhr\w*|spesen|frais|gastos|comision\w*|kosten|"
    r"penalt\w*)\b"
)
_TAKES_OFF = re.compile(r"\b(?:less|minus|abzgl|abzuglich|moins|menos|meno|aftrek|mindering|verminderd)\b|\./\.")
_TAKEN = re.compile(
    r"\b(?:deducted|withheld|held back|kept back|einbehalten|abgezogen|gekurzt|deduits?|deduites?|retenus?|retenues?|"
    r"deducidos?|retenidos?|ingehouden|afgetrokken)\b"
)
PAID = re.compile(
    r"\b(?:paid|pay|paying|payment|remit\w*|transfer\w*|sent|gezahlt|bezahlt|zahl\w*|uberw\w*|regl\w*|paye\w*|"
    r"paiement|vire\w*|verse\w*|pag\w*|abon\w*|betaal\w*|betaald|overgemaakt|net|netto)\b"
)
_TAX = re.compile(r"\b(?:vat|tax|mwst|ust|umsatzsteuer|tva|iva|btw|gst|hst|tps|tvq|igic|pst|qst)\b")
_NOT_PAID = re.compile(
    r"\b(?:not (?:yet )?paid|not pay\w*|unpaid|not (?:yet )?due|on hold|not approved|will (?:be )?pa(?:y|id)|"
    r"to follow|nicht (?:(?:be|ge)?zahlt|zahlen|bezahlen)|paierons pas|no pagamos|no pagaremos|niet betalen|unbezahlt|"
    r"zuruckgestellt|gesperrt|non (?:paye|regle)\w*|impaye\w*|en attente|en litige|"
    r"no pagad\w*|pendiente\w*|(?:nog )?niet betaald|onbetaald|remains? open|still open|noch offen|bleibt offen|"
    r"reste du|blijft open)\b"
)
_REST = re.compile(
    r"\b(?:remain\w*|rest|balance|solde|restant\w*|reste|saldo|resto|restbetrag|restliche\w*|restsumme|restante)\b"
)
_ANOTHER_TIME = re.compile(
    r"\b(?:next|following|future|upcoming|coming|later|will|last|previous\w*|earlier|nachst\w*|folg\w*|spater|letzt\w*|"
    r"vorig\w*|prochain\w*|suivant\w*|suivra|dernier\w*|precedent\w*|anterior\w*|proxim\w*|siguiente\w*|prossim\w*|"
    r"scors\w*|volgend\w*)\b"
)
_OWED = re.compile(
    r"\b(?:of|from|gross|original|total|invoice amount|von|brutto|rechnungsbetrag|uber|sur|brut|initial|bruto|"
    r"importe|van|factuurbedrag)\s*(?:[$€£]|[a-z]{3})?\s*$"
)
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,3})?) ?%")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the amounts of a line may mean.

    :param kind: str; lines of one layout have readings of one kind
    :param paid: Decimal, or None where no amount is what was paid
    :param deduction: Decimal
    """

    kind: str
    paid: Decimal | None
    deduction: Decimal = ZERO


@dataclass(slots=True)
class Row:
    """A line with one document and its amounts.

    :param number: str
    :param place: int, of the line, from 1
    :param readings: list of :class:`Reading`, the likeliest first
    :param is_sure: whether the first reading needs no total to prove it
    :param reason: str, the words of the deduction
    """

    number: str
    place: int
    readings: list = field(default_factory=list)
    is_sure: bool = False
    reason: str = ""


def is_deducted(text):
    """Whether a text says that an amount was deducted."""
    return bool(DEDUCTED.search(fold(text)) or _MAYBE_DEDUCTED.search(fold(text)) and reason_of(text))


def may_be_deducted(text):
    """Whether an amount in a text may have been deducted."""
    return bool(DEDUCTED.search(fold(text)) or _MAYBE_DEDUCTED.search(fold(text)))


def says_deducted(text):
    """Whether a text says that what follows is deducted."""
    return bool(_TAKES_OFF.search(fold(text)))


def fee_row(place, text, value):
    """Give the readings of a line of no document, about an amount that was deducted or added.

    :param place: int, of the line
    :param text: str
    :param value: Decimal
    :return: :class:`Row`
    """
    fee, added = Reading("fee", -abs(value)), Reading("first", value)
    found = [fee] if is_deducted(text) or value < 0 else [added, fee]
    return Row("", place, found, False, text.strip()[:200])


def read_row(number, place, text, amounts, is_credit=False):
    """Give the readings of a line.

    :param text: str, the line
    :param amounts: list of ``Amount``
    :param is_credit: whether the words say that the document is a credit note
    :return: :class:`Row`
    """
    # In small letters without accents a text may have another length, so places are of the text as it is.
    values = _without_brackets([amount.value for amount in amounts], amounts)
    around = [fold(text[start:end]) for start, end in _gaps(text, amounts)]
    words = " ".join(around)
    is_taken, may_be_taken = is_deducted(words), may_be_deducted(words)
    is_credit = is_credit or any(re.match(r" ?cr\b", gap) for gap in around[1:])
    beside = _paid_beside_rest(values, around)
    if beside:
        readings, is_sure = [*beside, Reading("nothing", ZERO)], False
    elif _NOT_PAID.search(words):
        readings, is_sure = [Reading("nothing", ZERO), Reading("first", values[0])], False
    elif is_credit and len(values) == 1:
        # Credit notes are written with or without a minus.
        readings = [Reading("credit", -abs(values[0])), Reading("first", values[0])]
        is_sure = values[0] < 0
    elif len(values) == 1 and amounts[0].is_bracketed:
        # "INV-1 (100.00)" in a sentence is no credit note, in a list beside amounts without brackets it is.
        bracketed = [Reading("credit", values[0]), Reading("first", -values[0])]
        is_listed = not re.search(r"[^\W\d_]{2}", words)
        readings, is_sure = bracketed if is_listed else bracketed[::-1], False
    elif len(values) == 1:
        readings, is_sure = _of_one(values[0], around, may_be_taken)
    elif len(set(values)) == 1 and not may_be_taken:
        readings, is_sure = [Reading("first", values[0])], True
    elif len(values) == 2:
        readings, is_sure = _of_two(*values, around, may_be_taken)
    else:
        readings, is_sure = _of_more(values, around, is_taken, may_be_taken)
    if is_credit and len(values) > 1:
        first = readings[0]
        negative = None if first.paid is None else -abs(first.paid)
        readings, is_sure = [Reading("credit", negative), *readings], False
    row = Row(number, place, list(dict.fromkeys(readings)), is_sure)
    if may_be_taken:
        match = DEDUCTED.search(fold(text)) or _MAYBE_DEDUCTED.search(fold(text))
        row.reason = text[match.start() if len(fold(text)) == len(text) else 0 :].strip(" ()-:,;")[:200]
    return row


def is_of_another_time(text):
    """Whether a text is about a payment before or after this one."""
    return bool(_ANOTHER_TIME.search(fold(text)) or _NOT_PAID.search(fold(text)))


def _without_brackets(values, amounts):
    """The values of a line, of which the largest is below zero by its brackets only where all are."""
    high = max(map(abs, values))
    if len(values) < 2 or all(value < 0 for value in values):
        return values
    return [
        -value if amount.is_bracketed and -value == high else value
        for value, amount in zip(values, amounts, strict=True)
    ]


def settle(rows, total, hints=(), is_said=False):
    """Choose a reading of each line, by the total where it tells.

    :param rows: list of :class:`Row`
    :param total: Decimal that the text says is paid, or None
    :param hints: Decimals that may be the total where none is said
    :param is_said: whether one of the hints is said of this payment: where none fits, no line is certain then
    :return: list of (:class:`Reading`, whether it is certain)
    """
    found = [_uniform(rows, wanted) or _mixed(rows, wanted) for wanted in (hints if total is None else [total]) if rows]
    proven = [choices[0] for choices in found if len(choices) == 1]
    if len(proven) == 1:
        return [(reading, True) for reading in proven[0]]
    # A total that the likeliest readings do not add up to, or that several do, proves nothing of any line.
    return [(row.readings[0], row.is_sure and total is None and not is_said) for row in rows]


def _uniform(rows, total):
    """The choices of one kind of reading for all lines that add up to the total."""
    kinds = list(dict.fromkeys(reading.kind for row in rows for reading in row.readings))
    choices = {}
    for credit in (False, True):
        for kind in kinds:
            wanted = ("credit", kind) if credit else (kind,)
            choice = tuple(_of_kinds(row, wanted) for row in rows)
            if _adds_up(choice, total):
                choices.setdefault(tuple((one.paid, one.deduction) for one in choice), choice)
    return list(choices.values())


def _of_kinds(row, kinds):
    options = row.readings[:1] if row.is_sure else row.readings
    for kind in kinds:
        found = [one for one in options if one.kind == kind]
        if found:
            return found[0]
    plain = [one for one in options if one.kind != "credit"]
    return (plain or options)[0]


def _mixed(rows, total):
    """The choices of any readings that add up to the total, where these are few enough to try all."""
    count = 1
    options = [row.readings[:1] if row.is_sure else row.readings for row in rows]
    for one in options:
        count *= len(one)
        if count > COMBINATIONS_MAX:
            return []
    choices = {}
    for choice in islice(product(*options), COMBINATIONS_MAX):
        if _adds_up(choice, total):
            choices.setdefault(tuple((one.paid, one.deduction) for one in choice), choice)
    return list(choices.values())


def _adds_up(choice, total):
    return all(one.paid is not None for one in choice) and sum((one.paid for one in choice), ZERO) == total


def _gaps(text, amounts):
    """The texts before, between and after the amounts, as places."""
    places = [0, *(place for amount in amounts for place in (amount.start, amount.end)), len(text)]
    return list(zip(places[::2], places[1::2], strict=True))


def _percents(words):
    return {Decimal(match.replace(",", ".")) for match in _PERCENT.findall(words)}


def _share(amount, percent):
    return (amount * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def _paid_beside_rest(values, around):
    """The readings of a line that says what was paid beside what is still open, or none: "paid 60, still open 40"."""
    words = " ".join(around)
    is_open = bool(_NOT_PAID.search(words))
    if not is_open and not _REST.search(words) or not PAID.search(_NOT_PAID.sub(" ", words)):
        return []
    befores = [re.split(r"[,;()]", gap)[-1] for gap in around[:-1]]
    afters = [re.split(r"[,;()]", gap)[0] for gap in around[1:]]
    sides = [afters, befores] if says_paid(afters[-1]) or _is_rest(afters[-1]) else [befores, afters]
    for texts, others in (sides, sides[::-1]):
        paid = [place for place, text in enumerate(texts) if says_paid(text)]
        if len(paid) > 1:
            paid = [place for place in paid if not _is_rest(others[place])]
        rest = [place for place, text in enumerate(texts) if _is_rest(text)]
        rest = rest or [place for place, text in enumerate(others) if _is_rest(text) and place not in paid]
        if len(paid) != 1 or values[paid[0]] <= 0 or len(rest) > 1:
            continue
        if len(values) > 2 and rest and values[paid[0]] + values[rest[0]] != max(values):
            continue
        # "balance 100 paid 40" is what was open before.
        if is_open or rest and rest > paid:
            return [Reading("both", values[paid[0]], values[rest[0]] if rest else ZERO)]
    return []


def says_paid(text):
    """Whether a text says that something was paid, and not that it was not."""
    words = fold(text)
    return bool(PAID.search(words)) and not _is_rest(words)


def _is_rest(text):
    return bool(_NOT_PAID.search(text) or _REST.search(text))


def _of_one(value, around, may_be_taken):
    first = Reading("first", value)
    if not may_be_taken:
        return [first], True
    before, after = around
    taken = [
        Reading("less", value - _share(value, percent), _share(value, percent))
        for percent in sorted(_percents(f"{before} {after}"))
    ]
    if taken:
        return [*taken, first] if _TAKES_OFF.search(after) else [first, *taken], False
    # "we deducted 5.00", "5.00 discount": the amount itself is what was deducted.
    off = Reading("taken", None, abs(value))
    is_taken = is_deducted(before) or is_deducted(after[:40]) or value < 0
    return ([off, first] if is_taken else [first, off]), False


def _of_two(first, last, around, may_be_taken):
    before, between, after = around
    words = " ".join(around)
    high, low = max(first, last), min(first, last)
    if high < 0:
        return [Reading("last", last), Reading("first", first)], False
    if low < 0:
        # "100.00 discount -2.00": what is below zero is deducted from what is before or beside it.
        less, beside = Reading("less", high + low, -low), Reading("beside", high, -low)
        return ([less, beside], False) if may_be_taken else ([less, Reading("first", first), beside], False)
    both, whole = Reading("both", low, high - low), Reading("whole", high)
    if not may_be_taken:
        if _TAX.search(words):
            return [whole, Reading("sum", high + low), both], False
        is_low_first = low == first
        low_words, high_words = (before, between) if is_low_first else (between, before)
        is_part = PAID.search(low_words[-25:]) or _OWED.search(high_words[-25:]) or not is_low_first
        return ([both, whole] if is_part else [whole, both]), False
    less, beside = Reading("less", high - low, low), Reading("beside", high, low)
    readings = {"less": less, "beside": beside, "both": both}
    proven = {
        reading
        for percent in _percents(words)
        for reading, base in ((less, high), (beside, high + low), (both, high))
        if _share(base, percent) == reading.deduction
    }
    if len(proven) == 1:
        reading = proven.pop()
        return [reading, *(one for one in readings.values() if one != reading)], True
    if low * 2 > high:
        order = ("both", "beside", "less")
        if _TAKEN.search(between):
            order = ("beside", "both", "less")
    elif _TAKEN.search(f"{between} {after}") or (
        (PAID.search(before[-20:]) or "(" in between) and not _TAKES_OFF.search(between)
    ):
        order = ("beside", "less", "both")
    else:
        order = ("less", "beside", "both")
    return [readings[name] for name in order], False


def _of_more(values, around, is_taken, may_be_taken):
    words = " ".join(around)
    absolute = [abs(value) for value in values]
    high = max(absolute)
    others = list(absolute)
    others.remove(high)
    rest = [one for one in others if one]
    if sum(rest, ZERO) == high and rest:
        paid = max(rest)
        if -high in values:
            return [Reading("both", -paid), Reading("whole", -high)], paid == high
        reading = Reading("both", paid, high - paid)
        if (_TAX.search(words) or may_be_taken) and not is_taken:
            return [Reading("whole", high), reading], False
        rates = _percents(words)
        # Three columns without words are what is owed, what is deducted and what is paid.
        is_bare = is_taken or not any(re.search(r"[^\W\d_]{4}", gap) for gap in around[1:-1])
        is_proven = is_bare and absolute[0] == high and absolute[-1] == paid and paid > high - paid
        is_proven = is_proven or is_taken and any(_share(high, rate) == high - paid for rate in rates)
        more = [Reading("both", one, high - one) for one in dict.fromkeys(rest) if one != paid]
        return [reading, *more, Reading("whole", high)], is_proven
    last = Reading("last", values[-1], max(high - values[-1], ZERO) if may_be_taken and values[-1] >= 0 else ZERO)
    more = [Reading(f"{place}", value) for place, value in enumerate(values[:-1])]
    return [last, *more], False
