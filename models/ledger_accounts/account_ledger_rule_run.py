"""Running rules of accounts: by hand, and every night in committed batches."""

import time
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ...engine.ledger_accounts import open_lines_sql, rules_sql
from ...engine.ledger_accounts.pairing import Plan, plan
from ...statement_formats.text import storable
from ..common.permissions import BANK, require
from ..common.retry import retry_on_conflict

# One transaction makes about so many reconciliations: locks are held for about a second.
PAIRS_AT_ONCE = 2_000
# Each of these is an entry of its own, by Odoo's own methods.
DIFFERENCES_AT_ONCE = 50
# How long a run by hand takes at most, beside the batch that has begun.
SECONDS_BY_HAND = 15


class AccountLedgerRule(models.Model):
    _inherit = "account.ledger.rule"

    def _ledger(self):
        """The account that the rule is of, in its company and the branches that the user works in; all of them where
        the scheduled action runs."""
        self.ensure_one()
        root = self.company_id
        companies = self.env.companies.filtered(lambda company: company.root_id == root)
        if self.env.su or not companies:
            # Which branches a company has is not confidential; the user's rights are checked where lines are read.
            branches = self.env["res.company"].sudo().search([("id", "child_of", root.id)])
            companies = branches if self.env.su else branches & self.env.user.company_ids
        first = companies.filtered(lambda company: company == root) or companies[:1]
        if not companies:
            raise UserError(self.env._("“%s” is a rule of another company. Nothing was changed.", self.name))
        ids = [first.id, *(companies - first).ids]
        return (
            self.env["account.ledger.account"].with_context(allowed_company_ids=ids).browse(self.account_id._origin.id)
        )

    def _plan(self, limit=None):
        """What the rule would reconcile now.

        :param limit: how many of the oldest open lines are looked at, or None for all
        :return: :class:`~engine.ledger_accounts.pairing.Plan`
        """
        ledger = self._ledger()
        lines = self._open_lines(ledger)
        if limit:
            lines = open_lines_sql.oldest(lines, limit)
        key = rules_sql.rule_key(self._same(), ledger._order_sql())
        self.env.cr.execute(rules_sql.rule_lines(lines, key))
        currency = self.currency_id
        within = currency._exact(self.amount_within) if self.difference_account_id else Decimal(0)
        return plan(self.env.cr.fetchall(), self.takes, self.days_max, within, currency.id)

    def _open_lines(self, ledger):
        """The open lines that the rule may reconcile, as SQL."""
        text = storable(self.label_contains or "").strip()
        condition = rules_sql.label_condition(text) if text else None
        return ledger._lines_sql(ledger._account(), condition)

    def _has_more_lines_than(self, count):
        """Whether the rule may reconcile more open lines than a number."""
        [[is_more]] = self.env.execute_query(open_lines_sql.is_more_than(self._open_lines(self._ledger()), count))
        return is_more

    def _amounts(self, planned):
        """What a plan reconciles: ``{currency id: amount}``."""
        amounts = defaultdict(Decimal)
        lines = self.env["account.move.line"].browse([debit for debit, _credit, _amount in planned.pairs])
        lines.fetch(["currency_id"])
        for line, (_debit, _credit, amount) in zip(lines, planned.pairs, strict=True):
            amounts[line.currency_id.id] += amount
        for debit, credit in planned.differing:
            amounts[debit.currency_id] += min(debit.amount, -credit.amount)
        return dict(amounts)

    def _run(self, commit=None):
        """Reconcile what the rule finds, batch by batch.

        :param commit: called with the number of reconciliations after each batch, commits, and returns how many seconds
            are left; None where the caller commits: then no further batch is begun after some seconds
        :return: str, what was done
        """
        deadline = time.monotonic() + SECONDS_BY_HAND
        self.ensure_one()
        ledger = self._ledger()
        rule = self.with_env(ledger.env)
        planned = rule._plan()
        parts = [Plan(pairs=list(part)) for part in split_every(PAIRS_AT_ONCE, planned.pairs)]
        parts += [Plan(differing=list(part)) for part in split_every(DIFFERENCES_AT_ONCE, planned.differing)]
        count, done, failures, amounts = 0, 0, [], defaultdict(Decimal)
        for part in parts:
            if not commit and done and time.monotonic() > deadline:
                break
            taken = rule._take(ledger, part, amounts, failures, retry=commit is not None)
            count, done = count + taken, done + 1
            if commit and commit(taken) == 0:
                break
        return rule._note_run(count, amounts, failures, is_cut=done < len(parts))

    def _note_run(self, count, amounts, failures, is_cut):
        """Keep what a run has done.

        :param is_cut: whether its time was over before its plan was
        :return: str, the summary
        """
        text = self.env._("%s: nothing to reconcile.", self.name)
        totals = {currency_id: float(amount) for currency_id, amount in amounts.items()}
        if count:
            text = self.env._(
                "%(rule)s: %(count)s reconciliations, %(amounts)s", rule=self.name, count=count,
                amounts=self.env["res.currency"]._format_totals(totals),
            )  # fmt: skip
        if failures:
            text += " " + self.env._("%(count)s left alone: %(why)s", count=len(failures), why=failures[0])
        if is_cut:
            text += " " + self.env._("The rest is for the next run.")
        # The addon's own bookkeeping; the callers check the permission.
        self.sudo().write({"run_date": fields.Datetime.now(), "run_text": text})
        return text

    def _take(self, ledger, part, amounts, failures, retry):
        """Reconcile a part of a plan; where something of it can't be reconciled, everything but that.

        :param amounts: ``{currency id: Decimal}``, to which is added what is reconciled
        :param failures: list of sentences, to which is added why something is left
        :param retry: whether the transaction may be rolled back here, to try again what met somebody else's changes
        :return: how many reconciliations were made
        """

        def batch():
            with self.env.cr.savepoint():
                taken = self._take_pairs(ledger, part) if part.pairs else self._take_differing(ledger, part)
                self.env.flush_all()
            return taken

        try:
            taken = retry_on_conflict(self.env.cr, batch) if retry else batch()
        except UserError as error:
            self.env.invalidate_all(flush=False)
            size = len(part.pairs) + len(part.differing)
            if size == 1:
                failures.append(str(error))
                return 0
            half = size // 2
            halves = (Plan(part.pairs[:half], part.differing[:half]), Plan(part.pairs[half:], part.differing[half:]))
            return sum(self._take(ledger, one, amounts, failures, retry) for one in halves)
        for currency_id, amount in self._amounts(part).items():
            amounts[currency_id] += amount
        return taken

    def _take_pairs(self, ledger, part):
        """Reconcile exact pairs by the bulk writer."""
        written = self.env["account.bulk.reconcile"]._reconcile(part.pairs)
        partials = self.env["account.partial.reconcile"].browse(written.partials.values())
        lines = self.env["account.move.line"].browse(
            dict.fromkeys(line for debit, credit, _amount in written.pairs for line in (debit, credit))
        )
        self._note(ledger, lines, partials)
        return len(partials)

    def _take_differing(self, ledger, part):
        """Reconcile pairs whose difference is booked."""
        for debit, credit in part.differing:
            done = ledger.book_difference([debit.id, credit.id], self.difference_account_id.id, self.name)
            # The addon's own bookkeeping.
            self.env["account.ledger.reconciliation"].sudo().browse(done["id"]).write({"rule_id": self.id})
        return len(part.differing)

    def _note(self, ledger, lines, partials):
        account = ledger._account()
        self.env["account.ledger.reconciliation"]._note(account, "rule", lines, partials, rule_id=self.id)

    @api.model
    def _cron_run(self):
        """Run all automatic rules, each in committed batches."""
        require(self.env, BANK)
        rules = self.search([("is_automatic", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(rules))
        for rule in rules:
            try:
                rule._run(commit=lambda _count: cron._commit_progress(0))
            except UserError as error:
                # An error of one rule, for example an account that no longer allows reconciliation: the others are run.
                self.env.cr.rollback()
                text = self.env._("%(rule)s: %(why)s", rule=rule.name, why=str(error))
                rule.sudo().write({"run_date": fields.Datetime.now(), "run_text": text})
            if not cron._commit_progress(1):
                break
