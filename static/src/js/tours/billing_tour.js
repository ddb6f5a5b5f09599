import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_reconciliation_billing_tour", {
    url: "/odoo/client-accounts",
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row .o_data_cell[name=complete_name]",
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
            content: _t("Each item shows what pays it and what is open. Here you look at the amounts, change or delete them."),
            tooltipPosition: "left",
            run: "click",
        },
        {
            trigger: ".modal footer button[special=cancel], .modal footer button.o_form_button_cancel, .modal .btn-close",
            content: _t("Nothing can be applied beyond what is open. Close the table again."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_make_payment",
            content: _t("Take a payment here: tick what it is for, and see how it falls on the items before you post it."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal footer button[special=cancel], .modal footer button.o_form_button_cancel, .modal .btn-close",
            content: _t("What is not ticked stays on the account as a deposit. Close the dialog: you know your way around."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});
