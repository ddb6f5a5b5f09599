import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { Dialog } from "@web/core/dialog/dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { formatConfidence } from "@account_reconciliation/confidence";
import { useService } from "@web/core/utils/hooks";
import { ProgressBar } from "@account_reconciliation/slice_progress/progress_bar";
import { useSlices } from "@account_reconciliation/slice_progress/slices";
import { Component, useState } from "@odoo/owl";
import { newBatch } from "./batches";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const LOOKED_AT = 100;
const BOOKED = 50;
// The most transactions that are reviewed at once; the newer ones come the next time.
const REVIEW_MAX = 1000;
const CONFIDENCE = 95;

/** The suggestions of many transactions, each with a tick, before they are accepted together. */
export class ReviewDialog extends Component {
    static template = "account_reconciliation.ReviewDialog";
    static components = { Dialog, ProgressBar };
    static props = {
        lines: Array, isFiltered: Boolean, currencyId: Number, entityTypes: Object, onBatch: Function, close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.share = formatConfidence;
        this.batch = newBatch();
        this.lineIds = this.props.lines.slice(0, REVIEW_MAX);
        this.slices = useSlices();
        this.state = useState({ rows: [], confidence: CONFIDENCE, phase: "look", matched: 0, messages: [] });
        this.look();
    }

    get ticked() {
        return this.state.rows.filter((row) => row.isTicked);
    }

    /** Money in and money out apart, never netted. */
    get sums() {
        const sum = (rows) => this.money(rows.reduce((all, row) => all + row.amount, 0));
        return _t("in %(money_in)s, out %(money_out)s", {
            money_in: sum(this.ticked.filter((row) => row.amount > 0)),
            money_out: sum(this.ticked.filter((row) => row.amount < 0)),
        });
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    tickLabel(row) {
        return _t("Accept %(names)s for “%(label)s”", { names: row.names.join(", "), label: row.label });
    }

    async look() {
        await this.slices.runThrough(this.lineIds, LOOKED_AT, async (ids) => {
            const result = await this.attempt(() =>
                Promise.all([
                    this.orm.silent.call(MODEL, "get_best_suggestions", [ids]),
                    this.orm.silent.read(MODEL, ids, ["date", "payment_ref", "amount"]),
                ])
            );
            if (!result || this.slices.isGone) {
                return false;
            }
            const [suggestions, lines] = result.value;
            const byId = Object.fromEntries(lines.map((line) => [line.id, line]));
            for (const suggestion of suggestions.filter((one) => one.is_whole)) {
                const { date, payment_ref, amount } = byId[suggestion.id];
                this.state.rows.push({ ...suggestion, date, label: payment_ref || "", amount, isTouched: false, isTicked: false });
            }
            return true;
        });
        this.state.rows.sort((one, other) => other.confidence - one.confidence || one.id - other.id);
        this.state.phase = "choose";
        this.tick();
    }

    /** Tick suggestions with enough confidence, without a near rival, and whose document no surer line takes. */
    tick() {
        const taken = new Set();
        for (const row of this.state.rows) {
            const keys = row.entity_type === "expense" || row.records[0][0] === "account.journal" ? [] : row.records.map(String);
            row.isShared = keys.some((key) => taken.has(key)) || taken.has(`${MODEL},${row.id}`);
            keys.forEach((key) => taken.add(key));
            taken.add(`${MODEL},${row.id}`);
            if (!row.isTouched) {
                row.isTicked = 100 * row.confidence >= this.state.confidence && !row.rival && !row.isShared;
            }
        }
    }

    setConfidence(value) {
        this.state.confidence = Number(value);
        this.tick();
    }

    toggle(row) {
        Object.assign(row, { isTicked: !row.isTicked, isTouched: true });
    }

    async accept() {
        this.state.phase = "book";
        await this.slices.runThrough(this.ticked, BOOKED, async (part) => {
            const choices = part.map(({ id, records }) => ({ id, records }));
            const result = await this.attempt(() =>
                this.orm.silent.call(MODEL, "accept_choices", [part.map((row) => row.id), choices, this.batch])
            );
            if (result) {
                this.state.matched += result.value.accepted;
                this.state.messages = [...new Set([...this.state.messages, ...result.value.messages])];
            }
            return Boolean(result);
        });
        this.state.phase = "done";
        if (this.state.matched) {
            this.props.onBatch(this.batch, this.state.matched);
        }
    }
}
