"""Remittance advice as sentences: lines with the number of a document and its amounts, without a header."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from ...statement_formats.sentence import _lt
from ...statement_formats.text import fold
from . import readings, table
from .model import ZERO, Advice, AdviceLine
from .reasons import reason_of
from .wording import (
    DOCUMENT_WORD,
    amount_matches,
    amounts_of,
    decimal_mark,
    has_brackets,
    numbers_of,
    shape,
    without_reference,
)

_TOTAL = re.compile(
    r"\b(?:total|summe|somme|gesamt\w*|suma|totale|totaal|amount (?:paid|of payment|remitted)|payment amount|"
    r"zahlbetrag|\w*betrag|montant (?:regle|paye)|importe (?:pagado|total)|bedrag|net payment)\b|"
    r"^net(?:to|o)?\s*:?\s*[\d$€£]"
)
_INVOICE_BEFORE = re.compile(
    r"\b(?:invoice|inv|bill|facture|rechnung|rechnungs-?nr|rg|re|factura|factuur|fattura|credit note|gutschrift|avoir)"
    r"(?: (?:no|nr|number|numero|n°))?[ .:#]*$"
)
_TOTAL_AFTER = re.compile(
    r"[.,;] +(?=(?:total|summe|somme|gesamt|suma|totaal|in total|en tout)\b)|\. +(?=net(?:to|o)?\b)", re.IGNORECASE
)
# The end of a sentence: behind a word, an amount or a bracket, not behind "No." or "vom 01.03.".
_SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=[)\]€])|(?<=[.,]\d\d))[.;!] +(?=[^\W\d_a-z])")
# Each amount that may be the total is tried with all lines.
HINTS_MAX = 10
_NEXT_ONE = re.compile(r"[,;]|\b(?:and|und|et|y|e|en)\b", re.IGNORECASE)
# What is before a deduction, and what is the deduction: neither is what was paid.
_BEFORE = re.compile(
    r"\b(?:invoices?|gross|due|owed|brutto|rechnungs\w*|brut|du|factures?|facturas?|bruto|sub ?total)\b"
)
_AFTER = re.compile(r"\b(?:after|net|nach|netto|apres|neto|despues|tras|na)\b")


def read(lines, name):
    """Read an advice.

    :param lines: list of str
    :param name: str, of the format
    :return: :class:`Advice`, or None where no document is named with certainty
    """
    decimal = decimal_mark(lines)
    total, is_told = total_in(lines)
    pieces, totals = divided(lines)
    candidates = _joined([one for one in pieces if one[1] not in totals], decimal)
    matches = [match for _row, line in candidates for match in amount_matches(line)]
    is_bracketed = bool(matches) and all(map(has_brackets, matches))
    rows, fees, groups, named, hints = [], [], [], [], {}
    for place, line in candidates:
        numbers, amounts = numbers_of(line), amounts_of(line, decimal, is_bracketed)
        if numbers and amounts:
            pairs = _pairs(line, numbers, amounts)
            if pairs is None:
                groups.append((place, [number for _place, number in numbers], amounts))
            else:
                rows += [readings.read_row(number, place, *rest) for number, *rest in pairs]
        elif numbers and DOCUMENT_WORD.search(line):
            named += [(place, number, line) for _place, number in numbers]
        elif not numbers and len(amounts) == 1 and readings.PAID.search(fold(line)):
            is_said = not readings.is_of_another_time(line)
            hints[amounts[0].value] = hints.get(amounts[0].value) or is_said
        elif not numbers and len(amounts) == 1 and readings.may_be_deducted(line):
            fees.append(readings.fee_row(place, line, amounts[0].value))
    advice = Advice(name, total=total)
    if rows or groups:
        groups += _named_beside(rows, named)
        rows += fees
        _settle(advice, rows, groups, total if is_told else None, hints)
        return advice if advice.lines or advice.warnings else None
    if len(named) == 1:
        advice.lines.append(_line_of_the_only_one(lines, decimal, is_bracketed, total, *named[0][:2]))
        return advice
    advice.lines += [AdviceLine(number, None, row=place) for place, number, _line in named]
    return advice if named else None


def _named_beside(rows, named):
    """The documents that are said to be paid, of the form of those with amounts, as groups without an amount."""
    known = {row.number for row in rows}
    shapes = set(map(shape, known))
    return [
        (place, [number], [])
        for place, number, line in named
        if number not in known and shape(number) in shapes and readings.says_paid(line)
    ]


def _settle(advice, rows, groups, total, hints):
    """Add the lines of rows and of groups; what is said once of all of a group is a part of the total.

    :param hints: ``{Decimal that may be the total: whether it is said of this payment}``
    """
    counts = Counter(row.number for row in rows if row.number)
    for row in rows:
        # A document that is named twice, as in a mail that is answered, was not paid twice for certain.
        row.is_sure = row.is_sure and counts[row.number] < 2
    shared = [amounts[0].value for _place, _numbers, amounts in groups if len(amounts) == 1]
    is_shared = len(shared) == len(groups)
    rest = total - sum(shared, ZERO) if total is not None and is_shared else None
    tried = hints if len(hints) <= HINTS_MAX else ()
    found = readings.settle(rows, rest) if groups else readings.settle(rows, total, tried, any(hints.values()))
    if groups and total is not None and not is_shared:
        found = [(reading, False) for reading, _is_certain in found]
    for row, (reading, is_certain) in zip(rows, found, strict=True):
        if reading.kind == "nothing":
            advice.warnings.append(
                _lt("Row %(row)s: %(number)s is said not to be paid and is left out.", row=row.place, number=row.number)
            )
            continue
        reason = row.reason if reading.deduction or not row.number else ""
        advice.lines.append(
            AdviceLine(
                row.number, reading.paid, reading.deduction, reason, reason_of(reason), row=row.place,
                is_unsure=not is_certain,
            )
        )  # fmt: skip
    if groups and advice.total is None and is_shared and advice.sum_of_lines is not None:
        advice.total = advice.sum_of_lines + sum(shared, ZERO)
    for place, numbers, _amounts in groups:
        advice.lines += [AdviceLine(number, None, row=place) for number in numbers]
    advice.lines.sort(key=lambda line: line.row)


def pieces_of(line):
    """Divide a line whose last sentence says the total, and one whose sentences are of a document each."""
    match = _TOTAL_AFTER.search(line)
    if match:
        return [*pieces_of(line[: match.start()]), line[match.start() :].lstrip(" .,;")]
    sentences = _SENTENCE.split(line)
    return sentences if len(sentences) > 1 and all(map(numbers_of, sentences)) else [line]


# So many characters of one document's lines are read together.
JOINED_MAX = 500


def _joined(candidates, decimal):
    """Put a line about a deduction alone behind the document that it follows."""
    found = []
    candidates = [(row, without_reference(line)) for row, line in candidates]
    documents = sum(bool(numbers_of(line) and amounts_of(line, decimal)) for _row, line in candidates)
    for row, line in candidates:
        # Of several documents, what is of all of them or of none is a line of its own.
        is_fee = documents > 1 and (reason_of(line) == "bank_fee" or not readings.is_deducted(line))
        if (
            found
            and not is_fee
            and not numbers_of(line)
            and amounts_of(line, decimal)
            and readings.may_be_deducted(line)
            and len(found[-1][1]) < JOINED_MAX
            and len(numbers_of(found[-1][1])) == 1
            and amounts_of(found[-1][1], decimal)
        ):
            found[-1] = (found[-1][0], f"{found[-1][1]}; {line.strip()}")
        elif line.strip():
            found.append((row, line))
    return found


def _pairs(line, numbers, amounts):
    """Divide a line into its documents.

    :return: list of (number, text, amounts, whether it is a credit note), or None where an amount is of several
    """
    is_two_kinds = len(numbers) > 1 and table.CREDIT.search(fold(line))
    shapes = {shape(number) for _place, number in numbers}
    if len(numbers) == 1 or not is_two_kinds and len(shapes) == len(numbers) > len(amounts):
        place, number = numbers[0]
        # Amounts before the number count too: "98.00 for invoice X of 100.00".
        return [(number, _without_numbers(line, numbers), amounts, _is_credit(line, numbers, 0))]
    if parts := _beside_their_sum(line, numbers, amounts):
        return parts
    starts = [place for place, _number in numbers]
    is_number_first = starts[0] < amounts[0].start
    ends = [*starts[1:], len(line)] if is_number_first else starts
    begins = starts if is_number_first else [0, *starts[:-1]]
    parts = []
    for index, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        inside = [amount for amount in amounts if begin <= amount.start < end]
        if inside:
            text = _without_numbers(line, numbers)[:end]
            text = " " * begin + text[begin:]
            parts.append((numbers[index][1], text, inside, _is_credit(line, numbers, index)))
    if len(parts) == len(numbers) and sum(len(part[2]) for part in parts) == len(amounts):
        return parts
    if len(shapes) == len(numbers) and not is_two_kinds:
        return [(numbers[0][1], _without_numbers(line, numbers), amounts, _is_credit(line, numbers, 0))]
    return None


def _beside_their_sum(line, numbers, amounts):
    """The documents of a line that says their sum as well: "250.00 for INV-1 (150.00) and INV-2 (100.00)"."""
    if len(amounts) != len(numbers) + 1:
        return []
    starts = [place for place, _number in numbers]
    is_sum_first = amounts[0].start < starts[0]
    total, rest = (amounts[0], amounts[1:]) if is_sum_first else (amounts[-1], amounts[:-1])
    ends = [*starts[1:], len(line) if is_sum_first else total.start]
    for (begin, number), one, end in zip(numbers, rest, ends, strict=True):
        # "500.00 to INV-1, 300.00 to INV-2": what is behind a comma is of the next one.
        if not begin < one.start < end or _NEXT_ONE.search(line[begin + len(number) : one.start]):
            return []
    values = [
        -abs(one.value) if _is_credit(line, numbers, index) or _is_deducted(line, numbers, index) else abs(one.value)
        for index, one in enumerate(rest)
    ]
    if sum(values, ZERO) != total.value:
        return []
    return [
        (number, " " * len(line), [replace(one, value=value, is_bracketed=False)], value < 0)
        for (_place, number), one, value in zip(numbers, rest, values, strict=True)
    ]


def _is_deducted(line, numbers, index):
    """Whether a word between a number and the one before it says that the amount is deducted."""
    return bool(index) and readings.says_deducted(line[numbers[index - 1][0] : numbers[index][0]])


def _without_numbers(line, numbers):
    for place, number in numbers:
        line = line[:place] + " " * len(number) + line[place + len(number) :]
    return line


def _is_credit(line, numbers, place):
    """Whether the words before a number say that it is one of a credit note."""
    start = numbers[place - 1][0] if place else 0
    return bool(table.CREDIT.search(fold(line[start : numbers[place][0]])))


def _line_of_the_only_one(lines, decimal, is_bracketed, total, place, number):
    """The line of the one document of a text whose amounts are elsewhere in it."""
    taken, found, is_doubtful = set(), set(), False
    for line in lines:
        amounts = {amount.value for amount in amounts_of(line, decimal, is_bracketed)}
        (taken if readings.is_deducted(line) else found).update(amounts)
        is_doubtful = is_doubtful or bool(amounts) and readings.may_be_deducted(line)
    if len(found) == 1 and not taken:
        return AdviceLine(number, found.pop(), row=place, is_unsure=is_doubtful)
    if total in found and not taken:
        return AdviceLine(number, total, max(found) - total, row=place, is_unsure=True)
    if not found and not taken:
        return AdviceLine(number, None, row=place)
    deduction = abs(taken.pop()) if len(taken) == 1 else ZERO
    return AdviceLine(number, None, deduction, row=place)


# -- totals ------------------------------------------------------------------------------------------------------------


def divided(lines):
    """Divide a text into pieces.

    A line with a word of a total and the number of a document is about that document: where the number is called an
    invoice's, is of the form of the other documents, or there are no other documents.

    :return: (list of (row, text), set of the texts that say what all documents add up to)
    """
    pieces = [(row, piece) for row, line in enumerate(_with_amounts_below(lines), 1) for piece in pieces_of(line)]
    totals = {piece for _row, piece in pieces if _has_total(piece)}
    known = {shape(number) for _row, piece in pieces if piece not in totals for _place, number in numbers_of(piece)}
    for piece in list(totals):
        numbers = numbers_of(without_reference(piece))
        if len(numbers) == 1 and (
            _INVOICE_BEFORE.search(fold(piece[: numbers[0][0]])) or not known or shape(numbers[0][1]) in known
        ):
            totals.discard(piece)
    return pieces, totals


def _with_amounts_below(lines):
    """Put the amounts that are written below the number of each document beside it, where all are written like that."""
    decimal = decimal_mark(lines)
    heads = [
        place
        for place, line in enumerate(lines)
        if len(numbers_of(line)) == 1 and DOCUMENT_WORD.search(line) and not amounts_of(line, decimal)
    ]
    if len(heads) < 2:
        return lines
    joined = list(lines)
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        below = []
        for place in range(head + 1, end):
            if not lines[place].strip() or numbers_of(without_reference(lines[place])):
                break
            below.append(lines[place].strip())
            joined[place] = ""
        if not any(amounts_of(line, decimal) for line in below):
            return lines
        joined[head] = "; ".join([lines[head].strip(), *below])[:JOINED_MAX]
    return joined


def is_of_document(line):
    """Whether a line names a document and an amount."""
    return bool(numbers_of(line) and any(amount_matches(line)))


def _has_total(line):
    """Whether a line has a word of a total before any number of a document."""
    match = _TOTAL.search(fold(line))
    if not match:
        return False
    words = [found for found in re.finditer(r"[^\s,;()]+", line) if found.start() < match.start()]
    return not any(
        DOCUMENT_WORD.fullmatch(one.group().strip(".:,")) and any(map(str.isdigit, other.group()))
        for one, other in zip(words, words[1:], strict=False)
    ) and not any(_is_long_number(word.group()) for word in words)


def _is_long_number(word):
    return sum(map(str.isdigit, word)) >= 4 and any(map(str.isalpha, word))


def total_in(lines):
    """Find what a text says was paid in all.

    :return: (Decimal or None, whether the text names one only)
    """
    decimal = decimal_mark(lines)
    paid, plain = [], []
    pieces, totals = divided(lines)
    for _row, line in pieces:
        if line not in totals:
            continue
        value = _total_of(line, amounts_of(line, decimal))
        if value is None:
            continue
        words = fold(line)
        if _AFTER.search(words) or readings.PAID.search(words) and not readings.DEDUCTED.search(words):
            paid.append(value)
        elif not readings.DEDUCTED.search(words) or "(" in line:
            if not _BEFORE.search(words):
                plain.append(value)
            else:
                plain.insert(0, value)
    found = paid or plain
    return (found[-1], len(set(found)) == 1) if found else (None, False)


def _total_of(line, amounts):
    """The last amount of a line of totals that is no deduction, or None."""
    values = [amount.value for amount in amounts]
    if len(values) >= 3 and values[0] - sum(map(abs, values[1:-1]), Decimal(0)) == values[-1]:
        return values[-1]
    place = 0
    kept = []
    for amount in amounts:
        if not readings.DEDUCTED.search(fold(line[place : amount.start])):
            kept.append(amount.value)
        place = amount.end
    if "(" in line and amounts and line.index("(") > amounts[0].start:
        return values[0]
    return kept[-1] if kept else None
