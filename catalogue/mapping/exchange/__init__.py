"""Mappings that go out and come in: SSSOM in all its forms, and what an import would change."""
