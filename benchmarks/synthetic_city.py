"""One synthetic city: its agencies through a reorganisation, plans in chains, indicator sets, tasks, targets, figures.

The numbers of things are fixed, the ties between them drawn by a seeded generator; a city is the same however many
cities there are.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Quad

from benchmarks.statements import Said, Scribe, code, day, decimal, node, vi, whole, word, year
from benchmarks.synthetic_agencies import bodies

PLANS, PLANS_BEFORE = 40, 30
PROVISIONS = 6
SETS, GROUPS, MEMBERS = 3, 4, 15
TASKS, REGIMES, TARGETS, OBSERVATIONS, MAPPINGS = 120, 20, 200, 800, 40
SYSTEMS, EXCHANGES, SCENARIOS, PHASES = 6, 8, 4, 3
NATIONAL_DECISIONS, NATIONAL_INDICATORS = 60, 230

TOPICS = (
    "tỷ lệ hồ sơ giải quyết trực tuyến",
    "tốc độ tăng tổng sản phẩm",
    "thu ngân sách nhà nước",
    "vốn đầu tư thực hiện",
    "số lao động qua đào tạo",
    "tỷ lệ hộ dùng nước sạch",
    "chỉ số sản xuất công nghiệp",
    "doanh nghiệp đăng ký mới",
    "tỷ lệ che phủ rừng",
    "số giường bệnh",
    "mức độ hài lòng của người dân",
    "tỷ lệ báo cáo điện tử",
    "lượng khách du lịch",
    "kim ngạch xuất khẩu",
    "số vụ tai nạn giao thông",
    "tỷ lệ rác thải được thu gom",
)
FREQUENCIES = ("thang", "quy", "6-thang", "nam")


def plan_day(number: int) -> date:
    """The day of a plan: three quarters lie before the reorganisation."""
    if number < PLANS_BEFORE:
        return date(2021, 2, 1) + timedelta(days=48 * number)
    return date(2025, 3, 10) + timedelta(days=40 * (number - PLANS_BEFORE))


def plan_number(tag: str, number: int) -> str:
    """The number of a plan as printed; no two synthetic plans share one."""
    return f"{100 + 7 * number}/KH-UBND-T{tag}"


def plan_key(tag: str, number: int) -> str:
    """The key of a plan."""
    return f"t{tag}-ubnd.ke-hoach.{plan_day(number)}.{100 + 7 * number}-kh-ubnd-t{tag}"


def national_key(number: int) -> str:
    """The key of a national decision."""
    return f"ttg.quyet-dinh.{national_day(number)}.{9000 + number}-qd-ttg"


def national_day(number: int) -> date:
    """The day of a national decision: the lower the number, the older, and it rests only on older ones."""
    return date(2008, 1, 15) + timedelta(days=75 * number)


class City:
    """Writes one city. `quads` holds what was written."""

    def __init__(self, number: int, seed: int) -> None:
        self.tag = f"{number:04d}"
        self.quads: list[Quad] = []
        self._random = random.Random(f"{seed}:{number}")
        self._ubnd = node("agency", f"t{self.tag}.ubnd")
        self._area_code = f"{90_000 + number}"
        self._area = node("area", f"{self._area_code}.2025-07-01")
        self._before: Sequence[NamedNode] = ()
        self._since: Sequence[NamedNode] = ()
        self._provisions: list[list[NamedNode]] = []
        self._indicators: list[NamedNode] = []
        self._groups: list[NamedNode] = []
        self._sets: list[NamedNode] = []
        self._systems: list[NamedNode] = []
        self._write()

    def _write(self) -> None:
        agencies = self._scribe("co-quan", "Danh sách cơ quan tổng hợp giả lập")
        reorganised_by = node("decision", plan_key(self.tag, PLANS_BEFORE - 1))
        found = bodies(agencies, self.tag, self._area, self._area_code, self._ubnd, reorganised_by)
        self._before, self._since = found.before, found.since
        plans = [self._scribe(f"kh-{k}", f"Kế hoạch tổng hợp giả lập số {k}") for k in range(8)]
        for number in range(PLANS):
            self._plan(plans[number % len(plans)], number)
        self._indicator_sets(plans)
        self._information_systems(plans[1])
        for number in range(TASKS):
            self._task(plans[(number // (TASKS // PLANS)) % len(plans)], number)
        for number, group in enumerate(self._groups):
            plan = number % PLANS_BEFORE
            self._responsibility(
                plans[plan % len(plans)], group, f"nhom-{number}", "chu-tri", self._pick(self._before), plan
            )
        for number in range(REGIMES):
            self._regime(plans[number % len(plans)], number)
        for number in range(TARGETS):
            self._target(plans[number % len(plans)], number)
        self._figures()
        self._mappings()

    def _scribe(self, name: str, title: str) -> Scribe:
        return Scribe(self.quads, f"synthetic-t{self.tag}-{name}", f"{title} của tỉnh giả lập {self.tag}")

    def _pick(self, choices: Sequence[NamedNode]) -> NamedNode:
        return choices[self._random.randrange(len(choices))]

    def _plan(self, scribe: Scribe, number: int) -> None:
        plan, issued = node("decision", plan_key(self.tag, number)), plan_day(number)
        older = [n for n in range(NATIONAL_DECISIONS) if national_day(n) < issued]
        above = node("decision", national_key(older[self._random.randrange(len(older))]))
        earlier: tuple[Said, ...] = ()
        if number % 5:
            earlier = (("eli:based_on", node("decision", plan_key(self.tag, number - 1))),)
        scribe.tell(
            plan,
            ("rdf:type", word("eli:LegalResource")),
            ("eli:type_document", code("doctype/ke-hoach")),
            ("eli:number", Literal(plan_number(self.tag, number))),
            ("eli:date_document", day(issued)),
            ("eli:passed_by", self._ubnd),
            (
                "dct:title",
                vi(f"Kế hoạch tổng hợp giả lập {number} của tỉnh {self.tag} về {TOPICS[number % len(TOPICS)]}"),
            ),
            ("chiso:validFrom", day(issued)),
            ("eli:based_on", above),
            *earlier,
        )
        self._provisions.append(scribe.tell_provisions(plan, PROVISIONS))

    def _indicator_sets(self, plans: list[Scribe]) -> None:
        for s in range(SETS):
            scribe, key = plans[s], f"t{self.tag}-bo-{s}"
            owner = node("indicator-set", key)
            scribe.tell(
                owner,
                ("rdf:type", word("skos:ConceptScheme")),
                ("rdf:type", word("chiso:IndicatorSet")),
                ("skos:prefLabel", vi(f"Bộ chỉ số tổng hợp giả lập {s} của tỉnh {self.tag}")),
                ("chiso:basis", node("decision", plan_key(self.tag, 10 * s))),
                ("chiso:statedSize", whole(GROUPS * MEMBERS)),
                ("chiso:level", code("level/tinh")),
                ("dct:publisher", self._ubnd),
                ("chiso:validFrom", day(plan_day(10 * s))),
            )
            self._sets.append(owner)
            for g in range(GROUPS):
                members = [self._indicator(scribe, key, owner, g, m) for m in range(MEMBERS)]
                group = node("indicator-group", f"{key}.nhom-{g + 1}")
                scribe.tell(
                    group,
                    ("rdf:type", word("skos:Collection")),
                    ("skos:prefLabel", vi(f"Nhóm chỉ số giả lập {g + 1} của bộ {s} tỉnh {self.tag}")),
                    ("skos:inScheme", owner),
                    ("skos:notation", Literal(f"{g + 1}")),
                    ("chiso:basis", self._provisions[10 * s][g]),
                    *(("skos:member", member) for member in members),
                )
                self._groups.append(group)
                self._indicators += members

    def _indicator(self, scribe: Scribe, key: str, owner: NamedNode, group: int, member: int) -> NamedNode:
        notation = f"{group + 1:02}{member + 1:02}"
        indicator = node("indicator", f"{key}.{notation}")
        topic = TOPICS[self._random.randrange(len(TOPICS))]
        scribe.tell(
            indicator,
            ("rdf:type", word("chiso:Indicator")),
            ("skos:inScheme", owner),
            ("skos:notation", Literal(notation)),
            ("skos:prefLabel", vi(f"Chỉ số tổng hợp giả lập {self.tag}.{notation} về {topic}")),
            ("skos:definition", vi(f"Định nghĩa giả lập của chỉ số {notation} về {topic}")),
            ("sdmx-a:unitMeasure", code("unit/phan-tram")),
            ("dct:accrualPeriodicity", code(f"frequency/{FREQUENCIES[member % 4]}")),
            ("chiso:direction", code("direction/cao-hon-tot-hon")),
            ("chiso:level", code("level/tinh")),
        )
        return indicator

    def _information_systems(self, scribe: Scribe) -> None:
        for n in range(SYSTEMS):
            system = node("system", f"t{self.tag}.he-thong-{n}")
            scribe.tell(
                system,
                ("rdf:type", word("chiso:InformationSystem")),
                ("skos:prefLabel", vi(f"Hệ thống thông tin giả lập {n} tỉnh {self.tag}")),
                ("dct:spatial", self._area),
                ("chiso:operatedBy", self._pick(self._since)),
                ("chiso:basis", self._pick(self._provisions[n])),
            )
            self._systems.append(system)
        for n in range(EXCHANGES):
            scribe.tell(
                node("exchange", f"t{self.tag}.trao-doi-{n}"),
                ("rdf:type", word("chiso:DataExchange")),
                ("skos:prefLabel", vi(f"Kết nối giả lập {n} tỉnh {self.tag}")),
                ("chiso:fromSystem", self._systems[n % SYSTEMS]),
                ("chiso:toSystem", self._systems[(n + 1) % SYSTEMS]),
                ("chiso:exchanges", self._groups[n % len(self._groups)]),
                ("chiso:exchangeState", code("exchange-state/da-ket-noi")),
                ("chiso:basis", self._pick(self._provisions[n])),
            )
        for n in range(SCENARIOS):
            scribe.tell(
                node("scenario", f"t{self.tag}.kich-ban-{n}"),
                ("rdf:type", word("chiso:Scenario")),
                ("skos:prefLabel", vi(f"Kịch bản điều hành giả lập {n} tỉnh {self.tag}")),
                ("chiso:watches", self._pick(self._indicators)),
                ("chiso:basis", self._pick(self._provisions[n])),
            )
        for n in range(PHASES):
            scribe.tell(
                node("phase", f"t{self.tag}.giai-doan-{n}"),
                ("rdf:type", word("chiso:Phase")),
                ("skos:prefLabel", vi(f"Giai đoạn giả lập {n} tỉnh {self.tag}")),
                ("chiso:statedPeriod", vi(f"quý {n + 1} năm 2025")),
                ("chiso:concerns", self._sets[n]),
                ("chiso:basis", self._pick(self._provisions[10 * n])),
            )

    def _task(self, scribe: Scribe, number: int) -> None:
        plan = number // (TASKS // PLANS)
        task = node("task", f"t{self.tag}.nhiem-vu-{number:03}")
        objects = (self._groups, self._sets, self._systems, self._indicators)[number % 4]
        scribe.tell(
            task,
            ("rdf:type", word("chiso:Task")),
            ("skos:prefLabel", vi(f"Nhiệm vụ giả lập {number} tỉnh {self.tag}: {TOPICS[number % len(TOPICS)]}")),
            ("chiso:basis", self._pick(self._provisions[plan])),
            ("chiso:concerns", self._pick(objects)),
            ("chiso:due", day(date(2026, 1 + number % 12, 28))),
            ("chiso:status", code("task-status/dang-thuc-hien")),
        )
        charged = self._before if plan < PLANS_BEFORE else self._since
        chosen = self._random.sample(charged, 4)
        for role, body in zip(("chu-tri", "phoi-hop", "phoi-hop", "bao-cao"), chosen, strict=True):
            key = body.value.rpartition(".truoc")[0] or body.value
            name = f"nhiem-vu-{number:03}.{role}.{key.rpartition('/')[2].replace('.', '-')}"
            self._responsibility(scribe, task, name, role, body, plan)

    def _responsibility(
        self, scribe: Scribe, thing: NamedNode, name: str, role: str, body: NamedNode, plan: int
    ) -> None:
        responsibility = node("responsibility", f"t{self.tag}.{name}")
        quote = node("quote", f"t{self.tag}.{name}")
        scribe.tell(
            responsibility,
            ("rdf:type", word("chiso:Responsibility")),
            ("cv:hasParticipant", body),
            ("cv:role", code(f"role/{role}")),
            ("chiso:for", thing),
            ("chiso:basis", self._pick(self._provisions[plan])),
            ("prov:wasDerivedFrom", quote),
        )
        scribe.tell(responsibility, ("chiso:validFrom", day(plan_day(plan))), mark="inferred")
        scribe.tell(
            quote,
            ("rdf:type", word("chiso:Quotation")),
            ("prov:value", vi(f"giao đơn vị giả lập {role} nhiệm vụ {name}")),
            ("prov:wasQuotedFrom", scribe.source),
        )

    def _regime(self, scribe: Scribe, number: int) -> None:
        start = self._random.randrange(len(self._indicators) - 6)
        scribe.tell(
            node("regime", f"t{self.tag}.che-do-{number:02}"),
            ("rdf:type", word("chiso:ReportingRegime")),
            ("skos:prefLabel", vi(f"Chế độ báo cáo giả lập {number} tỉnh {self.tag}")),
            ("chiso:content", vi(TOPICS[number % len(TOPICS)])),
            ("chiso:reporter", self._pick(self._since)),
            ("chiso:recipient", self._ubnd),
            ("dct:accrualPeriodicity", code(f"frequency/{FREQUENCIES[number % 4]}")),
            ("dct:type", code("regime-kind/dinh-ky")),
            ("chiso:destination", code("destination/noi-bo")),
            ("chiso:dueDay", whole(15 + number % 10)),
            ("chiso:cutoffDay", whole(14)),
            ("chiso:basis", self._pick(self._provisions[number % PLANS])),
            *(("chiso:requires", indicator) for indicator in self._indicators[start : start + 6]),
        )

    def _target(self, scribe: Scribe, number: int) -> None:
        scribe.tell(
            node("target", f"t{self.tag}.chi-tieu-{number:03}"),
            ("rdf:type", word("chiso:Target")),
            ("skos:prefLabel", vi(f"Chỉ tiêu giả lập {number} tỉnh {self.tag}")),
            ("chiso:indicator", self._pick(self._indicators)),
            ("sdmx-d:refArea", self._area),
            ("chiso:operator", Literal(">=")),
            ("chiso:value", decimal(self._random.uniform(1, 100))),
            ("sdmx-a:unitMeasure", code("unit/phan-tram")),
            ("chiso:due", day(date(2026, 12, 31))),
            ("chiso:strength", code("strength/dat-ra")),
            ("chiso:basis", self._provisions[PLANS_BEFORE + number % (PLANS - PLANS_BEFORE)][number % PROVISIONS]),
        )

    def _figures(self) -> None:
        scribe = self._scribe("so-lieu", "Niên giám tổng hợp giả lập")
        dataset = node("dataset", f"t{self.tag}.nien-giam")
        scribe.tell(
            dataset,
            ("rdf:type", word("dcat:Dataset")),
            ("rdf:type", word("qb:DataSet")),
            ("dct:title", vi(f"Niên giám tổng hợp giả lập tỉnh {self.tag}")),
            ("dct:publisher", self._ubnd),
            ("chiso:notFound", word("dct:license")),
        )
        for number in range(OBSERVATIONS):
            indicator = self._indicators[number % len(self._indicators)]
            period = 2021 + number // len(self._indicators)
            scribe.tell(
                node("observation", f"t{self.tag}.{number:04}"),
                ("rdf:type", word("qb:Observation")),
                ("qb:dataSet", dataset),
                ("chiso:indicator", indicator),
                ("sdmx-d:refArea", self._area),
                ("sdmx-d:refPeriod", year(period)),
                ("sdmx-m:obsValue", decimal(self._random.uniform(1, 100))),
                ("sdmx-a:decimals", whole(2)),
                ("sdmx-a:unitMeasure", code("unit/phan-tram")),
                ("sdmx-a:obsStatus", code("obs-status/chinh-thuc")),
            )

    def _mappings(self) -> None:
        scribe = self._scribe("anh-xa", "Bảng ánh xạ tổng hợp giả lập")
        for number, local in enumerate(self._random.sample(self._indicators, MAPPINGS)):
            national = node("indicator", f"quoc-gia-gia-lap.{self._random.randrange(NATIONAL_INDICATORS):04}")
            scribe.tell(
                node("mapping", f"t{self.tag}.anh-xa-{number:02}"),
                ("rdf:type", word("sssom:Mapping")),
                ("sssom:subject_id", local),
                ("sssom:object_id", national),
                ("sssom:predicate_id", word("skos:closeMatch")),
                ("sssom:mapping_justification", NamedNode("https://w3id.org/semapv/vocab/ManualMappingCuration")),
                ("sssom:confidence", decimal(0.8)),
                ("sssom:author_id", self._ubnd),
                ("sssom:reviewer_id", self._ubnd),
                ("sssom:mapping_date", day(date(2025, 10, 1))),
                ("sssom:review_date", day(date(2025, 11, 1))),
                ("chiso:status", code("mapping-status/accepted")),
                ("chiso:validFrom", day(date(2025, 11, 1))),
                mark="inferred",
            )
