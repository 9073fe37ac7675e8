"""What every address that writes asks first: is this service one that writes, who calls, may they."""

from typing import TYPE_CHECKING

from starlette.requests import Request

from api.service import Service
from api.validators import STATE_HEADER
from catalogue.errors import Forbidden, Unauthorized
from catalogue.permission import ANYBODY, Caller, may_write_something

if TYPE_CHECKING:
    from catalogue.writing import Written
    from workers.writer import Writer


def admitted(service: Service, request: Request) -> tuple["Writer", Caller]:
    """The writer and the caller who may write something, before any of the body is read.

    Raises `NotOffered` (no data folder), `Forbidden` (read-only service, a token without the scope `write`),
    `Unauthorized` (no token, or one that is not valid).
    """
    writer = service.require_writer()
    caller = known(service, request)
    if not may_write_something(caller):
        raise Forbidden(
            "Thẻ này không có quyền ghi (write). Hãy xin người quản trị một thẻ có quyền ghi.",
            "This token does not have the scope “write”. Ask the administrator for one that does.",
            details={"error": "insufficient_scope"},
        )
    return writer, caller


def known(service: Service, request: Request) -> Caller:
    """The caller, who must show a token. Raises `Unauthorized`."""
    caller = service.caller(request)
    if caller is ANYBODY:
        raise Unauthorized(
            "Việc này cần thẻ truy cập: hãy gửi tiêu đề “Authorization: Bearer …”. Người quản trị cấp thẻ bằng chiso token create.",
            "This needs a token: send the header “Authorization: Bearer …”. The administrator makes tokens with chiso token create.",
        )
    return caller


async def published(service: Service, written: "Written") -> dict[str, str]:
    """The headers of the answer to a write, once this service serves the state that holds it: who writes reads it."""
    await service.refresh()
    return {STATE_HEADER: written.state, "Cache-Control": "no-store"}
