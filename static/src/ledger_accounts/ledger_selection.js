import { SelectedLines } from "../bank_matching/selected_lines";

/** The open lines of an account that are ticked, also those of other pages, and what they add up to. */
export class LedgerSelection extends SelectedLines {
    canSelect() {
        return true;
    }

    /** Tick the lines of a group beside what is ticked already, or none of them where all are. */
    toggleGroup(group) {
        const isSelected = this.hasAll(group.lines);
        for (const line of group.lines) {
            if (this.has(line) === isSelected) {
                this.toggle(line);
            }
        }
    }

    set(lines) {
        this.byId = Object.fromEntries(lines.map((line) => [line.id, line]));
    }

    /** Debits, credits and difference, in company currency. */
    get sums() {
        const amounts = this.lines.map((line) => line.amount);
        const debit = amounts.filter((amount) => amount > 0).reduce((sum, amount) => sum + amount, 0);
        const credit = -amounts.filter((amount) => amount < 0).reduce((sum, amount) => sum + amount, 0);
        return { debit, credit, difference: debit - credit };
    }

    /** Their one currency, or nothing. */
    get currencyId() {
        const currencies = new Set(this.lines.map((line) => line.currency_id));
        return currencies.size === 1 ? [...currencies][0] : 0;
    }

    /** Their difference in their own currency. */
    get differenceInCurrency() {
        return this.lines.reduce((sum, line) => sum + line.amount_currency, 0);
    }

    get canReconcile() {
        const amounts = this.lines.map((line) => line.amount || line.amount_currency);
        return amounts.some((amount) => amount > 0) && amounts.some((amount) => amount < 0);
    }
}
