"""What the tests of hostile calls share: every public method of the addon as the registry tells it, nasty values, and a
ledger of two companies whose secrets carry marks."""

import inspect
import math
import traceback

from odoo import Command, fields

from .planned_payments import PlannedCommon

OURS = "odoo.addons.account_reconciliation."
FOLDER = "/account_reconciliation/"
# What the ORM itself offers on every model; it is tried with fields, apart from the methods.
CRUD = {"create", "write", "unlink", "copy", "default_get", "init"}

# Stand in what company A keeps from outsiders, and in all that company B has.
MARK_A, MARK_B = "plugh-of-a", "xyzzy-of-b"

ROLES = {
    "owner": "account_reconciliation.group_owner",
    "super admin": "account_reconciliation.group_super_admin",
    "admin": "account_reconciliation.group_admin",
    "accountant": "account_reconciliation.group_accountant",
    "general": "account_reconciliation.group_general",
    "no role": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
OUTSIDERS = {"general", "no role", "portal", "public"}

NASTY = [
    None, False, True, 0, -1, 1.5, 2**31, 2**63, -(10**30), 10**400, 1e308, -1e308, math.nan, math.inf, -math.inf,
    "", " ", "x", "1", "1 OR 1=1", "'; DROP TABLE account_move; --", "%s %(x)s %%", "\\", "\0", "a\0b", "\ud800",
    "\u202egnp.exe", "१२३", "ß" * 3, "<script>alert(1)</script>", "=1+1", "(a+)+$", "9" * 400, "nan", "2026-02-30",
    "x" * 200_000, [], {}, [[]], [None], [0], ["x"], [-1], [True], [1.5], [math.nan], [2**40], [["account.move", "x"]],
    [["account.move", 2**40]], [["res.users", 2]], [["account.move", 1, 2]], [{}], list(range(1, 5001)), {"x": 1},
    {"search": "\0", "statement_id": "x"}, {"date_from": [1], "search": {}}, {1: 2},
]  # fmt: skip
# What ids a call may name; beside those of the two companies.
NASTY_IDS = [[], [2**31 - 1], [2**40], [0], [-1], ["x"], [None], [True], [1.5], [[1]], [{}], ["\0"], [1] * 3]


def public_methods(env):
    """Every method of the addon that a remote call reaches.

    :return: list of (model, method, names of its arguments, whether the addon has brought it)
    """
    found = []
    for model, cls in sorted(env.registry.items()):
        mine, others = {}, set()
        for base in cls.mro():
            names = {name for name, value in vars(base).items() if inspect.isfunction(value) and name[0] != "_"}
            if base.__module__.startswith(OURS):
                mine |= {name: vars(base)[name] for name in names - set(mine)}
            else:
                others |= names
        for name, function in sorted(mine.items()):
            if name not in CRUD and not getattr(function, "_api_private", False):
                found.append((model, name, list(inspect.signature(function).parameters)[1:], name not in others))
    return found


def own_models(env):
    """The models that the addon has brought."""
    return [
        model for model, cls in sorted(env.registry.items())
        if cls._original_module == "account_reconciliation" and not cls._abstract
    ]  # fmt: skip


def is_raised_in_addon(error):
    """Whether an exception was raised by a line of the addon itself, not by the ORM that it has called."""
    return FOLDER in traceback.extract_tb(error.__traceback__)[-1].filename


def is_in_addon(error):
    """Whether the addon asked for what an exception was raised at: the innermost line of any addon is its own."""
    frames = traceback.extract_tb(error.__traceback__)
    if any(frame.name.startswith("convert_to_") for frame in frames):
        return False  # the ORM itself refuses what is no value of a field
    files = [frame.filename for frame in frames]
    files = [name for name in files if "/addons/" in name and "/addons/base/" not in name and "/tests/" not in name]
    return bool(files) and FOLDER in files[-1]


class HostileCommon(PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for role, group in ROLES.items():
            if role == "public":
                cls.users[role] = cls.env.ref("base.public_user")
            else:
                cls.users[role] = cls.user_with("hostile." + role.replace(" ", "."), group)
        cls.mine = cls.make_ledger(cls.company_data, MARK_A)
        cls.theirs = cls.make_ledger(cls.setup_other_company(name=f"Company {MARK_B}"), MARK_B)
        cls.env.flush_all()

    @classmethod
    def make_ledger(cls, data, mark):
        """Some of everything in one company: documents, money, planned payments, bank transactions, a closed period.

        :return: dict model name -> records
        """
        company, bank = data["company"], data["default_journal_bank"]
        env = cls.env(context={"allowed_company_ids": company.ids})
        name = "Family" if mark == MARK_A else f"Family {mark}"
        owner = env["res.partner"].create({"name": name, "company_id": company.id})
        invoices = env["account.move"].create([
            {
                "move_type": "out_invoice",
                "partner_id": owner.id,
                "invoice_date": "2026-01-10",
                "ref": mark,
                "invoice_line_ids": [
                    Command.create({"name": f"{mark} {number}", "price_unit": price, "tax_ids": [Command.set([])],
                                    "account_id": data["default_account_revenue"].id})
                    for number, price in enumerate((75, 75, 20))
                ],
            }
            for _number in range(3)
        ])  # fmt: skip
        invoices.action_post()
        context = {"active_model": "account.move", "active_ids": invoices[0].ids}
        register = env["account.payment.register"].with_context(**context)
        payment = register.create({"payment_date": "2026-01-15", "amount": 100})._create_payments()
        payment.memo = mark
        deposit = env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": owner.id, "amount": 30,
            "date": "2026-01-16", "journal_id": bank.id, "memo": mark,
        })  # fmt: skip
        deposit.action_post()
        method = bank.inbound_payment_method_line_ids[:1]
        planned_payments = invoices[1].plan_payments(
            [{"due_date": cls.day(30), "amount": 60}, {"due_date": cls.day(60), "amount": 60}], method
        )
        preset = env["account.reconcile.model"].create({
            "name": mark, "company_id": company.id,
            "line_ids": [Command.create({"account_id": data["default_account_expense"].id, "amount_string": "100"})],
        })  # fmt: skip
        lines = env["account.bank.statement.line"].create([
            {"journal_id": bank.id, "date": "2026-01-20", "amount": amount, "payment_ref": mark}
            for amount in (70, -4, 30)
        ])  # fmt: skip
        lines[1].match_expense(preset)
        other_bank = bank.copy({"name": f"Savings {mark}", "code": "SAVH"})
        other_side = env["account.bank.statement.line"].create(
            {"journal_id": other_bank.id, "date": "2026-01-20", "amount": -70, "payment_ref": mark}
        )
        period = env["account.bank.reconciliation"].create({
            "journal_id": bank.id, "date_from": "2026-01-01", "date_to": "2026-01-31", "balance_end": 100,
        })  # fmt: skip
        snapshot = period.action_snapshot()
        run = env["account.reconciliation.run"]._start(company)
        advice = env["account.remittance.advice"].import_advice(f"{mark}.txt", f"{invoices[2].name} 30.00".encode())
        dispute = invoices[1].dispute_rest("damaged", mark)
        batch = env["account.bank.batch"].create_batch(deposit, "deposit", mark)
        clearing = env["account.account"].create({
            "name": mark, "code": "HOSTILE", "account_type": "asset_current", "reconcile": True,
            "company_ids": [Command.set(company.ids)],
        })  # fmt: skip
        entry = env["account.move"].create({
            "date": "2026-01-20", "ref": mark, "journal_id": data["default_journal_misc"].id, "line_ids": [
                Command.create({"account_id": account.id, "balance": amount, "name": mark})
                for account, amount in ((clearing, 9), (clearing, -9), (clearing, 4),
                                        (data["default_account_revenue"], -4))
            ],
        })  # fmt: skip
        entry.action_post()
        pages = env["account.ledger.account"].browse(clearing.ids)
        pages.reconcile_lines(entry.line_ids[:2].ids)
        rule = env["account.ledger.rule"].create({"name": mark, "account_id": clearing.id, "same_partner": True})
        proof = env["account.ledger.proof"].create({"account_id": clearing.id, "date": "2026-01-31", "note": mark})
        closing = env["account.closing"].create({"date": "2026-01-31"})
        found = {
            record._name: record
            for record in (
                pages, rule, proof, closing, closing.line_ids,
                owner, invoices, payment | deposit, planned_payments, preset, lines | other_side, period, snapshot, run,
                bank | other_bank, invoices.line_ids, advice, batch, dispute,
                run.env["account.bank.match.decision"].search([("journal_id", "=", bank.id)]),
            )
        }  # fmt: skip
        attachment = env["ir.attachment"].create({"name": f"{mark}.csv", "raw": mark.encode()})
        return found | {
            "ir.attachment": attachment, "company": company, "open line": entry.line_ids[2],
            "account.account": data["default_account_expense"],
        }  # fmt: skip

    def records(self, ledger, model, user):
        """Records of a model in a company, a dialog of the user's own where it is one; empty where there is none."""
        if model in ledger:
            return ledger[model]
        env = self.env(context={"allowed_company_ids": ledger["company"].ids})
        if env[model]._transient:
            own = env[model].with_user(user).with_company(ledger["company"])
            if model == "account.reconciliation.undo":
                return own._remember(ledger["account.move"]._reconciliation_pairs(), {})
            values = self.dialog_values(ledger, model)
            if values:
                return own.create(values)
            # A row of a dialog: what the dialog has when it opens.
            parent = next(field for field in own._fields.values() if field.type == "many2one" and field.required)
            return own.search([(parent.name, "=", self.records(ledger, parent.comodel_name, user).id)])
        if env[model]._abstract:
            return env[model]
        domain = [("company_id", "=", ledger["company"].id)] if "company_id" in env[model]._fields else []
        return env[model].sudo().search(domain, limit=2)

    def dialog_values(self, ledger, model):
        """What a dialog is opened with."""
        line, move = ledger["account.bank.statement.line"][0], ledger["account.move"][0]
        banks = ledger["account.journal"]
        dialogs = {
            "account.bank.adjustment": {"bank_journal_id": banks[0].id},
            "account.bank.match.book": {"statement_line_id": line.id},
            "account.bank.match.ignore": {"line_ids": [Command.set(line.ids)], "reason": "why"},
            "account.bank.match.many": {"line_ids": [Command.set(line.ids)]},
            "account.bank.period.reason": {
                "reconciliation_id": ledger["account.bank.reconciliation"].id, "operation": "close", "reason": "why"},
            "account.bank.statement.import": {"attachment_ids": [Command.set(ledger["ir.attachment"].ids)]},
            "account.bank.transfer": {
                "journal_id": banks[0].id, "destination_journal_id": banks[1].id, "amount": 5,
                "company_id": ledger["company"].id},
            "account.client.statement": {
                "partner_id": ledger["res.partner"].id, "company_id": ledger["company"].id},
            "account.make.payment": {
                "partner_id": ledger["res.partner"].id, "amount": 10, "company_id": ledger["company"].id,
                "journal_id": banks[0].id},
            "account.plan.payments": {"move_id": move.id},
            "account.dispute.open": {"move_id": move.id, "reason": "damaged"},
            "account.dispute.write.off": {
                "dispute_id": ledger["account.dispute"].id, "preset_id": ledger["account.reconcile.model"].id},
            "account.remittance.advice.import": {"text": f"{move.name} 10.00"},
            "account.reconciliation.choice": {"step": "allocation_order", "company_id": ledger["company"].id},
            "account.reconcile.accounts": {"scope": "all", "company_id": ledger["company"].id},
            "account.reconciliation.modify": {"move_id": move.id},
        }  # fmt: skip
        return dialogs.get(model, {})

    def good_arguments(self, ledger):
        """An argument that makes sense, by its name."""
        invoice = ledger["account.move"][2]
        return {
            "records": [["account.move", invoice.id]],
            "amounts": [10],
            "limit": 5,
            "offset": 0,
            "term": "x",
            "search": "x",
            "status": "all",
            "filters": {"search": "x"},
            "confidence": 0.9,
            "reason": "why",
            "category": ledger["account.reconcile.model"].id,
            "partner": ledger["res.partner"].id,
            "payments": ledger["account.payment"].ids,
            "kind": "deposit",
            "preset": ledger["account.reconcile.model"].id,
            "end_to_end_ids": ["e2e-1", "e2e-2"],
            "other_line": ledger["account.bank.statement.line"][3].id,
            "seconds": 0,
            "partner_id": ledger["res.partner"].id,
            "line_id": ledger["account.payment"][1].move_id._owed_lines().id,
            "rows": [{"due_date": fields.Date.to_string(self.day(40)), "amount": 10}],
            "payment_method_line": ledger["account.journal"][0].inbound_payment_method_line_ids[:1].id,
            "counterpart_id": ledger["account.payment"][0].move_id.id,
            "remittances": self.env["account.bank.remittance"]._of_records(ledger["account.payment"]).ids,
            "journals": ledger["account.journal"].ids,
            "attachment_ids": ledger["ir.attachment"].ids,
            "filename": "a.csv",
            "content": "YQ==",
            "group_by": "reference",
            "line_ids": ledger["open line"].ids,
            "account_id": ledger["account.account"].id,
            "label": "why",
            "key": "x",
            "user_id": self.users["accountant"].id,
        }
