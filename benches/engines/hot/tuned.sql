-- No sort: the last event is the one with the highest position, and is looked up by it.
SET work_mem = '1GB';
SET hash_mem_multiplier = 2;
SET enable_sort = off;
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.customer_visits AS
WITH total AS MATERIALIZED (
    SELECT payload ->> 'customer_id' AS id, count(*)::integer AS visits,
           sum((payload ->> CASE schema_version WHEN 1 THEN 'stay' ELSE 'seconds' END)::bigint)::bigint AS seconds,
           max(position) AS last
      FROM event_store.events
     WHERE event_type = 'PageVisited'
     GROUP BY 1
)
SELECT t.id, t.visits, t.seconds, e.payload ->> 'page' AS last_page, e.recorded_at AS last_seen_at
  FROM total t JOIN event_store.events e ON e.position = t.last;
ALTER TABLE by_hand.customer_visits
    ADD PRIMARY KEY (id), ALTER visits SET NOT NULL, ALTER seconds SET NOT NULL,
    ALTER last_page SET NOT NULL, ALTER last_seen_at SET NOT NULL;
ANALYZE by_hand.customer_visits;
