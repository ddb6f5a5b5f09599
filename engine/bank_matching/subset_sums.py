"""Which of several open items add up to an amount: exact in the currency's smallest unit, bounded in memory."""

from dataclasses import dataclass
from math import gcd

# What the tables of one search may hold, in words of 64 bits: 24 MB. Forty items that add up to 45,000.00 need less.
WORDS_MAX = 3_000_000
# Up to so many different sums are kept one by one, however large they are: those of fifteen items.
SUMS_MAX = 2**15


@dataclass(frozen=True, slots=True)
class Combinations:
    """What a search found.

    :param solutions: tuple of tuples of positions, each in ascending order
    :param is_complete: the search looked at everything, so these are all of the solutions (or the wanted number)
    """

    solutions: tuple
    is_complete: bool


def subset_sums(target, amounts, size_max=40, solutions_max=2, budget=WORDS_MAX):
    """Find subsets of two or more amounts that add up to a target.

    Positive and negative amounts may be mixed (a credit note is netted against invoices). Positions are tried in the
    order given, so that of equal ones the first (oldest) is taken; equal amounts at different positions are different
    solutions, because they are different documents.

    How it works: an amount below zero that is taken is the same as one above zero that is left out, so that all can be
    taken for positive. For each position a table holds which sums the amounts from there on can make: one by one as
    long as they are few, else as bits, which are shifted by an amount all at once (the textbook solution of the subset
    sum problem; Bellman, Dynamic Programming, 1957). Then only ways that lead to the target are walked.

    :param target: int, in the currency's smallest unit
    :param amounts: list of int, none of them zero
    :param size_max: int, most amounts in one subset
    :param solutions_max: int, stop after so many
    :param budget: int, most 64-bit words for the tables; where they would need more, nothing is searched
    :return: ``Combinations``
    """
    sizes, wanted = list(map(abs, amounts)), target - sum(min(amount, 0) for amount in amounts)
    if wanted < 0 or wanted > sum(sizes):
        return Combinations((), True)
    grain = gcd(*sizes) if sizes else 1
    if wanted % max(grain, 1):
        return Combinations((), True)
    sizes, wanted = [size // grain for size in sizes], wanted // grain
    tables = _tables(sizes, wanted, budget)
    if tables is None:
        return Combinations((), False)
    return _walk(sizes, amounts, wanted, tables, size_max, solutions_max)


def _tables(sizes, wanted, budget):
    """Give for each position, and for the end, which sums up to ``wanted`` the sizes from there on make; None where
    that takes more than the budget."""
    sums, bits, tables, words = {0}, None, [{0}], 1
    for size in reversed(sizes):
        if bits is None:
            sums = sums | {one + size for one in sums if one + size <= wanted}
            if len(sums) <= min(SUMS_MAX, budget):
                tables.append(sums)
                words += len(sums)
                if words > budget:
                    return None
                continue
            if wanted // 64 * 2 > budget - words:
                return None
            data = bytearray(wanted // 8 + 1)
            for one in sums:
                data[one >> 3] |= 1 << (one & 7)
            bits = int.from_bytes(data, "little")
            mask = (1 << (wanted + 1)) - 1
        else:
            bits = (bits | bits << size) & mask
        words += wanted // 64 + 1
        if words > budget:
            return None
        tables.append(_Bits(bits, wanted))
    return tables[::-1]


class _Bits:
    """A set of numbers as bits."""

    __slots__ = ("data",)

    def __init__(self, bits, largest):
        self.data = bits.to_bytes(largest // 8 + 1, "little")

    def __contains__(self, number):
        return bool(self.data[number >> 3] >> (number & 7) & 1)


def _walk(sizes, amounts, wanted, tables, size_max, solutions_max):
    """Follow the ways that lead to the sum."""
    solutions, stack = [], [(0, wanted, ())]
    while stack:
        place, missing, chosen = stack.pop()
        if missing not in tables[place] or len(chosen) > size_max:
            continue
        if place == len(sizes):
            if len(chosen) >= 2:
                solutions.append(chosen)
                if len(solutions) >= solutions_max:
                    break
            continue
        is_credit, with_it = amounts[place] < 0, (*chosen, place)
        stack.append((place + 1, missing, with_it if is_credit else chosen))
        if sizes[place] <= missing:
            stack.append((place + 1, missing - sizes[place], chosen if is_credit else with_it))
    return Combinations(tuple(solutions), True)
