import { formatMonetary } from "@web/views/fields/formatters";

/** Whether an amount is nothing in its currency: sums of floats can be a hair away from zero. */
export function isZeroAmount(amount, currencyId) {
    const shown = (value) => formatMonetary(value, { currencyId });
    return [shown(0), shown(-0)].includes(shown(amount));
}
