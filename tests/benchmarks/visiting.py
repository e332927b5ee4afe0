"""Ask a site for pages, over connections that stay open, and take the time."""

import gzip
import http.client
import statistics
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(frozen=True)
class Answer:
    seconds: float
    status: int
    location: str
    body: bytes

    @property
    def gzipped(self) -> int:
        """Its size as a proxy would send it."""
        return len(gzip.compress(self.body, 6))


@dataclass
class Visitor:
    """One browser that loads no more than the page itself."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, address: str) -> Answer:
        """One page, without following where it leads."""
        begun = time.perf_counter()
        try:
            self._connection.request("GET", address, headers=dict(self.headers))
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server closes what was silent for some seconds.
            self._connection.close()
            begun = time.perf_counter()
            self._connection.request("GET", address, headers=dict(self.headers))
            response = self._connection.getresponse()
        body = response.read()
        taken = time.perf_counter() - begun
        return Answer(taken, response.status, response.headers.get("Location", ""), body)

    def get(self, address: str) -> Answer:
        """One page, followed to where it leads; the time is that of the whole way."""
        answer = self.ask(address)
        taken = answer.seconds
        while answer.location:
            answer = self.ask(answer.location.partition("#")[0])
            taken += answer.seconds
        if answer.status != http.client.OK:
            raise AssertionError(f"{address} answered {answer.status}.")
        return Answer(taken, answer.status, "", answer.body)


def throughput(port: int, address: str, *, seconds: float, connections: int = CONNECTIONS) -> float:
    """Pages a second, asked for over so many connections, each asking again once it is served."""
    done = [0] * connections
    begun = time.perf_counter()
    ends = begun + seconds

    def ask(place: int) -> None:
        visitor = Visitor(port)
        while time.perf_counter() < ends:
            visitor.get(address)
            done[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def medians(*series: list[float]) -> list[float]:
    """The median of each series."""
    return [statistics.median(each) for each in series]
