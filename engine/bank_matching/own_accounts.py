"""Which of the company's own bank accounts a bank's text names, without its number: ``TRANSFER TO SAVINGS 1000``."""

from typing import NamedTuple

from . import bank_text

# Words right before the name of the account that money went to or came from.
DIRECTIONS = bank_text.word_set("A AL AN AUF DEPUIS DESDE FROM NAAR TO VAN VERS VON ZU")
# Words beside the name of an account.
_CALLED = bank_text.word_set("""
    ACC BANQUE BANCO COMPANY COMPTE CONTO CUENTA CURRENT EUR GBP CAD USD CHF KONTO MAIN MON MY NOTRE OUR REKENING UNSER
""")
_ANY_ACCOUNT = _CALLED | bank_text.NOBODY | bank_text.LEGAL_FORMS
_SAYING = DIRECTIONS | bank_text.TRANSFER_WORDS
# A shorter word is not enough to identify an account.
_TELLING_MIN = 3


class NamedAccount(NamedTuple):
    """An own account that a text names.

    :param journal_id: id of account.journal
    :param is_clear: its name is a text's only name, beside a word of a transfer or after ``TO``, ``FROM``
    """

    journal_id: int
    is_clear: bool


def may_name(*texts):
    """Tell whether texts have a word beside which the name of an own account says something."""
    return any(not _SAYING.isdisjoint(bank_text.fold_as_sql(text).split()) for text in texts)


class OwnAccountNames:
    """The names of a company's own bank and cash accounts, to be found in what a bank wrote.

    :param names: dict journal id -> iterable of str, what the account is called
    :param company_name: str; its words tell none of its accounts from another
    """

    def __init__(self, names, company_name=""):
        self._ignored = _ANY_ACCOUNT | frozenset(bank_text.fold_as_sql(company_name).split())
        self._names = {}
        for journal_id, texts in names.items():
            found = {tuple(self._own_words(text)) for text in texts if text}
            self._names[journal_id] = {words for words in found if any(map(_is_telling, words))}

    def _own_words(self, text):
        return [word for word in bank_text.fold_as_sql(text).split() if word not in self._ignored]

    def find(self, texts, journal_id):
        """Find the one own account that a transaction's texts name beside a word of a transfer or of a direction.

        A name alone says nothing: it may be a vendor's. Of two names, the longer one counts.

        :param texts: iterable of str, what the bank wrote, each read separately
        :param journal_id: id of the transaction's own journal, which is not looked for
        :return: :class:`NamedAccount`, or None where the texts name none, or several equally
        """
        lists = [bank_text.fold_as_sql(text).split() for text in texts if text]
        seen = {word for words in lists for word in words}
        says_transfer = not seen.isdisjoint(bank_text.TRANSFER_WORDS)
        if not says_transfer and seen.isdisjoint(DIRECTIONS):
            return None
        lists = [[word for word in words if word in DIRECTIONS or word not in self._ignored] for words in lists]
        found = {}
        for other_id, names in self._names.items():
            for name in names if other_id != journal_id else ():
                is_clear = any(_stands_alone(words, name, says_transfer) for words in lists)
                if is_clear or (says_transfer and seen.issuperset(name)):
                    found[other_id] = max(found.get(other_id, (False, 0)), (is_clear, len(name)))
        best = max(found.values(), default=None)
        named = [other_id for other_id, rank in found.items() if rank == best]
        return NamedAccount(named[0], best[0]) if len(named) == 1 else None


def _is_telling(word):
    return len(word) >= _TELLING_MIN and word.isalpha()


def _stands_alone(words, name, says_transfer):
    """Whether a text holds a name with no other name at its side: ``SAVINGS CLUB`` is not the account ``Savings``."""
    for start in range(len(words) - len(name) + 1):
        end = start + len(name)
        if tuple(words[start:end]) != name:
            continue
        before, after = words[start - 1] if start else "", words[end] if end < len(words) else ""
        is_directed = before in DIRECTIONS
        is_free = is_directed or not _is_name(before)
        if (is_directed or says_transfer) and is_free and not _is_name(after):
            return True
    return False


def _is_name(word):
    return word.isalpha() and word not in DIRECTIONS and word not in bank_text.TRANSFER_WORDS
