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
            content: "grouped by payment: what the first applies",
            trigger: ".modal .o_reconciliation_group:contains('100.00 applied, $ 0.00 left')",
        },
        {
            content: "apply the deposit to the third item",
            trigger: ".modal .o_reconciliation_group:contains('30.00 left') ~ .o_data_row:contains('item 3') td[name=amount]",
            run: "click",
        },
        {
            trigger: ".modal .o_reconciliation_group:contains('30.00 left') ~ .o_data_row:contains('item 3') td[name=amount] input",
            run: "edit 20 && press Tab",
        },
        {
            content: "the group is live",
            trigger: ".modal .o_reconciliation_group:contains('20.00 applied, $ 10.00 left')",
        },
        { content: "so is the header", trigger: ".modal div[name=amount_residual]:contains('50.00')" },
        { content: "saved without another question", trigger: ".modal button[name=action_save]", run: "click" },
        {
            content: "the deposit is applied in part now",
            trigger: "body:not(:has(.modal)) .o_billing_items tr:contains('item 3'):contains('20.00')",
        },
        {
            content: "undo it from the message",
            trigger: ".o_notification:contains('modified') button:contains('Undo')",
            run: "click",
        },
        {
            content: "the third item is open again",
            trigger: ".o_billing_items tr:contains('item 3'):contains('nothing yet')",
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
        {
            content: "its item is open again, and the message offers to undo it",
            trigger: "body:has(.o_notification:contains('deleted') button:contains('Undo')) .o_billing_transaction:contains('Invoice') [data-status=partial]",
        },
        {
            content: "search by amount",
            trigger: ".o_billing_search",
            run: "edit 30",
        },
        { trigger: ".o_billing_table:not(:has(tr:contains('Invoice'))) .o_billing_transaction:contains('Deposit')" },
        { trigger: ".o_billing_clear", run: "click" },
        { content: "by status", trigger: ".o_billing_status[data-filter=not_reconciled]", run: "click" },
        { trigger: ".o_billing_table:not(:has(.o_billing_transaction:contains('Invoice')))" },
        { trigger: ".o_billing_clear", run: "click" },
        { content: "only what is overdue", trigger: ".o_billing_only_overdue", run: "click" },
        { trigger: ".o_billing_table:not(:has(.o_billing_transaction:contains('Deposit'))) .o_billing_due:contains('days overdue')" },
        { trigger: ".o_billing_clear", run: "click" },
        { content: "reconcile the account: the page stays", trigger: ".o_reconcile_account", run: "click" },
        {
            trigger: ".o_client_billing:has(.o_billing_transaction:contains('Payment'))",
        },
        {
            content: "the message says what was done",
            trigger: ".o_notification:contains('reconciled in') button:contains('Undo')",
        },
        { content: "the statement of account", trigger: ".o_statement_of_account", run: "click" },
        { content: "says what it holds", trigger: ".modal div[name=summary]:contains('movements')" },
        { trigger: ".modal button[name=action_attach]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_notification:contains('attached')" },
        {
            content: "the form of the invoice",
            trigger: ".o_billing_transaction:has([data-status=full]):contains('Invoice') a.text-break",
            run: "click",
        },
        { content: "its tab is read when it is opened", trigger: ".o_notebook a[name=reconciliations]", run: "click" },
        {
            content: "its items, and what paid them",
            trigger: ".o_widget_form_tab:has(.o_data_row:contains('item 2')) .o_field_widget[name=reconciliation_line_ids] .o_data_row",
        },
    ],
});

// The same account on a phone.
registry.category("web_tour.tours").add("account_reconciliation_client_billing_phone", {
    steps: () => [
        { content: "an overdue invoice", trigger: ".o_billing_transaction:contains('days overdue') .o_billing_expand", run: "click" },
        { trigger: ".o_billing_reconciliations_small", run: "click" },
        { trigger: ".modal .o_reconciliation_group:contains('applied')" },
        { trigger: ".modal footer button:contains('Close'), .modal .btn-close, .modal .oi-arrow-left", run: "click" },
        {
            content: "nothing is wider than the screen",
            trigger: "body:not(:has(.modal)) .o_client_billing",
            run() {
                const wide = [...document.querySelectorAll(".o_client_billing .o_billing_transaction, .o_billing_filters")].filter(
                    (element) => element.getBoundingClientRect().right > window.innerWidth + 1
                );
                if (wide.length) {
                    throw new Error(`${wide.length} rows are wider than the screen`);
                }
            },
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
