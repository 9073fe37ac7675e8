"""The shapes graph as written: what each shape says, in terms of the SHACL subset that `shapes/` uses."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, parse

from catalogue.errors import Defect
from catalogue.iri import PREFIXES, SHAPES_NAMESPACE

Term = NamedNode | BlankNode | Literal

_SH = PREFIXES["sh"]
_RDF = PREFIXES["rdf"]


class ShapesGraph:
    """A shapes graph, read once. `known` holds the local names of the SHACL properties that its reader understands.

    Raises `Defect` for others, so that no constraint is silently ignored.
    """

    def __init__(self, turtles: Iterable[Path], known: frozenset[str]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = {}
        for path in turtles:
            for quad in parse(path=path):
                if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(
                    quad.object, NamedNode | BlankNode | Literal
                ):
                    # Blank nodes of two files never share an identifier: the parser draws them at random.
                    self._objects.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
        used = {name for properties in self._objects.values() for name in properties if name.startswith(_SH)}
        unknown = sorted(used - {_SH + name for name in known})
        if unknown:
            raise Defect(
                f"Các luật dùng SHACL chưa được hỗ trợ: {', '.join(unknown)}.",
                f"The shapes use SHACL that is not understood: {', '.join(unknown)}.",
            )

    def names(self) -> list[NamedNode]:
        """All named node shapes, property shapes and SPARQL constraints."""
        kinds = {_SH + "NodeShape", _SH + "PropertyShape", _SH + "SPARQLConstraint"}
        return sorted(
            (
                node
                for node, properties in self._objects.items()
                if isinstance(node, NamedNode)
                and any(isinstance(k, NamedNode) and k.value in kinds for k in properties.get(_RDF + "type", ()))
            ),
            key=lambda node: node.value,
        )

    def all(self, node: Term, name: str) -> list[Term]:
        """The values of the SHACL property `name`."""
        return self._objects.get(node, {}).get(_SH + name, [])

    def one(self, node: Term, name: str) -> Term | None:
        """The single value of the SHACL property `name`, or None. Raises `Defect` where there are several."""
        values = self.all(node, name)
        if len(values) > 1:
            raise Defect(f"{node}: sh:{name} chỉ được có một giá trị.", f"{node}: sh:{name} may have one value.")
        return values[0] if values else None

    def own(self, node: Term, name: str) -> list[Term]:
        """The values of our own property `name`, by which a SPARQL constraint says what it looks at."""
        return self._objects.get(node, {}).get(SHAPES_NAMESPACE + name, [])

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        items: list[Term] = []
        while head != NamedNode(_RDF + "nil"):
            properties = self._objects[head]
            items += properties[_RDF + "first"]
            head = properties[_RDF + "rest"][0]
        return items

    def path(self, path: Term) -> str:
        """A SHACL path as a SPARQL path (SHACL 2.3.1)."""
        if isinstance(path, NamedNode):
            return str(path)
        alternatives, inverse = self.one(path, "alternativePath"), self.one(path, "inversePath")
        repeated = self.one(path, "zeroOrMorePath")
        if alternatives is not None:
            return "(" + "|".join(self.path(p) for p in self.items(alternatives)) + ")"
        if inverse is not None:
            return f"^{self.path(inverse)}"
        if repeated is not None:
            return f"({self.path(repeated)})*"
        return "(" + "/".join(self.path(p) for p in self.items(path)) + ")"

    def prologue(self, constraint: Term) -> str:
        """The PREFIX declarations of a SPARQL constraint."""
        text = ""
        for graph in self.all(constraint, "prefixes"):
            for declared in self.all(graph, "declare"):
                prefix, namespace = self.one(declared, "prefix"), self.one(declared, "namespace")
                if prefix is None or namespace is None:
                    raise Defect(f"{declared} chưa đầy đủ.", f"{declared} is incomplete.")
                text += f"PREFIX {prefix.value}: <{namespace.value}>\n"
        return text
