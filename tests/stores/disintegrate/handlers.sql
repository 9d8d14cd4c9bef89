-- on Opened
INSERT INTO accounts (id, owner, last_position) VALUES (:event.metadata.account_id, :owner, :event.position);

-- on Deposited
UPDATE accounts SET cents = cents + :cents::bigint, deposits = deposits + 1, last_note = :note,
       last_position = :event.position
 WHERE id = :event.metadata.account_id;

-- on Closed
UPDATE accounts SET closed = true, last_position = :event.position WHERE id = :event.metadata.account_id;
