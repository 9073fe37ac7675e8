"""A catalogue that means harm: every kind of thing called by every hostile text, things with thousands of links, and how
to tell that a page took none of it for more than a text."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import httpx2

from tests.serving import BASE

LONG = 20_000
TEXTS = {
    "long": "Tỷ lệ hồ sơ " * (LONG // 12),
    "solid": "Ộ" * LONG,
    "script": "<script>window.harmed=1;alert(1)</script>",
    "closing": "</script></title></textarea></style>]]><svg onload=window.harmed=1>",
    "image": "\"'><img src=x onerror=window.harmed=1>",
    "template": "{{7*7}}{% raw %}${7*7}#{7*7}{0} {name} %s &#0; \\u0000",
    "turned": "\u202etxt.exe\u202c \u2066x\u2069 مرحبا שלום",
    "control": "a\u0001b\u0008c\u001bd\u000be\u000cf\u007fg\u0085h",
    "invisible": "\u200b\u200d\ufeff",
    "blank": " \n\t ",
    "no character": "\ufffe\uffff",
    "emoji": "👨\u200d👩\u200d👧\u200d👦🇻🇳👍🏽",
    "tower": "Z" + "\u0300\u0323\u0335\u0489" * 500,
    "formula": '=HYPERLINK("http://elsewhere.example","x")',
    "plus": "+1+1",
    "minus": "-1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "line": "\n=1+1",
    "address": "javascript:window.harmed=1",
}
"""By name; each is the label, and the definition, note or title, of one thing of every kind."""

NAMELESS = "nameless"
"""Beside the texts: things without any label."""

NAMES = [*TEXTS, NAMELESS]
KINDS = (
    "agency", "area", "decision", "exchange", "indicator", "indicator-group", "indicator-set", "mapping",
    "mapping-set", "quote", "regime", "scenario", "source", "system", "target", "task",
)  # fmt: skip
LINKS, HELD, FAN = 5_000, 2_000, 5_000

_HEAD = (
    """@prefix adms: <http://www.w3.org/ns/adms#> . @prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix cv: <http://data.europa.eu/m8g/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom: <https://w3id.org/sssom/> . @prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix code: <https://w3id.org/chiso/code/> .
"""
    f"@prefix graph: <{BASE}graph/> .\n"
)


def thing(kind: str, name: str) -> str:
    """The IRI of the thing of a kind that bears the text `name`."""
    return f"{BASE}id/{kind}/{key(name)}"


def key(name: str) -> str:
    """The key of the things that bear a text."""
    return "du." + name.replace(" ", "-")


def _literal(text: str) -> str:
    return '"' + "".join(c if c.isalnum() else f"\\u{ord(c):04X}" if ord(c) < 65_536 else c for c in text) + '"@vi'


def _things(name: str) -> str:
    text = _literal(TEXTS[name]) if name in TEXTS else None

    def said(*properties: str) -> str:
        return "".join(f" ; {one} {text}" for one in properties) if text else ""

    of = {kind.replace("-", "_"): f"<{thing(kind, name)}>" for kind in KINDS}
    plain = text.removesuffix("@vi") if text else '"x"'
    bad = "<javascript:window.harmed=1>"
    return """
{source} a chiso:Source ; foaf:page {bad}{titled} ; dct:publisher {plain} .
{quote} a chiso:Quotation ; prov:wasQuotedFrom {source}{quoted} .
{decision} a eli:LegalResource ; eli:type_document code:doctype\\/quyet-dinh ; eli:number {number} ;
  eli:date_document "2020-02-03"^^xsd:date ; chiso:level code:level\\/tinh ; eli:passed_by {agency} ; foaf:page {bad}{titled} .
{agency} a cv:PublicOrganisation ; chiso:level code:level\\/tinh ; foaf:homepage {bad}{named} .
{area} a chiso:AdministrativeUnit ; chiso:level code:level\\/xa{named} .
{indicator_set} a skos:ConceptScheme , chiso:IndicatorSet ; chiso:basis {decision}{named} .
{indicator_group} a skos:Collection ; skos:inScheme {indicator_set} ; skos:member {indicator}{named} .
{indicator} a chiso:Indicator ; skos:inScheme {indicator_set} ; skos:notation "X1"{named}{told} .
{task} a chiso:Task ; chiso:concerns {indicator_set} ; chiso:basis {decision}{named} .
{target} a chiso:Target ; chiso:indicator {indicator} ; chiso:basis {decision} ; chiso:value 5 ; chiso:operator ">="{stated} .
{scenario} a chiso:Scenario ; chiso:watches {indicator} ; chiso:trigger {plain}{named}{told} .
{regime} a chiso:ReportingRegime ; chiso:requires {indicator} ; chiso:dueDay 25 ; chiso:recipient {agency}{named}{told} .
{system} a chiso:InformationSystem ; foaf:homepage {bad}{named}{told} .
{exchange} a chiso:DataExchange ; chiso:fromSystem {system} ; chiso:toSystem <{base}id/system/du.formula> ;
  chiso:exchanges {indicator} ; chiso:exchangeState code:exchange-state\\/du-kien{named} .
{mapping_set} a sssom:MappingSet ; sssom:mapping_set_id {mapping_set} ; sssom:mappings {mapping}{set_title} .
{mapping} a sssom:Mapping ; chiso:status code:mapping-status\\/candidate ; sssom:subject_id {indicator} ;
  sssom:predicate_id skos:closeMatch ; sssom:object_id <{base}id/indicator/thu.1> ; sssom:subject_source {indicator_set} ;
  sssom:object_source <{base}id/indicator-set/thu> ; sssom:mapping_justification semapv:LexicalMatching ;
  sssom:confidence 0.5 ; sssom:subject_label {plain} ; sssom:comment {plain} .
