"""The thinking of the addon: plain Python and SQL text that know nothing of Odoo's models."""
