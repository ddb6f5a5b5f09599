import { registry } from "@web/core/registry";
import {
    noDialog, press, pressKey, selected, SELECTED, shown, suggested, unmatched,
} from "@account_reconciliation/../tests/tours/matching_steps";

const tours = registry.category("web_tour.tours");

// Two invoices of 41.17 and 52.33 that are named in the labels of two transactions.
tours.add("account_reconciliation_matching_accept", {
    steps: () => [
        unmatched(2),
        shown("Tremblay family"),
        suggested,
        { content: "with reasons in words", trigger: ".o_suggestion .o_reasons:contains('found in the label')" },
        press("?", "the sheet of keys"),
        { trigger: ".modal .o_keys_sheet:contains('Next transaction')" },
        press("Enter", "keys do nothing while a dialog is open", ".modal"),
        { trigger: ".modal footer .btn-primary", run: "click" },
        noDialog,
        unmatched(2),
        press("Enter"),
        unmatched(1),
        { content: "the next one is shown by itself", trigger: ".o_suggestion .o_suggestion_names:contains('00002')" },
        {
            content: "where digits are typed with shift, that is still the key of a preset, of which there is none",
            trigger: ".o_suggestion .o_accept",
            run: () => pressKey("1", document.body, true),
        },
        press("?", "time passes"),
        { trigger: ".modal footer .btn-primary", run: "click" },
        noDialog,
        unmatched(1),
        press("1"),
        { content: "all is matched", trigger: ".o_all_matched" },
        unmatched(0),
        {
            content: "the notification offers to undo; the older match stays",
            trigger: ".o_notification:contains('Matched with') button:contains('Undo')",
            run: "click",
        },
        unmatched(1),
        { trigger: ".o_suggestion .o_suggestion_names:contains('00002')" },
        press("Enter"),
        { trigger: ".o_all_matched" },
        { trigger: "[data-tab=manual]", run: "click" },
        { trigger: `${SELECTED}:contains('41.17')` },
        press("z"),
        unmatched(1),
    ],
});

// A returned direct debit.
tours.add("account_reconciliation_matching_return", {
    steps: () => [
        unmatched(1),
        suggested,
        { trigger: ".o_suggestion:contains('Returned payment')" },
        { trigger: ".o_suggestion .o_reasons:contains('There was not enough money in the account')" },
        { content: "a payment is returned whole", trigger: ".o_suggestion:not(:has(.o_adjust))" },
        press("Enter"),
        { trigger: ".o_all_matched" },
        { trigger: "[data-tab=manual]", run: "click" },
        { content: "what it did is shown", trigger: ".o_explanation:contains('The bank gives the reason of a return')" },
        { trigger: ".o_open_matched", run: "click" },
        { trigger: ".o_field_widget[name=reason]:contains('There was not enough money in the account')" },
        { content: "what is open again", trigger: ".o_field_widget[name=line_ids] td:contains('75.00')" },
        { trigger: "button[name=action_open_charge]", run: "click" },
        { content: "the client is charged", trigger: ".o_field_widget[name=partner_id]:contains('Tremblay family')" },
    ],
});

// A policy covers the 50 cents that are missing.
tours.add("account_reconciliation_matching_difference", {
    steps: () => [
        unmatched(1),
        suggested,
        { trigger: ".o_suggestion .o_reasons:contains('0.50 less than is open is written off: Rounding')" },
        press("Enter"),
        { trigger: ".o_all_matched" },
    ],
});

// Three transactions, the newest of which has a likely suggestion.
tours.add("account_reconciliation_matching_go_on", {
    steps: () => [
        unmatched(3),
        suggested,
        {
            content: "accept, and go on before the server has answered",
            trigger: ".o_bank_matching",
            run: () => ["Enter", "j", "j"].forEach((key) => pressKey(key)),
        },
        unmatched(2),
        { content: "it is shown", trigger: ".o_notification:contains('Matched with')" },
        selected("third"),
        shown("third"),
    ],
});

