"""SQL that books many bank transactions at once: what decides whether it may, and what it writes."""

from odoo.tools import SQL

from ..reconcile_accounts.bulk_sql import NOW


def waiting_items(item_ids: list[int]) -> SQL:
    """The journal items on suspense accounts that matches are to replace.

    :return: a query of ``(row as JSON, is plain)``; plain is one beside which the entry has the bank's side alone, and
        that nothing else hangs on: no taxes, no files, no external id
    """
    return SQL(
        """
        SELECT to_jsonb(item),
               (SELECT COUNT(*) FROM account_move_line AS other WHERE other.move_id = item.move_id) = 2
               AND NOT EXISTS (SELECT FROM account_move_line_account_tax_rel WHERE account_move_line_id = item.id)
               AND NOT EXISTS (SELECT FROM account_account_tag_account_move_line_rel
                                WHERE account_move_line_id = item.id)
               AND NOT EXISTS (SELECT FROM ir_attachment WHERE res_model = 'account.move.line' AND res_id = item.id)
               AND NOT EXISTS (SELECT FROM ir_model_data WHERE model = 'account.move.line' AND res_id = item.id)
          FROM account_move_line AS item
         WHERE item.id = ANY(%s)
        """,
        item_ids,
    )


def take_away(item_ids: list[int], line_ids: list[int], uid: int) -> SQL:
    """Delete journal items from suspense accounts; nothing of their bank transactions waits there any more.

    Mirrors ``account.bank.statement.line._compute_is_reconciled``.

    :param line_ids: ids of the bank transactions
    """
    return SQL(
        """
        WITH gone AS (DELETE FROM account_move_line WHERE id = ANY(%(items)s))
        UPDATE account_bank_statement_line AS line
           SET is_reconciled = TRUE, write_uid = %(uid)s, write_date = %(now)s,
               amount_residual = CASE WHEN move.checked THEN 0
                                      WHEN line.foreign_currency_id IS NOT NULL THEN -line.amount_currency
                                      ELSE -line.amount END
          FROM account_move AS move
         WHERE line.id = ANY(%(lines)s) AND move.id = line.move_id
        """,
        items=item_ids,
        lines=line_ids,
        uid=uid,
        now=NOW,
    )
