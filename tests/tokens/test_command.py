"""`chiso token`, as people call it, while the service runs."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cli.outcome import WrongUsage
from cli.token import _lifetime
from tests import serving
from tests.cli.running import chiso


def test_a_token_is_made_used_listed_and_revoked_while_the_service_runs(tmp_path: Path) -> None:
    settings = serving.folder(tmp_path)
    given = {"CHISO_DATA": str(settings.data), "CHISO_BASE_IRI": settings.base_iri}
    with serving.serving_folder(settings) as client:
        made = chiso("token", "create", "--name", "nhập liệu", "--graph", "urn:g", "--expires", "12h", **given)
        assert made.returncode == 0
        secret = made.stdout.strip()
        turtle = {"Content-Type": "text/turtle", **serving.bearer(secret)}
        assert client.put("/graphs?graph=urn:g", content="<urn:a> <urn:b> 1 .", headers=turtle).status_code == 201
        assert client.put("/graphs?graph=urn:h", content="", headers=turtle).status_code == 403
        listed = json.loads(chiso("token", "list", "--json", **given).stdout)
        assert [(one["name"], one["graphs"], one["state"]) for one in listed] == [("nhập liệu", ["urn:g"], "valid")]
        assert secret not in json.dumps(listed)
        assert chiso("token", "revoke", "nhập liệu", **given).returncode == 0
        assert client.put("/graphs?graph=urn:g", content="", headers=turtle).status_code == 401
        assert chiso("token", "revoke", "nhập liệu", **given).returncode == 1


@pytest.mark.parametrize(
    ("given", "lifetime"),
    [
        ("30m", timedelta(minutes=30)),
        ("12h", timedelta(hours=12)),
        (" 8W ", timedelta(weeks=8)),
        ("2026-03-02", timedelta(hours=36)),  # to the end of that day in Vietnam
        ("2026-03-01T05:00:01Z", timedelta(seconds=1)),
        ("2026-03-01T12:30:00", timedelta(minutes=30)),
    ],
)
def test_how_long_a_token_lasts(given: str, lifetime: timedelta) -> None:
    assert _lifetime(given, serving.MOMENT) == lifetime


@pytest.mark.parametrize("given", ["", "60", "1y", "2026-02-30", "-1d", "tomorrow"])
def test_what_is_no_lifetime(given: str) -> None:
    with pytest.raises(WrongUsage):
        _lifetime(given, serving.MOMENT)


def test_exit_statuses(tmp_path: Path) -> None:
    nothing = {"CHISO_DATA": str(tmp_path / "nothing")}
    assert chiso("token", **nothing).returncode == 2
    assert chiso("token", "create", **nothing).returncode == 2
    assert chiso("token", "list", **nothing).returncode == 3
    assert chiso("token", "list", CHISO_STORE="memory").returncode == 3
    assert not (tmp_path / "nothing").exists()
    settings = serving.folder(tmp_path)
    given = {"CHISO_DATA": str(settings.data)}
    wrong = chiso("token", "create", "--name", "a", "--graph", "urn:g", "--expires", "forever", "--json", **given)
    assert wrong.returncode == 2
    assert json.loads(wrong.stderr)["error"]["en"]
    assert chiso("token", "create", "--name", "a", **given).returncode == 2
