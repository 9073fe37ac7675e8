"""A build report for a person: what went in, what stayed out and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.language import LANGUAGE, text

if TYPE_CHECKING:
    from catalogue.build import BuildReport
    from catalogue.sources import Problem


def summary(report: "BuildReport") -> str:
    """The counts, in one line."""
    parts = [
        text(f"{len(report.loaded)} nguồn đã nạp", f"{len(report.loaded)} sources loaded"),
        text(f"{len(report.unchanged)} không đổi", f"{len(report.unchanged)} unchanged"),
    ]
    if report.removed:
        parts.append(text(f"{len(report.removed)} đã bỏ", f"{len(report.removed)} removed"))
    if report.refused:
        parts.append(text(f"{len(report.refused)} bị từ chối", f"{len(report.refused)} refused"))
    if report.conflicts:
        parts.append(text(f"{len(report.conflicts)} xung đột", f"{len(report.conflicts)} in conflict"))
    if report.warnings:
        parts.append(text(f"{report.warnings} cảnh báo", f"{report.warnings} warnings"))
    return text(
        f"{', '.join(parts)}; {report.triples} phát biểu; {report.seconds:.1f} giây.",
        f"{', '.join(parts)}; {report.triples} statements; {report.seconds:.1f} seconds.",
    )


def problems(report: "BuildReport") -> Iterator[str]:
    """Why sources stayed out, and which shipped ones were changed locally."""
    for problem in (*report.rejected, *report.conflicts):
        yield sentence(problem)


def sentence(problem: "Problem") -> str:
    """What is wrong with a source, in the language spoken."""
    return problem.en if LANGUAGE == "en" else problem.vi
