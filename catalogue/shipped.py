"""Where the ontology, the shapes, the graph and the queries lie that ship with the package.

The folders stand beside the package `catalogue`, in a checkout and in an installed wheel alike.
"""

from pathlib import Path

_HOME = Path(__file__).resolve().parent

QUERIES = _HOME / "queries"
ONTOLOGY = _HOME.parent / "ontology"
SHAPES = _HOME.parent / "shapes"
GRAPH = _HOME.parent / "graph"
LIBRARY = _HOME.parent / "library"
