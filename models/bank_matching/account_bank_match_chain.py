from odoo import api, fields, models
from odoo.tools import SQL


class AccountBankMatchChain(models.Model):
    """The last number and hash of each journal's decisions, as they were after each time that some were added.

    The highest one shows whether decisions were deleted at the end; earlier rows are removed by the autovacuum.
    """

    _name = "account.bank.match.chain"
    _description = "End of a journal's decision log"
    _log_access = False

    journal_id = fields.Many2one("account.journal", required=True, ondelete="restrict")
    number = fields.Integer(required=True)
    last_hash = fields.Char()

    _number_uniq = models.UniqueIndex(
        "(journal_id, number)", "The decision log of this journal already has an end with this number."
    )

    @api.autovacuum
    def _gc_earlier_ends(self):
        """Delete all rows but the last of each journal."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM account_bank_match_chain AS earlier USING account_bank_match_chain AS later
                 WHERE later.journal_id = earlier.journal_id AND later.number > earlier.number
                """
            )
        )
