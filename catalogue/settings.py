"""Settings: environment variables with the prefix `CHISO_`, or options of the same name. Read once, passed in."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from catalogue.errors import Invalid

DEFAULT_BASE = "https://chiso.example/"
MEGABYTE = 1_048_576

StoreKind = Literal["disk", "memory", "remote"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store is, how it is asked, and what a visitor of the service may cost. Sizes are in bytes, times in seconds.

    `data`: directory of the disk store. `base_iri`: start of every IRI the catalogue mints, fixed when the store is
    made. `store`: disk, memory or remote. The three endpoints belong to the remote store. `timeout`: seconds a remote
    endpoint may take for one request. `rows`: most rows of one answer of `chiso query`.
    """

    data: Path = Path("data")
    base_iri: str = DEFAULT_BASE
    store: StoreKind = "disk"
    query_endpoint: str | None = None
    update_endpoint: str | None = None
    graph_store_endpoint: str | None = None
    timeout: float = 30.0
    rows: int = 10_000

    read_only: bool = False
    """The service takes no write at all, holds no lock, and follows what another process publishes."""
    trusted_proxies: str = ""
    """Addresses or networks, separated by commas, whose X-Forwarded-… headers are believed."""
    kept_states: int = 3
    """Published states that can still be asked, the current one included."""
    kept_changes: int = 1_000
    """Patches that the change feed offers."""
    prepared_bytes: int = 64 * MEGABYTE
    """Memory for documents that were sent before and are kept as they were sent."""

    query_length: int = 100_000
    """Most characters of a visitor's query."""
    query_depth: int = 30
    """Deepest nesting of brackets in a query."""
    query_branches: int = 200
    """Most groups in braces (every UNION, OPTIONAL, MINUS, EXISTS and sub-select has one), path alternatives and named
    expressions (AS) in a query, all together; of triple patterns and operators, twice as many."""
    query_workers: int = 2
    """Processes that answer visitors' queries, and so how many are answered at once."""
    query_waiting: int = 32
    """Queries that may wait for a process."""
    query_per_visitor: int = 4
    """Queries that one visitor may have under way or waiting."""
    query_seconds: float = 10.0
    query_memory: int = 512 * MEGABYTE
    query_rows: int = 100_000
    query_bytes: int = 50 * MEGABYTE
    analyst_seconds: float = 60.0
    """This and the next three: the same limits for callers whose token has the scope `analyst`."""
    analyst_memory: int = 2_048 * MEGABYTE
    analyst_rows: int = 1_000_000
    analyst_bytes: int = 200 * MEGABYTE

    upload_bytes: int = 64 * MEGABYTE
    """Largest body of a write, and largest size to which a compressed one may unpack."""
    write_seconds: float = 120.0
    write_memory: int = 4_096 * MEGABYTE
    write_waiting: int = 16
    """Writes that may wait for the one writer."""
    validate_bytes: int = 5 * MEGABYTE
    """Largest body of `/validate`, data and shapes together."""
    validate_seconds: float = 30.0
    validate_memory: int = 1_024 * MEGABYTE

    mapping_rows: int = 10_000
    """Most mappings of one SSSOM document that is imported."""
    table_bytes: int = 64 * MEGABYTE
    """Largest CSV or XLSX file that is read."""
    table_rows: int = 1_000_000
    table_columns: int = 500
    table_seconds: float = 60.0
    table_memory: int = 2_048 * MEGABYTE
    """Memory of the process that reads such a file."""
    crosswalk_steps: int = 6
    """Most mappings in one chain."""
    reconcile_queries: int = 100
    """Most queries of one reconciliation batch."""
    reconcile_length: int = 1_000
    """Most characters of one name or value to reconcile."""

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
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int | float) and not isinstance(value, bool) and not 0 < value < float("inf"):
                raise Invalid(
                    f"CHISO_{field.name.upper()} phải là một số lớn hơn 0, nhận được “{value}”.",
                    f"CHISO_{field.name.upper()} must be a number above 0, got “{value}”.",
                )
        if self.store == "remote" and not self.query_endpoint:
            raise Invalid(
                "Kho từ xa cần CHISO_QUERY_ENDPOINT (địa chỉ truy vấn SPARQL).",
                "The remote store needs CHISO_QUERY_ENDPOINT (the address of SPARQL queries).",
            )

    def told(self) -> dict[str, Any]:
        """The settings as plain data, for another process."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Settings":
        """The settings that `told` told about.

        >>> Settings.read(Settings(data=Path("elsewhere")).told()) == Settings(data=Path("elsewhere"))
        True
        """
        return cls(**{**told, "data": Path(told["data"])})

    def with_options(self, **options: Any) -> "Settings":
        """A copy in which the options that are not None replace the settings of the same name."""
        return replace(self, **{name: value for name, value in options.items() if value is not None})


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings read from `CHISO_…` variables. Raises `Invalid` with the variable's name for a value that cannot be used."""
    source = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    for field in fields(Settings):
        name, read = field.name, _READERS.get(str(field.type), str)
        value = source.get(f"CHISO_{name.upper()}")
        if value is None or not value.strip():
            continue
        try:
            given[name] = read(value.strip())
        except ValueError:
            what_vi, what_en = ("0 hoặc 1", "0 or 1") if read is _yes_or_no else ("một số", "a number")
            raise Invalid(
                f"CHISO_{name.upper()} phải là {what_vi}, nhận được “{value}”.",
                f"CHISO_{name.upper()} must be {what_en}, got “{value}”.",
            ) from None
    return Settings(**given)


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("0", "1", "true", "false"):
        raise ValueError(text)
    return text.lower() in ("1", "true")


_READERS: dict[str, Callable[[str], Any]] = {
    "<class 'pathlib.Path'>": Path,
    "<class 'float'>": float,
    "<class 'int'>": int,
    "<class 'bool'>": _yes_or_no,
}
"""How a setting is read from text, by its type; all others are text."""
