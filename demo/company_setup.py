"""The company itself: chart of accounts, taxes, journals, products."""

from datetime import timedelta

from odoo.fields import Command

from . import catalogue

# Units of foreign currency for one Canadian dollar, month by month: they move, so that exchange differences arise.
RATES = {
    "USD": (0.7312, 0.7288, 0.7345, 0.7401, 0.7366, 0.7290, 0.7254),
    "EUR": (0.6285, 0.6301, 0.6248, 0.6222, 0.6270, 0.6318, 0.6335),
}
RATE_DAYS = 30


def create_company(centre):
    """The company, in Canadian dollars, on the generic chart of accounts, without Odoo's own demo entries."""
    env = centre.env
    currencies = env.ref("base.CAD") | env.ref("base.USD") | env.ref("base.EUR")
    currencies.filtered(lambda currency: not currency.active).active = True
    # Not the Canadian localisation: the addon doesn't depend on it.
    company = (
        env["res.company"]
        .with_context(chart_template_load=True)
        .create({
            "name": "Maple Recreation Centre",
            "street": "1200 rue des Érables",
            "city": "Saint-Lambert",
            "state_id": env.ref("base.state_ca_qc").id,
            "zip": "J4P 2H5",
            "country_id": env.ref("base.ca").id,
            "currency_id": env.ref("base.CAD").id,
            "phone": "+1 450 555 0100",
        })
    )  # fmt: skip
    env["ir.model.data"]._update_xmlids(
        [{"xml_id": "account_reconciliation.demo_company", "record": company, "noupdate": True}]
    )
    centre.work_in(company.with_context(chart_template_load=False))
    # What try_loading calls: during an installation that one warns of modules not loaded yet, which add nothing here.
    centre.env["account.chart.template"]._load("generic_coa", centre.company, install_demo=False)
    # The chart takes its own country's currency; the addresses come late, so that no service is asked about them.
    centre.company.write({
        "account_fiscal_country_id": env.ref("base.ca").id,
        "currency_id": env.ref("base.CAD").id,
        "email": "hello@maple-recreation.example.com",
        "website": "https://maple-recreation.example.com",
    })  # fmt: skip


def create_currency_rates(centre):
    """Rates of six months; the company's own currency gets its 1, whatever other companies have."""
    first = centre.date_start - timedelta(days=RATE_DAYS)
    values = [(centre.company.currency_id, first, 1.0)]
    for name, rates in RATES.items():
        currency = centre.env.ref(f"base.{name}")
        values += [
            (currency, first + timedelta(days=RATE_DAYS * number), rate)
            for number, rate in enumerate(rates)
        ]  # fmt: skip
    centre.env["res.currency.rate"].create([
        {"currency_id": currency.id, "name": date, "rate": rate, "company_id": centre.company.id}
        for currency, date, rate in values
    ])  # fmt: skip


