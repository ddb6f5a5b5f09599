"""What is stored with each reconciliation line: its amounts, net and tax, the money it brought, its direction.

*Why stored.* The rounding of each depends on the lines before: computed in a report, every line would need the whole
history of its item and of its payment, also where the report shows one month.

*How it is rounded.* An amount that is spread over parts gives each part the difference of two roundings of the running
total, so that the parts add up to the whole. Where lines exist already, a new one gets what the running total is worth
less what those lines have got: whatever is deleted in between, an item that is paid in full has exactly its net and its
tax, and a payment that is applied in full has brought exactly its money.
"""

from odoo.tools import SQL

from ..common.odoo_types import side_sql
from ..common.rounding_sql import rounded, running_share


def computed_lines(split: SQL, is_recomputed: bool = False) -> SQL:
    """The amounts of reconciliation lines.

    ``amount`` adds up to the partial, in company currency; it is shared as the items' own company amounts are, so that
    a document in another currency that is paid at its own rate gives each ledger code what the ledger says.
    ``amount_untaxed`` is the net of it, in proportion to the item; the rest is tax. ``amount_money`` is the amount in
    the currency of what pays. ``amount_received`` is what the money was worth on the bank's side in company currency,
    above 0 where it came in: it differs from the amount where a payment writes something off, and where its rate is not
    the document's; it is 0 where a credit note or another entry pays.

    :param split: a query of ``(partial_id, other_line_id, item_id, amount)``, amount in the document's currency
    :param is_recomputed: these are all lines there are, whose amounts are computed again
    :return: a query of ``(partial_id, item_id, other_line_id, amount_currency, amount, amount_untaxed, amount_money,
        amount_received, direction, side, is_payment)``
    """
    applied = (
        SQL("(SELECT 0 AS amount, 0 AS net)")
        if is_recomputed
        else SQL(
            "(SELECT COALESCE(SUM(amount), 0) AS amount, COALESCE(SUM(amount_untaxed), 0) AS net"
            " FROM account_reconciliation_line WHERE item_id = split.item_id)"
        )
    )
    return SQL(
        """
        WITH spread AS (
            SELECT split.partial_id, split.other_line_id, split.item_id, split.amount AS amount_currency,
                   SUM(split.amount) OVER listed AS until,
                   split.whole,
                   worth.amount AS worth, SUM(worth.amount) OVER pair AS worth_whole,
                   SUM(ABS(worth.amount)) OVER pair AS worth_size, SUM(ABS(split.amount)) OVER pair AS size,
                   item.sequence, item.move_line_id,
                   item.balance_total AS item_total, item.balance_untaxed AS item_net,
                   applied.amount AS applied_before, applied.net AS net_before,
                   paid.amount AS partial_amount, currency.rounding,
                   paid.money + exchanged.amount AS partial_money, other_currency.rounding AS money_rounding,
                   ABS(other.amount_currency) AS money_whole,
                   COALESCE(money.amount_received, -other.balance) AS received_whole,
                   COALESCE(money.amount_applied, 0) AS received_before,
                   COALESCE(money.amount_applied_currency, 0) AS money_before,
                   CASE WHEN COALESCE(NULLIF(other.balance, 0), other.amount_currency) < 0 THEN 1 ELSE -1
                   END AS direction,
                   %(side)s AS side,
                   money.move_line_id IS NOT NULL AS is_payment
              FROM (
                    SELECT *, SUM(amount) OVER (PARTITION BY partial_id, other_line_id) AS whole
                      FROM (%(split)s) AS split
                   ) AS split
              JOIN account_reconciliation_item AS item ON item.id = split.item_id
              JOIN account_partial_reconcile AS partial ON partial.id = split.partial_id
              JOIN account_move_line AS other ON other.id = split.other_line_id
              JOIN account_account AS account ON account.id = other.account_id
              JOIN res_currency AS other_currency ON other_currency.id = other.currency_id
              JOIN res_company AS company ON company.id = item.company_id
              JOIN res_currency AS currency ON currency.id = company.currency_id
              CROSS JOIN LATERAL (
                    SELECT CASE WHEN other.id = partial.debit_move_id THEN partial.credit_amount_currency
                                ELSE partial.debit_amount_currency END AS own,
                           CASE WHEN other.id = partial.debit_move_id THEN partial.debit_amount_currency
                                ELSE partial.credit_amount_currency END AS money
                    ) AS side
              CROSS JOIN LATERAL (
                    -- What a partial brings beyond a document's sum (due lines of both signs) no item gets.
                    SELECT CASE WHEN split.whole = side.own THEN partial.amount
                                ELSE %(paid_amount)s
                           END AS amount,
                           CASE WHEN split.whole = side.own THEN side.money
                                ELSE %(paid_money)s
                           END AS money
                    ) AS paid
              CROSS JOIN LATERAL (
                    SELECT split.amount * item.balance_total / item.amount_total AS amount
                    ) AS worth
              CROSS JOIN LATERAL %(applied)s AS applied
              -- What the exchange difference of the partial takes of the money is used for the same items.
              CROSS JOIN LATERAL (
                    SELECT COALESCE(SUM(difference.amount), 0) AS amount
                      FROM (
                            SELECT debit_amount_currency AS amount, credit_move_id AS line_id
                              FROM account_partial_reconcile WHERE debit_move_id = other.id
                             UNION ALL
                            SELECT credit_amount_currency, debit_move_id
                              FROM account_partial_reconcile WHERE credit_move_id = other.id
                           ) AS difference
                      JOIN account_move_line AS exchange ON exchange.id = difference.line_id
                     WHERE exchange.move_id = partial.exchange_move_id
                   ) AS exchanged
              LEFT JOIN account_reconciliation_money AS money ON money.move_line_id = other.id
            WINDOW pair AS (PARTITION BY split.partial_id, split.other_line_id),
                   listed AS (pair ORDER BY item.sequence, item.move_line_id)
        ), weighed AS (
            SELECT *, CASE -- None of these items is worth a cent in company currency.
                           WHEN worth_size = 0
                           THEN amount_currency + (partial_amount - whole) * ABS(amount_currency) / size
                           -- What rounding leaves: in proportion to it, items that nearly cancel each other would be
                           -- worth a multiple of it more or less.
                           WHEN worth_whole = 0 OR ABS(partial_amount - worth_whole) <= rounding
                           THEN worth + (partial_amount - worth_whole) * ABS(worth) / worth_size
                           -- Paid at another rate.
                           ELSE worth * partial_amount / worth_whole
                      END AS part,
                   %(amount_money)s AS amount_money
              FROM spread
        ), priced AS (
            SELECT *, %(amount)s AS amount
              FROM weighed
            WINDOW listed AS (PARTITION BY partial_id, other_line_id ORDER BY sequence, move_line_id)
        ), running AS (
            SELECT *,
                   applied_before + SUM(amount) OVER item_lines AS applied_until,
                   money_before + SUM(amount_money) OVER money_lines AS money_until
              FROM priced
            WINDOW item_lines AS (PARTITION BY item_id ORDER BY partial_id, other_line_id),
                   money_lines AS (PARTITION BY other_line_id ORDER BY partial_id, item_id)
        ), worth AS (
            SELECT *,
                   CASE WHEN item_total = 0 THEN applied_until
                        ELSE %(net_until)s
                   END AS net_until,
                   %(received_until)s AS received_until
              FROM running
        )
        SELECT partial_id, item_id, other_line_id, amount_currency, amount, amount_money, direction, side, is_payment,
               net_until - COALESCE(LAG(net_until) OVER item_lines, net_before) AS amount_untaxed,
               CASE WHEN is_payment
                    THEN received_until - COALESCE(LAG(received_until) OVER money_lines, received_before)
                    ELSE 0
               END AS amount_received
          FROM worth
        WINDOW item_lines AS (PARTITION BY item_id ORDER BY partial_id, other_line_id),
               money_lines AS (PARTITION BY other_line_id ORDER BY partial_id, item_id)
        """,
        split=split,
        applied=applied,
        side=side_sql(SQL("account.account_type")),
        paid_amount=rounded(SQL("partial.amount * split.whole / side.own"), SQL("currency.rounding")),
        paid_money=rounded(SQL("side.money * split.whole / side.own"), SQL("other_currency.rounding")),
        net_until=rounded(SQL("applied_until * item_net / item_total"), SQL("rounding")),
        received_until=rounded(SQL("received_whole * money_until / NULLIF(money_whole, 0)"), SQL("rounding")),
        amount_money=running_share(
            SQL("partial_money"), SQL("until"), SQL("amount_currency"), SQL("whole"), SQL("money_rounding")
        ),
        amount=running_share(SQL("1"), SQL("SUM(part) OVER listed"), SQL("part"), SQL("1"), SQL("rounding")),
    )