<{base}id/responsibility/{key}> a chiso:Responsibility ; cv:hasParticipant {agency} ; cv:role code:role\\/chu-tri ;
  chiso:for {indicator_set} , {indicator} ; chiso:basis {decision} ; chiso:validFrom "2020-02-03"^^xsd:date ;
  prov:wasDerivedFrom {quote} .
""".format(
        **of,
        base=BASE,
        key=key(name),
        bad=bad,
        plain=plain,
        number=plain if name in ("script", "image", "formula", "turned") else f'"{NAMES.index(name)}/QĐ-DU"',
        titled=said("dct:title"),
        named=said("skos:prefLabel"),
        told=said("skos:definition", "chiso:note"),
        quoted=said("prov:value"),
        stated=said("skos:prefLabel", "chiso:statement"),
        set_title=f" ; sssom:mapping_set_title {plain}" if text else "",
    )


def _crowds() -> Iterator[str]:
    group, unit, root = (f"<{BASE}id/{one}>" for one in ("indicator-group/dong", "agency/dong", "decision/dong"))
    yield f'{group} a skos:Collection ; skos:prefLabel "Nhóm đông"@vi .\n'
    yield f'{unit} a cv:PublicOrganisation ; skos:prefLabel "Sở Đông việc"@vi .\n'
    yield f'{root} a eli:LegalResource ; eli:number "1/QĐ-ĐÔNG" ; eli:date_document "2020-01-01"^^xsd:date ; '
    yield "eli:type_document <https://w3id.org/chiso/code/doctype/quyet-dinh> .\n"
    for number in range(LINKS):
        member, task = f"<{BASE}id/indicator/n{number}>", f"<{BASE}id/task/n{number}>"
        yield f"{group} skos:member {member} . {task} chiso:concerns {group} .\n"
    for number in range(FAN):
        task = f"<{BASE}id/task/m{number}>"
        yield f'{task} a chiso:Task ; skos:prefLabel "Nhiệm vụ {number}"@vi ; chiso:basis {root} .\n'
        if number >= HELD:
            continue
        yield f"<{BASE}id/responsibility/m{number}> a chiso:Responsibility ; cv:hasParticipant {unit} ; chiso:for {task} ; "
        yield f"cv:role <https://w3id.org/chiso/code/role/chu-tri> ; chiso:basis {root} .\n"


def trig() -> str:
    """The graphs, for `tests.serving.folder`."""
    things = "".join(map(_things, NAMES)) + "".join(_crowds())
    return f"{_HEAD}graph:thu.confirmed {{\n{things}\n}}\n"


class _Seen(HTMLParser):
    """What a page would make a browser do."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []
        self.blocks: list[str] = []
        self.heads = 0
        self.searches = 0
        self._in_block = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.heads += tag == "h1"
        self.searches += tag == "form" and given.get("role") == "search"
        if tag == "script":
            self._in_block = "json" in given.get("type", "")
            if not self._in_block and not given.get("src", "").startswith("/assets/"):
                self.harm.append(f"script {given}")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.harm.append(f"{tag} {name}")
            if name in ("src", "data", "poster", "srcset") and not value.startswith("/assets/"):
                self.harm.append(f"{tag} {name}={value[:80]}")
            inner = name in ("href", "action", "formaction")
            if inner and not re.match(r"(/(?!/)|#|\?|https?://|/?$)", value) and tag != "use":
                self.harm.append(f"{tag} {name}={value[:80]}")

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_block = False


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_INNER = re.compile(r"xigraph|Traceback|site-packages|/tmp/|rocksdb|panicked|NamedNode|tantivy|jinja", re.IGNORECASE)


def faults(answer: httpx2.Response, *, language: str = "vi", most: int = 300_000) -> list[str]:
    """Why a page is not a decent one; [] where it is."""
    found = []
    headers = answer.headers
    if (
        "'unsafe" in headers["content-security-policy"]
        or "default-src 'none'" not in headers["content-security-policy"]
    ):
        found.append("policy")
    if headers["x-content-type-options"] != "nosniff":
        found.append("nosniff")
    if not headers["content-type"].startswith("text/html"):
        return [*found, headers["content-type"]]
    text = answer.text
    seen = _Seen()
    seen.feed(text)
    found += seen.harm
    for block in seen.blocks:
        json.loads(block)
    if seen.heads != 1 or seen.searches < 1:
        found.append(f"{seen.heads} headings, {seen.searches} searches")
    if unseen := _UNSEEN.search(text):
        found.append(f"{unseen[0]!r} after {text[max(0, unseen.start() - 80) : unseen.start()]!r}")
    if inner := _INNER.search(text):
        found.append(f"inner: {inner[0]}")
    if f'<html lang="{language}"' not in text[:200]:
        found.append("language")
    if len(answer.content) > most:
        found.append(f"{len(answer.content)} bytes")
    return found


def page_of(kind: str, name: str) -> str:
    """The address of the page of a thing."""
    return f"/doc/{kind}/{quote(key(name))}"
