import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_reconciliation_billing_tour", {
    url: "/odoo/client-accounts",
    steps: () => [
        {
            trigger: ".o_client_accounts .o_data_row .o_data_cell[name=complete_name]",
            content: _t("Every family, company or vendor has one account. Open one: this is its billing."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_client_billing .o_billing_expand",
            content: _t("All transactions of the account and its members, newest first. Open one to see its items."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".o_client_billing .o_billing_reconciliations",
            // What a dialog holds is said before it opens: Odoo's pointer does not show on a dialog that has just opened.
            content: _t(
                "Each item shows what pays it and what is open. Here you look at the amounts, change or delete them; nothing can be applied beyond what is open."
            ),
            tooltipPosition: "left",
            run: "click",
        },
        {
            trigger: ".modal footer button[special=cancel], .modal footer button.o_form_button_cancel, .modal .btn-close",
            content: _t("Close the table again."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_make_payment",
            content: _t(
                "Take a payment here: tick what it is for, and see how it falls on the items before you post it. What is not ticked stays on the account as a deposit."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal footer button[special=cancel], .modal footer button.o_form_button_cancel, .modal .btn-close",
            content: _t("Close the dialog: you know your way around."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});
