"""Which payment pays which document of an account: the waterfall over a whole ledger, as SQL text.

Money and documents of one account owner, one company, one ledger account (so clients and vendors apart) and one
currency share an allocation key; within it the oldest money pays the oldest document. An account whose payments say
what they are for (explicit allocation order) is left to a person. The debit side is allocated to the credit
side, which makes clients and vendors the same case. Ties go by date, entry, due date, line: the same ledger gives
the same plan.

The pairs are looked up in the ledger by their ids: PostgreSQL can't estimate how many lines a slice leaves, and
would compare each with each.
"""

from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from ..items.allocation_order_sql import EXPLICIT, allocation_order
from ..items.waterfall_sql import allocation_sql


def open_lines(company_ids, partner_ids=None) -> SQL:
    """Everything that is open on receivable and payable accounts.

    Of a document whose due lines have both signs (payment terms with a fixed amount above the total) only the sum is
    open: the lines that lower it pay nothing themselves, and those that are left are paid as far as it reaches, the
    earliest due first. So a document is never paired with itself.

    :param company_ids: ids of the companies
    :param partner_ids: ids of account owners, or None for all
    :return: a query of ``(id, move_id, date, due, owner_id, company_id, account_id, currency_id, amount, balance)``;
        amount is signed, in the line's currency, balance in company currency
    """
    return SQL(
        """
        SELECT id, move_id, date, due, owner_id, company_id, account_id, currency_id,
               CASE WHEN due_above = 0 OR due_below = 0 OR display_type <> 'payment_term' THEN amount
                    ELSE SIGN(amount) * LEAST(ABS(amount), ABS(due_above + due_below) - ABS(due_until - amount))
               END AS amount, balance
          FROM (
                SELECT line.id, line.move_id, line.date, COALESCE(line.date_maturity, line.date) AS due,
                       partner.commercial_partner_id AS owner_id, line.company_id, line.account_id, line.currency_id,
                       line.amount_residual_currency AS amount, line.amount_residual AS balance, line.display_type,
                       SUM(GREATEST(line.amount_residual_currency, 0)) OVER document AS due_above,
                       SUM(LEAST(line.amount_residual_currency, 0)) OVER document AS due_below,
                       SUM(line.amount_residual_currency) OVER same_sign AS due_until
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                  JOIN res_partner AS partner ON partner.id = line.partner_id
                 WHERE line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency * line.amount_residual > 0
                   AND account.account_type IN %(owed_types)s
                   AND line.company_id = ANY(%(company_ids)s)
                   AND %(partners)s
                WINDOW document AS (PARTITION BY line.move_id, line.account_id, line.currency_id),
                       same_sign AS (
                           PARTITION BY line.move_id, line.account_id, line.currency_id, SIGN(line.amount_residual)
                           ORDER BY COALESCE(line.date_maturity, line.date), line.id
                       )
               ) AS line
         WHERE due_above = 0 OR due_below = 0 OR display_type <> 'payment_term'
            OR amount * (due_above + due_below) > 0 AND ABS(due_until - amount) < ABS(due_above + due_below)
        """,
        owed_types=OWED_ACCOUNT_TYPES,
        company_ids=list(company_ids),
        partners=SQL("TRUE")
        if partner_ids is None
        else SQL("partner.commercial_partner_id = ANY(%s)", list(partner_ids)),
    )


class PlannedPair(NamedTuple):
    """A row of :func:`plan`: which line is reconciled with which."""

    owner_id: int
    currency_id: int
    debit_line_id: int
    credit_line_id: int
    debit_move_id: int
    credit_move_id: int
    amount: Decimal


