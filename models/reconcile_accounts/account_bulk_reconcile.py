from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.common import rows_sql
from ...engine.reconcile_accounts import bulk_sql
from ...engine.reconcile_accounts import bulk_states_sql as states_sql
from ...engine.reconcile_accounts.matching_groups import group
from ..common import context_keys
from ..common.sql import for_slice

# With these keys in the context, only Odoo's own method reconciles a pair correctly.
CHOSEN_BY_CALLER = (context_keys.PAYS_PLANNED_PAYMENTS, "add_caba_vals", "move_reverse_cancel")


@dataclass(slots=True)
class Line:
    """A journal item as the bulk path sees it; ``left`` is what is open after the pairs before, at least 0."""

    id: int
    move_id: int
    date: object
    account_id: int
    company_id: int
    root_company_id: int
    currency_id: int
    is_posted: bool
    residual: Decimal  # as text, because floats would not be exact
    matching_number: str | None
    is_document: bool
    payment_id: int | None
    is_owed: bool
    why: str | None
    left: Decimal = Decimal(0)

    def __post_init__(self):
        self.residual = Decimal(self.residual)
        self.left = abs(self.residual)


@dataclass
class Written:
    """What a bulk write did.

    ``pairs``: with their exact amounts, ``(debit id, credit id, amount)``, in the order given. ``why``: those that took
    Odoo's own path, ``{(debit id, credit id): reason}``. ``partials``: ``{(debit id, credit id): partial id}``.
    """

    pairs: list = field(default_factory=list)
    why: dict = field(default_factory=dict)
    partials: dict = field(default_factory=dict)


