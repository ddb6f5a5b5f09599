import logging
from decimal import Decimal

from odoo import api, models

from ...engine.bank_import import entry_rows_sql
from ...engine.bank_import.entry_rows import ITEM, Currency, differing
from ...engine.bank_matching import booking_sql
from ...engine.common import odoo_methods, rows_sql
from ..common.sql import for_slice
from .booking import Booking

_logger = logging.getLogger(__name__)

# Fewer matches than these aren't worth it.
BOOKINGS_MIN = 10
# The values of a counterpart that its row is made of; one with others (taxes, analytic) is not simple.
KNOWN = frozenset({"move_id", "name", "account_id", "partner_id", "currency_id", "amount_currency", "balance"})
# What a row has of the row whose place it takes: all items of an entry have it.
OF_ENTRY = (
    "move_id", "move_name", "parent_state", "date", "invoice_date", "ref", "journal_id", "company_id",
    "company_currency_id", "statement_line_id", "statement_id",
)  # fmt: skip
# What must be empty in the row that is taken away.
EMPTY = (
    "matching_number", "full_reconcile_id", "analytic_distribution", "tax_line_id", "tax_repartition_line_id",
    "tax_group_id", "group_tax_id", "payment_id", "reconcile_model_id", "product_id",
)  # fmt: skip
# What a match changes of its bank transaction, computed by Odoo.
OF_MATCH = ("is_reconciled", "amount_residual")


