from odoo import models


class AccountMoveLine(models.Model):
    """Indexes by which the candidates of a bank transaction are found: ``engine/bank_matching/amounts_sql.py``.

    Each is small (open lines only), and none of them makes updates of journal items slower: because of Odoo's own
    indexes over the same columns, PostgreSQL can't use heap-only updates anyway.
    """

    _inherit = "account.move.line"

    _bank_match_amount_idx = models.Index(
        "(account_id, currency_id, amount_residual_currency, id) WHERE parent_state = 'posted'"
        " AND amount_residual_currency <> 0 AND reconciled IS NOT TRUE"
    )
    _bank_match_discount_idx = models.Index(
        "(account_id, discount_amount_currency, id) WHERE parent_state = 'posted' AND amount_residual_currency <> 0"
        " AND reconciled IS NOT TRUE AND discount_date IS NOT NULL"
    )
