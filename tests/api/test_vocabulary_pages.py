"""`/ns` as a page and `/browse`: what the words mean, how often they are used, and by what."""

import re

import httpx2
import pytest

from api.pages.vocabulary import diagram, pages
from catalogue import shipped, vocabulary_rules, vocabulary_uses
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.iri import CODES, PREFIXES, VOCABULARY
from catalogue.store.port import Store
from catalogue.vocabulary import Vocabulary
from catalogue.vocabulary_model import Relation, relations

ELI, SKOS = PREFIXES["eli"], PREFIXES["skos"]


@pytest.fixture(scope="module")
def words(small: Store) -> Vocabulary:
    """The shipped vocabulary."""
    return Vocabulary(small.graph(VOCABULARY_GRAPH))


@pytest.fixture(scope="module")
def rules() -> list[vocabulary_rules.Rule]:
    """The rules of the shipped shapes."""
    return vocabulary_rules.rules(sorted(shipped.SHAPES.glob("*.ttl")))


def test_rules_say_what_a_property_of_a_class_must_be(rules: list[vocabulary_rules.Rule]) -> None:
    (one,) = [rule for rule in rules if rule.shape.endswith("#indicator-set")]
    assert (one.classes, one.property) == ((VOCABULARY + "Indicator",), SKOS + "inScheme")
    assert (one.least, one.most, one.values) == (1, 1, (VOCABULARY + "IndicatorSet",))
    assert one.message("en").startswith("The set of the indicator")
    (role,) = [rule for rule in rules if rule.shape.endswith("#responsibility-role")]
    assert role.values == (CODES + "role",)
    assert not any("{" in rule.message("vi") for rule in rules)


def test_the_model_follows_ontology_and_shapes(words: Vocabulary, rules: list[vocabulary_rules.Rule]) -> None:
    found = relations(words, rules, None)
    by_ends = {(one.start, one.property, one.end): one for one in found}
    in_set = by_ends[VOCABULARY + "Indicator", SKOS + "inScheme", VOCABULARY + "IndicatorSet"]
    assert (in_set.up, in_set.down, in_set.number) == (True, False, None)
    requires = by_ends[VOCABULARY + "ReportingRegime", VOCABULARY + "requires", VOCABULARY + "Indicator"]
    assert (requires.up, requires.down) == (False, True)
    role = by_ends[VOCABULARY + "Responsibility", PREFIXES["cv"] + "role", CODES + "role"]
    assert not role.up and not role.down


def test_the_picture_puts_each_class_below_what_it_rests_on(
    words: Vocabulary, rules: list[vocabulary_rules.Rule]
) -> None:
    found = relations(words, rules, None)
    picture = diagram.whole(found, lambda iri: words.word(iri).label("vi"))
    at = {box.iri: box for box in picture.boxes}
    assert at[ELI + "LegalResource"].y < at[VOCABULARY + "IndicatorSet"].y < at[VOCABULARY + "Indicator"].y
    assert all(at[line.start].y < at[line.end].y for line in picture.lines)
    boxes = list(picture.boxes)
    for one in boxes:
        assert diagram.WIDTH / 2 <= one.x <= picture.width - diagram.WIDTH / 2
        assert not [
            other for other in boxes if other is not one and other.y == one.y and abs(other.x - one.x) < diagram.WIDTH
        ]


def test_a_class_with_many_neighbours_is_drawn_in_part_and_says_so() -> None:
    many = [Relation(f"urn:{n}", "urn:p", "urn:a", True, n, up=False, down=False) for n in range(40)]
    picture = diagram.around("urn:a", many, lambda iri: iri)
    assert len(picture.boxes) == diagram.MOST_NEIGHBOURS + 1
    assert picture.left_out == 40 - diagram.MOST_NEIGHBOURS
    assert "urn:39" in {box.iri for box in picture.boxes}  # the most used ones are there


def test_the_page_of_the_vocabulary_holds_picture_words_and_anchors(client: httpx2.Client) -> None:
    text = client.get("/ns", headers={"Accept": "text/html"}).text
    for anchor in ("Indicator", "basis", "code-role", "code-role.chu-tri", "question-1"):
        assert text.count(f'id="{anchor}"') == 1
    assert "<svg" in text and 'data-box="https://w3id.org/chiso/ns#Indicator"' in text
    identifiers = re.findall(r'\sid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))


def test_a_class_shows_its_things_and_a_property_who_uses_it(client: httpx2.Client) -> None:
    page = client.get("/browse/class", params={"iri": "chiso:Indicator", "lang": "en"}).text
    assert "/doc/indicator/thu.1?lang=en" in page
    assert "The set of the indicator" in page  # a rule
    assert client.get("/browse/class", params={"iri": VOCABULARY + "Indicator"}).status_code == 200
    used = client.get("/browse/property", params={"iri": "chiso:basis"}).text
    assert "/browse/class?iri=https%3A%2F%2Fw3id.org%2Fchiso%2Fns%23Responsibility" in used
    assert client.get("/browse/class", params={"iri": "chiso:Phase"}).status_code == 200  # declared and not used
    assert client.get("/browse/class", params={"iri": "chiso:Indicator", "page": 40}).status_code == 200


@pytest.mark.parametrize(
    ("path", "iri", "status"),
    [
        ("class", "chiso:basis", 404),  # a property
        ("property", "chiso:Indicator", 404),
        ("class", "urn:nothing", 404),
        ("class", "<script>alert(1)</script>", 404),
        ("class", "a b", 404),
        ("class", "", 404),
        ("property", "urn:\u202eabc", 404),
        ("class", "x" * 501, 422),
    ],
)
def test_words_that_do_not_exist(client: httpx2.Client, path: str, iri: str, status: int) -> None:
    answer = client.get(f"/browse/{path}", params={"iri": iri}, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in answer.text


def test_pages_are_not_made_again_for_who_has_them(client: httpx2.Client) -> None:
    for path in ("/ns", "/browse", "/browse/class?iri=chiso:Indicator", "/browse/property?iri=chiso:basis"):
        first = client.get(path, headers={"Accept": "text/html"})
        assert first.status_code == 200
        again = client.get(path, headers={"Accept": "text/html", "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("most_sorted", [0, 2_000])
def test_the_pages_of_a_list_hold_every_thing_once(
    client: httpx2.Client, small: Store, monkeypatch: pytest.MonkeyPatch, most_sorted: int
) -> None:
    monkeypatch.setattr(vocabulary_uses, "SORTED", most_sorted)
    monkeypatch.setattr(pages, "PAGE", 2)
    listed: list[str] = []
    address: str | None = "/browse/class?iri=cv:PublicOrganisation"
    while address:
        text = client.get(address).text
        listed += re.findall(r'<li><a href="(/doc/agency/[^"?#]+)', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else None
    (row,) = small.select(f"SELECT (COUNT(*) AS ?number) {{ ?thing a <{PREFIXES['cv']}PublicOrganisation> }}").rows
    assert row[0] is not None and len(listed) == len(set(listed)) == int(row[0].value) > 2
