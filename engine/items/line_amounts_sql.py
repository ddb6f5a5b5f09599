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
        SQL("(SELECT 0::numeric AS amount, 0::numeric AS amount_currency, 0::numeric AS net, 0::bigint AS lines)")
        if is_recomputed
        else SQL(
            "(SELECT COALESCE(SUM(amount), 0) AS amount, COALESCE(SUM(amount_currency), 0) AS amount_currency,"
            " COALESCE(SUM(amount_untaxed), 0) AS net, CASE WHEN item.currency_id <> company.currency_id THEN"
            " (SELECT COUNT(*) FROM account_reconciliation_line WHERE move_id = item.move_id) END AS lines"
            " FROM account_reconciliation_line WHERE item_id = split.item_id)"
        )
    )
    return SQL(
        """
        WITH RECURSIVE spread AS (
            SELECT split.partial_id, split.other_line_id, split.item_id, split.amount AS amount_currency,
                   SUM(split.amount) OVER listed AS until,
                   split.whole,
                   worth.amount AS worth, SUM(worth.amount) OVER pair AS worth_whole,
                   SUM(ABS(worth.amount)) OVER pair AS worth_size, SUM(ABS(split.amount)) OVER pair AS size,
                   item.allocation_key, item.sequence, item.move_line_id, item.amount_total,
                   item.currency_id <> company.currency_id AS is_foreign,
                   item.balance_total AS item_total, item.balance_untaxed AS item_net,
                   applied.amount AS applied_before, applied.amount_currency AS applied_currency,
                   applied.lines AS lines_before, applied.net AS net_before,
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
        ), measured AS (
            SELECT *, %(amount_money)s AS amount_money FROM spread
        ), turn AS (
            -- What a line of a document in another currency is worth follows from the lines before it.
            SELECT *, DENSE_RANK() OVER (PARTITION BY allocation_key ORDER BY partial_id, other_line_id) AS turn
              FROM measured
             WHERE is_foreign
        ), taken AS (
            SELECT DISTINCT allocation_key, item_id, 0::bigint AS turn,
                   MAX(turn) OVER (PARTITION BY allocation_key) AS last_turn,
                   applied_before, applied_currency, lines_before,
                   NULL::integer AS partial_id, NULL::integer AS other_line_id, NULL::numeric AS amount
              FROM turn
             UNION ALL
            SELECT allocation_key, item_id, next_turn, last_turn, applied_before + COALESCE(amount, 0),
                   applied_currency + COALESCE(amount_currency, 0),
                   lines_before + COUNT(amount) OVER (PARTITION BY allocation_key),
                   partial_id, other_line_id, amount
              FROM (%(in_turn)s) AS line
        ), priced AS (
            SELECT %(kept)s, amount FROM (%(at_once)s) AS measured
             UNION ALL
            SELECT %(kept)s, amount
              FROM measured
              JOIN taken USING (partial_id, other_line_id, item_id)
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
        kept=SQL(
            "partial_id, other_line_id, item_id, amount_currency, item_total, item_net, measured.applied_before,"
            " net_before, rounding, amount_money, money_before, received_whole, received_before, money_whole,"
            " direction, side, is_payment"
        ),
        at_once=_with_amounts(SQL("SELECT * FROM measured WHERE NOT is_foreign")),
        in_turn=_with_amounts(
            SQL(
                """
                SELECT taken.allocation_key, taken.item_id, taken.turn + 1 AS next_turn, taken.last_turn,
                       taken.applied_before, taken.applied_currency, taken.lines_before,
                       turn.partial_id, turn.other_line_id, turn.amount_currency, turn.amount_total, turn.item_total,
                       turn.whole, turn.size, turn.worth, turn.worth_whole, turn.worth_size, turn.partial_amount,
                       turn.rounding, turn.sequence, turn.move_line_id
                  FROM taken
                  LEFT JOIN turn ON turn.item_id = taken.item_id AND turn.turn = taken.turn + 1
                 WHERE taken.turn < taken.last_turn
                """
            )
        ),
    )


def _with_amounts(lines: SQL) -> SQL:
    """The worth of lines in company currency, partial by partial.

    A line is worth what its item is worth for all that is applied to it, this line included, less what its other lines
    have; as far as that is what rounding can have left (half a unit a line), and not another rate. What rounding leaves
    of the partial is borne by the items that stay open, so that one that is paid in full at its document's rate has
    exactly what the ledger says; where all are paid in full, they share it.

    :param lines: a query of lines, those of one item in one partial only, with what is applied to the item before
    :return: a query of the same lines with ``amount``, which adds up to each partial
    """
    return SQL(
        """
        SELECT weighed.*, %(amount)s AS amount
          FROM (
                SELECT fitting.*,
                       CASE -- None of these items is worth a cent in company currency.
                            WHEN worth_size = 0
                            THEN amount_currency + (partial_amount - whole) * ABS(amount_currency) / size
                            WHEN BOOL_AND(ROUND(carried * SIGN(amount_currency), 9) >= 0) OVER pair THEN carried
                            -- What rounding leaves: in proportion to it, items that nearly cancel each other would be
                            -- worth a multiple of it more or less.
                            WHEN worth_whole = 0 OR ABS(partial_amount - worth_whole) <= rounding
                            THEN worth + (partial_amount - worth_whole) * ABS(worth) / worth_size
                            -- Paid at another rate.
                            ELSE worth * partial_amount / worth_whole
                       END AS part
                  FROM (
                        SELECT shared.*,
                               CASE WHEN ABS(partial_amount - due_whole) <= rounding * (2 + lines_before) / 2
                                    THEN due + (partial_amount - due_whole) * CASE
                                             WHEN open_size IS NULL THEN ABS(worth) / NULLIF(worth_size, 0)
                                             WHEN is_open THEN ABS(worth) / open_size
                                             ELSE 0
                                         END
                               END AS carried
                          FROM (
                                SELECT own.*, SUM(due) OVER pair AS due_whole,
                                       NULLIF(SUM(ABS(worth)) FILTER (WHERE is_open) OVER pair, 0) AS open_size
                                  FROM (
                                        SELECT line.*,
                                               applied_currency + amount_currency <> amount_total AS is_open,
                                               CASE WHEN ABS(target - worth) <= rounding * (1 + lines_before) / 2
                                                    THEN SIGN(amount_currency)
                                                         * GREATEST(target * SIGN(amount_currency), 0)
                                                    ELSE worth
                                               END AS due
                                          FROM (
                                                SELECT given.*,
                                                       (applied_currency + amount_currency) * item_total / amount_total
                                                       - applied_before AS target
                                                  FROM (%(lines)s) AS given
                                               ) AS line
                                       ) AS own
                                WINDOW pair AS (PARTITION BY partial_id, other_line_id)
                               ) AS shared
                       ) AS fitting
                WINDOW pair AS (PARTITION BY partial_id, other_line_id)
               ) AS weighed
        WINDOW listed AS (PARTITION BY partial_id, other_line_id ORDER BY sequence, move_line_id)
        """,
        lines=lines,
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
