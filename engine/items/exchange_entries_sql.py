"""Which journal entries are exchange differences: they settle no debt, so they have no items.

Odoo links such an entry to its partial only after posting it, and no longer once the partial is deleted. Before and
after it is known by what it books: all that it moves off receivable and payable accounts goes to the company's exchange
gain and loss. The journal alone says nothing: opening entries may be booked in the same one. The link holds whatever
becomes of the company's settings.
"""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES


def is_exchange_entry(move: str, company: str) -> SQL:
    """The condition that a journal entry is an exchange difference, or the reversal of one.

    :param move: alias of ``account_move``
    :param company: alias of the ``res_company`` of the entry
    :return: TRUE, FALSE, or NULL where the entry has receivable and payable lines only
    """
    return SQL(
        """
        (%(move)s.move_type = 'entry' AND (EXISTS (
            SELECT FROM account_partial_reconcile AS exchanged WHERE exchanged.exchange_move_id = %(move)s.id
        ) OR %(move)s.journal_id = %(company)s.currency_exchange_journal_id AND (
            SELECT BOOL_AND(COALESCE(booked.account_id IN (
                       %(company)s.income_currency_exchange_account_id, %(company)s.expense_currency_exchange_account_id
                   ), FALSE))
              FROM account_move_line AS booked
              JOIN account_account AS booked_account ON booked_account.id = booked.account_id
             WHERE booked.move_id = %(move)s.id AND booked_account.account_type NOT IN %(owed_types)s
               AND booked.display_type NOT IN ('line_section', 'line_subsection', 'line_note')
        )))
        """,
        move=SQL.identifier(move),
        company=SQL.identifier(company),
        owed_types=OWED_ACCOUNT_TYPES,
    )
