"""Running rules of accounts: by hand, and every night in committed slices."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ...engine.ledger_accounts import open_lines_sql, rules_sql
from ...engine.ledger_accounts.pairing import Plan, plan
from ...statement_formats.text import storable
from ..common.permissions import BANK, require
from ..common.refusals import REFUSALS, why_refused
from ..common.retry import retry_on_conflict

# One transaction makes about so many reconciliations: locks are held for about a second.
PAIRS_AT_ONCE = 2_000
# Each of these is an entry of its own, by Odoo's own methods.
DIFFERENCES_AT_ONCE = 50
# How long a run by hand takes at most, beside the slice that has begun.
SECONDS_BY_HAND = 15


@dataclass
class Done:
    """What a run has done so far.

    :ivar count: how many reconciliations
    :ivar amounts: what was reconciled, ``{currency id: Decimal}``
    :ivar why: how many were made by Odoo's own method, by the reason for it
    :ivar difference: Decimal, what the differences add up to, without their signs
    :ivar failures: sentences, why something is left
    """

    count: int = 0
    amounts: dict = field(default_factory=lambda: defaultdict(Decimal))
    why: Counter = field(default_factory=Counter)
    difference_count: int = 0
    difference: Decimal = Decimal(0)
    failures: list = field(default_factory=list)


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
        text = storable(self.label_contains or "").strip()
        condition = rules_sql.label_condition(text) if text else None
        lines = ledger._lines_sql(ledger._account(), condition)
        if limit:
            lines = open_lines_sql.oldest(lines, limit)
        key = rules_sql.rule_key(self._same(), ledger._order_sql())
        rows = self.env.execute_query(rules_sql.rule_lines(lines, key))
        currency = self.currency_id
        within = currency._exact(self.amount_within) if self.difference_account_id else Decimal(0)
        return plan(rows, self.takes, self.days_max, within, currency.id)

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
        """Reconcile what the rule finds, slice by slice.

        :param commit: called with the number of reconciliations after each slice, commits, and returns how many seconds
            are left; None where the caller commits: then no further slice is begun after some seconds
        :return: the account.ledger.run; none where there was nothing to take
        """
        deadline = time.monotonic() + SECONDS_BY_HAND
        self.ensure_one()
        ledger = self._ledger()
        rule = self.with_env(ledger.env)
        planned = rule._plan()
        parts = [Plan(pairs=list(part)) for part in split_every(PAIRS_AT_ONCE, planned.pairs)]
        parts += [Plan(differing=list(part)) for part in split_every(DIFFERENCES_AT_ONCE, planned.differing)]
        run = self.env["account.ledger.run"]
        if not parts:
            rule._note_run(self.env._("%s: nothing to reconcile.", self.name))
            return run
        run, done, is_cut = run._begin(rule, ledger), Done(), True
        if commit:
            # A slice that meets somebody else's changes is rolled back to the last commit.
            commit(0)
        for part in parts:
            before = done.count
            rule._take(ledger, run, part, done, retry=commit is not None)
            run._note(done)
            is_last = part is parts[-1]
            if not is_last and not commit and time.monotonic() > deadline:
                break
            if commit and commit(done.count - before) == 0 and not is_last:
                break
        else:
            is_cut = False
        run._end(ledger, is_cut)
        rule._note_run(run._summary())
        return run.with_env(self.env)

    def _note_run(self, text):
        """Keep the result of the last run."""
        # The addon's own bookkeeping; the callers check the permission.
        self.sudo().write({"run_date": fields.Datetime.now(), "run_text": text})

    def _take(self, ledger, run, part, done, retry):
        """Reconcile a part of a plan; where something of it can't be reconciled, everything but that.

        :param run: the account.ledger.run
        :param done: :class:`Done`, to which is added what is reconciled, and why something is left
        :param retry: whether the transaction may be rolled back here, to try again what met somebody else's changes
        """

        def slice_once():
            with self.env.cr.savepoint():
                taken = self._take_pairs(ledger, run, part) if part.pairs else self._take_differing(ledger, run, part)
                self.env.flush_all()
            return taken

        try:
            count, why = retry_on_conflict(self.env.cr, slice_once) if retry else slice_once()
        except REFUSALS as error:
            self.env.invalidate_all(flush=False)
            size = len(part.pairs) + len(part.differing)
            if size == 1:
                done.failures.append(why_refused(self.env, error))
                return
            half = size // 2
            for one in (Plan(part.pairs[:half], part.differing[:half]), Plan(part.pairs[half:], part.differing[half:])):
                self._take(ledger, run, one, done, retry)
            return
        done.count += count
        done.why.update(why)
        for currency_id, amount in self._amounts(part).items():
            done.amounts[currency_id] += amount
        done.difference_count += len(part.differing)
        done.difference += sum(abs(debit.amount + credit.amount) for debit, credit in part.differing)

    def _take_pairs(self, ledger, run, part):
        """Reconcile exact pairs by the bulk writer.

        :return: ``(how many reconciliations were made, how many by Odoo's own method for each reason)``
        """
        written = self.env["account.bulk.reconcile"]._reconcile(part.pairs)
        partials = self.env["account.partial.reconcile"].browse(written.partials.values())
        lines = self.env["account.move.line"].browse(
            dict.fromkeys(line for debit, credit, _amount in written.pairs for line in (debit, credit))
        )
        self.env["account.ledger.reconciliation"]._note(
            ledger._account(), "rule", lines, partials, rule_id=self.id, run_id=run.id
        )
        return len(partials), Counter(written.why.values())

    def _take_differing(self, ledger, run, part):
        """Reconcile pairs whose difference is booked.

        :return: as of :meth:`_take_pairs`
        """
        for debit, credit in part.differing:
            done = ledger.book_difference([debit.id, credit.id], self.difference_account_id.id, self.name)
            # The addon's own bookkeeping.
            kept = self.env["account.ledger.reconciliation"].sudo().browse(done["id"])
            kept.write({"rule_id": self.id, "run_id": run.id})
        return len(part.differing), {}

    @api.model
    def _cron_run(self):
        """Run all automatic rules, each in committed slices."""
        require(self.env, BANK)
        rules = self.search([("is_automatic", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(rules))
        for rule in rules:
            try:
                rule._run(commit=lambda _count: cron._commit_progress(0))
            except REFUSALS as error:
                # Of one rule, for example an account that no longer allows reconciliation: the others go on.
                self.env.cr.rollback()
                rule._note_run(self.env._("%(rule)s: %(why)s", rule=rule.name, why=why_refused(self.env, error)))
            if not cron._commit_progress(1):
                break
