"""The invariants as plain SQL over all rows, apart from the addon's own statements: what each finds must not be there.

Every query gives ``(what, id, expected, found)``; nothing where the rule holds. They can be asked at any committed
moment, also while others work.
"""

from decimal import ROUND_HALF_UP, Decimal

from .invariants_worth import DOCUMENTS, WORTH_CHECKS

OWED = "('asset_receivable', 'liability_payable')"

CHECKS = {
    "I1: the lines of a partial's side add up to it": f"""
        SELECT 'partial', side.id, side.amount_currency || ' / ' || side.amount,
               COALESCE(SUM(allocated.amount_currency), 0) || ' / ' || COALESCE(SUM(allocated.amount), 0)
          FROM (
                SELECT id, debit_move_id AS own_id, credit_move_id AS other_id, amount,
                       debit_amount_currency AS amount_currency
                  FROM account_partial_reconcile
                 UNION ALL
                SELECT id, credit_move_id, debit_move_id, amount, credit_amount_currency
                  FROM account_partial_reconcile
               ) AS side
          JOIN account_move_line AS own ON own.id = side.own_id
          JOIN account_account AS account ON account.id = own.account_id AND account.account_type IN {OWED}
          LEFT JOIN account_reconciliation_line AS allocated
            ON allocated.partial_id = side.id AND allocated.counterpart_line_id = side.other_id
          JOIN account_move_line AS other ON other.id = side.other_id
         WHERE side.amount_currency <> 0
           AND EXISTS (SELECT FROM account_reconciliation_item
                        WHERE allocation_key = -own.id
                           -- Two due lines of one document that are paired with each other pay nothing of it.
                           OR allocation_key = own.move_id AND other.move_id <> own.move_id)
           -- Of due lines of both signs the sum is paid, which I3 asks.
           AND NOT EXISTS (SELECT FROM account_move_line AS due
                            WHERE due.move_id = own.move_id AND due.display_type = 'payment_term'
                           HAVING MIN(due.balance) < 0 AND MAX(due.balance) > 0)
         GROUP BY side.id, side.own_id, side.amount_currency, side.amount
        HAVING COALESCE(SUM(allocated.amount_currency), 0) <> side.amount_currency
            OR COALESCE(SUM(allocated.amount), 0) <> side.amount
    """,
    "I2: no item is applied beyond its total, and its balance is what its lines say": """
        SELECT 'item', item.id, COALESCE(SUM(line.amount_currency), 0)::text,
               item.amount_reconciled || ' of ' || item.amount_total
          FROM account_reconciliation_item AS item
          LEFT JOIN account_reconciliation_line AS line ON line.item_id = item.id
         GROUP BY item.id
        HAVING COALESCE(SUM(line.amount_currency), 0) <> item.amount_reconciled
               -- The items of a document that is worth nothing settle each other.
               AND NOT (COUNT(line.id) = 0 AND item.amount_reconciled = item.amount_total
                        AND (SELECT SUM(amount_total) FROM account_reconciliation_item AS whole
                              WHERE whole.allocation_key = item.allocation_key) = 0)
            OR item.amount_residual <> item.amount_total - item.amount_reconciled
            OR ABS(item.amount_reconciled) > ABS(item.amount_total)
            OR item.amount_reconciled * item.amount_total < 0
    """,
    "I3: what is open of the items is what is open of the document": f"""
        SELECT 'document', move.id, move.amount_residual::text, items.open || ' / ' || owed.open
          FROM account_move AS move
         CROSS JOIN LATERAL (SELECT COALESCE(SUM(amount_residual), 0) AS open, COALESCE(SUM(amount_total), 0) AS total
                               FROM account_reconciliation_item WHERE move_id = move.id) AS items
         CROSS JOIN LATERAL (SELECT COALESCE(ABS(SUM(amount_residual_currency)), 0) AS open FROM account_move_line
                              WHERE move_id = move.id AND display_type = 'payment_term') AS owed
         WHERE move.state = 'posted' AND move.move_type IN {DOCUMENTS}
           -- One of due lines of both signs may be paid beyond their sum, and another may be used elsewhere.
           AND (items.open <> LEAST(GREATEST(move.amount_residual, 0), items.total)
                OR owed.open <> ABS(move.amount_residual)
                OR (move.amount_residual = 0) <> (move.payment_state IN ('paid', 'in_payment', 'reversed')))
    """,
    "I3: what is open of the items of an entry is what is open of its owed lines": f"""
        SELECT 'entry', move.id, owed.open::text, items.open::text
          FROM account_move AS move
         CROSS JOIN LATERAL (SELECT SUM(amount_residual) AS open FROM account_reconciliation_item
                              WHERE move_id = move.id) AS items
         CROSS JOIN LATERAL (SELECT COALESCE(SUM(ABS(line.amount_residual_currency)), 0) AS open
                               FROM account_move_line AS line
                               JOIN account_account AS account
                                 ON account.id = line.account_id AND account.account_type IN {OWED}
                              WHERE line.move_id = move.id) AS owed
         WHERE move.state = 'posted' AND move.move_type NOT IN {DOCUMENTS} AND items.open <> owed.open
    """,
    **WORTH_CHECKS,
    "a document that isn't posted has no items": """
        SELECT 'item', item.id, 'none', move.state
          FROM account_reconciliation_item AS item
          JOIN account_move AS move ON move.id = item.move_id
         WHERE move.state <> 'posted'
    """,
    "the ledger: what is open of a journal item is its balance less its partials": """
        SELECT 'journal item', line.id, (line.balance - taken.debit + taken.credit)::text,
               line.amount_residual || ' reconciled: ' || line.reconciled
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id AND account.reconcile
         CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(amount) FILTER (WHERE debit_move_id = line.id), 0) AS debit,
                       COALESCE(SUM(amount) FILTER (WHERE credit_move_id = line.id), 0) AS credit
                  FROM account_partial_reconcile WHERE debit_move_id = line.id OR credit_move_id = line.id
               ) AS taken
         WHERE line.parent_state = 'posted'
           AND (line.amount_residual <> line.balance - taken.debit + taken.credit
                OR line.amount_residual * line.balance < 0
                OR (line.amount_residual = 0 AND line.amount_residual_currency = 0) <> line.reconciled)
    """,
    # None of these references has a foreign key of its own.
    "a reconciliation line refers to what its item and its partial say": """
        SELECT 'reconciliation line', line.id, said::text, found::text
          FROM account_reconciliation_line AS line
          JOIN account_reconciliation_item AS item ON item.id = line.item_id
          LEFT JOIN account_move_line AS own ON own.id = item.move_line_id
          LEFT JOIN account_partial_reconcile AS partial ON partial.id = line.partial_id
          LEFT JOIN account_move_line AS other
            ON other.id = line.counterpart_line_id
           AND other.id IN (partial.debit_move_id, partial.credit_move_id)
          LEFT JOIN account_move_line AS paid
            ON paid.id = partial.debit_move_id + partial.credit_move_id - other.id
         CROSS JOIN LATERAL (
                SELECT ARRAY[own.id, paid.move_id, own.move_id, own.company_id, own.currency_id,
                             other.id, other.move_id, other.journal_id, other.payment_id] AS said,
                       ARRAY[line.move_line_id, line.move_id, line.move_id, line.company_id, line.currency_id,
                             line.counterpart_line_id, line.counterpart_move_id, line.journal_id, line.payment_id]
                       AS found
               ) AS references_of
         WHERE said <> found
    """,
    "money: what is applied of it is what its lines say": """
        SELECT 'journal item', money.move_line_id, COALESCE(SUM(line.amount_received), 0)::text,
               money.amount_applied::text
          FROM account_reconciliation_money AS money
          LEFT JOIN account_reconciliation_line AS line
            ON line.counterpart_line_id = money.move_line_id AND line.is_payment
         GROUP BY money.id
        HAVING COALESCE(SUM(line.amount_received), 0) <> money.amount_applied
    """,
    "planned: what is planned of an item is what its planned payments say, and not beyond what is open": """
        SELECT 'item', item.id, COALESCE(SUM(line.amount) FILTER (WHERE payment.is_coming), 0)::text,
               item.amount_planned || ' of ' || item.amount_residual
          FROM account_reconciliation_item AS item
          LEFT JOIN account_planned_payment_line AS line ON line.item_id = item.id
          LEFT JOIN account_planned_payment AS payment ON payment.id = line.planned_payment_id
         GROUP BY item.id
        HAVING COALESCE(SUM(line.amount) FILTER (WHERE payment.is_coming), 0) <> item.amount_planned
            OR ABS(item.amount_planned) > ABS(item.amount_residual)
    """,
    "planned: no planned payment is charged twice, no payment pays planned payments beyond its amount": """
        SELECT 'payment', payment.id, payment.amount::text, SUM(planned.amount)::text
          FROM account_planned_payment AS planned
          JOIN account_payment AS payment ON payment.id = planned.payment_id
         WHERE planned.state = 'done'
         GROUP BY payment.id HAVING SUM(planned.amount) > payment.amount
         UNION ALL
        SELECT 'planned payment', planned_payment_id, '1', COUNT(*)::text FROM payment_transaction
         WHERE planned_payment_id IS NOT NULL AND state = 'done' GROUP BY planned_payment_id HAVING COUNT(*) > 1
    """,
    "I8: a bank transaction is exactly one of unmatched, matched, manually matched, ignored": """
        SELECT 'bank transaction', line.id,
               CASE WHEN waits.count = 0 THEN CASE WHEN line.is_matched_by_itself THEN 'matched' ELSE 'manual' END
                    WHEN line.ignore_reason IS NOT NULL THEN 'ignored' ELSE 'unmatched' END, line.match_status
          FROM account_bank_statement_line AS line
          JOIN account_move AS move ON move.id = line.move_id AND move.state = 'posted'
          JOIN account_journal AS journal ON journal.id = line.journal_id
         CROSS JOIN LATERAL (SELECT COUNT(*) FROM account_move_line
                              WHERE move_id = move.id AND account_id = journal.suspense_account_id) AS waits
         WHERE line.amount <> 0
           AND (line.is_reconciled <> (waits.count = 0)
                OR line.match_status IS DISTINCT FROM
                   CASE WHEN waits.count = 0 THEN CASE WHEN line.is_matched_by_itself THEN 'matched' ELSE 'manual' END
                        WHEN line.ignore_reason IS NOT NULL THEN 'ignored' ELSE 'unmatched' END)
    """,
    "I8: the entry of a bank transaction balances, and moves what the bank moved": """
        SELECT 'bank transaction', line.id, line.amount::text,
               SUM(item.balance) || ' / ' || COALESCE(SUM(item.balance) FILTER (
                    WHERE item.account_id = journal.default_account_id), 0)
          FROM account_bank_statement_line AS line
          JOIN account_journal AS journal ON journal.id = line.journal_id AND journal.currency_id IS NULL
          JOIN account_move_line AS item ON item.move_id = line.move_id
         GROUP BY line.id
        HAVING SUM(item.balance) <> 0
            OR COALESCE(SUM(item.balance) FILTER (WHERE item.account_id = journal.default_account_id), 0) <> line.amount
    """,
    "I9: what remains of a period is opening plus confirmed less closing": """
        SELECT 'period', period.id, (period.balance_start + COALESCE(SUM(one.amount), 0) - period.balance_end)::text,
               period.remaining::text
          FROM account_bank_reconciliation AS period
          LEFT JOIN account_bank_reconciliation_confirmation AS one ON one.reconciliation_id = period.id
         GROUP BY period.id
        HAVING period.remaining <> period.balance_start + COALESCE(SUM(one.amount), 0) - period.balance_end
            OR period.total_reconciled <> COALESCE(SUM(one.amount), 0)
            OR period.is_balanced <> (period.remaining = 0)
    """,
    "I9: a remittance is confirmed at most once": """
        SELECT 'journal item', move_line_key, '1', COUNT(*)::text
          FROM account_bank_reconciliation_confirmation GROUP BY move_line_key HAVING COUNT(*) > 1
    """,
    "I9: a closed period has the snapshot of its closing, sealed, with its PDF": """
        SELECT 'period', period.id, 'a snapshot with ' || period.total_reconciled,
               COALESCE(taken.total_reconciled::text, 'none')
          FROM account_bank_reconciliation AS period
          LEFT JOIN LATERAL (
                SELECT * FROM account_bank_reconciliation_snapshot
                 WHERE reconciliation_id = period.id AND is_closing ORDER BY id DESC LIMIT 1
               ) AS taken ON TRUE
         WHERE period.state = 'closed'
           AND (taken.id IS NULL OR taken.sha256 IS NULL
                OR taken.attachment_id IS NULL AND (
                    SELECT COUNT(*) FROM account_bank_reconciliation_snapshot_line WHERE snapshot_id = taken.id) <= 1000
                OR taken.total_reconciled <> period.total_reconciled OR taken.remaining <> period.remaining)
    """,
    "I10: the decision log's chain verifies": r"""
        SELECT 'decision', id, place || ' after ' || before, number || ' after ' || COALESCE(previous_hash, '')
          FROM (
                SELECT *, ROW_NUMBER() OVER chain AS place, COALESCE(LAG(hash) OVER chain, '') AS before
                  FROM account_bank_match_decision WINDOW chain AS (PARTITION BY journal_id ORDER BY number)
               ) AS decision
         WHERE number <> place OR COALESCE(previous_hash, '') <> before
            OR hash <> encode(sha256(convert_to(before || E'\n' || payload, 'UTF8')), 'hex')
         UNION ALL
        SELECT 'journal', chain.journal_id, chain.number || ' ' || chain.last_hash, last.number || ' ' || last.hash
          FROM (SELECT DISTINCT ON (journal_id) journal_id, number, last_hash
                  FROM account_bank_match_chain ORDER BY journal_id, number DESC) AS chain
          LEFT JOIN LATERAL (SELECT number, hash FROM account_bank_match_decision
                              WHERE journal_id = chain.journal_id ORDER BY number DESC LIMIT 1) AS last ON TRUE
         WHERE chain.number <> COALESCE(last.number, 0) OR COALESCE(chain.last_hash, '') <> COALESCE(last.hash, '')
    """,
}


