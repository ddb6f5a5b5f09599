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
# Words beside a name that make nobody else of it.
AROUND = NOISE | TITLES | LEGAL_FORMS | JOINING
SAME_FORM = {"LIMITED": "LTD", "INCORPORATED": "INC", "CORPORATION": "CORP", "COMPANY": "CO"}
# Legal forms that are also everyday words or initials, so that they say nothing in a label.
WEAK_FORMS = word_set("CO AS SA SL AB AG")
# Where banks' fields for names end: SWIFT 35, ISO 20022 70, older national formats 27 and 32.
FIELD_WIDTHS = frozenset([27, 32, 35, 70])
CUT_LETTERS_MIN = 10
# From so many letters on a word may be the beginning of another, or have a typing error.
START_LETTERS_MIN = 4
TYPO_LETTERS_MIN = 6
TYPOS_MAX = 2

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


NO_FIT = NameFit(NONE, 0, frozenset(), False)


class _Alignment(NamedTuple):
    whole: list
    rough: list
    cut: list
    missing: list
    extra: list


class _Text(NamedTuple):
    """What a bank wrote, taken apart once, because it is compared with many names.

    :param words: tuple, without numbers
    :param plain: the same words as :func:`_plain` gives them
    :param starts: tuple of what a word of a name may begin with that one of these words stands for
    :param long: tuple of the words that may have a typing error
    :param joined: its words in one
    :param forms: frozenset of its legal forms
    :param is_field: whether it is a name and nothing else
    :param width: how many characters it has, 0 where that says nothing
    :param persons: the holders of a joint account, each a ``_Text``
    """

    words: tuple
    plain: frozenset
    starts: tuple
    long: tuple
    joined: str
    forms: frozenset
    is_field: bool
    width: int
    persons: tuple

    def may_have(self, word):
        """Whether one of the words may stand for a word of a name, seen without comparing all of them."""
        return len(word) == 1 or _plain(word) in self.plain or word.startswith(self.starts) or self.has_typo(word)

    def has_typo(self, word):
        """Whether one of the words is a word of a name with a typing error."""
        length = len(word)
        if length >= TYPO_LETTERS_MIN:
            for other in self.long:
                if -TYPOS_MAX <= len(other) - length <= TYPOS_MAX and _is_typo(other, word):
                    return True
        return False


class _Name(NamedTuple):
    """A client's name, taken apart once.

    :param words: tuple, without titles and legal forms
    :param plain: as of ``_Text``
    :param forms: frozenset of its legal forms
    :param longest: its longest word
    :param joined: its words in one
    :param is_family: a family is named by it
    """

    words: tuple
    plain: frozenset
    forms: frozenset
    longest: str
    joined: str
    is_family: bool


@lru_cache(maxsize=65536)
def _text_words(text):
    """The words of a text without numbers, and its legal forms."""
    folded = fold_as_sql(text[:LABEL_LIMIT].replace("&", " and ").replace("+", " and ").lower().translate(_LATIN))
    words = [word for word in folded.split() if not any(map(str.isdigit, word))]
    return tuple(words), frozenset(SAME_FORM.get(word, word) for word in words if word in LEGAL_FORMS)


@lru_cache(maxsize=4096)
def _text(text, is_field):
    words, forms = _text_words(text)
    persons = ()
    if not JOINING.isdisjoint(words):
        telling = [word for word in words if is_field or word not in NOISE or word in JOINING]
        persons = tuple(_take_apart(tuple(person), frozenset(), True) for person in _persons(telling))
    return _take_apart(words, forms if is_field else forms - WEAK_FORMS, is_field, len(text.strip()), persons)


def _take_apart(words, forms, is_field, width=0, persons=()):
    starts = {word for word in words if len(word) == 1 or len(word) >= START_LETTERS_MIN}
    # Words may be run together, and the last one may be cut off.
    starts.update(words[:1], words[-1:])
    long = tuple(word for word in words if len(word) >= TYPO_LETTERS_MIN)
    plain, joined = frozenset(map(_plain, words)), "".join(words)
    return _Text(words, plain, tuple(starts), long, joined, forms, is_field, width, persons)


@lru_cache(maxsize=65536)
def _name(name):
    latin = name.lower().translate(_LATIN) if not name.isascii() else name
    words = [word for word in name_words(latin) if word not in JOINING]
    kept = tuple(word for word in words if word not in TITLES) or tuple(words)
    is_family = not FAMILY.isdisjoint(fold_as_sql(name).split())
    forms = _text_words(name)[1]
    return _Name(kept, frozenset(map(_plain, kept)), forms, max(kept, key=len, default=""), "".join(kept), is_family)


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
    limit = TYPOS_MAX if least >= 9 else 1 if least >= TYPO_LETTERS_MIN else 0
    return bool(limit) and abs(len(one) - len(other)) <= limit and OSA.distance(one, other, score_cutoff=limit) <= limit


