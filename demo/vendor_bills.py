"""What the centre buys: bills, some paid, some open, and a credit of a vendor."""

from datetime import timedelta

from odoo.fields import Command

from . import catalogue

# vendor, days ago, [(label, quantity, price)], what becomes of it
BILLS = (
    ("electricity", 172, [("Electricity, ice rink", 1, 2418.37), ("Electricity, pool", 1, 1377.05)], "paid"),
    ("cleaning", 165, [("Cleaning, locker rooms", 4, 185.0)], "paid"),
    ("rink", 151, [("Ice paint", 6, 74.5), ("Rink boards", 2, 312.9), ("Delivery", 1, 45.0)], "paid_in_part"),
    ("electricity", 111, [("Electricity, ice rink", 1, 2205.16), ("Electricity, pool", 1, 1402.8)], "paid"),
    ("equipment", 104, [("Judo mats", 12, 88.25), ("Lane ropes", 3, 149.99)], "paid"),
    ("cleaning", 98, [("Cleaning, locker rooms", 4, 185.0), ("Floor wax", 1, 96.4)], "paid_later"),
    ("rink", 66, [("Blade sharpening", 8, 22.75)], "open"),
    ("electricity", 51, [("Electricity, ice rink", 1, 1988.64), ("Electricity, pool", 1, 1291.33)], "paid_later"),
    ("cleaning", 36, [("Cleaning, locker rooms", 4, 185.0)], "open"),
    ("equipment", 28, [("Stopwatches", 10, 17.5)], "open"),
    ("rink", 22, [("Hockey nets", 2, 268.0), ("Puck bags", 5, 31.25)], "open"),
    ("electricity", 6, [("Electricity, ice rink", 1, 2077.41), ("Electricity, pool", 1, 1330.96)], "open"),
)


def create_bills(centre):
    """Bills and their payments: at once, later without being matched, in part, not yet."""
    moves = centre.env["account.move"].create([
        _prepare_bill(centre, number, vendor, days, lines) for number, (vendor, days, lines, _then) in enumerate(BILLS)
    ])  # fmt: skip
    credit = centre.env["account.move"].create(
        _prepare_bill(centre, len(BILLS), "rink", 17, [("Hockey nets, one damaged", 1, 268.0)], move_type="in_refund")
    )
    (moves | credit).action_post()
    later = []
    for move, (_vendor, days, _lines, then) in zip(moves, BILLS, strict=True):
        date = centre.days_ago(days - 20)
        if then == "paid":
            centre.register_payment(move, "transfer", date)
        elif then == "paid_in_part":
            centre.register_payment(move, "cheque", date, amount=500.0)
        elif then == "paid_later":
            later.append({
                "partner": move.partner_id,
                "date": date + timedelta(days=3),
                "amount": move.amount_total,
                "method": "cheque",
                "memo": f"Bill {move.ref}",
                "payment_type": "outbound",
                "partner_type": "supplier",
                "currency": move.currency_id,
            })  # fmt: skip
    centre.create_payments(later)


def _prepare_bill(centre, number, key, days, lines, move_type="in_invoice"):
    vendor = catalogue.VENDORS[key]
    date = centre.days_ago(days)
    return {
        "move_type": move_type,
        "journal_id": centre.journals["purchase"].id,
        "partner_id": centre.vendors[key].id,
        "ref": f"{key[:2].upper()}-{4100 + 17 * number}",
        "invoice_date": date,
        "date": date,
        "invoice_date_due": date + timedelta(days=30),
        "currency_id": centre.env.ref(f"base.{vendor.currency}").id,
        "invoice_line_ids": [
            Command.create({
                "name": label,
                "quantity": quantity,
                "price_unit": price,
                "account_id": centre.accounts[vendor.account].id,
                "tax_ids": [Command.set([centre.taxes[tax].id for tax in vendor.taxes])],
            })
            for label, quantity, price in lines
        ],
    }  # fmt: skip
