import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

// One icon, colour and sentence a status; the shape differs too, so that colour alone never tells.
export const RECONCILIATION_STATUSES = {
    full: {
        icon: "fa-check-circle",
        color: "text-success",
        label: _t("Fully reconciled"),
        help: _t("All items are paid in full, or the payment or credit is applied in full."),
    },
    partial: {
        icon: "fa-dot-circle-o",
        color: "o_reconciliation_blue",
        label: _t("Partially reconciled"),
        help: _t("Items are not paid in full, or a payment or credit is not applied in full."),
    },
    not_reconciled: {
        icon: "fa-exclamation-triangle",
        color: "text-warning",
        label: _t("Not reconciled"),
        help: _t("No reconciliation is made."),
    },
    planned: {
        icon: "fa-check-square-o",
        color: "o_reconciliation_blue",
        label: _t("Reconciled with planned payments"),
        help: _t("Payments that have not occurred yet cover everything that is open."),
    },
    error: {
        icon: "fa-exclamation-circle",
        color: "text-danger",
        label: _t("Reconciliation error"),
        help: _t("What is applied doesn't add up: delete and recreate the reconciliation."),
    },
};

export class ReconciliationStatus extends Component {
    static template = "account_reconciliation.ReconciliationStatus";
    static props = { status: { type: [String, Boolean] }, label: { type: Boolean, optional: true } };

    get status() {
        return RECONCILIATION_STATUSES[this.props.status];
    }
}

export class ReconciliationLegend extends Component {
    static template = "account_reconciliation.ReconciliationLegend";
    static components = { ReconciliationStatus };
    static props = {};

    get statuses() {
        return Object.keys(RECONCILIATION_STATUSES);
    }
}

export class ReconciliationStatusField extends Component {
    static template = "account_reconciliation.ReconciliationStatusField";
    static components = { ReconciliationStatus };
    static props = { ...standardFieldProps, label: { type: Boolean, optional: true } };

    get value() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("reconciliation_status", {
    component: ReconciliationStatusField,
    displayName: _t("Reconciliation status"),
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ label: Boolean(options.label) }),
});
