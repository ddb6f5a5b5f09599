"""What each role may do: the roles with their permissions, and an action for each thing that can be seen or done.

An action is written once, as calls of a client (model, method, arguments); the routes (ORM, RPC, views) differ in how a
call is made.
"""

ACCOUNTS, VIEW, MANAGE, DELETE, BANK, REGISTER = "accounts", "view", "manage", "delete", "bank", "register payment"
EVERYTHING = {ACCOUNTS, VIEW, MANAGE, DELETE, BANK, REGISTER}

# role: (groups, what it may do). REGISTER is Odoo's own “Register payment”.
ROLES = {
    "role general": (["account_reconciliation.group_general"], {ACCOUNTS}),
    "role admin": (["account_reconciliation.group_admin"], EVERYTHING - {DELETE, BANK}),
    "role accountant": (["account_reconciliation.group_accountant"], EVERYTHING),
    "role super admin": (["account_reconciliation.group_super_admin"], EVERYTHING),
    "role owner": (["account_reconciliation.group_owner"], EVERYTHING),
    "permission view client accounts": (["account_reconciliation.group_view_client_accounts"], {ACCOUNTS}),
    "permission client billing": (["account_reconciliation.group_client_billing"], {ACCOUNTS, VIEW}),
    "permission manage": (["account_reconciliation.group_manage_reconciliations"], EVERYTHING - {DELETE, BANK}),
    "permission delete": (["account_reconciliation.group_delete_reconciliations"], EVERYTHING - {MANAGE, BANK}),
    "permission bank reconciliation": (["account_reconciliation.group_bank_reconciliation"], {BANK, REGISTER}),
    "accounting administrator": (["account.group_account_manager"], EVERYTHING),
    "invoicing only": (["account.group_account_invoice"], {REGISTER}),
    "internal user": (["base.group_user"], set()),
    "portal": (["base.group_portal"], set()),
    "public": (["base.group_public"], set()),
}

ACTIONS = {}


def action_of(actions):
    """Give the decorator that registers an action among these: a function of ``call`` and a ledger that returns
    something true where it showed or did it.

    :param actions: dict name -> (right, function)
    """

    def action(right):
        def register(function):
            actions[function.__name__] = (right, function)
            return function

        return register

    return action


action = action_of(ACTIONS)


# -- seeing ------------------------------------------------------------------------------------------------------------


@action(VIEW)
def read_items(call, ledger):
    return call("account.reconciliation.item", "search_read", [("move_id", "=", ledger.invoice)], ["amount_total"])


@action(VIEW)
def read_one_item(call, ledger):
    return call("account.reconciliation.item", "read", [ledger.item], ["amount_total", "amount_residual"])


@action(VIEW)
def read_reconciliation_lines(call, ledger):
    return call("account.reconciliation.line", "search_read", [("move_id", "=", ledger.invoice)], ["amount"])