def insert_lines(split: SQL, uid: int) -> SQL:
    """Write reconciliation lines with their amounts.

    :param split: a query of ``(partial_id, other_line_id, item_id, amount)``, amount in the document's currency
    :param uid: id of the user who reconciles
    :return: the INSERT
    """
    return SQL(
        """
        INSERT INTO account_reconciliation_line (
            partial_id, item_id, move_line_id, move_id, counterpart_line_id, counterpart_move_id, partner_id,
            account_id, currency_id, company_id, date, amount_currency, amount, amount_untaxed, amount_money,
            amount_received, direction, side, is_payment, payment_id, payment_method_line_id, statement_line_id,
            journal_id, counterpart_state,
            create_uid, write_uid, create_date, write_date
        )
        SELECT computed.partial_id, computed.item_id, item.move_line_id, item.move_id, other.id, other.move_id,
               item.partner_id, item.account_id, item.currency_id, item.company_id, other.date,
               computed.amount_currency, computed.amount, computed.amount_untaxed, computed.amount_money,
               computed.amount_received, computed.direction, computed.side, computed.is_payment,
               other.payment_id, payment.payment_method_line_id, other.statement_line_id, other.journal_id,
               other.parent_state,
               %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM (%(computed)s) AS computed
          JOIN account_reconciliation_item AS item ON item.id = computed.item_id
          JOIN account_move_line AS other ON other.id = computed.other_line_id
          LEFT JOIN account_payment AS payment ON payment.id = other.payment_id
         ORDER BY computed.partial_id, computed.other_line_id, computed.item_id
        """,
        computed=computed_lines(split),
        uid=uid,
    )


