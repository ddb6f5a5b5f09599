from odoo import models
from odoo.tools import format_date

from ...engine.common.odoo_types import JOURNAL_TYPES, POSTED_PAYMENT_STATES
from ...engine.overview import balances_sql
from ..common.permissions import BANK, VIEW, require
from ..common.remote_calls import remote_call

# The most problems that are shown at once.
PROBLEMS_MAX = 10


class AccountJournal(models.Model):
    """The balances of a bank account by the bank and by the books, and the reasons of the difference."""

    _inherit = "account.journal"

    @remote_call()
    def get_bank_balances(self):
        """What the bank and the books say of these bank accounts, or of all of the selected companies.

        The books hold what is booked: matched transactions and registered payments. The difference is exactly what its
        reasons add up to.

        :return: list of dicts ``id``, ``name``, ``currency_id``, ``statement`` (dict ``id``, ``name``, ``date``,
            ``date_text``, ``balance``; False without any), ``books``, ``difference`` (bank less books),
            ``reasons`` (dicts ``kind``, ``label``, ``count``, ``amount``, ``open``: an action or False) and
            ``problems`` (dicts ``kind``, ``sentence``, ``actions``: dicts ``label``, ``action``, or for a correction
            ``statement_id``); amounts in the account's currency
        :raise AccessError: without the permission to see client billing or for bank reconciliation
        """
        if not self.env.user.has_group(BANK):
            require(self.env, VIEW)
        journals = self or self.search([("type", "in", JOURNAL_TYPES), ("company_id", "in", self.env.companies.ids)])
        journals.check_access("read")
        journals = journals.filtered(lambda one: one.type in JOURNAL_TYPES and one.company_id in self.env.companies)
        for model in ("account.move", "account.move.line", "account.payment", "account.journal"):
            self.env[model].flush_model()
        for model in ("account.bank.statement", "account.bank.statement.line"):
            self.env[model].flush_model()
        query = self.env.execute_query
        statements = {row[0]: row[1:] for row in query(balances_sql.last_statements(journals.ids))}
        ledgers = {row[0]: row[1:] for row in query(balances_sql.ledger_balances(journals.ids))}
        moved = {}
        for journal_id, *row in query(balances_sql.transactions(journals.ids)):
            moved.setdefault(journal_id, []).append(row)
        problems = journals._statement_problems()
        return [
            journal._bank_balance(
                statements.get(journal.id),
                *ledgers[journal.id],
                moved.get(journal.id, []),
                problems.get(journal.id, []),
            )
            for journal in journals
            # A cash box that is not counted by statements has nothing to compare.
            if journal.type == "bank" or journal.id in statements
        ]

    def _bank_balance(self, statement, ledger, outstanding, outstanding_count, moved, problems):
        currency = self._statement_currency()

        def add_up(wanted):
            rows = [(count, amount) for status, is_later, count, amount in moved if wanted(status, is_later)]
            return sum(count for count, _amount in rows), float(sum(amount for _count, amount in rows))

        unmatched_count, unmatched = add_up(lambda status, _is_later: status == "unmatched")
        ignored_count, ignored = add_up(lambda status, _is_later: status == "ignored")
        later_count, later = add_up(lambda _status, is_later: is_later)
        ledger, outstanding = float(ledger), float(outstanding)
        books = currency.round(ledger - unmatched - ignored + outstanding)
        rows = [
            ("unmatched", self.env._("Unmatched transactions"), unmatched_count, unmatched),
            ("ignored", self.env._("Ignored transactions"), ignored_count, ignored),
            ("outstanding", self.env._("Payments that the bank has not shown yet"), outstanding_count, -outstanding),
        ]
        found = False
        if statement:
            statement_id, day, balance = statement
            name = self.env["account.bank.statement"].browse(statement_id).display_name
            found = {
                "id": statement_id, "name": name, "date": day and str(day), "date_text": format_date(self.env, day),
                "balance": currency.round(float(balance or 0)),
            }  # fmt: skip
            rows.append(("later", self.env._("Transactions after the last statement"), later_count, -later))
        difference = currency.round(found["balance"] - books) if found else 0.0
        if found:
            rest = currency.round(difference - sum(amount for *_rest, amount in rows))
            rows.append(("other", self.env._("Opening balance, or entries without a bank transaction"), 0, rest))
        return {
            "id": self.id,
            "name": self.name,
            "currency_id": currency.id,
            "statement": found,
            "books": books,
            "difference": difference,
            "reasons": [
                {
                    "kind": kind,
                    "label": label,
                    "count": count,
                    "amount": currency.round(amount),
                    "open": self._open_reason(kind, label, found),
                }
                for kind, label, count, amount in rows
                if count or not currency.is_zero(amount)
            ],
            "problems": problems,
        }

    def _open_reason(self, kind, label, statement):
        """The action that opens what makes a part of the difference; False where there is none."""
        action = {"type": "ir.actions.act_window", "name": f"{label}, {self.name}", "context": {"create": False}}
        if kind in ("unmatched", "ignored", "later"):
            if not self.env["account.bank.statement.line"].has_access("read"):
                return False
            domain = [("journal_id", "=", self.id), ("state", "=", "posted")]
            if kind == "later":
                statement_lines = self.env["account.bank.statement"].browse(statement["id"]).line_ids
                domain.append(("internal_index", ">", max(statement_lines.mapped("internal_index"))))
            else:
                domain.append(("match_status", "=", kind))
            views = self.env.ref("account_reconciliation.action_bank_transactions").sudo().views  # not confidential
            return action | {
                "res_model": "account.bank.statement.line", "domain": domain, "views": [list(view) for view in views],
            }  # fmt: skip
        if kind == "outstanding":
            domain = [("journal_id", "=", self.id), ("is_matched", "=", False), ("state", "in", POSTED_PAYMENT_STATES)]
            return action | {
                "res_model": "account.payment", "domain": domain, "views": [[False, "list"], [False, "form"]],
            }  # fmt: skip
        domain = [
            ("account_id", "=", self.default_account_id.id), ("parent_state", "=", "posted"),
            ("statement_line_id", "=", False),
        ]  # fmt: skip
        return action | {"res_model": "account.move.line", "domain": domain, "views": [[False, "list"]]}

    # -- statements that do not follow one another ---------------------------------------------------------------------

    def _statement_problems(self):
        """Name the gaps and overlaps between the statements of these bank accounts, latest first.

        :return: ``{journal id: list of dicts}``, see :meth:`get_bank_balances`
        """
        result = {}
        may_mend = self.env.user.has_group(BANK)
        statements = self.env["account.bank.statement"]
        for row in self.env.execute_query(balances_sql.statements_in_a_row(self.ids)):
            journal_id, statement_id, before_id, start, before_end, first_day, before_last_day, moved, end, _digits = (
                row
            )
            journal, problems = self.browse(journal_id), result.setdefault(journal_id, [])
            if len(problems) >= PROBLEMS_MAX:
                continue
            currency = journal._statement_currency()
            statement, before = statements.browse(statement_id), statements.browse(before_id)
            names = {
                "statement": statement.display_name,
                "before": before.display_name,
                "day": format_date(self.env, first_day),
                "before_day": format_date(self.env, before_last_day),
            }
            both = {"label": self.env._("Open both"), "action": (statement | before)._open_statements()}
            if currency.compare_amounts(start or 0, before_end or 0):
                adds_up = not currency.compare_amounts((before_end or 0) + float(moved or 0), end or 0)
                problems.append({
                    "kind": "gap",
                    "sentence": self.env._(
                        "%(statement)s starts with %(start)s, but %(before)s before it ends with %(end)s: "
                        "%(missing)s is missing between %(before_day)s and %(day)s.",
                        start=currency.format(start or 0),
                        end=currency.format(before_end or 0),
                        missing=currency.format((start or 0) - (before_end or 0)),
                        **names,
                    ),
                    "actions": may_mend and [
                        *([{"label": self.env._("Correct the opening balance"), "statement_id": statement_id}]
                          if adds_up else [journal._import_missing()]),
                        both,
                    ] or [],
                })  # fmt: skip
            if first_day and before_last_day and first_day < before_last_day:
                domain = [
                    ("statement_id", "in", (statement | before).ids), ("date", ">=", str(first_day)),
                    ("date", "<=", str(before_last_day)),
                ]  # fmt: skip
                problems.append({
                    "kind": "overlap",
                    "sentence": self.env._(
                        "%(statement)s begins on %(day)s, but %(before)s before it ends on %(before_day)s: "
                        "transactions of these days may be there twice.",
                        **names,
                    ),
                    "actions": may_mend and [
                        {"label": self.env._("Show the transactions"), "action": {
                            "type": "ir.actions.act_window",
                            "name": self.env._("Transactions of both statements"),
                            "res_model": "account.bank.statement.line",
                            "domain": domain,
                            "views": [[False, "list"], [False, "form"]],
                            "context": {"group_by": ["amount"], "create": False},
                        }},
                        both,
                    ] or [],
                })  # fmt: skip
        return result

    def _import_missing(self):
        """The action that imports the statement which is missing."""
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_import_statements")
        return {
            "label": self.env._("Import the missing statement"),
            "action": action | {"context": {"default_journal_id": self.id}},
        }
