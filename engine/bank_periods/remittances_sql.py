"""What moved on a bank account according to the books, as SQL text: one row a cash movement.

A row is a journal item, and its amount is in the currency of the bank account:

* the outstanding item of a payment (or of the entry that reverses a payment), whatever becomes of it at the bank,
  less what transactions of another bank account have cleared of it: that is the other account's. A payment that the
  bank shows in parts is less what it has shown: each transaction is worth its own part, in the period of its date, and
  the payment what is still to come. One that was confirmed as a whole stays whole;
* an item on the bank's own account, *less what is listed already*: what its entry clears of payments of the same bank
  account, and what of a bank transaction is not matched yet. A transaction that merely clears payments is worth
  nothing and isn't listed; one that clears a payment of 100 with 98 is worth the bank's fee of -2; one that was booked
  straight to an expense is worth all of itself.

So the opening balance, and every movement that the bank shows, give the closing balance, to the cent: what the rows of
a bank transaction and of the payments that it clears add up to is what the bank moved.
"""

from odoo.tools import SQL

from ..common.odoo_types import JOURNAL_TYPES
from ..common.rounding_sql import rounded, running_share


def remittances() -> SQL:
    """All remittances of all bank, cash and card journals.

    Costs one pass over a journal's payments and one over the items of its bank account, where the caller filters by
    ``journal_id``; what clears what is looked up by index, row by row.

    :return: a query of the columns of ``account.bank.remittance``
    """
    return SQL(
        """
        SELECT moved.*, moved.id AS move_line_id
          FROM (%(payments)s UNION ALL %(direct)s) AS moved
         WHERE moved.amount <> 0
        """,
        payments=_payments(),
        direct=_direct(),
    )


def _payments() -> SQL:
    """Outstanding items of payments and of their reversals."""
    return SQL(
        """
        SELECT line.id, line.move_id, payment.id AS payment_id, shown.statement_line_id, bank.journal_id,
               bank.company_id, bank.id AS currency_id, line.date, line.partner_id, source.name,
               COALESCE(payment.memo, line.name) AS label,
               CASE WHEN source.is_reversal THEN 'reversal'
                    WHEN payment.destination_account_id = bank.transfer_account_id THEN 'transfer'
                    WHEN payment.payment_type = 'inbound' THEN 'receipt'
                    ELSE 'payment'
               END AS kind,
               shown.amount,
               line.reconciled IS TRUE OR line.account_id = bank.default_account_id AS is_cleared,
               line.reconciled IS TRUE AND shown.bank_date IS NOT NULL AS is_matched,
               CASE WHEN line.account_id = bank.default_account_id THEN line.date ELSE shown.bank_date END AS bank_date,
               shown.is_in_parts, confirmation.id AS confirmation_id, confirmation.reconciliation_id
          FROM %(banks)s
          JOIN account_payment AS payment ON payment.journal_id = bank.journal_id
          JOIN (
                SELECT id, id AS paid_id, name, FALSE AS is_reversal FROM account_move
                 UNION ALL
                SELECT id, reversed_entry_id, name, TRUE FROM account_move
               ) AS source ON source.paid_id = payment.move_id
          JOIN account_move_line AS line ON line.move_id = source.id
           AND line.account_id = payment.outstanding_account_id
     LEFT JOIN account_bank_reconciliation_confirmation AS confirmation ON confirmation.move_line_id = line.id
    CROSS JOIN LATERAL (%(shown)s) AS shown
         WHERE line.parent_state = 'posted'
        """,
        banks=_banks(),
        shown=_shown(),
    )


