"""Modifying and deleting reconciliations of a transaction: the methods that the screens and wizards call."""

from decimal import Decimal

from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError

from ...engine.items.waterfall import allocate_to_items
from ..common import kinds
from ..common.kinds import is_id
from ..common.permissions import DELETE, MANAGE, require
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    _inherit = "account.move"

    def _partials_with(self, counterpart=None, owner=None):
        """The partials between this transaction and another, or all of its own.

        :param counterpart: account.move, or None for every counterpart
        :param owner: the account owner (res.partner) whose lines of this transaction are meant, or None for all
        :return: account.partial.reconcile records, oldest first
        """
        lines = self._owed_lines(owner)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        if counterpart is not None:
            partials = partials.filtered(
                lambda p: counterpart in (p.debit_move_id | p.credit_move_id).move_id - self or counterpart == self
            )
        return partials.sorted("id")

    def _reconciliation_pairs(self):
        """What is reconciled on the receivable and payable lines of these transactions, as it could be stored.

        :return: ``{"debit line id,credit line id": dict}`` with ``amount`` (str, in the currency of both lines; None
            where they have two) and ``items`` (``{item id as str: amount as str}``)
        """
        lines = self._owed_lines()
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        found = {}
        # The lines are the addon's own, and what is read here is only restored.
        for partial in partials.sudo().sorted("id"):
            debit, credit = partial.debit_move_id, partial.credit_move_id
            if not partial.debit_amount_currency:
                continue  # an exchange difference, which follows from what it belongs to
            pair = found.setdefault((debit.id, credit.id), {"amount": Decimal(0), "items": {}})
            if debit.currency_id != credit.currency_id:
                pair["amount"] = None
                continue
            pair["amount"] += debit.currency_id._exact(partial.debit_amount_currency)
            for line in partial.reconciliation_line_ids:
                amount = line.currency_id._exact(line.amount_currency)
                pair["items"][line.item_id.id] = pair["items"].get(line.item_id.id, Decimal(0)) + amount
        return {
            f"{debit},{credit}": {
                "amount": pair["amount"] if pair["amount"] is None else str(pair["amount"]),
                "items": {str(item): str(pair["items"][item]) for item in sorted(pair["items"])},
            }
            for (debit, credit), pair in found.items()
        }

    def _modify_reconciliations(self, changes):
        """Set how much of each item is paid by each counterpart; everything or nothing is written.

        A pair whose total stays keeps its partial and gets new lines; a pair whose total changes is unreconciled and
        reconciled again. All pairs are unreconciled first, so that amounts can move between items.

        :param changes: list of dicts ``document`` (account.move with items), ``money`` (the counterpart's
            account.move.line), ``split`` (``{item id: amount}``, amounts in the document's currency)
        :return: the account.reconciliation.undo that undoes it; none where it can't be undone
        :raise AccessError: without the permission to manage reconciliations, or to delete them where nothing is left
        :raise UserError: where more would be applied than is open, on either side
        """
        require(self.env, MANAGE)
        touched = self.union(*(change["document"] | change["money"].move_id for change in changes))
        touched._owed_lines()._lock_in_order()
        before = {move: move._reconciliation_summary() for move in touched}
        pairs_before = touched._reconciliation_pairs()
        again, resplit = [], []
        for change in changes:
            document, money = change["document"], change["money"]
            exact = document.currency_id._exact if document.is_invoice(True) else money.currency_id._exact
            split = {item: exact(amount) for item, amount in change["split"].items()}
            total = sum(split.values(), Decimal(0))
            if total < 0:
                raise UserError(
                    self.env._("The amounts applied to %s add up to less than zero.", document.display_name)
                )
            partials = document._partials_with(money.move_id).filtered(
                lambda p, money=money: money in p.debit_move_id | p.credit_move_id
            )
            if partials and not total:
                require(self.env, DELETE)  # nothing left of it: that is deleting
            sources = [(p, exact(self._document_amount(p, document))) for p in partials]
            # An item of a journal entry is a line of its own: what moves to another item moves to another partial.
            has_own_lines = any(item.allocation_key < 0 for item in document.reconciliation_item_ids)
            if total and total == sum((amount for _p, amount in sources), Decimal(0)) and not has_own_lines:
                self._check_not_locked(partials)
                resplit.append((sources, split, money))
            else:
                again.append((money, document, total, split, partials))
        for sources, _split, money in resplit:
            # The lines are the addon's own; the permission to change them was checked above.
            self.env["account.reconciliation.line"].sudo().search(
                [("partial_id", "in", [p.id for p, _amount in sources]), ("counterpart_line_id", "=", money.id)]
            ).unlink()
        for _money, _document, _total, _split, partials in again:
            self._check_not_locked(partials)
            # Changing an amount deletes the old partial: that is modifying, and needs `manage` only.
            partials.sudo().unlink()
        self.env["account.reconciliation.item"]._invalidate_balances()
        for sources, split, _money in resplit:
            splits = {}
            for partial, item, amount in allocate_to_items(sources, split.items()):
                key = (partial.debit_move_id.id, partial.credit_move_id.id)
                splits.setdefault(key, {})[item] = float(amount)
            self.env["account.reconciliation.line"].sudo()._allocate(
                self.env["account.partial.reconcile"].union(*(p for p, _amount in sources)), splits
            )
        pairs = []
        for money, document, total, split, _partials in again:
            if total:
                pairs += money._pairs_with_document(document, total, split)
        self.env["account.move.line"]._reconcile_pairs(pairs)
        for money, document, _total, split, _partials in again:
            document._check_applied_as_chosen(money, split)
        for move, was in before.items():
            move._note_reconciliation(self.env._("Reconciliation modified"), was)
        return self.env["account.reconciliation.undo"]._remember(pairs_before, touched._reconciliation_pairs())

    def _check_applied_as_chosen(self, money, split):
        """Refuse amounts per item that were not applied as somebody chose them.

        What a due amount that lowers the document pays of another one comes off what is paid of it: such a document's
        partials are applied again, see ``both_signs_sql``.

        :param money: the counterpart's account.move.line, which pays nothing else of the document
        :param split: ``{item id: Decimal}``, as chosen
        :raise UserError: where other amounts are applied
        """
        if not self.is_invoice(include_receipts=True) or len({line.balance > 0 for line in self._owed_lines()}) < 2:
            return
        # The amounts are of the document, which the caller has read; the lines are the addon's own.
        rows = (
            self.env["account.reconciliation.line"]
            .sudo()
            ._read_group(
                [("move_id", "=", self.id), ("counterpart_line_id", "=", money.id)],
                ["item_id"],
                ["amount_currency:sum"],
            )
        )
        exact = self.currency_id._exact
        if {item.id: exact(amount) for item, amount in rows} != {
            item: amount for item, amount in split.items() if amount
        }:
            raise UserError(
                self.env._(
                    "The amounts per item of %s can't be applied as they were chosen: one of its due amounts lowers "
                    "it, and pays another document. Apply the payment without choosing amounts per item.",
                    self.display_name,
                )
            )

    def _document_amount(self, partial, document):
        """A partial's amount on a document's side, in that side's currency."""
        on_debit = partial.debit_move_id.move_id == document
        return partial.debit_amount_currency if on_debit else partial.credit_amount_currency

    def _check_not_locked(self, partials):
        """Hook: refuse to modify or delete reconciliations that something else depends on."""

    @remote_call(partner_id=kinds.record("res.partner"))
    def action_delete_reconciliations(self, counterpart_id=None, partner_id=None):
        """Delete all reconciliations of these transactions, or those with one counterpart or of one account.

        :param counterpart_id: id of an account.move, or None for all
        :param partner_id: id of an account owner, for a transaction of several accounts; None for all
        :return: an action that says so and offers to undo it
        :raise AccessError: without the permission to delete reconciliations
        """
        require(self.env, DELETE)
        counterpart = None
        if counterpart_id is not None:
            counterpart = self.browse(counterpart_id if is_id(counterpart_id) else ()).exists()
        partials = self._partials_with()
        all_touched = (partials.debit_move_id | partials.credit_move_id).move_id
        pairs_before = all_touched._reconciliation_pairs()
        for move in self:
            partials = move._partials_with(counterpart, partner_id or None)
            if not partials:
                raise UserError(
                    self.env._(
                        "There is no reconciliation of %s to delete: perhaps somebody else has just deleted it. "
                        "Reload the page.",
                        move.display_name,
                    )
                )
            self._check_not_locked(partials)
            touched = (partials.debit_move_id | partials.credit_move_id).move_id
            before = {moved: moved._reconciliation_summary() for moved in touched}
            partials.unlink()
            for moved, was in before.items():
                # An exchange difference that was still a draft goes with its partial.
                if moved.exists():
                    moved._note_reconciliation(self.env._("Reconciliation deleted"), was)
        undo = self.env["account.reconciliation.undo"]._remember(
            pairs_before, all_touched.exists()._reconciliation_pairs()
        )
        names = ", ".join(self.mapped("display_name"))
        return undo._notify(self.env._("Reconciliations of %s deleted.", names))

    # -- notes -------------------------------------------------------------------------------------

    def _reconciliation_summary(self):
        """What is applied to what now, as lines of text for a note."""
        self.ensure_one()
        return [
            self.env._(
                "%(item)s: %(amount)s of %(counterpart)s",
                item=f"{row['document']}, {row['item']}" if row["document_id"] != self.id else row["item"],
                amount=self.env["res.currency"].browse(row["currency_id"]).format(row["amount"]),
                counterpart=row["counterpart"],
            )
            for row in self.get_reconciliation_report()
            if row["counterpart"]
        ]

    def _note_reconciliation(self, title, before):
        """Leave a note on a transaction: who, what, before, after.

        :param title: what was done
        :param before: the summary from before the change
        """
        self.ensure_one()
        after = self._reconciliation_summary()

        def as_list(rows):
            rows = rows or [self.env._("nothing applied")]
            return Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % row for row in rows)

        self._reconciliation_thread().message_post(
            body=Markup("<p><b>%s</b></p><p>%s</p>%s<p>%s</p>%s")
            % (title, self.env._("Before:"), as_list(before), self.env._("After:"), as_list(after))
        )
