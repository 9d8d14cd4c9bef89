SELECT b.id, b.projection, b.number, b.schema_name::text, b.definition_hash, b.settings, b.state,
       b.resume_state, b.generation, b.replay_mark, b.until_position, b.failure, b.trouble,
       b.trouble_at::timestamptz(0)::text AS trouble_at,
       c.position, c.events_read, c.events_applied,
       b.created_at::timestamptz(0)::text AS created_at, c.changed_at::timestamptz(0)::text AS moved_at,
       extract(epoch FROM b.changed_at)::float8 AS changed_at,
       (SELECT count(*) FROM regrow.parked_events p WHERE p.build_id = b.id) AS parked
  FROM regrow.build b
  JOIN regrow.checkpoint c ON c.build_id = b.id AND c.shard = 0
