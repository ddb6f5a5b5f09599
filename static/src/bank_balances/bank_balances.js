import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

/**
 * What the bank says, what the books say, and why they differ, of some bank accounts or of all; and the statements that
 * do not follow one another, each with an action that corrects it. It is loaded after the page that shows it.
 */
export class BankBalances extends Component {
    static template = "account_reconciliation.BankBalances";
    static props = { journalIds: { type: Array, element: Number, optional: true }, isCompact: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ accounts: null, showReasons: {} });
        onWillStart(() => {
            this.load(this.props.journalIds);
        });
        onWillUpdateProps((next) => {
            if (String(next.journalIds) !== String(this.props.journalIds)) {
                this.load(next.journalIds);
            }
        });
    }

    async load(journalIds) {
        this.state.accounts = await this.orm.call("account.journal", "get_bank_balances", [journalIds || []]);
    }

    money(amount, account) {
        return formatMonetary(amount, { currencyId: account.currency_id });
    }

    count(reason) {
        return reason.count ? _t("%(label)s (%(count)s)", { label: reason.label, count: reason.count }) : reason.label;
    }

    open(action) {
        return this.action.doAction(action);
    }

    async correct(way) {
        if (way.action) {
            return this.open(way.action);
        }
        await this.orm.call("account.bank.statement", "action_correct_opening", [[way.statement_id]]);
        this.notification.add(_t("The opening balance is corrected."), { type: "success" });
        await this.load(this.props.journalIds);
    }
}
