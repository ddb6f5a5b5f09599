"""Builds a ledger in which nothing is reconciled yet: clients made by Odoo (seeded), then copied by SQL.

Three shapes, all of clients whose payments are round sums that fit no invoice unless it is said otherwise, so that one
payment pays parts of two invoices:

- ``three``: each client has five invoices of three items, and five payments;
- ``one``: each client has five invoices of one item, and five payments;
- ``mixed``: of every 20 clients, 10 have 4 invoices of three items and pay each exactly; 5 pay 4 invoices in 5 round
  sums; 3 pay 4 invoices at once; 2 have only invoices. Each invoice is followed by its client, as Odoo has it.

Run inside `odoo shell`.
"""

import random
from datetime import date, timedelta

import ledger

SEED = 7
LINES_A_COPY = 148  # of the shape “mixed”
SHAPES = ("three", "one", "mixed")
ITEMS = {"three": 3, "one": 1, "mixed": 3}


def _paid(shape, number, totals):
    if shape != "mixed":
        # Five sixths of what is owed.
        return [sum(totals) // (len(totals) + 1)] * len(totals)
    if number < 10:
        return totals
    if number < 15:
        return [sum(totals) // 6] * 5
    return [sum(totals)] if number < 18 else []


def make_open_templates(env, shape="mixed", families=range(ledger.FAMILIES)):
    """Make the documents that are copied.

    :param shape: one of ``SHAPES``
    :param families: numbers of the clients to make
    :return: ``{table: ids}``
    """
    rng = random.Random(SEED)
    partners, moves = env["res.partner"], env["account.move"]
    invoice_count = 4 if shape == "mixed" else 5
    for number in families:
        prices = [
            [rng.randint(10, 90) if place < 2 else rng.randint(5, 25) for place in range(ITEMS[shape])]
            for _invoice in range(invoice_count)
        ]
        days = sorted(rng.sample(range(1, 180), 2 * invoice_count + 1))
        dates = [date(2026, 1, 1) + timedelta(days=day) for day in days]
        paid = _paid(shape, number, [sum(items) for items in prices])
        partner, invoices, payments = ledger.make_family(env, number, dates, prices, paid)
        partners |= partner
        moves |= invoices | payments.move_id
    env.flush_all()
    return ledger.as_templates(partners, moves, with_followers=shape == "mixed")


def build(env, lines, shape="mixed"):
    """Build a ledger of about so many open lines, and commit.

    :param lines: how many
    :param shape: one of ``SHAPES``
    """
    templates = make_open_templates(env, shape)
    owed = (
        env["account.move"]
        .browse(templates["account_move"])
        .line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
    )
    ledger.copy_ledger(env, templates, max(1, round(lines / len(owed))) - 1)
    env.cr.commit()
