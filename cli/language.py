"""The language of the command line: Vietnamese first, English for who asks for it.

Chosen once per process: `--lang`, else `CHISO_LANG`, else the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`) when it is an
English one, else Vietnamese.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from catalogue.clock import written

Language = Literal["vi", "en"]


def choose(environment: Mapping[str, str], arguments: Sequence[str]) -> Language:
    """The language that the arguments, else the environment ask for.

    >>> choose({"LANG": "en_US.UTF-8"}, []), choose({"LANG": "C.UTF-8"}, []), choose({}, ["owner", "--lang=en"])
    ('en', 'vi', 'en')
    >>> choose({"LANG": "en_US.UTF-8", "CHISO_LANG": "vi"}, [])
    'vi'
    """
    for here, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if here == "--lang" or here.startswith("--lang="):
            return "en" if (here.partition("=")[2] or following) == "en" else "vi"
    wanted = environment.get("CHISO_LANG") or next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return "en" if wanted.lower().startswith("en") else "vi"


LANGUAGE: Language = choose(os.environ, sys.argv)


def text(vi: str, en: str) -> str:
    """The one of the two texts that this process speaks."""
    return en if LANGUAGE == "en" else vi


def day(value: date) -> str:
    """A date as people of the language write it: 30/6/2024, or 30 June 2024."""
    return written(value, LANGUAGE)
