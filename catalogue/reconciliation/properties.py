"""The properties that refine a query and that can be fetched: what they are called, what they say, how they are read."""

from dataclasses import dataclass
from typing import Literal

from catalogue.errors import Invalid
from catalogue.iri import KINDS, PREFIXES, VOCABULARY

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


def _iris(*names: str) -> tuple[str, ...]:
    """The IRIs of words of vocabularies."""
    return tuple(
        VOCABULARY + local if prefix == "chiso" else PREFIXES[prefix] + local
        for prefix, _, local in (name.partition(":") for name in names)
    )


_LED = (
    "decision",
    "provision",
    "indicator",
    "indicator-group",
    "indicator-set",
    "regime",
    "task",
    "system",
    "scenario",
    "target",
    "exchange",
)
_MAPPED = ("indicator", "indicator-group", "agency", "area", "code")
_DATED = ("decision", "provision", "event", "area-change")

PROPERTIES: tuple[Property, ...] = (
    Property(
        "name",
        "Tên",
        "Name",
        "Tên chính, theo ngôn ngữ đã chọn.",
        "The preferred name, in the language chosen.",
        "text",
        "name",
        _iris("skos:prefLabel", "dct:title", "sssom:mapping_set_title"),
    ),
    Property(
        "alias",
        "Tên khác, viết tắt",
        "Other name, abbreviation",
        "Tên gọi khác, tên cũ, chữ viết tắt.",
        "Other and former names, abbreviations.",
        "text",
        "name",
        _iris("skos:altLabel"),
    ),
    Property(
        "code",
        "Mã, số hiệu",
        "Code or number",
        "Mã trong bảng mã của nó, mã định danh, số hiệu văn bản; mã có thời hạn thì là mã có hiệu lực vào ngày asOf.",
        "Its code in its own list, its identifiers, the number of a document; of dated codes those valid on asOf.",
        "text",
        "code",
        _iris("skos:notation", "eli:number"),
    ),
    Property(
        "definition",
        "Định nghĩa, mô tả",
        "Definition or description",
        "Khái niệm, mô tả hoặc trích yếu.",
        "Definition, description, or the title of a document.",
        "text",
        "stated",
        _iris("skos:definition", "dct:description", "dct:title"),
    ),
    Property(
        "level",
        "Cấp",
        "Level",
        "Cấp chính quyền: quoc-gia, tinh, huyen, xa.",
        "Level of government: quoc-gia, tinh, huyen, xa.",
        "code",
        "stated",
        _iris("chiso:level"),
    ),
    Property(
        "set",
        "Bộ chỉ số, bảng mã",
        "Set or scheme",
        "Bộ chỉ số hoặc bảng mã mà nó thuộc về.",
        "The indicator set or code scheme that it belongs to.",
        "thing",
        "stated",
        _iris("skos:inScheme"),
    ),
    Property(
        "group", "Nhóm", "Group", "Nhóm chứa nó.", "The group that holds it.", "thing", "member", _iris("skos:member")
    ),
    Property(
        "parent",
        "Cấp trên trực tiếp",
        "Parent",
        "Cơ quan chủ quản, đơn vị hành chính cấp trên, văn bản chứa nó, nhiệm vụ lớn hơn.",
        "The unit above, the administrative unit around it, the document or task that it is part of.",
        "thing",
        "stated",
        _iris("org:subOrganizationOf", "dct:isPartOf", "eli:is_part_of", "chiso:parentTask", "skos:broader"),
    ),
    Property(
        "type",
        "Phân loại",
        "Type",
        "Loại văn bản, loại đơn vị hành chính, loại sắp xếp.",
        "Kind of document, of administrative unit or of change.",
        "code",
        "stated",
        _iris("eli:type_document", "dct:type"),
    ),
    Property(
        "date",
        "Ngày",
        "Date",
        "Ngày ban hành văn bản, ngày sắp xếp.",
        "Day of the document or of the change.",
        "date",
        "stated",
        _iris("eli:date_document", "dct:date"),
        _DATED,
    ),
    Property(
        "issuer",
        "Nơi ban hành",
        "Issuer",
        "Cơ quan ban hành văn bản.",
        "The body that issued the document.",
        "thing",
        "stated",
        _iris("eli:passed_by"),
        ("decision",),
    ),
    Property(
        "basis",
        "Căn cứ",
        "Legal basis",
        "Văn bản hoặc điều khoản làm căn cứ.",
        "The document or provision that it rests on.",
        "thing",
        "stated",
        _iris("chiso:basis", "eli:based_on"),
    ),
    Property(
        "validFrom",
        "Có từ ngày",
        "Valid from",
        "Ngày đầu tiên có hiệu lực.",
        "The first day on which it is valid.",
        "date",
        "stated",
        _iris("chiso:validFrom"),
    ),
    Property(
        "validTo",
        "Hết từ ngày",
        "Valid to",
        "Ngày đầu tiên không còn hiệu lực.",
        "The first day on which it is no longer valid.",
        "date",
        "stated",
        _iris("chiso:validTo"),
    ),
    Property(
        "asOf",
        "Còn hiệu lực vào ngày",
        "In force on",
        "Chỉ tin những gì còn hiệu lực vào ngày này; tên của đơn vị đã sáp nhập dẫn thêm đến đơn vị kế thừa.",
        "Trust only what is in force on this day; the name of a merged unit also leads to the unit that took over.",
        "date",
        "day",
    ),
    Property(
        "unit",
        "Đơn vị tính",
        "Unit of measure",
        "Đơn vị tính của chỉ số hoặc số liệu.",
        "The unit of measure of an indicator or a figure.",
        "code",
        "stated",
        _iris("sdmx-a:unitMeasure"),
        ("indicator", "target", "observation"),
    ),
    Property(
        "frequency",
        "Kỳ, tần suất",
        "Frequency",
        "Kỳ công bố hoặc kỳ báo cáo.",
        "How often it is released or reported.",
        "code",
        "stated",
        _iris("dct:accrualPeriodicity"),
        ("indicator", "regime", "dataset"),
    ),
    Property(
        "direction",
        "Chiều tốt hơn",
        "Direction of improvement",
        "Cao hơn hay thấp hơn là tốt.",
        "Whether higher or lower is better.",
        "code",
        "stated",
        _iris("chiso:direction"),
        ("indicator",),
    ),
    Property(
        "method",
        "Phương pháp tính",
        "Method",
        "Cách tính chỉ số.",
        "How the indicator is computed.",
        "text",
        "stated",
        _iris("chiso:method"),
        ("indicator",),
    ),
    Property(
        "area",
        "Địa bàn",
        "Area",
        "Đơn vị hành chính mà nó nói về.",
        "The administrative unit that it is about.",
        "thing",
        "stated",
        _iris("dct:spatial", "sdmx-d:refArea"),
    ),
    Property(
        "lead",
        "Đơn vị chủ trì",
        "Lead unit",
        "Đơn vị chủ trì vào ngày asOf, kể cả sau sắp xếp tổ chức.",
        "The unit that leads on asOf, reorganisations included.",
        "thing",
        "responsible",
        ("chu-tri",),
        _LED,
    ),
    Property(
        "coordinator",
        "Đơn vị phối hợp",
        "Coordinating unit",
        "Đơn vị phối hợp vào ngày asOf.",
        "The units that coordinate on asOf.",
        "thing",
        "responsible",
        ("phoi-hop",),
        _LED,
    ),
    Property(
        "holder",
        "Đơn vị kế thừa",
        "Unit that took over",
        "Đơn vị giữ việc của cơ quan này, hoặc đơn vị hành chính mà nó đã thành, vào ngày asOf; nhiều đơn vị nếu bị chia hoặc chưa phân định.",
        "Who holds the work of this body, or what the administrative unit has become, on asOf; several where it was divided or that is to be decided.",
        "thing",
        "holder",
        (),
        ("agency", "area"),
    ),
    Property(
        "nationalCode",
        "Mã tương ứng (ánh xạ chính xác)",
        "Mapped code (exact)",
        "Mã ở đầu kia của ánh xạ chính xác đã được chấp nhận, có hiệu lực vào ngày asOf.",
        "The code at the other end of an accepted exact mapping that is valid on asOf.",
        "text",
        "mapped-code",
        _iris("skos:exactMatch"),
        _MAPPED,
    ),
    *(
        Property(
            match,
            f"{vi} (ánh xạ)",
            f"{en} (mapping)",
            f"Đầu kia của ánh xạ đã được chấp nhận ({match}), có hiệu lực vào ngày asOf.",
            f"The other end of an accepted mapping ({match}) that is valid on asOf.",
            "thing",
            "mapping",
            _iris(f"skos:{match}"),
            _MAPPED,
        )
        for match, vi, en in (
            ("exactMatch", "Tương ứng chính xác", "Exact match"),
            ("closeMatch", "Tương ứng gần", "Close match"),
            ("broadMatch", "Tương ứng rộng hơn", "Broader match"),
            ("narrowMatch", "Tương ứng hẹp hơn", "Narrower match"),
        )
    ),
    Property(
        "indicator",
        "Chỉ số",
        "Indicator",
        "Chỉ số mà nó nói về.",
        "The indicator that it is about.",
        "thing",
        "stated",
        _iris("chiso:indicator"),
        ("target", "observation", "assessment", "request"),
    ),
    Property(
        "value",
        "Giá trị",
        "Value",
        "Con số của chỉ tiêu kế hoạch.",
        "The number that a target sets.",
        "number",
        "stated",
        _iris("chiso:value"),
        ("target",),
    ),
    Property(
        "due",
        "Thời hạn",
        "Due",
        "Phải đạt hoặc xong vào ngày này.",
        "To be reached or done by this day.",
        "date",
        "stated",
        _iris("chiso:due"),
        ("target", "task", "request"),
    ),
    Property(
        "agency",
        "Đơn vị được giao",
        "Agency assigned",
        "Đơn vị mà phân công nêu tên.",
        "The unit that the assignment names.",
        "thing",
        "stated",
        _iris("cv:hasParticipant"),
        ("responsibility",),
    ),
    Property(
        "role",
        "Vai trò",
        "Role",
        "Vai trò của phân công: chu-tri, phoi-hop, …",
        "The role of the assignment: chu-tri, phoi-hop, …",
        "code",
        "stated",
        _iris("cv:role"),
        ("responsibility",),
    ),
    Property(
        "for",
        "Được giao việc gì",
        "Assigned for",
        "Việc, bộ, nhóm hoặc chỉ số được giao.",
        "The task, set, group or indicator that is assigned.",
        "thing",
        "stated",
        _iris("chiso:for"),
        ("responsibility",),
    ),
    Property(
        "subject",
        "Mã được ánh xạ",
        "Mapped from",
        "Đầu thứ nhất của ánh xạ.",
        "The subject of a mapping.",
        "thing",
        "stated",
        _iris("sssom:subject_id"),
        ("mapping",),
    ),
    Property(
        "object",
        "Mã đích",
        "Mapped to",
        "Đầu thứ hai của ánh xạ.",
        "The object of a mapping.",
        "thing",
        "stated",
        _iris("sssom:object_id"),
        ("mapping",),
    ),
    Property(
        "status",
        "Trạng thái",
        "Status",
        "Trạng thái của ánh xạ, nhiệm vụ hoặc yêu cầu.",
        "The status of a mapping, task or request.",
        "code",
        "stated",
        _iris("chiso:status"),
        ("mapping", "mapping-review", "task", "request"),
    ),
)
"""In the order in which they are proposed."""

BY_ID = {one.id: one for one in PROPERTIES}


def property_of(text: str, where: str = "") -> Property:
    """The property of an identifier. `where`: which query of a batch. Raises `Invalid`, with all there are, for others."""
    found = BY_ID.get(text)
    if found is None:
        raise Invalid(
            f"{where}Không có thuộc tính “{text[:80]}”. Các thuộc tính: {', '.join(BY_ID)}.",
            f"{where}There is no property “{text[:80]}”. The properties: {', '.join(BY_ID)}.",
            details={"property": text[:80], "properties": list(BY_ID)},
        )
    return found


def proposed(kinds: tuple[str, ...], limit: int | None = None) -> list[Property]:
    """The properties that can be fetched for things of `kinds`, those made for the kind and those of all."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    assert not unknown  # noqa: S101 - the caller asked `kinds_of`
    return [one for one in PROPERTIES if one.fetched and one.fits(kinds)][:limit]


STATED = frozenset(word for one in PROPERTIES if one.source in ("stated", "name", "code") for word in one.words)
"""Every predicate that the facts of a thing are read from."""
