"""The vocabulary in a browser: the picture of the model by keyboard, and every word at its address without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

BOX = '[data-box="https://w3id.org/chiso/ns#Task"]'


def test_the_picture_of_the_model_by_keyboard(visit: Visit) -> None:
    page = visit("/ns", language="en")
    box = page.locator(f"svg {BOX}")
    box.focus()
    near = page.locator("svg .line.near")
    assert near.count() > 0
    ends = near.evaluate_all("lines => lines.flatMap(line => [line.dataset.from, line.dataset.to])")
    assert ends.count("https://w3id.org/chiso/ns#Task") == near.count()
    page.keyboard.press("Enter")
    page.wait_for_url("**/browse/class?iri=*Task")
    assert page.locator("h1").inner_text() == "Task"
    assert page.locator("svg .centre").count() == 1


def test_a_code_is_found_at_its_address_without_scripts(visit: Visit) -> None:
    page = visit("/ns/code/role/chu-tri", javascript=False)
    assert page.url.endswith("/ns#code-role.chu-tri")
    expect(page.locator("[id='code-role.chu-tri']:target")).to_be_visible()
