"""The part of synthetic data that every size has: the national frame, the decision of 2,000 consequences, the large agency."""

from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from benchmarks.statements import Said, Scribe, code, day, decimal, node, vi, whole, word, year
from benchmarks.synthetic_agencies import REORGANISED
from benchmarks.synthetic_city import (
    NATIONAL_DECISIONS,
    NATIONAL_INDICATORS,
    TOPICS,
    national_day,
    national_key,
)

IMPACT = node("decision", "ttg.quyet-dinh.2024-05-06.9990-qd-ttg")
IMPACT_SIZE = 2_000
PORTFOLIO = node("agency", "danh-muc.so-lon.2025-03-01")
PORTFOLIO_SIZE, PORTFOLIO_INHERITED, PORTFOLIO_SUBUNITS = 200, 120, 8
SUBUNIT_SIZE = 10


def _decision(scribe: Scribe, decision: NamedNode, number: str, issued: date, title: str, *more: Said) -> None:
    scribe.tell(
        decision,
        ("rdf:type", word("eli:LegalResource")),
        ("eli:type_document", code("doctype/quyet-dinh")),
        ("eli:number", Literal(number)),
        ("eli:date_document", day(issued)),
        ("eli:passed_by", node("post", "thu-tuong")),
        ("dct:title", vi(title)),
        ("chiso:validFrom", day(issued)),
        *more,
    )


