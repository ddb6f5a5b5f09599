import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";
import { ReconciliationLegend, ReconciliationStatus } from "../reconciliation_status/reconciliation_status";

const PAGE = 40;
const FIELDS = [
    "move_id", "name", "memo", "date", "transaction_type", "member_id", "amount", "amount_residual", "currency_id",
    "reconciliation_status",
];
const TYPES_THAT_ARE_PAID = ["invoice", "receipt", "bill", "vendor_receipt", "entry"];

export class ClientBilling extends Component {
    static template = "account_reconciliation.ClientBilling";
    static components = { Layout, Pager, ReconciliationLegend, ReconciliationStatus };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.partnerId = this.props.action.context.active_id;
        this.state = useState({
            header: null, transactions: [], total: 0, offset: 0, onlyOpen: false, expanded: {}, planned: {}, rights: {},
        });
        onWillStart(async () => {
            const [fields, manage, remove] = await Promise.all([
                this.orm.call("account.reconciliation.transaction", "fields_get", [["transaction_type"], ["selection"]]),
                user.hasGroup("account_reconciliation.group_manage_reconciliations"),
                user.hasGroup("account_reconciliation.group_delete_reconciliations"),
                this.load(),
            ]);
            this.env.config.setDisplayName(_t("Billing of %s", this.state.header.name));
            this.types = Object.fromEntries(fields.transaction_type.selection);
            this.state.rights = { manage, remove };
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get domain() {
        const domain = [["partner_id", "=", this.partnerId]];
        if (this.state.onlyOpen) {
            domain.push(["amount_residual", "!=", 0]);
        }
        return domain;
    }

    async load() {
        const [header, page] = await Promise.all([
            this.orm.call("account.reconciliation.transaction", "get_billing_header", [this.partnerId]),
            this.orm.webSearchRead("account.reconciliation.transaction", this.domain, {
                specification: Object.fromEntries(
                    FIELDS.map((name) => [name, name.endsWith("_id") ? { fields: { display_name: {}, name: {} } } : {}])
                ),
                limit: PAGE,
                offset: this.state.offset,
            }),
        ]);
        Object.assign(this.state, { header, transactions: page.records, total: page.length });
        const open = Object.keys(this.state.expanded).map(Number);
        this.state.expanded = {};
        for (const transaction of this.state.transactions) {
            if (open.includes(transaction.id)) {
                await this.expand(transaction);
            }
        }
    }

    async toggle(transaction) {
        if (this.state.expanded[transaction.id]) {
            delete this.state.expanded[transaction.id];
        } else {
            await this.expand(transaction);
        }
    }

    async expand(transaction) {
        const [rows, planned] = await Promise.all([
            this.orm.call("account.move", "get_reconciliation_report", [[transaction.move_id.id], this.partnerId]),
            this.orm.call("account.move", "get_planned_payments", [[transaction.move_id.id]]),
        ]);
        this.state.planned[transaction.id] = planned;
        this.state.expanded[transaction.id] = rows;
    }

    onPagerUpdate({ offset }) {
        this.state.offset = offset;
        return this.load();
    }

    toggleOpen() {
        this.state.onlyOpen = !this.state.onlyOpen;
        this.state.offset = 0;
        return this.load();
    }

    itemsLabel(transaction) {
        return _t("Items of %s", transaction.name);
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    // A payment's rows are items of the documents it pays; a document's rows are its own.
    isDocument(transaction) {
        return this.state.expanded[transaction.id].every((row) => row.document_id === transaction.move_id.id);
    }

    isPaid(transaction) {
        return TYPES_THAT_ARE_PAID.includes(transaction.transaction_type) && transaction.amount_residual !== 0;
    }

    makePayment(transaction) {
        const context = { default_partner_id: this.partnerId };
        if (transaction) {
            // Which way the money goes, the dialog sees from what is open of it.
            Object.assign(context, {
                make_payment_move_ids: [transaction.move_id.id],
                default_amount: Math.abs(transaction.amount_residual),
                default_currency_id: transaction.currency_id.id,
            });
        } else {
            const { totals } = this.state.header;
            const isVendor = totals.length && totals.every((total) => total.side === "supplier");
            context.default_operation = isVendor ? "pay" : "receive";
        }
        return this.action.doAction("account_reconciliation.action_make_payment", {
            additionalContext: context,
            onClose: () => this.load(),
        });
    }

    async planPayments(transaction) {
        const action = await this.orm.call("account.move", "action_plan_payments", [[transaction.move_id.id]]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    openPlanned(planned) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "account.planned.payment", res_id: planned.id,
            views: [[false, "form"]],
        });
    }

    async openUpcoming() {
        return this.action.doAction(
            await this.orm.call("res.partner", "action_open_planned_payments", [[this.partnerId]])
        );
    }

    async reconcileAccount() {
        const action = await this.orm.call("res.partner", "action_open_reconcile_account", [[this.partnerId]]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    async openReconciliations(transaction) {
        const action = await this.orm.call("account.reconciliation.transaction", "action_open_reconciliations", [
            [transaction.id],
        ]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    async openTransaction(transaction) {
        const action = await this.orm.call("account.reconciliation.transaction", "action_open", [[transaction.id]]);
        return this.action.doAction(action);
    }

    openPartner() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "res.partner", res_id: this.partnerId, views: [[false, "form"]],
        });
    }

    confirmDelete(transaction, counterpartId) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete reconciliations"),
            body: counterpartId
                ? _t("Delete this reconciliation for all its items? The money and the items become open again.")
                : _t("Delete all reconciliations of %s? The money and the items become open again.", transaction.name),
            confirmLabel: _t("Delete"),
            confirmClass: "btn-danger",
            confirm: async () => {
                await this.orm.call("account.move", "action_delete_reconciliations", [
                    [transaction.move_id.id], counterpartId || null, this.partnerId,
                ]);
                await this.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("actions").add("account_reconciliation.client_billing", ClientBilling);
