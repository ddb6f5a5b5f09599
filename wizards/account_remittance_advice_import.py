from odoo import fields, models
from odoo.exceptions import UserError

from ..models.common.actions import form_of
from ..models.common.permissions import BANK, require
from ..models.common.remote_calls import remote_call

FILES_MAX = 50


class AccountRemittanceAdviceImport(models.TransientModel):
    """“Read remittance advice”: paste a text or choose files."""

    _name = "account.remittance.advice.import"
    _description = "Read remittance advice"

    text = fields.Text(help="Lines with the number of a document and what is paid for it.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    partner_id = fields.Many2one(
        "res.partner", "Payer", help="Empty: the owner of the documents, the name or the bank account."
    )

    @remote_call(one=True)
    def action_read(self):
        """Read what was pasted and chosen, all or nothing, and open it for review.

        :return: an action
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with a file
        """
        require(self.env, BANK)
        self.check_access("write")
        advices = self.env["account.remittance.advice"]
        files = self.attachment_ids
        # A file of somebody else's that the user may not read is refused here.
        files.check_access("read")
        if len(files) > FILES_MAX:
            raise UserError(self.env._("Choose at most %s files at once.", FILES_MAX))
        for attachment in files:
            advices |= advices.import_advice(attachment.name, attachment.raw or b"", self.partner_id)
        if (self.text or "").strip():
            advices |= advices.import_advice("", self.text.encode("utf-8", "ignore"), self.partner_id)
        if not advices:
            raise UserError(self.env._("There is nothing to read. Paste the text of the advice, or choose its file."))
        files.unlink()  # each advice keeps its own
        if len(advices) == 1:
            return form_of(advices)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_remittance_advices")
        return action | {"domain": [("id", "in", advices.ids)], "context": {}}
