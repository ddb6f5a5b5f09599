from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.payment import utils as payment_utils
from odoo.http import request


class PlannedPaymentPortal(PortalAccount):
    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        """Show a client the planned payments and, where the company wants it, what of each item is paid.

        Never what is reconciled with what.
        """
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        values["planned_payments"] = self._get_planned_payments(invoice)
        values["item_balances"] = self._get_item_balances(invoice)
        return values

    def _get_item_balances(self, invoice):
        """Plain values: the page gets no record of the addon, and no payment.

        Safe by sudo: whoever is here may see this invoice (Odoo has checked its rights or its access token), its items
        are printed on it, and of each of them the client gets no more than how much is paid and how much is open.

        :param invoice: the account.move of the page
        :return: list of dicts ``name``, ``total``, ``paid``, ``open``, in listed order; empty where the company doesn't
            show it, and for what is no posted document of a client, or one that is worth nothing
        """
        invoice_sudo = invoice.sudo()
        if (
            not invoice_sudo.company_id.portal_item_balances
            or invoice_sudo.state != "posted"
            or not invoice_sudo.is_sale_document(include_receipts=True)
            or invoice_sudo.currency_id.is_zero(invoice_sudo.amount_total)
        ):
            return []
        items = invoice_sudo.reconciliation_item_ids._listed()
        return [
            {
                "name": item.display_name,
                "total": item.amount_total,
                "paid": item.amount_reconciled,
                "open": item.amount_residual,
            }
            for item in items
        ]

    def _get_planned_payments(self, invoice):
        """Plain values: the page gets no record of the addon.

        Safe by sudo: whoever is here may see this invoice (Odoo has checked its rights or its access token), and gets
        no more of it than the dates and amounts that were agreed on with the client.

        :param invoice: the account.move of the page
        :return: list of dicts ``due_date``, ``amount``, ``currency``, ``is_overdue``, ``is_charged``,
            ``is_automatic``, ``pay_url`` (of the next one that can be paid online, else False)
        """
        today = invoice.sudo().company_id._today()
        coming = invoice.sudo()._coming_payments()
        payable = invoice._has_to_be_paid() and not any(one.state == "processing" for one in coming)
        result = []
        for one in coming:
            # Only the next one: what a client pays online goes to the next planned payment.
            pay = payable and one == coming[:1]
            amount_token = payment_utils.generate_access_token(invoice.id, one.amount) if pay else None
            result.append({
                "due_date": one.due_date,
                "amount": one.amount,
                "currency": invoice.currency_id,
                "is_overdue": one.due_date < today,
                "is_charged": one.state == "processing",
                "is_automatic": bool(one.payment_token_id),
                "pay_url": pay
                and invoice.get_portal_url(
                    query_string=f"&amount={one.amount}&payment_token={amount_token}&payment=True", anchor="portal_pay"
                ),
            })  # fmt: skip
        return result

    def _get_overdue_invoices_domain(self, partner_id=None):
        """Leave out what is disputed: the client is not asked for it."""
        domain = super()._get_overdue_invoices_domain(partner_id)
        partner = request.env["res.partner"].browse(partner_id) if partner_id else request.env.user.partner_id
        # Only which documents: they are looked for by the client's own rights, and fewer are found.
        disputed = request.env["account.move"].sudo().search([
            ("partner_id", "=", partner.id), ("is_disputed", "=", True),
        ])  # fmt: skip
        return [*domain, ("id", "not in", disputed.ids)]

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        """Ask for what is still open of the overdue invoices, not again for what is paid of them."""
        values = super()._overdue_invoices_get_page_view_values(overdue_invoices, **kwargs)
        if overdue_invoices:
            amount = sum(overdue_invoices.mapped("amount_residual"))
            values["amount"] = values["payment"]["amount"] = amount
        return values