class AccountBulkBooking(models.AbstractModel):
    """Puts the counterparts of many matches in the place of the suspense items, as Odoo's ``unlink`` and ``create`` do.

    Counterparts of one kind (account, journal, side) differ in few columns. So Odoo writes the first one of each kind,
    and its row is the pattern of the others, whose own columns follow Odoo's methods. Where the pattern is not what
    these columns would be, or anything else is not simple, Odoo writes them: it is decided for each match before
    anything is written.
    """

    _name = "account.bulk.booking"
    _description = "Bulk booking of bank matches"

    @api.model
    def _replace(self, bookings, by_odoo):
        """Replace the suspense items of bank transactions by the counterparts of their matches.

        The caller has locked the transactions and checked that they may be matched. Commits nothing.

        :param bookings: list of :class:`Booking`
        :param by_odoo: function of a list of bookings and their suspense items (account.move.line) that replaces these
            by Odoo's own methods and returns the counterparts' items
        :return: account.move.line records, in the order of the bookings' counterparts
        """
        items = self.env["account.move.line"]
        suspense = {booking.line.id: booking.line._seek_for_lines()[1] for booking in bookings}
        waiting = self._simple(bookings, suspense)
        patterns, of_odoo, in_bulk = {}, [], []
        for booking in bookings:
            row = waiting.get(booking.line.id)
            new = {self._kind(one.values, row) for one in booking.counterparts} - patterns.keys() if row else ()
            patterns |= dict.fromkeys(new, booking)
            (of_odoo if new or not row else in_bulk).append(booking)
        created = self._by_odoo(of_odoo, suspense, by_odoo)
        if in_bulk:
            self.env.flush_all()
            rows = self._read_patterns(patterns, created, waiting)
            like_patterns, others = [], []
            for booking in in_bulk:
                kinds = {self._kind(one.values, waiting[booking.line.id]) for one in booking.counterparts}
                (like_patterns if kinds <= rows.keys() else others).append(booking)
            created |= self._by_odoo(others, suspense, by_odoo)
            if like_patterns:
                created |= self._write(like_patterns, suspense, waiting, rows)
        return items.browse([item for booking in bookings for item in created[booking.line.id]])

    def _by_odoo(self, bookings, suspense, by_odoo):
        """Have Odoo replace suspense items.

        :return: dict transaction id -> ids of the new items
        """
        if not bookings:
            return {}
        items = self.env["account.move.line"].union(*(suspense[booking.line.id] for booking in bookings))
        made = iter(by_odoo(bookings, items).ids)
        return {booking.line.id: [next(made) for _counterpart in booking.counterparts] for booking in bookings}

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _simple(self, bookings, suspense):
        """What the suspense items are that may be replaced in bulk.

        :param suspense: dict transaction id -> account.move.line
        :return: dict transaction id -> the row that is to be replaced
        """
        # Odoo refuses an entry that is booked twice, since it doesn't balance.
        is_twice = len(suspense) < len(bookings)
        if len(bookings) < BOOKINGS_MIN or is_twice or self._is_off():
            return {}
        self.env.flush_all()
        rows = {
            row["id"]: row
            for row, is_plain in self.env.execute_query(
                booking_sql.waiting_items([item for items in suspense.values() for item in items.ids])
            )
            if is_plain
        }
        found, known = {}, {}
        for booking in bookings:
            row = rows.get(suspense[booking.line.id].id) if len(suspense[booking.line.id]) == 1 else None
            if row and self._is_simple(booking, row, known):
                found[booking.line.id] = row
        return found

    def _is_off(self):
        """Whether Odoo must write all, whatever the match."""
        return (
            bool(self.env["account.bulk.reconcile"]._changed_methods("booking"))
            or self._hooked()
            # Whether there are any is all that is asked.
            or self.env["account.analytic.distribution.model"].sudo().search_count([], limit=1) > 0
        )

    def _is_simple(self, booking, row, known):
        """Whether a match may be booked in bulk.

        :param row: of its suspense item
        :param known: dict of what was found out about accounts, partners and days
        """
        line, counterparts = booking.line, booking.counterparts
        company = line.company_id
        currency = company.currency_id
        if (
            type(booking) is not Booking
            or row["currency_id"] != currency.id
            or row["company_id"] != company.id
            or row["statement_line_id"] != line.id
            or row["parent_state"] != "posted"
            or row["display_type"] != "product"
            or any(row.get(name) for name in EMPTY)
            or not all(KNOWN.issuperset(one.values) for one in counterparts)
        ):
            return False
        key = company, row["date"], line.journal_id
        if key not in known:
            # The company's lock dates, which accountants of a branch may not read.
            known[key] = not company.sudo()._get_violated_lock_dates(line.date, False, line.journal_id)
        if not known[key]:
            return False
        own_accounts = line.journal_id.default_account_id | line.journal_id.suspense_account_id
        if any(one.values["account_id"] in own_accounts.ids for one in counterparts):
            return False
        exact = currency._exact
        open_balance = exact(row["balance"])
        sign = 1 if open_balance > 0 else -1
        total = Decimal(0)
        for counterpart in counterparts:
            values = counterpart.values
            balance = exact(values["balance"])
            if (
                values["currency_id"] != currency.id
                or exact(values["amount_currency"]) != balance
                # What an entry is worth is the sum of its debits (``account.move._compute_amount``).
                or balance * sign <= 0
                or not self._is_simple_account(company, values["account_id"], known)
                or not self._is_simple_partner(company, values["partner_id"], known)
                or any(one.company_id != company for one in counterpart.lines or ())
            ):
                return False
            total += balance
        return total == open_balance

    def _is_simple_account(self, company, account_id, known):
        key = "account", company, account_id
        if key not in known:
            # Whatever of the account the user may see: Odoo checks it without asking for that.
            account = self.env["account.account"].sudo().browse(account_id)
            known[key] = (
                account.active
                and account.reconcile
                and account.account_type != "off_balance"
                and not account.tax_ids
                and account.currency_id in (company.currency_id, account.currency_id.browse())
                and bool(company.parent_ids & account.company_ids)
            )
        return known[key]

    def _is_simple_partner(self, company, partner_id, known):
        key = "partner", company, partner_id
        if key not in known:
            of_partner = self.env["res.partner"].sudo().browse(partner_id or ()).company_id  # only whose it is
            known[key] = of_partner in (company, of_partner.browse())
        return known[key]

    @api.model
    def _hooked(self):
        """Whether another addon changes how journal items are deleted and created."""
        bulk, imported = self.env["account.bulk.reconcile"], self.env["account.bulk.import"]
        if any(
            bulk._overridden(model, methods, odoo_methods.KNOWN_IN_IMPORT)
            for model, methods in odoo_methods.REPLACED_BY_BOOKING.items()
        ):
            return True
        items, lines = self.env["account.move.line"], self.env["account.bank.statement.line"]
        methods = [
            *items._constraint_methods, *items._ondelete_methods, *lines._constraint_methods,
            *self.env["account.move"]._constraint_methods,
        ]  # fmt: skip
        computed = odoo_methods.COMPUTED_BY_IMPORT["account.move.line"]
        return (
            any(imported._is_foreign_method(method) for method in methods)
            or any(imported._is_foreign(lines._fields[name]) for name in OF_MATCH)
            or any(
                # A pattern has what one counterpart has by default or is computed from, which others need not have.
                field.store
                and (
                    (field.default or field.required or field.compute)
                    and imported._is_foreign(field)
                    or field.compute
                    and field.name not in computed
                )
                for field in items._fields.values()
            )
        )

    def _foreign_triggers(self):
        """What of other addons depends on journal items and bank transactions.

        :return: ``{model: trigger tree}``, without those that are empty
        """
        imported, lines = self.env["account.bulk.import"], self.env["account.bank.statement.line"]
        trees = imported._foreign_triggers()
        found = {model: trees[model] for model in ("account.move.line",) if model in trees}
        # Nothing else of a bank transaction changes: what somebody has typed instead of a computed value stays.
        tree = self.env.registry.get_trigger_tree(
            [lines._fields[name] for name in OF_MATCH],
            select=lambda field: field.store and bool(field.compute) and imported._is_foreign(field),
        )
        return found | {lines._name: tree} if tree else found

    # -- patterns -----------------------------------------------------------------------------------------------------

    def _kind(self, values, waiting_row):
        return values["account_id"], waiting_row["journal_id"], bool(values["partner_id"]), values["balance"] > 0

    def _read_patterns(self, patterns, created, waiting):
        """The rows that Odoo wrote for the first counterpart of each kind.

        :param patterns: dict kind -> the :class:`Booking` that has the first one
        :param created: dict transaction id -> ids of the items that Odoo wrote
        :return: dict kind -> row, of those that are as expected
        """
        ids = [item for booking in patterns.values() for item in created[booking.line.id]]
        stored = {row["id"]: row for (row,) in self.env.execute_query(entry_rows_sql.stored_rows(ITEM, "id", ids))}
        items = self.env["account.move.line"].sudo()  # whether other records hang on them
        relations = [name for name, field in items._fields.items() if field.type == "many2many" and field.store]
        found = {}
        for kind, booking in patterns.items():
            waiting_row = waiting[booking.line.id]
            values, item = next(
                (one.values, item)
                for one, item in zip(booking.counterparts, created[booking.line.id], strict=True)
                if self._kind(one.values, waiting_row) == kind
            )
            if any(stored[item].get(name) for name in EMPTY):
                continue  # by a default of a user, say
            if columns := differing(self._own_columns(values, waiting_row), stored[item]):
                _logger.warning("Odoo books matches itself; unexpected columns: %s", columns)
            elif not any(items.browse(item)[name] for name in relations):
                found[kind] = stored[item]
        return found

    def _own_columns(self, values, waiting_row):
        """The columns of a counterpart that are its own.

        :param values: as :class:`Counterpart` has them
        :param waiting_row: of the item whose place it takes
        """
        record = self.env["res.currency"].browse(values["currency_id"])
        currency = Currency(record.id, record.rounding, record.decimal_places)
        balance = values["balance"]
        amount = currency.text(balance)
        return {
            **{name: waiting_row[name] for name in OF_ENTRY},
            "account_id": values["account_id"],
            "partner_id": values["partner_id"] or None,
            "name": None if values["name"] is False else values["name"],
            "currency_id": values["currency_id"],
            "amount_currency": amount,
            # ``_compute_totals`` of an entry's item takes its amount for the price of one.
            "price_subtotal": amount,
            "price_total": amount,
            "balance": amount,
            "debit": currency.text(max(balance, 0.0)),
            "credit": currency.text(max(-balance, 0.0)),
            # ``_compute_amount_residual`` of an account that can be reconciled
            "amount_residual": amount,
            "amount_residual_currency": amount,
        }

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write(self, bookings, suspense, waiting, patterns):
        """Write the counterparts and take the suspense items away, each by one statement.

        :param patterns: dict kind -> row
        :return: dict transaction id -> ids of the new items
        """
        env, cr = self.env, self.env.cr
        env.flush_all()
        for_slice(cr)
        gone = env["account.move.line"].union(*(suspense[booking.line.id] for booking in bookings))
        gone.check_access("unlink")
        lines = env["account.bank.statement.line"].browse([booking.line.id for booking in bookings])
        trees = self._foreign_triggers()
        to_compute = [
            (field, records)
            for items in (gone, lines)
            if items._name in trees
            for field, records, _created in items._modified_triggers(trees[items._name])
        ]
        count = sum(len(booking.counterparts) for booking in bookings)
        ids = iter([row[0] for row in env.execute_query(rows_sql.reserve_ids(ITEM, count))])
        now = cr.now().isoformat()
        stamps = {"create_uid": env.uid, "write_uid": env.uid, "create_date": now, "write_date": now}
        rows, created = {}, {}
        for booking in bookings:
            waiting_row = waiting[booking.line.id]
            created[booking.line.id] = []
            for counterpart in booking.counterparts:
                values = counterpart.values
                item = next(ids)
                created[booking.line.id].append(item)
                rows.setdefault(self._kind(values, waiting_row), []).append(
                    {**self._own_columns(values, waiting_row), "id": item}
                )
        cr.execute(rows_sql.insert_rows({ITEM: [(patterns[kind] | stamps, own) for kind, own in rows.items()]}))
        cr.execute(booking_sql.take_away(gone.ids, lines.ids, env.uid))
        env.invalidate_all(flush=False)
        made = env["account.move.line"].browse([item for items in created.values() for item in items])
        made.check_access("create")
        if made._name in trees:
            to_compute += [
                (field, records) for field, records, _created in made._modified_triggers(trees[made._name], create=True)
            ]
        for field, records in to_compute:
            env.add_to_compute(field, records.exists())
        return created
