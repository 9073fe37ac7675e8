"""The five relations of SKOS between codes of two lists: one vocabulary for the interface, the command line and tables.

Wherever an answer has a `match` or a state of a code, these local names stand in it.
"""

MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The closest first. `broadMatch`: the other code is the wider one."""

WORDS = {
    "exactMatch": ("trùng", "exact"),
    "closeMatch": ("gần trùng", "close"),
    "broadMatch": ("mã kia rộng hơn", "the other is broader"),
    "narrowMatch": ("mã kia hẹp hơn", "the other is narrower"),
    "relatedMatch": ("liên quan", "related"),
}
"""How they are said in tables for people, in Vietnamese and in English."""

_INVERSE = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}


def inverse(match: str) -> str:
    """The match read from the other end: narrower for broader, the others are the same both ways.

    >>> inverse("broadMatch"), inverse("closeMatch")
    ('narrowMatch', 'closeMatch')
    """
    return _INVERSE.get(match, match)
