from odoo import models


class AccountMoveLine(models.Model):
    """Indexes by which the candidates of a bank transaction are found: ``engine/bank_matching/candidates_sql.py``.

    Each is small (only what is open), and none of them makes an update of a ledger line dearer than it is: Odoo's own
    indexes over the same columns already rule out the cheaper kind of update.
    """

    _inherit = "account.move.line"

    _bank_match_amount_idx = models.Index(
        "(account_id, amount_residual_currency, id) WHERE parent_state = 'posted' AND amount_residual_currency <> 0"
        " AND reconciled IS NOT TRUE"
    )
    _bank_match_discount_idx = models.Index(
        "(account_id, discount_amount_currency, id) WHERE parent_state = 'posted' AND amount_residual_currency <> 0"
        " AND reconciled IS NOT TRUE AND discount_date IS NOT NULL"
    )
