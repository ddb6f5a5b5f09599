import { registry } from "@web/core/registry";

/** Nothing that is shown may be wider than the screen. */
function fits(selector) {
    return {
        content: `${selector} is not wider than the screen`,
        trigger: selector,
        run() {
            const wide = [...document.querySelectorAll(selector)].filter(
                (element) => element.getBoundingClientRect().right > window.innerWidth + 1
            );
            if (wide.length) {
                throw new Error(`${wide.length} of ${selector} are wider than the screen`);
            }
        },
    };
}

// A statement of 100 and -12: one matched, one unmatched; the next statement has a wrong opening balance.
registry.category("web_tour.tours").add("account_reconciliation_balances", {
    steps: () => [
        { content: "the bank says", trigger: ".o_bank_balance .o_balance_bank:contains('138.00')" },
        { content: "the books say", trigger: ".o_bank_balance .o_balance_books:contains('100.00')" },
        { content: "and why", trigger: ".o_balance_reason[data-kind=unmatched]:contains('38.00')" },
        { trigger: ".o_statement_problem[data-kind=gap]:contains('12.00')" },
        { content: "correct it", trigger: ".o_statement_problem button:contains('Correct the opening balance')", run: "click" },
        { trigger: ".o_overview_balances:not(:has(.o_statement_problem)) .o_bank_balance" },
        { content: "look at what is unmatched", trigger: ".o_balance_reason[data-kind=unmatched] button", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('-12.00')" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_undo_run", {
    steps: () => [
        { content: "the run", trigger: ".o_data_row:contains('All accounts') .o_data_cell[name=scope]", run: "click" },
        { trigger: "button[name=action_start_undo]", run: "click" },
        { content: "asked once: it may be much", trigger: ".modal .btn-primary", run: "click" },
        { content: "undone", trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_status .o_arrow_button_current:contains('Undone')" },
        { trigger: ".o_data_row:contains('Tremblay family'):contains('Undone')" },
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_calendar", {
    steps: () => [
        { trigger: ".o_switch_view.o_calendar", run: "click" },
        { content: "family and amount", trigger: ".o_calendar_view .fc-event:contains('Tremblay family · $ 170.00')" },
    ],
});

// The same on a phone.
registry.category("web_tour.tours").add("account_reconciliation_overview_phone", {
    steps: () => [
        { trigger: ".o_bank_balance .o_balance_books:contains('100.00')" },
        fits(".o_overview_banks .o_overview_table"),
        fits(".o_bank_balance"),
        fits(".o_overview_months .o_month"),
        fits(".o_overview_ages"),
        fits(".o_overview_planned .o_overview_table"),
    ],
});

registry.category("web_tour.tours").add("account_reconciliation_period_phone", {
    steps: () => [
        { trigger: ".o_remittance" },
        fits(".o_bank_remittances table"),
        fits(".o_bank_footer"),
        { content: "tick it", trigger: ".o_remittance .o_remittance_tick", run: "click" },
        { trigger: ".o_remittance.o_confirmed" },
        { content: "the footer runs along", trigger: ".o_total_confirmed:contains('100.00')" },
    ],
});
