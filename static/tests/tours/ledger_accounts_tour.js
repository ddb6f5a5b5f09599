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
        { content: "undo it", trigger: ".o_ledger_account", run: press("z") },
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

registry.category("web_tour.tours").add("account_reconciliation_ledger_rule", {
    steps: () => [
        { content: "open the rule", trigger: ".o_data_row:contains('Payouts') td[name=name]", run: "click" },
        { content: "it shows what it would reconcile", trigger: ".o_field_widget[name=preview]:contains('1 reconciliations')" },
        { content: "run it", trigger: "button[name=action_run]", run: "click" },
        { content: "the summary opens", trigger: ".o_field_widget[name=partial_count]:contains('1')" },
        { content: "it says what is still open", trigger: ".o_field_widget[name=line_count]:contains('1')" },
        { content: "undo the run", trigger: "button[name=action_start_undo]", run: "click" },
        { content: "confirm", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "nothing of it is left", trigger: ".o_field_widget[name=reconciliation_ids] .o_data_row:contains('Undone')" },
        { content: "there is nothing more to undo", trigger: ".o_form_statusbar:not(:has(button[name=action_start_undo]))" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_ledger_proof", {
    steps: () => [
        { content: "open the proof", trigger: ".o_data_row:contains('Card clearing') td[name=account_id]", run: "click" },
        { content: "the balance of the day", trigger: ".o_field_widget[name=balance]:contains('100.00')" },
        { content: "say what is open", trigger: ".o_field_widget[name=note] textarea", run: "edit Settled in February" },
        { content: "sign it", trigger: "button[name=action_prepare]", run: "click" },
        { content: "it waits for the other person", trigger: "button[name=action_review]" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_ledger_closing", {
    steps: () => [
        { content: "create a closing checklist", trigger: ".o_list_button_add", run: "click" },
        { content: "it says when its list comes", trigger: "div:contains('listed once this is saved')" },
        { content: "save it", trigger: ".o_form_button_save", run: "click" },
        { content: "the reviewed account is done", trigger: ".o_field_widget[name=line_ids] .o_data_row.text-success:contains('Card clearing')" },
        { content: "a bank account is not", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('No period covers this day'):not(.text-success)" },
        { content: "look again", trigger: "button[name=action_refresh]", run: "click" },
        { content: "it is as it was", trigger: ".o_field_widget[name=done_count]" },
    ],
});
