"""The web face of the catalogue. `app` puts it together; `service` is what every resource is given.

    gate, sending, coding, prepared   what every request passes: one state, HEAD, gzip, answers kept as they were sent
    published, following              the states that are open, and how a new one takes the place of the current one
    connections, visitors, arriving   connections, addresses and bodies of strangers, within bounds
    negotiation, parameters, bodies   what a request says: forms and languages, parameters, bodies
    problems, answers                 errors as RFC 9457, records as JSON
    pages/                            pages for people

    things, documents, json_ld, vocabulary, terms   linked data: /id, /doc, /ns, /shapes
    sparql, sparql_request, solutions, asking, queries   /sparql and /queries: what is asked, in which form, of whom
    update, graph_store, graph_address, writes   /update and /graphs: writing with a token
    validate, verdicts                       /validate
    catalog, shelf, schema_org, dumps, changes, sitemap   open data: /catalog, /dumps, /changes, /states, for crawlers
    the rest                                 one module per resource of /api/v1

What blocks is done in threads, what strangers send is evaluated in other processes (`workers`).
"""
