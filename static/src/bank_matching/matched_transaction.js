import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";
import { formatConfidence } from "@account_reconciliation/confidence";
import { useKeys } from "./use_keys";

/** What a transaction is matched with, why, and what can be done next. */
export class MatchedTransaction extends Component {
    static template = "account_reconciliation.MatchedTransaction";
    static props = { line: Object, entityTypes: Object, isBusy: Boolean, onRepeat: Function, onUndo: Function, onChanged: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.percent = formatConfidence;
        useKeys({ o: () => this.open() });
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    disputeRest() {
        return this.action.doAction("account_reconciliation.action_dispute_open", {
            additionalContext: { default_statement_line_id: this.props.line.id }, onClose: this.props.onChanged,
        });
    }

    async open() {
        await this.action.doAction(
            await this.orm.call("account.bank.statement.line", "action_open_matched", [[this.props.line.id]])
        );
    }
}
