"""A ledger with some of everything that the addon stores, and its rows. Run inside ``odoo shell``."""

from pathlib import Path

import ledger
from odoo import Command, fields
from odoo.tools import SQL

# Odoo touches the contacts of its own users whenever a module brings groups.
TOUCHED = {("res_partner", "write_date")}
SETTLEMENT = Path(__file__).parents[2] / "tests" / "settlements" / "mollie_settlement.csv"


def make(env):
    """Make documents and money of twenty families, planned payments, matched bank transactions, a closed period, a run.

    :return: the journal whose posted entries are hashed
    """
    ledger.make_templates(env)
    sales, bank = (
        env["account.journal"].search([("type", "=", kind), ("company_id", "=", env.company.id)], limit=1)
        for kind in ("sale", "bank")
    )
    _partner, invoices, payments = ledger.make_family(
        env, 100, ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"], [(90, 30), (60,), (45,)], [20]
    )
    invoices[0].plan_payments(
        [{"due_date": fields.Date.add(fields.Date.today(), months=number), "amount": 40} for number in (1, 2, 3)],
        bank.inbound_payment_method_line_ids[:1],
    )
    expense = env["account.account"].search([("account_type", "=", "expense")], limit=1)
    preset = env["account.reconcile.model"].create({
        "name": "Fees", "line_ids": [Command.create({"account_id": expense.id, "amount_string": "100"})],
    })  # fmt: skip
    lines = env["account.bank.statement.line"].create([
        {"journal_id": bank.id, "date": "2026-03-10", "amount": amount, "payment_ref": label}
        for amount, label in ((60, "family 100"), (-4, "fee"), (45, invoices[2].name), (20, "cash"), (7, "noise"))
    ])  # fmt: skip
    lines[0].match_with(invoices[1])
    lines[1].match_expense(preset)
    lines[2].auto_match()
    lines[3].match_with(payments)
    lines[4].action_ignore("not ours")
    period = env["account.bank.reconciliation"].create({
        "journal_id": bank.id, "date_from": "2026-03-01", "date_to": "2026-03-31", "balance_end": 1,
    })  # fmt: skip
    make_around(env, bank, preset)
    period.action_confirm_all()
    period.action_close("checked by hand")
    env["account.reconciliation.run"]._start(env.company)._process(seconds=20)
    sales.restrict_mode_hash_table = True
    env["account.move"].search([("journal_id", "=", sales.id), ("state", "=", "posted")])._hash_moves(force_hash=True)
    env.flush_all()
    return sales


def make_around(env, bank, preset):
    """Make a returned payment, a small difference, a dispute, a deposit slip, an advice, a settlement, and another
    account's rule, proof and closing checklist.

    :param preset: account.reconcile.model, for what is written off
    """
    _partner, invoices, payments = ledger.make_family(
        env, 101, ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"], [(90,), (60,), (45,)], [30]
    )
    env["account.difference.policy"].create({
        "company_id": env.company.id, "currency_id": env.company.currency_id.id, "amount_max": 1, "percent_max": 5,
        "preset_id": preset.id,
    })  # fmt: skip
    received, short = env["account.bank.statement.line"].create([
        {"journal_id": bank.id, "date": "2026-03-11", "amount": amount, "payment_ref": invoice.name}
        for amount, invoice in ((90, invoices[0]), (44.5, invoices[2]))
    ])  # fmt: skip
    received.match_with(invoices[0])
    back = received.create({
        "journal_id": bank.id, "date": "2026-03-12", "amount": -90, "payment_ref": f"RETURN {invoices[0].name}",
        "return_code": "AM04",
    })  # fmt: skip
    for line in (short, back):
        best = line.get_match_suggestions()[0]
        line.accept_match(best["records"], best["amounts"], best["settle"])
    invoices[1].dispute_rest("damaged", "why")
    env["account.bank.batch"].create_batch(payments, "deposit", "slip")
    env["account.remittance.advice"].import_advice("advice.txt", f"{invoices[1].name} 30.00".encode())
    report = SETTLEMENT.read_bytes().replace(b"USD", b"GBP").replace(b"EUR", env.company.currency_id.name.encode())
    bank.import_settlement_report(SETTLEMENT.name, report)

    clearing = env["account.account"].create({
        "name": "Clearing", "code": "CLEARING", "account_type": "asset_current", "reconcile": True,
    })  # fmt: skip
    entry = env["account.move"].create({
        "date": "2026-03-20", "journal_id": env["account.journal"].search([("type", "=", "general")], limit=1).id,
        "line_ids": [Command.create({"account_id": clearing.id, "balance": amount}) for amount in (9, -9, 4, -4)],
    })  # fmt: skip
    entry.action_post()
    page = env["account.ledger.account"].browse(clearing.id)
    page.reconcile_lines(entry.line_ids[:2].ids)
    page.assign(env.uid)
    env["account.ledger.rule"].create({"name": "Same partner", "account_id": clearing.id, "same_partner": True})
    env["account.ledger.proof"].create({"account_id": clearing.id, "date": "2026-03-31", "note": "why"})
    env["account.closing"].create({"date": "2026-03-31"})


def own_tables(env):
    """The tables of the models that the addon has brought, dialogs left out."""
    return [
        cls._table for _model, cls in sorted(env.registry.items())
        if cls._original_module == "account_reconciliation" and cls._auto and not cls._abstract and not cls._transient
        and not cls._table_query
    ]  # fmt: skip


def account_tables(env):
    """Odoo's own tables in which the ledger lies."""
    return ["account_move", "account_move_line", "account_partial_reconcile", "account_full_reconcile",
            "account_payment", "account_bank_statement_line", "account_bank_statement", "account_journal",
            "account_reconcile_model", "account_reconcile_model_line", "mail_message", "res_partner"]  # fmt: skip


def rows(env, tables):
    """All rows of some tables, as texts.

    :return: dict table -> {id: {column: value}}
    """
    found = {}
    for table in tables:
        env.cr.execute(SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(table)))
        names = [column.name for column in env.cr.description]
        found[table] = {
            str(row["id"]): {name: str(value) for name, value in row.items()}
            for row in (dict(zip(names, values, strict=True)) for values in env.cr.fetchall())
        }
    return found


def changes(was, now):
    """What differs between two moments: rows that came or went, and columns that changed.

    :param was, now: what ``rows`` gave
    :return: list of texts
    """
    found = []
    for table in was:
        for key in sorted(was[table].keys() | now[table].keys()):
            before, after = was[table].get(key), now[table].get(key)
            if before is None or after is None:
                found.append(f"{table} {key}: {'went' if after is None else 'came'}")
            elif before != after:
                names = [name for name in before if (table, name) not in TOUCHED and before[name] != after.get(name)]
                found += [f"{table} {key}.{name}: {before[name]} -> {after.get(name)}" for name in names]
    return found
