"""The permissions of the addon, as code asks for them."""

from odoo.exceptions import AccessError

VIEW = "account_reconciliation.group_client_billing"
MANAGE = "account_reconciliation.group_manage_reconciliations"
DELETE = "account_reconciliation.group_delete_reconciliations"
BANK = "account_reconciliation.group_bank_reconciliation"
CLOSE_UNBALANCED = "account_reconciliation.group_close_unbalanced"
# Odoo's own group of users who configure accounting.
CONFIGURES = "account.group_account_manager"


def require(env, group):
    """Raise an error where the user lacks a permission.

    :param env: the environment whose user is asked about; the superuser may do all
    :param group: XML id of a permission of this addon
    :raise AccessError: naming the permission
    """
    if not env.su and not env.user.has_group(group):
        name = env.ref(group).sudo().name  # the name of a group is not confidential
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


def require_bank_periods(env, company=None):
    """Refuse who may not reconcile bank accounts by period, and everybody where the company has switched it off.

    :param company: res.company whose bank account it is, or None for the current one
    :raise AccessError: naming the permission or the setting
    """
    require(env, BANK)
    company = company or env.company
    if not env.su and not company.sudo().bank_reconciliation:  # a setting is not confidential
        raise AccessError(
            env._(
                "Bank reconciliation is switched off for %s. Nothing was changed. It is switched on in the settings of "
                "Invoicing.",
                company.sudo().name,
            )
        )
