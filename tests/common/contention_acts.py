"""What users do, for contention.py: each function looks, and says what to call then: ``(model, ids, method, args)``.

None where there is nothing of the kind to do. ``tag`` is a text of the operation's own, by which what it did is found.
"""

import base64
from datetime import date

ACTS = {}
STATEMENT_LINES = 6


def act(weight):
    """An operation, done so often beside the others."""

    def add(function):
        function.weight = weight
        ACTS[function.__name__.replace("_", " ")] = function
        return function

    return add


def some(records, rng, count=1):
    """A few records, by chance."""
    return records.browse(rng.sample(records.ids, min(count, len(records))))


def families(env):
    return env["res.partner"].search([("name", "=like", "Family %"), ("parent_id", "=", False)])


def documents(env, *domain):
    return env["account.move"].search([("partner_id", "in", families(env).ids), *domain])


def open_invoices(env):
    return documents(env, ("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("amount_residual", ">", 0))


# -- payments and documents ----------------------------------------------------------------------------------------


@act(4)
def invoice(env, rng, tag):
    """Post an invoice, so that there is always something to pay; two documents want one number."""
    move = env["account.move"].create({
        "move_type": "out_invoice",
        "partner_id": some(families(env), rng).id,
        "invoice_date": date.today(),
        "ref": tag,
        "invoice_line_ids": [
            (0, 0, {"name": name, "price_unit": rng.randint(1000, 9999) / 100, "tax_ids": []}) for name in "ab"
        ],
    })  # fmt: skip
    return "account.move", move.ids, "action_post", []


@act(8)
def make_payment(env, rng, tag):
    move = some(open_invoices(env), rng)
    if not move:
        return None
    wizard = env["account.make.payment"].with_context(make_payment_move_ids=move.ids).create({
        "partner_id": move.partner_id.id,
        "amount": round(rng.choice([1, 1, 0.5, 1.5]) * move.amount_residual, 2),
        "memo": tag,
    })  # fmt: skip
    return "account.make.payment", wizard.ids, "action_pay", []


@act(4)
def register_payment(env, rng, tag):
    """By Odoo's own dialog."""
    move = some(open_invoices(env), rng)
    if not move:
        return None
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids).create({
        "amount": move.amount_residual, "communication": tag,
    })  # fmt: skip
    return "account.payment.register", wizard.ids, "action_create_payments", []


@act(10)
def modify(env, rng, _tag):
    """Change amounts of the table of reconciliations: apply more, apply less, move between items."""
    move = some(documents(env, ("move_type", "=", "out_invoice"), ("state", "=", "posted")), rng)
    wizard = env["account.reconciliation.modify"].create({"move_id": move.id})
    for row in some(wizard.line_ids, rng, 2):
        room = min(row.item_id.amount_residual, abs(row.money_line_id.amount_residual_currency))
        row.amount = round(rng.choice([0.5, 1]) * (row.amount_before + max(room, 0)), 2) if rng.random() < 0.8 else 0
    if not wizard.line_ids:
        return None
    return "account.reconciliation.modify", wizard.ids, "action_save", []


@act(8)
def delete(env, rng, _tag):
    """Delete what a transaction is reconciled with, from either side."""
    partials = env["account.partial.reconcile"].search([("debit_move_id.partner_id", "in", families(env).ids)])
    partial = some(partials, rng)
    if not partial:
        return None
    sides = [partial.debit_move_id.move_id, partial.credit_move_id.move_id]
    rng.shuffle(sides)
    return "account.move", sides[0].ids, "action_delete_reconciliations", [sides[1].id] * rng.randint(0, 1)


@act(4)
def reconcile_account(env, rng, _tag):
    return "res.partner", some(families(env), rng).ids, "action_reconcile_account", []


@act(2)
def reconcile_all(env, _rng, _tag):
    """With the progress dialog, as long as there are slices."""
    run = env["account.reconciliation.run"].search([("state", "=", "running")], limit=1)
    if not run:
        action = env["account.reconcile.accounts"].create({"scope": "all"}).action_start()
        run = run.browse(action["params"]["run_id"])
    return "account.reconciliation.run", run.ids, "process_slice", [1]


@act(3)
def reset(env, rng, _tag):
    """Take a document or a payment back to draft."""
    moves = documents(env, ("state", "=", "posted"), ("statement_line_id", "=", False))
    move = some(moves, rng)
    if move.origin_payment_id:
        return "account.payment", move.origin_payment_id.ids, "action_draft", []
    return "account.move", move.ids, "button_draft", []


@act(5)
def post_again(env, rng, _tag):
    move = some(documents(env, ("state", "=", "draft")), rng)
    if not move:
        return None
    if move.origin_payment_id:
        return "account.payment", move.origin_payment_id.ids, "action_post", []
    return "account.move", move.ids, "action_post", []


# -- planned payments ------------------------------------------------------------------------------------------------


@act(3)
def plan(env, rng, _tag):
    move = some(open_invoices(env), rng)
    if not move or not move._plannable_items():
        return None
    wizard = env["account.plan.payments"].create({"move_id": move.id, "payment_count": rng.randint(1, 3)})
    if rng.random() < 0.5:
        owner = move.commercial_partner_id
        # Which saved payment methods there are is offered by the dialog.
        wizard.payment_token_id = env["payment.token"].sudo().search([("partner_id", "=", owner.id)], limit=1)
    return "account.plan.payments", wizard.ids, "action_plan", []


@act(3)
def pay_planned_payment(env, rng, _tag):
    waiting = env["account.planned.payment"].search([("state", "in", ("planned", "failed"))])
    return ("account.planned.payment", some(waiting, rng).ids, "action_pay_now", []) if waiting else None


@act(2)
def drop_planned_payment(env, rng, _tag):
    waiting = env["account.planned.payment"].search([("state", "in", ("planned", "failed"))])
    return ("account.planned.payment", some(waiting, rng).ids, "action_delete", []) if waiting else None


# -- bank transactions ----------------------------------------------------------------------------------------------


def transactions(env, *statuses):
    return env["account.bank.statement.line"].search([("match_status", "in", statuses)])


@act(10)
def match(env, rng, _tag):
    """Take a suggestion, or book the fee."""
    line = some(transactions(env, "unmatched"), rng)
    if not line:
        return None
    found = line.get_match_suggestions()
    if found:
        chosen = rng.choice(found[:3])
        return line._name, line.ids, "accept_match", [chosen["records"], chosen["amounts"], chosen["settle"]]
    preset = env["account.reconcile.model"].search([("name", "=", "Bank fees")], limit=1)
    return line._name, line.ids, "match_expense", [preset.id]


@act(6)
def unmatch(env, rng, _tag):
    line = some(transactions(env, "matched", "manual"), rng)
    return (line._name, line.ids, "action_unmatch", []) if line else None


@act(2)
def match_automatically(env, rng, _tag):
    lines = some(transactions(env, "unmatched"), rng, 15)
    return (lines._name, lines.ids, "auto_match", []) if lines else None


@act(1)
def ignore(env, rng, _tag):
    line = some(transactions(env, "unmatched", "ignored"), rng)
    if not line:
        return None
    return (line._name, line.ids, *(("action_unignore", []) if line.ignore_reason else ("action_ignore", ["Later"])))


@act(2)
def import_statement(env, rng, _tag):
    """Files that overlap, so that several users import the same transactions."""
    bank = env["account.journal"].search([("bank_acc_number", "=", "000123456789")], limit=1)
    first = env["account.bank.statement.line"].search_count([("unique_import_id", "!=", False)]) // 4
    # Every third one is money that went out: a table without any is asked about.
    rows = [
        f"{date.today():%Y-%m-%d},Import {number},{'-' * (number % 3 == 0)}{number % 7 + 1}.{number % 90 + 10}"
        for number in range(first, first + STATEMENT_LINES)
    ]
    content = "\n".join(["Date,Description,Amount", *rows]).encode()
    return bank._name, bank.ids, "import_bank_statement", ["bank.csv", base64.b64encode(content).decode()]


# -- bank reconciliations -----------------------------------------------------------------------------------------


def period(env):
    return env["account.bank.reconciliation"].search([], order="id desc", limit=1)


def ticked(env, is_confirmed):
    return [row["id"] for row in period(env).get_page(limit=200)["rows"] if row["is_confirmed"] == is_confirmed]


@act(5)
def confirm(env, rng, _tag):
    rows = ticked(env, False)
    if not rows:
        return None
    return period(env)._name, period(env).ids, "action_confirm", [rng.sample(rows, min(3, len(rows)))]


@act(3)
def unconfirm(env, rng, _tag):
    rows = ticked(env, True)
    return (period(env)._name, period(env).ids, "action_unconfirm", [[rng.choice(rows)]]) if rows else None


@act(1)
def accept_changes(env, _rng, _tag):
    return period(env)._name, period(env).ids, "action_accept_changes", []


@act(1)
def close_or_reopen(env, _rng, _tag):
    one = period(env)
    if one.state == "closed":
        return one._name, one.ids, "action_reopen", ["Once more"]
    return one._name, one.ids, "action_close", ["As it is"]
