"""The state of the catalogue: what is counted, what is kept, what the pages show."""
