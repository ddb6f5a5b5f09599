"""Builds a ledger in which nothing is reconciled yet: 20 families made by Odoo (seeded), then copied by SQL.

Shape, of every 20 families: 10 have 4 invoices and pay each exactly; 5 have 4 invoices and pay in 5 round sums that
don't fit (so one payment pays parts of two invoices); 3 pay 4 invoices at once; 2 have only invoices. Every invoice has
3 items, so two reconciliation lines a partial and more. That is 148 open lines and 92 partials; nobody follows the
invoices. Run inside `odoo shell`.
"""

import random
from datetime import date, timedelta

import ledger

LINES_A_COPY = 148
SEED = 7


def make_open_templates(env, families=range(ledger.FAMILIES)):
    """Make the documents that are copied.

    :param families: numbers of the families to make
    :return: ``{table: ids}``
    """
    rng = random.Random(SEED)
    partners, moves = env["res.partner"], env["account.move"]
    for number in families:
        prices = [[rng.randint(10, 90), rng.randint(10, 90), rng.randint(5, 25)] for _invoice in range(4)]
        totals = [sum(items) for items in prices]
        if number < 10:
            paid = totals
        elif number < 15:
            paid = [sum(totals) // 6] * 5
        elif number < 18:
            paid = [sum(totals)]
        else:
            paid = []
        days = sorted(rng.sample(range(1, 180), 9))
        dates = [date(2026, 1, 1) + timedelta(days=day) for day in days]
        partner, invoices, payments = ledger.make_family(env, number, dates, prices, paid)
        partners |= partner
        moves |= invoices | payments.move_id
    env.flush_all()
    return ledger.as_templates(partners, moves)


def build(env, lines):
    """Build a ledger of about so many open lines, and commit.

    :param lines: how many
    """
    ledger.copy_ledger(env, make_open_templates(env), max(1, round(lines / LINES_A_COPY)) - 1)
    env.cr.commit()
