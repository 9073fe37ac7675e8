"""`chiso token`: the tokens with which programs write to the service. They count at once, also while it runs."""

import contextlib
import re
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.clock import VIETNAM
from catalogue.errors import Invalid, NotOffered, Unavailable
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage
from cli.output import print_json, print_table

if TYPE_CHECKING:
    from catalogue.permission import Token, Tokens

SUMMARY = text("Cấp, liệt kê và thu hồi thẻ truy cập.", "Make, list and revoke tokens.")
CREATE_EXAMPLE = "chiso token create --name nhap-lieu --graph 'https://chiso.example/graph/*' --expires 30d"
CREATE_SUMMARY = text("Cấp một thẻ; thẻ chỉ hiện ra một lần.", "Make a token; it is shown this once.")
LIST_EXAMPLE = "chiso token list"
LIST_SUMMARY = text("Liệt kê các thẻ, không hiện chính thẻ.", "List the tokens, never the tokens themselves.")
REVOKE_EXAMPLE = "chiso token revoke nhap-lieu"
REVOKE_SUMMARY = text("Thu hồi một thẻ, có hiệu lực ngay.", "Revoke a token, at once.")

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@command
def create(
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=text("thẻ dùng để làm gì", "what it is for"))],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="write|internal|analyst",
            help=text(
                "quyền: ghi (mặc định), đọc đồ thị nội bộ, truy vấn rộng hơn; nhắc lại được",
                "what it allows: to write (default), to read internal graphs, wider queries; may be repeated",
            ),
        ),
    ] = None,
    graph: Annotated[
        list[str] | None,
        typer.Option(
            "--graph",
            metavar="IRI",
            help=text(
                "đồ thị được phép: IRI, tiền tố kết thúc bằng *, hay * (mọi đồ thị công khai); nhắc lại được",
                "graphs it is for: an IRI, a prefix ending in *, or * (every public graph); may be repeated",
            ),
        ),
    ] = None,
    expires: Annotated[
        str,
        typer.Option(
            "--expires",
            metavar="90d",
            help=text(
                "thời hạn: 30m, 12h, 90d, 8w, hay ngày 2026-12-31",
                "how long it lasts: 30m, 12h, 90d, 8w, or until a date, 2026-12-31",
            ),
        ),
    ] = "90d",
    *,
    call: Call,
) -> int:
    """Standard output holds the token alone. The data folder keeps its SHA-256, so nobody can show it again."""
    try:
        secret, token = _tokens(call).create(
            name, scope or ["write"], graph or [], lifetime=_lifetime(expires, datetime.now(UTC))
        )
    except Invalid as error:
        raise WrongUsage(error.vi, error.en, details=error.details) from None
    if call.as_json:
        print_json({"token": secret, **_shown(token)})
    else:
        print(secret)
        until = token.expires.astimezone().strftime("%d/%m/%Y %H:%M")
        print(
            text(
                f"Mã {token.id}, hết hạn {until}. Hãy cất thẻ ngay: nó không hiện lại. Gửi kèm tiêu đề “Authorization: Bearer …”.",
                f"Id {token.id}, until {until}. Keep the token now: it is not shown again. Send it as “Authorization: Bearer …”.",
            ),
            file=sys.stderr,
        )
    return DONE


@command
def list_(*, call: Call) -> int:
    """Newest first, with those that expired or were revoked."""
    now = datetime.now(UTC)
    tokens = _tokens(call).all()
    if call.as_json:
        print_json([{**_shown(token), "state": token.state(now)} for token in tokens])
        return DONE
    states = {
        "valid": text("dùng được", "valid"),
        "expired": text("hết hạn", "expired"),
        "revoked": text("đã thu hồi", "revoked"),
    }
    print_table(
        [text(*title) for title in _TITLES],
        [
            [
                token.id,
                token.name,
                " ".join(token.scopes),
                " ".join(token.graphs),
                token.expires.astimezone().strftime("%Y-%m-%d %H:%M"),
                states[token.state(now)],
            ]
            for token in tokens
        ],
    )
    return DONE


@command
def revoke(
    which: Annotated[
        str, typer.Argument(metavar="TOKEN", help=text("mã hoặc tên của thẻ", "the id or the name of the token"))
    ],
    *,
    call: Call,
) -> int:
    """The next request with it is refused."""
    token = _tokens(call).revoke(which)
    if call.as_json:
        print_json(_shown(token))
    else:
        print(text(f"Đã thu hồi thẻ {token.name} ({token.id}).", f"Revoked the token {token.name} ({token.id})."))
    return DONE


_TITLES = (
    ("Mã", "Id"),
    ("Tên", "Name"),
    ("Quyền", "Scopes"),
    ("Đồ thị", "Graphs"),
    ("Hết hạn", "Expires"),
    ("Tình trạng", "State"),
)


def _tokens(call: Call) -> "Tokens":
    from catalogue.permission import Tokens
    from catalogue.store.folder import Folder

    if call.settings.store != "disk":
        raise NotOffered(
            "Thẻ được cất trong thư mục dữ liệu, nên cần CHISO_STORE=disk.",
            "Tokens are kept in the data directory, so this needs CHISO_STORE=disk.",
        )
    folder = Folder(call.settings.data)
    if not folder.finished:
        raise Unavailable(
            f"Chưa có kho dữ liệu trong {folder.path}. Hãy chạy “chiso serve --data {folder.path}” để tạo.",
            f"There is no store in {folder.path} yet. Run “chiso serve --data {folder.path}” to make one.",
            details={"place": str(folder.path)},
        )
    return Tokens(folder.path)


def _shown(token: "Token") -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "graphs": token.graphs,
        "created": token.created,
        "expires": token.expires,
        "revoked": token.revoked,
    }


def _lifetime(given: str, now: datetime) -> timedelta:
    """How long from `now`: a number with a unit, or until a date (its end in Vietnam) or a moment."""
    text = given.strip()
    if found := re.fullmatch(r"(\d{1,5})([mhdw])", text.lower()):
        return int(found[1]) * _UNITS[found[2]]
    with contextlib.suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), VIETNAM) - now
        until = datetime.fromisoformat(text)
        return (until if until.tzinfo else until.replace(tzinfo=VIETNAM)) - now
    raise WrongUsage(
        f"--expires là số phút, giờ, ngày hoặc tuần (30m, 12h, 90d, 8w) hay một ngày (2026-12-31), nhận được “{given}”.",
        f"--expires is a number of minutes, hours, days or weeks (30m, 12h, 90d, 8w), or a date (2026-12-31), got “{given}”.",
    )
