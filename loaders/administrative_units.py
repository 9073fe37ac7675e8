"""Administrative units of Vietnam, before and since 1 July 2025, and what became what: from the package `vietnamadminunits`.

The package is third-party work (MIT). Its data files are read where the package lies; the package itself is never
imported. What it says goes into three graphs of one source:

confirmed   code, name, kind and parent of every unit: the codes were compared with a second source, see `graph/areas`
inferred    every conversion edge, and the day on which units of the old list ended: the package records no day
unverified  a code on which two sources disagree, and the edges that the statistics office's own table contradicts;
            these are told as notes and never become edges

Codes were reused on 1 July 2025 for other units, so a unit is its code and the day since when it bears it:
`area/00004.truoc-2025-07-01` is phường Trúc Bạch, `area/00004.2025-07-01` phường Ba Đình.
"""

import csv
import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from catalogue.errors import Invalid, Unavailable
from catalogue.graphs import source_graph
from catalogue.iri import CODES, PREFIXES, thing

PACKAGE = "vietnamadminunits"
VERSION = "1.0.4"
SOURCE = "vietnamadminunits-1-0-4"
"""The key of the source: `{base}id/source/vietnamadminunits-1-0-4`, described in `graph/areas/sources.ttl`."""

LAYOUT = 1
"""Raised whenever this module makes other quads of the same files, so that a built store loads them anew."""

CORRECTIONS = Path(__file__).with_name("administrative_units_corrections.csv")

# The files of the release, by their SHA-256: a file that differs is damaged or from elsewhere, and nothing is read from it.
FILES = {
    "dataset.db": "147cbbf81c8964bb594e1dda7ebab5649bce21efbfd6cb508cab7fefca62257d",
    "converter_2025.json": "84f0848bf401b047775cbb49768c181a9271f77e4a4ec706d293b09bcb4faddd",
}

OLD, NEW = "truoc-2025-07-01", "2025-07-01"
_DAY = Literal("2025-07-01", datatype=NamedNode(PREFIXES["xsd"] + "date"))

_DISTRICT_TYPES = {"Quận": "quan", "Huyện": "huyen", "Thị xã": "thi-xa", "Thành phố": "thanh-pho-thuoc-tinh"}
_COMMUNE_TYPES = {"Phường": "phuong", "Xã": "xa", "Thị trấn": "thi-tran", "Đặc khu": "dac-khu"}

_RDF_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_UNIT = NamedNode(PREFIXES["chiso"] + "AdministrativeUnit")
_CHANGE = NamedNode(PREFIXES["chiso"] + "AreaChange")
_VALID_FROM = NamedNode(PREFIXES["chiso"] + "validFrom")
_VALID_TO = NamedNode(PREFIXES["chiso"] + "validTo")
_NOT_FOUND = NamedNode(PREFIXES["chiso"] + "notFound")
_NOTE = NamedNode(PREFIXES["chiso"] + "note")
_BASIS = NamedNode(PREFIXES["chiso"] + "basis")
_CONCEPT_SCHEME = NamedNode(PREFIXES["skos"] + "ConceptScheme")
_NOTATION = NamedNode(PREFIXES["skos"] + "notation")
_PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_ALT_LABEL = NamedNode(PREFIXES["skos"] + "altLabel")
_IN_SCHEME = NamedNode(PREFIXES["skos"] + "inScheme")
_DCT_TYPE = NamedNode(PREFIXES["dct"] + "type")
_DCT_DATE = NamedNode(PREFIXES["dct"] + "date")
_PART_OF = NamedNode(PREFIXES["dct"] + "isPartOf")
_USED = NamedNode(PREFIXES["prov"] + "used")
_GENERATED = NamedNode(PREFIXES["prov"] + "generated")

# The code list that 19/2025/QĐ-TTg replaced; that it is the basis of the old codes is not confirmed.
_OLD_CODES = "ttg.quyet-dinh.khong-ngay.124-2004-qd-ttg"
# Luật Tổ chức chính quyền địa phương, in whose two tiers the district has no place (both are in graph/legal).
_TWO_TIERS = "quoc-hoi.luat.2025-06-16.72-2025-qh15"

