from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import check_one, remote_call
from .account_bank_statement_line import STATUSES

PAGE_MAX = 200
# More than the amounts and dates that anybody types, less than what would make the database search for long.
TERM_MAX = 200
TAKEN_STATUSES = ("matched", "manual")


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
            unmatched), ``statuses`` (status -> ``count``, ``amount``), ``progress`` (``total``, ``unmatched``,
            ``amount``, ``share`` from 0 to 1), ``last_import`` (datetime or False), ``presets``, ``entity_types``
            (names)
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where this is no bank account, or a filter can't be read
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
        if filters.pop("search", None):
            period = journal._matching_statuses(filters)
        total = sum(period[status]["count"] for status in ("unmatched", *TAKEN_STATUSES))
        return {
            "journal": {
                "id": journal.id,
                "name": journal.display_name,
                "currency_id": journal._statement_currency().id,
                "company_id": journal.company_id.id,
            },
            "journals": [
                {"id": one.id, "name": one.display_name, "unmatched": unmatched.get(one.id, 0)}
                for one in journals | journal
            ],
            "statuses": statuses,
            "progress": {
                "total": total,
                "unmatched": period["unmatched"]["count"],
                "amount": period["unmatched"]["amount"],
                "share": (total - period["unmatched"]["count"]) / total if total else 1.0,
            },
            "last_import": journal.last_statement_import,
            "presets": journal._matching_presets(),
            "entity_types": dict(
                self.env["account.bank.statement.line"]._fields["matched_entity_type"]._description_selection(self.env)
            ),
        }

    @remote_call(one=True, status=kinds.text, filters=kinds.mapping, limit=kinds.whole, offset=kinds.whole)
    def get_bank_matching_page(self, status="unmatched", filters=None, limit=80, offset=0):
        """Give one page of a bank account's transactions, newest first.

        :param status: a ``match_status``, or ``all``
        :param filters: dict of ``date_from``, ``date_to``, ``statement_id``, ``search``; each may be missing or empty
        :param limit: how many, up to 200
        :return: list of dicts
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a filter can't be read
        """
        require(self.env, BANK)
        self._check_is_bank()
        lines = self.env["account.bank.statement.line"].search(
            self._matching_domain(filters, status), limit=max(1, min(limit, PAGE_MAX)), offset=offset
        )
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
        """Count the transactions of each status, and add up their amounts."""
        found = dict.fromkeys(dict(STATUSES), (0, 0.0))
        for status, count, amount in self.env["account.bank.statement.line"]._read_group(
            self._matching_domain(filters), ["match_status"], ["__count", "amount:sum"]
        ):
            found[status] = (count, amount)
        return {status: {"count": count, "amount": amount} for status, (count, amount) in found.items()}

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

    # -- the accounts ------------------------------------------------------------------------------------------

    def write(self, vals):
        """Keep what is known by a bank journal's accounts known by them.

        :raise UserError: where transactions wait on the suspense account, or money was booked on the bank account, and
            the account is to be another one
        """
        if "suspense_account_id" in vals:
            self._check_suspense_account(vals["suspense_account_id"])
        if "default_account_id" in vals:
            self._check_bank_account(vals["default_account_id"])
        return super().write(vals)

    def _check_suspense_account(self, account_id):
        """What waits on a suspense account is known by it: with another one it would be taken for matched."""
        changed = self.filtered(lambda journal: journal.suspense_account_id.id != account_id)
        for journal, count in self.env["account.bank.statement.line"]._read_group(
            [("journal_id", "in", changed.ids), ("is_reconciled", "=", False), ("state", "!=", "cancel")],
            ["journal_id"], ["__count"],
        ):  # fmt: skip
            raise UserError(
                self.env._(
                    "%(count)s bank transactions of %(journal)s wait on its suspense account %(account)s. With "
                    "another one they would be taken for matched: match them first, then change the account.",
                    count=count,
                    journal=journal.display_name,
                    account=journal.suspense_account_id.display_name,
                )
            )

    def _check_bank_account(self, account_id):
        """What a bank account moved is known by its account in the books: with another one its transactions, its
        remittances and its closed periods would lose it."""
        for journal in self:
            account = journal.default_account_id
            if journal.type not in JOURNAL_TYPES or not account or account.id == account_id:
                continue
            # Safe by sudo: only whether there is anything.
            items = self.env["account.move.line"].sudo()
            booked = [
                ("account_id", "=", account.id),
                ("journal_id", "=", journal.id),
                ("parent_state", "!=", "cancel"),
            ]
            if items.search_count(booked, limit=1):
                raise UserError(
                    self.env._(
                        "%(journal)s has transactions on its account %(account)s. With another account they would no "
                        "longer belong to it, nor would its bank periods. Create a journal for the new account "
                        "instead.",
                        journal=journal.display_name,
                        account=account.display_name,
                    )
                )

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
                list(TAKEN_STATUSES),
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
