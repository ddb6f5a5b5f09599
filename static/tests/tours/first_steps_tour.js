import { registry } from "@web/core/registry";

const step = (title) => `.o_first_step:contains('${title}')`;

registry.category("web_tour.tours").add("account_reconciliation_first_steps", {
    steps: () => [
        { content: "nothing is set yet", trigger: ".o_first_steps:contains('0 of 5 done')" },
        { trigger: `${step("Allocation order")}[data-done=false] button`, run: "click" },
        { trigger: ".modal .o_field_radio:contains('Pro rata') input[data-value=pro_rata]", run: "click" },
        { trigger: ".modal button[name=action_save]", run: "click" },
        { content: "it is done", trigger: `body:not(:has(.modal)) ${step("Allocation order")}[data-done=true]` },
        { trigger: `${step("Automatic matching")} button`, run: "click" },
        { content: "the default is fine", trigger: ".modal button[name=action_save]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${step("Automatic matching")}[data-done=true]` },
        { trigger: ".o_first_steps:contains('2 of 5 done')" },
        { trigger: ".o_first_steps_hide", run: "click" },
        { content: "hidden, and can be shown again", trigger: "body:not(:has(.o_first_steps)) .o_first_steps_show" },
    ],
});
