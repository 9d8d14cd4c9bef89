-- What one would write first. Every event makes or changes the row of its customer.
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.customer_visits (
    id text PRIMARY KEY, visits integer NOT NULL, seconds bigint NOT NULL, last_page text NOT NULL,
    last_seen_at timestamptz NOT NULL
);
INSERT INTO by_hand.customer_visits
SELECT payload ->> 'customer_id', count(*), sum((payload ->> CASE schema_version WHEN 1 THEN 'stay' ELSE 'seconds' END)::bigint),
       (array_agg(payload ->> 'page' ORDER BY position DESC))[1], (array_agg(recorded_at ORDER BY position DESC))[1]
  FROM event_store.events
 WHERE event_type = 'PageVisited'
 GROUP BY 1;
ANALYZE by_hand.customer_visits;
