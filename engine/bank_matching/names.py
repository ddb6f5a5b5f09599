"""How a name that a bank wrote compares with the name of a client, word by word.

Banks write names in capitals, without accents, in any order, with titles, with both holders of a joint account, and cut
them off where their field ends. None of that makes it another person's name; a different word or legal form does.

How to use: ``compare(text, name, is_field)`` gives a :class:`NameFit`; ``rank`` orders what fits from best to worst.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from .bank_text import LABEL_LIMIT, LEGAL_FORMS, NOISE, fold_as_sql, name_words, word_set

TITLES = word_set("""
    MR MRS MS MISS DR PROF SIR HERR HERRN FRAU FAM FAMILY FAMILIE FAMILLE FAMILIA MME MLLE MONSIEUR MADAME SR SRA SIG
    SIGRA DHR MEVR ING DIPL JR MESSRS
""")
FAMILY = word_set("FAMILY FAMILIE FAMILLE FAMILIA")
JOINING = word_set("AND UND ET OU OR ODER OG OCH EN Y")
SAME_FORM = {"LIMITED": "LTD", "INCORPORATED": "INC", "CORPORATION": "CORP", "COMPANY": "CO"}
# Legal forms that are also everyday words or initials, so that they say nothing in a label.
WEAK_FORMS = word_set("CO AS SA SL AB AG")
# Where banks' fields for names end: SWIFT 35, ISO 20022 70, older national formats 27 and 32.
FIELD_WIDTHS = frozenset([27, 32, 35, 70])
CUT_LETTERS_MIN = 10

WHOLE, CUT, CLOSE, SIMILAR, OTHER_WORD, NONE = (
    "owner_name", "owner_cut", "owner_close", "owner_similar", "owner_other_word", "",
)  # fmt: skip
_RANKS = {WHOLE: 5, CUT: 4, CLOSE: 3, SIMILAR: 2, OTHER_WORD: 1, NONE: 0}
# Cyrillic and Greek as passports and SWIFT write them (ICAO Doc 9303, part 3).
_LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z",
    "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r",
    "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o", "ά": "a", "έ": "e", "ή": "i",
    "ί": "i", "ό": "o", "ύ": "y", "ώ": "o",
})  # fmt: skip
_LONG_VOWELS = re.compile(r"AE|OE|UE|AA|SS")


class NameFit(NamedTuple):
    """How a text and a name fit.

    :param kind: key of ``scoring.WEIGHTS``, or ``''`` where they have nothing in common
    :param score: int, 0 to 100
    :param words: frozenset of the words of the name that the text has whole
    :param is_exact: the text has the legal form of the name too, or neither has one
    :param has_form: the text has a legal form
    """

    kind: str
    score: int
    words: frozenset
    is_exact: bool
    has_form: bool = False

    @property
    def rank(self):
        """A sort key: the larger, the better the fit."""
        return _RANKS[self.kind], self.score


class _Alignment(NamedTuple):
    whole: list
    rough: list
    cut: list
    missing: list
    extra: list


@lru_cache(maxsize=65536)
def _text_words(text):
    """The words of a text without numbers, and its legal forms."""
    folded = fold_as_sql(text[:LABEL_LIMIT].replace("&", " and ").replace("+", " and ").lower().translate(_LATIN))
    words = [word for word in folded.split() if not any(map(str.isdigit, word))]
    return tuple(words), frozenset(SAME_FORM.get(word, word) for word in words if word in LEGAL_FORMS)


@lru_cache(maxsize=65536)
def _name_words(name):
    """The words of a name without titles and legal forms, its legal forms, and whether a family is named by it."""
    latin = name.lower().translate(_LATIN) if not name.isascii() else name
    words = [word for word in name_words(latin) if word not in JOINING]
    kept = tuple(word for word in words if word not in TITLES) or tuple(words)
    return kept, _text_words(name)[1], not FAMILY.isdisjoint(fold_as_sql(name).split())


@lru_cache(maxsize=65536)
def _plain(word):
    """A word without the letters by which umlauts and long vowels are written: ``MUELLER`` is ``MULER``."""
    return _LONG_VOWELS.sub(lambda found: found.group()[0], word)


def _persons(words):
    """The holders of a joint account as lists of words: ``JOHN AND MARY SMITH`` is John Smith and Mary Smith."""
    parts = [[]]
    for word in words:
        if word in JOINING:
            parts.append([])
        else:
            parts[-1].append(word)
    parts = [part for part in parts if part]
    if not 2 <= len(parts) <= 3 or len(parts[-1]) < 2:
        return []
    given = [part for part in parts[:-1] if len(part) == 1]
    if len(given) < len(parts) - 1:
        return []
    return [[*part, parts[-1][-1]] for part in given] + [parts[-1]]


def _is_typo(one, other):
    """Whether two words differ by a typing error only; short given names that differ are different names."""
    least = min(len(one), len(other))
    limit = 2 if least >= 9 else 1 if least >= 6 else 0
    return bool(limit) and abs(len(one) - len(other)) <= limit and OSA.distance(one, other, score_cutoff=limit) <= limit


def _align(words, wanted, is_cut):
    """Find each word of a name in a text.

    :param words: list of the words of the text
    :param wanted: tuple of the words of the name
    :param is_cut: the text may end within a word
    """
    left, whole, rough, cut, rest = list(words), [], [], [], []
    for word in wanted:
        if word in left:
            left.remove(word)
            whole.append(word)
        else:
            rest.append(word)
    missing = []
    for word in rest:
        plain, place, kind = _plain(word), None, None
        for number, other in enumerate(left):
            if _plain(other) == plain:
                place, kind = number, whole
                break
            if is_cut and other == words[-1] and word.startswith(other):
                place, kind = number, cut
            elif kind is not cut and (
                (len(other) >= 4 and word.startswith(other))
                or (1 in (len(other), len(word)) and other[0] == word[0])
                or _is_typo(other, word)
            ):
                place, kind = number, rough
        if place is None:
            missing.append(word)
        else:
            del left[place]
            kind.append(word)
    return _Alignment(whole, rough, cut, missing, left)


@lru_cache(maxsize=65536)
def compare(text, name, is_field=False):
    """Compare what a bank wrote with a name.

    :param text: str, the bank's field for the payer's name, or a label
    :param name: str, a client's or a member's
    :param is_field: the text is a name and nothing else, so that a word too many counts
    :return: :class:`NameFit`
    """
    words, forms = _text_words(text)
    if not is_field:
        forms -= WEAK_FORMS
    wanted, wanted_forms, is_family = _name_words(name)
    if not words or not wanted:
        return NameFit(NONE, 0, frozenset(), False)
    best = _compare(words, forms, wanted, wanted_forms, is_field, len(text.strip()))
    if best.kind == OTHER_WORD and is_family and len(best.words) == len(wanted):
        # A family is named by its surname, its payers have given names too.
        best = best._replace(kind=CLOSE, score=80)
    if best.kind != WHOLE and not JOINING.isdisjoint(words):
        telling = [word for word in words if is_field or word not in NOISE or word in JOINING]
        for person in _persons(telling):
            fit = _compare(tuple(person), frozenset(), wanted, wanted_forms, True, 0)
            if fit.kind in (WHOLE, CLOSE):
                best = max(best, fit._replace(kind=CLOSE, score=min(fit.score, 96)), key=lambda one: one.rank)
    return best


def _compare(words, forms, wanted, wanted_forms, is_field, width):
    is_wide = is_field and (width in FIELD_WIDTHS or width + 1 in FIELD_WIDTHS)
    found = _align(words, wanted, is_field)
    extra = [
        word for word in found.extra
        if len(word) > 1 and not (word in NOISE or word in TITLES or word in LEGAL_FORMS or word in JOINING)
    ]  # fmt: skip
    letters = sum(map(len, wanted))
    share = (sum(map(len, found.whole)) + 0.9 * sum(map(len, found.rough + found.cut))) / letters
    is_exact = forms == wanted_forms
    is_other_form = is_field and bool(forms - wanted_forms and wanted_forms - forms)

    def fit(kind, score):
        return NameFit(kind, round(score), frozenset(found.whole), is_exact, bool(forms))

    is_beginning = not extra and words[: len(wanted)] == wanted[: len(words)]
    if is_field and found.cut and not extra and not found.rough:
        is_beginning = words[:-1] == wanted[: len(words) - 1] and wanted[len(words) - 1].startswith(words[-1])
    if not found.missing:
        if is_other_form or (is_field and extra and len(extra) >= len(wanted)):
            return fit(OTHER_WORD, 55)
        if is_field and extra:
            return fit(CLOSE, 85)
        if found.rough:
            return fit(CLOSE, 80 + 15 * share)
        if found.cut:
            is_long = is_beginning and sum(map(len, words)) >= CUT_LETTERS_MIN
            return fit(CUT if is_long else CLOSE, 92)
        return fit(WHOLE, 100 if all(word in words for word in wanted) else 98)
    if "".join(words) == "".join(wanted):
        return fit(CLOSE if is_other_form else WHOLE, 97)
    if not found.whole and not found.cut:
        return fit(NONE, 50 * share)
    if is_field and extra:
        return fit(OTHER_WORD, 59 * share)
    if is_field and is_beginning and (is_wide or found.cut) and sum(map(len, words)) >= CUT_LETTERS_MIN:
        return fit(CUT, 92)
    is_first_and_last = len(wanted) > 2 and wanted[0] in found.whole and wanted[-1] in found.whole
    if share >= 0.8 or (is_field and is_first_and_last):
        return fit(CLOSE, max(80, 95 * share))
    if share >= 0.6:
        return fit(SIMILAR, max(60, min(79, 95 * share)))
    if is_field and found.whole:
        return fit(SIMILAR, 60)
    return fit(NONE, 59 * share)
