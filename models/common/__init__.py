from . import reconciliation_state_mixin
from . import reconciliation_guarded_mixin
from . import res_company
from . import res_currency
from . import res_config_settings
from . import reconciliation_kept_mixin
from . import reconciliation_sealed_mixin
