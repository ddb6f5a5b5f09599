from . import res_company
from . import res_config_settings
from . import account_bank_statement
from . import account_journal
from . import account_reconciliation_reminder
from . import digest_digest
from . import account_reconciliation_first_steps
from . import onboarding_onboarding_step