// A transaction of 145; invoices of 70 and 80 with the references “camp one” and “camp two”.
tours.add("account_reconciliation_matching_several", {
    steps: () => [
        shown("summer"),
        { content: "the search is there", trigger: ".o_target_search" },
        press("s", "the key goes to the search"),
        { trigger: ".o_target_search:focus", run: "edit camp && press Enter" },
        { trigger: ".o_target:contains('70.00') input", run: "click" },
        { content: "what is left is seen", trigger: ".o_rest:contains('75.00 is left')" },
        { trigger: ".o_target:contains('80.00') input", run: "click" },
        { content: "the second takes what is left", trigger: ".o_rest:contains('adds up')" },
        { trigger: ".o_chosen_row:eq(1) .o_chosen_amount", run: "edit 80 && press Tab" },
        { content: "more than there is can't be matched", trigger: ".o_rest:contains('5.00 too much')" },
        { trigger: ".o_match_chosen:disabled" },
        { content: "a fee takes the difference", trigger: ".o_preset:contains('Card charges')", run: "click" },
        { trigger: ".o_rest:contains('booked as Card charges')" },
        { trigger: ".o_match_chosen:enabled", run: "click" },
        { trigger: ".o_all_matched" },
    ],
});

tours.add("account_reconciliation_matching_expense", {
    steps: () => [
        unmatched(3),
        shown("monthly charge"),
        { trigger: ".o_preset:contains('Card charges')", run: "click" },
        unmatched(2),
        shown("noise"),
        { trigger: ".o_ignore" },
        press("i"),
        { content: "without a reason nothing happens", trigger: ".modal .o_ignore_confirm:disabled" },
        { trigger: ".modal #o_ignore_reason", run: "edit A test of the bank" },
        { trigger: ".modal .o_ignore_confirm:enabled", run: "click" },
        unmatched(1),
        shown("to the other account"),
        { trigger: "[data-tab=ignored]", run: "click" },
        { trigger: `${SELECTED}:contains('A test of the bank')` },
        { trigger: ".o_unignore", run: "click" },
        { trigger: ".o_matching_empty" },
        { trigger: "[data-tab=unmatched]", run: "click" },
        unmatched(2),
        { trigger: ".o_matching_line:contains('to the other account')", run: "click" },
        shown("to the other account"),
        { trigger: ".o_transfer" },
        press("t"),
        { trigger: ".o_transfer_side:contains('came in') .o_transfer_match", run: "click" },
        unmatched(1),
        selected("noise"),
    ],
});

tours.add("account_reconciliation_matching_undo", {
    steps: () => [
        shown("Tremblay"),
        { content: "what it paid", trigger: ".o_booked:contains('INV/2026/00001'):contains('40.00')" },
        { content: "who decided", trigger: ".o_decisions:contains('Matched by a person'):contains('matching.accountant')" },
        { content: "undoing asks first", trigger: ".o_undo", run: "click" },
        { trigger: ".modal:contains('open again') .btn-primary", run: "click" },
        noDialog,
        unmatched(1),
        { content: "nothing is matched by hand any more", trigger: ".o_matching_empty" },
    ],
});

