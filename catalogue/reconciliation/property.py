"""A property that refines a query or can be fetched: what it is called, what it says, how it is read."""

from dataclasses import dataclass
from typing import Literal

Values = Literal["text", "code", "thing", "date", "number"]
"""text · code: of one of our code lists · thing: of the catalogue · date · number."""

Source = Literal["stated", "name", "code", "member", "mapping", "mapped-code", "responsible", "holder", "day"]
"""Where values come from: `stated` by predicates · `name`, `code`: every name or code · `member`: what has it as a member ·
`mapping`: accepted mappings, `mapped-code`: the codes of their other end · `responsible`: who holds a role on a day ·
`holder`: who took over from a unit · `day`: nothing to fetch; a day on which a candidate must exist."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property. `kinds`: those that can have it, () for all. `words`: the IRIs it is read from (`stated`), the
    predicate of a mapping, or the notation of a role."""

    id: str
    vi: str
    en: str
    about_vi: str
    about_en: str
    values: Values
    source: Source
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Its name in a language."""
        return self.en if language == "en" else self.vi

    def about(self, language: str) -> str:
        """What it says, in a sentence."""
        return self.about_en if language == "en" else self.about_vi

    def fits(self, kinds: tuple[str, ...]) -> bool:
        """Whether things of one of `kinds` can have it; () stands for any."""
        return not self.kinds or not kinds or bool(set(self.kinds) & set(kinds))

    @property
    def fetched(self) -> bool:
        """Whether its values can be fetched."""
        return self.source != "day"
