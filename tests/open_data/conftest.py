"""A server over a data folder whose graphs carry what a catalogue of open data must cope with."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from catalogue.settings import Settings
from catalogue.store.port import Store
from tests.api.conftest import small_catalogue
from tests.open_data.waiting import dumped
from tests.serving import folder, serving_folder

EXTRA = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix chiso: <https://w3id.org/chiso/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix verification: <https://w3id.org/chiso/code/verification/> .
@prefix s: <https://synthetic.example/id/source/> .
@prefix graph: <https://synthetic.example/graph/> .
@prefix d: <https://synthetic.example/id/dataset/> .

graph:sources.legal {
  s:bao-a a chiso:Source ; dct:title "Bài báo A"@vi ; dct:publisher "Báo Thử" ;
    foaf:page <https://synthetic.example/bai-a> ; chiso:notFound dct:license .
  s:bao-b a chiso:Source ; dct:title "Bài báo B"@vi ; dct:publisher "Báo Thử"@vi ; dct:license "MIT" .
  s:ubnd a chiso:Source ; dct:title "Văn bản của UBND"@vi ; dct:publisher "UBND tỉnh Thử" ;
    dct:license <http://creativecommons.org/licenses/by/4.0/> .
}
graph:sources.statistics { s:ai a chiso:Source ; dct:title "</script><b>Không ai</b>"@vi . }
graph:bao-a.confirmed {
  graph:bao-a.confirmed a chiso:SourceGraph ; dct:source s:bao-a ; chiso:verification verification:confirmed .
  <https://synthetic.example/id/decision/a> dct:title "Văn bản A"@vi .
}
graph:bao-b.inferred {
  graph:bao-b.inferred a chiso:SourceGraph ; dct:source s:bao-b ; chiso:verification verification:inferred .
  <https://synthetic.example/id/decision/b> dct:title "Văn bản B"@vi .
}
graph:ubnd.confirmed {
  graph:ubnd.confirmed a chiso:SourceGraph ; dct:source s:ubnd ; chiso:verification verification:confirmed .
  <https://synthetic.example/id/decision/c> dct:title "Văn bản C"@vi ; owl:sameAs <https://elsewhere.example/c> .
}
graph:ai.unverified {
  graph:ai.unverified a chiso:SourceGraph ; dct:source s:ai ; chiso:verification verification:unverified .
  d:so-lieu a dcat:Dataset , qb:DataSet ; dct:title "</script><script>alert(1)</script>"@vi , "Figures"@en ;
    dct:publisher "Không ai cả" ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> .
  d:ngoai a dcat:Dataset ; dct:title "Kho ngoài"@vi ; dct:license <https://opensource.org/license/mit> ;
    dcat:landingPage <https://elsewhere.example/kho> .
}
<https://anywhere.example/g> { <https://anywhere.example/s> <https://anywhere.example/p> "một"@vi , 2 , "dòng\\nhai" . }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder of its own."""
    return folder(tmp_path, EXTRA)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server that nobody writes to and whose dumps are ready."""
    with serving_folder(folder(tmp_path_factory.mktemp("open"), EXTRA)) as found:
        dumped(found)
        yield found


@pytest.fixture(scope="module")
def small() -> Store:
    """A catalogue in memory."""
    return small_catalogue()
