import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { user } from "@web/core/user";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";
import { DATE_RANGES, rangeDates } from "../date_ranges";
import { ReconciliationStatus } from "../reconciliation_status/reconciliation_status";

const PAGE = 40;
const TYPES_THAT_ARE_PAID = ["invoice", "receipt", "bill", "vendor_receipt", "entry"];
const NO_FILTERS = { search: "", type: "", status: "", range: "all", dateFrom: "", dateTo: "" };
const SEARCH_DELAY = 300;

export class ClientBilling extends Component {
    static template = "account_reconciliation.ClientBilling";
    static components = { Layout, Pager, ReconciliationStatus };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.partnerId = this.props.action.context.active_id;
        this.ranges = DATE_RANGES;
        // The filters are kept when the user comes back from a document.
        const { filters = NO_FILTERS, offset = 0, expanded = [] } = this.props.state || {};
        this.state = useState({
            header: null, transactions: [], total: 0, offset, filters: { ...filters }, types: [], statuses: [],
            expanded: Object.fromEntries(expanded.map((id) => [id, []])), planned: {}, rights: {},
            showFilters: false,
        });
        this.asked = 0;
        this.searchSoon = useDebounced((value) => this.filter({ search: value }), SEARCH_DELAY);
        useSetupAction({
            getLocalState: () => ({
                filters: { ...this.state.filters },
                offset: this.state.offset,
                expanded: Object.keys(this.state.expanded).map(Number),
            }),
        });
        onWillStart(async () => {
            const [manage, remove] = await Promise.all([
                user.hasGroup("account_reconciliation.group_manage_reconciliations"),
                user.hasGroup("account_reconciliation.group_delete_reconciliations"),
                this.load(),
            ]);
            this.env.config.setDisplayName(_t("Billing of %s", this.state.header.name));
            this.state.rights = { manage, remove };
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get isFiltered() {
        return Object.keys(NO_FILTERS).some((name) => this.state.filters[name] !== NO_FILTERS[name]);
    }

    async load() {
        const number = ++this.asked;
        const { search, type, status, dateFrom, dateTo } = this.state.filters;
        const filters = { search, type, status, date_from: dateFrom, date_to: dateTo };
        const model = "account.reconciliation.transaction";
        const [header, page] = await Promise.all([
            this.orm.call(model, "get_billing_header", [this.partnerId]),
            this.orm.call(model, "get_billing_page", [this.partnerId, filters], {
                offset: this.state.offset,
                limit: PAGE,
            }),
        ]);
        // The result of an outdated request is ignored.
        if (number !== this.asked) {
            return;
        }
        const open = page.rows.filter((row) => row.id in this.state.expanded);
        const details = await Promise.all(open.map((row) => this.details(row)));
        Object.assign(this.state, {
            header,
            transactions: page.rows,
            total: page.length,
            types: page.types,
            statuses: page.statuses,
            expanded: Object.fromEntries(open.map((row, index) => [row.id, details[index].rows])),
            planned: Object.fromEntries(open.map((row, index) => [row.id, details[index].planned])),
        });
    }

    filter(values) {
        Object.assign(this.state.filters, values);
        this.state.offset = 0;
        return this.load();
    }

    chooseRange(key) {
        return this.filter({ range: key, ...rangeDates(key) });
    }

    toggleStatus(status) {
        return this.filter({ status: this.state.filters.status === status ? "" : status });
    }

    clearFilters() {
        return this.filter(NO_FILTERS);
    }

    /** What is open in a status: documents, and money that is not applied. */
    statusAmounts(one) {
        return one.amounts
            .flatMap(({ currency_id, documents, money }) => [
                documents && this.money(documents, currency_id),
                money && _t("%s not applied", this.money(money, currency_id)),
            ])
            .filter(Boolean)
            .join(" · ");
    }

    overdueText(transaction) {
        return transaction.days_overdue === 1 ? _t("1 day overdue") : _t("%s days overdue", transaction.days_overdue);
    }

    async toggle(transaction) {
        if (this.state.expanded[transaction.id]) {
            delete this.state.expanded[transaction.id];
        } else {
            await this.expand(transaction);
        }
    }

    async details(transaction) {
        const [rows, planned] = await Promise.all([
            this.orm.call("account.move", "get_reconciliation_report", [[transaction.move_id], this.partnerId]),
            this.orm.call("account.move", "get_planned_payments", [[transaction.move_id]]),
        ]);
        return { rows, planned };
    }

    async expand(transaction) {
        const { rows, planned } = await this.details(transaction);
        this.state.planned[transaction.id] = planned;
        this.state.expanded[transaction.id] = rows;
    }

    onPagerUpdate({ offset }) {
        this.state.offset = offset;
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
        return this.state.expanded[transaction.id].every((row) => row.document_id === transaction.move_id);
    }

    isPaid(transaction) {
        return TYPES_THAT_ARE_PAID.includes(transaction.transaction_type) && transaction.amount_residual !== 0;
    }

    makePayment(transaction) {
        const context = { default_partner_id: this.partnerId };
        if (transaction) {
            // The dialog finds the direction of the payment by the open amount.
            Object.assign(context, {
                make_payment_move_ids: [transaction.move_id],
                default_amount: Math.abs(transaction.amount_residual),
                default_currency_id: transaction.currency_id,
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
        const action = await this.orm.call("account.move", "action_plan_payments", [[transaction.move_id]]);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    openPlanned(planned) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "account.planned.payment", res_id: planned.id,
            views: [[false, "form"]],
        });
    }

    async openPlannedPayments() {
        return this.action.doAction(
            await this.orm.call("res.partner", "action_open_planned_payments", [[this.partnerId]])
        );
    }

    /** Done at once, and the page stays: what was done can be undone from the message. */
    async reconcileAccount() {
        const done = await this.orm.call("res.partner", "action_reconcile_account_now", [[this.partnerId]]);
        await this.action.doAction(done);
        await this.load();
    }

    openStatement() {
        return this.action.doAction("account_reconciliation.action_client_statement", {
            additionalContext: { default_partner_id: this.partnerId },
        });
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

    async deleteReconciliations(transaction, counterpartId) {
        const done = await this.orm.call("account.move", "action_delete_reconciliations", [
            [transaction.move_id], counterpartId || null, this.partnerId,
        ]);
        await this.action.doAction({ ...done, params: { ...done.params, next: undefined } });
        await this.load();
    }
}

registry.category("actions").add("account_reconciliation.client_billing", ClientBilling);
