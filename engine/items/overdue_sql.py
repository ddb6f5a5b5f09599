"""What is overdue on the accounts of clients and vendors: documents' due lines that are open after their day.

*How it works.* Each due line counts by itself, so that of a document with several due dates only what is late is
overdue. Money that is not applied takes nothing off. A payment's own line is never due.

*Cost.* One query, over the open receivable and payable lines of the accounts asked for, by index.
"""

from odoo.tools import SQL

from ..odoo_types import OWED_ACCOUNT_TYPES


def _late_lines(owner: SQL, days: SQL) -> SQL:
    """The late lines of an owner, or of each row of an outer query.

    :param owner: a condition on ``partner``, the line's partner
    :param days: rows ``(company_id, day)``: the companies that count and the day that it is for them
    """
    return SQL(
        """
          FROM res_partner AS partner
          JOIN account_move_line AS line ON line.partner_id = partner.id
          JOIN account_account AS account ON account.id = line.account_id
          JOIN account_move AS move ON move.id = line.move_id
          JOIN (%(days)s) AS today (company_id, day) ON today.company_id = line.company_id
         WHERE %(owner)s AND line.parent_state = 'posted' AND NOT line.reconciled
           AND account.account_type IN %(types)s
           AND CASE account.account_type WHEN 'asset_receivable' THEN line.amount_residual > 0
                    ELSE line.amount_residual < 0 END
           AND COALESCE(line.date_maturity, line.date) < today.day
           AND move.origin_payment_id IS NULL AND move.statement_line_id IS NULL
        """,
        owner=owner,
        days=days,
        types=OWED_ACCOUNT_TYPES,
    )


def _days(today: dict) -> SQL:
    """:param today: ``{company id: date}``"""
    return SQL("SELECT * FROM unnest(%s::int[], %s::date[])", list(today), list(today.values()))


def overdue_by_currency(owner_ids: list[int], today: dict) -> SQL:
    """What account owners owe, or are owed, after its day.

    :param owner_ids: ids of res_partner
    :param today: ``{company id: date}``
    :return: a query of ``(owner_id, account_type, currency_id, amount, company amount)``, amounts above 0
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id, account.account_type, line.currency_id,
               SUM(ABS(line.amount_residual_currency)), SUM(ABS(line.amount_residual))
        %s GROUP BY partner.commercial_partner_id, account.account_type, line.currency_id
        """,
        _late_lines(SQL("partner.commercial_partner_id = ANY(%s)", owner_ids), _days(today)),
    )


def overdue_of(owner: SQL, account_type: str, today: dict) -> SQL:
    """The overdue amount of one account, in company currency, to sort and search by.

    :param owner: the column that holds the account owner's id
    :param account_type: ``asset_receivable`` or ``liability_payable``
    :param today: ``{company id: date}``
    """
    condition = SQL("partner.commercial_partner_id = %s AND account.account_type = %s", owner, account_type)
    return SQL("(SELECT COALESCE(SUM(ABS(line.amount_residual)), 0) %s)", _late_lines(condition, _days(today)))
