"""What the items of a document are worth, and how money is written to them: SQL text, set-based.

The same statements serve one invoice at its posting and a ledger of a million documents at installation.
"""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, INBOUND_TYPES, OWED_ACCOUNT_TYPES
from .allocation_order_sql import LISTED, OLDEST, PRO_RATA, allocation_order, item_due
from .both_signs_sql import has_both_signs
from .exchange_entries_sql import is_exchange_entry
from .line_amounts_sql import insert_lines
from .waterfall_sql import allocation_sql, share_sql
from .worth_sql import document_worth


def insert_items(which: SQL) -> SQL:
    """Write the item rows of posted documents that have none yet.

    An item is worth what the entry books for it, see ``worth_sql.py``; the totals add up to the document's total
    exactly. A document without item lines has its receivable or payable lines as its items, and so has a journal entry,
    whose lines are each paid by themselves. What reverses money has its money balance already, and no items. The items
    of a document that is worth nothing settle each other, so that nothing of it is open.

    :param which: a condition on ``account_move AS m``
    :return: the INSERT
    """
    which = SQL("%s AND NOT EXISTS (SELECT FROM account_reconciliation_item AS i WHERE i.move_id = m.id)", which)
    return SQL(
        """
        WITH item AS (
            SELECT move_id, move_id AS allocation_key, move_line_id, account_id, partner_id, company_id, currency_id,
                   sequence, amount_untaxed, amount_total, balance_untaxed, balance_total
              FROM (%(worth)s) AS worth
             UNION ALL
            SELECT m.id, CASE WHEN m.move_type = 'entry' THEN -line.id ELSE m.id END, line.id, line.account_id,
                   CASE WHEN m.move_type = 'entry' THEN COALESCE(partner.commercial_partner_id, m.commercial_partner_id)
                        ELSE m.commercial_partner_id
                   END, m.company_id, line.currency_id, line.sequence,
                   worth.sign * line.amount_currency, worth.sign * line.amount_currency,
                   worth.sign * line.balance, worth.sign * line.balance
              FROM account_move AS m
              JOIN res_company AS company ON company.id = m.company_id
              JOIN account_move_line AS line ON line.move_id = m.id
              JOIN account_account AS account ON account.id = line.account_id
              LEFT JOIN res_partner AS partner ON partner.id = line.partner_id
              CROSS JOIN LATERAL (
                    SELECT CASE WHEN m.move_type = 'entry' THEN SIGN(line.amount_currency)
                                WHEN m.move_type IN %(inbound)s THEN 1 ELSE -1
                           END AS sign
                    ) AS worth
             WHERE m.state = 'posted' AND %(which)s
               AND account.account_type IN %(owed_types)s
               AND line.amount_currency <> 0 AND line.balance <> 0
               AND (
                   (m.move_type = 'entry'
                    AND m.origin_payment_id IS NULL AND m.statement_line_id IS NULL
                    AND m.tax_cash_basis_rec_id IS NULL AND m.tax_cash_basis_origin_move_id IS NULL
                    AND %(exchange)s IS NOT TRUE
                    AND NOT EXISTS (
                        SELECT FROM account_reconciliation_money AS known WHERE known.move_line_id = line.id
                    ))
                   OR (m.move_type IN %(types)s AND NOT EXISTS (
                       SELECT FROM account_move_line AS other
                        WHERE other.move_id = m.id
                          AND (other.display_type = 'product'
                               OR (other.display_type = 'rounding' AND other.tax_repartition_line_id IS NULL))
                   ))
               )
        )
        INSERT INTO account_reconciliation_item (
            move_line_id, move_id, allocation_key, partner_id, account_id, company_id, currency_id, sequence,
            amount_total, amount_untaxed, balance_total, balance_untaxed, amount_reconciled, amount_planned,
            amount_residual
        )
        SELECT move_line_id, move_id, allocation_key, partner_id, account_id, company_id, currency_id, sequence,
               amount_total, amount_untaxed, balance_total, balance_untaxed,
               CASE WHEN is_settled THEN amount_total ELSE 0 END, 0,
               CASE WHEN is_settled THEN 0 ELSE amount_total END
          FROM (SELECT item.*, SUM(amount_total) OVER (PARTITION BY allocation_key) = 0 AS is_settled FROM item) AS item
         ORDER BY move_id, sequence, move_line_id
        """,
        worth=document_worth(which),
        inbound=INBOUND_TYPES,
        types=DOCUMENT_TYPES,
        owed_types=OWED_ACCOUNT_TYPES,
        exchange=is_exchange_entry("m", "company"),
        which=which,
    )


