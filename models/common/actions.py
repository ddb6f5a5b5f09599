"""Actions that buttons return to the web client."""

CLOSE = {"type": "ir.actions.act_window_close"}
# Closes a dialog that a component has opened, and reports to the component that something was done.
CLOSE_DONE = {"type": "ir.actions.act_window_close", "infos": {"done": True}}
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def notify(message, kind="success", then=None, is_sticky=False):
    """An action that shows the user a message.

    :param message: str, translated
    :param kind: ``success``, ``info``, ``warning`` or ``danger``
    :param then: the action that follows, or None
    :param is_sticky: whether it stays until it is closed
    """
    params = {"message": message, "type": kind, "sticky": is_sticky}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params | ({"next": then} if then else {}),
    }


def notify_with_undo(message, record=None, then=None, links=(), method="action_undo"):
    """An action that shows the user a message, with a button that undoes what was done.

    :param message: str, translated
    :param record: a record whose method undoes it, or None where it can't be undone
    :param then: the action that follows, or None
    :param links: pairs of a label, translated, and the action that a further button opens
    :param method: name of the method; it returns an action, or True
    """
    undo = {"model": record._name, "res_id": record.id, "method": method} if record else False
    buttons = [{"label": label, "action": action} for label, action in links]
    return {
        "type": "ir.actions.client",
        "tag": "account_reconciliation.undo_notification",
        "params": {"message": message, "undo": undo, "buttons": buttons} | ({"next": then} if then else {}),
    }


def form_of(record, name=None, is_dialog=False, context=None):
    """An action that opens one record in its form.

    :param record: the record; empty for a new one
    :param name: str, the title, translated; None for the form's own
    :param is_dialog: whether it opens in a dialog
    :param context: dict, or None
    """
    action = {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "views": [(False, "form")],
        "target": "new" if is_dialog else "current",
    }
    return action | ({"name": name} if name else {}) | ({"context": context} if context else {})
