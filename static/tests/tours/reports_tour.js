import { registry } from "@web/core/registry";

// An invoice of 75 + 75 + 20 with 100 paid, and a deposit of 30.
registry.category("web_tour.tours").add("account_reconciliation_reports", {
    steps: () => [
        {
            content: "documents not paid, all of them young",
            trigger: ".o_overview_ages tr:contains('Documents not paid'):contains('70.00') button",
            run: "click",
        },
        { content: "the invoice that is open", trigger: ".o_list_view .o_data_row:contains('70.00')" },
        { content: "back to the overview", trigger: ".o_back_button a, .breadcrumb-item a:contains('Overview')", run: "click" },
        {
            content: "what is not reconciled of a month",
            trigger: ".o_overview_months .o_overview_share:contains('77%')",
            run: "click",
        },
        { content: "the deposit", trigger: ".o_data_row:contains('Deposit'):contains('30.00')" },
        { trigger: ".o_menu_sections button:contains('Reports')", run: "click" },
        { trigger: ".dropdown-item:contains('Payment by ledger code')", run: "click" },
        { content: "it opens on the last month", trigger: ".o_searchview_facet:contains('Date') .o_facet_remove", run: "click" },
        { trigger: ".o_group_header:contains('Unreconciled'):contains('30.00')" },
        { content: "with the ledger codes in view", trigger: ".o_group_header:contains('Applied to items'):contains('100.00')" },
        { content: "Swimming got 75", trigger: ".o_group_header:contains('Swimming'):contains('75.00')" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { content: "the total is what came in", trigger: ".o_pivot td:contains('130.00')" },
        { trigger: ".o_menu_sections button:contains('Reports')", run: "click" },
        { trigger: ".dropdown-item:contains('Amounts paid per item')", run: "click" },
        { trigger: ".o_group_header:contains('100.00')", run: "click" },
        { content: "the family paid 100", trigger: ".o_group_header:contains('Tremblay family'):contains('100.00')" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_overview_empty_bank", {
    steps: () => [
        { content: "a bank account without transactions offers the import", trigger: ".o_overview_import", run: "click" },
        { content: "into it", trigger: ".modal .o_field_widget[name=journal_id] input:value('Bank')" },
    ],
});