def violations(query):
    """Ask all invariants.

    :param query: called with a statement, gives its rows
    :return: list of texts, one a violation; empty where all hold
    """
    return [f"{rule}: {tuple(row)}" for rule, statement in CHECKS.items() for row in query(statement)]


# What money brought by the general ledger: a payment (or what reverses it) on its outstanding account; a bank
# transaction on the bank account and on other accounts of money that it moved some of it to, less what nobody has
# matched and what clears payments and transfers, both of which are on accounts that are reconciled.
RECEIVED = f"""
    WITH RECURSIVE chain AS (
        SELECT id AS move_id, id AS behind_id FROM account_move
         WHERE state = 'posted' AND move_type = 'entry' AND company_id = ANY(%s)
         UNION ALL
        SELECT chain.move_id, reversed.reversed_entry_id
          FROM chain
          JOIN account_move AS reversed ON reversed.id = chain.behind_id
         WHERE reversed.reversed_entry_id IS NOT NULL
           AND reversed.origin_payment_id IS NULL AND reversed.statement_line_id IS NULL
    )
    SELECT chain.move_id, SUM(line.balance) FILTER (WHERE
               CASE WHEN behind.statement_line_id IS NULL THEN line.account_id = payment.outstanding_account_id
                    ELSE line.account_id IN (journal.default_account_id, journal.suspense_account_id)
                         OR account.account_type IN ('asset_cash', 'liability_credit_card')
                         OR account.reconcile AND account.account_type NOT IN {OWED} AND line.tax_line_id IS NULL
                            AND account.account_type NOT LIKE 'income%%' AND account.account_type NOT LIKE 'expense%%'
               END), BOOL_OR(account.account_type IN {OWED})
      FROM chain
      JOIN account_move AS behind ON behind.id = chain.behind_id AND behind.move_type = 'entry'
       AND (behind.origin_payment_id IS NOT NULL OR behind.statement_line_id IS NOT NULL)
      LEFT JOIN account_payment AS payment ON payment.id = behind.origin_payment_id
      JOIN account_move_line AS line ON line.move_id = chain.move_id
      JOIN account_journal AS journal ON journal.id = line.journal_id
      JOIN account_account AS account ON account.id = line.account_id
     GROUP BY chain.move_id
"""

