"""A wheel carries what the pages load, ready made: without it, it is not built."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundledAssets(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses a wheel without the bundle; an editable installation may bundle later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - as the interface has it
        """Look for the manifest before anything is packed. Raises `RuntimeError`."""
        if version != "editable" and not (Path(self.root) / "api/pages/assets/manifest.json").is_file():
            raise RuntimeError("api/pages/assets is missing: run `make install` (or `python web/build.py`) first")
