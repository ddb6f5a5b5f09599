import { registry } from "@web/core/registry";

const payWithDemo = [
    {
        content: "Choose the demo payment method",
        trigger: 'input[name="o_payment_radio"][data-provider-code="demo"]',
        run: "click",
    },
    {
        content: "Give it something to pay with",
        trigger: "#customer_input",
        run: "edit 4242",
    },
    {
        content: "Pay",
        trigger: 'button[name="o_payment_submit_button"]:enabled',
        run: "click",
        expectUnloadPage: true,
    },
];

registry.category("web_tour.tours").add("account_reconciliation_portal_planned_payment", {
    steps: () => [
        {
            content: "The client sees the dates and amounts that are coming",
            trigger: ".o_planned_payments .o_planned_payment:nth-child(2):contains(75.00)",
        },
        {
            content: "Nothing of what is reconciled with what is on the page",
            trigger: "body:not(:contains(econciliation))",
        },
        {
            content: "Only the next one can be paid",
            trigger: ".o_planned_payment:nth-child(2):not(:has(.o_pay_planned))",
        },
        {
            content: "Pay it",
            trigger: ".o_planned_payment:first-child .o_pay_planned",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The dialog asks for the amount of the planned payment",
            trigger: "#pay_with.show #o_payment_installments_tab.active:contains(20.00)",
        },
        ...payWithDemo,
        {
            content: "Back on the invoice, one is left",
            trigger: ".o_planned_payments:not(:has(.o_planned_payment:nth-child(2))) .o_planned_payment:contains(75.00)",
            timeout: 30000,
        },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_portal_overdue", {
    steps: () => [
        {
            content: "What is asked for is what is open",
            trigger: 'span[name="o_payment_summary_amount"]:contains(150.00), .text-bg-light:contains(150.00)',
        },
        ...payWithDemo,
        {
            content: "Back on the list",
            trigger: ".o_portal_my_doc_table, .o_portal_wrap table",
            timeout: 30000,
        },
    ],
});