# What bank transactions clear of payments that pay debts, also of drafts, and the exchange difference of each.
CLEARED = f"""
    SELECT outstanding.move_id, shown.move_id, partial.amount, currency.rounding, (
               SELECT SUM(balance) FROM account_move_line
                WHERE move_id = partial.exchange_move_id AND account_id = outstanding.account_id)
      FROM account_partial_reconcile AS partial
      JOIN account_move_line AS shown ON shown.id IN (partial.debit_move_id, partial.credit_move_id)
       AND shown.statement_line_id IS NOT NULL
      JOIN account_move_line AS outstanding ON outstanding.id IN (partial.debit_move_id, partial.credit_move_id)
       AND outstanding.id <> shown.id
      JOIN account_payment AS payment ON payment.move_id = outstanding.move_id
       AND payment.outstanding_account_id = outstanding.account_id
      JOIN res_company AS company ON company.id = partial.company_id
      JOIN res_currency AS currency ON currency.id = company.currency_id
     WHERE partial.company_id = ANY(%s)
       AND EXISTS (SELECT FROM account_move_line AS owing
                     JOIN account_account AS account ON account.id = owing.account_id
                    WHERE owing.move_id = outstanding.move_id AND account.account_type IN {OWED})
     ORDER BY partial.id
"""


