"""From any code to any list: chains of mappings and successions, composed by the stated table."""
