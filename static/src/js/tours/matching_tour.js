import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_reconciliation_matching_tour", {
    url: "/odoo/bank-matching",
    steps: () => [
        {
            trigger: ".o_bank_matching .o_matching_line",
            content: _t("On the left what the bank shows and nothing explains yet. Choose a transaction."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".o_matching_transaction .o_target_search",
            content: _t("Above, the best suggestions with their reasons: one click accepts. Nothing fits? Search everything open here."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_bank_matching [data-tab=matched]",
            content: _t("What was certain was auto-matched, and can be undone from here at any time."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_bank_matching [data-tab=unmatched]",
            content: _t("Back to what waits."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_keys",
            content: _t("There is a key for everything. This is the list."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            content: _t("Close it, and match."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});
