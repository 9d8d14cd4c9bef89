"""What the programs for Python libraries share: visits to accounts, drawn at random, by many threads.

`accounts.py tables` makes the library's tables, `accounts.py append THREADS SECONDS` appends for so
long. The server is
named by libpq's variables.
"""

import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

# So few at a time that threads meet at the same account again and again; after every few visits one is left alone
# and a new one comes.
ACCOUNTS = 40
VISITS_EACH = 5
TEXTS = ["plain", "O'Neill \"the\" Zoë 🎈", "a\nb\tc\\d", "", "a longer text, to fill more of a page"]


class Conflict(Exception):
    """Another writer was faster."""


@dataclass
class Visit:
    """One visit to an account: it is opened if it is new, and then, unless it is closed, money comes in."""

    account: int
    owner: str
    deposits: list[tuple[int, str]]
    closes: bool


@dataclass
class Account:
    """What is known of an account before a visit."""

    is_open: bool = False
    is_closed: bool = False

    def apply(self, kind: str) -> None:
        self.is_open = self.is_open or kind == "Opened"
        self.is_closed = self.is_closed or kind == "Closed"

    def decide(self, visit: Visit) -> list[tuple[str, dict]]:
        """The events of a visit."""
        events = []
        if not self.is_open:
            events.append(("Opened", {"owner": visit.owner}))
        if not self.is_closed:
            events += [("Deposited", {"cents": c, "note": n}) for c, n in visit.deposits]
            if visit.closes:
                events.append(("Closed", {}))
        return events


def drawn(before: int) -> Visit:
    deposits = [
        (random.randrange(1_000_000_000_000) - 1_000, random.choice(TEXTS))
        for _ in range(random.randrange(4))
    ]
    account = before // VISITS_EACH + random.randrange(ACCOUNTS)
    return Visit(account, random.choice(TEXTS), deposits, random.randrange(50) == 0)


def wants_tables() -> bool:
    return sys.argv[1] == "tables"


def visits(command: Callable[[Visit], None]) -> None:
    """Lets threads visit accounts; a visit that meets a conflict is tried again, as an application would."""
    threads = int(sys.argv[2])
    until = time.monotonic() + int(sys.argv[3])
    done: list[int] = []
    conflicts: list[int] = []
    failed: list[BaseException] = []

    def work() -> None:
        count, met = 0, 0
        try:
            while time.monotonic() < until:
                visit = drawn(count)
                count += 1
                while True:
                    try:
                        command(visit)
                        break
                    except Conflict:
                        met += 1
        except BaseException as error:
            failed.append(error)
        done.append(count)
        conflicts.append(met)

    all_of_them = [threading.Thread(target=work) for _ in range(threads)]
    for thread in all_of_them:
        thread.start()
    for thread in all_of_them:
        thread.join()
    if failed:
        raise failed[0]
    print(f"{threads} threads, {sum(done)} visits, {sum(conflicts)} conflicts", file=sys.stderr)