def take_exchanged_lines(partial_ids) -> SQL:
    """Delete the lines of money whose exchange difference has just become known, to be inserted again.

    :param partial_ids: ids of account.partial.reconcile
    :return: the DELETE, giving ``(partial_id, other_line_id, item_id, amount)`` as :func:`insert_lines` takes it
    """
    return SQL(
        """
        DELETE FROM account_reconciliation_line AS line
         USING account_partial_reconcile AS partial
         WHERE partial.id = line.partial_id AND partial.id = ANY(%s) AND line.is_payment
           AND EXISTS (
                SELECT FROM account_partial_reconcile AS difference
                  JOIN account_move_line AS exchange ON exchange.move_id = partial.exchange_move_id
                 WHERE difference.debit_move_id = line.counterpart_line_id
                       AND difference.credit_move_id = exchange.id AND difference.debit_amount_currency <> 0
                    OR difference.credit_move_id = line.counterpart_line_id
                       AND difference.debit_move_id = exchange.id AND difference.credit_amount_currency <> 0
           )
        RETURNING line.partial_id, line.counterpart_line_id, line.item_id, line.amount_currency
        """,
        list(partial_ids),
    )


def take_lines_of_money(line_ids) -> SQL:
    """Delete the lines of money that is worth something else now, to be inserted again.

    :param line_ids: ids of account_move_line
    :return: the DELETE, giving ``(partial_id, other_line_id, item_id, amount)`` as :func:`insert_lines` takes it
    """
    return SQL(
        """
        DELETE FROM account_reconciliation_line AS line
         WHERE line.counterpart_line_id = ANY(%s) AND line.is_payment
        RETURNING line.partial_id, line.counterpart_line_id, line.item_id, line.amount_currency
        """,
        list(line_ids),
    )


def recompute() -> SQL:
    """Compute the amounts of all lines again: of lines older than these columns, and after a repair by hand."""
    return SQL(
        """
        UPDATE account_reconciliation_line AS line
           SET amount = computed.amount, amount_untaxed = computed.amount_untaxed, amount_money = computed.amount_money,
               amount_received = computed.amount_received, direction = computed.direction, side = computed.side,
               is_payment = computed.is_payment, payment_id = other.payment_id,
               payment_method_line_id = payment.payment_method_line_id, statement_line_id = other.statement_line_id,
               journal_id = other.journal_id, counterpart_state = other.parent_state
          FROM (%(computed)s) AS computed
          JOIN account_move_line AS other ON other.id = computed.other_line_id
          LEFT JOIN account_payment AS payment ON payment.id = other.payment_id
         WHERE line.partial_id = computed.partial_id AND line.counterpart_line_id = computed.other_line_id
           AND line.item_id = computed.item_id
        """,
        computed=computed_lines(
            SQL(
                "SELECT partial_id, counterpart_line_id AS other_line_id, item_id, amount_currency AS amount"
                " FROM account_reconciliation_line"
            ),
            is_recomputed=True,
        ),
    )
