"""Refusals of the statement parsers; every message is a sentence for an accountant."""

from .sentence import _lt

# What keeps memory bounded whatever the file: three times the largest file that a bank is known to send in one piece.
LINES_MAX = 300_000


class StatementFormatError(ValueError):
    """A file was refused: the message says what was refused, why, and what to do.

    :param sentence: the message, a ``Sentence``
    """

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class MappingRequired(StatementFormatError):
    """A table is readable, but only a person can say what its columns or dates mean.

    :param sentence: what to show, a ``Sentence``
    :param mapping: the ``Mapping`` as far as it could be guessed
    :param rows: the first rows of the table, as lists of texts, for a preview
    :param sheets: the titles of the sheets of a workbook that hold data
    """

    def __init__(self, sentence, mapping=None, rows=(), sheets=()):
        super().__init__(sentence)
        self.mapping = mapping
        self.rows = list(rows)
        self.sheets = list(sheets)


def too_many_lines():
    """Give the refusal of a file with more entries than memory is meant for."""
    return StatementFormatError(
        _lt(
            "The file holds more than %(limit)s entries. Please download the statement in shorter periods.",
            limit=f"{LINES_MAX:,}",
        )
    )
