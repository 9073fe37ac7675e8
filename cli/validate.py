"""`chiso validate`: check sources against the shapes, without a store."""

SUMMARY = ""
EXAMPLE = ""


def validate() -> int:
    return 0
