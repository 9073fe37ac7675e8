"""A list of indicators or codes as a file gives it, before anything is known of the catalogue that receives it.

Every reader makes a `Listing` of plain data, so that it can be read in one process and written in another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from catalogue.errors import Invalid

Kind = Literal["group", "indicator", "code"]
Form = Literal["sdg", "world-bank", "sdmx", "annex"]
FORMS: tuple[Form, ...] = ("sdg", "world-bank", "sdmx", "annex")

LONGEST_CODE = 100
SAID = 20
"""Faults told of one file; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a file (row, column), or was left out there: one sentence in each language."""

    place_vi: str
    place_en: str
    vi: str
    en: str

    def told(self) -> tuple[str, str]:
        """The whole sentence in Vietnamese and in English."""
        return f"{self.place_vi}: {self.vi}", f"{self.place_en}: {self.en}"


@dataclass(frozen=True, slots=True)
class Duty:
    """A body named in an annex for an indicator; `role` is a code of the list of roles, `words` the cell's own text."""

    agency: str
    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    `code` is empty where the list gives none. `key`: what its IRI ends in. `names`: language → name. `groups`: the keys of
    the groups that hold it. `texts`: (property as a CURIE, text, language). `links`: (property, IRI). `row`, `place`:
    where it stands. `higher`: codes that the list gives for it in a higher-level system. `broader`: the key of the code
    above it. `valid_from`, `valid_to`: ISO days, the end excluded.
    """

    code: str
    kind: Kind
    names: dict[str, str]
    key: str = ""
    groups: tuple[str, ...] = ()
    texts: tuple[tuple[str, str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    place_vi: str = ""
    place_en: str = ""
    frequencies: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    broader: str = ""
    valid_from: str = ""
    valid_to: str = ""

    @property
    def ending(self) -> str:
        """What its IRI ends in, behind the key of the list."""
        return self.key or self.code

    def row(self, column: str = "") -> tuple[str, str]:
        """Where it stands, without the column, or in another one, in both languages."""
        at_vi, at_en = (f", cột “{column}”", f", column “{column}”") if column else ("", "")
        return self.place_vi.partition(", cột “")[0] + at_vi, self.place_en.partition(", column “")[0] + at_en


@dataclass(slots=True)
class Scheme:
    """One list: its own names where the file states them, and what it holds. `suffix` tells lists of one file apart."""

    entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    notation: str = ""
    suffix: str = ""
    texts: tuple[tuple[str, str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Listing:
    """All that the files of one call give: the lists, how many rows were read, what was left out and why, and what was read
    otherwise than it is written."""

    schemes: list[Scheme] = field(default_factory=list)
    rows: int = 0
    left_out: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As plain data, for another process."""
        return asdict(self)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Listing":
        """The listing that `plain` told about.

        >>> one = Listing([Scheme([Entry("1", "group", {"en": "a"}, links=(("rdfs:seeAlso", "http://a"),))])], 1)
        >>> Listing.read(one.plain()) == one
        True
        """
        schemes = [
            Scheme(
                [_entry(entry) for entry in scheme["entries"]],
                scheme["names"],
                scheme["notation"],
                scheme["suffix"],
                tuple(tuple(one) for one in scheme["texts"]),
                tuple(tuple(one) for one in scheme["links"]),
            )
            for scheme in told["schemes"]
        ]
        left_out, remarks = ([Fault(**fault) for fault in told[name]] for name in ("left_out", "remarks"))
        return cls(schemes, told["rows"], left_out, remarks)


def _entry(told: Mapping[str, Any]) -> Entry:
    given = dict(told)
    for name in ("texts", "links"):
        given[name] = tuple(tuple(one) for one in given[name])
    for name in ("groups", "frequencies", "higher"):
        given[name] = tuple(given[name])
    given["duties"] = tuple(Duty(**duty) for duty in given["duties"])
    return Entry(**given)


def row(number: int, column: str = "", *, table: int = 0) -> tuple[str, str]:
    """A place as people look it up, in both languages.

    >>> row(4, "code")
    ('dòng 4, cột “code”', 'row 4, column “code”')
    """
    vi = f"bảng {table}, " if table else ""
    en = f"table {table}, " if table else ""
    at_vi, at_en = (f", cột “{column}”", f", column “{column}”") if column else ("", "")
    return f"{vi}dòng {number}{at_vi}", f"{en}row {number}{at_en}"


def placed(entries: Iterable[Entry], vi: str, en: str) -> list[Entry]:
    """The entries with where they stand said more closely: in which file of several, on which sheet."""
    return [
        replace(entry, place_vi=f"{vi}, {entry.place_vi}", place_en=f"{en}, {entry.place_en}") if vi else entry
        for entry in entries
    ]


