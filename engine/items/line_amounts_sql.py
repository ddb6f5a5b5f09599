"""What is stored with each reconciliation line: its amounts, net and tax, the money it brought, its direction.

*Why stored.* The rounding of each depends on the lines before: computed in a report, every line would need the whole
history of its item and of its payment, also where the report shows one month.

*How it is rounded.* An amount that is spread over parts gives each part the difference of two roundings of the running
total, so that the parts add up to the whole. Where lines exist already, a new one gets what the running total is worth
less what those lines have got: whatever is deleted in between, an item that is paid in full has exactly its net and its
tax, and a payment that is applied in full has brought exactly its money.
"""

from odoo.tools import SQL

from ..odoo_types import OWED_ACCOUNT_TYPES
from ..rounding_sql import running_share

LINE_ID = SQL("line.id AS move_line_id")


def _worth(brought: SQL) -> SQL:
    """What a receivable or payable line of money is worth on the bank's side, in company currency.

    What is written off, a discount or a charge, is settled but not received: it is taken off in proportion.

    :param brought: what the whole entry brought; where it is NULL, the entry brought what it books
    """
    return SQL(
        """
        COALESCE((
            SELECT CASE WHEN owed.amount = %(brought)s THEN -line.balance ELSE %(share)s END
              FROM (
                    SELECT -SUM(own.balance) AS amount,
                           -SUM(own.balance) FILTER (WHERE own.id <= line.id) AS until
                      FROM account_move_line AS own
                      JOIN account_account AS own_account ON own_account.id = own.account_id
                     WHERE own.move_id = line.move_id AND own_account.account_type IN %(owed_types)s
                       AND %(brought)s IS NOT NULL
                   ) AS owed
             WHERE owed.amount <> 0
        ), -line.balance)
        """,
        brought=brought,
        share=running_share(
            brought,
            SQL("owed.until"),
            SQL("-line.balance"),
            SQL("owed.amount"),
            SQL("currency.rounding"),
        ),
        owed_types=OWED_ACCOUNT_TYPES,
    )


def _brought_by_bank(move: str) -> SQL:
    """What a bank transaction, or the entry that reverses one, brought to its receivable and payable lines.

    All that it books to them, and what it writes off beside them: as a payment that is registered by hand brings what
    is written off less than it settles. What clears registered payments, what goes through an account of transfers and
    what nobody has matched yet is booked on accounts that are reconciled, or on the suspense account; that is no
    write-off.

    :param move: the column with the id of the entry
    """
    return SQL(
        """
        (SELECT -SUM(own.balance)
           FROM account_move_line AS own
           JOIN account_account AS booked ON booked.id = own.account_id
           JOIN account_journal AS bank ON bank.id = own.journal_id
          WHERE own.move_id = %(move)s
            AND own.account_id IS DISTINCT FROM bank.default_account_id
            AND own.account_id IS DISTINCT FROM bank.suspense_account_id
            AND (booked.account_type IN %(owed_types)s OR booked.reconcile IS NOT TRUE
                 OR SPLIT_PART(booked.account_type, '_', 1) IN ('income', 'expense') OR own.tax_line_id IS NOT NULL))
        """,
        move=SQL.identifier(*move.split(".")),
        owed_types=OWED_ACCOUNT_TYPES,
    )


def money_worth(which: SQL, columns: SQL = LINE_ID) -> SQL:
    """What the receivable and payable lines of payments and bank transactions are worth on the bank's side.

    What reverses them is money too, see :func:`insert_reversed_money`.

    :param which: a condition on ``account_move_line AS line``
    :param columns: what else is selected of ``line``
    :return: a query of the columns and ``amount``, in company currency; above 0 where money came in
    """
    return SQL(
        """
        SELECT %(columns)s, %(worth)s AS amount
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %(owed_types)s
          JOIN res_company AS company ON company.id = line.company_id
          JOIN res_currency AS currency ON currency.id = company.currency_id
          LEFT JOIN account_payment AS payment ON payment.id = line.payment_id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN line.statement_line_id IS NOT NULL THEN %(by_bank)s
                            ELSE payment.amount_company_currency_signed END AS amount
                OFFSET 0
               ) AS brought
         WHERE (line.payment_id IS NOT NULL OR line.statement_line_id IS NOT NULL) AND %(which)s
        """,
        columns=columns,
        by_bank=_brought_by_bank("line.move_id"),
        worth=_worth(SQL.identifier("brought", "amount")),
        owed_types=OWED_ACCOUNT_TYPES,
        which=which,
    )


