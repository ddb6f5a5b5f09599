import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { getCurrency } from "@web/core/currency";
import { parseMonetary } from "@web/views/fields/parsers";
import { Component } from "@odoo/owl";

/** What is ticked for one transaction: amounts that can be changed, and what is left, live. */
export class ChosenDocuments extends Component {
    static template = "account_reconciliation.ChosenDocuments";
    static props = {
        rows: Array, total: Number, currencyId: Number, presets: Array, presetId: Number, isSettled: Boolean, isBusy: Boolean,
        onRemove: Function, onAmount: Function, onPreset: Function, onSettle: Function, onMatch: Function, onClear: Function,
    };

    get digits() {
        return getCurrency(this.props.currencyId)?.digits || [69, 2];
    }

    // Whole cents: sums of floats would leave a remainder that nobody sees.
    cents(amount) {
        return Math.round(amount * 10 ** this.digits[1]);
    }

    get rest() {
        const taken = this.props.rows.reduce((sum, row) => sum + this.cents(row.amount), 0);
        return (this.cents(this.props.total) - taken) / 10 ** this.digits[1];
    }

    get canSettle() {
        return this.props.rows.length === 1 && this.props.rows[0].isForeign;
    }

    get chosenPreset() {
        return this.props.presets.find((preset) => preset.id === this.props.presetId);
    }

    /** What becomes of the rest, in words. */
    get outcome() {
        const rest = this.money(Math.abs(this.rest));
        if (!this.rest) {
            return _t("It adds up.");
        }
        if (this.chosenPreset) {
            return _t("%(rest)s is booked as %(preset)s.", { rest, preset: this.chosenPreset.name });
        }
        return this.rest < 0
            ? _t("%s too much is chosen: lower an amount, or choose a preset that takes the difference.", rest)
            : _t("%s is left: it stays as a deposit on the account, unless you choose more or a preset.", rest);
    }

    get isShort() {
        return this.rest < 0 && !this.chosenPreset;
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    text(amount) {
        return formatFloat(amount, { digits: this.digits });
    }

    leaveOutLabel(row) {
        return _t("Leave out %s", row.name);
    }

    amountLabel(row) {
        return _t("Amount for %s", row.name);
    }

    onChange(row, ev) {
        let amount;
        try {
            amount = parseMonetary(ev.target.value);
        } catch {
            amount = row.amount; // what can't be read changes nothing
        }
        amount = this.cents(amount) / 10 ** this.digits[1];
        this.props.onAmount(row.key, amount);
        ev.target.value = this.text(amount);
    }

    onKeydown(row, ev) {
        if (ev.key === "Enter") {
            this.onChange(row, ev);
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onMatch();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            ev.target.blur();
        }
    }
}
