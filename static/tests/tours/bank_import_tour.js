import { registry } from "@web/core/registry";

function transfer(text, name) {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "application/octet-stream" }));
    return data;
}

// An MT940 statement of the test's bank account: one rent of 100.00 for each day of April 2026 that is named.
function statement(days) {
    const rents = days.map((day) => `:61:26040${day}040${day}C100,00NTRFNONREF\r\n:86:Rent of hall, day ${day}`);
    const closing = `${1000 + 100 * days.length},00`;
    return [
        ":20:STMT", ":25:000123456789", ":28C:1/1", ":60F:C260401USD1000,00", ...rents,
        `:62F:C260430USD${closing}`, "-", "",
    ].join("\r\n");
}

function choose(text, name) {
    return ({ anchor }) => {
        anchor.files = transfer(text, name).files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

// What a person does with the mouse: a file comes over the place, and is let go on what then shows.
function drag(text, name) {
    return ({ anchor }) => {
        anchor.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer: transfer(text, name) }));
    };
}

function drop(text, name) {
    return ({ anchor }) => {
        anchor.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: transfer(text, name) }));
    };
}

const preview = (count) => [
    { content: "the preview says what it would do", trigger: ".modal .o_data_row td[name=line_count]:contains('" + count + "')" },
    { content: "what it is made of", trigger: ".modal .o_first_lines:contains('·')" },
    { content: "nothing is written yet", trigger: ".modal:contains('Nothing has been written yet')" },
    { trigger: ".modal footer button[name=action_import]", run: "click" },
];

registry.category("web_tour.tours").add("account_reconciliation_bank_import", {
    steps: () => [
        {
            content: "the bank journal's card offers the import",
            trigger: ".o_kanban_record:contains('Bank') button[name=action_import_bank_statement]",
            run: "click",
        },
        {
            content: "the dialog takes a file",
            trigger: ".modal .o_field_many2many_binary input.o_input_file:not(:visible)",
            run: choose(statement([1, 2]), "april.sta"),
        },
        { content: "it is uploaded", trigger: ".modal .o_attachment:contains('april.sta')" },
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        ...preview(2),
        { content: "the transactions show", trigger: ".o_data_row td[name=payment_ref]:contains('day 2')" },
        { content: "all of them", trigger: ".o_data_row td[name=payment_ref]:contains('day 1')" },
    ],
});
registry.category("web_tour.tours").add("account_reconciliation_bank_import_from_matching", {
    steps: () => [
        { content: "nothing but the import is offered", trigger: ".o_bank_matching:not(:has(.o_matching_progress))" },
        { trigger: ".o_matching_empty button:contains('Import statements')", run: "click" },
        {
            content: "the dialog says where a file can be dropped",
            trigger: ".modal .o_statement_files:contains('Drop bank statements here')",
            run: drop(statement([1, 2]), "april.sta"),
        },
        { trigger: ".modal .o_attachment:contains('april.sta')" },
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        ...preview(2),
        { content: "one matches at once", trigger: ".o_bank_matching .o_matching_line:contains('day 2')" },
        { content: "without an error", trigger: "body:not(:has(.modal))" },
    ],
});
registry.category("web_tour.tours").add("account_reconciliation_bank_drop_on_card", {
    steps: () => [
        {
            content: "a file over the bank journal's card",
            trigger: ".o_kanban_record:has(button[name=action_import_bank_statement]):contains('Bank')",
            run: drag(statement([1, 2, 3]), "april.sta"),
        },
        {
            content: "is dropped",
            trigger: ".o_kanban_record .o_drop_area.drag_to_card",
            run: drop(statement([1, 2, 3]), "april.sta"),
        },
        ...preview(3),
        { content: "the transactions show", trigger: ".o_data_row td[name=payment_ref]:contains('day 3')" },
    ],
});
registry.category("web_tour.tours").add("account_reconciliation_bank_transactions", {
    steps: () => [
        { content: "the list shows what was imported", trigger: ".o_data_row td[name=payment_ref]:contains('day 1')" },
        { content: "and takes files", trigger: ".o_control_panel button:contains('Upload')" },
        { trigger: ".o_list_renderer", run: drag(statement([1, 4]), "more.sta") },
        {
            content: "the list says where to let go",
            trigger: ".o_drop_area:contains('Drop bank statements here')",
            run: drop(statement([1, 4]), "more.sta"),
        },
        {
            content: "one of them is there already",
            trigger: ".modal .o_data_row td[name=duplicate_count]:contains('1')",
        },
        ...preview(2),
        { content: "the other one is added", trigger: ".o_data_row td[name=payment_ref]:contains('day 4')" },
        { trigger: ".o_data_row td[name=payment_ref]:contains('day 1')", run: "click" },
        { content: "the bank's own row is kept", trigger: ".o_form_view div[name=raw_text]:contains(':61:')" },
    ],
});
registry.category("web_tour.tours").add("account_reconciliation_bank_suspected", {
    steps: () => [
        {
            content: "a file of another format is dropped on the list",
            trigger: ".o_list_renderer",
            run: drag(statement([1, 2]), "other.sta"),
        },
        { trigger: ".o_drop_area", run: drop(statement([1, 2]), "other.sta") },
        {
            content: "the preview says what looks like already imported, and leaves it out",
            trigger: ".modal div[name=suspected_ids] .o_data_row:contains('RENT') .o_boolean_toggle input:checked",
        },
        { trigger: ".modal span[name=new_count]:contains('1'), .modal div[name=new_count]:contains('1')" },
        {
            content: "it is a second one: take it in",
            trigger: ".modal div[name=suspected_ids] .o_data_row .o_boolean_toggle input",
            run: "click",
        },
        { trigger: ".modal div[name=new_count]:contains('2')" },
        { trigger: ".modal footer button[name=action_import]", run: "click" },
        { content: "both are there", trigger: ".o_data_row td[name=payment_ref]:contains('day 1')" },
        { trigger: ".o_data_row td[name=payment_ref]:contains('RENT')" },
    ],
});

