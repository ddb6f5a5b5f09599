import { AnalyticDistribution } from "@analytic/components/analytic_distribution/analytic_distribution";
import { Record } from "@web/model/record";
import { Component, xml } from "@odoo/owl";

const FIELDS = {
    analytic_distribution: { name: "analytic_distribution", type: "json" },
    analytic_precision: { name: "analytic_precision", type: "integer" },
    account_id: { name: "account_id", type: "many2one", relation: "account.account" },
    company_id: { name: "company_id", type: "many2one", relation: "res.company" },
};

/** Odoo's field for analytic distributions, outside of a form. */
export class AnalyticShares extends Component {
    static template = xml`
        <Record t-props="recordProps" t-slot-scope="data">
            <AnalyticDistribution name="'analytic_distribution'" record="data.record" account_field="'account_id'"
                business_domain="'general'" placeholder="props.placeholder" readonly="false" allow_save="false"/>
        </Record>`;
    static components = { AnalyticDistribution, Record };
    static props = {
        distribution: Object,
        accountId: [Number, { value: false }],
        companyId: Number,
        placeholder: String,
        update: Function,
    };

    get recordProps() {
        const { distribution, accountId, companyId, update } = this.props;
        return {
            fields: FIELDS,
            activeFields: FIELDS,
            values: {
                analytic_distribution: { ...distribution },
                analytic_precision: 2,
                account_id: accountId && [accountId, ""],
                company_id: [companyId, ""],
            },
            hooks: { onRecordChanged: (record) => update({ ...record.data.analytic_distribution }) },
        };
    }
}
