"""Accounts by the library eventsourcing."""

import os
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError

from visits import Conflict, Visit, visits, wants_tables


class Account(Aggregate):
    @event("Opened")
    def __init__(self, number: int, owner: str) -> None:
        self.number = number
        self.owner = owner
        self.is_closed = False

    @staticmethod
    def create_id(number: int) -> UUID:
        return uuid5(NAMESPACE_URL, f"account/{number}")

    @event("Deposited")
    def deposit(self, cents: int, note: str) -> None:
        pass

    @event("Closed")
    def close(self) -> None:
        self.is_closed = True


class Bank(Application):
    def visit(self, visit: Visit) -> None:
        try:
            account = self.repository.get(Account.create_id(visit.account))
        except AggregateNotFoundError:
            account = Account(number=visit.account, owner=visit.owner)
        if not account.is_closed:
            for cents, note in visit.deposits:
                account.deposit(cents, note)
            if visit.closes:
                account.close()
        try:
            self.save(account)
        except IntegrityError as error:
            raise Conflict from error


def main() -> None:
    server = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": os.environ["PGDATABASE"],
        "POSTGRES_HOST": os.environ["PGHOST"],
        "POSTGRES_PORT": os.environ["PGPORT"],
        "POSTGRES_USER": os.environ["PGUSER"],
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": "8",
        "POSTGRES_MAX_OVERFLOW": "8",
        "POSTGRES_MAX_WAITING": "100",
    }
    # The application makes its tables where they are not there.
    with Bank(env=server) as bank:
        if not wants_tables():
            visits(bank.visit)


if __name__ == "__main__":
    # By its module's name, which the library keeps with each event.
    import accounts

    accounts.main()
