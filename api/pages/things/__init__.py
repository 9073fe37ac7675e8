"""The page of a thing: one module per kind of thing that has more to say than its statements."""
