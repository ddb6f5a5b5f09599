"""The rows of the reports, as SQL text: what is applied to items, and the money that is not.

*Direction.* An amount is above zero where money comes in (a client pays an invoice, a vendor pays back), and below
where it goes out. A credit note that pays an invoice gives two rows, one for the items of each: they add up to zero.

*Dates.* Money counts on its own date, whenever it is applied: what is received in December counts in December. Between
a credit note and what it pays, the later of both dates counts, the same for both.

*Cost.* Reconciliation lines are read from their own narrow table; everything joined by its primary key is left out by
PostgreSQL where a query doesn't ask for it. It does so only while all parts of a union have exactly the same types:
hence the casts. Money that is not applied is found by partial indexes.
"""

from odoo.tools import SQL

from ..engine.common.odoo_types import OWED_ACCOUNT_TYPES, side_sql
from ..engine.common.rounding_sql import rounded
from ..engine.items.money_sql import money_worth


def applied_by_money(columns: SQL) -> SQL:
    """Rows of items that money pays.

    :param columns: what is selected of ``line``, ``method``, ``document``
    """
    return SQL(
        """
        SELECT %s
          FROM account_reconciliation_line AS line
          LEFT JOIN account_move AS document ON document.id = line.move_id
          LEFT JOIN account_payment_method_line AS method ON method.id = line.payment_method_line_id
         WHERE line.is_payment AND line.counterpart_state = 'posted'
        """,
        columns,
    )


def applied_by_credit(columns: SQL) -> SQL:
    """Rows of items that a credit note, an opening balance or another entry pays.

    :param columns: what is selected of ``line``, ``partial``, ``document``, ``counterpart``
    """
    return SQL(
        """
        SELECT %s
          FROM account_reconciliation_line AS line
          JOIN account_partial_reconcile AS partial ON partial.id = line.partial_id
          LEFT JOIN account_move AS document ON document.id = line.move_id
          LEFT JOIN account_move AS counterpart ON counterpart.id = line.counterpart_move_id
         WHERE line.is_payment IS NOT TRUE AND line.counterpart_state = 'posted'
        """,
        columns,
    )


# What is asked of a journal item of money, and of its account.
MONEY_COLUMNS = SQL(
    """
    line.id AS line_id, line.date, line.company_id, line.account_id, line.partner_id, line.move_id, line.payment_id,
    line.statement_line_id, line.journal_id, line.currency_id, line.amount_currency, line.amount_residual_currency,
    line.amount_residual, account.account_type
    """
)


def unapplied_money() -> SQL:
    """Money, or the part of it, that is not applied to any item.

    It is *unreconciled*, or it is *returned*: reconciled with other money, as a deposit that is refunded and a cheque
    that bounces. Both together are all that the money brought less what is applied.

    :return: a query of MONEY_COLUMNS and ``(id, state, is_applied, amount)``: ``id`` is below zero, ``is_applied`` says
        whether another part is applied to items, ``amount`` is in company currency
    """
    return SQL(
        """
        SELECT money.*, part.first_id + part.step * money.line_id AS id, part.state, money.applied <> 0 AS is_applied,
               part.amount
          FROM (
                SELECT %(columns)s, known.amount_received AS received, known.amount_applied AS applied,
                       known.amount_applied_currency AS applied_currency
                  FROM account_reconciliation_money AS known
                  JOIN account_move_line AS line ON line.id = known.move_line_id
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE known.amount_rest <> 0 AND line.parent_state = 'posted'
               ) AS money
          JOIN res_company AS company ON company.id = money.company_id
          JOIN res_currency AS currency ON currency.id = company.currency_id
          CROSS JOIN LATERAL (
                SELECT CASE
                       WHEN money.amount_residual_currency = 0 AND money.amount_residual = 0 THEN 0
                       WHEN money.applied_currency + ABS(money.amount_residual_currency) = ABS(money.amount_currency)
                            OR money.amount_currency = 0
                       THEN money.received - money.applied
                       ELSE %(still_open)s
                       END AS amount
               ) AS unreconciled
          CROSS JOIN LATERAL (
                -- Ids of their own that fit where other ids do: from the top and from the bottom of what is below zero.
                VALUES (0, -1, 'unreconciled'::varchar, unreconciled.amount),
                       (-2147483648, 1, 'returned'::varchar, money.received - money.applied - unreconciled.amount)
               ) AS part (first_id, step, state, amount)
         WHERE part.amount <> 0
         UNION ALL
        SELECT money.*, 0::numeric, 0::numeric, -money.line_id, 'unreconciled'::varchar, FALSE, money.amount
          FROM (%(never_reconciled)s) AS money
         WHERE money.amount <> 0
        """,
        columns=MONEY_COLUMNS,
        still_open=rounded(
            SQL("money.received * money.amount_residual_currency / money.amount_currency"), SQL("currency.rounding")
        ),
        # What an index over the open lines of an account is made for; the accounts first, as an array, so that it is
        # used for them alone.
        never_reconciled=money_worth(
            SQL(
                """
                line.account_id = ANY(ARRAY(SELECT id FROM account_account WHERE account_type IN %s))
                AND line.parent_state = 'posted' AND line.amount_residual_currency <> 0
                AND line.reconciled IS NOT TRUE
                AND NOT EXISTS (
                    SELECT FROM account_reconciliation_money AS known WHERE known.move_line_id = line.id
                )
                """,
                OWED_ACCOUNT_TYPES,
            ),
            MONEY_COLUMNS,
        ),
    )


