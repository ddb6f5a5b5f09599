"""What happens in the wide world only: rates corrected, taxes edited by hand, payments cancelled after their match,
accounts and bank accounts changed."""

from decimal import Decimal

from odoo import Command

from .operations import MANAGE, Choices, operation
from .wide import WideWorld

WIDE = WideWorld.name


@operation(1.5, world=WIDE)
def enter_rate(work):
    """The rate of a day is entered after the fact, or corrected."""
    pick, company = work.pick, work.company
    currency_id = pick.any(company.foreign_ids)
    rates = work.admin["res.currency.rate"]
    day = work.day()
    known = rates.search([("currency_id", "=", currency_id), ("company_id", "=", company.id), ("name", "=", day)])
    near = rates.search([("currency_id", "=", currency_id), ("company_id", "=", company.id)], limit=1)
    rate = near.rate * pick.any([0.9, 0.99, 1.01, 1.2])
    if known:
        known.rate = rate
    else:
        rates.create({"currency_id": currency_id, "company_id": company.id, "name": day, "rate": rate})
    return Choices()


@operation(2, world=WIDE)
def hours_pass(work):
    """It is night, noon or evening in UTC: for one of the companies another day than there."""
    work.world.hour = work.pick.any([2, 12, 20])
    return Choices()


@operation(3, world=WIDE)
def edit_taxes_by_hand(work):
    """The vendor's bill, or a client's invoice, has a cent more or less of tax than computed."""
    pick = work.pick
    move = pick.one(
        move
        for move in work.moves("draft")
        if move.move_type != "entry" and any(line.display_type == "tax" for line in work.ledger.lines_of[move.id])
    )
    if not move:
        return None
    record = work.browse("account.move", move)
    taxes = record.line_ids.filtered("tax_line_id")
    line = taxes[pick.random.randrange(len(taxes))]
    step = record.currency_id.rounding
    line.amount_currency += pick.any([step, -step, 2 * step])
    if pick.chance(0.8):
        record.action_post()
    return Choices()


@operation(3, world=WIDE)
def cancel_matched_payment(work):
    """A payment that a bank transaction cleared is cancelled, or its bank side un-reconciled."""
    cleared = [
        payment
        for payment in work.payments("in_process", "paid")
        if any(
            work.ledger.partials_of.get(line.id)
            for line in work.ledger.lines_of.get(payment.move_id, ())
            if line.account_id == payment.outstanding_account_id
        )
    ]
    payment = work.pick.one(cleared)
    if not payment:
        return None
    record = work.browse("account.payment", payment)
    if work.pick.chance(0.5):
        record.action_cancel()
    else:
        outstanding = record.move_id.line_ids.filtered(lambda line: line.account_id == record.outstanding_account_id)
        outstanding.remove_move_reconcile()
    return Choices()


@operation(1, world=WIDE)
def change_bank_account(work):
    """The ledger account of a bank journal is changed, though it has transactions."""
    journal_id = work.pick.any(sorted(work.company.banks))
    if not any(one.journal_id == journal_id for one in work.ledger.transaction.values()):
        return None
    journal = work.admin["account.journal"].browse(journal_id)
    journal.default_account_id = journal.default_account_id.copy()
    return Choices()


@operation(1, world=WIDE)
def change_account_type(work):
    """An account becomes, or stops being, receivable though there are entries on it."""
    pick, company = work.pick, work.company
    if pick.chance(0.5):
        return _account_becomes_receivable(work)
    account_id = pick.any([*company.codes, company.receivable, company.payable])
    account = work.admin["account.account"].browse(account_id)
    account.account_type = "asset_current" if account_id not in company.codes else "asset_receivable"
    return Choices()


def _account_becomes_receivable(work):
    """Advances were booked on an account of their own, which later becomes receivable."""
    pick, company = work.pick, work.company
    account = work.admin["account.account"].browse(company.receivable).copy()
    account.write({"account_type": "asset_current", "reconcile": pick.chance(0.5)})
    amount = pick.any([25, 60.5, 100]) * pick.any([1, 1, -1])
    move = work.admin["account.move"].create({
        "move_type": "entry", "date": work.day(), "journal_id": company.journal_of["general"],
        "line_ids": [
            Command.create({"account_id": account.id, "partner_id": pick.any(work.world.clients), "balance": amount}),
            Command.create({"account_id": company.writeoff, "balance": -amount}),
        ],
    })  # fmt: skip
    move.action_post()
    account.account_type = "asset_receivable"
    return Choices()


@operation(2, needs=MANAGE, world=WIDE)
def reconcile_two_due_dates(work):
    """Odoo's payments widget, with money that reaches into the second due date of a document."""
    document = work.pick.one(move for move in work.open_invoices() if len(work.ledger.owed_lines(move.id)) > 1)
    if not document:
        return None
    own = work.ledger.owed_lines(document.id)[-1]
    money = work.pick.one(
        line
        for line in work.counterparts(own)
        if abs(line.amount_residual_currency) < Decimal(document.amount_residual)
    )
    if not money:
        return None
    work.browse("account.move", document).js_assign_outstanding_line(money.id)
    return Choices()
