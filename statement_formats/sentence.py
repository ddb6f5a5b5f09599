"""Sentences for an accountant that whoever shows them can translate: this package knows neither user nor language."""

from decimal import Decimal


class Sentence(str):
    """A text in English that remembers the term it was made from and what was filled in.

    ``term`` is the text with its ``%(name)s``; ``values`` maps names to what replaces them, sentences among them.
    """

    __slots__ = ("term", "values")

    def translated(self, translate):
        """Give the text in another language.

        :param translate: function of a term and of values by name, that gives the text (str)
        """
        values = {
            name: value.translated(translate) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return translate(self.term, **values)


def _lt(term, **values):
    """Make a sentence; named as Odoo names its lazy terms, so that Odoo's export finds this one too.

    :param term: the English text (str), with ``%(name)s`` for each value
    """
    # A debit of nothing is 0.00, not -0.00.
    values = {name: abs(value) if isinstance(value, Decimal) and not value else value for name, value in values.items()}
    sentence = Sentence(term % values if values else term)
    sentence.term, sentence.values = term, values
    return sentence
