"""The remittances that have a text that was typed, among those that a page lists."""

from odoo.tools import SQL


def having_text(remittance_ids, journal_id, partner_ids, number: SQL, memo: SQL, label: SQL) -> SQL:
    """Which remittances have a text in their number or description, or are of one of some partners.

    Neither of them takes what the bank has moved of a remittance, which is what listing them costs.

    :param remittance_ids: ids of the remittances to choose among
    :param journal_id: id of their bank account
    :param partner_ids: ids of the partners
    :param number: a condition on ``account_move_line AS line``
    :param memo: a condition on ``account_payment AS payment``
    :param label: a condition on ``account_move_line AS line``, for what has no memo
    :return: a query of ids
    """
    return SQL(
        """
        SELECT line.id
          FROM account_move_line AS line
     LEFT JOIN account_payment AS payment ON payment.id = COALESCE(line.payment_id, (
                SELECT reversed.origin_payment_id
                  FROM account_move AS entry
                  JOIN account_move AS reversed ON reversed.id = entry.reversed_entry_id
                 WHERE entry.id = line.move_id))
           AND payment.outstanding_account_id = line.account_id AND payment.journal_id = %(journal)s
         WHERE line.id = ANY(%(ids)s::integer[])
           AND (%(number)s OR line.partner_id = ANY(%(partners)s) OR %(memo)s OR payment.memo IS NULL AND %(label)s)
        """,
        # As one text: PostgreSQL would read thousands of numbers one by one.
        ids=f"{{{','.join(map(str, remittance_ids))}}}",
        journal=journal_id,
        partners=list(partner_ids),
        number=number,
        memo=memo,
        label=label,
    )
