import { registry } from "@web/core/registry";

const state = (text) => ({
    content: `it is “${text}”`,
    trigger: `body:not(:has(.modal)) .o_form_view .o_arrow_button_current:contains('${text}')`,
});

// A payer pays two items of one document; the money is there.
registry.category("web_tour.tours").add("account_reconciliation_remittance_advice", {
    steps: () => [
        { content: "paste what the payer wrote", trigger: ".o_control_panel button:contains('Read advice')", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run({ anchor }) {
                anchor.value = "Invoice,Item,Paid\nTOUR-4711,Hockey course,30.00\nTOUR-4711,Locker,20.00\n";
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".modal button[name=action_read]", run: "click" },
        { content: "its lines are found", trigger: ".o_data_row:contains('Hockey course') .badge:contains('Found')" },
        { trigger: ".o_data_row:contains('Locker') .badge:contains('Found')" },
        { content: "book it", trigger: "button[name=action_book]:visible", run: "click" },
        state("Matched"),
        { content: "undo it", trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        state("To review"),
        { content: "and book it again", trigger: "button[name=action_book]:visible", run: "click" },
        state("Matched"),
    ],
});

// Two cheques of one deposit slip; the bank shows 100.
registry.category("web_tour.tours").add("account_reconciliation_deposit_slip", {
    steps: () => [
        { content: "the two cheques", trigger: ".o_data_row:contains('40.00') .o_list_record_selector input", run: "click" },
        { trigger: ".o_data_row:contains('60.00') .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:contains('Actions')", run: "click" },
        { trigger: ".o-dropdown-item:contains('Create deposit slip or payment batch')", run: "click" },
        { content: "a slip of both", trigger: ".o_form_view .o_field_widget[name=amount_total]:contains('100.00')" },
        { trigger: "button[name=action_send]", run: "click" },
        state("On its way"),
        { content: "the bank has it", trigger: "button[name=action_match]", run: "click" },
        state("Cleared"),
        { trigger: ".o_data_row:contains('Cheque 1') .badge:contains('Cleared')" },
        { trigger: ".o_data_row:contains('Cheque 2') .badge:contains('Cleared')" },
    ],
});

// 90 of 100 were paid: the rest is accepted as disputed, then written off.
registry.category("web_tour.tours").add("account_reconciliation_dispute", {
    steps: () => [
        { content: "accept that less was paid", trigger: ".o_form_view button:contains('Dispute the rest')", run: "click" },
        { content: "say why", trigger: ".modal .o_field_widget[name=reason] .o_select_menu_toggler", run: "click" },
        { trigger: ".o_select_menu_item:contains('Damaged goods')", run: "click" },
        { trigger: ".modal .o_field_widget[name=note] input", run: "edit two boxes wet" },
        { trigger: ".modal button[name=action_dispute]", run: "click" },
        { content: "the document says so", trigger: "body:not(:has(.modal)) .o_form_view .alert:contains('is disputed')" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_dispute_settled", {
    steps: () => [
        { content: "the list", trigger: ".o_data_row:contains('two boxes wet') .badge:contains('Disputed')" },
        { content: "write it off", trigger: ".o_data_row:contains('two boxes wet') .fa-eraser", run: "click" },
        { trigger: ".modal .o_field_widget[name=preset_id] input", run: "edit Damages" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Damages')", run: "click" },
        { trigger: ".modal button[name=action_write_off]", run: "click" },
        { content: "settled", trigger: "body:not(:has(.modal)) .o_list_view" },
    ],
});
