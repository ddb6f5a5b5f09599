"""A text about several payments, divided into the text of each.

How it works: a payment ends with its total, begins with what was paid in all, or is one line with a reference of its
own. The text is divided only where every part proves itself: its documents add up to its amount, and no part has the
reference of another. A subtotal of one payment is no payment: the payment's total adds up to no part.
"""

from ...statement_formats.text import fold
from . import readings, sentences
from .model import ADVICES_MAX
from .wording import amounts_of, decimal_mark, numbers_of, reference_in, without_reference


def divisions(lines):
    """Give the ways in which a text may be divided.

    :param lines: list of str
    :return: iterator of lists of parts, each a list of lines in the same places and the amount that it says (Decimal;
        None for its total)
    """
    decimal = decimal_mark(lines)
    _pieces, totals = sentences.divided(lines)
    plain = [without_reference(line) for line in lines]
    rows = [bool(numbers_of(line) and amounts_of(line, decimal)) and line not in totals for line in plain]
    ends = [any(piece in totals for piece in sentences.pieces_of(line)) for line in lines]
    for starts, amounts in (
        _by_totals(lines, rows, ends),
        _by_amounts(plain, rows, ends, decimal),
        _by_references(lines, plain, rows, decimal),
    ):
        if 1 < len(starts) <= ADVICES_MAX:
            bounds = list(zip([0, *starts[1:]], [*starts[1:], len(lines)], strict=True))
            yield [
                ([""] * start + lines[start:end], amount) for (start, end), amount in zip(bounds, amounts, strict=True)
            ]


def is_proven(parts, advices):
    """Whether each part of a division is a payment by itself.

    :param parts: as ``divisions`` gives them
    :param advices: list of :class:`Advice`, or None, of each part
    """
    if not all(advices) or any(line.is_unsure for advice in advices for line in advice.lines):
        return False
    said = [advice.total if amount is None else amount for advice, (_lines, amount) in zip(advices, parts, strict=True)]
    if any(advice.sum_of_lines != amount for advice, amount in zip(advices, said, strict=True)):
        return False
    references = [advice.reference for advice in advices]
    is_each_named = all(references) and len(set(references)) == len(references)
    return is_each_named or not any(references) and parts[0][1] is not None


def _by_totals(lines, rows, ends):
    """Each payment ends with its total and what is written below that without an empty line."""
    starts, has_row, begin = [0], False, None
    for place, line in enumerate(lines):
        if rows[place]:
            if begin is not None:
                starts.append(begin)
                begin = None
            has_row = True
        elif ends[place] and has_row:
            begin, has_row = place + 1, False
        elif begin == place and line.strip():
            begin = place + 1
    return starts, [None] * len(starts)


def _by_amounts(plain, rows, ends, decimal):
    """Each payment begins with a line of what was paid in all."""
    starts, amounts = [], []
    for place, line in enumerate(plain):
        found = amounts_of(line, decimal)
        is_said = len(found) == 1 and readings.PAID.search(fold(line)) and not readings.is_of_another_time(line)
        if is_said and not rows[place] and not ends[place]:
            starts.append(place)
            amounts.append(found[0].value)
    return starts, amounts


def _by_references(lines, plain, rows, decimal):
    """Each payment is one line with its document, its amount and its own reference."""
    starts = [place for place, is_row in enumerate(rows) if is_row]
    amounts = [amounts_of(plain[place], decimal) for place in starts]
    if any(len(found) != 1 for found in amounts) or not all(reference_in(lines[place]) for place in starts):
        return [], []
    return starts, [found[0].value for found in amounts]