def _shown() -> SQL:
    """What the bank has shown of the outstanding item ``line``: its amount as it is listed, and where it is matched.

    Kept apart by ``OFFSET 0``, as all that is looked up row by row: planned with the rest it would take as long as a
    page of rows.
    """
    return SQL(
        """
        SELECT own.amount - COALESCE(%(cleared)s, 0) AS amount, parts.is_in_parts,
               CASE WHEN parts.is_whole THEN cleared.statement_line_id END AS statement_line_id,
               CASE WHEN parts.is_whole THEN cleared.bank_date END AS bank_date
          FROM (%(own)s) AS own
    CROSS JOIN (
                SELECT MIN(entry.statement_line_id) FILTER (WHERE entry.journal_id = bank.journal_id)
                       AS statement_line_id,
                       MAX(entry.date) FILTER (WHERE entry.journal_id = bank.journal_id) AS bank_date,
                       COUNT(DISTINCT entry.statement_line_id) FILTER (WHERE entry.journal_id = bank.journal_id)
                       AS transactions,
                       SUM(counterpart.amount) FILTER (WHERE entry.journal_id = bank.journal_id) AS here,
                       -- The bank that has shown it counts it: on its own account that is listed already.
                       SUM(counterpart.amount) FILTER (WHERE entry.journal_id <> bank.journal_id) AS elsewhere
                  FROM (
                        SELECT debit_move_id AS line_id, credit_amount_currency AS amount
                          FROM account_partial_reconcile WHERE credit_move_id = line.id
                         UNION ALL
                        SELECT credit_move_id, debit_amount_currency
                          FROM account_partial_reconcile WHERE debit_move_id = line.id
                       ) AS counterpart
                  JOIN account_move_line AS other ON other.id = counterpart.line_id
                  JOIN account_move AS entry ON entry.id = other.move_id
                 WHERE entry.statement_line_id IS NOT NULL
               ) AS cleared
    CROSS JOIN LATERAL (
                SELECT in_parts.value AS is_in_parts,
                       NOT in_parts.value OR COALESCE(confirmation.amount = own.amount, FALSE) AS is_whole
                  FROM (SELECT cleared.transactions > CASE WHEN line.reconciled THEN 1 ELSE 0 END AS value) AS in_parts
               ) AS parts
        OFFSET 0
        """,
        own=_own_amount(),
        cleared=rounded(
            SQL(
                """
                own.amount * (COALESCE(cleared.elsewhere, 0)
                      + CASE WHEN parts.is_whole THEN 0 ELSE COALESCE(cleared.here, 0) END)
                / NULLIF(ABS(line.amount_currency), 0)
                """
            ),
            SQL("bank.rounding"),
        ),
    )


def _banks() -> SQL:
    """The journals as ``bank``, with what is needed of their companies and currencies: few rows, planned apart."""
    return SQL(
        """
        (SELECT journal.id AS journal_id, journal.type, journal.default_account_id, journal.suspense_account_id,
                company.id AS company_id, company.currency_id AS company_currency_id, company.transfer_account_id,
                split_part(company.parent_path, '/', 1)::integer AS rate_company_id, currency.id, currency.rounding
           FROM account_journal AS journal
           JOIN res_company AS company ON company.id = journal.company_id
           JOIN res_currency AS currency ON currency.id = COALESCE(journal.currency_id, company.currency_id)
         OFFSET 0) AS bank
        """
    )


def _own_amount() -> SQL:
    """The amount of the journal item ``line`` in the currency of the bank account.

    Kept apart by ``OFFSET 0``: drawn in, each use of the amount would be planned and looked up with its rates anew.
    """
    return SQL("SELECT %s AS amount OFFSET 0", _in_bank_currency("line"))


def shown_after(line_ids, journal_id, date_to) -> SQL:
    """What a bank account has shown of payments after a day.

    :param line_ids: ids of outstanding items
    :param journal_id: id of the bank account's journal
    :param date_to: the day
    :return: a query of ``(line_id, amount)``, in the currency of the bank account and signed as the item
    """
    return SQL(
        """
        SELECT line.id, %(shown)s
          FROM account_move_line AS line
          JOIN %(banks)s ON bank.journal_id = %(journal_id)s
          JOIN LATERAL (
                SELECT debit_move_id AS line_id, credit_amount_currency AS amount
                  FROM account_partial_reconcile WHERE credit_move_id = line.id
                 UNION ALL
                SELECT credit_move_id, debit_amount_currency FROM account_partial_reconcile
                 WHERE debit_move_id = line.id
               ) AS counterpart ON TRUE
          JOIN account_move_line AS other ON other.id = counterpart.line_id
          JOIN account_move AS entry ON entry.id = other.move_id
         WHERE line.id = ANY(%(line_ids)s) AND line.parent_state = 'posted' AND line.amount_currency <> 0
           AND entry.statement_line_id IS NOT NULL AND entry.journal_id = bank.journal_id AND entry.date > %(date_to)s
         GROUP BY line.id, bank.id, bank.rounding, bank.company_currency_id, bank.rate_company_id
        """,
        shown=rounded(
            SQL("%s * SUM(counterpart.amount) / ABS(line.amount_currency)", _in_bank_currency("line")),
            SQL("bank.rounding"),
        ),
        banks=_banks(),
        line_ids=list(line_ids),
        journal_id=journal_id,
        date_to=date_to,
    )


