"""What tests share: companies, documents and checks to build on, and the processes of the long proofs."""

from .reconciliation import ReconciliationCommon

__all__ = ["ReconciliationCommon"]