@action(VIEW)
def group_reconciliation_lines(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.line", "formatted_read_group", domain, ["account_id"], ["amount:sum"])


@action(VIEW)
def read_transactions(call, ledger):
    return call("account.reconciliation.transaction", "search_read", [("move_id", "=", ledger.invoice)], ["amount"])


@action(VIEW)
def search_transactions_by_status(call, ledger):
    domain = [("move_id", "=", ledger.invoice), ("reconciliation_status", "=", "partial")]
    return call("account.reconciliation.transaction", "search_count", domain)


@action(VIEW)
def read_runs(call, ledger):
    return call("account.reconciliation.run", "read", [ledger.run], ["state", "amounts"])


@action(VIEW)
def read_accounts_of_a_run(call, ledger):
    return call("account.reconciliation.run.account", "search_read", [("run_id", "=", ledger.run)], ["partner_id"])


@action(VIEW)
def billing_header(call, ledger):
    return call("account.reconciliation.transaction", "get_billing_header", ledger.partner)["totals"]


@action(VIEW)
def billing_page(call, ledger):
    return call("account.reconciliation.transaction", "get_billing_page", ledger.partner)["rows"]


@action(VIEW)
def open_client_billing(call, ledger):
    # The page of an account that one may see opens; its money is what the other actions ask for.
    return ledger.is_mine and call("res.partner", "action_open_client_billing", [ledger.partner])


@action(VIEW)
def reconciliation_report(call, ledger):
    return call("account.move", "get_reconciliation_report", [ledger.invoice])


@action(VIEW)
def reconciliation_report_of_a_payment(call, ledger):
    return call("account.move", "get_reconciliation_report", [ledger.payment_move])


@action(VIEW)
def status_of_a_document(call, ledger):
    return call("account.move", "read", [ledger.invoice], ["reconciliation_status"])


@action(VIEW)
def status_of_a_payment(call, ledger):
    return call("account.payment", "read", [ledger.payment], ["reconciliation_status"])


@action(VIEW)
def search_documents_by_status(call, ledger):
    domain = [("id", "=", ledger.invoice), ("reconciliation_status", "=", "partial")]
    return call("account.move", "search", domain)


@action(VIEW)
def group_documents_by_status(call, ledger):
    return call(
        "account.move", "formatted_read_group", [("id", "=", ledger.invoice)], ["reconciliation_status"], ["__count"]
    )


@action(VIEW)
def items_of_a_document(call, ledger):
    return call("account.move", "read", [ledger.invoice], ["reconciliation_item_ids", "reconciliation_line_ids"])


@action(VIEW)
def what_a_payment_is_applied_to(call, ledger):
    return call("account.move", "read", [ledger.payment_move], ["applied_line_ids"])


@action(VIEW)
def item_amounts_of_a_line(call, ledger):
    names = ["item_amount_total", "item_amount_reconciled", "item_amount_residual"]
    return call("account.move.line", "read", [ledger.item_line], names)


@action(VIEW)
def search_lines_by_open_amount(call, ledger):
    return call("account.move.line", "search", [("id", "=", ledger.item_line), ("item_amount_total", ">", 0)])


@action(VIEW)
def lines_of_a_partial(call, ledger):
    return call("account.partial.reconcile", "read", [ledger.partial], ["reconciliation_line_ids"])[0][
        "reconciliation_line_ids"
    ]


@action(VIEW)
def open_reconciliations(call, ledger):
    return call("account.move", "action_open_reconciliations", [ledger.invoice])


@action(VIEW)
def read_the_table_of_reconciliations(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    names = ["amount_total", "status", "error_text", "amount_residual", "line_ids"]
    return call("account.reconciliation.modify", "read", [wizard], names)[0]["line_ids"]


@action(VIEW)
def export_items(call, ledger):
    ids = call("account.reconciliation.item", "search", [("move_id", "=", ledger.invoice)])
    return call("account.reconciliation.item", "export_data", ids, ["amount_total"])["datas"]


@action(VIEW)
def read_breakdown(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.breakdown", "search_read", domain, ["amount_untaxed", "amount_total"])


@action(VIEW)
def group_payments_by_ledger_code(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.payment", "formatted_read_group", domain, ["account_id"], ["amount:sum"])


@action(VIEW)
def read_unreconciled_payments(call, ledger):
    domain = [("partner_id", "=", ledger.partner), ("state", "=", "unreconciled"), ("company_id", "=", ledger.company)]
    return call("account.reconciliation.payment", "search_read", domain, ["amount"])


@action(VIEW)
def read_amounts_paid(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.paid.item", "search_read", domain, ["amount"])


@action(VIEW)
def read_balances_of_money(call, ledger):
    domain = [("move_line_id.move_id", "=", ledger.payment_move)]
    return call("account.reconciliation.money", "search_read", domain, ["amount_received"])


@action(VIEW)
def print_a_report(call, ledger):
    context = {"active_domain": [("move_id", "=", ledger.invoice)]}
    return ledger.is_mine and call("account.reconciliation.payment", "action_print", [], context=context)


@action(VIEW)
def overview(call, ledger):
    companies = call("account.reconciliation.overview", "get_overview")["companies"]
    return [company for company in companies if company["id"] == ledger.company]


@action(VIEW)
def export_breakdown(call, ledger):
    ids = call("account.reconciliation.breakdown", "search", [("move_id", "=", ledger.invoice)])
    return call("account.reconciliation.breakdown", "export_data", ids, ["amount_total"])["datas"]


# -- making and modifying ----------------------------------------------------------------------------------------------


@action(MANAGE)
def modify_in_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    rows = call("account.reconciliation.modify.line", "search", [
        ("wizard_id", "=", wizard), ("money_line_id", "=", ledger.deposit_line), ("item_id", "=", ledger.last_item),
    ])  # fmt: skip
    call("account.reconciliation.modify.line", "write", rows, {"amount": 10})
    call("account.reconciliation.modify", "action_save", [wizard])
    return ledger.applied() == 110


@action(MANAGE)
def make_payment(call, ledger):
    wizard = call(
        "account.make.payment",
        "create",
        {
            "partner_id": ledger.partner,
            "amount": 10,
            "date": "2026-01-20",
            "company_id": ledger.company,
            "currency_id": ledger.currency,
            "journal_id": ledger.journal,
        },
        context={"make_payment_move_ids": [ledger.invoice]},
    )
    call("account.make.payment", "action_pay", [wizard])
    return ledger.applied() == 110


@action(MANAGE)
def assign_outstanding_credit(call, ledger):
    call("account.move", "js_assign_outstanding_line", [ledger.invoice], ledger.deposit_line)
    return ledger.applied() == 130


@action(MANAGE)
def reconcile_account(call, ledger):
    call("res.partner", "action_reconcile_account", [ledger.partner])
    return ledger.applied() == 130


@action(MANAGE)
def ask_to_reconcile_account(call, ledger):
    return ledger.is_mine and call("res.partner", "action_open_reconcile_account", [ledger.partner])


@action(MANAGE)
def preview_of_reconcile_all_accounts(call, ledger):
    wizard = call("account.reconcile.accounts", "create", {"scope": "all", "company_id": ledger.company})
    return call("account.reconcile.accounts", "read", [wizard], ["account_count", "amount_text"])[0]["account_count"]


@action(MANAGE)
def reconcile_all_accounts(call, ledger):
    wizard = call("account.reconcile.accounts", "create", {"scope": "all", "company_id": ledger.company})
    call("account.reconcile.accounts", "action_reconcile", [wizard])
    return ledger.applied() == 130


@action(MANAGE)
def reconcile_in_slices(call, ledger):
    values = {"scope": "selected", "partner_ids": [(6, 0, [ledger.partner])], "company_id": ledger.company}
    wizard = call("account.reconcile.accounts", "create", values)
    return call("account.reconcile.accounts", "action_start", [wizard])


@action(MANAGE)
def scheduled_batch(call, ledger):
    call("account.reconcile.accounts", "run_batch")
    return ledger.applied() == 130


@action(MANAGE)
def help_with_a_run(call, ledger):
    call("account.reconcile.accounts", "help_running")
    return ledger.applied() == 130


@action(MANAGE)
def work_on_a_run(call, ledger):
    call("account.reconciliation.run", "process_slice", [ledger.run], 20)
    return ledger.applied() == 130


@action(MANAGE)
def cancel_a_run(call, ledger):
    call("account.reconciliation.run", "action_cancel", [ledger.run])
    return ledger.run_state() == "cancelled"


@action(MANAGE)
def repair(call, ledger):
    ledger.break_lines()
    call("account.move", "action_repair_reconciliation", [ledger.invoice])
    return ledger.applied() == 100


@action(MANAGE)
def repair_in_the_table(call, ledger):
    ledger.break_lines()
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    call("account.reconciliation.modify", "action_repair", [wizard])
    return ledger.applied() == 100


# -- deleting ----------------------------------------------------------------------------------------------------------


@action(DELETE)
def delete_reconciliations(call, ledger):
    call("account.move", "action_delete_reconciliations", [ledger.invoice])
    return ledger.applied() == 0


@action(DELETE)
def delete_one_reconciliation(call, ledger):
    call("account.move", "action_delete_reconciliations", [ledger.invoice], ledger.payment_move)
    return ledger.applied() == 0


@action(DELETE)
def delete_in_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    call("account.reconciliation.modify", "action_delete", [wizard])
    return ledger.applied() == 0


@action(DELETE)
def delete_a_row_of_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    row = call("account.reconciliation.modify.line", "search", [("wizard_id", "=", wizard), ("amount", ">", 0)])[:1]
    call("account.reconciliation.modify.line", "action_delete", row)
    return ledger.applied() == 0


@action(DELETE)
def unreconcile_in_the_payments_widget(call, ledger):
    call("account.move", "js_remove_outstanding_partial", [ledger.invoice], ledger.partial)
    return ledger.applied() == 0


@action(DELETE)
def unlink_the_partial(call, ledger):
    call("account.partial.reconcile", "unlink", [ledger.partial])
    return ledger.applied() == 0


@action(DELETE)
def unreconcile_a_journal_item(call, ledger):
    call("account.move.line", "remove_move_reconcile", [ledger.owed_line])
    return ledger.applied() == 0


@action(DELETE)
def cancel_a_paid_document(call, ledger):
    # Odoo keeps a reconciliation at reset to draft and undoes it when the draft is cancelled.
    call("account.move", "button_draft", [ledger.invoice])
    call("account.move", "button_cancel", [ledger.invoice])
    return ledger.state() == "cancel"


@action(DELETE)
def cancel_an_applied_payment(call, ledger):
    call("account.payment", "action_cancel", [ledger.payment])
    return ledger.applied() == 0


# -- what bank matching has learned ------------------------------------------------------------------------------------


def _taught(call, ledger):
    values = {"kind": "name", "key": "GRANDMA ROSE", "partner_id": ledger.partner, "company_id": ledger.company}
    return call("account.bank.match.memory", "create", [values])


@action(BANK)
def teach_bank_matching(call, ledger):
    return _taught(call, ledger)


@action(BANK)
def read_what_bank_matching_has_learned(call, ledger):
    ids = _taught(call, ledger)
    return call("account.bank.match.memory", "read", ids, ["key", "meaning"])


@action(BANK)
def delete_what_bank_matching_has_learned(call, ledger):
    return call("account.bank.match.memory", "unlink", _taught(call, ledger))


# -- Odoo's own register payment ---------------------------------------------------------------------------------------


@action(REGISTER)
def register_a_payment(call, ledger):
    context = {"active_model": "account.move", "active_ids": [ledger.invoice]}
    wizard = call("account.payment.register", "create", {"payment_date": "2026-01-20", "amount": 10}, context=context)
    call("account.payment.register", "action_create_payments", [wizard], context=context)
    return ledger.applied() == 110
