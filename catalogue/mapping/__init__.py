"""Mappings between codes: what is which, exactly or nearly, decided by whom, valid when."""
