"""Cases of our own for each constraint component of SHACL Core and for SHACL-SPARQL: a shape, data, and who fails.

Written from the text of the recommendation (https://www.w3.org/TR/shacl/), section by section.
"""

PREFIXES = """
@prefix : <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

Case = tuple[str, str, str, list[tuple[str, str]]]
"""Name, shape (after `:S a sh:NodeShape ;`), data, and the expected results: focus node and constraint component."""

A = "sh:targetNode :a ;"

CASES: list[Case] = [
    ("no target", "sh:property [ sh:path :p ; sh:minCount 1 ]", ":a :q 1 .", []),
    ("target class", "sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ]", ":D rdfs:subClassOf :C . :a a :C . :b a :D . :c a :E .", [("a", "MinCount"), ("b", "MinCount")]),
    ("target subjects of", "sh:targetSubjectsOf :q ; sh:nodeKind sh:Literal", ":a :q :b .", [("a", "NodeKind")]),
    ("target objects of", "sh:targetObjectsOf :q ; sh:nodeKind sh:Literal", ":a :q :b .", [("b", "NodeKind")]),
    ("implicit class", "a rdfs:Class ; sh:property [ sh:path :p ; sh:minCount 1 ]", ":a a :S .", [("a", "MinCount")]),
    ("deactivated", f"{A} sh:deactivated true ; sh:nodeKind sh:Literal", ":a :p 1 .", []),
    ("class", f"{A} sh:property [ sh:path :p ; sh:class :C ]", ":a :p :b, :c . :b a :C .", [("a", "Class")]),
    ("datatype", f"{A} sh:property [ sh:path :p ; sh:datatype xsd:integer ]", ':a :p 1, "1" .', [("a", "Datatype")]),
    ("datatype, badly written", f"{A} sh:property [ sh:path :p ; sh:datatype xsd:date ]", ':a :p "2024-02-30"^^xsd:date .', [("a", "Datatype")]),
    ("min count", f"{A} sh:property [ sh:path :p ; sh:minCount 2 ]", ":a :p 1 .", [("a", "MinCount")]),
    ("max count", f"{A} sh:property [ sh:path :p ; sh:maxCount 1 ]", ":a :p 1, 2 .", [("a", "MaxCount")]),
    ("min exclusive", f"{A} sh:property [ sh:path :p ; sh:minExclusive 4 ]", ":a :p 4, 5 .", [("a", "MinExclusive")]),
    ("min inclusive", f"{A} sh:property [ sh:path :p ; sh:minInclusive 4 ]", ":a :p 3, 4 .", [("a", "MinInclusive")]),
    ("max exclusive", f"{A} sh:property [ sh:path :p ; sh:maxExclusive 4 ]", ":a :p 3, 4 .", [("a", "MaxExclusive")]),
    ("max inclusive", f"{A} sh:property [ sh:path :p ; sh:maxInclusive 4 ]", ":a :p 4, 5 .", [("a", "MaxInclusive")]),
    ("min length", f"{A} sh:property [ sh:path :p ; sh:minLength 3 ]", ':a :p "việc", "ở" .', [("a", "MinLength")]),
    ("max length", f"{A} sh:property [ sh:path :p ; sh:maxLength 3 ]", ':a :p "việc", "ở" .', [("a", "MaxLength")]),
    ("pattern", f'{A} sh:property [ sh:path :p ; sh:pattern "^h[0-9]+$" ; sh:flags "i" ]', ':a :p "H26", "26" .', [("a", "Pattern")]),
    ("language in", f'{A} sh:property [ sh:path :p ; sh:languageIn ("vi" "en") ]', ':a :p "một"@vi, "one"@en-GB, "un"@fr .', [("a", "LanguageIn")]),
    ("unique language", f"{A} sh:property [ sh:path :p ; sh:uniqueLang true ]", ':a :p "một"@vi, "hai"@vi, "one"@en .', [("a", "UniqueLang")]),
    ("equals", f"{A} sh:property [ sh:path :p ; sh:equals :q ]", ":a :p 1 ; :q 1, 2 .", [("a", "Equals")]),
    ("disjoint", f"{A} sh:property [ sh:path :p ; sh:disjoint :q ]", ":a :p 1 ; :q 1, 2 .", [("a", "Disjoint")]),
    ("less than", f"{A} sh:property [ sh:path :p ; sh:lessThan :q ]", ":a :p 2 ; :q 2 .", [("a", "LessThan")]),
    ("less than or equals", f"{A} sh:property [ sh:path :p ; sh:lessThanOrEquals :q ]", ":a :p 3 ; :q 2 .", [("a", "LessThanOrEquals")]),
    ("not", f"{A} sh:not [ sh:nodeKind sh:IRI ]", ":a :p 1 .", [("a", "Not")]),
    ("and", f"{A} sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class :C ] )", ":a :p 1 .", [("a", "And")]),
    ("or", f"{A} sh:or ( [ sh:nodeKind sh:Literal ] [ sh:class :C ] )", ":a :p 1 .", [("a", "Or")]),
    ("xone", f"{A} sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class :C ] )", ":a a :C .", [("a", "Xone")]),
    ("node", f"{A} sh:property [ sh:path :p ; sh:node [ sh:class :C ] ]", ":a :p :b .", [("a", "Node")]),
    ("nested property", f"{A} sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ]", ":a :p :b .", [("b", "MinCount")]),
    ("qualified min count", f"{A} sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ]", ":a :p :b .", [("a", "QualifiedMinCount")]),
    ("qualified max count", f"{A} sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMaxCount 0 ]", ":a :p :b . :b a :C .", [("a", "QualifiedMaxCount")]),
    ("closed", f"{A} sh:closed true ; sh:ignoredProperties ( :r ) ; sh:property [ sh:path :p ]", ":a :p 1 ; :q 2 ; :r 3 .", [("a", "Closed")]),
    ("has value", f"{A} sh:property [ sh:path :p ; sh:hasValue :b ]", ":a :p :c .", [("a", "HasValue")]),
    ("in", f"{A} sh:property [ sh:path :p ; sh:in (1 2) ]", ":a :p 1, 3 .", [("a", "In")]),
    ("inverse path", f"{A} sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ]", ":b :p :a . :c :p :a .", [("a", "MaxCount")]),
    ("sequence path", f"{A} sh:property [ sh:path ( :p :q ) ; sh:minCount 1 ]", ":a :p :b .", [("a", "MinCount")]),
    ("alternative path", f"{A} sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1 ]", ":a :p 1 ; :q 2 .", [("a", "MaxCount")]),
    ("zero or more path", f"{A} sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:maxCount 2 ]", ":a :p :b . :b :p :c .", [("a", "MaxCount")]),
    ("warning", f"{A} sh:severity sh:Warning ; sh:nodeKind sh:Literal", ":a :p 1 .", [("a", "NodeKind")]),
    ("SPARQL", f'{A} sh:sparql [ sh:select "SELECT $this ?value WHERE {{ $this <http://example.org/p> ?value FILTER(?value > 1) }}" ]', ":a :p 1, 2, 3 .", [("a", "SPARQL"), ("a", "SPARQL")]),
    ("SPARQL with prefixes", f'{A} sh:sparql [ sh:prefixes :o ; sh:select "SELECT $this WHERE {{ $this e:p 1 }}" ] . :o sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ]', ":a :p 1 .", [("a", "SPARQL")]),
]  # fmt: skip

COMPONENT = """
:Longest a sh:ConstraintComponent ;
  sh:parameter [ sh:path :longest ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:message "dài quá {$longest}"@vi ; sh:ask "ASK { FILTER(STRLEN(STR($value)) <= $longest) }" ] .
:S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; :longest 2 ] .
"""
"""A constraint component that the shapes declare themselves (SHACL 6)."""
