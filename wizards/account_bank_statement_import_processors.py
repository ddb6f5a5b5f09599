from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.permissions import BANK, require
from ..models.common.remote_calls import remote_call
from ..statement_formats import Mapping, MappingRequired, settlements


class AccountBankStatementImport(models.TransientModel):
    """“Import statements” imports settlement reports of payment processors as well; they are recognized by their
    content."""

    _inherit = "account.bank.statement.import"

    settlement_ids = fields.One2many("account.bank.statement.import.settlement", "wizard_id", "Settlements")
    settlement_count = fields.Integer("New settlements", compute="_compute_settlement_count")
    has_statements = fields.Boolean(compute="_compute_has_statements")
    has_account_history = fields.Boolean(readonly=True)
    is_account_history = fields.Boolean(
        "PayPal's activity is a bank statement",
        help="Import the movements of the PayPal account as bank transactions of a journal, not as settlements.",
    )

    @api.depends("settlement_ids.is_new")
    def _compute_settlement_count(self):
        for wizard in self:
            wizard.settlement_count = len(wizard.settlement_ids.filtered("is_new"))

    @api.depends("settlement_ids", "statement_ids")
    def _compute_has_statements(self):
        for wizard in self:
            rows = wizard.statement_ids.filtered(lambda row: row.line_count or row.is_error)
            wizard.has_statements = bool(rows) or not wizard.settlement_ids

    # -- reading ---------------------------------------------------------------------------------------------

    def _settlement_attachments(self):
        """The attachments that are settlement reports.

        An activity list of PayPal is read as a bank statement where the user says so, or the journal's tables are
        known already.
        """
        found = self.env["ir.attachment"]
        for attachment in self.attachment_ids.sorted("id"):
            # What is too large is refused unread, with the statements.
            is_small = attachment.file_size <= settlements.BYTES_MAX
            processor = settlements.detect(attachment.raw or b"") if is_small else None
            is_statement = processor == "paypal" and (self.is_account_history or self.journal_id.statement_mapping)
            if processor and not is_statement:
                found |= attachment
        return found

    def _statement_attachments(self):
        """Without the settlement reports."""
        return super()._statement_attachments() - self._settlement_attachments()

    def _plan_settlements(self):
        """Read and plan every settlement report.

        :return: list of (attachment, ``SettlementFile`` or None, list of ``PlannedSettlement``, the error or None)
        """
        attachments = self._settlement_attachments()
        if attachments:
            require(self.env, BANK)
        found = []
        for attachment in attachments:
            chosen = self._mapping_of(attachment) or Mapping()
            try:
                file = self.journal_id._parse_settlement_report(attachment.name, attachment.raw, chosen.date_order)
                found.append((attachment, file, self.journal_id._plan_settlements(file), None))
            except UserError as error:
                found.append((attachment, None, [], error))
        return found

    @remote_call(one=True)
    def action_preview(self):
        """Show what importing the settlement reports among the files would do, beside the statements."""
        action = super().action_preview()
        self.settlement_ids.unlink()
        if self.state != "preview":
            return action
        rows, errors = [], []
        planned_files = self._plan_settlements()
        for attachment, _file, plan, error in planned_files:
            if error is not None and isinstance(error.__cause__, MappingRequired):
                self._ask_columns(attachment, error.__cause__)
                return self._open()
            if error is not None:
                errors.append({"filename": attachment.name, "remarks": str(error)})
            for planned in plan:
                remarks = "\n".join(planned.warnings)
                rows.append(self._settlement_preview_row(attachment, planned) | {"remarks": planned.error or remarks})
                if planned.error or remarks:
                    errors.append(
                        {
                            "filename": attachment.name,
                            "name": planned.settlement.reference,
                            "account_number": planned.settlement.reference,
                            "remarks": planned.error or remarks,
                            "is_error": bool(planned.error),
                        }
                    )
        self.env["account.bank.statement.import.statement"].create([
            {"wizard_id": self.id, "is_error": True, **row} for row in errors
        ])  # fmt: skip
        self.env["account.bank.statement.import.settlement"].create([{"wizard_id": self.id, **row} for row in rows])
        # Also where it holds no payout, or is refused for another reason: it may be meant as a bank statement.
        self.has_account_history = self.is_account_history or any(
            settlements.detect(attachment.raw) == "paypal" for attachment, *_planned in planned_files
        )
        return action

    def _settlement_preview_row(self, attachment, planned):
        settlement = planned.settlement
        return {
            "filename": attachment.name,
            "processor": settlements.PROCESSORS[settlement.processor].TITLE,
            "reference": settlement.reference,
            "journal_id": planned.journal.id,
            "currency_id": planned.journal._statement_currency().id if planned.journal else False,
            "payout_date": settlement.payout_date,
            "entry_count": len(settlement.entries),
            "amount_gross": float(settlement.amount_gross),
            "amount_fees": float(settlement.amount_fees),
            "amount_net": float(settlement.amount_net),
            "is_new": planned.is_new,
        }

    # -- writing ---------------------------------------------------------------------------------------------

    def _import_files(self):
        """Write the settlements after the statements: their payouts may be among them."""
        planned_files = self._plan_settlements()
        errors = [error for _attachment, _file, _plan, error in planned_files if error is not None]
        if errors:
            raise UserError(self.env._("Nothing was imported.\n%s", "\n".join(map(str, errors))))
        for attachment, _file, plan, _error in planned_files:
            self.journal_id._check_settlements(attachment.name, plan)
        result = super()._import_files()
        for attachment, file, _plan, _error in planned_files:
            # Planned again: an earlier file of this import may hold the same payouts.
            self.journal_id._write_settlements(attachment.name, self.journal_id._plan_settlements(file))
        return result

    @remote_call()
    def action_open_transactions(self):
        """Open the settlements where nothing else was imported."""
        if self.settlement_ids and not self.statement_ids.filtered("line_count"):
            action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_settlements")
            return action | {"target": "main"}
        return super().action_open_transactions()
