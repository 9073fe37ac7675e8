"""The store that answers: one port, three adapters (memory, disk, remote)."""
