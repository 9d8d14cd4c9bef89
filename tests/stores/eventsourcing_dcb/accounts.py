"""Accounts by the DCB module of the library eventsourcing, with a mapper that writes JSON."""

import json
import os

from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.application import DCBApplication
from eventsourcing.dcb.domain import Decision, Selector, Tagged
from eventsourcing.dcb.persistence import DCBMapper
from eventsourcing.persistence import IntegrityError
from eventsourcing.utils import get_topic, resolve_topic

from visits import Account, Conflict, Visit, visits, wants_tables


class Happened(Decision):
    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)


class Opened(Happened):
    pass


class Deposited(Happened):
    pass


class Closed(Happened):
    pass


class JsonMapper(DCBMapper[Happened]):
    def to_dcb_event(self, event: Tagged[Happened]) -> DCBEvent:
        data = json.dumps(event.decision.as_dict(), ensure_ascii=False).encode()
        return DCBEvent(type=get_topic(type(event.decision)), data=data, tags=event.tags)

    def to_domain_event(self, event: DCBEvent) -> Tagged[Happened]:
        decision = resolve_topic(event.type)(**json.loads(event.data))
        return Tagged(tags=event.tags, decision=decision)


class Bank(DCBApplication):
    def visit(self, visit: Visit) -> None:
        tag = f"account:{visit.account}"
        boundary = Selector(tags=[tag])
        account = Account()
        response = self.events.read(boundary)
        for tagged in response:
            account.apply(type(tagged.decision).__name__)
        events = [
            Tagged([tag], globals()[kind](account=visit.account, **fields))
            for kind, fields in account.decide(visit)
        ]
        try:
            self.events.append(events, boundary, after=response.head)
        except IntegrityError as error:
            raise Conflict from error


def main() -> None:
    server = {
        "PERSISTENCE_MODULE": "eventsourcing.dcb.postgres_tt",
        "MAPPER_TOPIC": "accounts:JsonMapper",
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
    # By its module's name, which is kept with each event.
    import accounts

    accounts.main()
