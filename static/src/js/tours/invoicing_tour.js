import { patch } from "@web/core/utils/patch";
import { accountTourSteps } from "@account/js/tours/account";

// The Invoicing app opens with the dashboard for an accountant, as the administrator is with this addon, and with the
// list of invoices for others. Odoo's tour of it starts on either.
patch(accountTourSteps, {
    newInvoice() {
        const [first, ...others] = super.newInvoice();
        const trigger = `${first.trigger}, [name=kanban_primary_left] > button[name=action_create_new]`;
        return [{ ...first, trigger }, ...others];
    },
});
