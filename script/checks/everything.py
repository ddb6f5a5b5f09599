"""A ledger with some of everything that the addon stores, and its rows. Run inside ``odoo shell``."""

import ledger
from odoo import Command, fields
from odoo.tools import SQL

# Odoo touches the contacts of its own users whenever a module brings groups.
TOUCHED = {("res_partner", "write_date")}


def make(env):
    """Make documents and money of twenty families, installments, matched bank transactions, a closed period, a run.

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
    period.action_confirm_all()
    period.action_close("checked by hand")
    env["account.reconciliation.run"]._start(env.company)._process(seconds=20)
    sales.restrict_mode_hash_table = True
    env["account.move"].search([("journal_id", "=", sales.id), ("state", "=", "posted")])._hash_moves(force_hash=True)
    env.flush_all()
    return sales


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