def insert_money(which: SQL) -> SQL:
    """Give the money of partials its balance; one that has it keeps what is applied.

    :param which: a condition on ``account_partial_reconcile AS partial``
    :return: the INSERT
    """
    return _insert_worth(
        money_worth(
            SQL(
                "line.id IN (SELECT UNNEST(ARRAY[partial.debit_move_id, partial.credit_move_id])"
                " FROM account_partial_reconcile AS partial WHERE %s)",
                which,
            )
        )
    )


def insert_reversed_money(which: SQL) -> SQL:
    """Give entries that reverse money their balance: they take back what a payment or a bank transaction brought.

    They have it from their posting on, reconciled or not: by it everything else knows them for money. A reversal of a
    reversal brings the money again.

    :param which: a condition on ``account_move AS move``
    :return: the INSERT
    """
    return _insert_worth(
        SQL(
            """
            WITH RECURSIVE chain AS (
                SELECT move.id AS move_id, move.reversed_entry_id
                  FROM account_move AS move
                 WHERE move.reversed_entry_id IS NOT NULL AND move.move_type = 'entry' AND move.state = 'posted'
                   AND %(which)s
                 UNION
                SELECT chain.move_id, reversed.reversed_entry_id
                  FROM chain
                  JOIN account_move AS reversed ON reversed.id = chain.reversed_entry_id
                 WHERE reversed.reversed_entry_id IS NOT NULL
            ), taken AS (
                SELECT chain.move_id, CASE WHEN reversed.statement_line_id IS NOT NULL THEN %(by_bank)s ELSE (
                           SELECT SUM(own.balance) FROM account_move_line AS own
                            WHERE own.move_id = chain.move_id AND own.account_id = payment.outstanding_account_id
                       ) END AS amount
                  FROM chain
                  JOIN account_move AS reversed ON reversed.id = chain.reversed_entry_id
                  LEFT JOIN account_payment AS payment ON payment.id = reversed.origin_payment_id
                 WHERE reversed.origin_payment_id IS NOT NULL OR reversed.statement_line_id IS NOT NULL
            )
            SELECT line.id AS move_line_id, %(worth)s AS amount
              FROM taken
              JOIN account_move_line AS line ON line.move_id = taken.move_id
              JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %(owed_types)s
              JOIN res_company AS company ON company.id = line.company_id
              JOIN res_currency AS currency ON currency.id = company.currency_id
            """,
            which=which,
            by_bank=_brought_by_bank("chain.move_id"),
            worth=_worth(SQL.identifier("taken", "amount")),
            owed_types=OWED_ACCOUNT_TYPES,
        )
    )


def _insert_worth(worth: SQL) -> SQL:
    """Write the balances of money; one that is there keeps what is applied.

    :param worth: a query of ``(move_line_id, amount)``
    """
    return SQL(
        """
        INSERT INTO account_reconciliation_money (
            move_line_id, amount_received, amount_applied, amount_applied_currency
        )
        SELECT move_line_id, amount, 0, 0
          FROM (%s) AS worth
         ORDER BY move_line_id
            ON CONFLICT (move_line_id) DO UPDATE SET amount_received = EXCLUDED.amount_received
         WHERE account_reconciliation_money.amount_received <> EXCLUDED.amount_received
        """,
        worth,
    )


def settle_money() -> SQL:
    """Set what is applied of all money from the lines, where no trigger has done it."""
    return SQL(
        """
        UPDATE account_reconciliation_money AS money
           SET amount_applied = applied.amount, amount_applied_currency = applied.amount_currency
          FROM (
                SELECT counterpart_line_id, SUM(amount_received) AS amount, SUM(amount_money) AS amount_currency
                  FROM account_reconciliation_line
                 WHERE is_payment
                 GROUP BY counterpart_line_id
               ) AS applied
         WHERE money.move_line_id = applied.counterpart_line_id
        """
    )


