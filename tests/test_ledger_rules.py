"""Rules of accounts: what they take, by themselves or suggested; and that the bulk path leaves what Odoo leaves."""

import doctest
from collections import Counter
from random import Random
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from psycopg2.errors import QueryCanceled

from ..engine.ledger_accounts import pairing
from . import test_bulk_same_as_odoo
from .common.ledger_accounts import LedgerCommon
from .common.ledger_rows import TABLES


@tagged("post_install", "-at_install")
class TestLedgerRules(LedgerCommon):
    def rule(self, **values):
        return (
            self.env["account.ledger.rule"]
            .with_user(self.accountant)
            .create({"name": "Payouts", "account_id": self.clearing.id, **values})
        )

    def test_pairing(self):
        self.assertEqual(doctest.testmod(pairing).failed, 0)

    def test_same_number_in_the_label(self):
        """The card company's number of a payout is what a sale and its payout share; shown first, then taken."""
        pairs = [
            (self.entry(50, f"Sale PO-77{n}"), self.entry(-50, f"PO-77{n} payout", "2026-01-13")) for n in range(3)
        ]
        alone = self.entry(50, "Sale PO-999")
        rule = self.rule(same_word=True, days_max=10)
        self.assertIn("3 reconciliations, $\xa0150.00", rule.preview.replace("\ufeff", ""))
        self.assertEqual(self.open_of(pairs[0][0]), [50], "a preview takes nothing")
        suggested = self.ledger().get_suggestions()
        self.assertEqual([row["kind"] for row in suggested], ["rule"] * 3)
        self.assertIn("The rule “Payouts” asks for it", suggested[0]["reasons"])
        rule.action_run()
        for debit, credit in pairs:
            self.assertEqual(self.open_of(debit, credit), [0, 0])
        self.assertEqual(self.open_of(alone), [50])
        self.assertIn("3 reconciliations", rule.run_text)
        [kept] = self.env["account.ledger.reconciliation"].search([("rule_id", "=", rule.id)])
        self.assertEqual((kept.line_count, kept.partial_count, kept.amount), (6, 3, 150))
        kept.with_user(self.accountant).action_undo()
        self.assertEqual(self.open_of(*pairs[0]), [50, -50])

    def test_days_apart(self):
        """Each month's payroll finds its own payment, though all are of one amount."""
        january = self.entry(-2000, "payroll", "2026-01-31")
        february, paid = self.entry(-2000, "payroll", "2026-02-28"), self.entry(2000, "bank", "2026-03-02")
        self.rule(same_partner=True, days_max=5).action_run()
        self.assertEqual(self.open_of(january, february, paid), [-2000, 0, 0])

    def test_group_that_adds_up(self):
        """Payroll: gross against net, tax and insurance, by the reference of the month."""
        lines = [self.entry(amount, ref="PAY 2026-01") for amount in (-3000, 2100, 600, 300)]
        other = [self.entry(amount, ref="PAY 2026-02") for amount in (-3000, 2100, 600)]
        self.rule(takes="group", same_reference=True).action_run()
        self.assertEqual(self.open_of(*lines), [0] * 4)
        self.assertEqual(self.open_of(*other), [-3000, 2100, 600])

    def test_group_is_suggested(self):
        """A rule that is not automatic suggests what it takes together, too."""
        for month in (1, 2):
            for amount, label in ((-3000, "gross"), (2100, "net"), (900, "tax")):
                partner = self.env["res.partner"].create({"name": label})
                self.entry(amount, f"{label} RUN-000{month}", f"2026-0{month}-28", partner=partner)
        rule = self.rule(takes="group", same_word=True)
        found = self.ledger().get_suggestions()
        taken = [(one["rule_id"], len(one["lines"]), one["amount"]) for one in found]
        self.assertEqual(taken, [(rule.id, 3, 3000)] * 2)

    def test_summary_of_a_run(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        pairs = [(self.entry(7, f"N-000{number}"), self.entry(-7, f"N-000{number}")) for number in range(3)]
        pairs.append((self.entry(50, "N-0009", currency=euro), self.entry(-50, "N-0009", "2026-02-10", currency=euro)))
        pairs.append((self.entry(10.3, "N-0010"), self.entry(-10, "N-0010")))
        self.entry(99, "N-0099")
        rule = self.rule(same_word=True, amount_within=0.5, difference_account_id=self.differences_code.id)
        action = rule.action_run()
        run = rule.run_ids
        self.assertEqual((action["res_model"], action["res_id"]), (run._name, run.id))
        self.assertEqual((run.partial_count, run.odoo_count, run.difference_count, run.failed_count), (5, 1, 1, 0))
        self.assertEqual((run.difference, run.line_count, run.debit, run.credit), (0.3, 1, 99, 0))
        self.assertEqual(run.amounts_text.replace("\ufeff", ""), "$\xa031.00, 50.00\xa0€")
        self.assertEqual(run.why_text, "1 another currency than the company's")
        self.assertTrue(run.date_end)
        self.assertEqual(run.state, "done")
        run.action_start_undo()
        self.assertEqual((set(run.reconciliation_ids.mapped("state")), run.state), ({"undone"}, "undone"))
        self.assertTrue(all(self.open_of(*pair)[0] for pair in pairs))
        with self.assertRaisesRegex(UserError, "already"):
            run.action_start_undo()

    def test_tolerance_books_the_difference(self):
        """Goods received at another price than the bill's: the difference goes to its account."""
        bill, receipt = self.entry(100.4, ref="PO 1"), self.entry(-100, ref="PO 1")
        far, from_it = self.entry(200, ref="PO 2"), self.entry(-198, ref="PO 2")
        three = [self.entry(amount, ref="PO 3") for amount in (10.1, 5, -10)]
        rule = self.rule(same_reference=True, amount_within=0.5, difference_account_id=self.differences_code.id)
        self.assertIn("1 of them with a difference", rule.preview)
        # As in a request of its own, and in the night: nothing was read before.
        self.env.invalidate_all()
        rule.action_run()
        self.assertEqual(self.open_of(bill, receipt), [0, 0])
        self.assertEqual(self.open_of(far, from_it), [200, -198])
        self.assertEqual(self.open_of(*three), [10.1, 5, -10])
        [booked] = self.lines.search([("account_id", "=", self.differences_code.id)])
        self.assertEqual((booked.balance, booked.name), (0.4, "Payouts"))

    def test_label_condition(self):
        fees = self.entry(5, "Card fee"), self.entry(-5, "Card fee")
        others = self.entry(5, "100_"), self.entry(-5, "100%")
        self.rule(same_partner=True, label_contains="card FEE").action_run()
        self.assertEqual(self.open_of(*fees, *others), [0, 0, 5, -5])
        self.rule(same_partner=True, label_contains="0%").action_run()
        self.assertEqual(self.open_of(*others), [5, -5])

    def test_second_run_changes_nothing(self):
        self.entry(5), self.entry(-5)
        rule = self.rule(same_partner=True)
        rule.action_run()
        rule.action_run()
        self.assertIn("nothing to reconcile", rule.run_text)
        self.assertEqual(self.env["account.ledger.reconciliation"].search_count([("rule_id", "=", rule.id)]), 1)
        self.assertEqual(len(rule.run_ids), 1)

    def test_what_a_rule_must_say(self):
        for values in (
            {},
            {"label_contains": "x"},
            {"takes": "group", "days_max": 3},
            {"same_partner": True, "amount_within": 1},
            {"same_partner": True, "amount_within": 1, "difference_account_id": self.clearing.id},
            {"same_partner": True, "account_id": self.swim_code.id},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.rule(**values)

    def test_every_night(self):
        """Only what is automatic, in committed slices; what can't be reconciled keeps nothing else back."""
        pairs = [(self.entry(7, f"N-000{n}"), self.entry(-7, f"N-000{n}")) for n in range(5)]
        by_hand = self.rule(same_partner=True, sequence=1)
        rule = self.rule(same_word=True, is_automatic=True)
        commits = []

        def commit(_cron, *args, **kwargs):
            commits.append(args)
            return 100.0

        bulk = type(self.env["account.bulk.reconcile"])
        original, refusal = bulk._reconcile, "locked"

        def stubborn(model, wanted):
            if any(debit == pairs[2][0].id for debit, _credit, _amount in wanted):
                raise UserError(refusal)
            return original(model, wanted)

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit),
            patch.object(bulk, "_reconcile", stubborn),
            patch("odoo.addons.account_reconciliation.models.ledger_accounts.account_ledger_rule_run.PAIRS_AT_ONCE", 2),
        ):
            self.env["account.ledger.rule"].sudo()._cron_run()
        self.assertEqual(
            [self.open_of(debit)[0] for debit, _credit in pairs], [0, 0, 7, 0, 0], "all but the one that is refused"
        )
        self.assertGreaterEqual(len(commits), 4)
        self.assertIn("1 left alone: locked", rule.run_text)
        self.assertFalse(by_hand.run_date)

    def test_broken_rule_leaves_the_others_alone(self):
        loans = self.clearing.copy({"code": "CLEAR3"})
        broken = self.rule(same_partner=True, is_automatic=True, sequence=1, account_id=loans.id)
        loans.reconcile = False
        slow = self.rule(same_partner=True, is_automatic=True, sequence=1, name="Slow")
        debit, credit = self.entry(7), self.entry(-7)
        rule = self.rule(same_partner=True, is_automatic=True, sequence=2)
        original = type(rule)._plan

        def plan(one):
            if one == slow:
                raise QueryCanceled
            return original(one)

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 100.0),
            patch.object(self.cr, "rollback", lambda: None),
            patch.object(type(rule), "_plan", plan),
        ):
            self.env["account.ledger.rule"].sudo()._cron_run()
        self.assertEqual(self.open_of(debit, credit), [0, 0])
        self.assertIn("Allow Reconciliation", broken.run_text)
        self.assertTrue(broken.run_date)
        self.assertIn("cancelled by the database", slow.run_text)
        self.assertIn("1 reconciliations", rule.run_text)

    def test_automatic_rule_takes_access_to_all_branches(self):
        """It runs in all of them, without the rights of whoever has made it."""
        by_hand, automatic = self.rule(same_partner=True), self.rule(same_word=True, is_automatic=True)
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        sentence = "branches that you have no access to"
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            self.rule(same_partner=True, is_automatic=True)
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            by_hand.is_automatic = True
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            automatic.same_word, automatic.same_partner = False, True
        by_hand.days_max = 5
        self.accountant.company_ids = [Command.link(self.company.child_ids.id)]
        by_hand.is_automatic = True

    def test_inter_branch(self):
        """Two branches owe each other: a rule of the root finds both sides."""
        self.company.write({"child_ids": [Command.create({"name": "East"}), Command.create({"name": "West"})]})
        east, west = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branches
        self.accountant.company_ids = [Command.set((self.company | east | west).ids)]
        debit = self.entry(80, "IB-0001", company_id=east.id)
        credit = self.entry(-80, "IB-0001", company_id=west.id)
        everywhere = {"allowed_company_ids": (self.company | east | west).ids}
        differing = self.entry(50.05, "IB-0002", company_id=east.id), self.entry(-50, "IB-0002", company_id=west.id)
        values = {"amount_within": 1, "difference_account_id": self.differences_code.id}
        rule = self.rule(same_word=True, **values).with_context(**everywhere)
        self.assertIn("1 reconciliations", rule.preview, "a difference is an entry of one branch")
        rule.action_run()
        self.assertFalse(rule.run_ids.failed_count)
        self.assertEqual(self.open_of(debit, credit, *differing), [0, 0, 50.05, -50])
        [partial] = debit.matched_credit_ids
        self.assertEqual(partial.credit_move_id, credit)
        mine = self.ledger().with_context(allowed_company_ids=east.ids)
        self.assertEqual(mine.get_groups()["line_count"], 1)
        other = self.entry(-50.05, "here", company_id=east.id)
        done = self.reconciliation(mine.reconcile_lines([differing[0].id, other.id]))
        clerks = []
        for branch in (east, west):
            clerk = self.user_with(f"clerk.{branch.name}", "account_reconciliation.group_accountant")
            clerk.write({"company_id": branch.id, "company_ids": [Command.set(branch.ids)]})
            clerks.append(clerk)
        seen = [self.env["account.ledger.reconciliation"].with_user(clerk).search([]) for clerk in clerks]
        self.assertEqual([done in of_clerk for of_clerk in seen], [True, False], "each branch its own")