def _direct() -> SQL:
    """Items on the bank's own account, each less what is listed otherwise."""
    return SQL(
        """
        SELECT line.id, line.move_id, NULL::integer AS payment_id, move.statement_line_id, bank.journal_id,
               bank.company_id, bank.id AS currency_id, line.date, line.partner_id, move.name,
               line.name AS label,
               CASE WHEN figures.listed <> 0 THEN 'difference'
                    WHEN move.statement_line_id IS NOT NULL THEN 'bank'
                    ELSE 'entry'
               END AS kind,
               figures.own + figures.waiting - figures.listed AS amount,
               TRUE AS is_cleared,
               move.statement_line_id IS NOT NULL AND figures.waiting = 0 AS is_matched,
               line.date AS bank_date, FALSE AS is_in_parts,
               confirmation.id AS confirmation_id, confirmation.reconciliation_id
          FROM %(banks)s
          JOIN account_move_line AS line ON line.account_id = bank.default_account_id
          JOIN account_move AS move ON move.id = line.move_id
     LEFT JOIN account_move AS reversed ON reversed.id = move.reversed_entry_id
     LEFT JOIN account_payment AS payment ON payment.id = COALESCE(move.origin_payment_id, reversed.origin_payment_id)
           AND payment.outstanding_account_id = line.account_id AND payment.journal_id = bank.journal_id
     LEFT JOIN account_bank_reconciliation_confirmation AS confirmation ON confirmation.move_line_id = line.id
    CROSS JOIN LATERAL (
                SELECT own.amount AS own, waiting.amount AS waiting, listed.amount AS listed
                  FROM (%(own)s) AS own CROSS JOIN LATERAL (%(waiting)s) AS waiting CROSS JOIN (%(listed)s) AS listed
                OFFSET 0
               ) AS figures
         WHERE line.parent_state = 'posted'
           AND payment.id IS NULL
           AND bank.type IN %(journal_types)s
           AND (line.journal_id = bank.journal_id OR NOT EXISTS (
                    SELECT FROM account_journal AS other
                     WHERE other.id = line.journal_id AND other.default_account_id = line.account_id))
        """,
        banks=_banks(),
        journal_types=JOURNAL_TYPES,
        own=_own_amount(),
        waiting=_waiting(),
        listed=_listed(),
    )


def _waiting() -> SQL:
    """What of a bank transaction is not matched yet: the part on the suspense account, signed as there."""
    return SQL(
        """
        SELECT COALESCE(SUM(
                   CASE WHEN suspense.currency_id = bank.id THEN
                            CASE WHEN account.reconcile THEN suspense.amount_residual_currency
                                 ELSE suspense.amount_currency END
                        WHEN bank.company_currency_id = bank.id THEN
                            CASE WHEN account.reconcile THEN suspense.amount_residual ELSE suspense.balance END
                        ELSE %(converted)s
                   END), 0) AS amount
          FROM account_move_line AS suspense
          JOIN account_account AS account ON account.id = suspense.account_id
         WHERE move.statement_line_id IS NOT NULL
           AND suspense.move_id = line.move_id AND suspense.account_id = bank.suspense_account_id
        """,
        converted=rounded(
            SQL(
                """
                CASE WHEN account.reconcile THEN suspense.amount_residual ELSE suspense.balance END
                * own.amount / NULLIF(line.balance, 0)
                """
            ),
            SQL("bank.rounding"),
        ),
    )


