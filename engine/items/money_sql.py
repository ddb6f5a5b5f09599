"""What payments, bank transactions and the entries that reverse them brought: the balances of money."""

from odoo.tools import SQL

from ..common.odoo_types import MONEY_ACCOUNT_TYPES, OWED_ACCOUNT_TYPES
from ..common.rounding_sql import running_share

LINE_ID = SQL("line.id AS move_line_id")


def _worth(brought: SQL) -> SQL:
    """What a receivable or payable line of money is worth on the bank's side, in company currency.

    What is written off, a discount or a charge, is settled but not received: each line takes its part by its size,
    whichever its sign, so that debts that nearly cancel each other out stay what they are.

    :param brought: what the whole entry brought; where it is NULL, the entry brought what it books
    """
    return SQL(
        """
        COALESCE((
            SELECT -line.balance + %(share)s
              FROM (
                    SELECT -SUM(own.balance) AS amount, SUM(ABS(own.balance)) AS size,
                           SUM(ABS(own.balance)) FILTER (WHERE own.id <= line.id) AS until
                      FROM account_move_line AS own
                      JOIN account_account AS own_account ON own_account.id = own.account_id
                     WHERE own.move_id = line.move_id AND own_account.account_type IN %(owed_types)s
                       AND %(brought)s IS NOT NULL
                   ) AS owed
             WHERE owed.size <> 0
        ), -line.balance)
        """,
        brought=brought,
        share=running_share(
            SQL("(%s - owed.amount)", brought),
            SQL("owed.until"),
            SQL("ABS(line.balance)"),
            SQL("owed.size"),
            SQL("currency.rounding"),
        ),
        owed_types=OWED_ACCOUNT_TYPES,
    )


def _brought_by_bank(move: str) -> SQL:
    """What a bank transaction, or the entry that reverses one, brought to its receivable and payable lines.

    All that it books to them, and what it writes off beside them: as a payment that is registered by hand brings what
    is written off less than it settles. What clears registered payments, what goes through an account of transfers and
    what nobody has matched yet is booked on accounts that are reconciled, or on the suspense account; that is no
    write-off. Neither is what another bank, cash or credit card account got of it.

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
            AND (booked.account_type IN %(owed_types)s
                 OR booked.reconcile IS NOT TRUE AND booked.account_type NOT IN %(money_types)s
                 OR SPLIT_PART(booked.account_type, '_', 1) IN ('income', 'expense') OR own.tax_line_id IS NOT NULL))
        """,
        move=SQL.identifier(*move.split(".")),
        owed_types=OWED_ACCOUNT_TYPES,
        money_types=MONEY_ACCOUNT_TYPES,
    )


def _shown_by_bank(payment: str) -> SQL:
    """What the bank got for a payment more than it books on its outstanding account; below 0 where it was less.

    The exchange difference of what a bank transaction clears of it, and what the transaction books beside: a fee, an
    income. That is shared among the payments which the transaction clears, where it pays no debt by itself too, which
    bears it then, see :func:`_brought_by_bank`.

    :param payment: the alias of ``account_payment``
    """
    return SQL(
        """
        (SELECT COALESCE(SUM(exchanged.amount + COALESCE(beside.share, 0)), 0)
           FROM account_move_line AS outstanding
          CROSS JOIN LATERAL %(of_payment)s AS cleared
           JOIN account_move_line AS shown ON shown.id = cleared.other_id AND shown.statement_line_id IS NOT NULL
          CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(balance), 0) AS amount FROM account_move_line
                 WHERE move_id = cleared.exchange_move_id AND account_id = outstanding.account_id
               ) AS exchanged
           LEFT JOIN LATERAL (
                SELECT %(share)s AS share
                  FROM (SELECT %(booked)s AS amount OFFSET 0) AS booked
                 CROSS JOIN LATERAL (
                        SELECT SUM(part.amount) AS amount,
                               SUM(part.amount) FILTER (WHERE part.id <= cleared.id) AS until
                          FROM account_move_line AS own
                         CROSS JOIN LATERAL %(of_transaction)s AS part
                          JOIN account_move_line AS other ON other.id = part.other_id
                          JOIN account_payment AS paid ON paid.move_id = other.move_id
                           AND paid.outstanding_account_id = other.account_id
                         WHERE own.move_id = shown.move_id AND %(other_owes)s
                       ) AS whole
                 WHERE booked.amount <> 0 AND NOT %(transaction_owes)s
               ) AS beside ON TRUE
          WHERE outstanding.move_id = %(move)s AND outstanding.account_id = %(account)s)
        """,
        of_payment=_partials_of("outstanding"),
        of_transaction=_partials_of("own"),
        share=running_share(
            SQL("booked.amount"), SQL("whole.until"), SQL("cleared.amount"), SQL("whole.amount"),
            SQL("currency.rounding"),
        ),
        booked=_brought_by_bank("shown.move_id"),
        other_owes=_is_on_owed_account("other.move_id"),
        transaction_owes=_is_on_owed_account("shown.move_id"),
        move=SQL.identifier(payment, "move_id"),
        account=SQL.identifier(payment, "outstanding_account_id"),
    )  # fmt: skip


