"""SDMX code lists in every form they come in: the same codes, and nothing of what is made to exhaust a reader."""

from io import BytesIO

import pytest

from catalogue.errors import Invalid
from loaders.lists import Listing
from tests.loaders.given_lists import SMALL, golden, graph, published, small, text, values


def codes(listing: Listing) -> list[tuple[str, str, str]]:
    return [(entry.code, entry.names["en"], entry.broader) for entry in listing.schemes[0].entries]


def test_the_graph_of_a_message_is_the_approved_one() -> None:
    assert graph(small("sdmx", "codes.xml"), "sdmx-test", language="en") == golden("sdmx-test")


@pytest.mark.parametrize("name", ["codes.xml", "codes.json", "codes.ttl"])
def test_all_forms_give_the_same_codes(name: str) -> None:
    assert codes(small("sdmx", name)) == [("A", "Annual", ""), ("A1", "Half-yearly", "A")]


@pytest.mark.parametrize("name", ["codes.xml", "codes.json"])
def test_the_official_library_reads_the_same_codes(name: str) -> None:
    from pysdmx.io import read_sdmx

    message = read_sdmx(BytesIO((SMALL / name).read_bytes()), validate=False)
    (official,) = message.get_codelists()
    ours = small("sdmx", name).schemes[0]
    assert [(one.id, one.name) for one in official.items] == [(one.code, one.names["en"]) for one in ours.entries]
    assert (official.id, official.name) == (ours.notation, ours.names["en"])


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_what_the_official_library_writes_is_read(version: str) -> None:
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.model import Agency, Code, Codelist

    made = Codelist(
        "CL_X",
        name="Test list",
        agency=Agency("TEST"),
        version="1.0",
        items=[Code("A", name="One"), Code("B", name="Two")],
    )
    written = write_sdmx([made], getattr(Format, f"STRUCTURE_SDMX_ML_{version}"))
    assert codes(text("sdmx", "a.xml", str(written))) == [("A", "One", ""), ("B", "Two", "")]


def test_names_in_every_language_and_the_time_of_a_code_are_kept() -> None:
    quads = graph(small("sdmx", "codes.xml"), "t")
    assert values(quads, "code/t.A", "skos", "prefLabel") == {"Annual", "Hằng năm"}
    assert values(quads, "code/t.A", "chiso", "validTo") == {"2025-07-01"}
    assert values(quads, "code/t.A1", "skos", "broader") == {"code/t.A"}
    assert values(quads, "code/t.A", "skos", "exactMatch") == {
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=TEST:CL_TEST(1.0).A"
    }


def test_the_published_code_lists_are_seven_with_66_codes() -> None:
    listing = published("sdmx", "sdmx/sdmx-code.ttl")
    assert {scheme.suffix: len(scheme.entries) for scheme in listing.schemes} == {
        "decimals": 10,
        "freq": 8,
        "conf-status": 5,
        "obs-status": 8,
        "sex": 5,
        "time-format": 21,
        "unit-mult": 9,
    }
    quads = graph(listing, "sdmx")
    assert values(quads, "code/sdmx-freq.A", "skos", "inScheme") == {"code-scheme/sdmx-freq"}
    assert values(quads, "code/sdmx-freq.A", "skos", "exactMatch") == {
        "http://purl.org/linked-data/sdmx/2009/code#freq-A"
    }


LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n + 1} "{f"&a{n or str()};" * 10}">' for n in range(10)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS + "]><x>&a9;</x>", "it has a DTD"),
        ('<?xml version="1.0"?>\n<!doctype x SYSTEM "http://example.org/x.dtd"><x/>', "it has a DTD"),
        ("<x/>", "the root element is x"),
        ("<x>", "line 1, column 4: this is no well-formed XML"),
        ("<Structure/>", "there is no indicator and no code"),
        ('{"data": {}}', "there is no data.codelists"),
        ("code,name", "this is no well-formed XML"),
        ("<a>" * 200_000, "this is no well-formed XML"),
    ],
)
def test_what_is_no_message_or_made_to_exhaust_is_refused(content: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        text("sdmx", "a.xml", content)
    assert said in refused.value.en


def test_a_dtd_is_found_in_any_coding() -> None:
    from tests.loaders.given_lists import SETTINGS
    from workers.list_process import read

    content = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")
    with pytest.raises(Invalid, match="it has a DTD"):
        read("sdmx", [("a.xml", content)], SETTINGS)


def test_codes_above_themselves_and_codes_twice_are_refused_with_their_place() -> None:
    circle = (
        (SMALL / "codes.json")
        .read_text(encoding="utf-8")
        .replace('"id": "A", "name"', '"id": "A", "parent": "A1", "name"')
    )
    with pytest.raises(Invalid, match="lies above itself") as refused:
        text("sdmx", "a.json", circle)
    assert "A → A1 → A" in refused.value.en
    twice = (SMALL / "codes.json").read_text(encoding="utf-8").replace('"id": "A1"', '"id": "A"')
    with pytest.raises(Invalid, match="CL_TEST, code number 2: the code A stands in CL_TEST, code number 1"):
        text("sdmx", "a.json", twice)
