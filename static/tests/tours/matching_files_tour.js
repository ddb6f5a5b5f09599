import { registry } from "@web/core/registry";

function receipt(name) {
    const data = new DataTransfer();
    data.items.add(new File(["coffee 4.00"], name, { type: "text/plain" }));
    return data;
}

// A bill with a scan, which a transaction of 40 pays; another transaction of 5.
registry.category("web_tour.tours").add("account_reconciliation_matching_files", {
    steps: () => [
        { trigger: ".o_transaction_label:contains('paid by card')" },
        { content: "the scan of the bill that it may pay", trigger: ".o_file:contains('scan.pdf')", run: "click" },
        { content: "is shown beside it", trigger: ".o_file_shown iframe[title='scan.pdf']" },
        { trigger: ".o_file:contains('scan.pdf')", run: "click" },
        {
            content: "a receipt is dropped",
            trigger: ".o_matching_files:not(:has(.o_file_shown))",
            run({ anchor }) {
                anchor.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: receipt("coffee.txt") }));
            },
        },
        { trigger: ".o_file:contains('coffee.txt')" },
        { content: "ask a colleague", trigger: ".o_ask", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary] input", run: "edit What did we buy?" },
        { trigger: ".modal footer button[name=action_schedule_activities]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_questions:contains('What did we buy?')" },
        { content: "only those with a question", trigger: ".o_matching_question", run: "click" },
        { trigger: ".o_matching_lines:not(:contains('known')) .o_matching_line:contains('paid by card')" },
        { trigger: ".o_clear_filters", run: "click" },
        { trigger: ".o_matching_line:contains('known')" },
        { content: "the balances of this account", trigger: ".o_show_balances", run: "click" },
        { trigger: ".o_matching_balances .o_balance_books" },
    ],
});
