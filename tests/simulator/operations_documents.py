"""Invoices, bills, credit notes, receipts and opening entries: made, posted, changed, cancelled, deleted."""

from odoo import Command

from .operations import Choices, operation


def _line(work, number, is_sale):
    pick, company = work.pick, work.company
    taxes = company.sale_taxes if is_sale else company.purchase_taxes
    values = {
        "name": f"item {number + 1}",
        "quantity": 3 if pick.chance(0.15) else 1,
        "price_unit": pick.any(work.world.prices),
        "sequence": 10 * (number + 1) if pick.chance(0.9) else 10,
        "account_id": pick.any(company.codes if is_sale else company.expenses),
        "tax_ids": [Command.set([pick.any(taxes)] if pick.chance(work.world.how_often_taxed) else [])],
    }
    if pick.chance(0.05):
        values["discount"] = 12.5
    return values


@operation(4)
def new_document(work):
    pick, company = work.pick, work.company
    move_type = pick.weighted(
        {"out_invoice": 10, "out_refund": 2, "out_receipt": 1, "in_invoice": 4, "in_refund": 1, "in_receipt": 0.5}
    )
    is_sale = move_type.startswith("out")
    lines = [_line(work, number, is_sale) for number in range(pick.random.randint(1, 4))]
    if len(lines) > 1 and pick.chance(0.25):
        lines[0]["price_unit"] = max(lines[0]["price_unit"], 20)
        back = {**_line(work, len(lines), is_sale), "price_unit": -pick.any([0.01, 5, 7.77]), "quantity": 1}
        lines.insert(pick.random.randint(1, len(lines)), back)
    owner = pick.any(work.world.clients if is_sale else work.world.vendors)
    if owner in work.world.members and pick.chance(0.4):
        owner = work.world.members[owner]
    day = work.day()
    values = (
        {"invoice_payment_term_id": pick.any(company.terms)}
        if pick.chance(work.world.how_often_terms)
        else {"invoice_date_due": day}
    )
    if company.cash_roundings and pick.chance(0.15):
        values["invoice_cash_rounding_id"] = pick.any(company.cash_roundings)
    move = work.env["account.move"].create({
        "move_type": move_type, "partner_id": owner, "invoice_date": day, "date": day,
        "currency_id": work.currency(), "journal_id": company.journal_of["sale" if is_sale else "purchase"],
        "invoice_line_ids": [Command.create(line) for line in lines], **values,
    })  # fmt: skip
    if pick.chance(0.88):
        move.action_post()
    return Choices()


@operation(1)
def opening_entry(work):
    """What was owed before: a plain entry, one or two lines on the account of a client or vendor."""
    pick, company = work.pick, work.company
    is_sale = pick.chance(0.7)
    owner = pick.any(work.world.clients if is_sale else work.world.vendors)
    account = company.receivable if is_sale else company.payable
    amounts = [pick.any([25, 60.5, 100]) * pick.any([1, 1, -1]) for _number in range(pick.random.randint(1, 2))]
    if not sum(amounts):
        amounts = amounts[:1]
    move = work.env["account.move"].create({
        "move_type": "entry", "date": work.day(), "journal_id": company.journal_of["general"],
        "line_ids": [
            *(Command.create({"account_id": account, "partner_id": owner, "balance": amount, "name": "opening"})
              for amount in amounts),
            Command.create({"account_id": company.writeoff, "balance": -sum(amounts)}),
        ],
    })  # fmt: skip
    move.action_post()
    return Choices()


@operation(4)
def post_draft(work):
    move = work.pick.one(move for move in work.moves("draft") if not move.statement_line_id)
    if not move:
        return None
    record = work.browse("account.move", move)
    (record.origin_payment_id or record).action_post()
    return Choices()


@operation(2.5)
def reset_to_draft(work):
    """Of a document, a payment or an entry; exchange differences are Odoo's own."""
    move = work.pick.one(
        move
        for move in work.moves()
        if not move.statement_line_id and move.journal_id not in work.book.exchange_journals
    )
    if not move:
        return None
    record = work.browse("account.move", move)
    if record.origin_payment_id:
        record.origin_payment_id.action_draft()
    else:
        record.button_draft()
    return Choices()


@operation(2)
def change_draft(work):
    """Another price, one item more or less, another ledger code, another currency."""
    pick = work.pick
    move = pick.one(move for move in work.moves("draft") if move.move_type != "entry")
    if not move:
        return None
    record = work.browse("account.move", move)
    lines = record.invoice_line_ids
    is_sale = move.move_type.startswith("out")
    what = pick.weighted({"price": 4, "more": 2, "less": 2, "code": 2, "order": 1})
    line = lines[pick.random.randrange(len(lines))] if lines else lines
    if what == "more" or not lines:
        record.invoice_line_ids = [Command.create(_line(work, 9, is_sale))]
    elif what == "less" and len(lines) > 1:
        record.invoice_line_ids = [Command.delete(line.id)]
    elif what == "code":
        line.account_id = pick.any(work.company.codes if is_sale else work.company.expenses)
    elif what == "order":
        line.sequence = 5
    else:
        line.price_unit = max(0.01, line.price_unit * pick.any([0.5, 1.5]))
    return Choices()


@operation(1)
def change_posted(work):
    """What Odoo lets one change of a posted document: the ledger code of an item, its label, the due date."""
    pick = work.pick
    move = pick.one(work.invoices())
    if not move:
        return None
    record = work.browse("account.move", move)
    line = record.invoice_line_ids[:1]
    what = pick.weighted({"code": 3, "label": 1, "due": 1})
    if what == "code":
        line.account_id = pick.any(work.company.codes if move.move_type.startswith("out") else work.company.expenses)
    elif what == "label":
        line.name = f"{line.name} (again)"
    else:
        owed = record.line_ids.filtered(lambda one: one.display_type == "payment_term")[:1]
        owed.date_maturity = work.day()
    return Choices()


@operation(1)
def cancel(work):
    move = work.pick.one(
        move
        for move in work.moves("posted") + work.moves("draft")
        if not move.statement_line_id and move.journal_id not in work.book.exchange_journals
    )
    if not move:
        return None
    record = work.browse("account.move", move)
    (record.origin_payment_id.action_cancel if record.origin_payment_id else record.button_cancel)()
    return Choices()


@operation(1)
def delete(work):
    move = work.pick.one(move for move in work.moves("draft") + work.moves("cancel") if not move.statement_line_id)
    if not move:
        return None
    record = work.browse("account.move", move)
    (record.origin_payment_id or record).unlink()
    return Choices()


@operation(0.6)
def credit_note(work):
    """Reverse a document: the credit note alone, or as well its reconciliation and a new draft."""
    move = work.pick.one(work.invoices())
    if not move:
        return None
    wizard = work.env["account.move.reversal"].with_context(active_model="account.move", active_ids=[move.id]).create({
        "journal_id": move.journal_id, "date": work.today, "reason": "simulated",
    })  # fmt: skip
    if work.pick.chance(0.5):
        wizard.refund_moves()
        if work.pick.chance(0.6):
            wizard.new_move_ids.action_post()
    else:
        wizard.modify_moves()
    return Choices()


@operation(0.6)
def change_owner(work):
    """A member becomes another account's, or an account of its own."""
    pick, world = work.pick, work.world
    member = world.members[world.clients[0]]
    work.admin["res.partner"].browse(member).parent_id = pick.any([*world.clients[:2], False])
    return Choices()
