"""What makes a query slow, seen in its text alone."""


def hints(text: str) -> list[tuple[str, str]]:
    """What could make a slow query faster, as sentences (Vietnamese, English); nothing where no known shape is seen."""
    del text
    return []
