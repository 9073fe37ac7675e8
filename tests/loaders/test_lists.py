"""The lists of the world beyond: SDG framework and World Bank codes, small ones to the last triple, published ones counted."""

from collections import Counter

import pytest

from catalogue.errors import Invalid
from loaders.lists import Form, Listing
from tests.loaders.given_lists import SETTINGS, golden, graph, published, small, text, values
from workers.list_process import read


def counted(listing: Listing) -> Counter[tuple[str, int]]:
    return Counter((entry.kind, entry.code.count(".")) for entry in listing.schemes[0].entries)


@pytest.mark.parametrize(
    ("form", "files", "key"),
    [
        ("sdg", ("sdg.csv",), "sdg"),
        ("sdg", ("metadata.json",), "sdg-metadata"),
        ("world-bank", ("world_bank.csv",), "world-bank"),
        ("world-bank", ("WDISeries.csv",), "wdi-series"),
    ],
)
def test_the_graph_of_a_small_list_is_the_approved_one(form: Form, files: tuple[str, ...], key: str) -> None:
    assert graph(small(form, *files), key, language="en") == golden(key)


def test_the_yaml_of_open_sdg_says_what_the_table_says() -> None:
    table = graph(small("sdg", "sdg.csv"), "sdg", language="en")
    yaml = graph(small("sdg", "goals.yml", "targets.yml", "indicators.yml"), "sdg", language="en")
    assert {quad for quad in yaml if not quad.predicate.value.endswith("altLabel")} == table


@pytest.mark.parametrize(
    "files",
    [
        ("sdg/sdg_global_framework_en.csv",),
        tuple(f"sdg/open-sdg_en_global_{part}.yml" for part in ("goals", "targets", "indicators")),
    ],
)
def test_the_published_framework_has_17_goals_169_targets_and_252_indicators(files: tuple[str, ...]) -> None:
    listing = published("sdg", *files)
    assert counted(listing) == {("group", 0): 17, ("group", 1): 169, ("indicator", 2): 252}
    assert not listing.left_out
    quads = graph(listing, "sdg")
    assert values(quads, "indicator-group/sdg.17.19", "skos", "member") == {
        "indicator/sdg.17.19.1",
        "indicator/sdg.17.19.2",
    }


def test_the_published_metadata_gives_definitions_and_says_what_it_mended() -> None:
    parts = ("goals", "targets", "indicators", "series")
    listing = published("sdg", *(f"sdg/unstats-sdgs_{part}-final.json" for part in parts))
    assert counted(listing) == {("group", 0): 17, ("group", 1): 169, ("indicator", 2): 241}
    assert [fault.place_en for fault in listing.left_out] == ["code 10.6.1"]
    assert [fault.en for fault in listing.remarks] == [
        "the code is the number 3.6, its last part lost; by the file of series it is 3.6.1."
    ]
    quads = graph(listing, "sdg")
    (definition,) = values(quads, "indicator/sdg.1.1.1", "skos", "definition")
    assert definition.startswith("This indicator provides the proportion of the total population")
    assert values(quads, "indicator/sdg.1.1.1", "rdfs", "seeAlso") == {
        "http://unstats.un.org/sdgs/files/metadata-compilation/Metadata-Goal-1.pdf"
    }


def test_the_published_codes_of_the_world_bank_are_762_in_16_topics() -> None:
    listing = published("world-bank", "wdi/wdi_indicators.csv")
    assert Counter(entry.kind for entry in listing.schemes[0].entries) == {"indicator": 762, "group": 16}
    assert [fault.place_en for fault in listing.left_out] == ["row 16"]


def test_a_listing_survives_the_way_between_processes() -> None:
    listing = small("sdg", "metadata.json")
    assert Listing.read(listing.plain()) == listing


SDG = "kind,code,title_en,parent\n"


@pytest.mark.parametrize(
    ("form", "name", "content", "said"),
    [
        ("sdg", "a.csv", "a,b\n1,2\n", "the column kind, code, title_en, parent is missing. Columns found: a, b"),
        ("sdg", "a.csv", SDG, "no indicator and no code"),
        ("sdg", "a.csv", "  \n", "the file is empty"),
        ("sdg", "a.csv", SDG + "goal,1,A,\ngoal,1,B,\n", "row 3, column “code”: the code 1 stands in row 2"),
        ("sdg", "a.csv", SDG + "indicator,1.1,A,1\n", "row 2, column “code”: “1.1” is no indicator code"),
        ("sdg", "a.csv", SDG + "aim,1,A,\n", "row 2, column “kind”: the kind “aim” is not known"),
        ("sdg", "a.csv", SDG + "target,1.1,A,2\n", "row 2, column “parent”: the parent of code 1.1 is “2”"),
        ("sdg", "a.csv", SDG + "target,1.1,A,1\n", "row 2, column “code”: there is no group 1 in the file"),
        ("sdg", "a.json", "{}", "the column goal, title"),
        ("sdg", "a.json", "[" * 100_000, "this is no readable JSON"),
        ("sdg", "a.yml", "1-title: A\n1-title: B\n", "line 2: the key 1-title is repeated"),
        ("sdg", "a.yml", "a: &x [1]\nb: *x\n", "line 1: only keys with texts are read"),
        ("sdg", "a.yml", "1-title: !!python/object/apply:os.system [ls]\n", "line 1: only keys with texts are read"),
        ("sdg", "a.yml", "title: A\n", "key “title”"),
        ("world-bank", "a.csv", "code,title\nA,B\n", "Columns found: code, title"),
        ("world-bank", "a.csv", "code,name\nA B,C\n", "row 2, column “code”: the code “A B” has white space"),
        ("world-bank", "a.csv", "code,name\nA,\n", "row 2, column “code”: the code A has no name"),
        ("world-bank", "a.csv", "code,name\n,B\n", "row 2, column “code”: there is no code"),
        ("world-bank", "a.pdf", "%PDF", "this kind of file is not read"),
        ("world-bank", "a.csv", "code,name\n" + "A" * 101 + ",B\n", "longer than 100 characters"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_file_row_and_column(
    form: Form, name: str, content: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        text(form, name, content)
    assert said in refused.value.en
    assert refused.value.en.startswith(name)
    assert refused.value.vi.startswith(name) and refused.value.vi != refused.value.en


def test_many_faults_are_told_together_and_the_rest_counted() -> None:
    with pytest.raises(Invalid) as refused:
        text("world-bank", "a.csv", "code,name\n" + "A,B\n" * 30)
    assert len(refused.value.en.splitlines()) == 21
    assert refused.value.en.endswith("9 more faults.")


def test_with_several_files_a_fault_names_its_own() -> None:
    files = [("a.csv", b"code,name\nA,One\n"), ("b.csv", b"code,name\nA,Two\n")]
    with pytest.raises(Invalid, match=r"b\.csv, row 2, column “code”: the code A stands in a\.csv, row 2"):
        read("world-bank", files, SETTINGS)