def plan(company_ids, partner_ids=None, limit=None) -> SQL:
    """What would be reconciled with what, oldest to newest.

    :param limit: how many pairs at most, or None for all; the rest is what a later plan finds
    :return: a query of the columns of :class:`PlannedPair`, in the order of the waterfall
    """
    return SQL(
        """
        WITH open_line AS MATERIALIZED (%(open_lines)s),
        keyed AS (
            SELECT open_line.*, DENSE_RANK() OVER (
                       ORDER BY owner_id, open_line.company_id, account_id, open_line.currency_id
                   ) AS allocation_key
              FROM open_line
              JOIN res_partner AS owner ON owner.id = open_line.owner_id
              JOIN res_company AS company ON company.id = open_line.company_id
             WHERE %(order)s <> %(explicit)s
        ), allocated AS (%(allocated)s)
        SELECT partner.commercial_partner_id AS owner_id, debit.currency_id, debit.id AS debit_line_id,
               credit.id AS credit_line_id, debit.move_id AS debit_move_id, credit.move_id AS credit_move_id,
               allocated.amount
          FROM allocated
          JOIN account_move_line AS debit ON debit.id = allocated.target_id
          JOIN account_move_line AS credit ON credit.id = allocated.source_id
          JOIN res_partner AS partner ON partner.id = debit.partner_id
         ORDER BY allocated.allocation_key,
                  debit.date, debit.move_id, COALESCE(debit.date_maturity, debit.date), debit.id,
                  credit.date, credit.move_id, COALESCE(credit.date_maturity, credit.date), credit.id
         %(limit)s
        """,
        order=allocation_order("owner", "company"),
        explicit=EXPLICIT,
        limit=SQL("LIMIT %s", limit) if limit else SQL(),
        open_lines=open_lines(company_ids, partner_ids),
        allocated=allocation_sql(
            SQL("SELECT allocation_key, id, (date, move_id, due, id) AS seq, -amount AS amount FROM keyed"),
            SQL("SELECT allocation_key, id, (date, move_id, due, id) AS seq, amount FROM keyed"),
        ),
    )


def preview(company_ids, partner_ids=None) -> SQL:
    """How much a run would do, before it runs.

    :return: a query of ``(owner_id, currency_id, transactions, amount)``
    """
    return SQL(
        """
        WITH planned AS (%s)
        SELECT owner_id, currency_id, COUNT(DISTINCT debit_move_id) + COUNT(DISTINCT credit_move_id), SUM(amount)
          FROM planned
         GROUP BY owner_id, currency_id
         ORDER BY owner_id, currency_id
        """,
        plan(company_ids, partner_ids),
    )


def work_list(company_ids, partner_ids=None) -> SQL:
    """The accounts that have something to reconcile, and how much work each is.

    :return: a query of ``(owner_id, partials)``, by owner
    """
    return SQL(
        "SELECT owner_id, COUNT(*) AS partials FROM (%s) AS planned GROUP BY owner_id ORDER BY owner_id",
        plan(company_ids, partner_ids),
    )


def lock_open_lines(company_ids, partner_ids) -> SQL:
    """Lock what is open of some account owners, in a fixed order; wait for other transactions that have locked it.

    :return: a query of the locked ids
    """
    return SQL(
        "SELECT id FROM account_move_line WHERE id IN (SELECT id FROM (%s) AS open_line) ORDER BY id FOR NO KEY UPDATE",
        open_lines(company_ids, partner_ids),
    )


def lock_open_lines_or_skip(company_ids, partner_ids) -> SQL:
    """Lock what is open of some account owners, in a fixed order; pass over what somebody else is working on.

    :return: a query of the ids of the owners that are busy: not everything of them could be locked
    """
    return SQL(
        """
        WITH open_line AS MATERIALIZED (%s),
        locked AS MATERIALIZED (
            SELECT id FROM account_move_line
             WHERE id IN (SELECT id FROM open_line) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT open_line.owner_id
          FROM open_line
          LEFT JOIN locked ON locked.id = open_line.id
         GROUP BY open_line.owner_id
        HAVING COUNT(locked.id) < COUNT(*)
        """,
        open_lines(company_ids, partner_ids),
    )


def left_open(company_ids, partner_ids) -> SQL:
    """What stays open: documents without money, and money without documents.

    On a receivable account a document is a debit, on a payable account a credit.

    :return: a query of ``(owner_id, currency_id, documents, money)``, both at least 0, in the currency
    """
    return SQL(
        """
        SELECT open_line.owner_id, open_line.currency_id,
               COALESCE(SUM(ABS(amount)) FILTER (WHERE (amount > 0) = (account.account_type = 'asset_receivable')), 0),
               COALESCE(SUM(ABS(amount)) FILTER (WHERE (amount > 0) <> (account.account_type = 'asset_receivable')), 0)
          FROM (%s) AS open_line
          JOIN account_account AS account ON account.id = open_line.account_id
         GROUP BY open_line.owner_id, open_line.currency_id
         ORDER BY open_line.owner_id, open_line.currency_id
        """,
        open_lines(company_ids, partner_ids),
    )
