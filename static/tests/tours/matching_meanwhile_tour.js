import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { BankMatching } from "@account_reconciliation/bank_matching/bank_matching";
import { BankTransaction } from "@account_reconciliation/bank_matching/bank_transaction";
import { noDialog, press, pressKey, selected, shown, suggested, unmatched } from "@account_reconciliation/../tests/tours/matching_steps";

// What happens on the screen while something else happens on the server.
const tours = registry.category("web_tour.tours");

// The transaction on screen is for an invoice of 41.17; another bank account has one of the same amount.
const paidElsewhere = {
    content: "somebody else matches the invoice on another bank account",
    trigger: ".o_bank_matching",
    run: async () => {
        const call = (model, method, ...args) =>
            rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
        const [invoiceId] = await call("account.move", "search", [["amount_total", "=", 41.17], ["move_type", "=", "out_invoice"]]);
        const [lineId] = await call("account.bank.statement.line", "search", [["payment_ref", "=", "the other bank"]]);
        await call("account.bank.statement.line", "match_with", [lineId], [["account.move", invoiceId]]);
    },
};
const toldWhatIsGone = { content: "it is shown", trigger: ".o_notification:contains('Nothing of')" };
const newSuggestions = { content: "and the suggestions are new", trigger: ".o_no_suggestion" };

tours.add("account_reconciliation_matching_stale", {
    steps: () => [suggested, paidElsewhere, press("Enter"), toldWhatIsGone, noDialog, newSuggestions, unmatched(1)],
});

// The same, with another transaction below it.
tours.add("account_reconciliation_matching_refused", {
    steps: () => [
        shown("Tremblay family"),
        suggested,
        paidElsewhere,
        press("Enter"),
        toldWhatIsGone,
        noDialog,
        selected("Tremblay family"),
        shown("Tremblay family"),
        newSuggestions,
        unmatched(2),
    ],
});

let release;

/** Bookings reach the server when the tour releases them. */
function holdBookings() {
    const held = new Promise((resolve) => (release = resolve));
    const unpatch = patch(BankTransaction.prototype, {
        async change(...args) {
            await held;
            unpatch();
            return super.change(...args);
        },
    });
}

// Two invoices of 41.17 and 52.33 that are named in the labels of two transactions.
tours.add("account_reconciliation_matching_meanwhile", {
    steps: () => [
        shown("Tremblay family"),
        suggested,
        { content: "the server takes its time", trigger: ".o_bank_matching", run: holdBookings },
        press("Enter"),
        { content: "the next one shows at once", trigger: ".o_transaction_label:contains('00002')" },
        { content: "what it may be waits for the booking", trigger: ".o_bank_transaction:not(:has(.o_suggestion))" },
        unmatched(2),
        { content: "nothing is booked before", trigger: ".o_bank_matching", run: () => pressKey("Enter") },
        { content: "what is being booked can be undone", trigger: ".o_bank_matching", run: () => pressKey("z") },
        { content: "the server answers", trigger: ".o_bank_matching", run: () => release() },
        { content: "the booking is shown", trigger: ".o_notification:contains('Undone')" },
        unmatched(2),
        suggested,
    ],
});

// The page is opened anew, and before its first answer is there an import tells what it did.
tours.add("account_reconciliation_matching_message_while_opening", {
    steps: () => [
        {
            trigger: ".o_matching_line:contains('rent')",
            run() {
                const unpatch = patch(BankMatching.prototype, {
                    fetch() {
                        const fetched = super.fetch();
                        unpatch();
                        const counts = { journal_id: this.place.journal, imported: 1, matched: 0, unmatched: 1 };
                        Promise.resolve().then(() => this.onMatched(counts));
                        return fetched;
                    },
                });
                document.querySelector(".o_bank_matching").dataset.page = "before";
            },
        },
        { trigger: ".o_menu_sections button:contains('Bank')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('Bank Matching')", run: "click" },
        { content: "the import is shown", trigger: ".o_notification:contains('1 imported')" },
        { content: "and the page is there", trigger: ".o_bank_matching:not([data-page]) .o_matching_line:contains('rent')" },
    ],
});
