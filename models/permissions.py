"""The permissions of the addon, as code asks for them."""

from odoo.exceptions import AccessError

VIEW = "account_reconciliation.group_client_billing"
MANAGE = "account_reconciliation.group_manage_reconciliations"
DELETE = "account_reconciliation.group_delete_reconciliations"
BANK = "account_reconciliation.group_bank_reconciliation"


def require(env, group):
    """Refuse with a sentence where the user lacks a permission.

    :param env: the environment whose user is asked about; the superuser may do all
    :param group: XML id of a permission of this addon
    :raise AccessError: naming the permission
    """
    if not env.su and not env.user.has_group(group):
        name = env.ref(group).sudo().name  # the name of a group is no secret
        raise AccessError(
            env._("You need the permission “%s” for this. Nothing was changed. Ask your administrator for it.", name)
        )


def require_bank(env):
    """Refuse who may not enter bank transactions: it takes Odoo's own rights of an accountant, which the permission for
    bank reconciliation includes.

    :raise AccessError: naming the permission
    """
    if not env.user.has_group("account.group_account_user"):
        require(env, BANK)
