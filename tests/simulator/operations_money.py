"""Payments, and reconciling: by all of Odoo's routes and the addon's own, made, modified, undone."""

from decimal import Decimal

from .operations import DELETE, MANAGE, Choices, operation

AMOUNTS = [5, 20, 50.01, 100, 150, 33.33, 170]


@operation(3)
def new_payment(work):
    """A receipt, a refund, a vendor payment: a deposit, for nothing is chosen."""
    pick, company = work.pick, work.company
    side, direction = pick.weighted({
        ("customer", "inbound"): 8, ("customer", "outbound"): 1, ("supplier", "outbound"): 3,
        ("supplier", "inbound"): 0.5,
    })  # fmt: skip
    journal_id = pick.any(sorted(company.banks))
    owner = pick.any(work.world.clients if side == "customer" else work.world.vendors)
    bank = min(company.banks)
    values = {}
    if journal_id == bank and direction == "inbound" and pick.chance(0.12):
        values["payment_method_line_id"] = company.methods["eCheck"]
    currency_id = company.banks[journal_id][2]
    if journal_id == bank and pick.chance(0.1):
        currency_id = pick.any(company.foreign_ids)
    payment = work.env["account.payment"].create({
        "payment_type": direction, "partner_type": side, "partner_id": owner, "amount": pick.any(AMOUNTS),
        "date": work.day(), "journal_id": journal_id, "currency_id": currency_id, **values,
    })  # fmt: skip
    if pick.chance(0.93):
        payment.action_post()
    return Choices()


@operation(3)
def register_payment(work):
    """Odoo's own “Register payment”: part or all, one document or several, also with a write-off."""
    pick, company = work.pick, work.company
    first = pick.one(work.open_invoices())
    if not first:
        return None
    chosen = [first]
    if pick.chance(0.2):
        chosen += pick.some(
            [
                move
                for move in work.open_invoices()
                if move != first
                and (move.move_type, move.commercial_partner_id) == (first.move_type, first.commercial_partner_id)
            ],
            2,
        )
    values = {"payment_date": work.today, "journal_id": min(company.banks)}
    if pick.chance(0.1):
        values["currency_id"] = pick.any([company.currency_id, *company.foreign_ids])
    elif len(chosen) == 1 and pick.chance(0.6):
        values["amount"] = float(work.part_of(first.amount_residual, first.currency_id))
        if pick.chance(0.15):
            values |= {"payment_difference_handling": "reconcile", "writeoff_account_id": company.writeoff}
    if first.move_type in ("out_invoice", "in_refund") and pick.chance(0.1):
        values["payment_method_line_id"] = company.methods["eCheck"]
    if len(chosen) > 1:
        values["group_payment"] = pick.chance(0.5)
    context = {"active_model": "account.move", "active_ids": [move.id for move in chosen]}
    work.env["account.payment.register"].with_context(**context).create(values)._create_payments()
    return Choices()


@operation(5, needs=MANAGE)
def assign_outstanding(work):
    """Odoo's payments widget: “Add”."""
    document = work.pick.one(work.open_invoices())
    if not document:
        return None
    own = work.ledger.owed_lines(document.id)[0]
    money = work.pick.one(work.counterparts(own, same_currency=False))
    if not money:
        return None
    work.browse("account.move", document).js_assign_outstanding_line(money.id)
    return Choices()


@operation(2.5, needs=MANAGE)
def make_payment(work):
    """“Make payment”: what is ticked, as the preview shows it or as somebody changes it."""
    pick, company = work.pick, work.company
    operation_name, wanted = pick.weighted({
        ("receive", ("out_invoice", "out_receipt")): 6, ("pay", ("in_invoice", "in_receipt")): 3,
        ("refund", ("out_refund",)): 1, ("vendor_refund", ("in_refund",)): 1,
    })  # fmt: skip
    first = pick.one(
        move for move in work.open_invoices()
        if move.move_type in wanted and move.currency_id == company.currency_id
    )  # fmt: skip
    if not first:
        return None
    owner = first.commercial_partner_id
    others = [
        move for move in work.open_invoices()
        if move != first
        and (move.move_type, move.commercial_partner_id, move.currency_id)
        == (first.move_type, owner, first.currency_id)
    ]  # fmt: skip
    ticked = [first, *(pick.some(others, 2) if pick.chance(0.3) else [])]
    amount = pick.any([first.amount_residual, Decimal("100"), work.part_of(first.amount_residual, first.currency_id)])
    wizard = work.env["account.make.payment"].with_context(
        make_payment_move_ids=[move.id for move in ticked]
    ).create({
        "partner_id": owner, "operation": operation_name, "company_id": company.id, "currency_id": first.currency_id,
        "amount": float(amount), "date": work.day(20), "journal_id": min(company.banks),
    })  # fmt: skip
    if pick.chance(0.4) and wizard.item_ids:
        row = wizard.item_ids[pick.random.randrange(len(wizard.item_ids))]
        row.amount = row.amount / 2 if pick.chance(0.6) else 0
    splits = {}
    for row in wizard.item_ids:
        if row.amount:
            split = splits.setdefault((row.move_id.id, None), {})
            split[row.item_id.move_line_id.id] = work.round(Decimal(str(row.amount)), first.currency_id)
    wizard.action_pay()
    return Choices(splits=splits)


