"""The page of one account: its open lines in groups."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger_accounts import open_lines_sql
from ..common import kinds
from ..common.permissions import DELETE
from ..common.remote_calls import remote_call
from ..common.sql import without_jit

# How many lines of a group show at first, how many groups and lines one call gives at most.
LINES_SHOWN, GROUPS_MAX, LINES_MAX = 20, 200, 500
# How many of the oldest lines are looked at for the first groups; where those are not enough, more, then all.
WINDOWS = (2_000, 10_000)
# Up to this number, the lines with a searched text are looked up once, and then selected by their ids.
FOUND_MAX = 20_000
GROUPINGS = (
    open_lines_sql.PARTNER,
    open_lines_sql.REFERENCE,
    open_lines_sql.ORDER,
    open_lines_sql.PRODUCT,
    open_lines_sql.PRODUCT_ORDER,
)


class AccountLedgerAccount(models.Model):
    _inherit = "account.ledger.account"

    # -- what the open lines are --------------------------------------------------------------------------------------

    def _order_sql(self):
        """The number of the order that a journal item belongs to, as SQL of ``line``; None where no orders are
        installed. Addons with orders of their own override it."""
        if "purchase_line_id" not in self.env["account.move.line"]._fields:
            return None
        ordered = SQL(
            "(SELECT purchase.name FROM purchase_order_line AS ordered JOIN purchase_order AS purchase"
            " ON purchase.id = ordered.order_id WHERE ordered.id = line.purchase_line_id)"
        )
        moved = self.env["stock.move"]._fields if "stock.move" in self.env else {}
        if not {"account_move_id", "purchase_line_id"} <= moved.keys():
            return ordered
        # The entry of a receipt: its lines know the product, the movements that it is of know the order.
        received = SQL(
            "(SELECT MIN(purchase.name) FROM stock_move AS moved"
            " JOIN purchase_order_line AS ordered ON ordered.id = moved.purchase_line_id"
            " JOIN purchase_order AS purchase ON purchase.id = ordered.order_id"
            " WHERE moved.account_move_id = line.move_id AND moved.product_id = line.product_id"
            " HAVING COUNT(DISTINCT purchase.id) = 1)"
        )
        return SQL("COALESCE(%s, %s)", ordered, received)

    def _key_sql(self, group_by):
        return open_lines_sql.key_of(group_by, self._order_sql())

    def _lines_sql(self, account, condition=None):
        """The open lines of the account as SQL, all that is to be written flushed."""
        # Entries, partners, and the orders of other addons.
        self.env.flush_all()
        without_jit(self.env.cr)
        return open_lines_sql.open_lines(account.id, self._companies().ids, condition)

    def _filtered(self, account, filters):
        """The open lines of the account that the filters of the page ask for, as SQL.

        Where few have the text that is searched, they are looked up here: every statement about them would compare the
        texts of all open lines again.
        """
        filters = filters or {}
        lines = self._lines_sql(account, self._condition(filters))
        if filters.get("search"):
            found = self.env.execute_query(open_lines_sql.first_ids(lines, FOUND_MAX + 1))
            if len(found) <= FOUND_MAX:
                lines = self._lines_sql(account, open_lines_sql.of_ids([line_id for [line_id] in found]))
        return lines

    def _condition(self, filters):
        """What the filters of the page ask of a line, as SQL; None where they ask nothing."""
        conditions = []
        if term := kinds.text(self.env, "search", filters.get("search")).strip():
            amount = self.env.company.sudo().currency_id._typed_amount(term)
            conditions.append(open_lines_sql.search_condition(term, amount))
        for name, operator in (("date_from", ">="), ("date_to", "<=")):
            if day := kinds.day(self.env, name, filters.get(name)):
                conditions.append(SQL("line.date %s %s", SQL(operator), day))
        return SQL(" AND ").join(conditions) if conditions else None

    # -- what the page shows ------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def get_overview(self):
        """The head of the account's page; notes who looks at it.

        :return: dict ``id``, ``name``, ``currency_id``, ``company``, ``user`` (who looks after it: ``[id, name]`` or
            False), ``seen`` (dict ``date``, ``user``: who looked at it last before, or False), ``groupings`` (list of
            ``[key, label]``) and ``can_undo``
        :raise AccessError: without the permission for bank reconciliation
        """
        account = self._account()
        company = self.env.company
        care = self.env["account.ledger.responsible"]
        # Who looks after the account is shown to a user who may reconcile it.
        found = care.sudo().search([("account_id", "=", account.id), ("company_id", "=", company.root_id.id)])
        seen = {"date": fields.Datetime.to_string(found.seen_date), "user": found.seen_uid.name or ""}
        overview = {
            "id": account.id,
            "name": account.display_name,
            "currency_id": company.sudo().currency_id.id,
            "company": company.name,
            "user": [found.user_id.id, found.user_id.name] if found.user_id else False,
            "seen": seen if found.seen_date else False,
            "groupings": [[key, self._grouping_names()[key]] for key in GROUPINGS],
            "can_undo": self.env.user.has_group(DELETE),
        }
        care._set(account, company.root_id, {"seen_uid": self.env.uid, "seen_date": fields.Datetime.now()})
        return overview

    def _grouping_names(self):
        return {
            open_lines_sql.PARTNER: self.env._("Partner"),
            open_lines_sql.REFERENCE: self.env._("Reference"),
            open_lines_sql.ORDER: self.env._("Order"),
            open_lines_sql.PRODUCT: self.env._("Product"),
            open_lines_sql.PRODUCT_ORDER: self.env._("Product and order"),
        }

    @remote_call(
        one=True, group_by=kinds.text, filters=kinds.mapping, limit=kinds.whole, offset=kinds.whole,
        with_totals=kinds.flag,
    )  # fmt: skip
    def get_groups(self, group_by="partner", filters=None, limit=40, offset=0, with_totals=True):
        """The open lines of the account, grouped by what they share, in the order of their oldest lines.

        :param group_by: ``partner``, ``reference``, ``order``, ``product`` or ``product_order``
        :param filters: dict ``search``, ``date_from``, ``date_to``
        :param limit: how many groups at most
        :param with_totals: whether to count everything, too; with many lines that takes longer than the groups
        :return: dict ``groups`` (list of dicts ``key``, ``name``, ``count``, ``debit``, ``credit``, ``date``,
            ``lines``: the first of its lines), ``has_more`` (whether there are groups after these), and what
            :meth:`get_totals` gives
        :raise AccessError: without the permission for bank reconciliation
        """
        account = self._account()
        group_by = self._check_grouping(group_by)
        lines, key, limit = self._filtered(account, filters), self._key_sql(group_by), min(limit, GROUPS_MAX)
        first = self._first_keys(lines, key, limit, offset)
        if first:
            statement = open_lines_sql.groups(lines, key, open_lines_sql.has_key(group_by, key, first), LINES_SHOWN)
        else:
            statement = open_lines_sql.all_groups(lines, key, limit + 1, offset, LINES_SHOWN)
        rows = self.env.execute_query(statement)
        has_more, rows = bool(first) or len(rows) > limit, rows[:limit]
        described = {line["id"]: line for line in self._describe([one for row in rows for one in row[-1]])}
        names = self._group_names(group_by, [row[0] for row in rows])
        groups = [
            {
                "key": one or False,
                "name": names[one],
                "count": count,
                "debit": float(debit),
                "credit": float(-credit),
                "date": fields.Date.to_string(oldest),
                "lines": [described[line_id] for line_id in ids],
            }
            for one, count, debit, credit, oldest, ids in rows
        ]
        totals = self.get_totals(group_by, filters) if with_totals else {}
        return {"groups": groups, "has_more": has_more, **totals}

    def _first_keys(self, lines, key, limit, offset):
        """The keys of a page of groups that begin among the oldest lines, of which the order is known.

        :return: list of str, or None where the oldest lines are not enough to know of a further group after the page
        """
        wanted = offset + limit + 1
        for window in WINDOWS:
            if window >= wanted:
                found = self.env.execute_query(open_lines_sql.first_groups(lines, key, window, wanted))
                if len(found) == wanted:
                    return [one for [one] in found[offset : offset + limit]]
        return None

    @remote_call(one=True, group_by=kinds.text, filters=kinds.mapping)
    def get_totals(self, group_by="partner", filters=None):
        """What is open on the account in all.

        :param group_by, filters: as of :meth:`get_groups`
        :return: dict ``group_count``, ``line_count``, ``debit``, ``credit``, in company currency
        :raise AccessError: without the permission for bank reconciliation
        """
        lines = self._filtered(self._account(), filters)
        key = self._key_sql(self._check_grouping(group_by))
        [(groups, count, debit, credit)] = self.env.execute_query(open_lines_sql.totals(lines, key))
        return {"group_count": groups, "line_count": int(count), "debit": float(debit), "credit": float(-credit)}

    @remote_call(one=True, group_by=kinds.text, key=kinds.text, filters=kinds.mapping, offset=kinds.whole)
    def get_group_lines(self, group_by, key, filters=None, offset=0):
        """More lines of one group.

        :param key: the group's key as :meth:`get_groups` gives it; empty for the lines without one
        :param offset: how many of its lines are skipped
        :return: list of dicts, one a line
        """
        account = self._account()
        lines = self._filtered(account, filters)
        of_it = open_lines_sql.has_key(group_by, self._key_sql(self._check_grouping(group_by)), [key or None])
        statement = open_lines_sql.lines_of_group(lines, of_it, LINES_MAX, offset)
        return self._describe([line_id for [line_id] in self.env.execute_query(statement)])

    def _check_grouping(self, group_by):
        if group_by not in GROUPINGS:
            raise UserError(
                self.env._(
                    "Lines are grouped by %(known)s, not by %(given)s. Nothing was changed.",
                    known=", ".join(GROUPINGS),
                    given=kinds.shown(group_by),
                )
            )
        return group_by

    def _group_names(self, group_by, keys):
        """What each group is called, by its key."""
        names = dict.fromkeys(keys, "") | {key: key for key in keys if key}
        model = "res.partner" if group_by == open_lines_sql.PARTNER else "product.product"
        if group_by in (open_lines_sql.PARTNER, open_lines_sql.PRODUCT, open_lines_sql.PRODUCT_ORDER):
            # The name of what is on a journal item that the user may read.
            numbers = {key: key.partition("/") for key in keys if key}
            records = self.env[model].sudo().browse([int(number) for number, _slash, _order in numbers.values()])
            for record, (key, (_number, _slash, order)) in zip(records, numbers.items(), strict=True):
                names[key] = ", ".join(filter(None, (record.display_name, order)))
        none = {
            open_lines_sql.PARTNER: self.env._("Without a partner"),
            open_lines_sql.REFERENCE: self.env._("Without a reference"),
            open_lines_sql.ORDER: self.env._("Without an order"),
            open_lines_sql.PRODUCT: self.env._("Without a product"),
            open_lines_sql.PRODUCT_ORDER: self.env._("Without a product or an order"),
        }
        return {key: name or none[group_by] for key, name in names.items()}

    def _describe(self, line_ids):
        """Journal items as the page shows them, in the order given.

        :return: list of dicts ``id``, ``date``, ``move_id``, ``move``, ``partner``, ``label``, ``reference``,
            ``amount`` (what is open, in company currency), ``amount_currency``, ``currency_id``
        """
        lines = self.env["account.move.line"].browse(line_ids)
        names = [
            "date", "move_id", "partner_id", "name", "ref", "amount_residual", "amount_residual_currency",
            "currency_id", "move_name", "company_id",
        ]  # fmt: skip
        lines.fetch(names)
        # The name of the partner of a journal item that the user may read.
        partners = {partner.id: partner.display_name for partner in lines.partner_id.sudo()}
        return [
            {
                "id": line.id,
                "date": fields.Date.to_string(line.date),
                "move_id": line.move_id.id,
                "move": line.move_name or "",
                "partner": partners.get(line.partner_id.id, ""),
                "label": line.name or "",
                "reference": line.ref or "",
                "amount": line.amount_residual,
                "amount_currency": line.amount_residual_currency,
                "currency_id": line.currency_id.id,
            }
            for line in lines
        ]
