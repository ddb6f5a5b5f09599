import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { getCurrency } from "@web/core/currency";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { parseMonetary } from "@web/views/fields/parsers";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { Component, useEffect, useRef } from "@odoo/owl";
import { AnalyticShares } from "./analytic_shares";
import { BookingRows } from "./booking_rows";
import { accountsOf, partnersOf, recentFirst, taxesOf } from "./record_choices";
import { TransferSides } from "./transfer_sides";

/** The lines that one transaction is booked by: amounts that can be changed, and what is left, live. */
export class BookingPanel extends Component {
    static template = "account_reconciliation.BookingPanel";
    static components = { AnalyticShares, MultiRecordSelector, RecordSelector, TransferSides };
    static props = {
        rows: BookingRows, lineId: Number, isMoneyIn: Boolean, currencyId: Number, companyId: Number, journalId: Number,
        partnerId: [Number, { value: false }], presets: Array, accounts: Array, hasAnalytic: Boolean, isBusy: Boolean,
        focusKey: String, onBook: Function, onBookSides: Function, onClose: Function, onAddLine: Function, onPayInFull: Function,
    };

    setup() {
        this.root = useRef("root");
        this.kinds = [
            ["account", _t("Account")],
            ["client", _t("Client's account")],
            ["vendor", _t("Vendor's account")],
            ["transfer", _t("Transfer")],
            ["preset", _t("Preset")],
        ];
        useEffect(
            (key) => {
                const row = key ? this.root.el?.querySelector(`[data-key="${key}"]`) : null;
                (row?.querySelector(".o_line_what input, .o_line_what select") || row?.querySelector("input"))?.focus();
            },
            () => [this.props.focusKey]
        );
    }

    get rows() {
        return this.props.rows;
    }

    get digits() {
        return getCurrency(this.props.currencyId)?.digits || [69, 2];
    }

    get accountDomain() {
        return accountsOf(this.props.companyId);
    }

    get accountContext() {
        return recentFirst(this.props.journalId);
    }

    get partnerDomain() {
        return partnersOf(this.props.companyId);
    }

    get taxDomain() {
        return [...taxesOf(this.props.companyId), ["type_tax_use", "=", this.props.isMoneyIn ? "sale" : "purchase"]];
    }

    get isTransferAlone() {
        return this.rows.length === 1 && this.rows.rows[0].kind === "transfer";
    }

    get restPreset() {
        const row = this.rows.restRow;
        return row?.kind === "preset" && this.props.presets.find((preset) => preset.id === row.presetId);
    }

    /** A sentence about the rest. */
    get outcome() {
        const { rest, left } = this.rows;
        const amount = this.money(Math.abs(left || rest));
        if (this.restPreset && rest) {
            return _t("%(rest)s is booked as %(preset)s.", { rest: amount, preset: this.restPreset.name });
        }
        if (!left) {
            return this.rows.isComplete ? _t("It adds up.") : _t("It adds up. Say what each line is.");
        }
        if (left < 0) {
            return _t("%s too much: lower an amount, or add a line that takes the difference.", amount);
        }
        return this.rows.documents.length === this.rows.length
            ? _t("%s is left: it stays as a deposit on the account, unless you add a line.", amount)
            : _t("%s is missing: raise an amount, or add a line.", amount);
    }

    get isShort() {
        return !this.rows.canBook && Boolean(this.rows.left);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    text(amount) {
        return formatFloat(amount, { digits: this.digits });
    }

    removeLabel(row) {
        return row.name ? _t("Leave out %s", row.name) : _t("Remove this line");
    }

    amountLabel(row) {
        return row.name ? _t("Amount for %s", row.name) : _t("Amount of this line");
    }

    amountTitle(row) {
        return row.isRest ? _t("Takes what the other lines leave") : "";
    }

    get journalLabel() {
        return this.props.isMoneyIn ? _t("Transfer from") : _t("Transfer to");
    }

    openOf(row) {
        return _t("of %s open", this.money(row.open));
    }

    setKind(row, kind) {
        row.kind = kind;
        if (["client", "vendor"].includes(kind)) {
            row.partnerId ||= this.props.partnerId;
        }
        if (kind === "transfer" && this.props.accounts.length === 1) {
            row.journalId = this.props.accounts[0].id;
        }
    }

    setJournal(row, id) {
        row.journalId = Number(id) || false;
    }

    setPreset(row, id) {
        row.presetId = Number(id) || false;
        row.name = this.props.presets.find((preset) => preset.id === row.presetId)?.name || "";
    }

    remove(row) {
        this.rows.remove(row.key);
        if (!this.rows.length) {
            this.props.onClose();
        }
    }

    onAmount(row, ev) {
        const written = ev.target.value;
        if (written === this.text(this.rows.amountOf(row))) {
            return; // the line that takes the rest goes on doing so
        }
        try {
            this.rows.setAmount(row, parseMonetary(written));
        } catch {
            // A text that is not a number changes nothing.
        }
        ev.target.value = this.text(this.rows.amountOf(row));
    }

    /** Enter books from every field, Escape leaves the field and then the panel; a list that is open comes first. */
    onKeydown(ev) {
        if (ev.defaultPrevented || ev.isComposing || ev.target.closest(".modal, .analytic_distribution_popup")) {
            return;
        }
        if (ev.key === "Enter" && !ev.target.closest("button, a, .o_transfer_sides")) {
            ev.preventDefault();
            ev.stopPropagation();
            ev.target.dispatchEvent(new Event("change", { bubbles: true }));
            if (this.rows.canBook && !ev.repeat) {
                this.props.onBook();
            }
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            if (ev.target.matches("input, select, textarea")) {
                ev.target.blur();
            } else {
                this.props.onClose();
            }
        }
    }
}
