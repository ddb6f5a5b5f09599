"""Random sequences of all that people do, from a seed, every invariant (docs/integrators.md) checked after each step.

How to use: ``script/prove simulate`` (see its head), or the short run in ``tests/test_simulator.py``.

How it works
    ``world``        two companies, people in all roles, and a clock
    ``wide``, ``full``   larger worlds: the trouble that people report; returns, differences, deposit slips, advice
    ``operations``   what people do, one small function each, in ``operations_*``
    ``ledger``       Odoo's raw tables as plain rows, read by SQL after every step
    ``book``         a second bookkeeping in plain Python: which item each partial pays, what is open, which status
    ``bank``         the same for bank transactions: their status, the remittances, the decision log
    ``invariants``   I1 to I19, each a function that compares the two
    ``play``         plays the steps of a seed
    ``shrink``       leaves out of a failing sequence all that it fails without
    ``runner``       the command line

``ledger``, ``book``, ``bank`` and ``invariants`` import nothing of the addon: they know what it has to do from
the invariants alone.
"""