def _method(money: str, method_of_bank: str, method_of_reversal: str) -> SQL:
    """How the method of money is called.

    :param money: the alias of what has the columns ``payment_id`` and ``statement_line_id``
    """
    return SQL(
        "(CASE WHEN %s IS NOT NULL THEN COALESCE(method.name, '') WHEN %s IS NOT NULL THEN %s ELSE %s END)::varchar",
        SQL.identifier(money, "payment_id"),
        SQL.identifier(money, "statement_line_id"),
        method_of_bank,
        method_of_reversal,
    )


def payment_rows(method_of_bank: str, method_of_reversal: str) -> SQL:
    """What every payment brought and what it is applied to; money that is not applied has rows without an item.

    The rows of any range of dates add up to the money that its payments and bank transactions brought.

    :param method_of_bank: how the method of a bank transaction is called
    :param method_of_reversal: the same for an entry that reverses a payment or a bank transaction
    :return: a query of the columns of ``account.reconciliation.payment``
    """
    applied = applied_by_money(
        SQL(
            """
            line.id, line.date, line.company_id, line.side, line.partner_id, document.partner_id AS member_id,
            line.counterpart_move_id, line.payment_id, line.journal_id,
            line.payment_method_line_id, %(method)s AS method,
            (CASE WHEN line.statement_line_id IS NOT NULL THEN 'bank'
                  WHEN line.payment_id IS NULL THEN 'correction'
                  WHEN line.side = 'customer' AND line.direction = 1 THEN 'payment'
                  WHEN line.side = 'customer' THEN 'refund'
                  WHEN line.direction = 1 THEN 'vendor_refund'
                  ELSE 'vendor_payment'
             END)::varchar AS transaction_type,
            'applied'::varchar AS state, line.move_id, line.move_line_id, line.account_id, line.currency_id,
            line.direction * line.amount_currency AS amount_currency, line.direction * line.amount AS amount_settled,
            line.amount_received AS amount
            """,
            method=_method("line", method_of_bank, method_of_reversal),
        )
    )
    return SQL(
        """
        %(applied)s
        UNION ALL
        SELECT rest.id, rest.date, rest.company_id,
               (%(side)s)::varchar AS side,
               partner.commercial_partner_id, rest.partner_id, rest.move_id, rest.payment_id, rest.journal_id,
               payment.payment_method_line_id, %(method)s,
               (CASE WHEN rest.state = 'returned' THEN 'correction'
                    WHEN rest.statement_line_id IS NOT NULL THEN 'bank'
                    WHEN rest.payment_id IS NULL THEN 'correction'
                    WHEN rest.account_type = 'liability_payable' AND rest.amount > 0 THEN 'vendor_refund'
                    WHEN rest.account_type = 'liability_payable' THEN 'vendor_payment'
                    WHEN rest.amount < 0 THEN 'refund'
                    WHEN rest.is_applied THEN 'payment'
                    ELSE 'deposit'
               END)::varchar,
               rest.state, NULL::integer, NULL::integer, NULL::integer, rest.currency_id,
               CASE WHEN rest.state = 'unreconciled' THEN -rest.amount_residual_currency END, 0::numeric, rest.amount
          FROM (%(unapplied)s) AS rest
          LEFT JOIN res_partner AS partner ON partner.id = rest.partner_id
          LEFT JOIN account_payment AS payment ON payment.id = rest.payment_id
          LEFT JOIN account_payment_method_line AS method ON method.id = payment.payment_method_line_id
        """,
        applied=applied,
        side=side_sql(SQL("rest.account_type")),
        method=_method("rest", method_of_bank, method_of_reversal),
        unapplied=unapplied_money(),
    )


