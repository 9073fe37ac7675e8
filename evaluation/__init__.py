"""How good the suggestions of mappings are: real pairs of names with their sources, and the figures they give."""
