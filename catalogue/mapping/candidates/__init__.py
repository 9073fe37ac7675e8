"""Which codes an indicator could be, how probable each is, and why; a person decides."""
