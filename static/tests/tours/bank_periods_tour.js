import { registry } from "@web/core/registry";

// January of a bank account: 100 came and is matched with the bank, 40 waits; the bank took a fee of 3 that the books
// don't know. Tick, book the fee, balance, close, look at the snapshot, reopen.
registry.category("web_tour.tours").add("account_reconciliation_bank_period", {
    steps: () => [
        {
            content: "a new period proposes its opening balance",
            trigger: ".o_list_button_add",
            run: "click",
        },
        { trigger: ".o_field_widget[name=journal_id] input", run: "edit Tour bank" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Tour bank')", run: "click" },
        { trigger: ".o_field_widget[name=date_from] button, .o_field_widget[name=date_from] input", run: "click" },
        { trigger: ".o_field_widget[name=date_from] input", run: "edit 01/01/2026" },
        { trigger: ".o_field_widget[name=date_to] button, .o_field_widget[name=date_to] input", run: "click" },
        { trigger: ".o_field_widget[name=date_to] input", run: "edit 01/31/2026" },
        { trigger: ".o_field_widget[name=balance_start] input", run: "edit 1000" },
        { trigger: ".o_field_widget[name=balance_end] input", run: "edit 1097" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "both payments are offered", trigger: ".o_remittance:nth-child(3)" },
        { content: "the footer is red", trigger: ".o_remaining.text-danger:contains('-97.00')" },
        { content: "all that the bank has is one click", trigger: ".o_confirm_matched:contains('(1)')", run: "click" },
        { trigger: ".o_remittance.o_confirmed" },
        { content: "the fee is missing", trigger: ".o_remaining.text-danger:contains('3.00')" },
        {
            content: "space ticks with the keyboard alone",
            trigger: ".o_remittance:not(.o_confirmed) .o_remittance_tick",
            run() {
                this.anchor.focus();
                this.anchor.click();
            },
        },
        { trigger: ".o_total_confirmed:contains('140.00')" },
        { trigger: ".o_remittance:contains('40.00'):contains('Waits') .o_remittance_tick:checked", run: "click" },
        { trigger: ".o_total_confirmed:contains('100.00')" },
        { content: "an entry for the fee, filled in", trigger: ".o_bank_adjustment", run: "click" },
        { trigger: ".modal .o_field_widget[name=amount]:contains('-3.00')" },
        { trigger: ".modal .o_data_row td[name=account_id]", run: "click" },
        { trigger: ".modal .o_data_row td[name=account_id] input", run: "edit Tour fees" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Tour fees')", run: "click" },
        { trigger: ".modal button[name=action_post]", run: "click" },
        { content: "it is in the list at once", trigger: ".o_remittance:contains('-3.00') .o_remittance_tick", run: "click" },
        { content: "nothing remains", trigger: ".o_remaining.text-success:contains('0.00')" },
        { trigger: ".o_statusbar_buttons button[name=action_close_dialog].btn-primary", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { content: "closed: nothing can be ticked", trigger: ".o_remittance_tick:disabled" },
        { trigger: ".oe_stat_button[name=action_open_snapshots]", run: "click" },
        { trigger: ".o_data_row td[name=name]", run: "click" },
        { content: "the snapshot proves itself", trigger: ".o_field_widget[name=is_intact] input:checked" },
        { content: "from its line to the bank", trigger: ".o_data_row button[name=action_open_bank_transaction]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=payment_ref]:contains('Deposit')" },
        { content: "and back", trigger: ".oe_stat_button[name=action_open_bank_reconciliation]", run: "click" },
        { trigger: ".o_bank_remittances" },
        { trigger: "button[name=action_reopen_dialog]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit A cheque was forgotten" },
        { trigger: ".modal button[name=action_apply]:visible", run: "click" },
        { content: "open again", trigger: ".o_remittance_tick:not(:disabled)" },
    ],
});
