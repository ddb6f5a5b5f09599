"""A schedule follows its document: fitted to what is open, kept when items are rebuilt, cancelled with it."""

from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.planned_payments import schedule


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _write_planned_lines(self, parts):
        """Set which items planned payments pay.

        :param parts: ``{account.planned.payment: {item id: Decimal}}``
        """
        lines = self.env["account.planned.payment.line"].sudo()  # the addon's own bookkeeping, see the callers
        lines.search([("planned_payment_id", "in", [one.id for one in parts])]).unlink()
        items = self.env["account.reconciliation.item"].sudo()  # see above
        lines.create([
            {
                "planned_payment_id": one.id,
                "item_id": item,
                "move_line_id": items.browse(item).move_line_id.id,
                "amount": float(amount),
            }
            for one, split in parts.items()
            for item, amount in split.items()
            if amount
        ])  # fmt: skip
        self.env["account.planned.payment"]._flush_planned()

    def _fit_schedule(self, extra=None, wanted=None, reason=None):
        """Fit the schedules of these documents to what is still open, from their end, and say so.

        :param extra: account.planned.payment that is to come again
        :param wanted: ``{account.planned.payment: {item id: Decimal}}`` in place of the lines they have
        :param reason: a sentence for the note
        """
        for move in self.sudo():  # the addon's own bookkeeping, whoever pays or credits the document
            exact = move.currency_id._exact
            coming = move._coming_payments()
            if extra:
                coming = (coming | extra.sudo()).sorted(lambda one: (one.due_date, one.number))  # see above
            planned_payments = [
                schedule.PlannedPayment(
                    key=one,
                    parts=(wanted or {}).get(one)
                    or {line.item_id.id: exact(line.amount) for line in one.line_ids if line.item_id},
                    keeps_items=one.keeps_items,
                    is_fixed=one.state == "processing",
                )
                for one in coming
            ]
            items = move.reconciliation_item_ids._listed()
            open_amounts = [(item.id, exact(item.amount_residual)) for item in items]
            fitted = schedule.shrink(planned_payments, open_amounts, items._share_step())
            before = {one.key: float(one.amount) for one in planned_payments}
            changed = {
                one.key: fitted[one.key]
                for one in planned_payments
                if fitted[one.key] != one.parts or (wanted and one.key in wanted)
            }
            if not changed:
                continue
            move._write_planned_lines(changed)
            gone = [one for one, parts in changed.items() if not parts and one.state != "processing" and one != extra]
            for one in gone:
                one._set_state("cancelled", next_attempt_date=False)
            if any(move.currency_id.compare_amounts(one.amount, before[one]) for one in changed):
                move._note_schedule_change(before, reason)

    def _note_schedule_change(self, before, reason=None):
        rows = []
        for one, was in before.items():
            if not self.currency_id.compare_amounts(one.amount, was):
                continue
            rows.append(
                self.env._(
                    "%(date)s: %(old)s becomes %(new)s",
                    date=one.due_date,
                    old=self.currency_id.format(was),
                    new=self.currency_id.format(one.amount)
                    if one.amount
                    else self.env._("nothing, the planned payment is cancelled"),
                )
            )
        self._note_planned(
            reason
            or self.env._("Less is open now than was planned: the schedule was shortened from its end.", ),
            rows,
        )  # fmt: skip

    def _note_planned(self, text, rows=()):
        """Leave a note about the schedule on the document."""
        self.ensure_one()
        items = Markup().join(Markup("<li>%s</li>") % row for row in rows)
        # Telling what was done is part of doing it; a user who did it had the permission.
        self.sudo().message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (text, items) if rows else text)

    def _before_unposting(self):
        """Refuse where a payment is still processing; cancel what is planned."""
        self._check_not_processing()
        self._cancel_schedule()
        return super()._before_unposting()

    def _cancel_schedule(self):
        """Cancel what is planned for documents that are no longer posted, and say so.

        :raise UserError: where a planned payment is being charged at this moment
        """
        for move, coming in self._coming_payments().grouped("move_id").items():
            charging = coming.filtered(lambda one: one.state == "processing")
            if charging:
                raise UserError(
                    self.env._(
                        "%(planned_payment)s of %(document)s is being charged (%(reference)s). Wait until its result "
                        "is known, then try again.",
                        planned_payment=charging[0].display_name,
                        document=move.name,
                        reference=charging[0].reference,
                    )
                )
            rows = [f"{one.due_date}: {one.currency_id.format(one.amount)}" for one in coming]
            coming._set_state("cancelled", next_attempt_date=False)
            move._note_planned(self.env._("The document is no longer posted, so its schedule is cancelled:"), rows)

    def _rebuild_reconciliation(self):
        """Keep the schedule when the items are rebuilt, as far as they still have the amounts for it."""
        wanted = {}
        for one in self._coming_payments():
            wanted[one] = {line.move_line_id.id: one.currency_id._exact(line.amount) for line in one.line_ids}
        lines = self.env["account.planned.payment.line"].sudo()  # the addon's own bookkeeping
        lines.search([("planned_payment_id", "in", [one.id for one in wanted])]).unlink()
        self.env["account.planned.payment"]._flush_planned()
        result = super()._rebuild_reconciliation()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_planned_payment_line AS line SET item_id = item.id
                  FROM account_reconciliation_item AS item
                 WHERE line.item_id IS NULL AND item.move_line_id = line.move_line_id AND item.move_id = ANY(%s)
                """,
                self.ids,
            )
        )
        lines.invalidate_model(["item_id"], flush=False)
        for move in self:
            items = {item.move_line_id.id: item.id for item in move.sudo().reconciliation_item_ids}  # see above
            mine = {
                one: {items[line]: amount for line, amount in parts.items() if line in items}
                for one, parts in wanted.items()
                if one.move_id == move
            }
            if mine:
                move._fit_schedule(wanted=mine)
        return result
