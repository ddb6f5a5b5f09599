"""Accounts to reconcile: a card company's clearing account, and goods received that wait for their bill."""

from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command

WEEKS = 12
CARD_FEE = Decimal("0.021")
PAYOUT_DAYS = 3
# Weeks ago, ordered, billed: the bill of one differs, one has not come yet.
ORDERS = ((10, 480, 480), (8, 1260, 1260), (6, 310, 310.4), (4, 95, 95), (2, 760, None))


def create_accounts(centre):
    """Weeks of card sales with the payouts of the card company, and orders of the pro shop with their bills."""
    accounts = centre.env["account.account"].create([
        {
            "code": code, "name": name, "account_type": account_type, "reconcile": reconcile,
            "company_ids": [Command.set(centre.company.ids)],
        }
        for code, name, account_type, reconcile in (
            ("1105", "Card clearing", "asset_current", True),
            ("2105", "Goods received, not billed", "liability_current", True),
            ("1106", "Money received from cards", "asset_current", False),
            ("2106", "Bills of the pro shop", "liability_current", False),
            ("5205", "Pro shop stock", "expense_direct_cost", False),
        )
    ])  # fmt: skip
    clearing, received, card_money, bills, stock = accounts
    sales = centre.accounts["merchandise"]
    random = centre.random("ledger accounts")
    entries = []
    for week in range(WEEKS, 0, -1):
        day, payout = centre.days_ago(7 * week), f"PO{centre.today.year}{1000 + week}"
        amount = Decimal(random.randint(20_000, 90_000)) / 100
        entries.append((day, f"Card sales {payout}", payout, [(clearing, amount), (sales, -amount)]))
        if week == 1:
            continue  # still to come
        fee = (amount * CARD_FEE).quantize(Decimal("0.01")) if week < 4 else Decimal(0)
        lines = [(clearing, fee - amount), (card_money, amount - fee)]
        entries.append((day + timedelta(days=PAYOUT_DAYS), f"Payout {payout}", payout, lines))
    for number, (week, ordered, billed) in enumerate(ORDERS, 1):
        order = f"PS-{number:04}"
        day = centre.days_ago(7 * week)
        entries.append((day, f"Received {order}", order, [(stock, Decimal(ordered)), (received, -Decimal(ordered))]))
        if billed:
            amount = Decimal(str(billed))
            lines = [(received, amount), (bills, -amount)]
            entries.append((day + timedelta(days=5), f"Bill of {order}", order, lines))
    _post(centre, entries)
    centre.env["account.ledger.rule"].create([
        {
            "name": "Payouts of the card company", "company_id": centre.company.id, "account_id": clearing.id,
            "same_reference": True, "days_max": 10,
        },
        {
            "name": "Bills by order", "company_id": centre.company.id, "account_id": received.id,
            "same_reference": True, "amount_within": 0.5, "difference_account_id": stock.id,
        },
    ])  # fmt: skip
    last_month = centre.today.replace(day=1) - timedelta(days=1)
    centre.env["account.ledger.proof"].create({
        "account_id": received.id, "company_id": centre.company.id, "date": last_month,
        "note": "Deliveries of the pro shop whose bills have not come yet.",
    })  # fmt: skip


def _post(centre, entries):
    """Post journal entries: ``(date, label, reference, [(account, amount)])``."""
    journal = centre.env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", centre.company.id)], limit=1
    )
    moves = centre.env["account.move"].create([
        {
            "journal_id": journal.id, "date": min(day, centre.today), "ref": reference,
            "line_ids": [
                Command.create({"account_id": account.id, "balance": float(amount), "name": label})
                for account, amount in lines
            ],
        }
        for day, label, reference, lines in entries
    ])  # fmt: skip
    moves.action_post()
