import { formatShare } from "@account_reconciliation/percent";
import { Component } from "@odoo/owl";

/** How much of a job is done. */
export class ProgressBar extends Component {
    static template = "account_reconciliation.ProgressBar";
    static props = { done: Number, total: Number, label: String };

    formatShare = formatShare;

    get percent() {
        const { done, total } = this.props;
        return total ? Math.floor((100 * done) / total) : 0;
    }
}
