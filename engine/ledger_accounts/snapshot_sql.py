"""The lines of an account's snapshot, written and read by one statement however many there are: SQL text."""

from odoo.tools import SQL

from ..common.rounding_sql import rounded


def insert_lines(open_lines: SQL, snapshot_id: int, user_id: int, now) -> SQL:
    """Write what was open on an account as the lines of a snapshot, with the names as they are now.

    :param open_lines: what ``as_of_sql.open_as_of`` gives
    :param snapshot_id: id of an account_ledger_snapshot without lines
    :param now: datetime in UTC, when they are written
    """
    return SQL(
        """
        INSERT INTO account_ledger_snapshot_line (
            snapshot_id, company_id, key, move_line_id, date, name, label, partner_key, partner_name, amount,
            foreign_currency_id, amount_currency, create_uid, write_uid, create_date, write_date
        )
        SELECT snapshot.id, snapshot.company_id, open_line.id, open_line.id, open_line.date,
               COALESCE(open_line.move_name, ''), COALESCE(NULLIF(open_line.name, ''), open_line.ref, ''),
               COALESCE(open_line.partner_id, 0),
               CASE WHEN open_line.partner_id IS NULL THEN '' ELSE partner.name END,
               %(amount)s, open_line.currency_id, %(amount_currency)s,
               %(user_id)s, %(user_id)s, %(now)s, %(now)s
          FROM (%(open_lines)s) AS open_line
          JOIN account_ledger_snapshot AS snapshot ON snapshot.id = %(snapshot_id)s
          JOIN res_currency AS currency ON currency.id = snapshot.currency_id
          JOIN res_currency AS foreign_currency ON foreign_currency.id = open_line.currency_id
          LEFT JOIN res_partner AS partner ON partner.id = open_line.partner_id
         ORDER BY open_line.date, open_line.id
        """,
        amount=rounded(SQL("open_line.amount"), SQL("currency.rounding")),
        amount_currency=rounded(SQL("open_line.amount_currency"), SQL("foreign_currency.rounding")),
        open_lines=open_lines,
        snapshot_id=snapshot_id,
        user_id=user_id,
        now=now,
    )


def lines(snapshot_id: int) -> SQL:
    """The lines of a snapshot, in the order in which they were written.

    :return: a query of ``(key, name, label, partner_name, date, amount, amount_currency, foreign_digits,
        foreign_name, partner_key)``, texts empty where there is none
    """
    return SQL(
        """
        SELECT line.key, COALESCE(line.name, ''), COALESCE(line.label, ''), COALESCE(line.partner_name, ''), line.date,
               line.amount, COALESCE(line.amount_currency, 0), foreign_currency.decimal_places,
               COALESCE(foreign_currency.name, ''), COALESCE(line.partner_key, 0)
          FROM account_ledger_snapshot_line AS line
          LEFT JOIN res_currency AS foreign_currency ON foreign_currency.id = line.foreign_currency_id
         WHERE line.snapshot_id = %s
         ORDER BY line.id
        """,
        snapshot_id,
    )
