"""Money that is together at the bank (a deposit slip, a payment batch, a processor's payout), a client's remittance
advice, and a document that is disputed."""

from datetime import timedelta

DEPOSIT_CHEQUES = 3
ADVICE_DOCUMENTS = 2
BATCH_BILLS = 2
# Those of a processor's itemized report that say something here.
SHOP_COLUMNS = (
    "automatic_payout_id", "automatic_payout_effective_at", "balance_transaction_id", "created_utc", "currency",
    "gross", "fee", "net", "reporting_category", "source_id", "description", "customer_name",
)  # fmt: skip


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


def send_payments(centre):
    """Pay the latest bills by one file of transfers that is on its way to the bank."""
    bills = centre.env["account.move"].search(
        [
            ("company_id", "=", centre.company.id), ("move_type", "=", "in_invoice"), ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"), ("currency_id", "=", centre.company.currency_id.id),
            ("id", "not in", centre.billed_at_bank.ids),
        ],
        order="invoice_date desc, id desc", limit=BATCH_BILLS,
    )  # fmt: skip
    payments = centre.env["account.payment"].union(
        *(centre.register_payment(bill, "transfer", centre.today) for bill in bills)
    )
    if payments:
        centre.env["account.bank.batch"].create_batch(payments, message_id=f"MAPLE-{centre.today:%Y%m%d}-1")


def import_payout(centre):
    """Import the report of the online shop's processor; its payout waits, because one entry is
    not found."""
    reference, day = centre.payout
    rows = [",".join(SHOP_COLUMNS)]
    for number, (move, amount, fee) in enumerate(centre.shop_entries, start=1):
        values = (
            reference, f"{day} 00:00:00", f"txn_{day:%Y%m%d}{number}", f"{move.invoice_date or day} 12:00:00",
            "cad", amount, fee, amount - fee, "charge", f"ch_{day:%Y%m%d}{number}",
            f"Invoice {move.name}" if move else "Gift card", move.partner_id.name or "",
        )  # fmt: skip
        rows.append(",".join(map(str, values)))
    centre.journals["operating"].import_settlement_report("payouts.csv", "\n".join(rows).encode())


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
