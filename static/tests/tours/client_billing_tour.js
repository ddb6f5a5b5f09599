import { registry } from "@web/core/registry";

// The account of one family: an invoice of 75 + 75 + 20 with 100 paid, and a deposit of 30.
registry.category("web_tour.tours").add("account_reconciliation_client_billing", {
    steps: () => [
        {
            content: "the billing shows the three transactions with their status",
            trigger: ".o_billing_transaction:has([data-status=partial]) .o_billing_expand",
            run: "click",
        },
        {
            content: "the second item is paid in part",
            trigger: ".o_billing_items tr:contains('item 2'):contains('25.00'):contains('50.00')",
        },
        { trigger: ".o_billing_transaction:has([data-status=partial]) .o_billing_reconciliations", run: "click" },
        {
            content: "apply the deposit to the third item",
            trigger: ".modal .o_data_row:nth-of-type(6) td[name=amount]",
            run: "click",
        },
        { trigger: ".modal .o_data_row:nth-of-type(6) td[name=amount] input", run: "edit 20 && press Tab" },
        { content: "the totals are live", trigger: ".modal div[name=totals] tr:contains('20.00'):contains('10.00')" },
        { trigger: ".modal button[name=action_save]", run: "click" },
        { trigger: ".modal:contains('Change the amounts') .btn-primary", run: "click" },
        {
            content: "the deposit is applied in part now",
            trigger: "body:not(:has(.modal)) .o_billing_items tr:contains('item 3'):contains('20.00')",
        },
        {
            content: "pay the rest",
            trigger: ".o_billing_transaction:has([data-status=partial]):contains('Invoice') button:contains('Make payment')",
            run: "click",
        },
        { content: "the invoice is ticked, its amount proposed", trigger: ".modal div[name=item_ids] tr:contains('item 2')" },
        { trigger: ".modal button[name=action_pay]", run: "click" },
        {
            content: "the invoice is fully reconciled",
            trigger: "body:not(:has(.modal)) .o_billing_transaction:contains('Invoice') [data-status=full]",
        },
        {
            content: "delete one reconciliation",
            trigger: ".o_billing_items tr:contains('item 3') button[title='Delete this reconciliation']",
            run: "click",
        },
        { trigger: ".modal .btn-danger", run: "click" },
        {
            content: "its item is open again",
            trigger: "body:not(:has(.modal)) .o_billing_transaction:contains('Invoice') [data-status=partial]",
        },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_reconcile_all", {
    steps: () => [
        { trigger: ".o_menu_sections button:contains('Clients')", run: "click" },
        { trigger: ".dropdown-item:contains('Reconcile all accounts')", run: "click" },
        { content: "what will be done", trigger: ".modal div[name=account_count]:contains('1')" },
        { trigger: ".modal button[name=action_start]", run: "click" },
        { content: "the summary", trigger: ".o_form_view:contains('No money left for the open documents')" },
        { trigger: ".o_data_row button[name=action_open_client_billing]", run: "click" },
        { trigger: ".o_client_billing .o_billing_transaction:contains('Deposit'), .o_billing_transaction:contains('Payment')" },
    ],
});