_SAID_ONCE = (
    "63 đơn vị cấp tỉnh, 696 cấp huyện (năm huyện đảo không có cấp xã) và 10.035 cấp xã, hiện trạng của một ngày trong khoảng "
    "tháng 1 đến tháng 6/2025. Nguồn không ghi ngày bắt đầu của đơn vị nào; nghị quyết làm căn cứ cho từng thay đổi cấp xã "
    "ngày 1/7/2025 chưa được đưa vào."
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of one list. `parent` is the code of the unit above it, None for a province."""

    code: str
    name: str
    kind: str
    parent: str | None
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """What other sources hold against the package: edges they contradict, and codes they dispute.

    `edges`: (old code, new code) → the codes that the other source gives, and that source. `codes`: code → the other one.
    """

    edges: Mapping[tuple[str, str], tuple[tuple[str, ...], str]]
    codes: Mapping[str, str]

    @staticmethod
    def read(path: Path = CORRECTIONS) -> "Corrections":
        """The corrections that stand beside this module."""
        edges: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {}
        codes: dict[str, str] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["correction"] == "contradicted-edge":
                    edges[row["subject"], row["stated"]] = tuple(row["instead"].split()), row["source"]
                else:
                    codes[row["stated"]] = row["instead"]
        return Corrections(edges, codes)


@dataclass(frozen=True, slots=True)
class AdministrativeUnits:
    """A source that the build asks for its quads, beside the Turtle files of `graph/`.

    `folder` is where the data files lie; None is the installed package. Raises `Unavailable` when the package is not
    installed, `Invalid` when it is another release or its files are not those of the release.
    """

    folder: Path | None = None

    @property
    def key(self) -> str:
        """The key of the source."""
        return SOURCE

    def digest(self) -> str:
        """Changes whenever the quads may change. Cheap: looks at versions and sizes, not into the 7 MB of data."""
        folder = self.folder or _installed()
        sizes = ",".join(f"{name}={_size(folder / name)}" for name in FILES)
        text = f"{VERSION};{LAYOUT};{sizes};".encode() + CORRECTIONS.read_bytes()
        return hashlib.sha256(text).hexdigest()

    def quads(self, base: str) -> Iterator[Quad]:
        """Some 120,000 quads in the three graphs of the source, for a catalogue whose IRIs start with `base`."""
        folder = self.folder or _installed()
        for name, expected in FILES.items():
            _verify(folder / name, expected)
        corrections = Corrections.read()
        old, new, keys = _units(folder / "dataset.db")
        edges = _edges(folder / "converter_2025.json", keys)
        return _Writer(base, old, new, corrections).quads(edges)


def _installed() -> Path:
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        raise Unavailable(
            f"Chưa cài gói {PACKAGE} {VERSION}, nguồn của các đơn vị hành chính. Hãy chạy `make install` hoặc "
            f"`pip install --no-deps {PACKAGE}=={VERSION}`.",
            f"The package {PACKAGE} {VERSION}, the source of the administrative units, is not installed. Run `make install` "
            f"or `pip install --no-deps {PACKAGE}=={VERSION}`.",
            details={"package": PACKAGE, "version": VERSION},
        ) from None
    if distribution.version != VERSION:
        raise Invalid(
            f"Gói {PACKAGE} đang cài là bản {distribution.version}; danh mục này chỉ biết bản {VERSION}. Hãy cài lại bản "
            f"{VERSION}, hoặc đối chiếu bản mới rồi sửa loaders/administrative_units.py.",
            f"The installed {PACKAGE} is release {distribution.version}; this catalogue knows release {VERSION}. Install "
            f"{VERSION} again, or compare the new release and adapt loaders/administrative_units.py.",
            details={"package": PACKAGE, "version": distribution.version, "known": VERSION},
        )
    return Path(str(distribution.locate_file(PACKAGE))) / "data"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        raise _damaged(path) from None


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise _damaged(path) from None
    if found != expected:
        raise _damaged(path)


def _damaged(path: Path) -> Invalid:
    return Invalid(
        f"Tệp {path.name} của gói {PACKAGE} thiếu hoặc không đúng như bản phát hành {VERSION}. Hãy cài lại: "
        f"`pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}`.",
        f"The file {path.name} of the package {PACKAGE} is missing or is not the one of release {VERSION}. Install it again: "
        f"`pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}`.",
        details={"file": str(path), "package": PACKAGE, "version": VERSION},
    )


def _units(path: Path) -> tuple[dict[str, Unit], dict[str, Unit], tuple[dict[str, str], dict[tuple[str, str], str]]]:
    """The old units and the new ones by code, and the folded names that the converter uses for them."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        before = database.execute(
            "SELECT provinceCode, province, provinceShort, districtCode, district, districtType, wardCode, ward, wardType,"
            " provinceKey, districtKey, wardKey FROM admin_units_legacy"
        ).fetchall()
        since = database.execute(
            "SELECT provinceCode, province, provinceShort, wardCode, ward, wardType, provinceKey, wardKey FROM admin_units"
        ).fetchall()
    old: dict[str, Unit] = {}
    old_keys: dict[str, str] = {}
    for p_code, p_name, p_short, d_code, d_name, d_type, w_code, w_name, w_type, p_key, d_key, w_key in before:
        old.setdefault(p_code, _province(p_code, p_name, p_short))
        # Five districts have no ward; each is an island, and its own row is all that the package says of it.
        kind = _DISTRICT_TYPES[d_type] if w_code else "huyen-dao"
        old.setdefault(d_code, Unit(d_code, d_name, kind, p_code))
        if w_code:
            old[w_code] = Unit(w_code, w_name, _COMMUNE_TYPES[w_type], d_code)
        old_keys[f"{p_key}_{d_key}_{w_key or ''}"] = w_code or d_code
    new: dict[str, Unit] = {}
    new_keys: dict[tuple[str, str], str] = {}
    for p_code, p_name, p_short, w_code, w_name, w_type, p_key, w_key in since:
        new.setdefault(p_code, _province(p_code, p_name, p_short))
        new[w_code] = Unit(w_code, w_name, _COMMUNE_TYPES[w_type], p_code)
        new_keys[p_key, w_key] = w_code
    return old, new, (old_keys, new_keys)