def _align(text, wanted):
    """Find each word of a name in a text.

    :param text: ``_Text``
    :param wanted: tuple of the words of the name
    """
    left, whole, rough, cut, rest, missing = list(text.words), [], [], [], [], []
    for word in wanted:
        if word in left:
            left.remove(word)
            whole.append(word)
        elif text.may_have(word):
            rest.append(word)
        else:
            missing.append(word)
    for word in rest:
        plain, place, kind = _plain(word), None, None
        for number, other in enumerate(left):
            if _plain(other) == plain:
                place, kind = number, whole
                break
            if text.is_field and other == text.words[-1] and word.startswith(other):
                place, kind = number, cut
            elif kind is not cut and (
                (len(other) >= START_LETTERS_MIN and word.startswith(other))
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


def compare(text, name, is_field=False):
    """Compare what a bank wrote with a name.

    :param text: str, the bank's field for the payer's name, or a label
    :param name: str, a client's or a member's
    :param is_field: the text is a name and nothing else, so that a word too many counts
    :return: :class:`NameFit`
    """
    text, name = _text(text, is_field), _name(name)
    best = _compare(text, name)
    if best.kind == OTHER_WORD and name.is_family and len(best.words) == len(name.words):
        # A family is named by its surname, its payers have given names too.
        best = best._replace(kind=CLOSE, score=80)
    if best.kind != WHOLE:
        for person in text.persons:
            fit = _compare(person, name)
            if fit.kind in (WHOLE, CLOSE):
                best = max(best, fit._replace(kind=CLOSE, score=min(fit.score, 96)), key=lambda one: one.rank)
    return best


def _has_nothing_of(text, name):
    """Whether no word of a text fits a name, seen without comparing all of them: most are somebody else's."""
    if not text.words or not name.words:
        return True
    if not text.plain.isdisjoint(name.plain) or len(name.longest) == 1 or name.joined.startswith(text.starts):
        return False
    for word in name.words:
        if word.startswith(text.starts):
            return False
    return not text.has_typo(name.longest)


def _compare(text, name):
    if _has_nothing_of(text, name):
        return NO_FIT
    wanted, is_field = name.words, text.is_field
    found = _align(text, wanted)
    extra = [word for word in found.extra if len(word) > 1 and word not in AROUND]
    share = (sum(map(len, found.whole)) + 0.9 * sum(map(len, found.rough + found.cut))) / len(name.joined)

    def fit(kind, score):
        return NameFit(kind, round(score), frozenset(found.whole), text.forms == name.forms, bool(text.forms))

    if not found.missing:
        if _is_other_form(text, name) or (is_field and extra and len(extra) >= len(wanted)):
            return fit(OTHER_WORD, 55)
        if is_field and extra:
            return fit(CLOSE, 85)
        if found.rough:
            return fit(CLOSE, 80 + 15 * share)
        if found.cut:
            return fit(CUT if _is_beginning(text, wanted, found, extra) else CLOSE, 92)
        return fit(WHOLE, 100 if all(word in text.words for word in wanted) else 98)
    if text.joined == name.joined:
        return fit(CLOSE if _is_other_form(text, name) else WHOLE, 97)
    if not found.whole and not found.cut:
        return NO_FIT
    if is_field and extra:
        return fit(OTHER_WORD, 59 * share)
    is_wide = is_field and (text.width in FIELD_WIDTHS or text.width + 1 in FIELD_WIDTHS)
    if (is_wide or found.cut) and _is_beginning(text, wanted, found, extra):
        return fit(CUT, 92)
    is_first_and_last = len(wanted) > 2 and wanted[0] in found.whole and wanted[-1] in found.whole
    if share >= 0.8 or (is_field and is_first_and_last):
        return fit(CLOSE, max(80, 95 * share))
    if share >= 0.6:
        return fit(SIMILAR, max(60, min(79, 95 * share)))
    if is_field and found.whole:
        return fit(SIMILAR, 60)
    return NO_FIT


def _is_other_form(text, name):
    """Whether the text of a field and a name have different legal forms."""
    return text.is_field and bool(text.forms - name.forms and name.forms - text.forms)


def _is_beginning(text, wanted, found, extra):
    """Whether the text of a field is the beginning of a name, and long enough to say whose."""
    words = text.words
    if len(text.joined) < CUT_LETTERS_MIN:
        return False
    if found.cut and not extra and not found.rough:
        return words[:-1] == wanted[: len(words) - 1] and wanted[len(words) - 1].startswith(words[-1])
    return not extra and words[: len(wanted)] == wanted[: len(words)]
