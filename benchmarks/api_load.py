"""A load generator in a process of its own: requests at a rate, or as fast as answers come.

python -m benchmarks.api_load PORT TOKEN BODIES --rate 300 --seconds 20 --connections 32

Latency counts from the moment at which a request was due, so that a server that falls behind
cannot hide it. Prints one line of JSON.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

WARM_UP_SECONDS = 2.0


def head_of(token: str, body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    return (
        b"POST /api/v1/route HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send one request, read its whole answer, and return the status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])


def due_times(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Yield moments at which requests arrive, independent of each other."""
    chance, at = random.Random(seed), 0.0
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


async def load(asked: argparse.Namespace) -> dict[str, object]:
    """Send requests over some connections and note how long each took."""
    requests = [head_of(asked.token, b.encode()) for b in asked.bodies.read_text().splitlines()]
    seconds = WARM_UP_SECONDS + asked.seconds
    due = due_times(asked.rate, seconds, 1) if asked.rate else None
    start = time.perf_counter()
    taken: list[tuple[float, float, int]] = []

    async def work(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.port)
        turn = number
        while time.perf_counter() - start < seconds:
            at = time.perf_counter() - start
            if due is not None:
                at = next(due, seconds)
                if at >= seconds:
                    break
                await asyncio.sleep(max(0.0, at - (time.perf_counter() - start)))
            status = await ask(reader, writer, requests[turn % len(requests)])
            taken.append((at, time.perf_counter() - start - at, status))
            turn += asked.connections
        writer.close()

    await asyncio.gather(*(work(number) for number in range(asked.connections)))
    return told(taken, asked.seconds)


def told(taken: list[tuple[float, float, int]], seconds: float) -> dict[str, object]:
    """Sum up what was measured after the warm-up."""
    kept = [(took, status) for at, took, status in taken if at >= WARM_UP_SECONDS]
    times = sorted(took for took, _ in kept)
    return {
        "requests": len(kept),
        "per_second": len(kept) / seconds,
        "failed": sum(status != 200 for _, status in kept),
        **{f"p{p}_ms": 1000 * times[int(len(times) * p / 100)] for p in (50, 90, 99)},
        "max_ms": 1000 * times[-1],
    }


def main() -> None:
    """Read the command line and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_load")
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("bodies", type=Path, help="one JSON body a line")
    parser.add_argument(
        "--rate", type=float, default=0, help="requests per second; 0: all it takes"
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--connections", type=int, default=32)
    sys.stdout.write(json.dumps(asyncio.run(load(parser.parse_args()))) + "\n")


if __name__ == "__main__":
    main()
