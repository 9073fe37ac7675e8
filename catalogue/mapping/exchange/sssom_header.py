"""The metadata block of SSSOM/TSV: the slots of a set, its prefixes and the definitions of its extension slots."""

import re

from catalogue.mapping.exchange import sssom_text, sssom_yaml
from catalogue.mapping.exchange.sssom import (
    BUILT_IN,
    MAPPING_SLOTS,
    SET_SLOTS,
    Extension,
    MappingSet,
    Problem,
    Slot,
    Value,
    holds_references,
    property_of,
    refusal,
)
from catalogue.mapping.exchange.sssom_text import Contraction, Unreadable
from catalogue.mapping.exchange.sssom_yaml import Node

NAME = re.compile(r"[^\W\d][\w.-]{0,99}")
"""What an extension slot may be called."""


def fill(found: MappingSet, block: dict[str, Node]) -> dict[str, str]:
    """Fill the slots of the set; returns all prefixes."""
    _prefixes(found, block.pop("curie_map", None))
    prefixes = {**found.prefixes, **BUILT_IN}
    _extensions(found, block.pop("extension_definitions", None), prefixes)
    block.pop("mappings", None)
    for name, node in block.items():
        slot = SET_SLOTS.get(name)
        texts = [node] if isinstance(node, str) else node
        if texts is None:
            continue
        if slot is None and not NAME.fullmatch(name):
            _header_problem(
                found, name[:80], "không phải tên khe. Hãy bỏ dòng ấy", "is no name of a slot. Take the line out"
            )
        elif not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            _header_problem(found, name, "phải là chữ hoặc danh sách chữ", "must be a text or a list of texts")
        elif len(texts) > 1 and not (slot and slot.many):
            _header_problem(found, name, "chỉ nhận một giá trị", "takes one value")
        elif texts:
            chosen = slot or extension_slot(found, name)
            plain = [str(one) for one in texts]
            try:
                value = (
                    sssom_text.several(chosen, plain, prefixes)
                    if chosen.many
                    else sssom_text.one(chosen, plain[0], prefixes)
                )
            except Unreadable as error:
                found.problems.append(Problem(None, name, error.vi, error.en))
            else:
                if value is not None:
                    found.slots[name] = value
    return prefixes


def _header_problem(found: MappingSet, name: str, vi: str, en: str) -> None:
    found.problems.append(Problem(None, name, f"“{name}” ở đầu tệp {vi}.", f"“{name}” at the head of the file {en}."))


def _prefixes(found: MappingSet, node: Node) -> None:
    if node is None:
        return
    if not isinstance(node, dict):
        _header_problem(found, "curie_map", "phải gồm các dòng “tiền tố: IRI”", "must be lines of “prefix: IRI”")
        return
    for name, start in node.items():
        if isinstance(start, dict):  # the long form: prefix_name, prefix_url
            start = start.get("prefix_url")
        try:
            sssom_text.prefix(name, start if isinstance(start, str) else "")
        except Unreadable as error:
            found.problems.append(Problem(None, "curie_map", error.vi, error.en))
        else:
            if name not in BUILT_IN:
                found.prefixes[name] = str(start)


def _extensions(found: MappingSet, node: Node, prefixes: dict[str, str]) -> None:
    """The definitions that can be understood; others are ignored, as SSSOM/TSV says (Support for defined extensions)."""
    for one in node if isinstance(node, list) else []:
        if not isinstance(one, dict) or one.keys() - {"slot_name", "property", "type_hint"}:
            continue
        name, iris = one.get("slot_name"), [one.get("property"), one.get("type_hint")]
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in MAPPING_SLOTS or name in SET_SLOTS:
            continue
        try:
            whole = [sssom_text.expanded(iri, prefixes) if isinstance(iri, str) else None for iri in iris]
        except Unreadable:
            continue
        definition = Extension(name, whole[0], whole[1])
        problem = refusal(definition, found.extensions.values())
        if problem is not None:
            found.problems.append(problem)
        else:
            found.extensions[name] = definition


def extension_slot(found: MappingSet, name: str) -> Slot:
    """The slot of an extension: of references or of text."""
    return Slot(name, "reference" if holds_references(found.extensions.get(name)) else "text")


def slot_of(mapping_set: MappingSet, name: str) -> Slot:
    """The slot of a name, an extension slot where SSSOM has none of that name."""
    return MAPPING_SLOTS.get(name) or SET_SLOTS.get(name) or extension_slot(mapping_set, name)


def lines(mapping_set: MappingSet, slots: dict[str, Value], contract: Contraction) -> list[str]:
    """The lines of the block, without `#`, in the canonical order; `slots` are those of the set, condensed."""
    found: list[str] = []
    names = [name for name in SET_SLOTS if name in slots and name != "sssom_version"]
    names += sorted(slots.keys() - SET_SLOTS.keys(), key=lambda name: (property_of(mapping_set, name), name))
    for name in names:
        slot, value = slot_of(mapping_set, name), slots[name]
        chosen = contract if slot.kind == "reference" else None
        if isinstance(value, tuple):
            found += [f"{name}:", *(f"  - {sssom_yaml.scalar(sssom_text.shown(one, chosen))}" for one in value)]
        else:
            text = sssom_text.shown(value, chosen)
            found.append(f"{name}: {text if not isinstance(value, str) else sssom_yaml.scalar(text)}")
    definitions: list[str] = []
    for one in sorted(mapping_set.extensions.values(), key=lambda one: (one.property or "", one.name)):
        definitions.append(f"  - slot_name: {sssom_yaml.scalar(one.name)}")
        for key, iri in (("property", one.property), ("type_hint", one.type_hint)):
            if iri is not None:
                definitions.append(f"    {key}: {sssom_yaml.scalar(contract.curie(iri))}")
    standard = next((at for at, line in enumerate(found) if _is_extension(line)), len(found))
    if definitions:
        found[standard:standard] = ["extension_definitions:", *definitions]
    used = {name: start for name, start in sorted(contract.used.items()) if name not in BUILT_IN}
    curies = ["curie_map:", *(f"  {name}: {sssom_yaml.scalar(start)}" for name, start in used.items())] if used else []
    version = slots.get("sssom_version")
    return [f"sssom_version: {sssom_yaml.scalar(str(version))}"] * (version is not None) + curies + found


def _is_extension(line: str) -> bool:
    return not line.startswith(" ") and line.partition(":")[0] not in SET_SLOTS
