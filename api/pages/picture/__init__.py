"""Lineage as a picture: grouped, laid out in columns by kind, and drawn as SVG on the server."""
