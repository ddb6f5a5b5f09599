import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillUnmount, useState } from "@odoo/owl";
import { useSentences } from "./sentences";

// Every slice is one committed call: the bar tells the truth, Stop works at once, a closed browser leaves whole matches.
const SLICES = { count_suggestions: 200, accept_suggestions: 50, auto_match: 200 };

/** Matches many transactions: all suggestions above a confidence (after saying how many), or what is certain. */
export class BulkDialog extends Component {
    static template = "account_reconciliation.BulkDialog";
    static components = { Dialog };
    static props = {
        mode: { validate: (mode) => ["accept", "certain"].includes(mode) },
        lineIds: Array,
        isFiltered: Boolean,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.confidences = [0.99, 0.95, 0.9, 0.8, 0.6];
        this.state = useState({
            confidence: 0.95, found: null, phase: "", looked: 0, matched: 0, messages: [], isDone: false, isStopping: false,
        });
        this.run = 0;
        onWillUnmount(() => this.run++);
        if (this.props.mode === "certain") {
            this.match();
        } else {
            this.count();
        }
    }

    get title() {
        return this.props.mode === "certain" ? _t("Auto-match") : _t("Accept all suggestions above a confidence");
    }

    get percent() {
        return Math.floor((100 * this.state.looked) / this.props.lineIds.length);
    }

    /** Call a method for all transactions, slice by slice, until it is done, refused, stopped or asked anew. */
    async slices(phase, method, args, onResult) {
        const run = ++this.run;
        const size = SLICES[method];
        Object.assign(this.state, { phase, looked: 0, isStopping: false });
        try {
            for (let start = 0; start < this.props.lineIds.length && !this.state.isStopping; start += size) {
                const ids = this.props.lineIds.slice(start, start + size);
                const result = await this.attempt(() =>
                    this.orm.silent.call("account.bank.statement.line", method, [ids, ...args])
                );
                if (run !== this.run || !result) {
                    break;
                }
                onResult(result.value);
                this.state.looked = Math.min(start + size, this.props.lineIds.length);
            }
        } finally {
            // Also where the server could not be reached: what was matched until then is shown.
            if (run === this.run) {
                this.state.phase = "";
                this.state.isDone = phase === "match";
            }
        }
    }

    count() {
        this.state.found = 0;
        return this.slices("count", "count_suggestions", [this.state.confidence], (count) => (this.state.found += count));
    }

    onConfidence(ev) {
        this.state.confidence = Number(ev.target.value);
        return this.count();
    }

    async match() {
        const isCertain = this.props.mode === "certain";
        let refused = 0;
        await this.slices(
            "match",
            isCertain ? "auto_match" : "accept_suggestions",
            isCertain ? [] : [this.state.confidence],
            (result) => {
                this.state.matched += isCertain ? result.matched + result.by_rule : result.accepted;
                if (!isCertain) {
                    this.state.messages = [...new Set([...this.state.messages, ...result.messages])];
                } else if (result.refused) {
                    refused += result.refused;
                    this.state.messages = [_t("%s could not be booked, for example because of a lock date.", refused)];
                }
            }
        );
    }

    stop() {
        this.state.isStopping = true;
    }
}
