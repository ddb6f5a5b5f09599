import { _t } from "@web/core/l10n/translation";
import { formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { ListRenderer } from "@web/views/list/list_renderer";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** The rows of a table of reconciliations under a heading for each payment, with what is applied and left of it. */
export class ReconciliationGroupsRenderer extends ListRenderer {
    static recordRowTemplate = "account_reconciliation.ReconciliationGroupsRow";

    groupKey(record) {
        const { is_document } = this.props.list.evalContext.parent;
        const { money_line_id, document_id } = record.data;
        return (is_document ? money_line_id : document_id)?.id;
    }

    startsGroup(record) {
        const { records } = this.props.list;
        const index = records.indexOf(record);
        return !index || this.groupKey(records[index - 1]) !== this.groupKey(record);
    }

    groupTitle(record) {
        const { group_name, group_date } = record.data;
        return [group_name, group_date && formatDate(group_date)].filter(Boolean).join(" · ");
    }

    groupFigures(record) {
        const key = this.groupKey(record);
        const applied = this.props.list.records
            .filter((other) => this.groupKey(other) === key)
            .reduce((sum, other) => sum + other.data.amount, 0);
        const currencyId = record.data.currency_id?.id;
        const left = record.data.group_left;
        const figures = {
            applied: formatMonetary(applied, { currencyId }),
            left: formatMonetary(left, { currencyId }),
        };
        return _t("%(applied)s applied, %(left)s left", figures);
    }

    /** Less than nothing is left: too much is applied. */
    isOver(record) {
        return record.data.group_left < -0.000001;
    }
}

export class ReconciliationGroupsField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: ReconciliationGroupsRenderer };
}

registry.category("fields").add("reconciliation_groups", { ...x2ManyField, component: ReconciliationGroupsField });
