import { registry } from "@web/core/registry";

// A file with one transaction waits in the dialog's preview; the bank journal has one imported transaction already.
registry.category("web_tour.tours").add("account_reconciliation_bank_import", {
    steps: () => [
        {
            content: "the bank journal's card offers the import",
            trigger: ".o_kanban_record button[name=action_import_bank_statement]",
            run: "click",
        },
        { content: "the dialog asks for files", trigger: ".modal .o_field_many2many_binary" },
        { trigger: ".modal footer .btn-secondary", run: "click" },
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
    ],
});
registry.category("web_tour.tours").add("account_reconciliation_bank_transactions", {
    steps: () => [
        { content: "the list shows what was imported", trigger: ".o_data_row td[name=payment_ref]:contains('Rent of hall')" },
        { content: "and takes files", trigger: ".o_control_panel button:contains('Upload')" },
        { trigger: ".o_data_row td[name=payment_ref]", run: "click" },
        { content: "the bank's own row is kept", trigger: ".o_form_view div[name=raw_text]:contains(':61:')" },
    ],
});
