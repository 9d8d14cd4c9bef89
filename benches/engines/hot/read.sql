SELECT position, stream_id, stream_version::bigint, event_type, schema_version::bigint, payload, recorded_at::text
  FROM event_store.events WHERE event_type IN ('PageVisited') ORDER BY position