@tagged("post_install", "-at_install")
class TestLedgerBulkSameAsOdoo(test_bulk_same_as_odoo.TestBulkSameAsOdoo):
    """I7 on clearing accounts: the ledgers of the random test, with a clearing account beside the owed ones."""

    def test_random_ledgers(self):
        account = self.env["account.account"].create({
            "name": "Clearing", "code": "CLRBULK", "account_type": "asset_current", "reconcile": True,
        })  # fmt: skip
        journal = self.company_data["default_journal_misc"]
        self.seen = Counter()
        for seed in range(4):
            self.random = Random(seed)
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                try:
                    pairs = self.clearing_pairs(account, journal)
                    by_odoo = self.run_path(pairs, patched=True)
                    in_bulk = self.run_path(pairs, patched=False)
                    self.assertFalse([
                        difference
                        for table in by_odoo
                        if table != "hook"
                        for difference in self.differences(table, in_bulk[table], by_odoo[table])
                    ])  # fmt: skip
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all(flush=False)
        self.assertTrue(self.seen["bulk"])
        self.assertTrue(self.seen["currency"])
        self.assertFalse(self.seen["account"])

    def test_undo_in_bulk_leaves_what_odoo_leaves(self):
        account = self.env["account.account"].create({
            "name": "Clearing", "code": "CLRBULK", "account_type": "asset_current", "reconcile": True,
        })  # fmt: skip
        journal = self.company_data["default_journal_misc"]
        bulk = type(self.env["account.bulk.reconcile"])
        deleted = Counter()
        for seed in range(4):
            self.random = Random(seed)
            savepoint = self.env.cr.savepoint()
            pairs = self.clearing_pairs(account, journal)
            # As a rule makes them: mostly pairs alone, some in groups.
            used = Counter(line for pair in pairs for line in pair[:2])
            pairs = [pair for pair in pairs if max(used[pair[0]], used[pair[1]]) == 1] + pairs[:3]
            written = self.env["account.bulk.reconcile"]._reconcile(list(dict.fromkeys(pairs)))
            partials = self.env["account.partial.reconcile"].browse(written.partials.values())
            lines = partials.debit_move_id | partials.credit_move_id
            done = self.env["account.ledger.reconciliation"]._note(account, "rule", lines, partials)
            found = []
            for is_hooked in (False, True):
                inner = self.env.cr.savepoint()
                with patch.object(bulk, "_hooked", lambda *_args, is_hooked=is_hooked: is_hooked):
                    done._start_undo()
                    done._undo_pairs(partials.ids)
                    deleted[is_hooked] += len(partials) - len(partials.exists())
                    while done._undo_next():
                        pass
                self.env.flush_all()
                found.append((self.read_all(), done.state))
                inner.close(rollback=True)
                self.env.invalidate_all(flush=False)
            (in_bulk, state), (by_odoo, other_state) = found
            with self.subTest(seed=seed):
                self.assertEqual((state, other_state), ("undone", "undone"))
                self.assertFalse([
                    difference
                    for table in TABLES
                    for difference in self.differences(table, in_bulk[table], by_odoo[table])
                ])  # fmt: skip
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        self.assertTrue(deleted[False])
        self.assertFalse(deleted[True])

    def clearing_pairs(self, account, journal):
        """Entries, bills with a line on the account, payments on it, and pairs of them for any part."""
        rng = self.random
        lines = self.env["account.move.line"]
        for number in range(8):
            amount = rng.choice([10, 20, 33.33]) * rng.choice([1, -1])
            currency = self.euro if rng.random() < 0.4 else self.company.currency_id
            move = self.env["account.move"].create({
                "journal_id": journal.id, "date": f"2026-0{rng.randint(1, 3)}-10", "ref": f"C{number}",
                "line_ids": [
                    Command.create({"account_id": one.id, "amount_currency": sign * amount, "currency_id": currency.id,
                                    "partner_id": self.family.id})
                    for one, sign in ((account, 1), (self.swim_code, -1))
                ],
            })  # fmt: skip
            move.action_post()
            lines |= move.line_ids.filtered(lambda line: line.account_id == account)
        bill = self.document([{"price_unit": 40, "account_id": account.id}, 5], "in_invoice")
        lines |= bill.line_ids.filtered(lambda line: line.account_id == account)
        pairs, left = {}, {line: line._open_amount() for line in lines}
        for _number in range(60):
            debit, credit = rng.choice(lines), rng.choice(lines)
            same = debit.currency_id == credit.currency_id
            if same and debit.balance > 0 > credit.balance and (debit.id, credit.id) not in pairs:
                amount = min(left[debit], left[credit])
                if rng.random() < 0.4:
                    amount = debit.currency_id._exact(amount / 3)
                if amount:
                    pairs[debit.id, credit.id] = (debit.id, credit.id, amount)
                    left[debit] -= amount
                    left[credit] -= amount
        self.env.flush_all()
        self.env.cr.precommit.run()
        return list(pairs.values())