def _change_amounts(work, rows):
    """Change some of the amounts, mostly so that they fit what is left of the item and of the money."""
    pick = work.pick
    careless = pick.chance(0.15)
    items = {row.item_id: row.item_id.amount_residual for row in rows}
    money = {row.money_line_id: abs(row.money_line_id.amount_residual_currency) for row in rows}
    for row in sorted(rows, key=lambda row: row.item_id.amount_total < 0):
        room = row.amount + (items[row.item_id] if careless else min(items[row.item_id], money[row.money_line_id]))
        if room > 0 and pick.chance(0.5):
            amount = row.currency_id.round(room * pick.any([0, 0.25, 0.5, 1, 1]))
            items[row.item_id] += row.amount - amount
            money[row.money_line_id] += row.amount - amount
            row.amount = amount


@operation(6, needs=MANAGE, takes_back=MANAGE)
def modify(work):
    """“Reconciliations”: the table of one transaction, with some amounts changed, saved."""
    pick = work.pick
    move = pick.one(work.reconciled_moves() if pick.chance(0.8) else work.invoices())
    if not move:
        return None
    wizard = work.env["account.reconciliation.modify"].create({"move_id": move.id})
    rows = list(wizard.line_ids)
    if not rows:
        return None
    _change_amounts(work, rows)
    splits = {}
    for row in rows:
        key = (row.document_id.id, row.money_line_id.id)
        if row.money_line_id.move_id.id == row.document_id.id:
            return None
        split = splits.setdefault(key, {})
        split[row.item_id.move_line_id.id] = work.round(Decimal(str(row.amount)), row.currency_id.id)
    changed = {
        (row.document_id.id, row.money_line_id.id)
        for row in rows
        if row.currency_id.compare_amounts(row.amount, row.amount_before)
    }
    if any(not sum(splits[key].values()) for key in changed):
        work.needs_too.add(DELETE)  # nothing left of it
    wizard.action_save()
    return Choices(splits={key: split for key, split in splits.items() if key in changed})


@operation(4, needs=DELETE)
def delete_reconciliations(work):
    """All of a transaction, or those with one counterpart."""
    pick = work.pick
    move = pick.one(work.reconciled_moves())
    if not move:
        return None
    counterpart = None
    if pick.chance(0.6):
        partial = pick.one(
            partial for line in work.ledger.owed_lines(move.id) for partial in work.ledger.partials_of.get(line.id, ())
        )
        sides = {work.ledger.line[key].move_id for key in (partial.debit_move_id, partial.credit_move_id)}
        counterpart = min(sides - {move.id}, default=None)
    work.browse("account.move", move).action_delete_reconciliations(counterpart)
    return Choices()


@operation(3)
def unreconcile(work):
    """Odoo's own “Unreconcile”, of a line or of one partial."""
    pick = work.pick
    partial = pick.one(
        partial for partial in work.ledger.partial.values()
        if work.ledger.line[partial.debit_move_id].company_id == work.company.id
        and not work.ledger.move[work.ledger.line[partial.debit_move_id].move_id].statement_line_id
        and not work.ledger.move[work.ledger.line[partial.credit_move_id].move_id].statement_line_id
    )  # fmt: skip
    if not partial:
        return None
    line = work.ledger.line[partial.debit_move_id]
    if pick.chance(0.5):
        work.browse("account.move", line.move_id).js_remove_outstanding_partial(partial.id)
    else:
        work.browse("account.move.line", line).remove_move_reconcile()
    return Choices()


@operation(5, needs=MANAGE)
def reconcile_account(work):
    owner = work.pick.any(work.world.clients + work.world.vendors)
    work.browse("res.partner", owner).action_reconcile_account()
    return Choices()


@operation(0.7, needs=MANAGE)
def reconcile_all(work):
    """The dialog over all accounts, and the scheduled action's run."""
    wizard = work.env["account.reconcile.accounts"]
    if work.pick.chance(0.6):
        wizard.create({"scope": "all", "company_id": work.company.id}).action_reconcile()
    else:
        wizard.run_batch()
    return Choices()


@operation(2, needs=MANAGE)
def confirm_payment(work):
    payment = work.pick.one(
        one for one in work.payments("in_process", "paid") if one.confirmation_state == "processing"
    )
    if not payment:
        return None
    work.browse("account.payment", payment).action_confirm_payment()
    return Choices()


@operation(1.5, needs=MANAGE, takes_back=MANAGE)
def reject_payment(work):
    payment = work.pick.one(
        one for one in work.payments("in_process", "paid") if one.confirmation_state == "processing"
    )
    if not payment:
        return None
    work.browse("account.payment", payment).action_reject_payment()
    return Choices()


@operation(1)
def reverse_money(work):
    """Odoo's “Reverse entry” on a payment, a bank transaction or what has reversed one."""
    move = work.pick.one(move for move in work.moves() if work.ledger.money_behind(move))
    if not move:
        return None
    work.env["account.move.reversal"].with_context(active_model="account.move", active_ids=[move.id]).create({
        "journal_id": move.journal_id, "date": work.day(20), "reason": "simulated",
    }).refund_moves()  # fmt: skip
    return Choices()
