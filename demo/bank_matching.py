"""Presets for what has no document, and the bank's older months as the accountant left them: matched."""

from datetime import timedelta

from odoo.fields import Command

# name: (account, taxes, which way the money goes, what the label contains); those with a label work by themselves
PRESETS = {
    "Bank fees": ("bank_fees", (), "out", "FEE"),
    "Interest": ("interest", (), "in", "INTEREST"),
    "Telephone": ("telephone", ("gst_purchase", "qst_purchase"), "out", "NORTHLINE"),
    "Permits and small purchases": ("equipment", (), "out", None),
    "Small differences": ("rounding", (), False, None),
}
DIFFERENCE_MAX, DIFFERENCE_PERCENT = 1.0, 2.0


def create_presets(centre):
    """Presets, three of them automatic, and a policy for cents that clients leave out."""
    # The chart's own examples make way.
    centre.env["account.reconcile.model"].search([("company_id", "=", centre.company.id)]).active = False
    presets = centre.env["account.reconcile.model"].create([
        {
            "name": name,
            "company_id": centre.company.id,
            "sequence": 10 * place,
            "match_direction": direction,
            "trigger": "auto_reconcile" if label else "manual",
            "match_label": "contains" if label else False,
            "match_label_param": label,
            "line_ids": [Command.create({
                "account_id": centre.accounts[account].id, "amount_type": "percentage", "amount_string": "100",
                "tax_ids": [Command.set([centre.taxes[tax].id for tax in taxes])],
            })],
        }
        for place, (name, (account, taxes, direction, label)) in enumerate(PRESETS.items(), start=1)
    ])  # fmt: skip
    fees, differences = (presets.filtered_domain([("name", "=", name)]) for name in ("Bank fees", "Small differences"))
    centre.company.write({"return_fee_id": fees.id, "settlement_fee_id": fees.id})
    centre.env["account.difference.policy"].create({
        "company_id": centre.company.id, "amount_max": DIFFERENCE_MAX, "percent_max": DIFFERENCE_PERCENT,
        "preset_id": differences.id, "is_automatic": True,
    })  # fmt: skip


WAITING_DAYS = 50
ACCEPTED_FROM = 0.6


def match_older_months(centre):
    """What is certain matches by itself; an accountant accepts good suggestions and a returned cheque, ignores a cash
    deposit and books what a client has paid ahead. Of the last weeks all else waits on the screen."""
    lines = centre.env["account.bank.statement.line"].search([("company_id", "=", centre.company.id)])
    lines.auto_match()
    last_day = centre.today - timedelta(days=WAITING_DAYS)
    lines.filtered(lambda line: line.date <= last_day).accept_suggestions(ACCEPTED_FROM)
    deposit = lines.filtered(lambda line: line.match_status == "unmatched" and "CASH DEPOSIT" in line.payment_ref)
    deposit.sorted("date")[:1].action_ignore("Counted with the till's own deposit slip")
    waiting = lines.filtered(lambda line: line.match_status == "unmatched")
    returned = waiting.filtered(lambda line: "PAYMENT STOPPED" in line.payment_ref)
    if returned:
        best = returned.get_match_suggestions()[0]
        returned.accept_match(best["records"], best["amounts"], best["settle"])
    ahead = waiting.filtered(lambda line: "SUMMER CAMP" in line.payment_ref)
    ahead.book_lines([{"kind": "client", "partner_id": centre.depositor.id}])