def _open_sides(which: SQL) -> SQL:
    """The sides of partials that are documents and have no reconciliation lines yet.

    Partials on other accounts (taxes on payment, goods received) don't concern the items.

    :param which: a condition on ``account_partial_reconcile AS partial``
    :return: a query of ``(partial_id, line_id, other_line_id, allocation_key, amount, pays)``, amount in the document's
        currency; ``pays`` is false for a due line that lowers what the document owes
    """
    return SQL(
        """
        SELECT side.partial_id, side.line_id, side.other_line_id, side.amount,
               COALESCE(own.allocation_key, line.move_id) AS allocation_key,
               line.display_type IS DISTINCT FROM 'payment_term' OR (line.amount_currency > 0) = (
                   SELECT document.move_type IN %(inbound)s FROM account_move AS document
                    WHERE document.id = line.move_id
               ) AS pays
          FROM (
                SELECT partial.id AS partial_id, partial.debit_move_id AS line_id,
                       partial.credit_move_id AS other_line_id, partial.debit_amount_currency AS amount
                  FROM account_partial_reconcile AS partial
                 WHERE %(which)s
                 UNION ALL
                SELECT partial.id, partial.credit_move_id, partial.debit_move_id, partial.credit_amount_currency
                  FROM account_partial_reconcile AS partial
                 WHERE %(which)s
               ) AS side
          JOIN account_move_line AS line ON line.id = side.line_id
          JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %(owed_types)s
          LEFT JOIN account_reconciliation_item AS own ON own.move_line_id = side.line_id
          JOIN account_move_line AS other ON other.id = side.other_line_id
         WHERE side.amount > 0
           -- Two due lines of one document that are paired with each other pay nothing of it.
           AND (other.move_id <> line.move_id OR own.allocation_key < 0)
           AND NOT EXISTS (
               SELECT FROM account_reconciliation_line AS done
                WHERE done.partial_id = side.partial_id AND done.counterpart_line_id = side.other_line_id
           )
        """,
        which=which,
        inbound=INBOUND_TYPES,
        owed_types=OWED_ACCOUNT_TYPES,
    )


def lock_items(which: SQL) -> SQL:
    """Lock the items that partials are about to be allocated to, in a fixed order, so that concurrent transactions
    wait.

    :param which: a condition on ``account_partial_reconcile AS partial``
    :return: a query of ``(allocation_key, allocation order, is planned, has both signs)`` of the locked items; the last
        is whether they are of a document whose due lines have both signs
    """
    return SQL(
        """
        WITH allocation_keys AS MATERIALIZED (
            SELECT allocation_key, %(has_both_signs)s AS has_both_signs
              FROM (SELECT DISTINCT allocation_key FROM (%(sides)s) AS side) AS touched
        )
        SELECT item.allocation_key, %(order)s, item.amount_planned <> 0, allocation_keys.has_both_signs
          FROM account_reconciliation_item AS item
          JOIN allocation_keys ON allocation_keys.allocation_key = item.allocation_key
          LEFT JOIN res_partner AS partner ON partner.id = item.partner_id
          JOIN res_company AS company ON company.id = item.company_id
         ORDER BY item.id
           FOR NO KEY UPDATE OF item
        """,
        sides=_open_sides(which),
        has_both_signs=has_both_signs(SQL("touched.allocation_key")),
        order=allocation_order("partner", "company"),
    )


