"""The ways of ``script/bench story``. Run inside ``odoo shell``; each prints one line of JSON with its seconds."""

import json
import resource
import sys
import time
from datetime import timedelta
from decimal import Decimal

import statement_files
import written_rows
from matching_database import Writer
from matching_ledger import Ledger
from matching_world import START, Document, Owner
from odoo import Command

from statement_formats import Line, Statement

FIRST = ("Marie", "John", "Harpreet", "Chidi", "Yuki", "Lucía", "Émile", "Zofia", "Omar", "Ingrid")
LAST = ("Tremblay", "Brown", "Singh", "Okafor", "Tanaka", "García", "Durand", "Nowak", "Haddad", "Larsen")
# What the import and a match write; the balances of items follow by triggers.
TABLES = (
    *written_rows.STATEMENT_TABLES, "account_full_reconcile", "account_partial_reconcile",
    "account_reconciliation_line", "account_bank_match_decision", "account_bank_match_chain",
)  # fmt: skip
CHANGED = {
    "account_move": (
        "amount_residual", "amount_residual_signed", "payment_state", "is_manually_modified", "write_uid", "write_date",
    ),
    "account_move_line": (
        "amount_residual", "amount_residual_currency", "reconciled", "matching_number", "full_reconcile_id",
        "write_uid", "write_date",
    ),
}  # fmt: skip


def _world(lines):
    """Clients with ten documents each, half of them paid by the file.

    :return: (list of ``Owner``, list of ``Document``, those that are paid)
    """
    owners = [
        Owner(number, f"{FIRST[number % 10]} {LAST[number // 10 % 10]}-{number}", False, f"DE{number:018}", False)
        for number in range(max(lines // 5, 2))
    ]
    documents = [
        Document(
            number, owners[number % len(owners)], f"INV/2026/{number:06}", "", f"INV/2026/{number:06}",
            Decimal(2000 + number * 7919 % 250_000).scaleb(-2), "USD", day := START + timedelta(number % 90),
            [(Decimal(2000 + number * 7919 % 250_000).scaleb(-2), day)], "invoice",
        )
        for number in range(2 * lines)
    ]  # fmt: skip
    return owners, documents, documents[::2]


def _statement(lines):
    _owners, _documents, paid = _world(lines)
    entries = sorted(
        (
            Line(
                date=one.day + timedelta(10 + one.number % 7), amount=one.amount, currency="USD",
                label=f"Payment of {one.name}", counterparty_name=one.owner.name.upper(),
                bank_reference=f"B{one.number:08}",
            )
            for one in paid
        ),
        key=lambda line: line.date,
    )  # fmt: skip
    total = sum(line.amount for line in entries)
    return Statement(
        account_number=statement_files.ACCOUNT, currency="USD", name="STORY", lines=tuple(entries),
        balance_start=Decimal(0), balance_end=total, date_from=entries[0].date, date_to=entries[-1].date,
    )  # fmt: skip


def _journal(env):
    return env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)


def build(env, lines):
    """Write the clients and their open invoices, and give the bank account its number."""
    owners, documents, _paid = _world(lines)
    writer = Writer(env)
    writer.copy_ledger(Ledger(owners, documents, [], []))
    # The numbers of the journals' entries go on after these.
    for number, kind in enumerate(("bank", "savings", "payment"), 1):
        writer.templates[kind].move.name = f"START{number}/2026/00001"
    _journal(env).bank_account_id = env["res.partner.bank"].create({
        "acc_number": statement_files.ACCOUNT, "partner_id": env.company.partner_id.id,
    })  # fmt: skip
    env.cr.commit()
    _result(env, "build", lines, {})


def by_odoo(env, lines, of_lines):
    """Odoo's ``create`` of transactions; then each entry takes its client's account and is reconciled.

    :param lines: how many
    :param of_lines: of so many in the file
    """
    entries = _statement(of_lines).lines[:lines]
    journal, seconds = _journal(env), {}
    started = time.perf_counter()
    records = env["account.bank.statement.line"].create([
        {
            "journal_id": journal.id, "date": line.date, "amount": float(line.amount), "payment_ref": line.label,
            "partner_name": line.counterparty_name,
        }
        for line in entries
    ])  # fmt: skip
    env.cr.commit()
    seconds["write"] = time.perf_counter() - started
    names = [line.label.removeprefix("Payment of ") for line in entries]
    documents = {one.name: one for one in env["account.move"].search([("name", "in", names)])}
    env.invalidate_all()
    started = time.perf_counter()
    for record, name in zip(records, names, strict=True):
        owed = documents[name].line_ids.filtered(lambda item: item.display_type == "payment_term")
        _liquidity, suspense, _others = record._seek_for_lines()
        move = record.with_context(
            force_delete=True, skip_account_move_synchronization=True, skip_readonly_check=True
        ).move_id
        move.write({
            "line_ids": [
                Command.delete(suspense.id),
                Command.create({
                    "account_id": owed.account_id.id, "partner_id": owed.partner_id.id, "name": record.payment_ref,
                    "currency_id": suspense.currency_id.id, "amount_currency": suspense.amount_currency,
                    "balance": suspense.balance,
                }),
            ],
        })  # fmt: skip
        own = record.move_id.line_ids.filtered(lambda item, owed=owed: item.account_id == owed.account_id)
        (own | owed).reconcile()
        env.cr.commit()
    seconds["book"] = time.perf_counter() - started
    _result(env, "odoo", lines, seconds)


def by_addon(env, lines, folder):
    """The import as the dialog's slices do it, then automatic matching as the scheduled action does it."""
    content = statement_files.WRITERS["camt"](_statement(lines))
    before = written_rows.last_ids(env, TABLES)
    journal, seconds = _journal(env), {}
    started = time.perf_counter()
    parsed = journal._parse_statement_file("story.xml", content)
    seconds["read"] = time.perf_counter() - started
    started = time.perf_counter()
    journal._write_statements("story.xml", journal._plan_statements(parsed))
    env.flush_all()
    env.cr.commit()
    seconds["write"] = time.perf_counter() - started
    matcher = type(env["account.bank.matcher"])
    decide, seconds["match"] = matcher._decide, 0.0

    def timed(*arguments):
        began = time.perf_counter()
        found = decide(*arguments)
        seconds["match"] += time.perf_counter() - began
        return found

    matcher._decide = timed
    waiting = env["account.bank.statement.line"].search(env["account.bank.statement.line"]._unmatched_domain())
    started = time.perf_counter()
    result = waiting._auto_match(commit=lambda _count: env.cr.commit())
    env.cr.commit()
    seconds["book"] = time.perf_counter() - started - seconds["match"]
    matcher._decide = decide
    assert result["matched"] == lines, result
    _result(env, "addon", lines, seconds)
    written_rows.keep(env, before, folder, CHANGED)


def by_floor(env, lines, folder):
    """The rows that the addon left, each written once, as it is in the end."""
    _result(env, "floor", lines, {"write and book": written_rows.write(env, TABLES, folder, CHANGED)})


def _result(env, way, lines, seconds):
    sys.stdout.write("RESULT " + json.dumps({
        "way": way,
        "lines": lines,
        "seconds": {name: round(took, 3) for name, took in seconds.items()},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }) + "\n")  # fmt: skip
