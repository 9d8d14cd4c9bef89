SELECT COALESCE(sum(greatest(found_events - events, CASE WHEN found_events = events THEN 1 ELSE 0 END)), 0)::bigint,
       COALESCE(sum(greatest(events - found_events, CASE WHEN found_events = events THEN 1 ELSE 0 END)), 0)::bigint,
       min(after), max(until)
  FROM regrow.read_range
 WHERE build_id = $1 AND found_events IS NOT NULL
   AND (found_events <> events OR found_sum <> hash_sum)
