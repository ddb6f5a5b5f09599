"""What clients register for and buy: their invoices, and what they pay at checkout."""

from dataclasses import dataclass, field
from datetime import timedelta

from odoo.fields import Command

from . import catalogue

REGISTRATIONS = 200
# How an invoice is dealt with, in per cent of all.
OUTCOMES = {"checkout": 61, "checkout_partial": 10, "checkout_more": 3, "later": 12, "later_partial": 5, "open": 9}
CHECKOUT_METHODS = {"card": 60, "cash": 20, "cheque": 8, "transfer": 12}
# Days ago: sessions begin three times in six months, and half of all register then.
SESSION_STARTS = ((160, 181), (88, 106), (12, 30))
SIBLING_DISCOUNT = 0.1


@dataclass
class Sale:
    """One invoice to be: for whom, when, what for, and what becomes of it."""

    partner: object
    date: object
    lines: list
    outcome: str
    method: str = "card"
    currency: object = None
    extra: dict = field(default_factory=dict)
    move: object = None

    @property
    def owner(self):
        return self.partner.commercial_partner_id


def pick(draw, weights):
    """One key of ``{key: weight}``, by the random numbers given."""
    return draw.choices(list(weights), list(weights.values()))[0]


def prepare_line(centre, key, who=None, quantity=1, price=None, account=None):
    """The values of an item: a product of the catalogue, for a member."""
    product = catalogue.PRODUCTS[key]
    name = f"{product.name} - {who}" if who else product.name
    return {
        "product_id": centre.products[key].id,
        "name": name,
        "quantity": quantity,
        "price_unit": product.price if price is None else price,
        "account_id": centre.accounts[account or product.account].id,
        "tax_ids": [Command.set([centre.taxes[tax].id for tax in product.taxes])],
    }


def create_opening_balance(centre):
    """What there was before the first day: money in the bank, clients and a vendor with a balance."""
    date = centre.date_start - timedelta(days=1)
    capital = centre.env["account.account"].search(
        [("company_ids", "in", centre.company.ids), ("account_type", "=", "equity")], order="code", limit=1
    )
    lines = [
        (centre.journals[name].default_account_id, False, amount)
        for name, amount in (("operating", 18450.25), ("trust", 12000.0), ("cash", 300.0))
    ]
    for position, amount in ((2, 210.0), (7, 85.5), (12, 148.0)):
        owner = centre.families[position][0]
        lines.append((owner.property_account_receivable_id, owner, amount))
    vendor = centre.vendors["rink"]
    lines.append((vendor.property_account_payable_id, vendor, -640.15))
    lines.append((capital, False, -sum(amount for _account, _partner, amount in lines)))
    move = centre.env["account.move"].create({
        "move_type": "entry",
        "journal_id": centre.journals["general"].id,
        "date": date,
        "ref": "Opening balance",
        "line_ids": [
            Command.create({
                "account_id": account.id,
                "partner_id": partner.id if partner else False,
                "name": "Opening balance",
                "balance": centre.company.currency_id.round(amount),
            })
            for account, partner, amount in lines
        ],
    })  # fmt: skip
    move.action_post()


def create_registrations(centre):
    """Six months of registrations of the families."""
    draw = centre.random("registrations")
    regular = centre.families[:-1]
    # Everybody registers at least twice; who comes more often is drawn.
    owners = regular * 2 + draw.choices(regular, k=REGISTRATIONS - 2 * len(regular))
    sales = [_draw_sale(centre, draw, owner, members) for owner, members in owners]
    _create_invoices(centre, sales)
    _leave_drafts(centre, draw)


def _draw_sale(centre, draw, owner, members):
    days = draw.randint(*(draw.choice(SESSION_STARTS) if draw.random() < 0.5 else (0, 181)))
    lines, who = _draw_lines(centre, draw, members)
    partner = who if who and draw.random() < 0.8 else owner
    sale = Sale(
        partner=partner,
        date=centre.days_ago(days),
        lines=lines,
        outcome=pick(draw, OUTCOMES),
        method=pick(draw, CHECKOUT_METHODS),
    )
    if sale.outcome == "checkout" and sale.method == "cash":
        sale.extra["invoice_cash_rounding_id"] = centre.cash_rounding.id
    if any(line.get("product_id") == centre.products["camp_week"].id for line in lines) and draw.random() < 0.4:
        sale.extra["invoice_payment_term_id"] = centre.instalments.id
    return sale


