"""21. What did administrative unit code X become on 1/7/2025, and which communes did it split into?"""

from datetime import date

import pytest

from catalogue import areas
from catalogue.store.embedded import open_memory
from catalogue.store.port import Store
from tests.loaders.conftest import area_quads

REFORM = date(2025, 7, 1)


@pytest.fixture(scope="module")
def store() -> Store:
    """The administrative units of the real graph, as published."""
    return open_memory(area_quads())


@pytest.mark.parametrize(
    ("code", "unit", "outcome", "successors"),
    [
        ("00004", "Phường Trúc Bạch", "whole", ["00004 Phường Ba Đình"]),
        ("00016", "Phường Ngọc Hà", "split", ["00004 Phường Ba Đình", "00008 Phường Ngọc Hà"]),
        ("001", "Quận Ba Đình", "abolished", []),
        ("33", "Tỉnh Hưng Yên", "whole", ["33 Tỉnh Hưng Yên"]),
        ("34", "Tỉnh Thái Bình", "whole", ["33 Tỉnh Hưng Yên"]),
        ("74", "Tỉnh Bình Dương", "whole", ["79 Thành phố Hồ Chí Minh"]),
        ("755", "Huyện Côn Đảo", "whole", ["26732 Đặc khu Côn Đảo"]),
        ("10798", "Xã Hòa Bình", "split", ["10804 Xã Kim Thành", "10843 Xã Hà Nam"]),
        ("06970", "Thị trấn Ba Chẽ", "whole", ["06970 06978 Xã Ba Chẽ"]),
    ],
)
def test_what_a_code_became(store: Store, code: str, unit: str, outcome: str, successors: list[str]) -> None:
    answer = areas.became(store, code, on=REFORM)
    assert (answer.unit.name, answer.outcome) == (unit, outcome)
    assert [f"{' '.join(one.codes)} {one.name}" for one in answer.successors] == successors
    assert all(step.date == REFORM and step.sources for step in answer.steps)


def test_every_answer_bears_its_mark(store: Store) -> None:
    assert areas.became(store, "00016", on=REFORM).verification == "inferred"
    assert areas.became(store, "34", on=REFORM).verification == "confirmed"


def test_the_chain_goes_on_to_30_april_2026(store: Store) -> None:
    answer = areas.became(store, "70")
    assert [(step.date, step.after.label if step.after else None) for step in answer.steps] == [
        (REFORM, "Tỉnh Đồng Nai"),
        (date(2026, 4, 30), "Thành phố Đồng Nai"),
    ]


def test_how_many_communes_were_divided(store: Store) -> None:
    """The package divides 471; without the contradicted edges 21 homonyms and 10 others are whole again."""
    rows = store.select(
        "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?before (COUNT(?after) AS ?many) "
        "WHERE { ?change prov:used ?before . ?change prov:generated ?after } GROUP BY ?before"
    ).rows
    counts = [int(many.value) for before, many in rows if before and many and "truoc-2025-07-01" in before.value]
    assert len(counts) == 10_040 + 63
    assert sum(many > 1 for many in counts) == 471 - 21 - 10
