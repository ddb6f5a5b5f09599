"""The invariant that items are worth what the ledger books for them (I13), as plain SQL; see ``invariants.py``."""

INBOUND = "('out_invoice', 'out_receipt', 'in_refund')"
SIGN = f"(SELECT CASE WHEN move.move_type IN {INBOUND} THEN -1 ELSE 1 END AS sign)"
BALANCES = "(SELECT SUM(balance) FROM account_move_line WHERE move_id = move.id) = 0"
DOCUMENTS = "('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')"

WORTH_CHECKS = {
    "I13: what the items of a ledger code are worth without tax is the ledger's balance": f"""
        SELECT 'document, account', move.id, line.account_id || ': ' || SUM(line.amount) || ' / ' || SUM(line.balance),
               SUM(item.amount_untaxed) || ' / ' || SUM(item.balance_untaxed)
          FROM account_move AS move
         CROSS JOIN LATERAL (
                SELECT id, account_id, sign * amount_currency AS amount, sign * balance AS balance
                  FROM account_move_line, {SIGN} AS own
                 WHERE move_id = move.id
                   AND (display_type = 'product' OR display_type = 'rounding' AND tax_repartition_line_id IS NULL)
               ) AS line
          LEFT JOIN account_reconciliation_item AS item ON item.move_line_id = line.id
         WHERE move.state = 'posted' AND move.move_type IN {DOCUMENTS} AND {BALANCES}
         GROUP BY move.id, line.account_id
        HAVING SUM(line.amount) IS DISTINCT FROM SUM(item.amount_untaxed)
            OR SUM(line.balance) IS DISTINCT FROM SUM(item.balance_untaxed)
    """,
    # An item stores the sum of its taxes. What is compared is the tax of those items that bear taxes on a tax account
    # with the balance of that account; where items bear taxes on several accounts, with the balance of these together.
    # A tax without an account is on its items' ledger codes. A tax that nobody can say whose it is (no item has it, or
    # it is computed on nothing) may be any item's.
    "I13: the taxes of the items are the tax lines of their document, tax account by tax account": f"""
        WITH RECURSIVE document AS MATERIALIZED (
            SELECT move.id, own.sign FROM account_move AS move CROSS JOIN LATERAL {SIGN} AS own
             WHERE move.state = 'posted' AND move.move_type IN {DOCUMENTS} AND {BALANCES}
        ), item AS MATERIALIZED (
            SELECT line.id, line.move_id, line.account_id,
                   line.amount_currency <> 0 AND line.quantity <> 0 AS has_base,
                   stored.amount_total - stored.amount_untaxed AS amount,
                   stored.balance_total - stored.balance_untaxed AS balance
              FROM document
              JOIN account_reconciliation_item AS stored ON stored.move_id = document.id
              JOIN account_move_line AS line ON line.id = stored.move_line_id AND line.display_type <> 'payment_term'
        ), chosen AS MATERIALIZED (
            SELECT item.id, item.move_id, item.account_id, tax.id AS tax_id,
                   item.has_base AND tax.amount <> 0 AS is_some
              FROM item
              JOIN account_move_line_account_tax_rel AS rel ON rel.account_move_line_id = item.id
              LEFT JOIN account_tax_filiation_rel AS child ON child.parent_tax = rel.account_tax_id
              JOIN account_tax AS tax ON tax.id = COALESCE(child.child_tax, rel.account_tax_id)
        ), levied AS MATERIALIZED (
            SELECT line.id, line.move_id, line.account_id, document.sign * line.amount_currency AS amount,
                   document.sign * line.balance AS balance, repartition.tax_id,
                   repartition.account_id IS NULL AS is_on_codes
              FROM document
              JOIN account_move_line AS line ON line.move_id = document.id
              LEFT JOIN account_tax_repartition_line AS repartition ON repartition.id = line.tax_repartition_line_id
             WHERE line.display_type IN ('tax', 'non_deductible_tax')
                OR line.display_type = 'rounding' AND line.tax_repartition_line_id IS NOT NULL
        ), bearing AS MATERIALIZED (
            SELECT DISTINCT levied.move_id, levied.account_id, item.id AS item_id
              FROM levied
             CROSS JOIN LATERAL (
                    SELECT BOOL_OR(chosen.is_some) AS is_known,
                           BOOL_OR(chosen.is_some AND chosen.account_id = levied.account_id) AS is_of_code
                      FROM chosen
                     WHERE chosen.move_id = levied.move_id AND chosen.tax_id = COALESCE(levied.tax_id, chosen.tax_id)
                   ) AS borne
              JOIN item ON item.move_id = levied.move_id
               AND (borne.is_known IS NOT TRUE
                    OR EXISTS (SELECT FROM chosen
                                WHERE chosen.id = item.id AND chosen.tax_id = COALESCE(levied.tax_id, chosen.tax_id)
                                  AND (NOT levied.is_on_codes OR borne.is_of_code IS NOT TRUE
                                       OR chosen.account_id = levied.account_id)))
        ), joined AS (
            SELECT move_id, account_id, account_id AS other_id FROM bearing
             UNION
            SELECT joined.move_id, joined.account_id, next.account_id
              FROM joined
              JOIN bearing AS own ON own.move_id = joined.move_id AND own.account_id = joined.other_id
              JOIN bearing AS next ON next.item_id = own.item_id
        ), accounts AS (
            SELECT move_id, account_id, MIN(other_id) AS first_id FROM joined GROUP BY move_id, account_id
        ), found AS (
            SELECT item.move_id, COALESCE(of_item.first_id, 0) AS first_id, SUM(item.amount) AS amount,
                   SUM(item.balance) AS balance
              FROM item
              LEFT JOIN (SELECT bearing.item_id, MIN(accounts.first_id) AS first_id
                           FROM bearing
                           JOIN accounts USING (move_id, account_id)
                          GROUP BY bearing.item_id) AS of_item ON of_item.item_id = item.id
             GROUP BY item.move_id, of_item.first_id
        ), booked AS (
            SELECT levied.move_id, accounts.first_id, STRING_AGG(DISTINCT account.name ->> 'en_US', ', ') AS names,
                   SUM(levied.amount) AS amount, SUM(levied.balance) AS balance
              FROM levied
              JOIN accounts USING (move_id, account_id)
              JOIN account_account AS account ON account.id = levied.account_id
             GROUP BY levied.move_id, accounts.first_id
        )
        SELECT 'document, tax account', move_id,
               COALESCE(booked.names, 'no account') || ': ' || COALESCE(booked.amount, 0) || ' / '
               || COALESCE(booked.balance, 0), found.amount || ' / ' || found.balance
          FROM found
          FULL JOIN booked USING (move_id, first_id)
         WHERE found.amount IS DISTINCT FROM COALESCE(booked.amount, 0)
            OR found.balance IS DISTINCT FROM COALESCE(booked.balance, 0)
    """,
    "I13: no item is worth more than its line and its taxes, with a rounding unit a tax": f"""
        SELECT 'item', item.id, line.size || ' + ' || taxed.size, item.amount_total::text
          FROM account_reconciliation_item AS item
          JOIN account_move AS move ON move.id = item.move_id AND move.move_type IN {DOCUMENTS}
          JOIN res_currency AS currency ON currency.id = item.currency_id
         CROSS JOIN LATERAL (SELECT id, ABS(amount_currency) AS size, display_type FROM account_move_line
                              WHERE id = item.move_line_id) AS line
         CROSS JOIN LATERAL (
                -- What the document's tax lines of a tax are beyond its own base can be on one item at most.
                SELECT COALESCE(SUM(ABS(known.tax) + ABS(levied.amount - known.whole) + currency.rounding), 0) AS size
                  FROM (
                        SELECT tax_id, SUM(own_tax) FILTER (WHERE line_id = line.id) AS tax, SUM(own_tax) AS whole
                          FROM (
                                SELECT base.id AS line_id, tax.id AS tax_id,
                                       base.price_total - base.price_subtotal AS own_tax
                                  FROM account_move_line AS base
                                  JOIN account_move_line_account_tax_rel AS rel ON rel.account_move_line_id = base.id
                                  LEFT JOIN account_tax_filiation_rel AS child ON child.parent_tax = rel.account_tax_id
                                  JOIN account_tax AS tax ON tax.id = COALESCE(child.child_tax, rel.account_tax_id)
                                 WHERE base.move_id = move.id AND base.display_type = 'product'
                               ) AS base
                         GROUP BY tax_id
                       ) AS known
                  JOIN LATERAL (
                        SELECT COALESCE(ABS(SUM(amount_currency)), 0) AS amount FROM account_move_line
                         WHERE move_id = move.id AND tax_line_id = known.tax_id
                       ) AS levied ON TRUE
                 WHERE known.tax IS NOT NULL
               ) AS taxed
         WHERE line.display_type = 'product' AND {BALANCES} AND ABS(item.amount_total) > line.size + taxed.size
    """,
    "I13: paid in full by one reconciliation at its own rate, each item got exactly what it is worth": """
        SELECT 'item', item.id, item.balance_total || ' / ' || item.balance_untaxed,
               line.amount || ' / ' || COALESCE(line.amount_untaxed::text, 'none')
          FROM (
                SELECT item.allocation_key
                  FROM account_reconciliation_item AS item
                  LEFT JOIN account_reconciliation_line AS line ON line.item_id = item.id
                 GROUP BY item.allocation_key
                HAVING COUNT(DISTINCT line.partial_id) = 1 AND COUNT(line.id) = COUNT(DISTINCT line.item_id)
                   AND BOOL_AND(item.amount_residual = 0) AND SUM(line.amount) = SUM(item.balance_total)
               ) AS paid
          JOIN account_reconciliation_item AS item ON item.allocation_key = paid.allocation_key
          JOIN account_reconciliation_line AS line ON line.item_id = item.id
         WHERE line.amount <> item.balance_total OR line.amount_untaxed IS DISTINCT FROM item.balance_untaxed
    """,
    "I13: every reconciliation line has its net": """
        SELECT 'line', id, amount::text, 'none' FROM account_reconciliation_line WHERE amount_untaxed IS NULL
    """,
    "I13: a document that is worth nothing leaves no open item": f"""
        SELECT 'item', item.id, '0', item.amount_residual::text
          FROM account_reconciliation_item AS item
          JOIN account_move AS move ON move.id = item.move_id AND move.move_type IN {DOCUMENTS}
         WHERE move.amount_total = 0 AND item.amount_residual <> 0
    """,
}
