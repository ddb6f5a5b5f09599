"""A plugin of pytest: a company with a chart of accounts that all test classes share.

Loading a chart takes longer than most tests, and over 200 test classes need a company with one. Each class works on it
in a transaction that is rolled back.
"""

import pytest

XMLID = "__test__.prepared_company"  # read by tests/common/reconciliation.py


@pytest.fixture(scope="session", autouse=True)
def prepared_company(load_registry):
    """Make the company in the database of this process, where an earlier run has not."""
    from odoo import SUPERUSER_ID, api
    from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, DISABLED_MAIL_CONTEXT)
        if not env.ref(XMLID, raise_if_not_found=False):
            company = env["res.company"].create({"name": "company_1_data"})
            module, name = XMLID.split(".")
            env["ir.model.data"].create({
                "module": module, "name": name, "model": company._name, "res_id": company.id, "noupdate": True,
            })  # fmt: skip
            env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
            company.account_fiscal_country_id = company.account_fiscal_country_id or env.ref("base.us")
    yield
