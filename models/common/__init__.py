from . import reconciliation_state_mixin
from . import guarded_fields
from . import res_company
from . import res_currency
from . import res_config_settings
