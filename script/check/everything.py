"""A ledger with some of everything that the addon stores, and its digest. Run inside ``odoo shell``."""

import ledger
from odoo import Command, fields
from odoo.tools import SQL


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


def digest(env, tables):
    """How many rows each table has, and an MD5 over all of them.

    :return: dict table -> [rows, MD5]
    """
    found = {}
    for table in tables:
        rows = env.execute_query(
            SQL(
                "SELECT count(*), md5(coalesce(string_agg(one::text, chr(10) ORDER BY one.id), '')) FROM %s AS one",
                SQL.identifier(table),
            )
        )
        found[table] = list(rows[0])
    return found
