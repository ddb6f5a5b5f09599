"""``stdnum.iban``, which cannot open its data file where Odoo has replaced the loader of its package.

Odoo 19 patches ``stdnum`` through a loader that gives no access to the package's files (``odoo/_monkeypatches``). The
loader that Python would have used is put back before the module is imported.
"""

from importlib.machinery import SourceFileLoader

import stdnum

if not hasattr(stdnum.__spec__.loader, "get_resource_reader"):
    stdnum.__spec__.loader = SourceFileLoader(stdnum.__spec__.name, stdnum.__spec__.origin)

from stdnum import iban

__all__ = ["iban"]
