"""`chiso backup` and `chiso restore`: a copy of the data directory, and the way back."""

from pathlib import Path
from typing import Annotated

import typer

from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE
from cli.output import print_json, progress

BACKUP_EXAMPLE = "chiso backup /media/usb/chiso-2026-08-15"
BACKUP_SUMMARY = text(
    "Chép trạng thái đang phục vụ vào một thư mục mới.", "Copy the published state into a new directory."
)
RESTORE_EXAMPLE = "chiso restore /media/usb/chiso-2026-08-15 --data data-moi"
RESTORE_SUMMARY = text("Dựng lại thư mục dữ liệu từ một bản sao lưu.", "Make the data directory anew from a backup.")


@command
def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help=text("thư mục mới", "a new directory"))],
    *,
    call: Call,
) -> int:
    """Whole files, not links: the copy outlives the disk it was made from. Works while `chiso serve` runs."""
    from catalogue.backup import backup as copy_to

    progress(text("Đang chép…", "Copying…"))
    copy_to(call.settings, target)
    if call.as_json:
        print_json({"backup": target})
    else:
        print(text(f"Đã sao lưu vào {target}.", f"Backed up to {target}."))
    return DONE


@command
def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help=text("bản sao lưu", "the backup"))],
    *,
    call: Call,
) -> int:
    """Only into a data directory that is absent or empty: nothing is overwritten."""
    from catalogue.backup import restore as restore_from

    progress(text("Đang dựng lại…", "Restoring…"))
    restore_from(call.settings, source)
    if call.as_json:
        print_json({"data": call.settings.data})
    else:
        print(
            text(
                f"Đã dựng lại {call.settings.data} từ {source}. Chạy: chiso serve --data {call.settings.data}",
                f"Restored {call.settings.data} from {source}. Run: chiso serve --data {call.settings.data}",
            )
        )
    return DONE
