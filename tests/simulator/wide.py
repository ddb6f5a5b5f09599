"""The wide world: the terms, taxes, roundings, currencies and bank accounts that people report trouble with."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import Command, fields

from .world import World

ZONES = ("America/Toronto", "Pacific/Auckland", "Europe/Paris")


class WideWorld(World):
    """What :class:`World` has, and what it leaves out: see ``summary``."""

    name = "wide"
    summary = (
        "fixed and mixed terms, early discount in its three ways of computing, taxes rounded by line and globally, "
        "included, division, group, reverse-charge and cash-basis taxes, taxes edited by hand, cash rounding of both "
        "kinds, currencies with 0, 2 and 3 decimals whose rates are entered later and corrected, documents of zero, "
        "two bank accounts with one outstanding account, payments cancelled after their match, companies east and west "
        "of UTC, the second with 3 decimals in its own currency and another chart of accounts where one is installed"
    )
    currency_names = ("USD", "EUR", "JPY", "KWD")
    own_currencies = ("USD", "KWD")
    how_often_taxed, how_often_terms = 0.6, 0.35
    prices = (*World.prices, 0, 1000.005)

    @property
    def _now(self):
        """Naive, in UTC."""
        return datetime.combine(self.today, time(self.hour))

    def today_of(self, company):
        zone = ZoneInfo(ZONES[self.companies.index(company)])
        return self._now.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()

    def _days(self):
        day_of_zone = fields.Date.context_today
        return lambda: self._now.date(), lambda record, timestamp=None: day_of_zone(record, timestamp or self._now)

    def _chart(self, number):
        """Another chart for all but the first company, where one is installed."""
        common = super()._chart(number)
        charts = self.root["account.chart.template"]._get_chart_template_mapping()
        others = sorted(code for code, one in charts.items() if one.get("installed") and code != common)
        return others[0] if number and others else common

    def _make_company(self, number, name, currency, currencies):
        made = super()._make_company(number, name, currency, currencies)
        company = self.root["res.company"].browse(made.id)
        company.tax_calculation_rounding_method = ("round_per_line", "round_globally")[number % 2]
        company.partner_id.tz = ZONES[number]
        env = self.root(context={**self.root.context, "allowed_company_ids": company.ids})
        self._make_taxes(env, company, made)
        self._make_terms(env, company, made)
        self._make_cash_roundings(env, company, made)
        first, second = env["account.journal"].browse(sorted(made.banks)[:2])
        outstanding = self._account(env, company, "asset_current").copy({"name": "Outstanding", "reconcile": True})
        methods = (first | second).inbound_payment_method_line_ids
        methods.filtered(lambda method: method.name == "Manual Payment").payment_account_id = outstanding
        return made

    def _make_taxes(self, env, company, made):
        taxes = env["account.tax"]
        company.tax_exigibility = True
        waiting = self._account(env, company, "liability_current").copy({"name": "Tax waiting", "reconcile": True})
        due = self._account(env, company, "liability_current").copy({"name": "Tax due"})

        def parts(*factors):
            return [
                Command.clear(),
                Command.create({"repartition_type": "base"}),
                *(
                    Command.create({"repartition_type": "tax", "factor_percent": factor, "account_id": due.id})
                    for factor in factors
                ),
            ]

        for use, known in (("sale", made.sale_taxes), ("purchase", made.purchase_taxes)):
            common = {"company_id": company.id, "type_tax_use": use}
            fifth = taxes.create({**common, "name": f"Fifth {use}", "amount": 5})
            tenth = taxes.create({**common, "name": f"Tenth {use}", "amount": 9.975, "include_base_amount": True})
            known += [
                taxes.create({
                    **common, "name": f"Division {use}", "amount_type": "division", "amount": 10,
                    "price_include_override": "tax_included",
                }).id,
                taxes.create({**common, "name": f"Fixed {use}", "amount_type": "fixed", "amount": 0.35}).id,
                taxes.create({
                    **common, "name": f"Group {use}", "amount_type": "group",
                    "children_tax_ids": [Command.set((tenth | fifth).ids)],
                }).id,
                taxes.create({
                    **common, "name": f"Reverse charge {use}", "amount": 21,
                    "invoice_repartition_line_ids": parts(100, -100),
                    "refund_repartition_line_ids": parts(100, -100),
                }).id,
                taxes.create({
                    **common, "name": f"Cash basis {use}", "amount": 15, "tax_exigibility": "on_payment",
                    "cash_basis_transition_account_id": waiting.id,
                    "invoice_repartition_line_ids": parts(100), "refund_repartition_line_ids": parts(100),
                }).id,
                taxes.create({
                    **common, "name": f"Half deductible {use}", "amount": 7,
                    "invoice_repartition_line_ids": [
                        *parts(50), Command.create({"repartition_type": "tax", "factor_percent": 50}),
                    ],
                    "refund_repartition_line_ids": [
                        *parts(50), Command.create({"repartition_type": "tax", "factor_percent": 50}),
                    ],
                }).id,
            ]  # fmt: skip

    def _make_terms(self, env, company, made):
        for name, lines, values in (
            ("100 now, the rest later", [("fixed", 100, 0), ("percent", 100, 30)], {}),
            ("40, half of all, the rest", [("fixed", 40, 0), ("percent", 50, 10), ("percent", 50, 40)], {}),
            ("3 %, tax from the start", [("percent", 100, 30)], {"early_pay_discount_computation": "mixed"}),
            ("3 %, without tax", [("percent", 100, 30)], {"early_pay_discount_computation": "excluded"}),
        ):
            if values:
                values |= {"early_discount": True, "discount_percentage": 3, "discount_days": 15}
            made.terms.append(
                env["account.payment.term"].create({
                    "name": name, "company_id": company.id, **values,
                    "line_ids": [
                        Command.create({"value": value, "value_amount": amount, "nb_days": days})
                        for value, amount, days in lines
                    ],
                }).id
            )  # fmt: skip

    def _make_cash_roundings(self, env, company, made):
        account = env["account.account"].browse(made.writeoff)
        for strategy in ("biggest_tax", "add_invoice_line"):
            made.cash_roundings.append(
                env["account.cash.rounding"].create({
                    "name": f"0.05, {strategy}", "rounding": 0.05, "strategy": strategy,
                    "profit_account_id": account.id, "loss_account_id": account.id,
                }).id
            )  # fmt: skip
