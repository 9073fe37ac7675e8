"""Documents made to harm or to confuse: each is refused with a place and a reason, quickly and in little memory."""

import time
import tracemalloc

import pytest

from catalogue.errors import CatalogueError, Invalid, LimitReached
from catalogue.mapping.exchange import documents, sssom_tsv
from tests.mappings.import_world import HEAD, document, row

ROW = b"subject_id\tpredicate_id\tobject_id\tmapping_justification\nnuoc:1\tskos:exactMatch\ttinh:1\tsemapv:LexicalMatching\n"
BOMB = "#a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"#{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 8)}]\n" for i in range(8)
)

HEADS: dict[str, tuple[str, str]] = {
    "billion laughs": (BOMB, "anchor or alias"),
    "alias alone": ("#a: *nothing\n", "anchor or alias"),
    "python object": ("#a: !!python/object/apply:os.system ['true']\n", "tag"),
    "typed text": ("#license: !!str https://a.example/\n", "tag"),
    "directive": ("#%TAG ! tag:a.example,2025:\n#--- \n#a: b\n", "directive"),
    "two documents": ("#a: b\n#---\n#c: d\n", "one YAML document"),
    "a megabyte": ("#comment: " + "x" * 1_000_000 + "\n", "larger than"),
    "a megabyte of lines": ("#x: y\n" * 170_000, "larger than"),
    "deep flow": ("#a: " + "[" * 20_000 + "]" * 20_000 + "\n", "nested deeper"),
    "deep block": ("".join(f"#{' ' * i}- \n" for i in range(300)), "nested deeper"),
    "many nodes": ("#a: [" + "b," * 20_000 + "]\n", "nested deeper than 4 levels or has more than"),
    "merge key": ("#<<: {license: https://a.example/}\n", ""),
    "twice the same": ("#license: https://a.example/\n#license: https://b.example/\n", "twice"),
    "broken": ('#license: "https://a.example/\n', "malformed YAML"),
    "a list": ("#- a\n#- b\n", "lines of “slot: value”"),
    "a key that is a list": ("#? [a, b]\n#: c\n", "a key must be a text"),
    "separators by the million": ("#" + "," * 3_000_000 + "x,\n", "larger than"),
    "a control character": ("#license: a\x01b\n", "not allowed"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_hostile_head_is_refused_at_once(name: str) -> None:
    head, said = HEADS[name]
    tracemalloc.start()
    began = time.process_time()
    try:
        if said:
            with pytest.raises(Invalid) as caught:
                sssom_tsv.read(head.encode() + ROW, most=100)
            assert said in caught.value.en and caught.value.vi != caught.value.en
            assert len(caught.value.vi) < 1_000
        else:
            assert sssom_tsv.read(head.encode() + ROW, most=100).problems
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert time.process_time() - began < 5 and most < 30_000_000


def test_what_looks_like_a_date_a_number_or_a_truth_stays_what_stands_there() -> None:
    head = (
        "#mapping_set_version: 2025-03-01\n#mapping_set_title: 1.10\n#comment: no\n#other: 0x1F\n#sssom_version: 1.1\n"
    )
    found = sssom_tsv.read(head.encode() + ROW.replace(b"nuoc:", b"skos:").replace(b"tinh:", b"owl:"), most=10)
    assert found.problems == []
    assert found.slots == {
        "mapping_set_version": "2025-03-01",
        "mapping_set_title": "1.10",
        "comment": "no",
        "other": "0x1F",
        "sssom_version": "1.1",
    }


def test_a_million_rows_are_refused_after_as_many_as_are_allowed() -> None:
    content = HEAD.encode() + ROW + b"nuoc:1\tskos:exactMatch\ttinh:1\tsemapv:LexicalMatching\n" * 1_000_000
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(LimitReached) as caught:
        sssom_tsv.read(content, most=1_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.details["limit"] == "CHISO_MAPPING_ROWS"
    assert time.process_time() - began < 5 and most < 20_000_000, "the rows beyond the limit are never read"


def test_a_million_bad_rows_stop_at_a_thousand_problems() -> None:
    content = HEAD.encode() + ROW.splitlines()[0] + b"\n" + b"a b\tc\n" * 1_000_000
    found = sssom_tsv.read(content, most=2_000_000)
    assert 1_000 < len(found.problems) < 1_010 and found.mappings == []


TABLES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "names of the columns"),
    "UTF-16": ((HEAD + "predicate_id\n").encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": ((HEAD + "predicate_id\n").encode("utf-16-le"), "UTF-16"),
    "Windows-1258": (HEAD.encode() + ROW + "nuoc:1\tskos:exactMatch\ttinh:1\tchỉ số\n".encode("cp1258", "replace").replace(b"?", b"\xe9"), "Windows-1258"),
    "TCVN3": (HEAD.encode() + ROW + b"nuoc:1\tskos:exactMatch\ttinh:1\tCh\xd8 s\xe8\n", "TCVN3"),
    "TCVN3 in the head": (b"#comment: Ch\xd8 s\xe8\n" + ROW, "TCVN3"),
    "XLSX": (b"PK\x03\x04" + b"\x00" * 50, "XLSX"),
    "zip": (b"PK\x03\x04" + b"abc" * 50, "XLSX"),
    "no columns": (HEAD.encode() + b"nuoc:1\tskos:exactMatch\ttinh:1\n", "names of the columns"),
    "a column twice": (HEAD.encode() + b"subject_id\tsubject_id\tpredicate_id\n", "twice"),
    "a column that is none": (HEAD.encode() + b"predicate_id\t=cmd()\n", "no name of a column"),
    "a thousand columns": (HEAD.encode() + b"\t".join(b"c%d" % i for i in range(1_000)) + b"\tpredicate_id\n", "more than 200 columns"),
    "an open quote": (HEAD.encode() + ROW + b'"nuoc:1\tskos:exactMatch\ttinh:1\n' + b"x\n" * 1_000, "double quote"),
    "a quote in the middle": (HEAD.encode() + ROW + b'"nuoc:1" x\tskos:exactMatch\n', "double quote"),
    "a cell of a megabyte": (HEAD.encode() + ROW + b"x" * 1_000_000, "cells cannot be read"),
    "one line": (b"x" * 3_000_000, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_cannot_be_read_says_why(name: str) -> None:
    content, said = TABLES[name]
    with pytest.raises(Invalid) as caught:
        sssom_tsv.read(content, most=1_000_000, place="thu.tsv")
    assert said in caught.value.en and caught.value.vi.startswith("thu.tsv") and len(caught.value.vi) < 1_000


def test_rows_that_are_odd_and_right_are_read() -> None:
    plain = sssom_tsv.read(document(row("tinh:1", "exactMatch", "nuoc:1", comment="a")), most=10)
    crlf = document(row("tinh:1", "exactMatch", "nuoc:1", comment="a")).replace(b"\n", b"\r\n")
    assert sssom_tsv.read(crlf, most=10) == plain
    assert sssom_tsv.read(b"\xef\xbb\xbf" + crlf, most=10) == plain
    quoted = document(row("tinh:1", "exactMatch", "nuoc:1", comment='"a\t""b""\nc"'))
    (one,) = sssom_tsv.read(quoted, most=10).mappings
    assert one.slots["comment"] == 'a\t"b"\nc'
    short = document("tinh:1\tskos:exactMatch\tnuoc:1\tsemapv:LexicalMatching")
    assert sssom_tsv.read(short, most=10).problems == []
    head = "".join(f'"{line}",,,\n' if "," in line else f"{line},,,\n" for line in HEAD.splitlines())
    csv = (
        head
        + "subject_id,predicate_id,object_id,mapping_justification\ntinh:1,skos:exactMatch,nuoc:1,semapv:LexicalMatching\n"
    )
    assert len(sssom_tsv.read(csv.encode(), most=10).mappings) == 1, "as a spreadsheet saves it"
    assert len(sssom_tsv.read(csv.replace(",", ";").encode(), most=10).mappings) == 1


def test_a_nul_costs_its_row_and_no_other() -> None:
    content = document(row("tinh:1", "exactMatch", "nuoc:1", comment="a\x00b"), row("tinh:2", "exactMatch", "nuoc:2"))
    found = sssom_tsv.read(content, most=10)
    assert [(one.slot, "U+0000" in one.en) for one in found.problems] == [("comment", True)] and len(
        found.mappings
    ) == 1


def test_metadata_beside_the_table() -> None:
    metadata = "\n".join(line[1:] for line in HEAD.splitlines()).encode()
    found = sssom_tsv.read(document(row("tinh:1", "exactMatch", "nuoc:1"), head=""), most=10, metadata=metadata)
    assert found.problems == [] and found.slots["mapping_set_id"] == "https://tinh.example/anh-xa"


FORMULAS = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "'=1", "''@x", "＝1")


def test_formulas_are_guarded_for_excel_and_data_elsewhere() -> None:
    rows = [row(f"tinh:{n}", "exactMatch", f"nuoc:{n}", comment=f'"{text}"') for n, text in enumerate(FORMULAS)]
    found = sssom_tsv.read(document(*rows), most=10)
    assert {one.slots["comment"] for one in found.mappings} == set(FORMULAS)
    csv = sssom_tsv.write(found, separator=",", guarded=True)
    cells = csv.decode("utf-8-sig").replace('"', "").splitlines()
    assert not [
        cell
        for line in cells
        if not line.startswith("#")
        for cell in line.split(",")
        if cell[:1] in "=+-@\t＝" and cell
    ]
    assert sssom_tsv.read(csv, most=10) == found
    assert "\t=1+1\n" in sssom_tsv.write(found).decode(), "TSV is data"


RDF: dict[str, tuple[str, bytes]] = {
    "nothing": ("ttl", b""),
    "two sets": ("ttl", b"@prefix s: <https://w3id.org/sssom/> . <urn:a> a s:MappingSet . <urn:b> a s:MappingSet ."),
    "malformed": ("ttl", b"<urn:a"),
    "deep JSON": ("jsonld", b'{"a":' * 50_000),
    "a remote context": ("jsonld", b'{"@context":"https://evil.example/c","@id":"urn:a"}'),
}


@pytest.mark.parametrize("name", RDF)
def test_rdf_that_is_no_mapping_set_says_why(name: str) -> None:
    form, content = RDF[name]
    with pytest.raises(CatalogueError) as caught:
        documents.read(content, form, most=10, place="thu")  # type: ignore[arg-type]
    assert type(caught.value) is Invalid and "thu" in caught.value.vi


def test_rdf_of_too_many_mappings_is_refused() -> None:
    axioms = "".join(f"<urn:m{n}> a <http://www.w3.org/2002/07/owl#Axiom> . " for n in range(50))
    with pytest.raises(LimitReached):
        documents.read(axioms.encode(), "ttl", most=10, place="thu")


def test_misspelt_prefixes_by_the_thousand_are_told_in_a_second() -> None:
    declared = "".join(f"#  tienTo{n:05d}: https://x.example/{n}/\n" for n in range(2_500))
    rows = b"".join(b"tienTx%05d:1\tskos:exactMatch\tnuoc:1\tsemapv:LexicalMatching\n" % n for n in range(1_000))
    reasons = b"".join(b"nuoc:1\tskos:exactMatch\tnuoc:2\tsemapv:LexicalMatchin%05d\n" % n for n in range(1_000))
    columns = ROW.partition(b"\n")[0] + b"\n"
    for told, hint in ((rows, "Is it “tienTo00000”?"), (reasons, "Is it semapv:LexicalMatching?")):
        began = time.process_time()
        found = sssom_tsv.read(
            HEAD.replace("#curie_map:\n", "#curie_map:\n" + declared).encode() + columns + told, most=2_000
        )
        assert time.process_time() - began < 3
        assert len(found.problems) == 1_000 and hint in found.problems[0].en