// Three invoices that are named in the labels of three transactions, two of one amount that nothing names.
tours.add("account_reconciliation_matching_bulk", {
    steps: () => [
        unmatched(4),
        press("b"),
        { content: "what is sure is ticked", trigger: ".modal .o_bulk_found:contains('3 of 4')" },
        { content: "a near rival is not", trigger: ".modal .o_review_row:contains('who knows'):has(.o_rival) input:not(:checked)" },
        { content: "money in and out apart", trigger: ".modal .o_bulk_found:contains('157.21')" },
        { trigger: ".modal .o_review_row:contains('63.71') input", run: "click" },
        { trigger: ".modal .o_bulk_accept:enabled:contains('Accept 2')", run: "click" },
        { trigger: ".modal .o_bulk_done:contains('2 matched')" },
        { trigger: ".modal .o_bulk_close", run: "click" },
        unmatched(2),
        { content: "one undo for all", trigger: ".o_notification:contains('2 matched') button:contains('Undo')", run: "click" },
        unmatched(4),
        press("b"),
        { trigger: ".modal .o_bulk_accept:enabled:contains('Accept 3')", run: "click" },
        { trigger: ".modal .o_bulk_close", run: "click" },
        unmatched(1),
        { trigger: "[data-tab=manual]", run: "click" },
        { content: "also later, from a decision", trigger: ".o_decisions .o_undo_batch", run: "click" },
        unmatched(4),
        press("b"),
        { trigger: ".modal .o_bulk_accept:enabled:contains('Accept 3')", run: "click" },
        { trigger: ".modal .o_bulk_close", run: "click" },
        unmatched(1),
    ],
});

// An invoice that is named in a label, two charges, and what nobody knows.
tours.add("account_reconciliation_matching_list", {
    steps: () => [
        unmatched(4),
        { content: "what has no suggestion is marked", trigger: ".o_matching_line:contains('who knows') .o_no_suggestion" },
        { content: "the suggestion is in the row", trigger: ".o_matching_line:contains('41.17') .o_line_suggestion:contains('INV/')" },
        { content: "it is accepted without being opened", trigger: ".o_matching_line:contains('41.17') .o_ok", run: "click" },
        unmatched(3),
        { trigger: ".o_matching_direction", run: "selectByLabel Money out" },
        { trigger: ".o_matching_lines:not(:contains('who knows'))" },
        { trigger: ".o_matching_order", run: "selectByLabel Largest out first" },
        { trigger: ".o_matching_line:eq(0):contains('charge two')" },
        { trigger: ".o_matching_all input", run: "click" },
        { content: "sums of what is selected", trigger: ".o_matching_selected:contains('2 selected'):contains('-20.00')" },
        { trigger: ".o_many_book", run: "click" },
        { trigger: ".modal .o_many_preset", run: "selectByLabel Card charges" },
        { trigger: ".modal .o_many_confirm:enabled", run: "click" },
        { trigger: ".o_notification:contains('2 booked')" },
        { trigger: ".o_clear_filters", run: "click" },
        unmatched(1),
        { trigger: ".o_matching_line:contains('who knows')" },
        press(" ", "the space bar selects"),
        { trigger: ".o_matching_selected:contains('1 selected')" },
        { trigger: ".o_many_ignore", run: "click" },
        { trigger: ".modal #o_ignore_reason", run: "edit A test" },
        { trigger: ".modal .o_ignore_confirm:enabled", run: "click" },
        { trigger: ".o_all_matched" },
    ],
});

// “Always do this” after an expense.
tours.add("account_reconciliation_matching_repeat", {
    steps: () => [
        shown("GREEN GROCER"),
        { trigger: ".o_book_account" },
        press("a"),
        { trigger: ".o_booking_line .o_line_what input:focus", run: "edit 6201" },
        { trigger: ".o_booking_line .o-autocomplete--dropdown-item:contains('Bank fees')", run: "click" },
        { trigger: ".o_rest:contains('It adds up.'):not(:contains('Say'))" },
        { trigger: ".o_match_chosen:enabled", run: "click" },
        { trigger: ".o_notification button:contains('Always do this')", run: "click" },
        { content: "the words that separate", trigger: ".modal #o_preset_label:value(GREEN GROCER)" },
        { content: "what it would have caught", trigger: ".modal .o_preset_caught:contains('caught 1 of the last 2')" },
        { trigger: ".modal #o_preset_name", run: "edit Groceries" },
        { trigger: ".modal .o_preset_create:enabled", run: "click" },
        { trigger: ".o_notification:contains('Groceries')" },
        { content: "the other one has it as its suggestion", trigger: ".o_matching_line:contains('GREEN GROCER') .o_line_suggestion:contains('Groceries')" },
    ],
});

