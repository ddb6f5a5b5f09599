"""Two companies, their clients and vendors, people in all roles, and a clock that only the simulator turns."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields

VIEW, MANAGE, DELETE, BANK = "view", "manage", "delete", "bank"
ALL = {VIEW, MANAGE, DELETE, BANK}
# role: (group, what it may do, how often it is at work)
ROLES = {
    "accountant": ("account_reconciliation.group_accountant", ALL, 60),
    "owner": ("account_reconciliation.group_owner", ALL, 6),
    "super admin": ("account_reconciliation.group_super_admin", ALL, 6),
    "manager": ("account.group_account_manager", ALL, 6),
    "admin": ("account_reconciliation.group_admin", {VIEW, MANAGE}, 12),
    "deleting": ("account_reconciliation.group_delete_reconciliations", {VIEW, DELETE}, 2),
    "bank clerk": ("account_reconciliation.group_bank_reconciliation", {BANK}, 2),
    "invoicing": ("account.group_account_invoice", set(), 3),
    "billing": ("account_reconciliation.group_client_billing", {VIEW}, 1),
    "general": ("account_reconciliation.group_general", set(), 2),
}
OUTSIDERS = {"portal": "base.group_portal", "public": "base.group_public", "employee": "base.group_user"}
TODAY = date(2026, 3, 20)
RATES = {"USD": 1.0, "EUR": 0.9, "JPY": 150.0, "KWD": 0.3}


@dataclass
class Company:
    """The ids of what a company works with."""

    id: int
    currency_id: int
    foreign_ids: list
    codes: list = field(default_factory=list)
    expenses: list = field(default_factory=list)
    sale_taxes: list = field(default_factory=list)
    purchase_taxes: list = field(default_factory=list)
    banks: dict = field(default_factory=dict)
    journal_of: dict = field(default_factory=dict)
    terms: list = field(default_factory=list)
    cash_roundings: list = field(default_factory=list)
    methods: dict = field(default_factory=dict)
    presets: list = field(default_factory=list)
    tokens: dict = field(default_factory=dict)
    receivable: int = 0
    payable: int = 0
    writeoff: int = 0
    difference_preset: int = 0


class World:
    """Everything that is there before the first step; ids only, so that a rollback leaves nothing stale."""

    name = "classic"
    summary = "percent terms, early discount, taxes of 13 %, three currencies whose rates are known beforehand"
    currency_names = ("USD", "EUR", "JPY")
    company_names = ("First rink", "Second rink")
    own_currencies = ("USD", "EUR")
    how_often_taxed, how_often_terms = 0.3, 0.15
    prices = (10, 20, 33.33, 66.67, 75, 99.99, 0.01, 170)

    def __init__(self, env):
        self.root = env(context={"lang": None, "tracking_disable": True, "mail_notrack": True,
                                 "mail_create_nosubscribe": True, "no_reset_password": True})  # fmt: skip
        self.today, self.hour = TODAY, 12
        currencies = {
            name: self.root["res.currency"].with_context(active_test=False).search([("name", "=", name)])
            for name in self.currency_names
        }
        for currency in currencies.values():
            currency.active = True
        self.currencies = {currency.id: name for name, currency in currencies.items()}
        self.roundings = {currency.id: Decimal(str(currency.rounding)) for currency in currencies.values()}
        self.clients, self.vendors, self.members = [], [], {}
        self._make_partners()
        self.companies = [
            self._make_company(number, name, currencies[own], currencies)
            for number, (name, own) in enumerate(zip(self.company_names, self.own_currencies, strict=True))
        ]
        self.users = self._make_users()
        self.root.flush_all()

    # -- making it ------------------------------------------------------------------------------------------

    def _make_partners(self):
        partners = self.root["res.partner"]
        for name in ("Tremblay family", "Roy family", "Gagnon family"):
            self.clients.append(partners.create({"name": name}).id)
        member = partners.create({"name": "Léa Tremblay", "parent_id": self.clients[0]})
        self.members[self.clients[0]] = member.id
        for name in ("Rink Supplies", "Power and Light"):
            self.vendors.append(partners.create({"name": name}).id)

    def _chart(self, _number):
        """The code of the chart of accounts of a company."""
        return "generic_coa"

    def _make_company(self, number, name, currency, currencies):
        env = self.root
        company = env["res.company"].create({"name": name, "currency_id": currency.id})
        env.user.company_ids |= company
        env["account.chart.template"].try_loading(self._chart(number), company=company, install_demo=False)
        company.currency_id = currency
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        foreign = [other for other in currencies.values() if other != currency]
        for other in foreign:
            for day, factor in (("2025-12-01", 1), ("2026-02-01", 1.1), ("2026-03-01", 0.95)):
                env["res.currency.rate"].create({
                    "currency_id": other.id, "company_id": company.id, "name": day,
                    "rate": RATES[other.name] / RATES[currency.name] * factor,
                })  # fmt: skip
        made = Company(company.id, currency.id, [other.id for other in foreign])
        self._make_accounts(env, company, made)
        self._make_journals(env, company, made, foreign[0])
        self._make_means(env, company, made)
        return made

    def _account(self, env, company, *types):
        return env["account.account"].search(
            [("company_ids", "in", company.ids), ("account_type", "in", types)], order="code, id", limit=1
        )

    def _make_accounts(self, env, company, made):
        income = self._account(env, company, "income")
        made.codes = [
            income.copy({"code": f"4101{number}0", "name": f"Course {number}"}).id for number in range(3)
        ]  # fmt: skip
        made.expenses = [self._account(env, company, "expense").id]
        made.writeoff = made.expenses[0]
        partner = env["res.partner"].browse(self.clients[0])
        made.receivable = partner.property_account_receivable_id.id
        made.payable = partner.property_account_payable_id.id
        for is_included in ("tax_excluded", "tax_included"):
            tax = env["account.tax"].create({
                "name": f"13 % {is_included}", "amount": 13, "company_id": company.id,
                "price_include_override": is_included,
            })  # fmt: skip
            made.sale_taxes.append(tax.id)
            made.purchase_taxes.append(tax.copy({"type_tax_use": "purchase"}).id)
        for name, lines, discount in (
            ("30 % now, the rest later", [(30, 0), (70, 20)], {}),
            ("2 % within 10 days", [(100, 30)],
             {"early_discount": True, "discount_percentage": 2, "discount_days": 10}),
        ):  # fmt: skip
            made.terms.append(env["account.payment.term"].create({
                "name": name, "company_id": company.id, **discount,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in lines
                ],
            }).id)  # fmt: skip

    def _make_journals(self, env, company, made, foreign):
        journals = env["account.journal"]
        bank = journals.search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
        savings = bank.copy({"name": "Savings", "code": "SAVE"})
        abroad = bank.copy({"name": "Abroad", "code": "ABRO", "currency_id": foreign.id})
        for number, journal in enumerate((bank, savings, abroad)):
            if number and journal.default_account_id == bank.default_account_id:
                journal.default_account_id = bank.default_account_id.copy()
            journal.bank_account_id = env["res.partner.bank"].create({
                "acc_number": f"{company.id}00{number}", "partner_id": company.partner_id.id,
            })  # fmt: skip
            made.banks[journal.id] = (
                journal.default_account_id.id, journal.suspense_account_id.id,
                (journal.currency_id or company.currency_id).id, company.currency_id.id,
            )  # fmt: skip
        for kind in ("sale", "purchase", "general"):
            found = journals.search([("type", "=", kind), ("company_id", "=", company.id)], order="id", limit=1)
            made.journal_of[kind] = found.id
        if not company.transfer_account_id.reconcile:
            company.transfer_account_id.reconcile = True

    def _make_means(self, env, company, made):
        bank = env["account.journal"].browse(min(made.banks))
        manual = bank.inbound_payment_method_line_ids[:1]
        made.methods = {"inbound": [manual.id], "outbound": bank.outbound_payment_method_line_ids[:1].ids}
        for name, values in (("Cheque", {"needs_person": True}), ("eCheck", {"is_confirmed_later": True})):
            made.methods[name] = manual.copy({"name": name, **values}).id
        expense = env["account.account"].browse(made.expenses[0])
        presets = env["account.reconcile.model"]
        made.presets.append(self._preset(presets, company, "Fees", expense, {}).id)
        made.presets.append(self._preset(presets, company, "Monthly fee", expense, {
            "match_label": "contains", "match_label_param": "MONTHLY FEE", "trigger": "auto_reconcile",
        }).id)  # fmt: skip
        provider = env["payment.provider"].search([("code", "=", "demo"), ("company_id", "=", company.id)], limit=1)
        provider = provider or env.ref("payment.payment_provider_demo").copy({"company_id": company.id})
        provider.write({"state": "test", "allow_tokenization": True})
        provider.journal_id = bank
        for outcome in ("done", "error", "pending", "cancel"):
            made.tokens[outcome] = env["payment.token"].create({
                "provider_id": provider.id,
                "payment_method_id": provider.with_context(active_test=False).payment_method_ids[:1].id,
                "payment_details": "4242", "provider_ref": "simulated", "partner_id": self.clients[0],
                "demo_simulated_state": outcome,
            }).id  # fmt: skip

    def _preset(self, presets, company, name, account, values):
        return presets.create({
            "name": name, "company_id": company.id, **values,
            "line_ids": [Command.create({
                "account_id": account.id, "amount_type": "percentage", "amount_string": "100",
                "tax_ids": [Command.set([])],
            })],
        })  # fmt: skip

    def _make_users(self):
        company_ids = [company.id for company in self.companies]
        groups = {role: description[0] for role, description in ROLES.items()} | OUTSIDERS
        made = {}
        for role, group in groups.items():
            made[role] = self._user(role, group, company_ids)
        # One who may do everything, but not in the first company.
        made["neighbour"] = self._user("neighbour", ROLES["owner"][0], company_ids[1:])
        return made

    def _user(self, role, group, company_ids):
        return self.root["res.users"].create({
            "name": role, "login": f"simulated {role}", "company_id": company_ids[0],
            "company_ids": [Command.set(company_ids)], "group_ids": [Command.set(self.root.ref(group).ids)],
        }).id  # fmt: skip

    # -- working in it --------------------------------------------------------------------------------------

    @property
    def company_ids(self):
        return [company.id for company in self.companies]

    def env(self, role, company):
        """An environment of somebody at work in one company."""
        context = {**self.root.context, "allowed_company_ids": [company.id]}
        return self.root(user=self.users[role], context=context)

    def admin(self, company):
        """An environment that may do everything."""
        return self.root(context={**self.root.context, "allowed_company_ids": [company.id]})

    def company(self, company_id):
        return next(company for company in self.companies if company.id == company_id)

    def company_of_journal(self, journal_id):
        return next(company for company in self.companies if journal_id in company.banks)

    # -- what the addon says --------------------------------------------------------------------------------

    def accountant(self):
        """An environment of the accountant who looks at all companies."""
        return self.root(user=self.users["accountant"], context={"allowed_company_ids": self.company_ids})

    def statuses(self, move_ids):
        """``{move id: status}`` as the addon shows it, None where there is none."""
        moves = self.accountant()["account.move"].browse(move_ids)
        return {move.id: move.reconciliation_status or None for move in moves}

    def remittances(self, journal_id):
        """``{line id: amount}`` of a bank account as the addon lists them."""
        env = self.admin(self.company_of_journal(journal_id))
        env["account.bank.remittance"].invalidate_model()
        rows = env["account.bank.remittance"].search_read([("journal_id", "=", journal_id)], ["amount"])
        return {row["id"]: Decimal(str(row["amount"])) for row in rows}

    def discrepancies(self, period_id):
        period = self.root["account.bank.reconciliation"].browse(period_id)
        env = self.admin(self.company(period.company_id.id))
        return [one["message"] for one in period.with_env(env).get_discrepancies()]

    # -- the clock ------------------------------------------------------------------------------------------

    @property
    def clock(self):
        """The day and hour that it is, in UTC."""
        return self.today, self.hour

    @clock.setter
    def clock(self, value):
        self.today, self.hour = value

    def today_of(self, _company):
        """The day that it is for a company: here the same for all."""
        return self.today

    def _days(self):
        """What ``fields.Date.today`` and ``context_today`` are while the simulator plays."""
        day = lambda *_args, **_kwargs: self.today  # noqa: E731
        return day, day

    @contextmanager
    def running(self):
        """Within it today is the simulator's day, nothing is committed, and no PDF is printed."""
        today, context_today = self._days()
        cron = type(self.root["ir.cron"])
        snapshot = type(self.root["account.bank.reconciliation.snapshot"])
        with (
            patch.object(fields.Date, "today", staticmethod(today)),
            patch.object(fields.Date, "context_today", staticmethod(context_today)),
            patch.object(cron, "_commit_progress", lambda *_args, **_kwargs: 1000.0),
            patch.object(snapshot, "_render", lambda _self: b"%PDF-1.4 simulated"),
            patch.object(self.root.cr, "commit", self._refuse_commit, create=True),
        ):
            yield

    def _refuse_commit(self):
        raise AssertionError("Something was committed in the middle of an operation.")