def refused(file: str, faults: Sequence[Fault]) -> Invalid:
    """The error for a file with faults: all of them, up to twenty."""
    told = [fault.told() for fault in faults[:SAID]]
    more = len(faults) - len(told)
    vi = [f"{file}: {one}" for one, _ in told] + ([f"{file}: còn {more} lỗi nữa."] if more else [])
    en = [f"{file}: {one}" for _, one in told] + ([f"{file}: {more} more faults."] if more else [])
    return Invalid("\n".join(vi), "\n".join(en), details={"file": file, "faults": len(faults)})


def empty(file: str) -> Invalid:
    """The error for a file in which no indicator and no code was found."""
    return Invalid(
        f"{file}: không có chỉ số hay mã nào. Hãy kiểm tra tệp và giá trị của --as.",
        f"{file}: there is no indicator and no code in it. Check the file and the value of --as.",
        details={"file": file},
    )


def missing_columns(file: str, wanted: Iterable[str], found: Iterable[str]) -> Invalid:
    """The error for a table without the columns that its form has; says which were found."""
    missing, there = ", ".join(wanted), ", ".join(one for one in found if one) or "—"
    return Invalid(
        f"{file}: thiếu cột {missing}. Các cột thấy được: {there[:500]}. Hãy kiểm tra tệp và giá trị của --as.",
        f"{file}: the column {missing} is missing. Columns found: {there[:500]}. Check the file and the value of --as.",
        details={"file": file, "missing": missing, "found": there[:500]},
    )


def check(file: str, schemes: Sequence[Scheme]) -> None:
    """Raises `Invalid` for codes that cannot be codes, that stand twice, or name a group that is not there."""
    faults: list[Fault] = []
    for scheme in schemes:
        faults += _faults(scheme)
        faults += _circles(scheme)
    if faults:
        raise refused(file, faults)
    if not any(entry.kind != "group" for scheme in schemes for entry in scheme.entries):
        raise empty(file)


def _faults(scheme: Scheme) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[tuple[bool, str], Entry] = {}
    groups = {entry.ending for entry in scheme.entries if entry.kind == "group"}
    for entry in scheme.entries:
        at = entry.place_vi, entry.place_en
        if any(c.isspace() or not c.isprintable() or c == "?" for c in entry.code):
            faults.append(
                Fault(
                    *at,
                    f"mã “{entry.code[:40]}” có khoảng trắng hoặc ký tự lạ. Hãy sửa, hoặc tách thành nhiều mã.",
                    f"the code “{entry.code[:40]}” has white space or a strange character in it. Correct it, or make several codes of it.",
                )
            )
        if len(entry.ending) > LONGEST_CODE:
            faults.append(
                Fault(
                    *at,
                    f"mã dài hơn {LONGEST_CODE} ký tự. Có lẽ tên nằm ở cột mã.",
                    f"the code is longer than {LONGEST_CODE} characters. Perhaps the column of codes holds names.",
                )
            )
        if not entry.ending:
            faults.append(Fault(*at, "chưa có mã. Hãy ghi mã.", "there is no code. State it."))
        elif (before := first.setdefault((entry.kind == "group", entry.ending), entry)) is not entry:
            faults.append(
                Fault(
                    *at,
                    f"mã {entry.ending} đã có ở {before.place_vi}. Hãy sửa mã, hoặc bỏ dòng trùng.",
                    f"the code {entry.ending} stands in {before.place_en} already. Correct it, or remove the repeated row.",
                )
            )
        if not any(entry.names.values()):
            faults.append(Fault(*at, f"mã {entry.ending} chưa có tên.", f"the code {entry.ending} has no name."))
        for group in entry.groups:
            if group not in groups:
                faults.append(
                    Fault(*at, f"không có nhóm {group} trong tệp.", f"there is no group {group} in the file.")
                )
    return faults


def _circles(scheme: Scheme) -> list[Fault]:
    """Codes that lie above themselves."""
    above = {entry.ending: entry.broader for entry in scheme.entries if entry.broader}
    faults = []
    settled: set[str] = set()
    for entry in scheme.entries:
        path: list[str] = []
        code = entry.ending
        while code in above and code not in settled and code not in path:
            path.append(code)
            code = above[code]
        if code in path:
            way = " → ".join([*path[path.index(code) :][:10], code])
            faults.append(
                Fault(
                    *entry.row(),
                    f"mã {code} nằm trên chính nó ({way}). Hãy sửa mã cha.",
                    f"the code {code} lies above itself ({way}). Correct the parent.",
                )
            )
        settled.update(path)
    return faults