function pick(field, label) {
    return [
        { trigger: `.modal ${field} .o_select_menu_toggler`, run: "click" },
        { trigger: `.o_select_menu_item:contains('${label}')`, run: "click" },
    ];
}

// A table whose amounts have no sign, with marks that only its bank knows.
const TABLE = [
    "When|What for|Sum|Kind", "03/04/2026|Rent of rink|100,00|Rein", "04/04/2026|Ice|40,00|Raus",
    "05/04/2026|Skates|1,00|Raus", "",
].join("\n");

registry.category("web_tour.tours").add("account_reconciliation_bank_import_table", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Bank') button[name=action_import_bank_statement]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_many2many_binary input.o_input_file:not(:visible)",
            run: choose(TABLE, "table.csv"),
        },
        { trigger: ".modal .o_attachment:contains('table.csv')" },
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        { content: "the columns are asked for", trigger: ".modal div[name=column_ids] .o_data_row:contains('Column 4')" },
        { content: "with what they hold", trigger: ".modal div[name=column_ids] .o_data_row:contains('Rent of rink')" },
        { content: "and why", trigger: ".modal .alert-warning:contains('Please')" },
        { content: "the headers are no known ones", trigger: ".modal div[name=header_row_number] input", run: "edit 1" },
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        { trigger: ".modal div[name=column_ids] .o_data_row:contains('Kind') td[name=role]", run: "click" },
        ...pick(".o_selected_row td[name=role]", "Debit or credit mark"),
        { trigger: ".modal div[name=debit_marks] input", run: "edit Raus" },
        { trigger: ".modal div[name=credit_marks] input", run: "edit Rein" },
        ...pick("div[name=date_order]", "Day, month, year"),
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        ...preview(3),
        { content: "money out is negative", trigger: ".o_data_row:contains('Ice'):contains('-')" },
        { content: "money in is not", trigger: ".o_data_row:contains('Rent of rink'):not(:contains('-100'))" },
    ],
});

const REPORT = [
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,currency,gross,fee,net,"
        + "reporting_category,source_id,description,invoice_number",
    "po_tour,2026-04-09 00:00:00,txn_1,2026-04-06 10:15:00,usd,170.00,5.00,165.00,charge,ch_1,Course,INV/2026/00017",
    "po_tour,2026-04-09 00:00:00,txn_2,2026-04-07 10:15:00,usd,0.00,1.00,-1.00,fee,,Radar,",
    "po_tour,2026-04-09 00:00:00,txn_3,2026-04-08 23:59:00,usd,-164.00,0.00,-164.00,payout,po_tour,STRIPE PAYOUT,",
    "",
].join("\n");

registry.category("web_tour.tours").add("account_reconciliation_settlement", {
    steps: () => [
        { content: "the empty list says what to do", trigger: ".o_view_nocontent:contains('Import its settlement report')" },
        { trigger: ".o_control_panel button:contains('Import report')", run: "click" },
        {
            trigger: ".modal .o_field_many2many_binary input.o_input_file:not(:visible)",
            run: choose(REPORT, "payouts.csv"),
        },
        { trigger: ".modal .o_attachment:contains('payouts.csv')" },
        { trigger: ".modal footer button[name=action_preview]", run: "click" },
        { content: "the payout shows", trigger: ".modal div[name=settlement_ids] .o_data_row:contains('po_tour')" },
        { trigger: ".modal footer button[name=action_import]", run: "click" },
        { content: "it is among the settlements", trigger: ".o_list_view .o_data_row:contains('po_tour')" },
        { trigger: "body:not(:has(.modal)) .o_list_view .o_data_row:contains('po_tour') td[name=reference]", run: "click" },
        { content: "the invoice is found", trigger: ".o_form_view div[name=entry_ids] .o_data_row:contains('INV/2026/00017')" },
        { trigger: ".o_statusbar_buttons button[name=action_match]", run: "click" },
        { content: "it is matched", trigger: ".o_arrow_button_current:contains('Matched')" },
        { trigger: "button[name=action_open_transaction]", run: "click" },
        { content: "it shows the payout's bank transaction", trigger: ".breadcrumb-item a:contains('po_tour')", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_undo]", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { content: "the match is undone", trigger: ".o_arrow_button_current:contains('Match undone')" },
        { content: "and can be made again", trigger: ".o_statusbar_buttons button[name=action_match]" },
    ],
});
