import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { Component } from "@odoo/owl";
import { formatConfidence } from "@account_reconciliation/confidence";

/** What was decided about a transaction so far, by whom and why. */
export class TransactionDecisions extends Component {
    static template = "account_reconciliation.TransactionDecisions";
    static props = { decisions: Array, explanation: String, isOpen: Boolean, onUndoBatch: Function };

    setup() {
        this.percent = formatConfidence;
    }

    moment(value) {
        return formatDateTime(deserializeDateTime(value));
    }

    /** The reasons that are shown above the decisions already. */
    isExplanation(decision) {
        return decision.reasons.join("\n") === this.props.explanation;
    }
}
