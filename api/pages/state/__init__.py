"""The pages that tell how far the catalogue is: overview, coverage of mappings, quality, what changed lately."""
