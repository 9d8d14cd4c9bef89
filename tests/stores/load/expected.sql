-- What the read model must show, of a view `happened` (id, kind, body, version, position) over the library's own table.
CREATE TEMPORARY VIEW expected AS
SELECT id, max(body ->> 'owner') FILTER (WHERE kind = 'Opened') AS owner,
       COALESCE(sum((body ->> 'cents')::bigint) FILTER (WHERE kind = 'Deposited'), 0)::bigint AS cents,
       count(*) FILTER (WHERE kind = 'Deposited') AS deposits,
       (array_agg(body ->> 'note' ORDER BY position DESC) FILTER (WHERE kind = 'Deposited'))[1] AS last_note,
       bool_or(kind = 'Closed') AS closed, max(version)::bigint AS version, max(position) AS last_position
  FROM happened GROUP BY id;
-- Events, rows, and rows that are in one of the two only.
SELECT (SELECT count(*) FROM happened), (SELECT count(*) FROM expected),
       (SELECT count(*) FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM :rows) missing)
     + (SELECT count(*) FROM (SELECT * FROM :rows EXCEPT ALL SELECT * FROM expected) wrong);
