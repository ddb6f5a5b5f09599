from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ...engine.items.waterfall import allocate, allocate_to_items
from ..common import context_keys


class AccountReconciliationLine(models.Model):
    """Money that arrives on a document with a schedule: of a planned payment, or other money that shortens it."""

    _inherit = "account.reconciliation.line"

    @api.model
    def _allocate(self, partials, splits=None):
        """Apply money to the planned payments that it is for, and shorten the schedules where other money pays.

        The context key ``pays_planned_payments`` says that the money is for planned payments: a list of their ids,
        or True for the next ones of each document (a client who pays online).
        """
        wanted = self.env.context.get(context_keys.PAYS_PLANNED_PAYMENTS)
        if wanted:
            splits = {**self._split_over_planned_payments(partials, wanted), **(splits or {})}
        is_planned = super()._allocate(partials, splits)
        if is_planned:
            self._fit_schedules(partials)
        return is_planned

    @api.model
    def _fit_schedules(self, partials):
        """Fit the schedules of the documents that partials pay, where less is open now than they plan."""
        self.env["account.planned.payment"]._flush_planned()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT item.move_id
                  FROM account_partial_reconcile AS partial
                  JOIN account_move_line AS line ON line.id IN (partial.debit_move_id, partial.credit_move_id)
                  JOIN account_reconciliation_item AS item ON item.move_id = line.move_id
                  JOIN account_planned_payment_line AS planned ON planned.item_id = item.id
                  JOIN account_planned_payment AS payment ON payment.id = planned.planned_payment_id
                 WHERE partial.id = ANY(%s) AND payment.is_coming
                 GROUP BY item.move_id, item.id, partial.id, line.id
                HAVING SUM(planned.amount) <> item.amount_planned
                """,
                partials.ids,
            )
        )
        self.env["account.move"].browse([row[0] for row in rows])._fit_schedule()

    @api.model
    def _split_over_planned_payments(self, partials, wanted):
        """The items that planned payments' own money goes to, wherever they are on their document.

        :param partials: account.partial.reconcile records
        :param wanted: ids of the planned payments, or True
        :return: ``{(debit line id, credit line id): {item id: amount}}``; the planned payments paid are marked so
        """
        result, claims = {}, {}
        for partial in partials.sorted("id"):
            for own, other, amount in (
                (partial.debit_move_id, partial.credit_move_id, partial.debit_amount_currency),
                (partial.credit_move_id, partial.debit_move_id, partial.credit_amount_currency),
            ):
                items = own.move_id.reconciliation_item_ids.filtered(
                    lambda item, own=own: item.allocation_key in (own.move_id.id, -own.id)
                )
                if not items or own.account_id.account_type not in OWED_ACCOUNT_TYPES:
                    continue
                document = own.move_id
                if document not in claims:
                    claims[document] = _Claim(document, wanted)
                split = claims[document].take(own.currency_id._exact(amount), items)
                claims[document].payment = other.move_id.origin_payment_id
                if split:
                    result[partial.debit_move_id.id, partial.credit_move_id.id] = {
                        item: float(part) for item, part in split.items()
                    }
        for claim in claims.values():
            claim.settle()
        return result


class _Claim:
    """What the planned payments of one document take of the money that arrives for them."""

    def __init__(self, document, wanted):
        self.document, self.payment = document, None
        coming = document._coming_payments()
        # What is being charged at this moment gets its own money.
        chosen = coming.filtered(lambda one: one.state != "processing" if wanted is True else one.id in wanted)
        exact = document.currency_id._exact
        self.parts = {
            one: {line.item_id.id: exact(line.amount) for line in one.line_ids if line.item_id} for one in chosen
        }
        self.others = {}
        for line in (coming - chosen).line_ids:
            self.others[line.item_id.id] = self.others.get(line.item_id.id, Decimal(0)) + exact(line.amount)
        self.taken, self.touched = {}, []

    def take(self, amount, items):
        """Take money: the planned payments' items first, then what nothing is planned for, then the rest.

        :param amount: Decimal above 0
        :param items: the items it may go to
        :return: ``{item id: Decimal}`` adding up to the amount; empty where no planned payment is concerned
        """
        if not self.parts:
            return {}
        split = {}
        mine = set(items.ids)
        owed = [(one, sum(parts.values(), Decimal(0))) for one, parts in self.parts.items() if mine.issuperset(parts)]
        for _money, one, part in allocate([("money", amount)], owed):
            for _key, item, share in allocate_to_items([("money", part)], list(self.parts[one].items())):
                self._put(split, item, share)
                self.parts[one][item] -= share
            self.touched.append(one)
            amount -= part
        for kept in (self.others, {}):
            if amount <= 0:
                break
            exact = self.document.currency_id._exact
            free = {
                item.id: exact(item.amount_residual)
                - self.taken.get(item.id, Decimal(0))
                - kept.get(item.id, Decimal(0))
                for item in items
            }
            for item, share in items._spread(amount, free).items():
                self._put(split, item, share)
                amount -= share
        return split

    def _put(self, split, item, share):
        split[item] = split.get(item, Decimal(0)) + share
        self.taken[item] = self.taken.get(item, Decimal(0)) + share

    def settle(self):
        """Mark what is paid in full as paid, and leave of the others what is still to pay."""
        for one in dict.fromkeys(self.touched):
            left = {item: part for item, part in self.parts[one].items() if part}
            if left:
                self.document._write_planned_lines({one: left})
                self.document._note_planned(
                    one.env._(
                        "Planned payment %(number)s of %(date)s was paid in part: %(left)s is left of it.",
                        number=one.number,
                        date=one.due_date,
                        left=one.currency_id.format(one.amount),
                    )
                )
            else:
                one._set_paid(self.payment)