def measured_lines(split: SQL, is_anew: bool = False) -> SQL:
    """The amounts of reconciliation lines.

    ``amount`` adds up to the partial, in company currency; it is shared as the items' own company amounts are, so that
    a document in another currency that is paid at its own rate gives each ledger code what the ledger says.
    ``amount_untaxed`` is the net of it, in proportion to the item; the rest is tax. ``amount_money`` is the amount in
    the currency of what pays. ``amount_received`` is what the money was worth on the bank's side in company currency,
    above 0 where it came in: it differs from the amount where a payment writes something off, and where its rate is not
    the document's; it is 0 where a credit note or another entry pays.

    :param split: a query of ``(partial_id, other_line_id, item_id, amount)``, amount in the document's currency
    :param is_anew: these are all lines that there are, to be measured again
    :return: a query of ``(partial_id, item_id, other_line_id, amount_currency, amount, amount_untaxed, amount_money,
        amount_received, direction, side, is_payment)``
    """
    applied = (
        SQL("(SELECT 0 AS amount, 0 AS net)")
        if is_anew
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
                   worth.amount AS worth, SUM(worth.amount) OVER (PARTITION BY split.partial_id, split.other_line_id)
                   AS worth_whole, SUM(ABS(worth.amount)) OVER (PARTITION BY split.partial_id, split.other_line_id)
                   AS worth_size, item.sequence, item.move_line_id,
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
                   CASE account.account_type WHEN 'asset_receivable' THEN 'customer' ELSE 'supplier' END AS side,
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
                                ELSE ROUND(partial.amount * split.whole / side.own / currency.rounding)
                                     * currency.rounding
                           END AS amount,
                           CASE WHEN split.whole = side.own THEN side.money
                                ELSE ROUND(side.money * split.whole / side.own / other_currency.rounding)
                                     * other_currency.rounding
                           END AS money
                    ) AS paid
              CROSS JOIN LATERAL (
                    SELECT split.amount * COALESCE(NULLIF(item.balance_total, 0), item.amount_total)
                           / item.amount_total AS amount
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
            WINDOW listed AS (
                PARTITION BY split.partial_id, split.other_line_id ORDER BY item.sequence, item.move_line_id
            )
        ), weighed AS (
            SELECT *, worth + (partial_amount - worth_whole) * ABS(worth) / worth_size AS part,
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
                   ROUND(applied_until * item_net / NULLIF(item_total, 0) / rounding) * rounding AS net_until,
                   ROUND(received_whole * money_until / NULLIF(money_whole, 0) / rounding) * rounding AS received_until
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
        amount_money=running_share(
            SQL("partial_money"), SQL("until"), SQL("amount_currency"), SQL("whole"), SQL("money_rounding")
        ),
        amount=running_share(SQL("1"), SQL("SUM(part) OVER listed"), SQL("part"), SQL("1"), SQL("rounding")),
    )


def insert_lines(split: SQL, uid: int) -> SQL:
    """Write reconciliation lines, their amounts measured.

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
        SELECT measured.partial_id, measured.item_id, item.move_line_id, item.move_id, other.id, other.move_id,
               item.partner_id, item.account_id, item.currency_id, item.company_id, other.date,
               measured.amount_currency, measured.amount, measured.amount_untaxed, measured.amount_money,
               measured.amount_received, measured.direction, measured.side, measured.is_payment,
               other.payment_id, payment.payment_method_line_id, other.statement_line_id, other.journal_id,
               other.parent_state,
               %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM (%(measured)s) AS measured
          JOIN account_reconciliation_item AS item ON item.id = measured.item_id
          JOIN account_move_line AS other ON other.id = measured.other_line_id
          LEFT JOIN account_payment AS payment ON payment.id = other.payment_id
         ORDER BY measured.partial_id, measured.other_line_id, measured.item_id
        """,
        measured=measured_lines(split),
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


def measure_again() -> SQL:
    """Measure all lines anew: for lines from before their amounts were stored, and after a repair by hand."""
    return SQL(
        """
        UPDATE account_reconciliation_line AS line
           SET amount = measured.amount, amount_untaxed = measured.amount_untaxed, amount_money = measured.amount_money,
               amount_received = measured.amount_received, direction = measured.direction, side = measured.side,
               is_payment = measured.is_payment, payment_id = other.payment_id,
               payment_method_line_id = payment.payment_method_line_id, statement_line_id = other.statement_line_id,
               journal_id = other.journal_id, counterpart_state = other.parent_state
          FROM (%(measured)s) AS measured
          JOIN account_move_line AS other ON other.id = measured.other_line_id
          LEFT JOIN account_payment AS payment ON payment.id = other.payment_id
         WHERE line.partial_id = measured.partial_id AND line.counterpart_line_id = measured.other_line_id
           AND line.item_id = measured.item_id
        """,
        measured=measured_lines(
            SQL(
                "SELECT partial_id, counterpart_line_id AS other_line_id, item_id, amount_currency AS amount"
                " FROM account_reconciliation_line"
            ),
            is_anew=True,
        ),
    )
