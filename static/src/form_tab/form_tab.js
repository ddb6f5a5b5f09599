import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { parseXML } from "@web/core/utils/xml";
import { Record } from "@web/model/record";
import { extractFieldsFromArchInfo, useRecordObserver } from "@web/model/relational_model/utils";
import { loadSubViews } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, useState } from "@odoo/owl";

/**
 * What a tab of a form shows, read when the tab is opened and not with the form: another form view of the same record.
 *
 *     <page string="…"><widget name="form_tab" options="{'view': 'module.id_of_the_view'}"/></page>
 */
export class FormTab extends Component {
    static template = "account_reconciliation.FormTab";
    static components = { FormRenderer, Record };
    static props = { ...standardWidgetProps, view: String };

    setup() {
        this.viewService = useService("view");
        // Whenever the form is read again, so is the tab.
        this.state = useState({ reads: 0 });
        useRecordObserver((record) => {
            record.data; // replaced by each reading
            this.state.reads++;
        });
        onWillStart(() => this.loadView());
    }

    async loadView() {
        const { resModel, context } = this.props.record;
        const { fields, relatedModels, views } = await this.viewService.loadViews({
            resModel,
            views: [[false, "form"]],
            context: { ...context, form_view_ref: this.props.view },
        });
        const { ArchParser } = registry.category("views").get("form");
        this.archInfo = new ArchParser().parse(parseXML(views.form.arch), relatedModels, resModel);
        const { fieldNodes } = this.archInfo;
        await loadSubViews(fieldNodes, fields, context, resModel, this.viewService, this.env.isSmall);
        this.read = extractFieldsFromArchInfo(this.archInfo, fields);
    }
}

registry.category("view_widgets").add("form_tab", {
    component: FormTab,
    extractProps: ({ options }) => ({ view: options.view }),
});
