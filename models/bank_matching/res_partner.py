from odoo import models

from ...engine.bank_matching.bank_text import compact_sql, fold_sql


class ResPartner(models.Model):
    _inherit = "res.partner"

    # By these the payer of a bank transaction is found: engine/bank_matching/payers_sql.py. Names are put into their
    # index at once, because each search would read through all that are still to be put there.
    _bank_match_name_idx = models.Index(f"USING gin (({fold_sql('name')})) WITH (fastupdate = off) WHERE active")
    _bank_match_number_idx = models.Index(f"(({compact_sql('ref')})) WHERE active AND ref IS NOT NULL")
    _bank_match_email_idx = models.Index("(email_normalized) WHERE active AND email_normalized IS NOT NULL")