def _draw_lines(centre, draw, members):
    """One to four items, and the member that they are all for, if it is one."""
    chosen = draw.sample(list(members), k=min(len(members), draw.choice((1, 2, 2))))
    names = [member.name.partition(" ")[0] for member in chosen]
    kind = pick(draw, {"lessons": 55, "camp": 18, "adult": 17, "rental": 10})
    lines = []
    if kind == "lessons":
        for name in names:
            key = draw.choice(("swim_1", "swim_2", "swim_2", "swim_private", "judo_child", "karate"))
            lines.append(prepare_line(centre, key, name, quantity=3 if key == "swim_private" else 1))
        if len(names) == 1 and draw.random() < 0.4:
            lines.append(prepare_line(centre, "judo_card", names[0]))
        if len(names) > 1:
            second = lines[-1]
            discount = prepare_line(
                centre, "discount", names[-1],
                price=-centre.company.currency_id.round(second["price_unit"] * second["quantity"] * SIBLING_DISCOUNT),
            )  # fmt: skip
            # A discount belongs to the ledger code of what it is a discount on.
            discount["account_id"] = second["account_id"]
            lines.append(discount)
        if draw.random() < 0.5:
            lines.append(prepare_line(centre, draw.choice(("swim_cap", "bottle", "uniform"))))
        if draw.random() < 0.12:
            lines.insert(0, {"display_type": "line_section", "name": "Session of the season"})
    elif kind == "camp":
        for name in names:
            lines.append(prepare_line(centre, "camp_week", name, quantity=draw.randint(1, 2)))
            if draw.random() < 0.5:
                lines.append(prepare_line(centre, "camp_extended", name))
    elif kind == "adult":
        lines.append(prepare_line(centre, draw.choice(("membership_family", "membership_month", "membership_month"))))
        if draw.random() < 0.6:
            lines.append(prepare_line(centre, draw.choice(("aquafit", "judo_adult"))))
        if draw.random() < 0.3:
            lines.append(prepare_line(centre, "bottle", quantity=2))
    else:
        lines.append(prepare_line(centre, draw.choice(("birthday", "room"))))
        if draw.random() < 0.4:
            lines.append(prepare_line(centre, "swim_cap", quantity=draw.randint(2, 8)))
    return lines, chosen[0] if len(chosen) == 1 and kind in ("lessons", "camp") else None


def create_foreign_registrations(centre):
    """Clubs from abroad, invoiced in their own currency."""
    draw = centre.random("foreign")
    plan = (
        ("burlington", 150, "checkout"),
        ("burlington", 96, "later"),
        ("burlington", 41, "checkout_partial"),
        ("burlington", 9, "open"),
        ("plattsburgh", 133, "checkout_company_currency"),
        ("plattsburgh", 77, "later_partial"),
        ("plattsburgh", 20, "open"),
        ("strasbourg", 118, "checkout"),
        ("strasbourg", 63, "later"),
        ("strasbourg", 15, "open"),
    )
    sales = []
    for club, days, outcome in plan:
        lines = [
            prepare_line(centre, "tournament", quantity=draw.randint(1, 2)),
            prepare_line(centre, "training_camp", quantity=draw.randint(2, 5)),
        ]
        if draw.random() < 0.5:
            lines.append(prepare_line(centre, "judo_card", quantity=draw.randint(1, 3)))
        sales.append(
            Sale(
                partner=centre.clubs[club],
                date=centre.days_ago(days),
                lines=lines,
                outcome=outcome,
                method="transfer",
                currency=centre.env.ref(f"base.{catalogue.CLUBS[club][3]}"),
            )
        )
    _create_invoices(centre, sales)


def create_reference_example(centre):
    """$170 = 75 + 75 + 20, of which 100 is paid at checkout: 75 / 25 / 0."""
    owner = centre.families[-1][0]
    lines = [prepare_line(centre, key, who) for key, who in catalogue.REFERENCE_ITEMS]
    sale = Sale(partner=owner, date=centre.days_ago(18), lines=lines, outcome="checkout_partial")
    sale.extra["paid"] = catalogue.REFERENCE_PAID
    _create_invoices(centre, [sale])


def _create_invoices(centre, sales):
    sales.sort(key=lambda sale: sale.date)
    moves = centre.env["account.move"].create([_prepare_invoice(centre, sale) for sale in sales])
    moves.action_post()
    for sale, move in zip(sales, moves, strict=True):
        sale.move = move
    centre.sales += sales


def _prepare_invoice(centre, sale):
    return {
        "move_type": "out_invoice",
        "journal_id": centre.journals["sale"].id,
        "partner_id": sale.partner.id,
        "invoice_date": sale.date,
        "invoice_user_id": False,
        "currency_id": (sale.currency or centre.company.currency_id).id,
        "invoice_line_ids": [Command.create(line) for line in sale.lines],
        "invoice_payment_term_id": False,
        **{name: value for name, value in sale.extra.items() if name != "paid"},
    }


def _leave_drafts(centre, draw):
    """Two registrations that nobody has confirmed yet."""
    sales = [_draw_sale(centre, draw, *centre.families[position]) for position in (4, 9)]
    for sale in sales:
        sale.date = centre.today
    centre.env["account.move"].create([_prepare_invoice(centre, sale) for sale in sales])


def pay_at_checkout(centre):
    """Payments made together with the purchase: reconciled with it, first item to last."""
    draw = centre.random("checkout")
    centre.pay_in_full([sale for sale in centre.sales if sale.outcome == "checkout"])
    for sale in sorted(centre.sales, key=lambda sale: sale.date):
        total = sale.move.amount_total
        if sale.outcome == "checkout_partial":
            part = 5 * round(total * draw.uniform(0.3, 0.8) / 5)
            centre.register_payment(sale.move, sale.method, sale.date, amount=sale.extra.get("paid", part))
        elif sale.outcome == "checkout_more":
            centre.register_payment(sale.move, sale.method, sale.date, amount=50 * (total // 50 + 1))
        elif sale.outcome == "checkout_company_currency":
            centre.register_payment(sale.move, sale.method, sale.date, currency=centre.company.currency_id)
