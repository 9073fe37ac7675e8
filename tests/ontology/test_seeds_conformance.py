"""The five source articles, item by item: the extraction made by hand beside the project, compared with `graph/seeds`.

The extraction lies next to the repository, not in it; where it is not at hand, these tests are left out and say so.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from catalogue.folding import fold
from catalogue.iri import CODES, PREFIXES, VOCABULARY

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / "graph" / "seeds"
SHARED = REPOSITORY.parent / "shared"
EXTRACTION = SHARED / "domain" / "compiled" / "seeds_extraction.json"

pytestmark = pytest.mark.skipif(
    not EXTRACTION.is_file(),
    reason=f"the extraction of the source articles is not beside the repository: {EXTRACTION.name}",
)

Item = dict[str, Any]

SOURCES = {
    "S0": "hanoi-bo-chi-so-2025",
    "S1": "hanoi-ke-hoach-165-2022",
    "S2": "hanoi-he-thong-bao-cao-2022",
    "S3": "hungyen-ke-hoach-81-2024",
    "S4": "hcm-quan-tri-thuc-thi",
}
CLASSES = {
    "documents": PREFIXES["eli"] + "LegalResource",
    "systems": VOCABULARY + "InformationSystem",
    "scenario_groups": VOCABULARY + "ScenarioGroup",
    "targets": VOCABULARY + "Target",
    "qualitative_targets": VOCABULARY + "QualitativeTarget",
    "observed_numbers": PREFIXES["qb"] + "Observation",
    "phases": VOCABULARY + "Phase",
    "indices": VOCABULARY + "Indicator",
}
UNITS = {"%": "phan-tram", "thứ hạng": "thu-hang", "lớp": "lop", "tổ chức/doanh nghiệp": "to-chuc"}
ABBREVIATIONS = {
    "UBND": "Ủy ban nhân dân",
    "TP": "thành phố",
    "KTXH": "kinh tế - xã hội",
    "TTHC": "thủ tục hành chính",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "HTTT": "hệ thống thông tin",
    "KH": "Kế hoạch",
}


@dataclass(frozen=True)
class Said:
    """One statement of the graph and the mark of the file it stands in."""

    subject: str
    predicate: str
    value: str
    mark: str


def flat(text: str) -> str:
    """The text with its white space normalised, as the extraction compares it."""
    return re.sub(r"\s+", " ", text).strip()


@cache
def extraction() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(EXTRACTION.read_text(encoding="utf-8"))
    return content


def items(*kinds: str) -> Iterator[tuple[str, Item]]:
    for kind in kinds:
        for item in extraction()[kind]:
            yield kind, item


@cache
def statements() -> tuple[Said, ...]:
    said = []
    for path in sorted(SEEDS.glob("*.*.ttl")):
        mark = path.name.split(".")[-2]
        store = Store()
        store.load(path=path, format=RdfFormat.TURTLE)
        for quad in store:
            assert isinstance(quad.subject, NamedNode), f"{path.name}: a node without a name"
            assert isinstance(quad.object, NamedNode | Literal), f"{path.name}: a node without a name"
            said.append(Said(quad.subject.value, quad.predicate.value, quad.object.value, mark))
    return tuple(said)


@cache
def by_subject() -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for said in statements():
        found.setdefault(said.subject, []).append(said)
    return found


def values(subject: str, predicate: str) -> set[str]:
    return {said.value for said in by_subject().get(subject, []) if said.predicate == predicate}


def marks(subject: str, predicate: str) -> set[str]:
    return {said.mark for said in by_subject().get(subject, []) if said.predicate == predicate}


def is_a(subject: str, class_: str) -> bool:
    return class_ in values(subject, PREFIXES["rdf"] + "type")


@cache
def derived() -> dict[tuple[str, str], set[str]]:
    """Source key and words → the things that are derived from that quotation."""
    quotations = {
        said.subject: flat(said.value) for said in statements() if said.predicate == PREFIXES["prov"] + "value"
    }
    origin = {
        said.subject: said.value.rsplit("/", 1)[1]
        for said in statements()
        if said.predicate == PREFIXES["prov"] + "wasQuotedFrom"
    }
    found: dict[tuple[str, str], set[str]] = {}
    for said in statements():
        if said.predicate == PREFIXES["prov"] + "wasDerivedFrom":
            found.setdefault((origin[said.value], quotations[said.value]), set()).add(said.subject)
    return found


def things(item: Item, class_: str, words: str = "quote") -> list[str]:
    """The things of a class that rest on the very words of the item."""
    return sorted(
        thing for thing in derived().get((SOURCES[item["src"]], flat(item[words])), set()) if is_a(thing, class_)
    )


def words_of(text: str) -> set[str]:
    outside = re.sub(r"\([^)]*\)", " ", text)
    for short, long in ABBREVIATIONS.items():
        outside = re.sub(rf"(?<!\w){short}(?!\w)", long, outside)
    return set(re.findall(r"[a-z0-9]+", fold(outside)))


def names(subject: str) -> set[str]:
    labels = values(subject, PREFIXES["skos"] + "prefLabel") | values(subject, PREFIXES["skos"] + "altLabel")
    return set().union(*(words_of(label.replace("(", " ").replace(")", " ")) for label in labels))


def expected_mark(item: Item) -> str:
    return "confirmed" if item["mark"] == "STATED" else "inferred"


def test_every_quotation_is_in_the_words_of_its_source() -> None:
    seeds = SHARED / "seeds"
    if not seeds.is_dir():
        pytest.skip("the source articles themselves are not beside the repository")
    files = extraction()["files"]
    texts = {SOURCES[key]: flat((seeds / name).read_text(encoding="utf-8")) for key, name in files.items()}
    wrong = [
        said.subject
        for said in statements()
        if said.predicate == PREFIXES["prov"] + "value"
        for source in values(said.subject, PREFIXES["prov"] + "wasQuotedFrom")
        if source.rsplit("/", 1)[1] in texts and flat(said.value) not in texts[source.rsplit("/", 1)[1]]
    ]
    assert wrong == []


def test_every_item_has_its_thing_under_its_mark() -> None:
    lacking = []
    for kind, item in items(*CLASSES):
        found = things(item, CLASSES[kind])
        if not any(expected_mark(item) in marks(thing, PREFIXES["rdf"] + "type") for thing in found):
            lacking.append((item["id"], found))
    assert lacking == []


def test_counts_are_those_of_the_extraction() -> None:
    def count(class_: str) -> int:
        return sum(1 for subject in by_subject() if is_a(subject, class_))

    for kind in ("scenario_groups", "qualitative_targets", "observed_numbers", "phases"):
        assert count(CLASSES[kind]) == len(extraction()[kind]), kind
    # A qualitative target is a target too.
    assert count(CLASSES["targets"]) == len(extraction()["targets"]) + len(extraction()["qualitative_targets"])
    assert count(VOCABULARY + "Feature") == sum(len(group) for group in extraction()["features"].values())


def test_every_group_and_set_is_there() -> None:
    lacking = []
    for _, item in items("indicator_groups"):
        found = things(item, PREFIXES["skos"] + "Collection") + things(item, VOCABULARY + "IndicatorSet")
        if not any(expected_mark(item) in marks(thing, PREFIXES["rdf"] + "type") for thing in found):
            lacking.append(item["id"])
    assert lacking == []


def test_names_carry_the_words_of_the_extraction() -> None:
    lacking = {}
    for kind, item in items("systems", "indicator_groups", "scenario_groups"):
        class_ = CLASSES.get(kind, PREFIXES["skos"] + "Collection")
        found = things(item, class_) or things(item, VOCABULARY + "IndicatorSet")
        missing = min((words_of(item["name"]) - names(thing) for thing in found), key=len)
        if missing:
            lacking[item["id"]] = missing
    assert lacking == {}


def test_four_alert_groups_bear_their_colours() -> None:
    codes = {"đỏ": "do", "cam": "cam", "xanh": "xanh", "mặc định": "mac-dinh"}
    alerts = {item["label"]: item for _, item in items("indicator_groups") if "label" in item}
    assert set(alerts) == set(codes)
    for label, item in alerts.items():
        (group,) = things(item, PREFIXES["skos"] + "Collection")
        assert values(group, PREFIXES["dct"] + "type") == {f"{CODES}alert/{codes[label]}"}


def test_every_role_item_has_its_responsibilities() -> None:
    lacking = []
    for _, item in items("agencies"):
        found = things(item, VOCABULARY + "Responsibility")
        roles = {role.rsplit("/", 1)[1] for one in found for role in values(one, PREFIXES["cv"] + "role")}
        for code in item["role_codes"]:
            if code.replace("_", "-") not in roles and not role_elsewhere(item, code):
                lacking.append((item["id"], code))
        for one in found:
            if item["mark"] == "STATED" and "confirmed" not in marks(one, PREFIXES["rdf"] + "type"):
                served = [other["id"] for _, other in items("agencies") if other["quote"] == item["quote"]]
                if len(served) == 1:
                    lacking.append((item["id"], "mark"))
    assert lacking == []


def role_elsewhere(item: Item, code: str) -> bool:
    """Two roles of the citizens of TP.HCM stand in other sentences (the item's note says so)."""
    role = next(role for role in extraction()["roles"] if role["code"] == code)
    return any(
        values(one, PREFIXES["cv"] + "role") == {f"{CODES}role/{code.replace('_', '-')}"}
        for one in things(role, VOCABULARY + "Responsibility", words="phrase")
    )


def test_the_body_without_a_role_has_no_responsibility() -> None:
    (item,) = [item for _, item in items("agencies") if not item["role_codes"]]
    assert things(item, VOCABULARY + "Responsibility") == []
    assert things(item, PREFIXES["cv"] + "PublicOrganisation") != []


def test_bodies_named_by_the_text_are_confirmed_though_the_locality_is_read_from_the_context() -> None:
    """The city's article names “Sở Khoa học và Công nghệ” and “Công an thành phố”; the reading is noted as inferred."""
    for _, item in items("agencies"):
        if "agency" in item.get("field_marks", {}):
            for one in things(item, VOCABULARY + "Responsibility"):
                assert marks(one, PREFIXES["cv"] + "hasParticipant") == {"confirmed"}, one
                assert "inferred" in marks(one, VOCABULARY + "note"), one


def test_every_responsibility_is_one_party_one_role_one_object() -> None:
    for subject in by_subject():
        if is_a(subject, VOCABULARY + "Responsibility"):
            for predicate in (PREFIXES["cv"] + "hasParticipant", PREFIXES["cv"] + "role", VOCABULARY + "for"):
                assert len(values(subject, predicate)) == 1, (subject, predicate)
            assert len(values(subject, VOCABULARY + "validFrom")) == 1, subject


def test_targets_have_their_value_unit_operator_strength_and_deadline() -> None:
    for _, item in items("targets"):
        assert any(fits(target, item) for target in things(item, CLASSES["targets"])), item["id"]


def fits(target: str, item: Item) -> bool:
    strength = {"set": "dat-ra", "aspirational": "phan-dau"}[item["strength"]]
    if "tối thiểu" in item["quote"]:
        strength = "toi-thieu"
    year = item["deadline"][-4:]
    due = {f"{year}-12-31"} if year else set()
    operator_mark = "confirmed" if item["op_mark"] == "STATED" == item["mark"] else "inferred"
    return (
        {float(value) for value in values(target, VOCABULARY + "value")} == {float(item["value"])}
        and values(target, PREFIXES["sdmx-a"] + "unitMeasure") == {f"{CODES}unit/{UNITS[item['unit']]}"}
        and values(target, VOCABULARY + "operator") == {item["op"]}
        and marks(target, VOCABULARY + "operator") == {operator_mark}
        and values(target, VOCABULARY + "strength") == {f"{CODES}strength/{strength}"}
        and values(target, VOCABULARY + "due") == due
        and (bool(due) or VOCABULARY + "due" in values(target, VOCABULARY + "notFound"))
    )


def test_plan_periods_numbers_and_dates_of_documents() -> None:
    for _, item in items("documents"):
        found = things(item, CLASSES["documents"])
        numbers = set().union(*(values(thing, PREFIXES["eli"] + "number") for thing in found))
        assert numbers >= ({item["number"]} if item["number"] else set()), item["id"]
        if not item["number"]:
            assert any(PREFIXES["eli"] + "number" in values(thing, VOCABULARY + "notFound") for thing in found), item[
                "id"
            ]
        if "plan_period" in item:
            (plan,) = found
            assert values(plan, VOCABULARY + "planPeriodFrom") == {item["plan_period"]["start"]}
            assert values(plan, VOCABULARY + "planPeriodTo") == {item["plan_period"]["end"]}
            assert values(plan, VOCABULARY + "validTo") == set()


def test_the_national_decision_hangs_on_the_first_group_alone() -> None:
    national = "decision/ttg.quyet-dinh.2024-09-20.1012-qd-ttg"
    resting = {
        (said.subject.split("/id/")[1], said.mark)
        for said in statements()
        if said.value.endswith(national) and said.predicate in (VOCABULARY + "basis", PREFIXES["eli"] + "based_on")
    }
    assert resting == {
        ("indicator-group/hanoi-chi-dao.nhom-1", "confirmed"),
        ("decision/hanoi-ubnd.ke-hoach.2025-09.khong-so-1", "inferred"),
    }


def test_figures_have_the_values_of_the_extraction() -> None:
    for _, item in items("observed_numbers"):
        found = things(item, CLASSES["observed_numbers"])
        shown = {float(value) for one in found for value in values(one, PREFIXES["sdmx-m"] + "obsValue")}
        assert shown == {float(item["value"])}, item["id"]


def test_indices_have_their_name_and_acronym() -> None:
    for _, item in items("indices"):
        (index,) = things(item, CLASSES["indices"])
        assert values(index, PREFIXES["skos"] + "prefLabel") == {item["name"]}
        assert values(index, PREFIXES["skos"] + "altLabel") == {item["acronym"]}


def test_every_addressee_is_a_group_a_class_or_a_post() -> None:
    lacking = []
    for _, item in items("addressees"):
        found = things(item, VOCABULARY + "Addressee") + things(item, PREFIXES["org"] + "Post")
        named = derived().get((SOURCES[item["src"]], flat(item["quote"])), set())
        if not found and not any("/post/" in thing for thing in named):
            lacking.append(item["name"])
    assert lacking == []


def test_features_stand_under_their_mark() -> None:
    lacking = [
        item["id"]
        for group in extraction()["features"].values()
        for item in group
        if not any(
            expected_mark(item) in marks(thing, PREFIXES["rdf"] + "type")
            for thing in things(item, VOCABULARY + "Feature")
        )
    ]
    assert lacking == []


def test_a_body_and_a_system_of_one_name_are_two_things_that_point_at_each_other() -> None:
    systems = {item["id"]: item for _, item in items("systems")}
    for pair in extraction()["agency_system_pairs"]:
        found = things(systems[pair["system"]], CLASSES["systems"])
        assert any(
            body.rsplit("/", 2)[1] == "agency" and system in values(body, PREFIXES["rdfs"] + "seeAlso")
            for system in found
            for body in values(system, PREFIXES["rdfs"] + "seeAlso")
        ), pair["name"]


def test_every_role_of_the_articles_is_in_the_code_list() -> None:
    store = Store()
    store.load(path=REPOSITORY / "ontology" / "schemes" / "role.ttl", format=RdfFormat.TURTLE)
    listed = {
        quad.object.value
        for quad in store.quads_for_pattern(None, NamedNode(PREFIXES["skos"] + "notation"), None)
        if isinstance(quad.object, Literal)
    }
    assert {item["code"].replace("_", "-") for _, item in items("roles")} <= listed


def test_every_role_is_borne_or_said_to_have_no_bearer() -> None:
    borne = {said.value for said in statements() if said.predicate == PREFIXES["cv"] + "role"}
    lacking = []
    for item in extraction()["roles"]:
        if f"{CODES}role/{item['code'].replace('_', '-')}" not in borne:
            tasks = things(item, VOCABULARY + "Task", words="phrase")
            if not any(PREFIXES["cv"] + "hasParticipant" in values(task, VOCABULARY + "notFound") for task in tasks):
                lacking.append(item["code"])
    assert lacking == []