// On a phone: the list, then the line, and back.
tours.add("account_reconciliation_matching_phone", {
    steps: () => [
        unmatched(2),
        { content: "the list alone", trigger: ".o_matching_panes:not(.o_shows_line) .o_matching_line:contains('41.17')", run: "click" },
        { content: "then the line alone", trigger: ".o_shows_line .o_suggestion .o_accept" },
        {
            content: "nothing is wider than the screen",
            trigger: ".o_shows_line",
            run: () => {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error(`The page is ${document.documentElement.scrollWidth} wide`);
                }
            },
        },
        { trigger: ".o_suggestion .o_accept", run: "click" },
        unmatched(1),
        { trigger: ".o_back_to_list", run: "click" },
        { trigger: ".o_matching_panes:not(.o_shows_line) .o_matching_line:contains('who knows')" },
    ],
});

tours.add("account_reconciliation_matching_certain", {
    steps: () => [
        { trigger: ".o_match_certain", run: "click" },
        { trigger: ".modal .o_bulk_done:contains('1 matched')" },
        { trigger: ".modal .o_bulk_close", run: "click" },
        { trigger: ".o_all_matched" },
        { trigger: "[data-tab=matched]", run: "click" },
        { trigger: ".o_bank_transaction:contains('Auto-matched') .o_explanation:contains('exactly')" },
    ],
});

// The URL names the tab, a search of digits, and the second transaction.
tours.add("account_reconciliation_matching_place", {
    steps: () => [
        { content: "the tab of the URL", trigger: "[data-tab=ignored].active" },
        { content: "its search, leading zeros and all", trigger: ".o_matching_search:value(00012)" },
        selected("00012 rent of hall"),
        { content: "what isn't found isn't shown", trigger: ".o_matching_lines:not(:contains('12 shop'))" },
        press("k"),
        {
            content: "another line",
            trigger: `${SELECTED}:not(:contains('of hall'))`,
        },
        {
            content: "the URL follows",
            trigger: ".o_bank_matching",
            run: async () => {
                await new Promise((resolve) => setTimeout(resolve, 100));
                const query = new URL(window.location.href).searchParams;
                if (query.get("tab") !== "ignored" || !query.get("search").includes("00012") || !query.get("line")) {
                    throw new Error(`The URL lost the place: ${window.location.href}`);
                }
            },
        },
        { content: "another tab", trigger: "[data-tab=all]", run: "click" },
        { trigger: "[data-tab=all].active" },
        { content: "a document is opened", trigger: ".o_transaction_label a", run: "click" },
        { trigger: ".o_form_view" },
        { content: "the browser's back button", trigger: ".o_form_view", run: () => window.history.back() },
        { trigger: ".o_bank_matching [data-tab=all].active" },
        { trigger: ".o_matching_search:value(00012)" },
        { content: "and back again", trigger: ".o_bank_matching", run: () => window.history.back() },
        { trigger: ".o_bank_matching [data-tab=ignored].active" },
        { trigger: ".o_matching_search:value(00012)" },
    ],
});

tours.add("account_reconciliation_matching_hostile", {
    steps: () => [
        shown("<b>bold</b> rent"),
        selected("<b>bold</b> rent"),
        { content: "nothing of it became a tag", trigger: "body:not([data-hacked]) .o_bank_matching:not(:has(img)):not(:has(.o_matching_label b))" },
    ],
});

tours.add("account_reconciliation_matching_card", {
    steps: () => [
        { trigger: ".o_match_card:contains('1 to match'):contains('10.00'):contains('Last import')" },
        { trigger: ".o_kanban_record button[name=action_open_bank_matching]", run: "click" },
        shown("rent"),
        unmatched(1),
    ],
});

