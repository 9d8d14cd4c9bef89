-- on PageVisited
INSERT INTO customer_visits (id, visits, seconds, last_page, last_seen_at)
VALUES (:customer_id, 1, :seconds::bigint, :page, :event.recorded_at)
ON CONFLICT (id) DO UPDATE
   SET visits = customer_visits.visits + 1, seconds = customer_visits.seconds + EXCLUDED.seconds,
       last_page = EXCLUDED.last_page, last_seen_at = EXCLUDED.last_seen_at;
