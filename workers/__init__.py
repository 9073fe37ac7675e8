"""Processes beside the service: those that answer visitors' queries, check visitors' data, and the one that writes.

Whatever a stranger sends is parsed and evaluated there, never in the process that serves: a process can be killed.
"""