def _listed() -> SQL:
    """What the entry clears of payments of the same bank account, at the amounts at which they are listed.

    Of a payment that the bank shows in parts, a bank transaction is its own part: that is not listed otherwise.

    In a foreign currency the parts of a payment are shared by running totals, so that they add up to it exactly. An
    entry with several items on the bank's account carries it on the first.
    """
    return SQL(
        """
        SELECT COALESCE(SUM(
                   CASE WHEN paid.currency_id = bank.id THEN paid.amount
                        ELSE %(share)s
                   END), 0) AS amount
          FROM (
                SELECT part.id AS part_id, part.amount, item.id, item.account_id, item.currency_id,
                       item.amount_currency, item.reconciled, %(in_bank_currency)s AS bank_amount,
                       whole.amount AS confirmed_amount,
                       COALESCE(entry.origin_payment_id, reversed.origin_payment_id) AS payment_id
                  FROM account_move_line AS own
                  JOIN LATERAL (
                        SELECT id, debit_move_id AS line_id, debit_amount_currency AS amount
                          FROM account_partial_reconcile WHERE credit_move_id = own.id
                         UNION ALL
                        SELECT id, credit_move_id, -credit_amount_currency
                          FROM account_partial_reconcile WHERE debit_move_id = own.id
                       ) AS part ON TRUE
                  JOIN account_move_line AS item ON item.id = part.line_id
                  JOIN account_move AS entry ON entry.id = item.move_id
             LEFT JOIN account_move AS reversed ON reversed.id = entry.reversed_entry_id
             LEFT JOIN account_bank_reconciliation_confirmation AS whole ON whole.move_line_id = item.id
                 WHERE own.move_id = line.move_id
                   AND item.amount_currency <> 0 AND item.parent_state = 'posted'
                   AND line.id = (SELECT MIN(id) FROM account_move_line
                                   WHERE move_id = line.move_id AND account_id = line.account_id)
                -- Planned apart: with the payments drawn in, missing statistics make a plan that takes minutes.
                OFFSET 0
               ) AS paid
          JOIN account_payment AS paying ON paying.id = paid.payment_id
           AND paying.outstanding_account_id = paid.account_id AND paying.journal_id = bank.journal_id
           AND (move.statement_line_id IS NULL OR paid.confirmed_amount = paid.bank_amount OR (
                    paid.reconciled IS TRUE AND NOT EXISTS (
                        SELECT FROM (
                                SELECT debit_move_id AS line_id FROM account_partial_reconcile
                                 WHERE credit_move_id = paid.id
                                 UNION ALL
                                SELECT credit_move_id FROM account_partial_reconcile WHERE debit_move_id = paid.id
                               ) AS shown
                          JOIN account_move_line AS shown_line ON shown_line.id = shown.line_id
                          JOIN account_move AS shown_entry ON shown_entry.id = shown_line.move_id
                         WHERE shown_entry.statement_line_id <> move.statement_line_id
                           AND shown_entry.journal_id = bank.journal_id
                    )
               ))
    CROSS JOIN LATERAL (
                SELECT SUM(CASE WHEN debit_move_id = paid.id THEN debit_amount_currency
                                ELSE -credit_amount_currency END) AS amount
                  FROM account_partial_reconcile
                 WHERE (debit_move_id = paid.id OR credit_move_id = paid.id) AND id <= paid.part_id
                   AND paid.currency_id <> bank.id
               ) AS so_far
        """,
        in_bank_currency=_in_bank_currency("item"),
        share=running_share(
            SQL("paid.bank_amount"),
            SQL("so_far.amount"),
            SQL("paid.amount"),
            SQL("paid.amount_currency"),
            SQL("bank.rounding"),
        ),
    )


def _in_bank_currency(alias) -> SQL:
    """The amount of a journal item in the currency of the bank account; by the rate of its date where the item is in
    neither that nor company currency, as ``res.currency._convert`` would."""
    line = SQL.identifier(alias)
    return SQL(
        """
        (CASE WHEN %(line)s.currency_id = bank.id THEN %(line)s.amount_currency
              WHEN bank.company_currency_id = bank.id THEN %(line)s.balance
              ELSE %(converted)s
         END)
        """,
        line=line,
        converted=rounded(
            SQL(
                "%s.balance * %s / %s",
                line,
                _rate(SQL("bank.id"), line),
                _rate(SQL("bank.company_currency_id"), line),
            ),
            SQL("bank.rounding"),
        ),
    )


def _rate(currency, line) -> SQL:
    """The rate of a currency at the date of a journal item, as ``res.currency._get_rates`` looks it up."""
    lookup = SQL(
        "SELECT rate FROM res_currency_rate WHERE currency_id = %s"
        " AND (company_id IS NULL OR company_id = bank.rate_company_id)",
        currency,
    )
    return SQL(
        "COALESCE((%(lookup)s AND name <= %(line)s.date ORDER BY company_id, name DESC LIMIT 1),"
        " (%(lookup)s ORDER BY company_id, name LIMIT 1), 1)",
        lookup=lookup,
        line=line,
    )
