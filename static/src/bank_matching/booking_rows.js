import { _t } from "@web/core/l10n/translation";

const COMPLETE = {
    document: () => true,
    account: (row) => row.accountId,
    client: (row) => row.partnerId,
    vendor: (row) => row.partnerId,
    transfer: (row) => row.journalId,
    preset: (row) => row.presetId,
};
// These are no documents, so nothing of them can be changed before they are booked.
const FIXED_MODELS = [
    "account.reconcile.model", "account.settlement", "account.journal", "account.bank.statement.line",
];

/** Whether the amounts of a suggestion can be changed. A returned payment is matched whole. */
export function canAdjust(suggestion) {
    return suggestion.entity_type !== "return" && suggestion.records.every(([model]) => !FIXED_MODELS.includes(model));
}

/**
 * The lines of one booking: documents that are paid, and accounts, deposits, transfers and presets beside them.
 *
 * At most one line takes whatever the others leave; it follows their amounts. Amounts are compared in whole cents,
 * because sums of floats would leave a remainder that nobody sees.
 */
export class BookingRows {
    /**
     * @param {number} total the transaction's amount without its sign
     * @param {number} digits decimal places of its currency
     */
    constructor(total, digits) {
        this.total = total;
        this.digits = digits;
        this.rows = [];
        this.number = 0;
        this.isSettled = false;
    }

    cents(amount) {
        return Math.round(amount * 10 ** this.digits);
    }

    amount(cents) {
        return cents / 10 ** this.digits;
    }

    get length() {
        return this.rows.length;
    }

    get documents() {
        return this.rows.filter((row) => row.kind === "document");
    }

    get restRow() {
        return this.rows.find((row) => row.isRest);
    }

    /** What the lines with an amount of their own leave. */
    get rest() {
        const taken = this.rows.reduce((sum, row) => sum + (row.isRest ? 0 : this.cents(row.amount)), 0);
        return this.amount(this.cents(this.total) - taken);
    }

    /** What no line takes. */
    get left() {
        return this.restRow ? 0 : this.rest;
    }

    amountOf(row) {
        return row.isRest ? this.rest : row.amount;
    }

    has(key) {
        return this.rows.some((row) => row.key === key);
    }

    /** A document takes what is open, at most what is left. */
    addDocument(target, isForeign) {
        const left = Math.max(0, this.rest);
        const amount = target.open > 0 ? Math.min(target.open, left) : target.open;
        this.rows.push({
            key: target.key, kind: "document", record: target.record, name: target.name, partner: target.partner || "",
            open: target.open, amount: target.taken ?? this.amount(this.cents(amount)), isForeign, isRest: false,
        });
    }

    /** Take a suggestion apart: leave something out, change an amount, add a fee. */
    adjust(suggestion) {
        this.clear();
        suggestion.records.forEach((record, number) =>
            this.addDocument({
                key: record.join(), record, name: suggestion.names[number], open: suggestion.opens?.[number] || 0,
                taken: suggestion.amounts[number],
            }, suggestion.settle)
        );
        this.isSettled = suggestion.settle;
    }

    /**
     * A line that takes what the others leave.
     *
     * @returns {string} its key
     */
    add(kind, values = {}) {
        const before = this.restRow;
        if (before) {
            before.amount = this.rest;
            before.isRest = false;
        }
        const key = `line${++this.number}`;
        this.rows.push({
            key, kind, accountId: false, partnerId: false, taxIds: [], distribution: {}, journalId: false, presetId: false,
            label: "", amount: 0, isRest: true, ...values,
        });
        return key;
    }

    remove(key) {
        this.rows = this.rows.filter((row) => row.key !== key);
        if (this.rows.length !== 1 || !this.rows[0].isForeign) {
            this.isSettled = false;
        }
    }

    clear() {
        this.rows = [];
        this.isSettled = false;
    }

    setAmount(row, amount) {
        row.amount = this.amount(this.cents(amount));
        row.isRest = false;
    }

    get canSettle() {
        return this.rows.length === 1 && Boolean(this.rows[0].isForeign);
    }

    /** Documents that could be paid in full though less money came. */
    get isPartial() {
        return this.documents.some((row) => row.open > 0 && this.cents(row.amount) < this.cents(row.open));
    }

    payInFull() {
        for (const row of this.documents.filter((one) => one.open > 0)) {
            this.setAmount(row, row.open);
        }
    }

    /** Whether each line says what it is; a line without an amount is left out. */
    get isComplete() {
        return this.rows.every((row) => COMPLETE[row.kind](row) || !this.cents(this.amountOf(row)));
    }

    /** Whether it can be booked: what is left over stays as a deposit where only documents are paid. */
    get canBook() {
        const left = this.cents(this.left);
        return this.length > 0 && this.isComplete && (!left || (left > 0 && this.rows.every((row) => row.kind === "document")));
    }

    /** The lines as the server takes them. */
    toLines() {
        return this.rows
            .filter((row) => this.cents(this.amountOf(row)))
            .map((row) => {
                const line = { kind: row.kind, amount: this.amountOf(row) };
                if (row.kind === "document") {
                    line.record = row.record;
                } else if (row.kind === "account") {
                    Object.assign(line, {
                        account_id: row.accountId, partner_id: row.partnerId, tax_ids: row.taxIds,
                        analytic_distribution: row.distribution, label: row.label,
                    });
                } else if (row.kind === "transfer") {
                    line.journal_id = row.journalId;
                } else if (row.kind === "preset") {
                    line.preset_id = row.presetId;
                } else {
                    Object.assign(line, { partner_id: row.partnerId, label: row.label });
                }
                return line;
            });
    }

    /** What became of the transaction, in a few words. */
    get names() {
        const names = this.documents.map((row) => row.name);
        if (names.length < this.length) {
            names.push(...this.rows.filter((row) => row.kind === "preset" && row.name).map((row) => row.name));
        }
        return names.join(", ") || _t("your lines");
    }
}