def frame() -> list[Quad]:
    """National decisions in chains, the national indicator set, and the lists that codes stand in."""
    out: list[Quad] = []
    scribe = Scribe(out, "synthetic-quoc-gia", "Khung pháp lý tổng hợp giả lập")
    government = node("agency", "chinh-phu")
    scribe.tell(
        government,
        ("rdf:type", word("cv:PublicOrganisation")),
        ("skos:prefLabel", vi("Chính phủ (giả lập)")),
        ("chiso:level", code("level/quoc-gia")),
    )
    scribe.tell(
        node("post", "thu-tuong"),
        ("rdf:type", word("org:Post")),
        ("skos:prefLabel", vi("Thủ tướng Chính phủ (giả lập)")),
        ("org:postIn", government),
    )
    for kind, key in (("code-scheme", "qd-20-2020"), ("area-scheme", "synthetic")):
        scribe.tell(
            node(kind, key),
            ("rdf:type", word("skos:ConceptScheme")),
            ("skos:prefLabel", vi(f"Danh mục mã tổng hợp giả lập {key}")),
        )
    for n in range(NATIONAL_DECISIONS):
        above: tuple[Said, ...] = ()
        if n >= 5:
            above = tuple(("eli:based_on", node("decision", national_key(k))) for k in dict.fromkeys((n // 3, n // 5)))
        title = f"Quyết định tổng hợp giả lập {n} về {TOPICS[n % len(TOPICS)]}"
        _decision(scribe, node("decision", national_key(n)), f"{9000 + n}/QĐ-TTg", national_day(n), title, *above)
    owner = node("indicator-set", "quoc-gia-gia-lap")
    scribe.tell(
        owner,
        ("rdf:type", word("skos:ConceptScheme")),
        ("rdf:type", word("chiso:IndicatorSet")),
        ("skos:prefLabel", vi("Hệ thống chỉ tiêu quốc gia tổng hợp giả lập")),
        ("chiso:basis", node("decision", national_key(NATIONAL_DECISIONS - 1))),
        ("chiso:statedSize", whole(NATIONAL_INDICATORS)),
        ("chiso:level", code("level/quoc-gia")),
        ("dct:publisher", government),
        ("chiso:validFrom", day(national_day(NATIONAL_DECISIONS - 1))),
    )
    for n in range(NATIONAL_INDICATORS):
        _indicator(scribe, owner, node("indicator", f"quoc-gia-gia-lap.{n:04}"), f"{n:04}", "quoc-gia")
    return out


def _indicator(scribe: Scribe, owner: NamedNode, indicator: NamedNode, notation: str, level: str) -> None:
    scribe.tell(
        indicator,
        ("rdf:type", word("chiso:Indicator")),
        ("skos:inScheme", owner),
        ("skos:notation", Literal(notation)),
        ("skos:prefLabel", vi(f"Chỉ tiêu tổng hợp giả lập {notation} về {TOPICS[int(notation) % len(TOPICS)]}")),
        ("sdmx-a:unitMeasure", code("unit/phan-tram")),
        ("dct:accrualPeriodicity", code("frequency/nam")),
        ("chiso:level", code(f"level/{level}")),
    )


def _body(scribe: Scribe, agency: NamedNode, label: str, *more: Said) -> None:
    scribe.tell(
        agency,
        ("rdf:type", word("cv:PublicOrganisation")),
        ("skos:prefLabel", vi(label)),
        ("chiso:level", code("level/tinh")),
        *more,
    )


def _responsibility(
    scribe: Scribe, key: str, body: NamedNode, role: str, thing: NamedNode, basis: NamedNode, since: date
) -> None:
    responsibility = node("responsibility", key)
    scribe.tell(
        responsibility,
        ("rdf:type", word("chiso:Responsibility")),
        ("cv:hasParticipant", body),
        ("cv:role", code(f"role/{role}")),
        ("chiso:for", thing),
        ("chiso:basis", basis),
        ("prov:wasDerivedFrom", scribe.source),
    )
    scribe.tell(responsibility, ("chiso:validFrom", day(since)), mark="inferred")


def impact() -> list[Quad]:
    """One decision under which exactly 2,000 things stand, and no city: 20 provisions, a set, 4 groups, 400 indicators,
    50 tasks, 150 responsibilities, their 10 bodies, 25 regimes, 340 targets, 1,000 figures."""
    out: list[Quad] = []
    scribe, issued = Scribe(out, "synthetic-tac-dong", "Quyết định tổng hợp giả lập có 2.000 hệ quả"), date(2024, 5, 6)
    above = ("eli:based_on", node("decision", national_key(7)))
    _decision(scribe, IMPACT, "9990/QĐ-TTg", issued, "Quyết định tổng hợp giả lập có 2.000 hệ quả", above)
    provisions = scribe.tell_provisions(IMPACT, 20)
    bodies = [node("agency", f"tac-dong.co-quan-{n}") for n in range(10)]
    for n, body in enumerate(bodies):
        _body(scribe, body, f"Cơ quan tác động giả lập {n}")
    area = node("area", "89999.2025-07-01")
    scribe.tell(
        area,
        ("rdf:type", word("chiso:AdministrativeUnit")),
        ("skos:notation", Literal("89999")),
        ("skos:prefLabel", vi("Tỉnh giả lập tác động")),
        ("dct:type", code("area-type/tinh")),
        ("skos:inScheme", node("area-scheme", "synthetic")),
        ("chiso:validFrom", day(date(2025, 7, 1))),
    )
    owner = node("indicator-set", "tac-dong")
    scribe.tell(
        owner,
        ("rdf:type", word("skos:ConceptScheme")),
        ("rdf:type", word("chiso:IndicatorSet")),
        ("skos:prefLabel", vi("Bộ chỉ số tác động tổng hợp giả lập")),
        ("chiso:basis", IMPACT),
        ("chiso:statedSize", whole(400)),
        ("chiso:level", code("level/tinh")),
        ("dct:publisher", bodies[0]),
        ("chiso:validFrom", day(issued)),
    )
    indicators = [node("indicator", f"tac-dong.{n:04}") for n in range(400)]
    for n, indicator in enumerate(indicators):
        _indicator(scribe, owner, indicator, f"{n:04}", "tinh")
    for g in range(4):
        scribe.tell(
            node("indicator-group", f"tac-dong.nhom-{g + 1}"),
            ("rdf:type", word("skos:Collection")),
            ("skos:prefLabel", vi(f"Nhóm tác động giả lập {g + 1}")),
            ("skos:inScheme", owner),
            ("skos:notation", Literal(f"{g + 1}")),
            ("chiso:basis", provisions[g]),
            *(("skos:member", indicator) for indicator in indicators[100 * g : 100 * g + 100]),
        )
    for n in range(50):
        task = node("task", f"tac-dong.nhiem-vu-{n:02}")
        _task(scribe, task, f"Nhiệm vụ tác động giả lập {n}", provisions[n % 20])
        for k, role in enumerate(("chu-tri", "phoi-hop", "bao-cao")):
            _responsibility(
                scribe, f"tac-dong.{n:02}.{role}", bodies[(n + k) % 10], role, task, provisions[n % 20], issued
            )
    for n in range(25):
        scribe.tell(
            node("regime", f"tac-dong.che-do-{n:02}"),
            ("rdf:type", word("chiso:ReportingRegime")),
            ("skos:prefLabel", vi(f"Chế độ báo cáo tác động giả lập {n}")),
            ("chiso:reporter", bodies[n % 10]),
            ("chiso:recipient", bodies[(n + 1) % 10]),
            ("dct:accrualPeriodicity", code("frequency/quy")),
            ("dct:type", code("regime-kind/dinh-ky")),
            ("chiso:basis", provisions[n % 20]),
            *(("chiso:requires", indicator) for indicator in indicators[16 * n : 16 * n + 4]),
        )
    for n in range(340):
        scribe.tell(
            node("target", f"tac-dong.chi-tieu-{n:03}"),
            ("rdf:type", word("chiso:Target")),
            ("skos:prefLabel", vi(f"Chỉ tiêu tác động giả lập {n}")),
            ("chiso:indicator", indicators[n]),
            ("sdmx-d:refArea", area),
            ("chiso:operator", Literal(">=")),
            ("chiso:value", decimal(n / 4)),
            ("sdmx-a:unitMeasure", code("unit/phan-tram")),
            ("chiso:due", day(date(2026, 12, 31))),
            ("chiso:strength", code("strength/dat-ra")),
            ("chiso:basis", provisions[n % 20]),
        )
    dataset = node("dataset", "tac-dong.so-lieu")
    scribe.tell(
        dataset,
        ("rdf:type", word("dcat:Dataset")),
        ("rdf:type", word("qb:DataSet")),
        ("dct:title", vi("Số liệu tác động tổng hợp giả lập")),
        ("dct:publisher", bodies[0]),
        ("chiso:notFound", word("dct:license")),
    )
    for n in range(1_000):
        scribe.tell(
            node("observation", f"tac-dong.{n:04}"),
            ("rdf:type", word("qb:Observation")),
            ("qb:dataSet", dataset),
            ("chiso:indicator", indicators[n % 400]),
            ("sdmx-d:refArea", area),
            ("sdmx-d:refPeriod", year(2023 + n // 400)),
            ("sdmx-m:obsValue", decimal(n / 10)),
            ("sdmx-a:decimals", whole(2)),
            ("sdmx-a:unitMeasure", code("unit/phan-tram")),
            ("sdmx-a:obsStatus", code("obs-status/chinh-thuc")),
        )
    return out


def _task(scribe: Scribe, task: NamedNode, label: str, basis: NamedNode) -> None:
    scribe.tell(
        task,
        ("rdf:type", word("chiso:Task")),
        ("skos:prefLabel", vi(label)),
        ("chiso:basis", basis),
        ("chiso:due", day(date(2026, 11, 30))),
        ("chiso:status", code("task-status/dang-thuc-hien")),
    )


def portfolio() -> list[Quad]:
    """One agency with exactly 200 assignments, 120 of them named to a predecessor, and 8 sub-units with 10 each."""
    out: list[Quad] = []
    scribe, key = Scribe(out, "synthetic-danh-muc", "Kế hoạch tổng hợp giả lập giao 280 việc"), "danh-muc"
    early, late = date(2022, 3, 1), date(2025, 5, 5)
    plans = {}
    for issued, number in ((early, 9991), (late, 9992)):
        plan = node("decision", f"danh-muc.quyet-dinh.{issued}.{number}-qd-ttg")
        above = ("eli:based_on", node("decision", national_key(9)))
        _decision(scribe, plan, f"{number}/QĐ-TTg", issued, f"Quyết định tổng hợp giả lập giao việc {number}", above)
        plans[issued] = scribe.tell_provisions(plan, 10)
    old = [node("agency", f"{key}.so-{name}.truoc-2025-03-01") for name in ("mot", "hai")]
    for n, agency in enumerate(old):
        _body(scribe, agency, f"Sở danh mục giả lập {n} (cũ)", ("chiso:validTo", day(REORGANISED)))
    _body(scribe, PORTFOLIO, "Sở lớn giả lập", ("chiso:validFrom", day(REORGANISED)))
    scribe.tell(
        node("event", f"{key}.hop-nhat.2025-03-01"),
        ("rdf:type", word("org:ChangeEvent")),
        ("skos:prefLabel", vi("Hợp nhất giả lập thành Sở lớn")),
        ("dct:type", code("change/hop-nhat")),
        ("dct:date", day(REORGANISED)),
        *(("org:originalOrganization", agency) for agency in old),
        ("org:resultingOrganization", PORTFOLIO),
        ("chiso:basis", node("decision", national_key(NATIONAL_DECISIONS - 1))),
    )
    units = []
    for n in range(PORTFOLIO_SUBUNITS):
        unit = node("agency", f"{key}.phong-{n}")
        above = ("org:subOrganizationOf", PORTFOLIO)
        _body(scribe, unit, f"Phòng {n} của Sở lớn giả lập", above, ("chiso:validFrom", day(REORGANISED)))
        units.append(unit)
    bodies = [(old[n % 2], early) for n in range(PORTFOLIO_INHERITED)]
    bodies += [(PORTFOLIO, late)] * (PORTFOLIO_SIZE - PORTFOLIO_INHERITED)
    bodies += [(units[n % PORTFOLIO_SUBUNITS], late) for n in range(PORTFOLIO_SUBUNITS * SUBUNIT_SIZE)]
    for n, (body, issued) in enumerate(bodies):
        task, basis = node("task", f"{key}.viec-{n:03}"), plans[issued][n % 10]
        _task(scribe, task, f"Việc giả lập {n} của Sở lớn", basis)
        role = ("chu-tri", "phoi-hop", "bao-cao", "tong-hop")[n % 4]
        _responsibility(scribe, f"{key}.viec-{n:03}.{role}", body, role, task, basis, issued)
    return out
