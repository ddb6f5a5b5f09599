"""Refusals of the statement parsers; every message is a sentence for an accountant."""

# What keeps memory bounded whatever the file: three times the largest file that a bank is known to send in one piece.
LINES_MAX = 300_000


class StatementFormatError(ValueError):
    """A file was refused: the message says what was refused, why, and what to do."""


class MappingRequired(StatementFormatError):
    """A table is readable, but only a person can say what its columns or dates mean.

    :param message: the sentence to show
    :param mapping: the ``Mapping`` as far as it could be guessed
    :param rows: the first rows of the table, as lists of texts, for a preview
    """

    def __init__(self, message, mapping=None, rows=()):
        super().__init__(message)
        self.mapping = mapping
        self.rows = list(rows)


def too_many_lines():
    """Give the refusal of a file with more entries than memory is meant for."""
    return StatementFormatError(
        f"The file holds more than {LINES_MAX:,} entries. Please download the statement in shorter periods."
    )
