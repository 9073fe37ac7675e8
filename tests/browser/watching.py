"""What a page does behind the back of a test: requests to other origins, breaches of the policy, errors; and axe."""

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Watch:
    """Looks at one page; `faults` are what it saw, in words. A test that means an error takes it from `faults`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.faults: list[str] = []
        self._origin = origin.rstrip("/")
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _request(self, request: Request) -> None:
        inner = request.url.startswith((self._origin + "/", "blob:" + self._origin, "data:", "about:"))
        if not inner:
            self.faults.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium itself says "Failed to load resource" for every 4xx, which may be what a test wants to see.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")


def violations(page: Page) -> list[str]:
    """What axe finds on the page: rule, why, and where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script tag: the policy of content forbids it, and rightly
    found: list[dict[str, Any]] = page.evaluate(
        """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
            .then(found => found.violations)""",
        RULES,
    )
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:5])
        for one in found
    ]
