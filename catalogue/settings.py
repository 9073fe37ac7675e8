"""Settings: environment variables with the prefix `CHISO_`, or options of the same name. Read once, passed in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from catalogue.errors import Invalid

DEFAULT_BASE = "https://chiso.example/"

StoreKind = Literal["disk", "memory", "remote"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store is and how it is asked.

    `data`: directory of the disk store. `base_iri`: start of every IRI the catalogue mints, fixed when the store is
    made. `store`: disk, memory or remote. The three endpoints belong to the remote store. `timeout`: seconds a remote
    endpoint may take for one request. `rows`: most rows one answer may hold.
    """

    data: Path = Path("data")
    base_iri: str = DEFAULT_BASE
    store: StoreKind = "disk"
    query_endpoint: str | None = None
    update_endpoint: str | None = None
    graph_store_endpoint: str | None = None
    timeout: float = 30.0
    rows: int = 10_000

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_iri)
        if parts.scheme not in ("http", "https") or not parts.netloc or not self.base_iri.endswith("/"):
            raise Invalid(
                f"CHISO_BASE_IRI phải là một địa chỉ http(s) kết thúc bằng “/”, nhận được “{self.base_iri}”.",
                f"CHISO_BASE_IRI must be an http(s) address ending in “/”, got “{self.base_iri}”.",
            )
        if self.store not in ("disk", "memory", "remote"):
            raise Invalid(
                f"CHISO_STORE phải là disk, memory hoặc remote, nhận được “{self.store}”.",
                f"CHISO_STORE must be disk, memory or remote, got “{self.store}”.",
            )
        if self.store == "remote" and not self.query_endpoint:
            raise Invalid(
                "Kho từ xa cần CHISO_QUERY_ENDPOINT (địa chỉ truy vấn SPARQL).",
                "The remote store needs CHISO_QUERY_ENDPOINT (the address of SPARQL queries).",
            )

    def with_options(self, **options: Any) -> "Settings":
        """A copy in which the options that are not None replace the settings of the same name."""
        return replace(self, **{name: value for name, value in options.items() if value is not None})


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings read from `CHISO_…` variables. Raises `Invalid` with the variable's name for a value that cannot be used."""
    source = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    for name, read in (
        ("data", Path),
        ("base_iri", str),
        ("store", str),
        ("query_endpoint", str),
        ("update_endpoint", str),
        ("graph_store_endpoint", str),
        ("timeout", float),
        ("rows", int),
    ):
        value = source.get(f"CHISO_{name.upper()}")
        if value is None or not value.strip():
            continue
        try:
            given[name] = read(value.strip())
        except ValueError:
            raise Invalid(
                f"CHISO_{name.upper()} phải là một số, nhận được “{value}”.",
                f"CHISO_{name.upper()} must be a number, got “{value}”.",
            ) from None
    return Settings(**given)
