"""From other people's files to our graph: one module per format."""
