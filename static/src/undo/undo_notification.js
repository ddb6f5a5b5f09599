import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// Long enough to read the message and to press the button.
const DELAY = 12000;

/**
 * Says what was done, with a button that undoes it and buttons that open something else. The page is then loaded again.
 */
export function showUndo(env, { message, undo, buttons = [], type = "success" }) {
    const action = env.services.action;
    const close = env.services.notification.add(message, {
        type,
        autocloseDelay: DELAY,
        className: "o_undo_notification",
        buttons: [
            ...(undo
                ? [
                      {
                          name: _t("Undo"),
                          primary: true,
                          onClick: async () => {
                              close();
                              const next = await env.services.orm.call(undo.model, undo.method, [[undo.res_id]]);
                              if (next?.type) {
                                  await action.doAction(next);
                              } else {
                                  env.services.notification.add(_t("Undone."), { type: "info" });
                              }
                              await action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
                          },
                      },
                  ]
                : []),
            ...buttons.map((button) => ({
                name: button.label,
                onClick: () => {
                    close();
                    return action.doAction(button.action);
                },
            })),
        ],
    });
}

function undoNotificationAction(env, action) {
    showUndo(env, action.params);
    return action.params.next;
}

registry.category("actions").add("account_reconciliation.undo_notification", undoNotificationAction);
