-- on Opened
INSERT INTO accounts (id, owner, last_position) VALUES (:account::text, :owner, :event.position);

-- on Deposited
UPDATE accounts SET cents = cents + :cents::bigint, deposits = deposits + 1, last_note = :note,
       last_position = :event.position
 WHERE id = :account::text;

-- on Closed
UPDATE accounts SET closed = true, last_position = :event.position WHERE id = :account::text;