def create_accounts_and_taxes(centre):
    """Ledger codes, GST and QST; the taxes of the generic chart make way."""
    env, company = centre.env, centre.company
    # The generic chart has "Other Income" where the room rentals go.
    taken = env["account.account"].search([("code", "=", "4500"), ("company_ids", "in", company.ids)])
    taken.code = "4900"
    accounts = env["account.account"].create([
        {"code": code, "name": name, "account_type": account_type, "company_ids": [Command.set(company.ids)]}
        for code, name, account_type in catalogue.ACCOUNTS.values()
    ])  # fmt: skip
    centre.accounts = dict(zip(catalogue.ACCOUNTS, accounts, strict=True))

    company.write({"account_sale_tax_id": False, "account_purchase_tax_id": False})
    env["account.tax"].search([("company_id", "=", company.id)]).active = False
    env["account.fiscal.position"].search([("company_id", "=", company.id)]).active = False
    country = env.ref("base.ca")
    groups = {
        group.name: group
        for group in env["account.tax.group"].create([
            {"name": name, "company_id": company.id, "country_id": country.id} for name in ("GST", "QST")
        ])
    }  # fmt: skip
    taxes = env["account.tax"].create([
        {
            "name": name,
            "description": name,
            "invoice_label": name.removesuffix(" included").removesuffix(" paid"),
            "amount": rate,
            "type_tax_use": use,
            "price_include_override": "tax_included" if included else "tax_excluded",
            "tax_group_id": groups[group].id,
            "country_id": country.id,
            "company_id": company.id,
            "invoice_repartition_line_ids": _repartition(centre.accounts[account]),
            "refund_repartition_line_ids": _repartition(centre.accounts[account]),
        }
        for name, rate, group, use, account, included in catalogue.TAXES.values()
    ])  # fmt: skip
    centre.taxes = dict(zip(catalogue.TAXES, taxes, strict=True))
    company.write({"account_sale_tax_id": centre.taxes["gst"].id, "account_purchase_tax_id": taxes[4].id})

    centre.cash_rounding = env["account.cash.rounding"].create({
        "name": "Nickel rounding",
        "rounding": 0.05,
        "strategy": "add_invoice_line",
        "profit_account_id": centre.accounts["rounding"].id,
        "loss_account_id": centre.accounts["rounding"].id,
    })  # fmt: skip
    centre.instalments = env["account.payment.term"].create({
        "name": "Half now, half in 30 days",
        "company_id": company.id,
        "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
        ],
    })  # fmt: skip


def _repartition(account):
    return [
        Command.create({"repartition_type": "base", "factor_percent": 100}),
        Command.create({"repartition_type": "tax", "factor_percent": 100, "account_id": account.id}),
    ]


def create_journals(centre):
    """Two bank accounts and a till, with the methods by which clients pay."""
    env, company = centre.env, centre.company
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    operating = journals.filtered(lambda journal: journal.type == "bank")[:1]
    operating.name = "Operating account"
    trust, cash = env["account.journal"].create([
        {"name": "Savings/Trust account", "code": "TRST", "type": "bank", "company_id": company.id},
        {"name": "Front desk cash", "code": "CSH1", "type": "cash", "company_id": company.id},
    ])  # fmt: skip
    centre.journals = {
        "sale": journals.filtered(lambda journal: journal.type == "sale")[:1],
        "purchase": journals.filtered(lambda journal: journal.type == "purchase")[:1],
        "general": journals.filtered(lambda journal: journal.code == "MISC")[:1],
        "operating": operating,
        "trust": trust,
        "cash": cash,
    }
    for journal, names in ((operating, ("card", "cheque", "transfer")), (cash, ("cash",)), (trust, ("trust",))):
        for direction, lines in (
            ("inbound", journal.inbound_payment_method_line_ids),
            ("outbound", journal.outbound_payment_method_line_ids),
        ):
            manual = env.ref(f"account.account_payment_method_manual_{direction.removesuffix('bound')}")
            kept = lines.filtered(lambda line, manual=manual: line.payment_method_id == manual)[:1]
            kept.name = _method_label(names[0])
            made = env["account.payment.method.line"].create([
                {"name": _method_label(name), "payment_method_id": manual.id, "journal_id": journal.id}
                for name in names[len(kept):]
            ])  # fmt: skip
            for name, line in zip(names, kept + made, strict=True):
                centre.methods[direction, name] = line


def _method_label(name):
    return {"trust": "Transfer to trust"}.get(name, name.capitalize())


def create_products(centre):
    """One product for each thing one can register for or buy."""
    products = centre.env["product.product"].create([
        {
            "name": product.name,
            "type": "service",
            "list_price": product.price,
            "company_id": centre.company.id,
            "property_account_income_id": centre.accounts[product.account].id,
            "taxes_id": [Command.set([centre.taxes[tax].id for tax in product.taxes])],
            "supplier_taxes_id": [Command.clear()],
            "purchase_ok": False,
        }
        for product in catalogue.PRODUCTS.values()
    ])  # fmt: skip
    centre.products = dict(zip(catalogue.PRODUCTS, products, strict=True))
