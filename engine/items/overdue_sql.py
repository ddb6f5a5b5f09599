"""What is overdue on the accounts of clients and vendors: documents' due lines that are open after their day.

*How it works.* Each due line counts by itself, so that of a document with several due dates only what is late is
overdue. Money that is not applied takes nothing off. A payment's own line is never due, nor is a document that a person
left out of follow-ups; journal entries have that mark of Odoo's from the start. Of a disputed document, which has the
mark as well, the disputed amount is taken off the disputed lines, those that are due first before the others.

*Cost.* One query, over the open receivable and payable lines of the accounts asked for, by index.
"""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from ..common.rounding_sql import rounded

# What of an open due line is left out of follow-ups, in its currency.
LEFT_OUT = SQL(
    """
    CASE WHEN move.move_type = 'entry' OR NOT COALESCE(line.no_followup, FALSE) THEN 0
         ELSE COALESCE((
              SELECT CASE WHEN NOT COALESCE(dispute.due_lines @> to_jsonb(line.id), TRUE) THEN 0
                     ELSE GREATEST(0, LEAST(ABS(line.amount_residual_currency), dispute.amount - (
                     SELECT COALESCE(SUM(ABS(earlier.amount_residual_currency)), 0)
                       FROM account_move_line AS earlier
                      WHERE earlier.move_id = line.move_id AND earlier.account_id = line.account_id
                        AND NOT earlier.reconciled
                        AND COALESCE(dispute.due_lines @> to_jsonb(earlier.id), TRUE)
                        AND (COALESCE(earlier.date_maturity, earlier.date), earlier.id)
                            < (COALESCE(line.date_maturity, line.date), line.id)))) END
                FROM account_dispute AS dispute
               WHERE dispute.move_id = line.move_id AND dispute.date_withdrawn IS NULL AND dispute.marked <> '[]'
               LIMIT 1), ABS(line.amount_residual_currency))
    END
    """
)
# Of an open due line: what is not left out, in company currency.
COUNTED = SQL(
    """
    CASE WHEN late.left_out = 0 OR line.amount_residual_currency = 0 THEN ABS(line.amount_residual)
         WHEN line.currency_id = line.company_currency_id THEN ABS(line.amount_residual) - late.left_out
         ELSE %s
    END
    """,
    rounded(
        SQL("ABS(line.amount_residual) * (1 - late.left_out / ABS(line.amount_residual_currency))"),
        SQL("(SELECT rounding FROM res_currency WHERE id = line.company_currency_id)"),
    ),
)


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
         CROSS JOIN LATERAL (SELECT %(left_out)s AS left_out) AS late
         WHERE %(owner)s AND line.parent_state = 'posted' AND NOT line.reconciled
           AND account.account_type IN %(types)s
           AND CASE account.account_type WHEN 'asset_receivable' THEN line.amount_residual > 0
                    ELSE line.amount_residual < 0 END
           AND COALESCE(line.date_maturity, line.date) < today.day
           AND move.origin_payment_id IS NULL AND move.statement_line_id IS NULL
           AND (late.left_out = 0 OR late.left_out < ABS(line.amount_residual_currency))
        """,
        owner=owner,
        days=days,
        left_out=LEFT_OUT,
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
               SUM(ABS(line.amount_residual_currency) - late.left_out), SUM(%s)
        %s GROUP BY partner.commercial_partner_id, account.account_type, line.currency_id
        """,
        COUNTED,
        _late_lines(SQL("partner.commercial_partner_id = ANY(%s)", owner_ids), _days(today)),
    )


def overdue_of(owner: SQL, account_type: str, today: dict) -> SQL:
    """The overdue amount of one account, in company currency, to sort and search by.

    :param owner: the column that holds the account owner's id
    :param account_type: ``asset_receivable`` or ``liability_payable``
    :param today: ``{company id: date}``
    """
    condition = SQL("partner.commercial_partner_id = %s AND account.account_type = %s", owner, account_type)
    return SQL("(SELECT COALESCE(SUM(%s), 0) %s)", COUNTED, _late_lines(condition, _days(today)))
