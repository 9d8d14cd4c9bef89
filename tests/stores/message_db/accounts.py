"""Accounts by message-db-py, in the tables and by the functions of Message DB."""

from message_db.client import MessageDB

from visits import Account, Conflict, Visit, visits


def main() -> None:
    # Its functions name each other without their schema.
    store = MessageDB.from_url("options='-c search_path=message_store,public'", max_connections=16)

    def visit(wanted: Visit) -> None:
        stream = f"account-{wanted.account}"
        account, version = Account(), -1
        for message in store.read_stream(stream, no_of_messages=100_000):
            account.apply(message["type"])
            version = message["position"]
        metadata = {"by": wanted.owner, "schemaVersion": 1}
        events = [(kind, data, metadata) for kind, data in account.decide(wanted)]
        if not events:
            return
        try:
            store.write_batch(stream, events, expected_version=version)
        except ValueError as error:
            if "Wrong expected version" not in str(error):
                raise
            raise Conflict from error

    visits(visit)


main()
