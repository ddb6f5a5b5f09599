"""Indexes by which the candidates of a bank transaction are found.

The queries are in ``engine/bank_matching/candidates_sql.py``.

Each is small where it can be (only what is open, only what has a reference), and none of them makes an update of a
ledger line dearer than it is: Odoo's own indexes over the same columns already rule out the cheaper kind of update.
"""

from odoo import models

from ...engine.bank_matching.bank_text import compact_sql, fold_sql


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _bank_match_amount_idx = models.Index(
        "(account_id, amount_residual_currency, id) WHERE parent_state = 'posted' AND amount_residual_currency <> 0"
        " AND reconciled IS NOT TRUE"
    )
    _bank_match_discount_idx = models.Index(
        "(account_id, discount_amount_currency, id) WHERE parent_state = 'posted' AND amount_residual_currency <> 0"
        " AND reconciled IS NOT TRUE AND discount_date IS NOT NULL"
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    _bank_match_name_idx = models.Index(
        f"(({compact_sql('name')}), id) WHERE state = 'posted' AND statement_line_id IS NULL AND name IS NOT NULL"
    )
    _bank_match_reference_idx = models.Index(
        f"(({compact_sql('payment_reference')}), id) WHERE state = 'posted' AND statement_line_id IS NULL"
        " AND payment_reference IS NOT NULL"
    )
    _bank_match_origin_idx = models.Index(
        f"(({compact_sql('invoice_origin')}), id) WHERE state = 'posted' AND statement_line_id IS NULL"
        " AND invoice_origin IS NOT NULL"
    )
    _bank_match_ref_idx = models.Index(
        f"(({compact_sql('ref')}), id) WHERE state = 'posted' AND statement_line_id IS NULL AND ref IS NOT NULL"
    )


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    _bank_match_amount_idx = models.Index("(journal_id, amount, id) WHERE is_reconciled IS NOT TRUE")


class ResPartner(models.Model):
    _inherit = "res.partner"

    _bank_match_name_idx = models.Index(f"USING gin (({fold_sql('name')})) WHERE active")
    _bank_match_number_idx = models.Index(f"(({compact_sql('ref')})) WHERE active AND ref IS NOT NULL")
    _bank_match_email_idx = models.Index("(email_normalized) WHERE active AND email_normalized IS NOT NULL")
