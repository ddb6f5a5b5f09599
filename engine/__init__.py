"""The rules of the addon: plain Python and SQL text that import nothing of Odoo's models."""
