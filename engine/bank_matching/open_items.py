"""Open journal items as what a bank transaction may be matched with."""

from decimal import Decimal

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from .model import OpenItem

# Of an invoice for more orders than these, payers don't name the others.
ORDERS_MAX = 5


def open_item(rows, is_whole):
    """What may be matched: the open lines of one document, or one line of another entry.

    :param rows: rows of ``candidates_sql.item_lines``
    :param is_whole: these are all open lines of a document, so that it can be named itself
    :return: :class:`OpenItem`
    """
    first = rows[0]
    is_document = first["move_type"] != "entry"
    is_payment = bool(first["payment_id"]) and first["account_type"] not in OWED_ACCOUNT_TYPES
    if is_whole or first["is_only_line"]:
        record = ("account.move", first["move_id"])
    elif is_payment:
        record = ("account.payment", first["payment_id"])
    else:
        record = ("account.move.line", first["id"])
    entity = "payment" if is_payment else "ar_invoice" if first["account_type"] == "asset_receivable" else "ap_invoice"
    orders = (first["invoice_origin"] or "").split(",")[:ORDERS_MAX]
    refs = (first["name"], first["payment_reference"], first["ref"], first["memo"], first["payment_number"], *orders)
    item = _make(rows, record, entity, tuple(dict.fromkeys(ref for ref in refs if ref and ref != "/")), is_document)
    signs = {Decimal(row["amount"]) > 0 for row in rows}
    if len(rows) > 1 and len(signs) > 1:
        # Terms with a first amount above the total: only the sum is owed, no line of it alone.
        return item
    if len(rows) > 1:
        item.parts = tuple(
            _make([row], ("account.move.line", row["id"]), entity, item.refs, is_document) for row in rows
        )
    elif (
        is_document
        and first["discount_date"]
        and Decimal(first["discount_amount"] or 0)
        and first["amount"] == first["amount_original"]
    ):
        item.discount, item.discount_date = Decimal(first["discount_amount"]), first["discount_date"]
    return item


def _make(rows, record, entity, refs, is_document):
    first = rows[0]
    return OpenItem(
        record=record,
        entity_type=entity,
        amount=sum(Decimal(row["amount"]) for row in rows),
        balance=sum(Decimal(row["balance"]) for row in rows),
        currency_id=first["currency_id"],
        company_id=first["company_id"],
        date=first["invoice_date"] or first["date"],
        due=min(row["due"] for row in rows),
        owner_id=first["owner_id"],
        owner_name=first["owner_name"] or "",
        refs=refs,
        line_ids=tuple(row["id"] for row in rows),
        journal_id=first["journal_id"],
        move_id=first["move_id"],
        is_document=is_document,
        is_unapplied=first["is_unapplied"],
        names=tuple(
            dict.fromkeys(
                name for name in (first["contact_name"], first["delivery_name"]) if name and name != first["owner_name"]
            )
        ),
    )
