"""A server over the small catalogue with namesakes, a merger, an accepted mapping and one that was not accepted."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.serving import BASE, folder, serving_folder

EXTRA = f"""
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix level: <https://w3id.org/chiso/code/level/> .
@prefix status: <https://w3id.org/chiso/code/mapping-status/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix change: <https://w3id.org/chiso/code/change/> .
@prefix area-change: <{BASE}id/area-change/> .
@prefix area: <{BASE}id/area/> .
@prefix indicator: <{BASE}id/indicator/> .
@prefix set: <{BASE}id/indicator-set/> .
@prefix mapping: <{BASE}id/mapping/> .
@prefix graph: <{BASE}graph/> .
graph:thu.confirmed {{
  area:90.2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Tỉnh Thử Đông"@vi ; skos:notation "90" .
  area:91.2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Tỉnh Thử Tây"@vi ; skos:notation "91" .
  area:90001.2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Phường Tân Lập"@vi ;
    dct:isPartOf area:90.2025-07-01 ; skos:notation "90001" .
  area:91001.2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Phường Tân Lập"@vi ;
    dct:isPartOf area:91.2025-07-01 ; skos:notation "91001" .
  area:91002.2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Phường Tân Láp"@vi ;
    dct:isPartOf area:91.2025-07-01 ; skos:notation "91002" .
  area:90002.truoc-2025-07-01 a chiso:AdministrativeUnit ; skos:prefLabel "Xã Cũ Thử"@vi ;
    skos:notation "90002" ; chiso:validTo "2025-07-01"^^xsd:date .
  area-change:2025-07-01.90001 a chiso:AreaChange ; dct:date "2025-07-01"^^xsd:date ; dct:type change:hop-nhat ;
    prov:used area:90002.truoc-2025-07-01 ; prov:generated area:90001.2025-07-01 .
  set:quoc-gia a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Hệ thống quốc gia thử"@vi ; chiso:level level:quoc-gia .
  indicator:quoc-gia.0501 a chiso:Indicator ; skos:prefLabel "Tỷ lệ hồ sơ trực tuyến toàn quốc"@vi ;
    skos:inScheme set:quoc-gia ; skos:notation "0501" .
  indicator:quoc-gia.0502 a chiso:Indicator ; skos:prefLabel "Tỷ lệ trẻ em dưới 1 tuổi được tiêm chủng"@vi ;
    skos:inScheme set:quoc-gia ; skos:notation "0502" .
  indicator:quoc-gia.0503 a chiso:Indicator ; skos:prefLabel "Tỷ lệ trẻ em dưới 5 tuổi được tiêm chủng"@vi ;
    skos:inScheme set:quoc-gia ; skos:notation "0503" .
  mapping:thu.1 a sssom:Mapping ; sssom:subject_id indicator:thu.1 ; sssom:predicate_id skos:exactMatch ;
    sssom:object_id indicator:quoc-gia.0501 ; sssom:mapping_justification semapv:ManualMappingCuration ;
    chiso:status status:accepted ; sssom:review_date "2024-01-01"^^xsd:date ; chiso:validFrom "2024-01-01"^^xsd:date .
  mapping:thu.2 a sssom:Mapping ; sssom:subject_id indicator:thu.2 ; sssom:predicate_id skos:exactMatch ;
    sssom:object_id indicator:quoc-gia.0502 ; sssom:mapping_justification semapv:LexicalMatching ;
    chiso:status status:candidate .
}}
"""

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="package")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a real server."""
    with serving_folder(folder(tmp_path_factory.mktemp("reconcile"), EXTRA)) as found:
        yield found


def posted(client: httpx2.Client, name: str, value: Any, **headers: str) -> httpx2.Response:
    """A batch or a data extension as a form, as OpenRefine sends it; a text goes as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return client.post("/reconcile", data={name: text}, headers=headers)


@pytest.fixture
def ask(client: httpx2.Client) -> Ask:
    """Ask one query; gives its candidates."""

    def one(query: str | None = None, **more: Any) -> list[dict[str, Any]]:
        given = {**({} if query is None else {"query": query}), **more}
        answer = posted(client, "queries", {"q": given})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["q"]["result"]
        return found

    return one
