"""Messages between the service and its child processes: a head (plain data, as JSON) and a body (bytes), with their lengths.

A child has one socket for both directions; when its other end closes, the child ends.
"""

import asyncio
import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!IQ")

Head = dict[str, Any]


class Closed(Exception):
    """The other side is gone."""


def send(connection: socket.socket, head: Head, body: bytes | bytearray = b"") -> None:
    """Send one message, waiting as long as it takes. Raises `Closed`."""
    try:
        connection.sendall(_start(head, body))
        if body:
            connection.sendall(body)
    except OSError as error:
        raise Closed from error


def receive(connection: socket.socket) -> tuple[Head, bytearray]:
    """Wait for one message. Raises `Closed`."""
    lengths = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    head, body = (_exactly(connection, length) for length in lengths)
    return json.loads(head), body


async def send_soon(connection: socket.socket, head: Head, body: bytes | bytearray = b"") -> None:
    """Send one message from the event loop; `connection` does not block. Raises `Closed`."""
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_sendall(connection, _start(head, body) + body)
    except OSError as error:
        raise Closed from error


async def receive_soon(connection: socket.socket, *, most: int) -> tuple[Head, bytearray]:
    """Wait for one message in the event loop. Raises `Closed`, also for a body of more than `most` bytes."""
    lengths = _LENGTHS.unpack(await _exactly_soon(connection, _LENGTHS.size))
    if lengths[1] > most:
        raise Closed
    head = await _exactly_soon(connection, lengths[0])
    return json.loads(head), await _exactly_soon(connection, lengths[1])


def _start(head: Head, body: bytes | bytearray) -> bytes:
    written = json.dumps(head).encode()
    return _LENGTHS.pack(len(written), len(body)) + written


def _exactly(connection: socket.socket, length: int) -> bytearray:
    read = bytearray(length)
    rest = memoryview(read)
    while rest:
        try:
            count = connection.recv_into(rest)
        except OSError as error:
            raise Closed from error
        if not count:
            raise Closed
        rest = rest[count:]
    return read


async def _exactly_soon(connection: socket.socket, length: int) -> bytearray:
    loop = asyncio.get_running_loop()
    read = bytearray(length)
    rest = memoryview(read)
    while rest:
        try:
            count = await loop.sock_recv_into(connection, rest)
        except OSError as error:
            raise Closed from error
        if not count:
            raise Closed
        rest = rest[count:]
    return read
