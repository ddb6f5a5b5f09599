/** Which records a bank transaction of a company can be booked to. */
export const accountsOf = (companyId) => [["company_ids", "parent_of", companyId], ["account_type", "!=", "off_balance"]];
export const partnersOf = (companyId) => ["|", ["company_id", "=", false], ["company_id", "parent_of", companyId]];
export const taxesOf = (companyId) => [["company_id", "parent_of", companyId]];

/** The accounts that this bank account used last come first. */
export const recentFirst = (journalId) => ({ recent_of_journal: journalId });
