from odoo import fields, models

from ...engine.items.allocation_order_sql import EXPLICIT, LISTED, OLDEST, PRO_RATA

ALLOCATION_ORDERS = [
    (LISTED, "Listed order"),
    (OLDEST, "Oldest due item first"),
    (PRO_RATA, "Pro rata"),
    (EXPLICIT, "Explicit"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    allocation_order = fields.Selection(
        ALLOCATION_ORDERS,
        "Allocation order",
        required=True,
        default=LISTED,
        help="In which order a payment pays the items of a document. Listed: first item first. Oldest due: by the date "
        "of the planned payment that pays the item, else by the payment terms, else listed. Pro rata: every open item "
        "gets its share, to the cent. Explicit: the amounts per item are entered in Make payment, which proposes none, "
        "and Reconcile accounts leaves the account to a person; what Odoo applies automatically (Register payment, the "
        "portal, the bank) keeps the listed order. What is reconciled already stays as it is.",
    )

    portal_item_balances = fields.Boolean(
        "Clients see what they paid for",
        help="On the portal's page of an invoice, and in no other place, the client sees how much of each item is paid "
        "and how much is open. Which payment paid what is never shown.",
    )
