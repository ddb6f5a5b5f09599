"""What only a button may set: nobody writes it by a remote call, by an import or by another addon's plain write."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon

MODULE = "account_reconciliation"
MAGIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}
ROLES = [
    "account_reconciliation.group_owner", "account_reconciliation.group_super_admin",
    "account_reconciliation.group_admin", "account_reconciliation.group_accountant",
    "account_reconciliation.group_general", "account.group_account_manager", "account.group_account_user",
    "account.group_account_invoice", "account.group_account_basic", "base.group_system",
]  # fmt: skip
# What people enter, on a form or in the settings. Of every other stored field of the addon nobody may write a value.
ENTERED = {
    "account.bank.match.memory": {
        "kind", "key", "partner_id", "model_id", "company_id", "confirmation_count", "rejection_count",
    },
    "account.bank.batch": {"kind", "journal_id", "date", "reference", "message_id"},
    "account.bank.batch.part": {"batch_id", "sequence", "payment_id", "end_to_end_id", "is_left_out"},
    "account.bank.reconciliation": {"journal_id", "date_from", "date_to", "balance_start", "balance_end"},
    "account.closing": {"company_id", "date"},
    "account.closing.line": {"note"},
    "account.difference.policy": {
        "company_id", "currency_id", "side", "kind", "amount_max", "percent_max", "preset_id", "reason", "is_automatic",
        "on_reconcile_account", "active",
    },
    "account.ledger.proof": {"account_id", "company_id", "date", "note", "attachment_ids", "reopen_reason"},
    "account.ledger.rule": {
        "name", "sequence", "active", "company_id", "account_id", "takes", "same_partner", "same_reference",
        "same_order", "same_product", "same_word", "label_contains", "days_max", "amount_within",
        "difference_account_id",
        "is_automatic",
    },
    "account.payment.method.line": {"is_confirmed_later", "needs_person"},
    "account.planned.payment": {"due_date", "payment_method_line_id", "payment_token_id"},
    "account.reconcile.model": {"match_direction"},
    "digest.digest": {"kpi_bank_unmatched", "kpi_money_not_applied", "kpi_planned_failed", "kpi_bank_periods"},
    "account.remittance.advice": {
        "partner_id", "currency_id", "direction", "payment_date", "reference", "statement_line_id",
    },
    "account.remittance.advice.line": {
        "advice_id", "sequence", "document_number", "amount", "deduction", "reason", "reason_code", "move_id",
        "preset_id", "item_text", "item_id",
    },
    "account.settlement": {"fee_id", "account_id"},
    "account.settlement.entry": {"move_id", "payment_id", "partner_id", "account_id"},
    "res.company": {
        "accounting_tz", "allocation_order", "portal_item_balances", "reminder_user_ids", "planned_retry_count",
        "planned_retry_days", "settlement_fee_id", "settlement_account_id", "return_fee_id", "return_charge",
        "return_charge_amount", "return_charge_product_id",
        "bank_match_automatic", "bank_match_threshold", "bank_reconciliation",
        "remittance_alias_id",
    },
    "res.partner": {"allocation_order"},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestGuardedFields(BankPeriodCommon):
    def stored_fields(self):
        """Every stored field that this addon adds: (model, field); those of one2many are rows of another model."""
        for name in sorted(self.env.registry):
            model = self.env.registry[name]
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                is_own = field._modules and field._modules[0] == MODULE
                if is_own and field.store and field.name not in MAGIC and field.type != "one2many":
                    yield name, field

    def plain_value(self, field):
        return {
            "boolean": True, "integer": 7, "float": 7.5, "monetary": 7.5, "date": "2026-01-31",
            "datetime": "2026-01-31 10:00:00", "json": {"a": 1}, "many2one": 1, "many2many": [[6, 0, [1]]],
        }.get(field.type) or (
            field.get_values(self.env)[-1] if field.type == "selection" else "written by hand"
        )  # fmt: skip

    def needed(self, model):
        """What Odoo's own create can't do without."""
        if model != "payment.transaction":
            return {}
        provider = self.env["payment.provider"].search([], limit=1)
        return {
            "provider_id": provider.id, "payment_method_id": provider.payment_method_ids[:1].id, "reference": "by hand",
            "amount": 1, "currency_id": self.company.currency_id.id, "partner_id": self.family.id,
        }  # fmt: skip

    def test_every_stored_field_is_entered_by_people_or_can_be_written_by_nobody(self):
        users = [self.user_with(f"user of {role}", role) for role in ROLES]
        seen = {}
        for name, field in self.stored_fields():
            seen.setdefault(name, set()).add(field.name)
            if field.name in ENTERED.get(name, ()):
                continue
            for user in users:
                model = self.env[name].with_user(user)
                vals = {field.name: self.plain_value(field), **self.needed(name)}
                for operation, write in (("create", lambda m=model, v=vals: m.create([v])),
                                         ("write", lambda m=model, v=vals: m.write(v))):  # fmt: skip
                    if model.has_access(operation):
                        with self.subTest(field=f"{name}.{field.name}", user=user.login, operation=operation):
                            self.assertRaises(UserError, write)
        self.assertGreater(sum(map(len, seen.values())), 150)
        for name, names in ENTERED.items():
            self.assertLessEqual(names, seen[name], name)

    def unchanged(self, records, names, write):
        """A write is refused, and nothing has changed."""
        before = records.sudo().read(names)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            write()
        self.env.invalidate_all()
        self.assertEqual(records.sudo().read(names), before)

    def test_match_of_a_transaction(self):
        names = [
            "match_status", "matched_entity_type", "match_confidence", "match_explanation", "ignore_reason",
            "is_reconciled",
        ]  # fmt: skip
        line = self.transaction(10, "2026-03-05")
        self.env.flush_all()
        for role in ROLES[:8]:
            mine = line.with_user(self.user_with(role, role))
            for vals in (
                {"match_status": "matched"}, {"matched_entity_type": "payment"}, {"match_confidence": 1},
                {"match_explanation": "certain"}, {"ignore_reason": "hidden"}, {"is_matched_by_itself": True},
                {"is_reconciled": True},
            ):  # fmt: skip
                with self.subTest(role=role, vals=vals):
                    self.unchanged(line, names, lambda mine=mine, vals=vals: mine.write(vals))
        self.assertFalse(line.sudo().decision_ids)

    def test_match_of_an_imported_transaction(self):
        accountant = self.user_with("accountant", "account_reconciliation.group_accountant")
        lines = self.env["account.bank.statement.line"].with_user(accountant)
        columns = ["journal_id/.id", "date", "payment_ref", "amount", "ignore_reason"]
        result = lines.load(columns, [[str(self.bank.id), "2026-03-05", "by import", "10", "hidden"]])
        self.assertFalse(result["ids"])
        self.assertIn("never by hand", result["messages"][0]["message"])
        result = lines.load(columns[:-1], [[str(self.bank.id), "2026-03-05", "by import", "10"]])
        self.assertEqual(lines.browse(result["ids"]).match_status, "unmatched")

    def test_defaults_of_the_context_and_of_users_have_no_effect(self):
        accountant = self.user_with("accountant", "account_reconciliation.group_accountant")
        self.env["ir.default"].set(
            "account.bank.statement.line", "ignore_reason", "hidden", user_id=accountant.id
        )  # fmt: skip
        lines = self.env["account.bank.statement.line"].with_user(accountant).with_context(
            default_match_status="ignored", default_ignore_reason="hidden", default_match_confidence=1
        )  # fmt: skip
        line = lines.create({"journal_id": self.bank.id, "date": "2026-03-05", "payment_ref": "x", "amount": 5})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((line.match_status, line.ignore_reason, line.match_confidence), ("unmatched", False, 0))
        period = self.periods.with_user(accountant).with_context(default_state="closed", default_remaining=7).create({
            "journal_id": self.bank.id, "date_from": "2026-03-01", "date_to": "2026-03-31", "balance_start": 0,
            "balance_end": 0,
        })  # fmt: skip
        self.assertEqual((period.state, period.remaining), ("open", 0))

    def test_planned_payments_planned_with_defaults_in_the_context_are_planned(self):
        document = self.document([75])
        method = self.bank.inbound_payment_method_line_ids[:1]
        planned = document.with_context(default_state="done", default_attempt_count=9).plan_payments(
            [{"due_date": "2030-01-01", "amount": 75}], payment_method_line=method
        )
        self.assertEqual((planned.state, planned.attempt_count), ("planned", 0))

    def test_figures_of_a_closed_period(self):
        accountant = self.user_with("accountant", "account_reconciliation.group_accountant")
        period = self.period(month=3, start=0, end=0)
        period.action_close()
        names = [
            "journal_id", "date_from", "date_to", "balance_start", "balance_end", "total_reconciled", "remaining",
            "is_balanced", "state", "close_uid", "close_date", "close_reason", "company_id", "currency_id",
        ]  # fmt: skip
        for user in (accountant, self.env.user):
            mine = period.with_user(user)
            for vals in (
                {"date_from": "2026-03-02"}, {"date_to": "2026-03-30"}, {"balance_start": 1}, {"balance_end": 1},
                {"total_reconciled": 1}, {"remaining": 7}, {"is_balanced": False}, {"state": "open"},
                {"close_reason": "none"}, {"close_date": False}, {"company_id": False}, {"currency_id": False},
            ):  # fmt: skip
                with self.subTest(vals=vals):
                    self.unchanged(period, names, lambda mine=mine, vals=vals: mine.write(vals))

    def test_confirmation_of_a_payment(self):
        method = self.bank.inbound_payment_method_line_ids[:1]
        method.is_confirmed_later = True
        payment = self.payment(50, payment_method_line_id=method.id)
        self.assertEqual(payment.confirmation_state, "processing")
        for role in ("account.group_account_invoice", *ROLES[:5]):
            mine = payment.with_user(self.user_with(role, role))
            for value in ("confirmed", "rejected", False):
                with self.subTest(role=role, value=value):
                    self.unchanged(
                        payment, ["confirmation_state"],
                        lambda mine=mine, value=value: mine.write({"confirmation_state": value}),
                    )  # fmt: skip
        payment.action_confirm_payment()
        self.assertEqual(payment.confirmation_state, "confirmed")
