"""One real server over a real folder for all clients, with a token for those who write."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.serving import folder, serving_folder, token

DATA = """
@prefix : <http://clients.example/> .
:g { :a :name "Tỷ lệ hộ nghèo"@vi , "Poverty rate"@en ; :value 7 . :b :name "Đất"@vi ; :value 8 . }
:h { :a :value 9 . }
"""
"""What the clients ask for; they write to graphs of their own."""

NAMES = "SELECT ?thing ?name WHERE { ?thing <http://clients.example/name> ?name } ORDER BY ?thing ?name"


@dataclass(frozen=True)
class Endpoint:
    """Where the service is, and the header that lets a client write."""

    address: str
    token: str

    @property
    def query(self) -> str:
        """Of the query operation."""
        return f"{self.address}/sparql"

    @property
    def update(self) -> str:
        """Of the update operation."""
        return f"{self.address}/update"

    @property
    def headers(self) -> dict[str, str]:
        """What a writing client sends."""
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The server."""
    settings = folder(tmp_path_factory.mktemp("clients"), DATA)
    secret = token(settings)
    with serving_folder(settings) as client:
        yield Endpoint(str(client.base_url).rstrip("/"), secret)
