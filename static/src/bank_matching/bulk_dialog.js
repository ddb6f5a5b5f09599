import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillUnmount, useState } from "@odoo/owl";
import { useSentences } from "./sentences";

// Every slice is one committed call: the bar tells the truth, Stop works at once, a closed browser leaves whole matches.
const SLICE = 200;

/** Matches what is certain among many transactions. */
export class BulkDialog extends Component {
    static template = "account_reconciliation.BulkDialog";
    static components = { Dialog };
    static props = { lineIds: Array, isFiltered: Boolean, close: Function };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.state = useState({ looked: 0, matched: 0, refused: 0, isDone: false, isStopping: false });
        this.isGone = false;
        onWillUnmount(() => (this.isGone = true));
        this.match();
    }

    get percent() {
        return Math.floor((100 * this.state.looked) / this.props.lineIds.length);
    }

    get refusal() {
        return _t("%s could not be booked, for example because of a lock date.", this.state.refused);
    }

    async match() {
        const { lineIds } = this.props;
        try {
            for (let start = 0; start < lineIds.length && !this.state.isStopping && !this.isGone; start += SLICE) {
                const ids = lineIds.slice(start, start + SLICE);
                const result = await this.attempt(() =>
                    this.orm.silent.call("account.bank.statement.line", "auto_match", [ids])
                );
                if (!result) {
                    break;
                }
                this.state.matched += result.value.matched + result.value.by_rule;
                this.state.refused += result.value.refused;
                this.state.looked = Math.min(start + SLICE, lineIds.length);
            }
        } finally {
            // Also where the server could not be reached: what was matched until then is shown.
            this.state.isDone = true;
        }
    }

    stop() {
        this.state.isStopping = true;
    }
}
