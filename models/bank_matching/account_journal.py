from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import check_one, remote_call
from .account_bank_statement_line import MATCHED_STATUSES, STATUSES

PAGE_MAX = 200
# The longest text that is searched for, so that a search can't take long.
TERM_MAX = 200
# The bus message that the page “Bank Matching” listens to.
BUS_MESSAGE = "account_reconciliation.bank_matching"
# Filters that leave the progress as it is.
NARROWING = ("search", "direction", "has_question")
DIRECTIONS = {"in": ">", "out": "<"}
ORDERS = {
    "date_desc": "internal_index desc",
    "date": "internal_index",
    "amount_desc": "amount desc, internal_index desc",
    "amount": "amount, internal_index desc",
    "label": "payment_ref, internal_index desc",
}


class AccountJournal(models.Model):
    """Matching of a bank account: its figures on the journal's card, and what the screen “Bank Matching” shows."""

    _inherit = "account.journal"

    # -- the screen ----------------------------------------------------------------------------------------

    @remote_call(filters=kinds.mapping)
    def get_bank_matching_overview(self, filters=None):
        """Give the progress of a bank account's matching, and what the screen needs beside its transactions.

        Ignored transactions are left out of the progress. Costs the same queries, however many transactions there are.

        :param filters: dict as ``get_bank_matching_page`` takes it; the progress is of its period, whatever is
            searched
        :return: dict ``journal`` (False where the user has no bank account), ``journals`` (and what each has
            unmatched), ``statuses`` (status -> ``count``, ``amount``, ``amount_in``, ``amount_out``), ``progress``
            (``total``, ``unmatched``, ``amount``, ``amount_in``, ``amount_out``, ``share`` from 0 to 1),
            ``last_import`` (datetime or False), ``presets``, ``has_analytic`` (whether the user works with analytic
            accounts), ``entity_types`` (names)
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where this is not a bank account, or a filter can't be read
        """
        require(self.env, BANK)
        self.check_access("read")
        journals = self.search([("type", "in", JOURNAL_TYPES), ("company_id", "in", self.env.companies.ids)])
        unmatched = self._count_unmatched(journals)
        journal = self or journals.filtered(lambda one: unmatched.get(one.id))[:1] or journals[:1]
        if not journal:
            return {"journal": False, "journals": []}
        journal._check_is_bank()
        filters = dict(filters or {})
        statuses = journal._matching_statuses(filters)
        period = statuses
        if any(filters.get(name) for name in NARROWING):
            kept = {name: value for name, value in filters.items() if name not in NARROWING}
            period = journal._matching_statuses(kept)
        total = sum(period[status]["count"] for status in ("unmatched", *MATCHED_STATUSES))
        return {
            "journal": {
                "id": journal.id,
                "name": journal.display_name,
                "currency_id": journal._statement_currency().id,
                "company_id": journal.company_id.id,
            },
            "journals": [
                {
                    "id": one.id,
                    "name": one.display_name,
                    "company_id": one.company_id.id,
                    "unmatched": unmatched.get(one.id, 0),
                }
                for one in journals | journal
            ],
            "statuses": statuses,
            "progress": {
                "total": total,
                "unmatched": period["unmatched"]["count"],
                "amount": period["unmatched"]["amount"],
                "amount_in": period["unmatched"]["amount_in"],
                "amount_out": period["unmatched"]["amount_out"],
                "share": (total - period["unmatched"]["count"]) / total if total else 1.0,
            },
            "last_import": journal.last_statement_import,
            "presets": journal._matching_presets(),
            "has_analytic": self.env.user.has_group("analytic.group_analytic_accounting"),
            "entity_types": dict(
                self.env["account.bank.statement.line"]._fields["matched_entity_type"]._description_selection(self.env)
            ),
        }

    @remote_call(
        one=True, status=kinds.text, filters=kinds.mapping, limit=kinds.whole, offset=kinds.whole, order=kinds.text
    )
    def get_bank_matching_page(self, status="unmatched", filters=None, limit=80, offset=0, order="date_desc"):
        """Give one page of a bank account's transactions, newest first.

        :param status: a ``match_status``, or ``all``
        :param filters: dict of ``date_from``, ``date_to``, ``statement_id``, ``search``, ``direction`` (``in``,
            ``out``), ``has_question`` (a colleague is asked); each may be missing or empty
        :param limit: how many, up to 200
        :param order: ``date_desc``, ``date``, ``amount_desc``, ``amount`` or ``label``
        :return: list of dicts
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a filter can't be read
        """
        require(self.env, BANK)
        self._check_is_bank()
        if order not in ORDERS:
            raise UserError(
                self.env._(
                    "“%(order)s” is not a sort order. Use one of: %(orders)s.", order=order, orders=", ".join(ORDERS)
                )
            )
        lines = self.env["account.bank.statement.line"].search(
            self._matching_domain(filters, status), limit=max(1, min(limit, PAGE_MAX)), offset=offset,
            order=ORDERS[order],
        )  # fmt: skip
        return lines._matching_rows()

    @remote_call(one=True, filters=kinds.mapping)
    def get_bank_matching_ids(self, filters=None):
        """Give the ids of all unmatched transactions that the filters leave, for what is done to many at once.

        :return: list of ids, oldest first, so that older documents are paid by older money
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self._check_is_bank()
        lines = self.env["account.bank.statement.line"]
        return list(lines._search(self._matching_domain(filters, "unmatched"), order="internal_index"))

    @remote_call(one=True)
    def action_open_bank_matching(self):
        """Open the screen for this bank account."""
        action = self.env["ir.actions.client"]._for_xml_id("account_reconciliation.action_bank_matching")
        action["context"] = {"default_journal_id": self.id}
        return action

    def _check_is_bank(self):
        check_one(self)
        self.check_access("read")
        if self.type not in JOURNAL_TYPES:
            raise UserError(self.env._("%s is not a bank account, so it has nothing to match.", self.display_name))

    def _matching_domain(self, filters=None, status="all"):
        """What the screen shows of this bank account.

        :raise UserError: where a filter can't be read
        """
        filters = filters or {}
        domain = Domain("journal_id", "=", self.id) & Domain("state", "=", "posted")
        if status != "all":
            if status not in dict(STATUSES):
                raise UserError(self.env._("There is no status “%s” of bank transactions.", status))
            domain &= Domain("match_status", "=", status)
        direction = kinds.text(self.env, "direction", filters.get("direction"))
        if direction:
            if direction not in DIRECTIONS:
                raise UserError(self.env._("“%s” is not a direction of money: use “in” or “out”.", direction))
            domain &= Domain("amount", DIRECTIONS[direction], 0)
        if kinds.flag(self.env, "has_question", filters.get("has_question")):
            domain &= Domain("move_id.activity_ids", "!=", False)
        for name, operator in (("date_from", ">="), ("date_to", "<=")):
            if filters.get(name):
                domain &= Domain("date", operator, kinds.day(self.env, name, filters[name]))
        if filters.get("statement_id"):
            domain &= Domain("statement_id", "=", kinds.record_id(self.env, "statement_id", filters["statement_id"]))
        return domain & self._matching_search(kinds.text(self.env, "search", filters.get("search")).strip()[:TERM_MAX])

    def _matching_search(self, term):
        """All words must be found: in label, reference, counterparty or account number; a number is also an amount."""
        currency, domain = self._statement_currency(), Domain.TRUE
        names = ("payment_ref", "ref", "structured_reference", "partner_name", "partner_id", "account_number")
        for word in term.split():
            found = Domain.OR([Domain(name, "ilike", word) for name in names])
            amount = currency._typed_amount(word)
            if amount is not None:
                found |= Domain("amount", "in", [amount, -amount])
                found |= Domain("amount_currency", "in", [amount, -amount])
            domain &= found
        return domain

    def _matching_statuses(self, filters):
        """Count the transactions of each status, and add up their amounts, money in and money out apart."""
        lines, domain = self.env["account.bank.statement.line"], self._matching_domain(filters)
        found = {status: {"count": 0, "amount": 0.0, "amount_in": 0.0, "amount_out": 0.0} for status in dict(STATUSES)}
        for status, count, amount in lines._read_group(domain, ["match_status"], ["__count", "amount:sum"]):
            found[status] |= {"count": count, "amount": amount, "amount_in": amount}
        going_out = domain & Domain("amount", "<", 0)
        for status, amount in lines._read_group(going_out, ["match_status"], ["amount:sum"]):
            row = found[status]
            row |= {"amount_in": self._statement_currency().round(row["amount"] - amount), "amount_out": amount}
        return found

    def _count_unmatched(self, journals):
        lines = self.env["account.bank.statement.line"]
        if not journals:
            return {}
        return {
            journal.id: count
            for journal, count in lines._read_group(lines._unmatched_domain(journals), ["journal_id"], ["__count"])
        }

    def _matching_presets(self):
        """The presets that book a whole transaction of this bank account, in their order."""
        presets = (
            self.env["account.reconcile.model"]
            ._rules_of(self.company_id)
            .filtered(lambda preset: not preset.match_journal_ids or self in preset.match_journal_ids)
        )
        return [
            {"id": preset.id, "name": preset.display_name, "direction": preset.match_direction or ""}
            for preset in presets
        ]

    def _match_soon(self, statements):
        """Match at once the other sides of transfers that were booked on another account: a person has said so."""
        result = super()._match_soon(statements)
        lines = self.env["account.bank.statement.line"]
        items = lines._waiting_items(statements.journal_id)
        if items:
            found = lines._competing_lines(items)
            found.filtered(lambda line: line.statement_id in statements)._match_waiting()
        created = [("statement_id", "in", statements.ids), ("create_date", ">=", self.env.cr.now())]
        for journal in statements.journal_id:
            counts = dict(lines._read_group([*created, ("journal_id", "=", journal.id)], ["match_status"], ["__count"]))
            self.env.user._bus_send(BUS_MESSAGE, {
                "journal_id": journal.id,
                "imported": sum(counts.values()),
                "matched": sum(counts.get(status, 0) for status in MATCHED_STATUSES),
                "unmatched": counts.get("unmatched", 0),
            })  # fmt: skip
        return result

    def _notify_matched(self, matched):
        """Notify users who have the page of these bank accounts open that something was matched in the background.

        :param matched: dict account.journal -> int
        """
        users = self.env.ref(BANK).sudo().all_user_ids
        for journal, count in matched.items():
            for user in users.filtered(lambda user, journal=journal: journal.company_id in user.company_ids):
                user._bus_send(BUS_MESSAGE, {"journal_id": journal.id, "imported": 0, "matched": count, "unmatched": 0})

    # -- the accounts ------------------------------------------------------------------------------------------

    def write(self, vals):
        """Refuse changes of accounts by which existing transactions are found.

        :raise UserError: where transactions wait on the suspense account, or money was booked on the bank account, and
            the account or its currency is to be another one, or the journal no longer that of a bank account
        """
        if vals.get("type", "bank") not in JOURNAL_TYPES:
            self._check_stays_bank()
        if "suspense_account_id" in vals:
            self._check_suspense_account(vals["suspense_account_id"])
        if "default_account_id" in vals:
            self._check_bank_account(vals["default_account_id"])
        if "currency_id" in vals:
            self._check_bank_currency(vals["currency_id"])
        return super().write(vals)

    def _check_suspense_account(self, account_id):
        """What waits on a suspense account is known by it: with another one it would count as matched."""
        changed = self.filtered(lambda journal: journal.suspense_account_id.id != account_id)
        for journal, count in self.env["account.bank.statement.line"]._read_group(
            [("journal_id", "in", changed.ids), ("is_reconciled", "=", False), ("state", "!=", "cancel")],
            ["journal_id"], ["__count"],
        ):  # fmt: skip
            raise UserError(
                self.env._(
                    "%(count)s bank transactions of %(journal)s wait on its suspense account %(account)s. With "
                    "another one they would count as matched: match them first, then change the account.",
                    count=count,
                    journal=journal.display_name,
                    account=journal.suspense_account_id.display_name,
                )
            )

    def _check_bank_account(self, account_id):
        """What a bank account moved is known by its account in the books: with another one its transactions, its
        remittances and its closed periods would lose it."""
        for journal in self._with_bookings():
            if journal.default_account_id.id != account_id:
                raise UserError(
                    self.env._(
                        "%(journal)s has transactions on its account %(account)s. With another account they would no "
                        "longer belong to it, nor would its bank reconciliations. Create a journal for the new account "
                        "instead.",
                        journal=journal.display_name,
                        account=journal.default_account_id.display_name,
                    )
                )

    def _check_stays_bank(self):
        """Refuse another type: only bank, cash and credit card journals have transactions and bank reconciliations."""
        for journal in self._with_bookings():
            raise UserError(
                self.env._(
                    "%s has transactions, so it stays the journal of a bank account: otherwise they and its bank "
                    "reconciliations would no longer be found. Create another journal of the type you need.",
                    journal.display_name,
                )
            )

    def _check_bank_currency(self, currency_id):
        """Transactions, remittances and closed periods are in the currency that their bank account had."""
        for journal in self._with_bookings():
            own = journal.company_id.sudo().currency_id
            current = journal.currency_id or own
            if current.id != (currency_id or own.id):
                raise UserError(
                    self.env._(
                        "%(journal)s has transactions in %(currency)s. In another currency their amounts, and those of "
                        "closed bank reconciliations, would be wrong. Create a journal for the new currency instead.",
                        journal=journal.display_name,
                        currency=current.name,
                    )
                )

    def _with_bookings(self):
        """The bank, cash and credit card journals that have booked something on their account."""
        # Safe by sudo: only whether there is anything.
        items = self.env["account.move.line"].sudo()
        return self.filtered(
            lambda journal: (
                journal.type in JOURNAL_TYPES
                and journal.default_account_id
                and items.search_count([
                    ("account_id", "=", journal.default_account_id.id), ("journal_id", "=", journal.id),
                    ("parent_state", "!=", "cancel"),
                ], limit=1)
            )
        )  # fmt: skip

    # -- the journal's card --------------------------------------------------------------------------------

    def _fill_bank_cash_dashboard_data(self, dashboard_data):
        """Add what is unmatched, for those who may match: two queries for all journals."""
        super()._fill_bank_cash_dashboard_data(dashboard_data)
        journals = self.filtered(lambda journal: journal.type in JOURNAL_TYPES)
        if not journals or not self.env.user.has_group(BANK):
            return
        self.env["account.bank.statement.line"].flush_model(["journal_id", "company_id", "amount", "match_status"])
        self.env["account.move"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.journal_id,
                       count(*) FILTER (WHERE line.match_status = 'unmatched'),
                       coalesce(sum(line.amount) FILTER (WHERE line.match_status = 'unmatched'), 0),
                       count(*) FILTER (WHERE line.match_status = ANY(%s))
                  FROM account_bank_statement_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                 WHERE line.journal_id = ANY(%s) AND line.company_id = ANY(%s) AND move.state = 'posted'
              GROUP BY line.journal_id
                """,
                list(MATCHED_STATUSES),
                journals.ids,
                self.env.companies.ids,
            )
        )
        figures = {journal_id: row for journal_id, *row in rows}
        for journal in journals.filtered(lambda journal: journal.id in figures):
            unmatched, amount, taken = figures[journal.id]
            last_import = journal.last_statement_import
            total = unmatched + taken
            dashboard_data[journal.id].update({
                "match_total": total,
                "match_unmatched": unmatched,
                "match_amount": journal._statement_currency().format(float(amount)),
                "match_percent": (100 * taken) // total if total else 100,
                "match_last_import": last_import
                and format_date(self.env, fields.Datetime.context_timestamp(self, last_import)),
            })  # fmt: skip