def _province(code: str, name: str, short: str) -> Unit:
    return Unit(code, name, "tinh" if name.startswith("Tỉnh ") else "thanh-pho-trung-uong", None, short)


def _edges(path: Path, keys: tuple[dict[str, str], dict[tuple[str, str], str]]) -> list[tuple[str, str]]:
    """(old code, new code), every edge of the converter. It names units by folded names that must not be folded again."""
    old_keys, new_keys = keys
    converter: dict[str, dict[str, dict[str, list[Any]]]] = json.loads(path.read_text(encoding="utf-8"))
    edges = []
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            edges += [(old_keys[old], new_keys[province, commune]) for old in olds]
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, targets in divided.items():
            edges += [(old_keys[old], new_keys[province, target["newWardKey"]]) for target in targets]
    return edges


class _Writer:
    """Makes quads of units and edges, for one base."""

    def __init__(self, base: str, old: dict[str, Unit], new: dict[str, Unit], corrections: Corrections) -> None:
        self.base = base
        self.old, self.new, self.corrections = old, new, corrections
        self.confirmed = source_graph(base, SOURCE, "confirmed")
        self.inferred = source_graph(base, SOURCE, "inferred")
        self.unverified = source_graph(base, SOURCE, "unverified")
        self.nation = thing(base, "area", "vn")
        self.before = {code: thing(base, "area", f"{code}.{OLD}") for code in old}
        self.since = {code: thing(base, "area", f"{code}.{NEW}") for code in new}

    def quads(self, edges: Iterable[tuple[str, str]]) -> Iterator[Quad]:
        yield from self._old_scheme()
        yield from self._list(self.old, self.before, OLD)
        yield from self._list(self.new, self.since, NEW)
        kept: dict[str, list[str]] = defaultdict(list)
        divided: Counter[str] = Counter()
        for old, new in edges:
            if (old, new) in self.corrections.edges:
                yield self._contradicted(old, new)
            else:
                kept[new].append(old)
                divided[old] += 1
        for new, olds in kept.items():
            yield from self._change(new, olds, divided)
        provinces: dict[str, dict[str, None]] = defaultdict(dict)
        for new, olds in kept.items():
            for old in olds:
                provinces[self._top(self.new, new)][self._top(self.old, old)] = None
        receivers = Counter(old for olds in provinces.values() for old in olds)
        for new, old_provinces in provinces.items():
            yield from self._change(new, list(old_provinces), receivers)
        yield from self._abolition(divided)

    def _old_scheme(self) -> Iterator[Quad]:
        """What is missing for every old unit alike is said once, on their list."""
        scheme, graph = thing(self.base, "area-scheme", OLD), self.confirmed
        yield Quad(scheme, _RDF_TYPE, _CONCEPT_SCHEME, graph)
        yield Quad(scheme, _PREF_LABEL, Literal("Đơn vị hành chính trước ngày 1/7/2025", language="vi"), graph)
        yield Quad(
            scheme, _PREF_LABEL, Literal("Administrative units before 1 July 2025", language="en"), self.inferred
        )
        yield Quad(scheme, _VALID_TO, _DAY, self.inferred)
        yield Quad(scheme, _NOT_FOUND, _VALID_FROM, graph)
        yield Quad(scheme, _NOTE, Literal(_SAID_ONCE, language="vi"), graph)
        yield Quad(scheme, _BASIS, thing(self.base, "decision", _OLD_CODES), self.unverified)

    def _list(self, units: dict[str, Unit], iris: dict[str, NamedNode], edition: str) -> Iterator[Quad]:
        scheme = thing(self.base, "area-scheme", edition)
        kinds = {kind: NamedNode(f"{CODES}area-type/{kind}") for kind in {unit.kind for unit in units.values()}}
        graph, disputed = self.confirmed, self.corrections.codes
        for code, unit in units.items():
            area = iris[code]
            yield Quad(area, _RDF_TYPE, _UNIT, graph)
            in_doubt = edition == NEW and code in disputed
            yield Quad(area, _NOTATION, Literal(code), self.unverified if in_doubt else graph)
            yield Quad(area, _PREF_LABEL, Literal(unit.name, language="vi"), graph)
            if unit.short and unit.short != unit.name:
                yield Quad(area, _ALT_LABEL, Literal(unit.short, language="vi"), graph)
            yield Quad(area, _DCT_TYPE, kinds[unit.kind], graph)
            yield Quad(area, _PART_OF, iris[unit.parent] if unit.parent else self.nation, graph)
            yield Quad(area, _IN_SCHEME, scheme, graph)
            if edition == NEW:
                yield Quad(area, _VALID_FROM, _DAY, graph)
            else:
                yield Quad(area, _VALID_TO, _DAY, self.inferred)

    def _contradicted(self, old: str, new: str) -> Quad:
        instead, source = self.corrections.edges[old, new]
        told = Literal(
            f"Gói {PACKAGE} {VERSION} còn ghi đơn vị này vào {new} {self.new[new].name}; nguồn khác ghi "
            f"{', '.join(f'{code} {self.new[code].name}' for code in instead)} và không có {new}. "
            f"Không đưa vào quan hệ kế thừa. Nguồn khác: {source}.",
            language="vi",
        )
        return Quad(self.before[old], _NOTE, told, self.unverified)

    def _change(self, new: str, olds: list[str], receivers: Mapping[str, int]) -> Iterator[Quad]:
        """One change per new unit; a divided unit is used by several changes."""
        change, graph = thing(self.base, "area-change", f"{new}.{NEW}"), self.inferred
        whole = all(receivers[old] == 1 for old in olds)
        kind = "hop-nhat" if whole and len(olds) > 1 else "chia" if not whole and len(olds) == 1 else "to-chuc-lai"
        yield Quad(change, _RDF_TYPE, _CHANGE, graph)
        yield Quad(change, _DCT_TYPE, NamedNode(f"{CODES}change/{kind}"), graph)
        yield Quad(change, _DCT_DATE, _DAY, graph)
        for old in olds:
            yield Quad(change, _USED, self.before[old], graph)
        yield Quad(change, _GENERATED, self.since[new], graph)

    def _abolition(self, received: Mapping[str, int]) -> Iterator[Quad]:
        """The district level ended as a whole; only the island districts live on, as special zones, by the converter."""
        change, graph = thing(self.base, "area-change", f"cap-huyen.{NEW}"), self.inferred
        yield Quad(change, _RDF_TYPE, _CHANGE, graph)
        yield Quad(change, _PREF_LABEL, Literal("Kết thúc đơn vị hành chính cấp huyện", language="vi"), graph)
        yield Quad(change, _DCT_TYPE, NamedNode(f"{CODES}change/giai-the"), graph)
        yield Quad(change, _DCT_DATE, _DAY, graph)
        yield Quad(change, _BASIS, thing(self.base, "decision", _TWO_TIERS), graph)
        for code in self.old:
            if len(code) == 3 and code not in received:
                yield Quad(change, _USED, self.before[code], graph)

    @staticmethod
    def _top(units: Mapping[str, Unit], code: str) -> str:
        parent = units[code].parent
        return code if parent is None else _Writer._top(units, parent)
