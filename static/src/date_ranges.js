import { _t } from "@web/core/l10n/translation";
import { serializeDate } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/** Ranges of dates that screens offer: a key, a label, and a function of now that gives the first and the last day. */
export const DATE_RANGES = [
    { key: "all", label: _t("All dates"), range: () => ["", ""] },
    { key: "month", label: _t("This month"), range: (now) => [now.startOf("month"), now.endOf("month")] },
    {
        key: "last_month",
        label: _t("Last month"),
        range: (now) => [now.minus({ months: 1 }).startOf("month"), now.minus({ months: 1 }).endOf("month")],
    },
    { key: "quarter", label: _t("This quarter"), range: (now) => [now.startOf("quarter"), now.endOf("quarter")] },
    { key: "year", label: _t("This year"), range: (now) => [now.startOf("year"), now.endOf("year")] },
    {
        key: "12_months",
        label: _t("Last 12 months"),
        range: (now) => [now.minus({ months: 11 }).startOf("month"), now.endOf("month")],
    },
];

/** The first and last day of a range as the server takes them, empty where there is no limit. */
export function rangeDates(key) {
    const [from, to] = DATE_RANGES.find((range) => range.key === key).range(DateTime.local());
    return { dateFrom: from ? serializeDate(from) : "", dateTo: to ? serializeDate(to) : "" };
}
