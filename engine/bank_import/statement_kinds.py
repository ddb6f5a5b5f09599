"""Kinds of bank statements, beside those that files name."""

from ...statement_formats.model import PRELIMINARY_KINDS

# A statement whose transactions are still being written. They count as transactions without a statement: whoever
# imports the same file again goes on with it. Until then its balances are what its transactions lead to.
IMPORTING = "importing"

# Their closing balance is not what the bank says in the end.
UNFINISHED_KINDS = (*PRELIMINARY_KINDS, IMPORTING)
