"""Which words of a bank label are worth a rule: those that past transactions of the same kind share and no others have.

How to use
    ``separating_phrase(label, alike, others)`` for the words; ``phrases(label)`` for all that come into question.
"""

from . import bank_text

PHRASE_WORDS_MAX = 4
PHRASE_LETTERS_MIN = 4


def phrases(label):
    """Give the runs of neighbouring words of a label that may be a rule, the longest first, as they are written.

    A word with a digit changes from one transaction to the next, and what banks write around a name says nothing by
    itself: neither begins nor ends a phrase. Bounded by ``LABEL_LIMIT`` characters.

    :param label: str
    :return: list of str

    >>> phrases("CARD 0612 GREEN GROCER MONTREAL")
    ['GREEN GROCER MONTREAL', 'GROCER MONTREAL', 'GREEN GROCER', 'MONTREAL', 'GROCER', 'GREEN']
    """
    runs = [[]]
    for word in label[: bank_text.LABEL_LIMIT].split(" "):
        if word and not any(map(str.isdigit, word)):
            runs[-1].append(word)
        else:
            runs.append([])
    found = {}
    for run in runs:
        for size in range(min(len(run), PHRASE_WORDS_MAX), 0, -1):
            for start in range(len(run) - size + 1):
                words = run[start : start + size]
                if _says_nothing(words[0]) or _says_nothing(words[-1]):
                    continue
                phrase = " ".join(words)
                if len(phrase) >= PHRASE_LETTERS_MIN:
                    found.setdefault(phrase, (-size, -len(phrase)))
    return sorted(found, key=found.get)


def _says_nothing(word):
    folded = bank_text.fold_as_sql(word).split()
    noise = bank_text.NOISE | bank_text.LEGAL_FORMS | bank_text.TRANSFER_WORDS | bank_text.SETTLEMENT_WORDS
    return all(one in noise or len(one) < 2 for one in folded)


def separating_phrase(label, alike, others):
    """Give the phrase of a label that catches the most transactions booked alike and none that were booked otherwise.

    :param label: str
    :param alike: labels of past transactions that were booked in the same way
    :param others: labels of those that were booked otherwise
    :return: str, empty where every phrase would catch others as well

    >>> separating_phrase("POS GREEN GROCER QUEBEC", ["POS GREEN GROCER LAVAL"], ["POS TOY SHOP QUEBEC"])
    'GREEN GROCER'
    """
    alike = [text.casefold() for text in alike]
    others = [text.casefold() for text in others]
    best, best_rank = "", None
    for phrase in phrases(label):
        wanted = phrase.casefold()
        if any(wanted in text for text in others):
            continue
        rank = (sum(wanted in text for text in alike), len(phrase))
        if best_rank is None or rank > best_rank:
            best, best_rank = phrase, rank
    return best
