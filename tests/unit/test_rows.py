"""Solutions to typed records."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode

from catalogue.errors import Defect
from catalogue.rows import records
from catalogue.store.port import Solutions

XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Row:
    thing: str
    valid_from: date | None
    value: Decimal | None = None


def test_literals_are_read_by_the_type_of_the_field() -> None:
    day = Literal("2025-03-01", datatype=NamedNode(XSD + "date"))
    found = records(Row, Solutions(("thing", "validFrom"), [(NamedNode("urn:a"), day), (NamedNode("urn:b"), None)]))
    assert found == [Row("urn:a", date(2025, 3, 1)), Row("urn:b", None)]


def test_a_misspelt_variable_names_both_lists() -> None:
    with pytest.raises(Defect, match=r"\['thing', 'valid_form'\].*\['thing', 'valid_from', 'value'\]"):
        records(Row, Solutions(("thing", "validForm"), []), "q")


def test_a_value_that_cannot_be_read_names_the_file_and_the_row() -> None:
    with pytest.raises(Defect, match="Query q, row 1"):
        records(Row, Solutions(("thing", "validFrom"), [(NamedNode("urn:a"), Literal("2025-09"))]), "q")


def test_a_required_value_that_is_absent_is_a_defect() -> None:
    with pytest.raises(Defect, match="required value is absent"):
        records(Row, Solutions(("thing", "validFrom"), [(None, None)]), "q")
