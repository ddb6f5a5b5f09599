"""Confirming remittances, as SQL text: the figures that they have are written by one statement."""

from odoo.tools import SQL

from ..common.rounding_sql import rounded


def confirm(remittances: SQL, reconciliation_id, company_id, rounding, user_id, now) -> SQL:
    """Write a confirmation for each remittance.

    :param remittances: a query of ``(id, statement_line_id, is_matched, name, label, partner_id, date, bank_date,
        amount)`` in the order of the confirmations
    :param reconciliation_id: id of the period
    :param company_id: id of its company
    :param rounding: smallest amount of the bank account's currency
    :param user_id: id of the user who confirms
    :param now: datetime of the confirmation
    :return: a statement that gives the ids of the confirmations
    """
    return SQL(
        """
        INSERT INTO account_bank_reconciliation_confirmation
               (reconciliation_id, company_id, move_line_id, move_line_key, statement_line_key, is_matched, name, label,
                partner_id, date, bank_date, amount, create_uid, write_uid, create_date, write_date)
        SELECT %(reconciliation_id)s, %(company_id)s, offered.id, offered.id, COALESCE(offered.statement_line_id, 0),
               COALESCE(offered.is_matched, FALSE), offered.name, offered.label, offered.partner_id, offered.date,
               offered.bank_date, %(amount)s, %(user_id)s, %(user_id)s, %(now)s, %(now)s
          FROM (%(remittances)s) AS offered
        RETURNING id
        """,
        remittances=remittances,
        reconciliation_id=reconciliation_id,
        company_id=company_id,
        amount=rounded(SQL("offered.amount"), SQL("%s::numeric", str(rounding))),
        user_id=user_id,
        now=now,
    )
