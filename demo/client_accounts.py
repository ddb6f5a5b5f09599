"""What happens on clients' accounts after checkout: later payments, cancelled classes, refunds, deposits."""

from collections import defaultdict
from datetime import timedelta

from odoo.fields import Command

from .registrations import pick

LATER_METHODS = {"card": 25, "cash": 10, "cheque": 35, "transfer": 30}


def pay_later(centre):
    """Payments taken days after the purchase: posted on the account, reconciled with nothing.

    Some pay two invoices with one cheque, some round up, some pay a part.
    """
    draw = centre.random("later")
    waiting = defaultdict(list)
    for sale in centre.sales:
        if sale.outcome in ("later", "later_partial"):
            waiting[sale.owner, sale.move.currency_id].append(sale)
    payments = []
    for (owner, currency), sales in waiting.items():
        together = len(sales) > 1 and draw.random() < 0.5
        for group in [sales] if together else [[sale] for sale in sales]:
            amount = sum(
                sale.move.amount_total * (draw.choice((0.4, 0.5, 0.6)) if sale.outcome == "later_partial" else 1)
                for sale in group
            )
            if draw.random() < 0.2:
                amount = 10 * (amount // 10 + 1)
            payments.append({
                "partner": owner,
                "date": max(sale.date for sale in group) + timedelta(days=draw.randint(3, 25)),
                "amount": currency.round(amount),
                "method": "transfer" if group[0].currency else pick(draw, LATER_METHODS),
                "memo": "Payment on account",
                "currency": currency,
            })  # fmt: skip
    centre.create_payments(sorted(payments, key=lambda values: values["date"]))


def cancel_classes(centre):
    """Credit notes for cancelled classes: applied to their invoice, refunded, applied in part elsewhere, left open."""
    draw = centre.random("cancelled")
    own_currency = [sale for sale in centre.sales if not sale.currency and "paid" not in sale.extra]
    open_sales = [sale for sale in own_currency if sale.outcome == "open" and len(_activities(sale)) > 1]
    paid_sales = [sale for sale in own_currency if sale.outcome == "checkout" and _activities(sale)]
    draw.shuffle(open_sales)
    draw.shuffle(paid_sales)
    # On the account of an open invoice: a credit from a class that was paid for.
    owing = {sale.owner: sale.move for sale in own_currency if sale.outcome == "open"}
    elsewhere = [sale for sale in paid_sales if sale.owner in owing and sale.owner not in {s.owner for s in open_sales}]
    elsewhere = list({sale.owner: sale for sale in elsewhere}.values())[:3]
    left = [sale for sale in paid_sales if sale not in elsewhere]
    refunded, kept = left[:4], left[4:9]

    # Odoo reconciles a credit note with the invoice that it names, when it is posted.
    credits_of = _credit_notes(centre, open_sales[:4], names_invoice=True)
    credits_of |= _credit_notes(centre, [*elsewhere, *refunded, *kept], names_invoice=False)
    for sale in refunded:
        credit = credits_of[sale.move]
        centre.register_payment(credit, "cheque", min(credit.invoice_date + timedelta(days=5), centre.today))
    for sale in elsewhere:
        credit, invoice = credits_of[sale.move], owing[sale.owner]
        lines = (credit | invoice).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.reconcile()
    # Money that has been refunded, not matched with the credit yet.
    centre.create_payments([
        {
            "partner": sale.owner,
            "date": credits_of[sale.move].invoice_date + timedelta(days=6),
            "amount": credits_of[sale.move].amount_total,
            "method": "cheque",
            "memo": "Refund of a cancelled class",
            "payment_type": "outbound",
        }
        for sale in kept[:2]
    ])  # fmt: skip


def _activities(sale):
    """The items that a class can be cancelled of."""
    return sale.move.invoice_line_ids.filtered(lambda line: line.display_type == "product" and line.price_total > 20)


def _credit_notes(centre, sales, names_invoice):
    """Post a credit note for the last activity of each sale; return ``{invoice: credit note}``."""
    values = []
    for sale in sales:
        line = _activities(sale)[-1]
        values.append({
            "move_type": "out_refund",
            "journal_id": centre.journals["sale"].id,
            "partner_id": sale.partner.id,
            "invoice_date": min(sale.date + timedelta(days=12), centre.today),
            "invoice_user_id": False,
            "invoice_payment_term_id": False,
            "currency_id": sale.move.currency_id.id,
            "ref": f"Class cancelled, {sale.move.name}",
            "reversed_entry_id": sale.move.id if names_invoice else False,
            "invoice_line_ids": [
                Command.create({
                    "product_id": line.product_id.id,
                    "name": f"Cancelled: {line.name}",
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "account_id": line.account_id.id,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                })
            ],
        })  # fmt: skip
    moves = centre.env["account.move"].create(values)
    moves.action_post()
    return dict(zip([sale.move for sale in sales], moves, strict=True))


def take_deposits(centre):
    """Money taken ahead of any invoice, kept in trust."""
    draw = centre.random("deposits")
    owners = [owner for owner, _members in draw.sample(centre.families[:-1], k=10)]
    deposits = [
        {
            "partner": owner,
            "date": centre.days_ago(draw.randint(2, 170)),
            "amount": draw.choice((50.0, 75.0, 100.0, 150.0, 200.0)),
            "method": "trust",
            "memo": draw.choice(("Deposit for the summer camp", "Deposit, birthday party", "Deposit on account")),
        }
        for owner in owners
    ]
    deposits.append({
        "partner": centre.clubs["strasbourg"],
        "date": centre.days_ago(30),
        "amount": 400.0,
        "method": "trust",
        "memo": "Deposit for the tournament",
        "currency": centre.env.ref("base.EUR"),
    })  # fmt: skip
    centre.create_payments(sorted(deposits, key=lambda values: values["date"]))
