"""A ledger whose rows are as version 19.0.1.0.0 left them, and what the update has to make of them. Run inside
``odoo shell``.

The documents are made by the present version, whose figures are kept; then the rows are set back by SQL to what the old
version stored: for items by its rule (the largest item has the rounding differences, taxes edited by hand are one), no
items for entries of the exchange journal, what bank transactions write off counted as received, a due line that lowers
its document's sum counted as a payment of it, what bank transactions clear of payments received as it was registered,
parts in another currency each by its own share, no amounts in company currency, the old name of a column.
"""

from odoo import Command, fields
from odoo.addons.account_reconciliation.engine.items.line_amounts_sql import insert_lines
from odoo.addons.account_reconciliation.models.items.account_reconciliation_line import NO_TRIGGERS, TRIGGERS
from odoo.tools import SQL

OLD_VERSION = "19.0.1.0.0"
# What is compared, and by which columns a row is known again: those made anew have other ids.
FIGURES = {
    "account_reconciliation_item": (
        "move_line_id",
        "move_id, allocation_key, sequence, partner_id, account_id, company_id, currency_id, amount_total,"
        " amount_untaxed, balance_total, balance_untaxed, amount_reconciled, amount_planned, amount_residual",
    ),
    "account_reconciliation_line": (
        "partial_id, counterpart_line_id, move_line_id",
        "move_id, partner_id, account_id, date, amount_currency, amount, amount_untaxed, amount_money, amount_received,"
        " direction, side, is_payment",
    ),
    "account_reconciliation_money": ("move_line_id", "amount_received, amount_applied, amount_applied_currency"),
    "account_planned_payment_line": ("planned_payment_id, move_line_id", "amount, item_id IS NOT NULL"),
}


def make(env):
    """Make the documents and money whose rows an older version stored otherwise.

    :return: dict of the records by what they are for
    """
    owner = env["res.partner"].create({"name": "Owner from before"})
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    edited, planned = _edited(env, owner), _edited(env, owner)
    _pay(env, owner, bank, edited, edited.amount_total)
    planned.plan_payments(
        [{"due_date": fields.Date.add(fields.Date.today(), months=number), "amount": 40} for number in (1, 2)],
        bank.inbound_payment_method_line_ids[:1],
    )
    misc = _exchange_journal_entry(env, owner)
    _pay(env, owner, bank, misc, 80)
    signed, other = _both_signs(env, owner)
    return {
        "edited": edited | planned,
        "exchange": misc,
        "bank": _written_off(env, owner, bank),
        "signed": signed,
        "other": other,
        "cleared": _cleared(env, owner, bank),
        "parts": _parts_in_another_currency(env, owner),
    }


def _invoice(env, owner, prices, tax=None, **values):
    return env["account.move"].create({
        "move_type": "out_invoice", "partner_id": owner.id, "invoice_date": "2026-04-01",
        "invoice_date_due": "2026-04-01", **values,
        "invoice_line_ids": [
            Command.create({"name": "item", "price_unit": price, "tax_ids": [Command.set(tax.ids if tax else [])]})
            for price in prices
        ],
    })  # fmt: skip


def _edited(env, owner):
    tax = env["account.tax"].create({"name": f"13 % of before {env['account.tax'].search_count([])}", "amount": 13})
    invoice = _invoice(env, owner, (100, 50), tax)
    invoice.line_ids.filtered("tax_line_id").amount_currency -= 0.02
    invoice.action_post()
    return invoice


def _pay(env, owner, bank, document, amount):
    payment = env["account.payment"].create({
        "payment_type": "inbound", "partner_type": "customer", "partner_id": owner.id, "journal_id": bank.id,
        "amount": amount, "date": "2026-04-02",
    })  # fmt: skip
    payment.action_post()
    (payment.move_id | document).line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    ).reconcile()


def _exchange_journal_entry(env, owner):
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    entry = env["account.move"].create({
        "journal_id": env.company.currency_exchange_journal_id.id, "date": "2026-04-01", "line_ids": [
            Command.create({"account_id": owner.property_account_receivable_id.id, "partner_id": owner.id,
                            "balance": 80, "name": "owed"}),
            Command.create({"account_id": income.id, "balance": -80}),
        ],
    })  # fmt: skip
    entry.action_post()
    return entry


def _written_off(env, owner, bank):
    invoice = _invoice(env, owner, (100,))
    invoice.action_post()
    expense = env["account.account"].search([("account_type", "=", "expense")], limit=1)
    line = env["account.bank.statement.line"].create({
        "journal_id": bank.id, "date": "2026-04-03", "amount": 98, "payment_ref": invoice.name,
    })  # fmt: skip
    preset = env["account.reconcile.model"].create({
        "name": "Written off", "line_ids": [Command.create({"account_id": expense.id, "amount_string": "100"})],
    })  # fmt: skip
    line.match_with([("account.move", invoice.id), ("account.reconcile.model", preset.id)], [100, -2])
    return line


def _cleared(env, owner, bank):
    """A registered payment of which the bank took a fee."""
    invoice = _invoice(env, owner, (100,))
    invoice.action_post()
    payment = _register(env, invoice, amount=100)
    line = env["account.bank.statement.line"].create({
        "journal_id": bank.id, "date": "2026-04-03", "amount": 97, "payment_ref": "card",
    })  # fmt: skip
    fees = env["account.reconcile.model"].search([("name", "=", "Written off")], limit=1)
    line.match_with([("account.payment", payment.id), ("account.reconcile.model", fees.id)], [100, -3])
    return payment


