// What an ordinary user of fetch-sparql-endpoint writes. Prints what it found, as JSON.
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";

const [address, token] = process.argv.slice(2);
const query = `${address}/sparql`;

async function all(stream) {
  const found = [];
  for await (const one of stream) found.push(one);
  return found;
}

const found = {};
for (const method of ["GET", "POST"]) {
  const fetcher = new SparqlEndpointFetcher({ method });
  const bindings = await fetcher.fetchBindings(
    query,
    "SELECT ?name WHERE { ?thing <http://clients.example/name> ?name } ORDER BY ?name",
  );
  found[method] = (await all(bindings)).map((row) => [row.name.value, row.name.language]);
}

const fetcher = new SparqlEndpointFetcher();
found.ask = await fetcher.fetchAsk(query, "ASK { <http://clients.example/a> ?property ?value }");
const triples = await fetcher.fetchTriples(query, "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <http://clients.example/h> { ?s ?p ?o } }");
found.triples = (await all(triples)).map((quad) => [quad.subject.value, quad.predicate.value, quad.object.value]);

const writer = new SparqlEndpointFetcher({ defaultHeaders: new Headers({ Authorization: `Bearer ${token}` }) });
await writer.fetchUpdate(
  `${address}/update`,
  'INSERT DATA { GRAPH <http://clients.example/javascript> { <urn:j> <urn:p> "từ JavaScript" } }',
);
found.written = await fetcher.fetchAsk(query, 'ASK { GRAPH ?g { <urn:j> <urn:p> "từ JavaScript" } }');

try {
  await fetcher.fetchBindings(query, "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }");
  found.refused = "no";
} catch (error) {
  found.refused = String(error.message);
}
console.log(JSON.stringify(found));
