import { registry } from "@web/core/registry";

const press = (key) => ({ anchor }) =>
    anchor.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

registry.category("web_tour.tours").add("account_reconciliation_ledger_account", {
    steps: () => [
        { content: "the list leads to the account", trigger: ".o_data_row:contains('Card clearing') td[name=line_count]", run: "click" },
        { content: "all that is open is counted", trigger: ".o_ledger_count:contains('6')" },
        { content: "a suggestion tells why", trigger: ".o_ledger_suggestion:contains('The reference P-1 is on all of them')" },
        { content: "it is accepted by its key", trigger: ".o_ledger_account", run: press("1") },
        { content: "what was done is said", trigger: ".o_notification:contains('3 lines reconciled')" },
        { content: "and is no longer open", trigger: ".o_ledger_count:contains('3')" },
        { content: "take it back", trigger: ".o_ledger_account", run: press("z") },
        { content: "all is open again", trigger: ".o_ledger_count:contains('6')" },
        { content: "group by reference", trigger: "button[data-group=reference]", run: "click" },
        { content: "select a group", trigger: ".o_ledger_group[data-name='Q-7'] input", run: "click" },
        { content: "the difference shows as it is selected", trigger: ".o_sum_difference:contains('5.00')" },
        { content: "book it", trigger: ".o_ledger_difference", run: "click" },
        { content: "choose the account", trigger: ".o_difference_dialog .o_record_selector input", run: "edit Card differences" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Card differences') a", run: "click" },
        { content: "say why", trigger: ".o_difference_label", run: "edit Fee of the card company" },
        { trigger: ".o_difference_confirm:enabled", run: "click" },
        { content: "both lines are reconciled in full", trigger: ".o_notification:contains('2 lines reconciled')" },
        { content: "one stays", trigger: ".o_ledger_count:contains('4')" },
        { content: "what was reconciled is listed", trigger: ".o_ledger_history", run: "click" },
        { trigger: ".o_data_row:contains('With its difference booked')" },
        { trigger: ".o_data_row:contains('Undone')" },
    ],
});