def _partials_of(line: str) -> SQL:
    """The partials of a journal item, on either side.

    :param line: the alias of ``account_move_line``
    """
    return SQL(
        """
        (SELECT id, amount, exchange_move_id, credit_move_id AS other_id
           FROM account_partial_reconcile WHERE debit_move_id = %(line)s
          UNION ALL
         SELECT id, amount, exchange_move_id, debit_move_id
           FROM account_partial_reconcile WHERE credit_move_id = %(line)s)
        """,
        line=SQL.identifier(line, "id"),
    )


def _is_on_owed_account(move: str) -> SQL:
    """Whether an entry has receivable or payable lines.

    :param move: the column with the id of the entry
    """
    return SQL(
        "EXISTS (SELECT FROM account_move_line AS owing JOIN account_account AS owed ON owed.id = owing.account_id"
        " WHERE owing.move_id = %s AND owed.account_type IN %s)",
        SQL.identifier(*move.split(".")),
        OWED_ACCOUNT_TYPES,
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
                            ELSE payment.amount_company_currency_signed + %(shown)s END AS amount
                OFFSET 0
               ) AS brought
         WHERE (line.payment_id IS NOT NULL OR line.statement_line_id IS NOT NULL) AND %(which)s
        """,
        columns=columns,
        by_bank=_brought_by_bank("line.move_id"),
        shown=_shown_by_bank("payment"),
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


def follow_entries(move_ids) -> SQL:
    """Bring the balances that the money of some entries has to what these book now, and what the bank shows of it.

    With a bank transaction the payments follow that it clears.

    :param move_ids: ids of account_move
    :return: the INSERT, giving the ids of the journal items whose balance is another one now
    """
    return SQL(
        "%s RETURNING move_line_id",
        _insert_worth(money_worth(
            SQL(
                """
                line.move_id = ANY(ARRAY(
                    SELECT UNNEST(%(moves)s)
                     UNION
                    SELECT cleared.move_id
                      FROM account_move_line AS booked
                     CROSS JOIN LATERAL %(partials)s AS partial
                      JOIN account_move_line AS cleared ON cleared.id = partial.other_id
                     WHERE booked.move_id = ANY(%(moves)s) AND booked.statement_line_id IS NOT NULL
                ))
                AND EXISTS (SELECT FROM account_reconciliation_money AS known WHERE known.move_line_id = line.id)
                """,
                moves=list(move_ids),
                partials=_partials_of("booked"),
            )
        )),
    )  # fmt: skip


def clearing_moves(partial_ids) -> SQL:
    """The entries of what bank transactions clear, and those of the transactions.

    :param partial_ids: ids of account.partial.reconcile
    :return: a query of ids of account_move
    """
    return SQL(
        """
        SELECT DISTINCT side.move_id
          FROM account_partial_reconcile AS partial
          JOIN account_move_line AS debit ON debit.id = partial.debit_move_id
          JOIN account_move_line AS credit ON credit.id = partial.credit_move_id
          JOIN account_account AS account ON account.id = debit.account_id
          CROSS JOIN LATERAL (VALUES (debit.move_id), (credit.move_id)) AS side (move_id)
         WHERE partial.id = ANY(%s)
           AND (debit.statement_line_id IS NOT NULL OR credit.statement_line_id IS NOT NULL)
           AND account.account_type NOT IN %s
         ORDER BY side.move_id
        """,
        list(partial_ids),
        OWED_ACCOUNT_TYPES,
    )


def insert_reversed_money(which: SQL) -> SQL:
    """Give entries that reverse money their balance: they reverse what a payment or a bank transaction brought.

    They have it from their posting on, reconciled or not: by it everything else knows them for money. A reversal of a
    reversal brings the money again. What a bank transaction reverses is no concern: the bank moved its money.

    :param which: a condition on ``account_move AS move``
    :return: the INSERT, giving the ids of the journal items whose balance is new or another one
    """
    return SQL(
        "%s RETURNING move_line_id",
        _insert_worth(SQL(
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
                   AND reversed.origin_payment_id IS NULL AND reversed.statement_line_id IS NULL
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
        )),
    )  # fmt: skip


def _insert_worth(worth: SQL) -> SQL:
    """Write the balances of money; one that is there keeps what is applied.

    :param worth: a query of ``(move_line_id, amount)``
    :return: the INSERT
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