def insert_allocated_lines(
    which: SQL, uid: int | SQL, order: str = LISTED, allocation_keys: list[int] | None = None
) -> SQL:
    """Write the reconciliation lines of partials, oldest partial first.

    :param which: a condition on ``account_partial_reconcile AS partial``
    :param uid: id of the user who reconciles, or the argument of a function as SQL
    :param order: ``LISTED``, ``OLDEST`` or ``PRO_RATA``
    :param allocation_keys: the keys whose items take money in this order, or None for all that ``which`` finds
    :return: the INSERT
    """
    sides = SQL("SELECT * FROM (%s) AS side WHERE pays", _open_sides(which))
    if allocation_keys is not None:
        sides = SQL("%s AND allocation_key = ANY(%s)", sides, allocation_keys)
    return insert_lines_of_sides(sides, uid, order)


def insert_lines_of_sides(sides: SQL, uid: int | SQL, order: str = LISTED) -> SQL:
    """Write the reconciliation lines of what partials pay, oldest partial first.

    :param sides: a query of ``(partial_id, line_id, other_line_id, amount, allocation_key)``, amount in the document's
        currency
    :param uid: id of the user who reconciles, or the argument of a function as SQL
    :param order: ``LISTED``, ``OLDEST`` or ``PRO_RATA``
    :return: the INSERT
    """
    money = SQL(
        "SELECT allocation_key, partial_id AS id, partial_id AS seq,"
        " amount + CASE WHEN settles THEN given_back ELSE 0 END AS amount FROM money"
    )
    owed = SQL("amount_residual > 0 AND allocation_key IN (SELECT allocation_key FROM side)")
    if order == PRO_RATA:
        allocated = share_sql(
            money,
            SQL(
                "SELECT allocation_key, item.id, (sequence, move_line_id) AS seq, amount_residual AS amount,"
                " currency.rounding AS step FROM account_reconciliation_item AS item"
                " JOIN res_currency AS currency ON currency.id = item.currency_id WHERE %s",
                owed,
            ),
        )
    elif order == OLDEST:
        allocated = allocation_sql(
            money,
            SQL(
                "SELECT allocation_key, item.id, (due.date, sequence, move_line_id) AS seq, amount_residual AS amount"
                " FROM account_reconciliation_item AS item JOIN (%s) AS due ON due.item_id = item.id WHERE %s",
                item_due(SQL("item.allocation_key IN (SELECT allocation_key FROM side)")),
                owed,
            ),
        )
    else:
        allocated = allocation_sql(
            money,
            SQL(
                "SELECT allocation_key, id, (sequence, move_line_id) AS seq, amount_residual AS amount"
                " FROM account_reconciliation_item WHERE %s",
                owed,
            ),
        )
    split = SQL(
        """
        WITH side AS MATERIALIZED (%(sides)s),
        due AS (
            SELECT allocation_key, SUM(amount_residual) AS amount,
                   -COALESCE(SUM(amount_residual) FILTER (WHERE amount_residual < 0), 0) AS given_back
              FROM account_reconciliation_item
             WHERE allocation_key IN (SELECT allocation_key FROM side)
             GROUP BY allocation_key
        ), running AS (
            SELECT side.*, due.amount AS due, due.given_back,
                   SUM(side.amount) OVER (PARTITION BY side.allocation_key ORDER BY side.partial_id) AS until
              FROM side
              JOIN due ON due.allocation_key = side.allocation_key
        ), money AS (
            SELECT *, until >= due AND until - amount < due AS settles FROM running
        ), allocated AS (%(allocated)s)
        SELECT money.partial_id, money.other_line_id, allocated.target_id AS item_id, allocated.amount
          FROM allocated
          JOIN money ON money.partial_id = allocated.source_id AND money.allocation_key = allocated.allocation_key
         UNION ALL
        SELECT money.partial_id, money.other_line_id, item.id, item.amount_residual
          FROM money
          JOIN account_reconciliation_item AS item ON item.allocation_key = money.allocation_key
         WHERE money.settles AND item.amount_residual < 0
        """,
        sides=sides,
        allocated=allocated,
    )
    return insert_lines(split, uid)


def settle_balances() -> SQL:
    """Set every item's balance from its lines, where no trigger has done it."""
    return SQL(
        """
        UPDATE account_reconciliation_item AS item
           SET amount_reconciled = applied.amount, amount_residual = item.amount_total - applied.amount
          FROM (
                SELECT item_id, SUM(amount_currency) AS amount FROM account_reconciliation_line GROUP BY item_id
               ) AS applied
         WHERE item.id = applied.item_id
        """
    )