class AccountBulkReconcile(models.AbstractModel):
    """Reconciles many pairs of journal items at once: set-based where that is proven to be the same as Odoo's own
    method, through Odoo's own method where it is not. Each pair is decided by itself; a pair that shares an entry with
    one of Odoo's path goes with it, so that the order in which items are paid stays the one of the pairs.
    """

    _name = "account.bulk.reconcile"
    _description = "Bulk reconciliation"

    @api.model
    def _reasons(self):
        """Why a pair goes through Odoo's own method.

        :return: ``{key: sentence}``
        """
        return {
            "currency": self.env._("another currency than the company's"),
            "cash_basis": self.env._("taxes that are due on payment"),
            "numbered": self.env._("matching numbers of an import, or a full reconciliation that is open again"),
            "account": self.env._(
                "an account that allows no reconciliation, or what a bank transaction has open itself"
            ),
            "payment": self.env._("a payment without an ordinary entry of its own"),
            "company": self.env._("two branches of a company"),
            "addon": self.env._("another addon changes how Odoo reconciles"),
            "changed": self.env._("another version of Odoo than this addon was tested with"),
            "chosen": self.env._("the caller chose the items"),
            "shared": self.env._("shares money with one of these"),
        }

    @api.model
    def _reconcile(self, pairs, splits=None):
        """Reconcile many pairs of journal items at once.

        Everything that Odoo's ``_reconcile_plan`` sets is set: partials, full reconciliations, matching numbers, open
        amounts, payment states, chatter, ``_invoice_paid_hook``, and stored fields of other addons; and the items of
        this addon are paid in the order of the pairs. The lines are locked first; nothing is committed here.
        The caller checks the permissions, as with ``_reconcile_plan``.

        :param pairs: list of ``(debit line id, credit line id, amount)``; amount a Decimal or float above 0 in the
            currency of both lines, or None for as much as both have left after the pairs before; where that is
            nothing, the pair is passed over
        :param splits: which items the pairs pay, where not in their order:
            ``{(debit line id, credit line id): {item id: amount}}``; None for those of the context
        :return: :class:`Written`
        :raise UserError: before anything is written, where a pair can't be reconciled
        """
        result = Written()
        if not pairs:
            return result
        splits = self.env.context.get(context_keys.SPLITS) or {} if splits is None else splits
        self.env.flush_all()
        for_slice(self.env.cr)
        lines = self._read_lines(pairs)
        result.pairs = self._check(pairs, lines)
        members = self._group(result.pairs, lines)
        reasons = self._decide(result.pairs, lines, is_chosen=bool(splits))
        simple, others = [], []
        for pair, reason in zip(result.pairs, reasons, strict=True):
            if reason is None:
                simple.append(pair)
            else:
                others.append(pair)
                result.why[pair[:2]] = reason
        if simple:
            result.partials = self._write_simple(simple, lines, members)
        if others:
            journal_items = self.env["account.move.line"]
            journal_items._reconcile_pairs([
                {
                    "debit": journal_items.browse(debit), "credit": journal_items.browse(credit), "amount": amount,
                    "split": splits.get((debit, credit)),
                }
                for debit, credit, amount in others
            ])  # fmt: skip
            self.env.flush_all()
            result.partials |= self._last_partials([pair[:2] for pair in others])
        return result

    def _last_partials(self, pairs):
        """The last partial of each pair of journal items.

        :param pairs: list of ``(debit line id, credit line id)``, whose lines this transaction has locked
        :return: ``{(debit line id, credit line id): partial id}``
        """
        rows = self.env.execute_query(bulk_sql.last_partials(pairs))
        return {(debit, credit): partial for debit, credit, partial in rows}

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _read_lines(self, pairs):
        line_ids = sorted({line for pair in pairs for line in pair[:2]})
        return {row[0]: Line(*row) for row in self.env.execute_query(bulk_sql.line_facts(line_ids))}

    def _check(self, pairs, lines):
        """Refuse what can't be reconciled, and compute the amounts that were not given.

        :return: the pairs, each with its amount, a Decimal in the currency's digits
        """
        exact = {line.currency_id: self.env["res.currency"].browse(line.currency_id)._exact for line in lines.values()}
        checked = []
        for debit_id, credit_id, amount in pairs:
            debit, credit = lines.get(debit_id), lines.get(credit_id)
            if debit is None or credit is None:
                raise UserError(
                    self.env._(
                        "A journal item that was to be reconciled doesn't exist any more. Nothing was changed: reload, "
                        "then choose again."
                    )
                )
            if amount is None and any(line.residual and not line.left for line in (debit, credit)):
                continue  # used up by the pairs before: money that doesn't reach the last due line of a document
            amount = min(debit.left, credit.left) if amount is None else exact[debit.currency_id](amount)
            if (
                not 0 < amount <= min(debit.left, credit.left)
                or debit.residual < 0
                or credit.residual > 0
                or not (debit.is_posted and credit.is_posted)
                or (debit.account_id, debit.currency_id, debit.root_company_id)
                != (credit.account_id, credit.currency_id, credit.root_company_id)
            ):
                self._refuse(debit, credit, amount)
            debit.left -= amount
            credit.left -= amount
            checked.append((debit_id, credit_id, amount))
        return checked

    def _refuse(self, debit, credit, amount):
        """Say in a sentence why a pair can't be reconciled."""
        journal_items = self.env["account.move.line"].browse((debit.id, credit.id))
        pair = {"debit": journal_items[0], "credit": journal_items[1], "amount": amount}
        journal_items._check_pair(pair, {journal_items[0]: debit.left, journal_items[1]: credit.left})
        raise UserError(
            self.env._(
                "%(debit)s and %(credit)s can't be reconciled: one must be a debit, the other a credit, and both must "
                "be open.",
                debit=journal_items[0].move_id.display_name,
                credit=journal_items[1].move_id.display_name,
            )
        )

    def _why(self, debit, credit):
        """Why this pair alone takes Odoo's path; None where nothing of it requires that."""
        return debit.why or credit.why or ("company" if debit.company_id != credit.company_id else None)

    def _group(self, pairs, lines, links=()):
        """The journal items that are matched with each other, directly or through others.

        :param links: what else holds together: pairs of keys, which may be line ids
        :return: ``{line id, matching number or other key: the key of its group}``
        """
        numbered = ((line.id, line.matching_number) for line in lines.values() if line.matching_number)
        return group([*(pair[:2] for pair in pairs), *numbered, *links])

    def _decide(self, pairs, lines, is_chosen):
        """Decide which pairs go through Odoo's own method.

        :param is_chosen: whether the caller chose the items that are paid
        :return: list of the reason of each pair, a key of :meth:`_reasons`, or None where it is written in bulk
        """
        of_all = None
        if is_chosen or any(self.env.context.get(key) for key in CHOSEN_BY_CALLER):
            of_all = "chosen"
        elif self._changed_methods():
            of_all = "changed"
        elif self._hooked():
            of_all = "addon"
        reasons = [self._why(lines[debit], lines[credit]) or of_all for debit, credit, _amount in pairs]
        if not any(reasons):
            return reasons
        # The items of a document are paid in the order of the pairs, also through its other journal items.
        members = self._group(pairs, lines, ((line.id, ("entry", line.move_id)) for line in lines.values()))
        by_odoo = {members[pair[0]] for pair, reason in zip(pairs, reasons, strict=True) if reason}
        return [
            reason or ("shared" if members[pair[0]] in by_odoo else None)
            for pair, reason in zip(pairs, reasons, strict=True)
        ]

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write_simple(self, pairs, lines, members):
        """Write pairs set-based: each table by one statement.

        :param pairs: ``(debit line id, credit line id, amount)``
        :param lines: ``{id: Line}``, with what is left of them after all pairs
        :param members: ``{line id or matching number: group}``
        :return: ``{(debit line id, credit line id): partial id}``
        """
        cr, uid = self.env.cr, self.env.uid
        touched = dict.fromkeys(line for pair in pairs for line in pair[:2])
        groups = self._number_groups(pairs, [lines[line] for line in touched], members)
        fulls = [one.full_id for one in groups.values() if one.full_id]
        if fulls:
            cr.execute(bulk_sql.insert_fulls(fulls, uid))
        partial_ids = self._reserve("account_partial_reconcile", len(pairs))
        for (debit, _credit, _amount), partial in zip(pairs, partial_ids, strict=True):
            one = groups[members[debit]]
            one.number = one.number or partial
        cr.execute(
            bulk_sql.insert_partials(
                [
                    (partial, debit, credit, amount, groups[members[debit]].full_id)
                    for (debit, credit, amount), partial in zip(pairs, partial_ids, strict=True)
                ],
                uid,
            )
        )
        rows, old_rows = [], []
        for line in map(lines.get, touched):
            one = groups[members[line.id]]
            residual = line.left if line.residual > 0 else -line.left
            rows.append((line.id, residual, one.matching_number, one.full_id))
            if one.others and one.full_id:
                old_rows.append((line.id, one.full_id))
        for one in groups.values():
            for other in one.others:
                rows.append((other, None, one.matching_number, one.full_id))
                if one.full_id:
                    old_rows.append((other, one.full_id))
        cr.execute(bulk_sql.update_lines(sorted(rows), uid))
        if old_rows:
            cr.execute(bulk_sql.close_old_partials(old_rows))
        self._follow(partial_ids, [lines[line] for line in touched], [row[0] for row in rows])
        return {pair[:2]: partial for pair, partial in zip(pairs, partial_ids, strict=True)}

    def _reserve(self, table, count):
        return [row[0] for row in self.env.execute_query(rows_sql.reserve_ids(table, count))]

    def _number_groups(self, pairs, touched, members):
        """What becomes of each group: its number, and whether it is closed.

        :return: ``{group: _Group}``
        """
        groups = {members[debit]: _Group() for debit, _credit, _amount in pairs}
        numbers = set()
        for line in touched:
            one = groups[members[line.id]]
            one.currencies.add(line.currency_id)
            one.is_full = one.is_full and not line.left
            if line.matching_number:
                numbers.add(line.matching_number)
        if numbers:
            rows = self.env.execute_query(bulk_sql.matched_before(sorted(numbers), [line.id for line in touched]))
            for number in numbers:
                one = groups[members[number]]
                old = int(number.removeprefix("P"))
                one.number = min(one.number or old, old)
            for _id, number, currency_id, *_rest in rows:
                groups[members[number]].currencies.add(currency_id)
            for line_id, number, _currency, is_reconciled, no_balance_open, nothing_open in rows:
                one = groups[members[number]]
                one.others.append(line_id)
                closed = no_balance_open if len(one.currencies) > 1 else nothing_open
                one.is_full = one.is_full and (is_reconciled or closed)
        closed = [one for one in groups.values() if one.is_full]
        if closed:
            for one, full_id in zip(closed, self._reserve("account_full_reconcile", len(closed)), strict=True):
                one.full_id = full_id
        return groups

    def _follow(self, partial_ids, touched, line_ids):
        """Set what depends on new partials: payments, documents, items, chatter, hooks, other addons' fields.

        :param touched: the Lines that were reconciled
        :param line_ids: ids of these and of all others whose numbers have changed
        """
        env, uid = self.env, self.env.uid
        documents = {line.move_id for line in touched if line.is_document}
        payments = {line.payment_id for line in touched if line.payment_id}
        # Bookkeeping that follows from a reconciliation whose rights the caller has checked, as Odoo's own recompute.
        fields_by_orm = self._fields_by_orm()
        affected = set(documents)
        at_the_bank = {line.payment_id for line in touched if line.payment_id and not line.is_owed}
        if at_the_bank:
            matched = [row[0] for row in env.execute_query(states_sql.update_matched(sorted(at_the_bank), uid))]
            if matched:
                affected.update(row[0] for row in env.execute_query(states_sql.documents_paid_by(matched)))
        changes, states = [], []
        if affected:
            state = env["account.move"]._get_invoice_in_payment_state()
            modified = [] if env.context.get("skip_is_manually_modified") else sorted(documents)
            changes = env.execute_query(states_sql.update_documents(sorted(affected), modified, state, uid))
        if affected or payments:
            states = env.execute_query(states_sql.update_payments(sorted(payments), sorted(affected), uid))
        env.invalidate_all(flush=False)
        partials = env["account.partial.reconcile"].browse(partial_ids)
        # Bookkeeping of the addon itself: users who may reconcile in Odoo need no rights on these lines.
        env["account.reconciliation.line"].sudo()._allocate(partials.sudo())
        self._track("account.move", "payment_state", changes)
        self._track("account.payment", "state", states)
        self._recompute(partials, env["account.move.line"].browse(line_ids), fields_by_orm)
        paid = [
            move
            for move, old, new in changes
            if move in documents
            and (new == "paid" and old != "paid" or new == "in_payment" and old not in ("paid", "in_payment"))
        ]
        if paid:
            env["account.move"].browse(paid)._invoice_paid_hook()


class _Group:
    """Journal items that are matched with each other, directly or through others."""

    __slots__ = ("number", "is_full", "full_id", "currencies", "others")

    def __init__(self):
        self.number, self.full_id = None, None
        self.is_full = True
        self.currencies, self.others = set(), []

    @property
    def matching_number(self):
        return str(self.full_id) if self.full_id else f"P{self.number}"
