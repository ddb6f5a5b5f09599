"""A ledger without what is numbered anew each time: what two moments, or two ways to the same, are compared by."""

from collections import defaultdict


def face(ledger, known, made_anew=frozenset()):
    """``{what: value}``; journal items of bank transactions are made anew by each match, so they stand for themselves.

    :param known: ids of the journal items by which groups are compared: those that come new have new numbers
    :param made_anew: ids of entries by Odoo that were reversed and made anew, see ``entries_made_anew``: their journal
        items are compared without what they are reconciled with, which is their reversals now
    """
    result = {}
    groups = defaultdict(set)
    for line in ledger.line.values():
        is_grouped = not ledger.move[line.move_id].statement_line_id and line.move_id not in made_anew
        if line.matching_number and line.id in known and is_grouped:
            groups[line.matching_number].add(line.id)
    for move_id, lines in ledger.lines_of.items():
        move = ledger.move[move_id]
        result["entry", move_id] = (
            move.state, move.name, move.date, move.partner_id, move.amount_residual, move.payment_state,
        )  # fmt: skip
        rows = {
            line.id: (
                line.account_id, line.partner_id, line.currency_id, line.amount_currency, line.balance,
                line.amount_residual_currency, line.amount_residual, bool(line.reconciled), line.date,
                move_id in made_anew or (
                    bool(line.full_reconcile_id), frozenset(groups.get(line.matching_number, ())),
                ),
            )
            for line in lines
        }  # fmt: skip
        if move.statement_line_id:
            result["items of a transaction", move_id] = sorted(map(str, rows.values()))
        else:
            result |= {("line", key): row for key, row in rows.items()}
    applied = defaultdict(int)
    for line in ledger.applied.values():
        applied[line.move_line_id, line.counterpart_line_id] += line.amount_currency
    result |= {
        ("applied", key): amount
        for key, amount in applied.items()
        if not ledger.move[ledger.line[key[1]].move_id].statement_line_id
    }
    for item in ledger.item.values():
        result["item", item.move_line_id] = (item.amount_total, item.amount_reconciled, item.amount_residual)
    for payment in ledger.payment.values():
        result["payment", payment.id] = (bool(payment.is_reconciled), bool(payment.is_matched))
    for one in ledger.transaction.values():
        result["transaction", one.id] = (
            one.amount, one.match_status, one.matched_entity_type or None, one.ignore_reason or None, one.partner_id,
            one.payment_ref, bool(one.is_reconciled), bool(one.is_match_partner),
        )  # fmt: skip
    for period in ledger.period.values():
        result["period", period.id] = period
    for one in ledger.confirmation.values():
        result["confirmed", one.move_line_key] = (one.reconciliation_id, one.amount, one.date)
    return result


def entries_made_anew(before, after, exchange_journals):
    """The exchange differences and taxes on payment that were reversed since, as Odoo does with a partial that is
    deleted. With the next partial Odoo makes others of the same worth; what all of them leave is in ``balances``.

    :param exchange_journals: ids of the journals of exchange differences
    :return: ids of entries
    """
    reversed_since = {move.reversed_entry_id for key, move in after.move.items() if key not in before.move}
    return {
        key for key in reversed_since & before.move.keys()
        if before.move[key].tax_cash_basis_origin_move_id or before.move[key].journal_id in exchange_journals
    }  # fmt: skip


def balances(ledger, by_month):
    """What is on each account, for each tax, and what is open of each client; and the taxes on payment of each
    document; all in both currencies.

    :param by_month: tell the months apart in which it was booked
    """
    found = defaultdict(lambda: [0, 0])
    for line in ledger.line.values():
        move = ledger.move[line.move_id]
        if move.state != "posted":
            continue
        key = line.account_id, line.tax_repartition_line_id, str(line.tax_ids), line.currency_id
        month = (line.date.year, line.date.month) if by_month else None
        rows = {
            ("balance", *key, month): (line.balance, line.amount_currency),
            ("open", line.account_id, line.owner_id, line.currency_id): (
                line.amount_residual, line.amount_residual_currency,
            ),
        }  # fmt: skip
        if move.tax_cash_basis_origin_move_id:
            rows[("tax on payment", move.tax_cash_basis_origin_move_id, *key)] = line.balance, line.amount_currency
        for name, (amount, amount_currency) in rows.items():
            found[name][0] += amount
            found[name][1] += amount_currency
    return {name: tuple(amounts) for name, amounts in found.items() if any(amounts)}


def differences(one, other, only=None):
    """What differs: ``{what: (here, there)}``.

    :param only: compare what is there only; without it, what has come new counts, too, but for entries of their own
        (exchange differences have other numbers each time)
    """
    keys = set(only) if only is not None else {key for key in one.keys() | other.keys() if key in one and key in other}
    if only is None:
        keys |= {key for key in one.keys() ^ other.keys() if key[0] == "applied"}
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)}
