"""The web face of the catalogue."""
