-- on Opened
INSERT INTO accounts (id, owner, version, last_position)
VALUES (:event.stream_id, :owner, :event.stream_version, :event.position);

-- on Deposited
UPDATE accounts SET cents = cents + :cents::bigint, deposits = deposits + 1, last_note = :note,
       version = :event.stream_version, last_position = :event.position
 WHERE id = :event.stream_id;

-- on Closed
UPDATE accounts SET closed = true, version = :event.stream_version, last_position = :event.position
 WHERE id = :event.stream_id;