def _brought(query, company_ids):
    """What each entry of money brought by the general ledger.

    A bank transaction that clears payments brings them the exchange difference, and what it books beside, in proportion
    to what it clears of each, unless it pays a debt by itself, which has that.

    :return: ``{id of the entry: Decimal}``
    """
    rows = query(RECEIVED, [company_ids])
    expected = {move_id: Decimal(amount or 0) for move_id, amount, owes in rows if owes}
    beside = {move_id: Decimal(amount or 0) for move_id, amount, owes in rows if not owes}
    of_transaction = {}
    for payment, transaction, amount, rounding, exchanged in query(CLEARED, [company_ids]):
        if payment in expected:
            expected[payment] += Decimal(exchanged or 0)
        parts = of_transaction.setdefault((transaction, Decimal(str(rounding))), [])
        parts.append((payment, Decimal(amount)))
    for (transaction, rounding), parts in of_transaction.items():
        whole, until, given = sum(amount for _payment, amount in parts), Decimal(0), Decimal(0)
        for payment, amount in parts:
            until += amount
            share = (beside.get(transaction, Decimal(0)) * until / whole / rounding).quantize(1, ROUND_HALF_UP)
            if payment in expected:
                expected[payment] += share * rounding - given
            given = share * rounding
    return expected


def received_violations(env, move_ids=None):
    """I14: what *Payment by ledger code* says was received is what came into bank and cash, entry by entry.

    :param env: environment of a user who sees the reports; its companies are asked about
    :param move_ids: ids of the entries that are asked about, or None for all
    :return: list of texts, one a violation; empty where it holds
    """
    env.flush_all()

    def query(statement, parameters):
        env.cr.execute(statement, parameters)
        return env.cr.fetchall()

    expected = _brought(query, env.companies.ids)
    rows = env["account.reconciliation.payment"]._read_group(
        [("company_id", "in", env.companies.ids)], ["counterpart_move_id"], ["amount:sum"]
    )
    found = {move.id: Decimal(str(amount)) for move, amount in rows}
    asked = expected.keys() | found.keys() if move_ids is None else set(move_ids)
    return [
        f"I14: entry {move_id} brought {expected.get(move_id, 0)}, the report says {found.get(move_id, 0)}"
        for move_id in sorted(asked)
        if abs(expected.get(move_id, Decimal(0)) - found.get(move_id, Decimal(0))) >= Decimal("0.0005")
    ]
