"""What was open of an account's transactions on a day: SQL text for the statement of account."""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES


def open_on(owner_id: int, company_ids: list[int], day) -> SQL:
    """What was open at the end of a day, of the transactions up to it.

    A reconciliation counts from the later of its two dates, as in Odoo's aged reports (``max_date`` of the partial).

    :param owner_id: id of the account owner (res_partner)
    :param company_ids: ids of res_company
    :param day: date
    :return: a query of ``(move_id, line_id, account_type, currency_id, open, date_due)``, one row for each receivable
        or payable line of which something is open, by due date; open is signed as the line
    """
    return SQL(
        """
        SELECT move_id, line_id, account_type, currency_id, amount, date_due
          FROM (
                SELECT line.move_id, line.id AS line_id, account.account_type, line.currency_id,
                       COALESCE(line.date_maturity, line.date) AS date_due,
                       line.amount_currency
                       - COALESCE((SELECT SUM(debit_amount_currency) FROM account_partial_reconcile
                                    WHERE debit_move_id = line.id AND max_date <= %(day)s), 0)
                       + COALESCE((SELECT SUM(credit_amount_currency) FROM account_partial_reconcile
                                    WHERE credit_move_id = line.id AND max_date <= %(day)s), 0) AS amount
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                  JOIN res_partner AS partner ON partner.id = line.partner_id
                 WHERE partner.commercial_partner_id = %(owner)s AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted' AND line.date <= %(day)s
                   AND account.account_type IN %(types)s
               ) AS open_line
         WHERE amount <> 0
         ORDER BY date_due, line_id
        """,
        owner=owner_id,
        companies=company_ids,
        day=day,
        types=OWED_ACCOUNT_TYPES,
    )
