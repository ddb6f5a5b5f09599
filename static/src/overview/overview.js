import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { useSetupAction } from "@web/search/action_hook";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { BankBalances } from "@account_reconciliation/bank_balances/bank_balances";
import { FirstSteps } from "@account_reconciliation/first_steps/first_steps";
import { DATE_RANGES, rangeDates } from "@account_reconciliation/date_ranges";
import { formatShare } from "@account_reconciliation/percent";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const SPARK = { width: 120, height: 28 };

/** What waits to be reconciled, per company; every figure opens its rows. */
export class ReconciliationOverview extends Component {
    static template = "account_reconciliation.Overview";
    static components = { BankBalances, FirstSteps, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ranges = DATE_RANGES;
        // The filters are kept when the user comes back from the rows of a figure.
        const { range = "all", dateFrom = "", dateTo = "" } = this.props.state || {};
        this.state = useState({ companies: [], range, dateFrom, dateTo });
        this.asked = 0;
        this.env.config.setDisplayName(_t("Overview"));
        useSetupAction({ getLocalState: () => this.filters });
        onWillStart(async () => {
            [this.state.mayReconcileBanks] = await Promise.all([
                user.hasGroup("account_reconciliation.group_bank_reconciliation"),
                this.load(),
            ]);
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get filters() {
        const { range, dateFrom, dateTo } = this.state;
        return { range, dateFrom, dateTo };
    }

    async load() {
        const number = ++this.asked;
        const { companies } = await this.orm.call("account.reconciliation.overview", "get_overview", [], {
            date_from: this.state.dateFrom || false,
            date_to: this.state.dateTo || false,
        });
        // The result of an outdated request is ignored.
        if (number === this.asked) {
            this.state.companies = companies;
        }
    }

    chooseRange(key) {
        Object.assign(this.state, { range: key, ...rangeDates(key) });
        return this.load();
    }

    chooseDate(name, value) {
        Object.assign(this.state, { range: "own", [name]: value });
        return this.load();
    }

    open(action) {
        return this.action.doAction(action);
    }

    openWhere(action, leaf) {
        return this.open({ ...action, domain: [...action.domain, leaf] });
    }

    /** No transaction in any month that is shown. */
    isEmpty(bank) {
        return !bank.count && bank.share.every((value) => value === false);
    }

    importStatements(bank) {
        return this.action.doAction("account_reconciliation.action_import_statements", {
            additionalContext: { default_journal_id: bank.id },
        });
    }

    openPeriods() {
        return this.action.doAction("account_reconciliation.action_bank_reconciliations");
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    percent(share) {
        // Less than 100 % is never rounded to 100 %.
        return share === false ? "–" : formatShare(share < 1 ? Math.min(0.99, share) : 1);
    }

    sparkPoints(share) {
        const step = SPARK.width / Math.max(share.length - 1, 1);
        return share
            .map((value, index) => [index * step, value])
            .filter(([, value]) => value !== false)
            .map(([x, value]) => `${x.toFixed(1)},${((SPARK.height - 4) * (1 - value) + 2).toFixed(1)}`)
            .join(" ");
    }

    lastShare(share) {
        return share.findLast((value) => value !== false) ?? false;
    }

    bankIds(company) {
        return company.banks.map((bank) => bank.id);
    }

    barHeight(month, months) {
        const most = Math.max(...months.map((other) => other.received));
        return most ? Math.max((100 * month.received) / most, month.received ? 2 : 0) : 0;
    }
}

registry.category("actions").add("account_reconciliation.overview", ReconciliationOverview);
