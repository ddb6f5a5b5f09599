from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.items.status_sql import broken_items, broken_sides
from ..common import kinds
from ..common.actions import form_of
from ..common.permissions import MANAGE, VIEW, require
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "reconciliation.status.mixin"]

    reconciliation_item_ids = fields.One2many("account.reconciliation.item", "move_id", "Items", groups=VIEW)
    reconciliation_line_ids = fields.One2many(
        "account.reconciliation.line", "move_id", "Reconciliation lines", groups=VIEW
    )
    applied_line_ids = fields.One2many("account.reconciliation.line", "counterpart_move_id", "Applied to", groups=VIEW)

    def _invalidate_reconciliation(self):
        self.env["account.move"].invalidate_model(
            ["reconciliation_status", "reconciliation_item_ids", "reconciliation_line_ids", "applied_line_ids"],
            flush=False,
        )

    # -- items live as long as the document is posted ----------------------------------------------

    def _post(self, soft=True):
        """Give posted documents their items, and apply what is already reconciled with them.

        A payment or a bank transaction that is posted again may have been corrected: its balance follows.
        """
        posted_again = self.filtered("posted_before")
        posted = super()._post(soft)
        # Bookkeeping of the addon itself: a user who may post makes the items, without rights on them. A payment and a
        # bank transaction pay items, and have none of their own.
        moves = posted.sudo().filtered(
            lambda move: move.move_type != "entry" or not (move.origin_payment_id or move.statement_line_id)
        )
        self.env["account.reconciliation.item"].sudo()._build(moves)
        moves._allocate_partials()
        self.env["account.reconciliation.line"].sudo()._follow_money((posted & posted_again).sudo() - moves)
        return posted

    def write(self, vals):
        """Delete the items of documents that are no longer posted."""
        if vals.get("state") in ("draft", "cancel"):
            self._before_unposting()
        result = super().write(vals)
        if vals.get("state") in ("draft", "cancel"):
            # Bookkeeping of the addon itself, see _post.
            self.env["account.reconciliation.item"].sudo()._drop(self)
        return result

    def _before_unposting(self):
        """Called before documents are reset to draft or cancelled: what depends on them is refused or cancelled."""

    def _owed_lines(self, owner=None):
        """The receivable and payable lines, on which money is reconciled.

        :param owner: the account owner (res.partner) whose lines are meant, or None for all
        """
        lines = self.line_ids.filtered(lambda line: line._is_owed_line())
        return lines if owner is None else lines.filtered(lambda line: line._account_owner() == owner)

    def _account_owner(self):
        """The account owner of this document; none where it is a journal entry of several accounts."""
        owners = self._owed_lines().partner_id.commercial_partner_id or self.commercial_partner_id
        return owners if len(owners) == 1 else owners.browse()

    def _allocate_partials(self):
        """Apply the partials of these moves that have no reconciliation lines yet."""
        lines = self._owed_lines()
        self.env["account.reconciliation.line"]._allocate(
            (lines.matched_debit_ids | lines.matched_credit_ids).sorted("id")
        )

    def _rebuild_reconciliation(self):
        """Rebuild items and reconciliation lines of these moves from the partials, in the accounts' order."""
        items = self.env["account.reconciliation.item"]
        items._drop(self)
        items._build(self)
        self._allocate_partials()

    # -- error -------------------------------------------------------------------------------------

    def _reconciliation_errors(self):
        """Say which rule is broken, where and by how much.

        :return: list of dicts ``move`` (account.move to repair), ``sentence`` (str)
        """
        self.ensure_one()
        self.env["account.reconciliation.item"]._flush_sources()
        result = []
        for (
            partial_id,
            move_id,
            expected,
            applied,
            company_expected,
            company_applied,
            currency_id,
        ) in self.env.execute_query(broken_sides(SQL("%s", self.id))):
            move = self.browse(move_id)
            partial = self.env["account.partial.reconcile"].browse(partial_id)
            own = partial.debit_move_id if partial.debit_move_id.move_id == move else partial.credit_move_id
            other = (partial.debit_move_id | partial.credit_move_id) - own
            currency = self.env["res.currency"].browse(currency_id)
            if expected == applied:
                currency, expected, applied = move.company_currency_id, company_expected, company_applied
            result.append({
                "move": move,
                "sentence": self.env._(
                    "%(money)s pays %(expected)s of %(document)s, but %(applied)s is applied to its items: "
                    "%(difference)s apart.",
                    money=other.move_id.display_name,
                    document=move.display_name,
                    expected=currency.format(expected),
                    applied=currency.format(applied),
                    difference=currency.format(abs(expected - applied)),
                ),
            })  # fmt: skip
        for item_id, total, reconciled, applied, currency_id in self.env.execute_query(
            broken_items(SQL("%s", self.id))
        ):
            currency = self.env["res.currency"].browse(currency_id)
            result.append({
                "move": self,
                "sentence": self.env._(
                    "“%(item)s” is worth %(total)s and its balance says that %(reconciled)s is reconciled, but "
                    "%(applied)s is applied to it.",
                    item=self.env["account.reconciliation.item"].browse(item_id).display_name,
                    total=currency.format(total),
                    reconciled=currency.format(reconciled),
                    applied=currency.format(applied),
                ),
            })  # fmt: skip
        if (
            self.state == "posted"
            and self.is_invoice(include_receipts=True)
            and not self.sudo().reconciliation_item_ids  # only whether there are any
            and any(self._owed_lines().mapped("balance"))
        ):
            result.append({
                "move": self,
                "sentence": self.env._(
                    "%s has no items: its lines could not be read when the addon was installed or updated.",
                    self.display_name,
                ),
            })  # fmt: skip
        return result

    @remote_call()
    def action_repair_reconciliation(self):
        """Delete and recreate the reconciliation of this transaction, in the order that its account is paid in.

        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        for move in self:
            errors = move._reconciliation_errors()
            broken = self.browse({error["move"].id for error in errors})
            # The lines belong to the addon alone; the partials, which are Odoo's, stay as they are.
            broken.sudo()._rebuild_reconciliation()
            for target in broken:
                target._reconciliation_thread().message_post(
                    body=self.env._("Reconciliation deleted and recreated from its payments: %s",
                                    " ".join(error["sentence"] for error in errors if error["move"] == target))
                )  # fmt: skip
        return True

    def _reconciliation_thread(self):
        """The record whose chatter people read: the payment where the move is a payment's entry."""
        self.ensure_one()
        return self.origin_payment_id or self

    # -- what is reconciled with what --------------------------------------------------------------

    def _is_reconciliation_document(self):
        """Whether the move has items of its own (an invoice, bill, credit note, receipt, opening entry)."""
        self.ensure_one()
        return bool(self.sudo().reconciliation_item_ids)  # only whether there are any

    @remote_call(partner_id=kinds.record("res.partner"))
    def get_reconciliation_report(self, partner_id=None):
        """Tell what is reconciled with what, item by item.

        :param partner_id: id of an account owner, for a transaction of several accounts; None for all
        :return: list of dicts, one an item and counterpart, in listed order; an item that nothing is applied to has
            one row with ``counterpart`` False. Keys: ``document``, ``document_id``, ``item``, ``item_id``,
            ``ledger_code``, ``counterpart``, ``counterpart_id``, ``partial_id``, ``date``, ``amount`` (document
            currency), ``amount_company`` (company currency), ``amount_total``, ``amount_reconciled``,
            ``amount_residual``, ``currency``, ``currency_id``
        :raise AccessError: without the permission to see client billing
        """
        require(self.env, VIEW)
        rows = []
        for move in self:
            if move._is_reconciliation_document():
                for item in move.reconciliation_item_ids._listed():
                    if not partner_id or item.partner_id == partner_id:
                        applied = item.reconciliation_line_ids.sorted("id")
                        rows += [self._report_row(item, line) for line in applied or [applied]]
            else:
                for line in move.applied_line_ids.sorted("id"):
                    if not partner_id or line.counterpart_line_id._account_owner() == partner_id:
                        rows.append(self._report_row(line.item_id, line))
        return rows

    def _report_row(self, item, line):
        return {
            "document": item.move_id.name,
            "document_id": item.move_id.id,
            "item": item.display_name,
            "item_id": item.id,
            "ledger_code": item.account_id.display_name,
            "counterpart": line.counterpart_move_id.name if line else False,
            "counterpart_id": line.counterpart_move_id.id,
            "partial_id": line.partial_id.id,
            "date": line.date,
            "amount": line.amount_currency,
            "amount_company": line.amount,
            "amount_total": item.amount_total,
            "amount_reconciled": item.amount_reconciled,
            "amount_residual": item.amount_residual,
            "currency": item.currency_id.name,
            "currency_id": item.currency_id.id,
        }

    def js_assign_outstanding_line(self, line_id):
        """Reconciling by hand requires the permission, in Odoo's own payments widget as well."""
        require(self.env, MANAGE)
        return super().js_assign_outstanding_line(line_id)

    @remote_call(one=True, partner_id=kinds.record("res.partner"))
    def action_open_reconciliations(self, partner_id=None):
        """Open the table of this transaction's reconciliations, to look at, modify or delete.

        :param partner_id: id of an account owner, for a transaction of several accounts; None for all
        :raise UserError: where there is nothing to reconcile
        """
        require(self.env, VIEW)
        if self.state != "posted" or not self._owed_lines(partner_id or None):
            raise UserError(
                self.env._(
                    "%s can't be reconciled: only posted documents and payments of a client or vendor can.",
                    self.display_name,
                )
            )
        return form_of(
            self.env["account.reconciliation.modify"],
            self.env._("Reconciliations of %s", self.display_name),
            is_dialog=True,
            context={
                "default_move_id": self.id,
                "default_owner_id": partner_id.id if partner_id else False,
                "dialog_size": "extra-large",
            },
        )
