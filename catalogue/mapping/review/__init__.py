"""What is mapped, open, contradictory or out of date, and what a person decides next."""
