"""Search: from what a person types to the things it may mean, in order of usefulness.

An index of its own (tantivy) beside the store, because no store folds Vietnamese: names, former names, abbreviations,
codes and document numbers are folded on both sides (`catalogue.folding`), and the abbreviations of the administration
are spelt out on both sides. A name that is exactly what was typed comes first, then names that begin so, then names
that hold every word, then what now stands for a unit of that name, then names that hold every word but for one typing
error each.

An index belongs to one published state and never changes; it is made in a directory of its own and moved into place
whole, so that a command line may search while the service runs.
"""