def _parts_in_another_currency(env, owner):
    """A document that is paid in four parts at its rate."""
    currency = env["res.currency"].with_context(active_test=False).search([("name", "=", "CHF")])
    currency.active = True
    env["res.currency.rate"].create({
        "currency_id": currency.id, "company_id": env.company.id, "name": "2026-01-01", "rate": 1.0736,
    })  # fmt: skip
    invoice = _invoice(env, owner, (10.01, 19.99, 0.37), currency_id=currency.id)
    invoice.action_post()
    for amount in (7.77, 2.25, 11.1, 9.25):
        _register(env, invoice, amount=amount)
    return invoice


def _register(env, invoice, **values):
    context = {"active_model": "account.move", "active_ids": invoice.ids}
    return env["account.payment.register"].with_context(**context).create({
        "payment_date": "2026-04-02", **values,
    })._create_payments()  # fmt: skip


def _both_signs(env, owner):
    terms = env["account.payment.term"].create({
        "name": "100 now, the rest later", "line_ids": [
            Command.create({"value": "fixed", "value_amount": 100, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 100, "nb_days": 30}),
        ],
    })  # fmt: skip
    signed, other = _invoice(env, owner, (60,), invoice_payment_term_id=terms.id), _invoice(env, owner, (70,))
    (signed | other).action_post()
    lowering = signed.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.balance < 0)
    other.js_assign_outstanding_line(lowering.id)
    return signed, other


def figures(env):
    """What is stored: ``{table: {key: values}}`` as texts."""
    env.flush_all()
    found = {}
    for table, (keys, values) in FIGURES.items():
        env.cr.execute(SQL("SELECT CONCAT_WS('/', %s), %s FROM %s", SQL(keys), SQL(values), SQL.identifier(table)))
        found[table] = {key: [_plain(value) for value in row] for key, *row in env.cr.fetchall()}
    return found


def _plain(value):
    """As text; an amount without the digits that say nothing."""
    return str(value + 0.0 if isinstance(value, float) else value)


def set_back(env, made):
    """Store what the old version did.

    :param made: what :func:`make` gave
    """
    env.flush_all()
    cr = env.cr
    _count_lowering_line(env, made["signed"])
    cr.execute(NO_TRIGGERS.read_text())
    first = made["edited"].invoice_line_ids.filtered(lambda line: line.price_unit == 100)
    for lines, cents in ((first, "0.01"), (made["edited"].invoice_line_ids - first, "-0.01")):
        cr.execute(
            """
            UPDATE account_reconciliation_item
               SET amount_total = amount_total + %(cents)s,
                   amount_reconciled = amount_reconciled + SIGN(amount_reconciled) * %(cents)s,
                   amount_residual = amount_residual + SIGN(amount_residual) * %(cents)s
             WHERE move_line_id = ANY(%(ids)s)
            """,
            {"cents": cents, "ids": lines.ids},
        )
        cr.execute(
            "UPDATE account_reconciliation_line SET amount_currency = amount_currency + %(cents)s,"
            " amount = amount + %(cents)s WHERE move_line_id = ANY(%(ids)s)",
            {"cents": cents, "ids": lines.ids},
        )
    cr.execute("DELETE FROM account_reconciliation_line WHERE move_id = %s", made["exchange"].ids)
    cr.execute("DELETE FROM account_reconciliation_item WHERE move_id = %s", made["exchange"].ids)
    for column, money in (("statement_line_id", made["bank"]), ("payment_id", made["cleared"])):
        cr.execute(
            "UPDATE account_reconciliation_money AS money SET amount_received = -line.balance"
            f" FROM account_move_line AS line WHERE line.id = money.move_line_id AND line.{column} = ANY(%s)",
            [money.ids],
        )
        cr.execute(
            f"UPDATE account_reconciliation_line SET amount_received = amount WHERE {column} = ANY(%s)", [money.ids]
        )
    for line, cents in zip(made["parts"].invoice_line_ids.sorted("id")[:2], ("0.01", "-0.01"), strict=True):
        last = "SELECT MAX(id) FROM account_reconciliation_line WHERE move_line_id = %s"
        cr.execute(f"UPDATE account_reconciliation_line SET amount = amount + {cents} WHERE id = ({last})", line.ids)
    cr.execute(TRIGGERS.read_text())
    cr.execute(
        "ALTER TABLE account_reconciliation_item DROP COLUMN balance_total CASCADE, DROP COLUMN balance_untaxed CASCADE"
    )
    cr.execute("ALTER TABLE account_reconciliation_item RENAME COLUMN allocation_key TO pour_key")
    cr.execute(
        "ALTER INDEX account_reconciliation_item__allocation_key_index"
        " RENAME TO account_reconciliation_item__pour_key_index"
    )
    cr.execute("UPDATE ir_module_module SET latest_version = %s WHERE name = 'account_reconciliation'", [OLD_VERSION])


def _count_lowering_line(env, signed):
    """The old version took what used the lowering line elsewhere for a payment of its document."""
    lowering = signed.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.balance < 0)
    partial = lowering.matched_debit_ids
    item = env["account.reconciliation.item"].search([("move_id", "=", signed.id)])
    split = SQL(
        "SELECT * FROM (VALUES (%s, %s, %s, %s::numeric)) AS split (partial_id, other_line_id, item_id, amount)",
        partial.id, partial.debit_move_id.id, item.id, partial.amount,
    )  # fmt: skip
    env.cr.execute(insert_lines(split, env.uid))


def differences(was, now):
    """What the update made otherwise than the present version would have stored.

    :return: list of texts
    """
    return [
        f"{table} {key}: {was[table].get(key)} became {now[table].get(key)}"
        for table in was
        for key in sorted(was[table].keys() | now[table].keys())
        if was[table].get(key) != now[table].get(key)
    ]