def breakdown_rows(method_of_bank: str, method_of_reversal: str, method_of_credit: str, method_of_entry: str) -> SQL:
    """Every reconciliation line with its net and tax, paid by money or by a credit.

    :param method_of_bank: how the method of a bank transaction is called
    :param method_of_reversal: the same for an entry that reverses a payment or a bank transaction
    :param method_of_credit: the same for a credit note
    :param method_of_entry: the same for an opening balance or another entry
    :return: a query of the columns of ``account.reconciliation.breakdown``
    """
    common = SQL(
        """
        line.company_id, line.side, line.partner_id, document.partner_id AS member_id, line.counterpart_move_id,
        line.payment_id, line.move_id, line.move_line_id, line.account_id, line.currency_id,
        line.direction * line.amount_currency AS amount_currency,
        line.direction * line.amount_untaxed AS amount_untaxed,
        line.direction * (line.amount - line.amount_untaxed) AS amount_tax,
        line.direction * line.amount AS amount_total, document.amount_total AS document_total
        """
    )
    return SQL(
        "%s UNION ALL %s",
        applied_by_money(
            SQL(
                """
                line.id, line.date,
                (CASE WHEN line.statement_line_id IS NOT NULL THEN 'bank' ELSE 'payment' END)::varchar AS paid_by,
                %s AS method, line.journal_id, %s
                """,
                _method("line", method_of_bank, method_of_reversal),
                common,
            )
        ),
        applied_by_credit(
            SQL(
                """
                line.id, partial.max_date AS date,
                (CASE WHEN 'entry' IN (counterpart.move_type, document.move_type) THEN 'entry' ELSE 'credit'
                 END)::varchar AS paid_by,
                (CASE WHEN 'entry' IN (counterpart.move_type, document.move_type) THEN %s ELSE %s
                 END)::varchar AS method,
                line.journal_id, %s
                """,
                method_of_entry,
                method_of_credit,
                common,
            )
        ),
    )


# A credit note reverses what was paid for the item that it credits: of the document that it names, the item of the
# same product and ledger code; among several the one with the same words.
CREDITED_ITEM = SQL(
    """
    CASE WHEN line.direction = 1 THEN line.move_line_id
         ELSE COALESCE((
            SELECT CASE WHEN COUNT(*) = 1 THEN MIN(sold.id)
                        ELSE MIN(sold.id) FILTER (WHERE sold.name = credited.name)
                   END
              FROM account_move AS credit
              JOIN account_move_line AS credited ON credited.id = line.move_line_id
              JOIN account_move_line AS sold ON sold.move_id = credit.reversed_entry_id
             WHERE credit.id = line.move_id
               AND sold.display_type = 'product' AND sold.account_id = credited.account_id
               AND sold.product_id IS NOT DISTINCT FROM credited.product_id
         ), line.move_line_id)
    END
    """
)


def paid_item_rows() -> SQL:
    """What clients have paid for each item: money received less money refunded, and credits moved between items.

    A credit that pays another item takes the amount from the item that is credited and gives it to the item that is
    paid; one that only cancels what was never paid moves nothing out of its item and its ledger code. What a journal
    entry settles (a debt that is written off, a balance from before, an exchange difference) is no payment of anybody.

    :return: a query of the columns of ``account.reconciliation.paid.item``
    """
    common = SQL(
        """
        line.company_id, line.partner_id, document.partner_id AS member_id, line.counterpart_move_id, line.move_id,
        %s AS move_line_id, line.account_id, line.currency_id, line.direction * line.amount_currency AS amount_currency
        """,
        CREDITED_ITEM,
    )
    return SQL(
        "%s AND line.side = 'customer' UNION ALL %s AND line.side = 'customer'"
        " AND CASE WHEN line.direction = 1 THEN counterpart.move_type ELSE document.move_type END <> 'entry'",
        applied_by_money(
            SQL(
                """
                line.id, line.date,
                (CASE WHEN line.direction = 1 THEN 'payment' ELSE 'refund' END)::varchar AS paid_by, %s,
                line.amount_received AS amount
                """,
                common,
            )
        ),
        applied_by_credit(
            SQL(
                """
                line.id, partial.max_date AS date, 'credit'::varchar AS paid_by, %s,
                line.direction * line.amount AS amount
                """,
                common,
            )
        ),
    )