// An expense of 115, then a receipt of 180 for an invoice of 182.95.
tours.add("account_reconciliation_matching_booking", {
    steps: () => [
        unmatched(2),
        shown("hall in March"),
        { trigger: ".o_book_account" },
        press("a", "one key opens the panel"),
        { content: "the whole amount waits for its account", trigger: ".o_booking_line .o_takes_rest:value(115.00)" },
        { content: "the account has the focus", trigger: ".o_booking_line .o_line_what input:focus", run: "edit 6132" },
        { trigger: ".o_booking_line .o-autocomplete--dropdown-item:contains('Rent of halls')", run: "click" },
        { trigger: ".o_rest:contains('It adds up')" },
        { content: "a part of it", trigger: ".o_booking_line .o_chosen_amount", run: "edit 100 && press Tab" },
        { content: "the remainder is live", trigger: ".o_rest:contains('15.00 is missing')" },
        { trigger: ".o_match_chosen:disabled" },
        { trigger: ".o_line_label", run: "edit Hall && press Tab" },
        { trigger: ".o_line_taxes input", run: "edit 15" },
        { trigger: ".o_line_taxes .o-autocomplete--dropdown-item:contains('15')", run: "click" },
        { content: "a second line takes the rest", trigger: ".o_add_line", run: "click" },
        { trigger: ".o_booking_line:eq(1) .o_takes_rest:value(15.00)" },
        { trigger: ".o_booking_line:eq(1) .o_line_what input:focus", run: "edit 6201" },
        { trigger: ".o_booking_line:eq(1) .o-autocomplete--dropdown-item:contains('Bank fees')", run: "click" },
        { content: "Enter books", trigger: ".o_booking_line:eq(1) .o_line_what input", run: "press Enter" },
        { trigger: ".o_notification:contains('Booked: hall in March')" },
        unmatched(1),
        shown("less a fee"),
        { content: "what is open is in view", trigger: ".o_suggestion:contains('182.95') .o_pay_full" },
        press("d", "in full, the difference to another account"),
        { trigger: ".o_chosen_row .o_of_open:contains('182.95 open')" },
        { trigger: ".o_booking_line .o_takes_rest:value(-2.95)" },
        { content: "recent accounts first", trigger: ".o_booking_line .o_line_what input:focus", run: "click" },
        { trigger: ".o_booking_line .o-autocomplete--dropdown-item:eq(0):contains('Rent of halls')" },
        { trigger: ".o_booking_line .o-autocomplete--dropdown-item:eq(1):contains('Bank fees')", run: "click" },
        { trigger: ".o_rest:contains('It adds up')" },
        { trigger: ".o_booking_line .o_line_what input", run: "press Enter" },
        { trigger: ".o_all_matched" },
    ],
});

// 500 went out; nothing of it is on the other account yet.
tours.add("account_reconciliation_matching_transfer_waiting", {
    steps: () => [
        unmatched(2),
        shown("to the other account"),
        { trigger: ".o_transfer" },
        press("t"),
        { content: "where to", trigger: ".o_booking_line .o_line_journal", run: "selectByLabel Savings" },
        { trigger: ".o_rest:contains('It adds up')" },
        { trigger: ".o_match_chosen:enabled", run: "click" },
        unmatched(1),
        shown("advance"),
        { content: "a deposit on the client's account", trigger: ".o_book_account", run: "click" },
        { trigger: ".o_booking_line .o_line_kind", run: "select client" },
        { trigger: ".o_booking_line .o_line_what input", run: "edit Tremblay" },
        { trigger: ".o_booking_line .o-autocomplete--dropdown-item:contains('Tremblay')", run: "click" },
        { trigger: ".o_rest:contains('It adds up')" },
        { trigger: ".o_match_chosen:enabled", run: "click" },
        { trigger: ".o_all_matched" },
        { trigger: "[data-tab=manual]", run: "click" },
        { trigger: ".o_matching_line:contains('to the other account')", run: "click" },
        { content: "it tells what it waits for", trigger: ".o_transfer_waiting:contains('not there yet')" },
    ],
});
