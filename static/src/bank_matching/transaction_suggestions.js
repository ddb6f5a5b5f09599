import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, useState } from "@odoo/owl";
import { formatConfidence, isLikely } from "@account_reconciliation/confidence";
import { BookingRows, canAdjust } from "./booking_rows";
import { useKeys } from "./use_keys";

const UNLIKELY = 0.01;

/** What a transaction may be, best first: each with its reasons, to be accepted, rejected or changed. */
export class TransactionSuggestions extends Component {
    static template = "account_reconciliation.TransactionSuggestions";
    static props = {
        suggestions: Array, currencyId: Number, rows: BookingRows, entityTypes: Object, isBusy: Boolean, onAccept: Function,
        onReject: Function, onPayInFull: Function, onOpenRecord: Function,
    };

    setup() {
        this.rows = useState(this.props.rows);
        this.state = useState({ expanded: { 0: true }, isAll: false });
        this.percent = formatConfidence;
        this.canAdjust = canAdjust;
        this.notes = {
            partial: _t("pays a part"),
            overpaid: _t("the rest stays as a deposit"),
            several_solutions: _t("other combinations add up as well"),
            discount: _t("with the early payment discount"),
            foreign: _t("at the rate of the day"),
            fee: _t("a fee may be missing"),
        };
        const keys = { x: () => this.reject(0), w: () => this.toggleReasons(0) };
        for (let number = 1; number <= 9; number++) {
            keys[number] = () => this.accept(number - 1);
        }
        useKeys(keys);
    }

    /** The likely ones; the best is shown however unlikely it is. */
    get shown() {
        return this.props.suggestions.filter(
            (suggestion, number) => this.state.isAll || !number || suggestion.confidence >= UNLIKELY
        );
    }

    /** Whether it is the one that Enter accepts. */
    isBest(suggestion, number) {
        return !number && isLikely(suggestion.confidence);
    }

    isPartial(suggestion) {
        return canAdjust(suggestion) && suggestion.amounts.some((amount, number) => amount < suggestion.opens?.[number]);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    confidenceTitle(suggestion) {
        return _t("Confidence %s", this.percent(suggestion.confidence));
    }

    /** How much one reason counts, for who points at it. */
    weightTitle(suggestion, index) {
        const weight = suggestion.weights[index];
        return weight ? _t("Weight %s bits: a positive weight supports the suggestion, a negative one counts against it", weight.toFixed(1)) : "";
    }

    acceptTitle(suggestion, index) {
        return this.isBest(suggestion, index) ? _t("Accept (Enter)") : _t("Accept (%s)", index + 1);
    }

    toggleReasons(number) {
        this.state.expanded[number] = !this.state.expanded[number];
    }

    accept(number) {
        const suggestion = this.shown[number];
        return suggestion && this.props.onAccept(suggestion);
    }

    reject(number) {
        const suggestion = this.shown[number];
        return suggestion && this.props.onReject(suggestion);
    }
}
