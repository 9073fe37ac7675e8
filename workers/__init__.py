"""Processes beside the service: those that answer visitors' queries, check visitors' data, write, and make the dumps.

Whatever a stranger sends is parsed and evaluated there, never in the process that serves: a process can be killed.

    child, channel, sandbox      a child process with a socket; messages over it; what it may take and reach
    departure                    work that ends when its visitor goes away

    pool, turns, task, outcome   queries: the processes and who waits for them; what is asked; why there is no answer
      sparql_process             one of them, as the service sees it
      sparql_worker              what runs in it

    judges, judgement            /validate: the processes that judge, and what they do with one piece of data
      shacl_worker               what runs in them: loaded once, it forks for each judgement

    writer                       /update and /graphs: the queue before the one process that writes
      writer_process             what runs in it, over `catalogue.writing`
      empty_graphs, fingerprint  names of graphs that hold nothing; ETags of graphs

    tables, lists, reading       tables and lists that people send, each read in a process of its own
      table_process, list_process, reading_process  what runs in it, over `loaders`

    imports                      documents of mappings into the catalogue, in the process that writes

    follow_up                    what follows a publication: when it is made, one child at a time
      dump_process, index_process  what runs then: dumps; the search index

What runs in a child (`…_worker`, `…_process` with a `main`) is started as a module and imports nothing of the faces.
"""
