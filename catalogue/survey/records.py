"""Surveys as files of the data folder: `surveys/{state}/{day}.json`, `surveys/{state}/examination.json`, `surveys/changes/{state}.json`."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from catalogue.store.durable import write_durably
from catalogue.survey.examination import Disagreement, Examination, Rule, Source, Warned
from catalogue.survey.overview import Counts, Overview, Part, Row
from catalogue.survey.recent import Summary, Touched

OVERVIEW = "surveys/{state}/{day}.v1.json"
"""Where an overview lies in the data folder; the version rises with the form of the files, and then all are made anew."""

FINISHED = "surveys/{state}/{day}.v1.finished"
"""The file that says that everything about a state was made on a day, not the overview alone."""

MOST_DAYS = 32
"""Days of one state that are kept."""
_KEPT_STATES = 3
_EXAMINATION = "surveys/{state}/examination.v1.json"
_CHANGE = "surveys/changes/{state}.v1.json"

Record = TypeVar("Record")


def write_overview(folder: Path, state: str, found: Overview) -> None:
    """Keep an overview, and forget the days that were asked for longest ago. Raises `OSError`."""
    path = folder / OVERVIEW.format(state=state, day=found.as_of.isoformat())
    _write(path, {**asdict(found), "as_of": found.as_of.isoformat()})
    days = sorted(path.parent.glob("[0-9]*.v1.json"), key=_age, reverse=True)
    for old in days[MOST_DAYS:]:
        old.unlink(missing_ok=True)


def finish(folder: Path, state: str, day: date) -> None:
    """Say that everything about a state was made. Raises `OSError`."""
    path = folder / FINISHED.format(state=state, day=day.isoformat())
    for before in path.parent.glob("*.finished"):
        before.unlink(missing_ok=True)
    write_durably(path, "")


def overview(folder: Path, state: str, day: date) -> Overview | None:
    """The overview of a day; None where there is none of this format."""

    def made(said: dict[str, Any]) -> Overview:
        rows = [
            Row(**{**row, "counts": Counts(**row["counts"]), "parts": [Part(**part) for part in row["parts"]]})
            for row in said["rows"]
        ]
        return Overview(date.fromisoformat(said["as_of"]), rows)

    return _read(folder / OVERVIEW.format(state=state, day=day.isoformat()), made)


def write_examination(folder: Path, state: str, found: Examination) -> None:
    """Keep an examination, and forget the states before the last few. Raises `OSError`."""
    _write(folder / _EXAMINATION.format(state=state), asdict(found))
    places = [path for path in (folder / "surveys").iterdir() if path.is_dir() and path.name not in ("changes", state)]
    for old in sorted(places, key=_age, reverse=True)[_KEPT_STATES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def examination(folder: Path, state: str) -> Examination | None:
    """The examination of a state; None where there is none of this format."""

    def made(said: dict[str, Any]) -> Examination:
        return Examination(
            [Source(**one) for one in said["sources"]],
            [Rule(**one) for one in said["rules"]],
            [Warned(**one) for one in said["warnings"]],
            [Disagreement(**one) for one in said["figures"]],
        )

    return _read(folder / _EXAMINATION.format(state=state), made)


def write_change(folder: Path, state: str, found: Summary) -> None:
    """Keep what the change that led to `state` was about. Raises `OSError`."""
    _write(folder / _CHANGE.format(state=state), asdict(found))


def change(folder: Path, state: str) -> Summary | None:
    """What the change that led to `state` was about; None where that is not known (yet)."""

    def made(said: dict[str, Any]) -> Summary:
        graphs = {graph: Touched(**touched) for graph, touched in said["graphs"].items()}
        return Summary(said["first"], said["whole"], graphs)

    return _read(folder / _CHANGE.format(state=state), made)


def forget_changes(folder: Path, kept: frozenset[str]) -> None:
    """Remove what is known of changes that the feed keeps no longer."""
    end = _CHANGE.rpartition("{state}")[2]
    for path in (folder / "surveys" / "changes").glob(f"*{end}"):
        if path.name.removesuffix(end) not in kept:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process removed it
        return 0.0


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, json.dumps(content, ensure_ascii=False))


def _read(path: Path, made: Callable[[dict[str, Any]], Record]) -> Record | None:
    try:
        return made(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
