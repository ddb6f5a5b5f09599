"""Cheques on their way to the bank as one deposit, a client's remittance advice, and a document that is disputed."""

from datetime import timedelta

DEPOSIT_CHEQUES = 3
ADVICE_DOCUMENTS = 2


def deposit_cheques(centre):
    """Put the latest cheques that the bank has not booked yet on a deposit slip."""
    payments = centre.env["account.payment"].search(
        [
            ("company_id", "=", centre.company.id), ("payment_type", "=", "inbound"), ("is_matched", "=", False),
            ("state", "in", ("in_process", "paid")), ("currency_id", "=", centre.company.currency_id.id),
            ("journal_id", "=", centre.journals["operating"].id),
            ("payment_method_line_id", "=", centre.methods["inbound", "cheque"].id),
        ],
        order="date desc, id desc", limit=DEPOSIT_CHEQUES,
    )  # fmt: skip
    if payments:
        batch = centre.env["account.bank.batch"].create_batch(payments, "deposit", reference="BR12-004711")
        batch.action_draft()
        batch.date = centre.today - timedelta(days=1)
        batch.action_send()


def receive_advice(centre):
    """Read what a client writes of the payment that is announced: documents that are found, and one that is not."""
    documents = centre.env["account.move"].search(
        [
            ("company_id", "=", centre.company.id), ("move_type", "=", "out_invoice"), ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")), ("currency_id", "=", centre.company.currency_id.id),
        ],
        order="date desc, id desc",
    )  # fmt: skip
    for owner, moves in documents.grouped("commercial_partner_id").items():
        if len(moves) >= ADVICE_DOCUMENTS:
            rows = [f"{move.name},{move.amount_residual:.2f}" for move in moves[:ADVICE_DOCUMENTS]]
            text = "\n".join(["Invoice,Paid", *rows, "R-20488,35.00"])
            centre.env["account.remittance.advice"].import_advice("advice.csv", text.encode(), owner)
            return


def dispute_a_document(centre):
    """Accept that a client keeps something back of a document that is paid in part."""
    move = centre.env["account.move"].search(
        [
            ("company_id", "=", centre.company.id), ("move_type", "=", "out_invoice"), ("state", "=", "posted"),
            ("payment_state", "=", "partial"), ("planned_payment_ids", "=", False),
        ],
        order="date, id", limit=1,
    )  # fmt: skip
    if move:
        move.dispute_rest("other", "A class was cancelled")
