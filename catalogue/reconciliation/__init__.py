"""Reconciliation: from names in somebody's table to things of the catalogue, and back to what is known of them."""
