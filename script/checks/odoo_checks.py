"""Odoo's own checks of a ledger, asked of Odoo's own code. Run inside ``odoo shell``."""


def figures(env):
    """What Odoo computes of a ledger, as it is stored.

    :return: two lists, of journal items and of entries
    """
    env.cr.execute("SELECT id, balance, amount_residual::text, amount_residual_currency::text, reconciled,"
                   " matching_number FROM account_move_line ORDER BY id")  # fmt: skip
    lines = [list(map(str, row)) for row in env.cr.fetchall()]
    env.cr.execute("SELECT id, state, payment_state, amount_residual::text, amount_residual_signed::text"
                   " FROM account_move ORDER BY id")  # fmt: skip
    return lines, [list(map(str, row)) for row in env.cr.fetchall()]


def check(env):
    """Balanced entries, residuals and payment states computed anew, the hash chain, one more reconciliation.

    :return: dict of how much was looked at
    """
    moves = env["account.move"].search([])
    lines = moves.line_ids
    assert moves, "the check needs a ledger"
    unbalanced = moves._get_unbalanced_moves({"records": moves})
    assert not unbalanced, f"unbalanced: {unbalanced}"
    was = figures(env)
    for records, names in (
        (lines, ("amount_residual", "amount_residual_currency", "reconciled")),
        (moves, ("amount_residual", "amount_residual_signed", "payment_state")),
        (moves.origin_payment_id, ("is_reconciled", "is_matched")),
    ):
        for name in names:
            env.add_to_compute(records._fields[name], records)
    env.flush_all()
    assert figures(env) == was, "what Odoo computes anew is not what is stored"
    env.user.group_ids |= env.ref("account.group_account_user")  # who may ask; rolled back at the end
    results = env.company._check_hash_integrity()["results"]
    verified = [result for result in results if result["status"] == "verified"]
    assert verified, f"no journal's hashes could be verified: {results}"
    assert not [result for result in results if result["status"] == "corrupted"], results
    reconciled = reconcile_again(env)
    env.cr.rollback()
    return {"entries": len(moves), "items": len(lines), "hashed journals": len(verified), "reconciled": reconciled}


def reconcile_again(env):
    """Undo a reconciliation and make it again, and pay a new invoice.

    :return: number of reconciliations made
    """
    partial = env["account.partial.reconcile"].search(
        [("debit_move_id.move_id.move_type", "=", "out_invoice")], limit=1
    )
    pair = partial.debit_move_id | partial.credit_move_id
    was = pair.mapped("amount_residual")
    pair.remove_move_reconcile()
    assert pair.mapped("amount_residual") != was, "nothing was undone"
    pair.reconcile()
    assert pair.mapped("amount_residual") == was, "reconciled again, it is not what it was"
    invoice = pair.move_id.filtered(lambda move: move.move_type == "out_invoice")[:1].copy()
    invoice.action_post()
    context = {"active_model": "account.move", "active_ids": invoice.ids}
    env["account.payment.register"].with_context(**context).create({})._create_payments()
    assert not invoice.amount_residual and invoice.payment_state in ("paid", "in_payment"), invoice.payment_state
    return 2
