import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { Mutex } from "@web/core/utils/concurrency";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { isZeroAmount } from "@account_reconciliation/money";

const PAGE = 100;
const MODEL = "account.bank.reconciliation";
const SECTIONS = {
    earlier: _t("Of earlier periods, not cleared yet"),
    period: _t("Of this period"),
    later: _t("Dated later, moved by the bank in this period"),
};

// The remittances of a bank reconciliation, to be ticked; what is ticked is on the server at once.
export class BankRemittances extends Component {
    static template = "account_reconciliation.BankRemittances";
    static components = { Pager };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.mutex = new Mutex();
        this.table = useRef("table");
        this.page = PAGE;
        this.sections = SECTIONS;
        this.key = null;
        this.state = useState({
            rows: [], length: 0, totals: null, discrepancies: [], offset: 0, search: "", onlyOpen: false, seesItems: false,
        });
        this.searchLater = useDebounced(() => this.reload(0, false), 300);
        onWillStart(async () => {
            this.state.seesItems = await user.hasGroup("account_reconciliation.group_client_billing");
        });
        // The list follows what is saved: another period, other dates, another state.
        useRecordObserver(async (record) => {
            const { date_from, date_to, state } = record.data;
            const key = JSON.stringify([record.resId, record.dirty, state, date_from, date_to]);
            if (record.resId && key !== this.key && !record.dirty) {
                const isOther = this.resId !== record.resId;
                Object.assign(this, { key, resId: record.resId });
                await this.reload(isOther ? 0 : this.state.offset);
            } else {
                this.key = key;
            }
        });
    }

    get isOpen() {
        return this.props.record.data.state === "open";
    }

    get currencyId() {
        return this.state.totals.currency_id;
    }

    // The balances as they are typed, before they are saved.
    get remaining() {
        const { balance_start, balance_end } = this.props.record.data;
        return balance_start + this.state.totals.total_reconciled - balance_end;
    }

    get isBalanced() {
        return isZeroAmount(this.remaining, this.currencyId);
    }

    /** Whether nothing is left to tick or to match, so that the remaining amount has another reason. */
    get isAllConfirmed() {
        const { confirmed_count, offered_count, unmatched_count } = this.state.totals;
        return confirmed_count === offered_count && !unmatched_count;
    }

    get ignoredText() {
        const { ignored_count, ignored_amount } = this.state.totals;
        return _t(
            "Ignored bank transactions of this period: %(count)s, %(amount)s. The bank counts them and the books don't: match them, or enter what they are for.",
            { count: ignored_count, amount: this.money(ignored_amount) }
        );
    }

    get remainsText() {
        return _t(
            "Everything is confirmed, and %s remains. Compare both balances with the bank's statement; what the books lack is entered by “Bank transfer” or “Journal entry”.",
            this.money(this.remaining)
        );
    }

    changedTitle(row) {
        return row.is_changed ? _t("Changed since it was confirmed") : "";
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.currencyId });
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    confirmedTitle(row) {
        return row.is_confirmed
            ? _t("Confirmed by %(who)s on %(when)s", {
                who: row.confirmed_by, when: formatDateTime(deserializeDateTime(row.confirmed_on)),
            })
            : _t("Confirm %s", row.name || row.label);
    }

    isFirstOfSection(index) {
        const { rows } = this.state;
        return index === 0 || rows[index].section !== rows[index - 1].section;
    }

    // What has changed is looked for when the period is opened or changed, not when a page is turned.
    async reload(offset = this.state.offset, withDiscrepancies = true) {
        const asked = () => [[this.props.record.resId], this.state.search, this.state.onlyOpen];
        const args = asked();
        const page = await this.orm.call(MODEL, "get_page", [...args, offset, PAGE, withDiscrepancies]);
        if (page.discrepancies && args[0][0] === this.props.record.resId) {
            this.state.discrepancies = page.discrepancies;
        }
        // The result of an outdated search, for example before more was typed, is ignored.
        if (JSON.stringify(args) === JSON.stringify(asked())) {
            Object.assign(this.state, page, { offset });
        }
    }

    onSearch(ev) {
        this.state.search = ev.target.value;
        this.searchLater();
    }

    toggleOnlyOpen() {
        this.state.onlyOpen = !this.state.onlyOpen;
        return this.reload(0, false);
    }

    // One after another, and never on figures that are typed but not saved.
    change(method, ids) {
        return this.mutex.exec(async () => {
            const { record } = this.props;
            if (record.dirty && !(await record.save())) {
                return this.reload();
            }
            try {
                this.state.totals = await this.orm.call(MODEL, method, [[record.resId], ...(ids ? [ids] : [])]);
            } catch (error) {
                await this.reload();
                throw error;
            }
            if (!ids) {
                await this.reload();
            }
            await record.load();
        });
    }

    tick(row) {
        row.is_confirmed = !row.is_confirmed;
        row.confirmed_by = user.name;
        row.confirmed_on = luxon.DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss");
        return this.change(row.is_confirmed ? "action_confirm" : "action_unconfirm", [row.id]);
    }

    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            const boxes = [...this.table.el.querySelectorAll("input.o_remittance_tick")];
            const next = boxes[boxes.indexOf(ev.target) + step];
            if (next) {
                next.focus();
                ev.preventDefault();
            }
        }
    }

    confirmMatched() {
        return this.change("action_confirm_matched");
    }

    confirmAll() {
        this.ask(
            _t("Confirm all %s remittances that are offered here, matched with the bank or not?",
                this.state.totals.offered_count - this.state.totals.confirmed_count),
            _t("Confirm all"),
            "action_confirm_all"
        );
    }

    unconfirmAll() {
        this.ask(_t("Untick all %s confirmed remittances?", this.state.totals.confirmed_count), _t("Untick all"), "action_unconfirm_all");
    }

    acceptChanges() {
        this.ask(
            _t("Confirm what has changed with the figures it has now, and drop what is gone? The changes stay in the notes."),
            _t("Accept changes"),
            "action_accept_changes"
        );
    }

    ask(body, confirmLabel, method) {
        this.dialog.add(ConfirmationDialog, {
            body, confirmLabel, confirm: () => this.change(method), cancel: () => {},
        });
    }

    async open(method, row) {
        const action = await this.orm.call("account.bank.remittance", method, [[row.id]]);
        return this.action.doAction(action);
    }

    openRecord(discrepancy) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: discrepancy.res_model, res_id: discrepancy.res_id,
            views: [[false, "form"]],
        });
    }

    // Bank matching, a transfer, an entry: the list is loaded again when the user comes back.
    async openDialog(method) {
        const { record } = this.props;
        if (record.dirty && !(await record.save())) {
            return;
        }
        const action = await this.orm.call(MODEL, method, [[record.resId]]);
        return this.action.doAction(action, {
            onClose: async () => {
                await this.reload();
                await record.load();
            },
        });
    }
}

registry.category("view_widgets").add("bank_remittances", {
    component: BankRemittances,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "date_from", type: "date" },
        { name: "date_to", type: "date" },
        { name: "balance_start", type: "monetary" },
        { name: "balance_end", type: "monetary" },
    ],
});
