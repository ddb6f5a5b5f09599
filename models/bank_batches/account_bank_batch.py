from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

KINDS = [("deposit", "Deposit slip"), ("payment", "Payment batch")]
PARTS_MAX = 2_000
TEXT_MAX = 200
# The fields that a user may change until it is on its way to the bank.
DRAFT_FIELDS = {"journal_id", "date", "kind"}


class AccountBankBatch(models.Model):
    """A deposit slip or a payment batch: registered payments that the bank books as one transaction.

    The bank transaction is matched with all of them. Payments that it does not contain are named and stay open.
    """

    _name = "account.bank.batch"
    _description = "Deposit slip or payment batch"
    _inherit = ["mail.thread", "reconciliation.guarded.mixin", "bank.match.whole.mixin"]
    _whole_amount, _whole_date, _whole_undone = "amount_total", "date", "sent"
    _days_before, _days_after = 3, 15
    _any_day_by_name = True
    _transitions = frozenset({("draft", "sent"), ("sent", "draft"), ("sent", "matched"), ("matched", "sent")})
    _order = "date desc, id desc"
    _rec_names_search = ["name", "reference", "message_id"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, guarded=True, copy=False)
    kind = fields.Selection(KINDS, required=True, default="deposit")
    journal_id = fields.Many2one(
        "account.journal", "Bank account", required=True, check_company=True, ondelete="restrict", index=True,
        domain=[("type", "in", JOURNAL_TYPES)], default=lambda self: self._default_journal(),
    )  # fmt: skip
    company_id = fields.Many2one(related="journal_id.company_id", store=True, guarded=True, index=True, precompute=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, guarded=True,
                                  precompute=True)  # fmt: skip
    date = fields.Date("Deposited or sent on", required=True, default=lambda self: self.env.company._today())
    reference = fields.Char(
        copy=False, help="The bank's number of the deposit slip, or the reference of the payment batch."
    )
    message_id = fields.Char(
        "Message ID", copy=False,
        help="Of the file that was sent to the bank (pain.001, pain.008). The bank transaction may contain it.",
    )  # fmt: skip
    part_ids = fields.One2many("account.bank.batch.part", "batch_id", "Payments")
    part_count = fields.Integer("Number of payments", compute="_compute_amount_total", store=True, guarded=True)
    amount_total = fields.Monetary("Total", compute="_compute_amount_total", store=True, guarded=True,
                                   help="Above zero: money comes in.")  # fmt: skip
    missing_count = fields.Integer("Missing", compute="_compute_missing")
    amount_missing = fields.Monetary("Amount missing", compute="_compute_missing")
    returned_count = fields.Integer("Returned", compute="_compute_missing")
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "On its way"), ("matched", "Cleared")],
        required=True, readonly=True, guarded=True, default="draft", copy=False, tracking=True,
    )  # fmt: skip

    _waiting_idx = models.Index("(journal_id, amount_total) WHERE state = 'sent'")

    @api.model
    def _default_journal(self):
        return self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("journal_id")
    def _compute_currency_id(self):
        for batch in self:
            batch.currency_id = batch.journal_id._statement_currency() if batch.journal_id else False

    @api.depends("part_ids.amount")
    def _compute_amount_total(self):
        for batch in self:
            batch.amount_total = sum(batch.part_ids.mapped("amount"))
            batch.part_count = len(batch.part_ids)

    @api.depends("part_ids.state", "part_ids.amount")
    def _compute_missing(self):
        for batch in self:
            missing = batch.part_ids.filtered(lambda part: part.state == "missing")
            batch.missing_count = len(missing)
            batch.amount_missing = sum(missing.mapped("amount"))
            batch.returned_count = len(batch.part_ids.filtered(lambda part: part.state == "returned"))

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds_of = dict(self._fields["kind"]._description_selection(self.env))
        for batch in self:
            batch.display_name = batch.name or kinds_of.get(batch.kind, "")

    @api.model_create_multi
    def create(self, vals_list):
        """Create deposit slips and payment batches, and number them."""
        batches = super().create(vals_list)
        for batch in batches:
            number = self.env["ir.sequence"].with_company(batch.company_id)
            code = f"account.bank.batch.{batch.kind}"
            batch._own_write().name = number.next_by_code(code, sequence_date=batch.date) or f"{batch.kind}/{batch.id}"
        return batches

    def write(self, vals):
        """Change drafts; of what is on its way to the bank, only the references.

        :raise UserError: where one that is not a draft would be changed
        """
        if DRAFT_FIELDS & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        for batch in self:
            if batch.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is on its way or cleared. Set it back to draft first, then change it.", batch.display_name
                    )
                )

    @api.constrains("journal_id", "part_ids")
    def _check_parts(self):
        for batch in self:
            if len(batch.part_ids) > PARTS_MAX:
                raise ValidationError(
                    self.env._("A deposit slip or payment batch has at most %s payments. Make several.", PARTS_MAX)
                )
            for part in batch.part_ids:
                part._check_payment()
            if len({part.payment_id.payment_type for part in batch.part_ids}) > 1:
                raise ValidationError(
                    self.env._("%s has money that comes in and money that goes out. Make one for each.",
                               batch.display_name)
                )  # fmt: skip

    @api.model
    def _guarded_message(self, names):
        if {"state", "statement_line_id"} & set(names):
            return self.env._(
                "A deposit slip or payment batch is matched with its bank transaction by “Match”, and the match is "
                "undone by “Undo the match”."
            )
        return super()._guarded_message(names)

    # -- buttons ---------------------------------------------------------------------------------------------

    @api.model
    @remote_call(
        payments=kinds.records("account.payment"), kind=kinds.text, reference=kinds.text, message_id=kinds.text,
        end_to_end_ids=kinds.listed,
    )  # fmt: skip
    def create_batch(self, payments, kind="payment", reference="", message_id="", end_to_end_ids=None):
        """Create a deposit slip or payment batch that is on its way to the bank.

        :param payments: account.payment records of one bank account and direction, posted and not seen at the bank
        :param kind: ``deposit`` (deposit slip) or ``payment`` (payment batch)
        :param reference: str, the reference that the bank transaction contains
        :param message_id: str, of the file that was sent
        :param end_to_end_ids: list of str, one for each payment, or None
        :return: the account.bank.batch record
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a payment can't be part of it
        """
        require(self.env, BANK)
        if kind not in dict(KINDS):
            raise UserError(
                self.env._(
                    "“%s” is neither “deposit” (deposit slip) nor “payment” (payment batch). Use one of these.",
                    kinds.shown(kind),
                )
            )
        if not payments:
            raise UserError(self.env._("Choose the payments first."))
        ids = list(end_to_end_ids or [""] * len(payments))
        if len(ids) != len(payments) or not all(isinstance(one, str) for one in ids):
            raise UserError(self.env._("Give one end-to-end id, a text, for each payment."))
        if len(payments.journal_id) > 1:
            raise UserError(
                self.env._("These payments are of several bank accounts. Choose payments of one bank account.")
            )
        batch = self.create({
            "kind": kind,
            "journal_id": payments.journal_id.id,
            "reference": reference[:TEXT_MAX],
            "message_id": message_id[:TEXT_MAX],
            "part_ids": [
                Command.create({"payment_id": payment.id, "end_to_end_id": kinds.text(self.env, "end_to_end_ids", one)})
                for payment, one in zip(payments, ids, strict=True)
            ],
        })  # fmt: skip
        batch.action_send()
        return batch

    @remote_call()
    def action_send(self):
        """Mark as on the way to the bank.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where it has no payments or is on its way already, or one of them is cleared
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_draft()
        for batch in self:
            if not batch.part_ids:
                raise UserError(self.env._("%s has no payments. Add them first.", batch.display_name))
            for part in batch.part_ids:
                part._check_open()
        return self._set_state("sent")

    @remote_call()
    def action_draft(self):
        """Reset to draft, so that it can be changed.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where it is cleared
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_not_matched()
        return self.filtered(lambda batch: batch.state == "sent")._set_state("draft")
