"""How alike two names are, and why: for candidates of mappings and for reconciliation."""
