"""The one shape of YAML that lists come in: keys with texts. No anchors, aliases, tags or nesting, so nothing can multiply."""

from catalogue.errors import Invalid
from loaders.table_text import clean


def mapping(file: str, content: bytes) -> dict[str, str]:
    """The texts of a document by their keys. Raises `Invalid` naming the line for anything else than keys with texts."""
    import yaml

    found: dict[str, str] = {}
    key: str | None = None
    opened = False
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for event in yaml.parse(content.decode("utf-8-sig"), Loader=loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            match event:
                case yaml.MappingStartEvent(anchor=None, tag=None) if not opened:
                    opened = True
                case yaml.ScalarEvent(anchor=None, tag=None) if opened:
                    if key is None:
                        key = clean(event.value)
                        if key in found:
                            raise _wrong(file, line, f"khóa {key[:60]} lặp lại", f"the key {key[:60]} is repeated")
                    else:
                        found[key], key = clean(event.value), None
                case (
                    yaml.StreamStartEvent()
                    | yaml.DocumentStartEvent()
                    | yaml.MappingEndEvent()
                    | yaml.DocumentEndEvent()
                    | yaml.StreamEndEvent()
                ):
                    pass
                case _:
                    raise _wrong(
                        file,
                        line,
                        "chỉ đọc các khóa với chữ, không đọc danh sách, neo hay bí danh",
                        "only keys with texts are read, no lists, anchors or aliases",
                    )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(
            file, mark.line + 1 if mark else 1, "không phải YAML đọc được", "this is no readable YAML"
        ) from None
    except UnicodeDecodeError:
        raise _wrong(file, 1, "không phải UTF-8", "this is not UTF-8") from None
    return found


def _wrong(file: str, line: int, vi: str, en: str) -> Invalid:
    return Invalid(f"{file}, dòng {line}: {vi}.", f"{file}, line {line}: {en}.", details={"file": file, "line": line})
