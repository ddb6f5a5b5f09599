"""Bank transactions of two files that may be one and the same, though no reference of the bank says so.

How to use: ``pair_duplicates(news, olds)`` with a :class:`Candidate` for each of what a file brings and what is there.

How it works: only equal day and equal amount make a pair, and each transaction is in one pair at most, so that two
equal payments on one day are never taken for one. Those whose words agree are paired first; whether they do is said
with each pair, because formats cut names, drop accents and put the texts into other fields.
Cost: linear in the number of candidates; of equal day and amount at most ``COMPARED_MAX`` are compared with each one.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any

from ...statement_formats.text import fold

COMPARED_MAX = 50
AGREEMENT_MIN = 0.6
_LETTERS_MIN = 3
# A word that one of the formats has cut off.
_LETTERS_CUT_MIN = 4
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One transaction: how the caller knows it, its possible days, its signed amount, and all that is said of it."""

    key: Any
    days: tuple[date, ...]
    amount: Decimal
    text: str


def words(text):
    """Give the words of a text that are the same in every format: lower case, without accents, of three letters or
    more.

    :param text: str
    :return: frozenset of str
    """
    return frozenset(word for word in _WORD.findall(fold(text)) if len(word) >= _LETTERS_MIN)


def agreement(one, other):
    """Say how much of the shorter of two texts is found in the longer one.

    :param one: set of words
    :param other: set of words
    :return: 0 (nothing, or nothing to compare) to 1 (all of it), cut words counting as whole
    """
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0
    shared = sum(
        word in long
        or any(
            min(len(word), len(found)) >= _LETTERS_CUT_MIN and (word.startswith(found) or found.startswith(word))
            for found in long
        )
        for word in short
    )
    return shared / len(short)


def pair_duplicates(news, olds):
    """Pair what a file brings with what may be the same transaction, each at most once.

    :param news: list of ``Candidate`` of the file
    :param olds: list of ``Candidate`` that are there, without those that the file is known to hold
    :return: list of (key of the new one, key of the old one, do their words agree), in the order of ``news``
    """
    texts = {old.key: words(old.text) for old in olds}
    days = {old.key: old.days for old in olds}
    waiting = {}
    for old in olds:
        for day in old.days:
            waiting.setdefault((day, old.amount), {})[old.key] = None

    def best(new):
        own, found = words(new.text), {}
        for day in new.days:
            for key in islice(waiting.get((day, new.amount), ()), COMPARED_MAX):
                found.setdefault(key, agreement(own, texts[key]))
        return max(found.items(), key=itemgetter(1), default=(None, 0.0))

    pairs = {}
    # Those whose words agree are paired first, so that no other transaction takes their partner.
    for least in (AGREEMENT_MIN, 0.0):
        for place, new in enumerate(news):
            key, score = (None, 0.0) if place in pairs else best(new)
            if key is not None and score >= least:
                pairs[place] = (new.key, key, score >= AGREEMENT_MIN)
                for day in days[key]:
                    del waiting[day, new.amount][key]
    return [pairs[place] for place in sorted(pairs)]
