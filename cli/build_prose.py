"""A build report for a person."""
