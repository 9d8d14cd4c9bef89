-- The same events at other positions, which {position} says.
CREATE TEMP TABLE dense AS TABLE event_store.events;
TRUNCATE event_store.events;
INSERT INTO event_store.events OVERRIDING SYSTEM VALUE
SELECT (d.moved).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object('position', {position})) AS moved
                           FROM dense AS e ORDER BY e.position) AS d;
SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), (SELECT max(position) FROM event_store.events));
