-- Columns that later revisions of the ledger added are read by name, so that an older ledger can be shown.
SELECT b.id, b.projection, b.number, b.schema_name::text, b.definition_hash, b.settings, b.state,
       b.resume_state, b.generation, b.replay_mark, b.until_position, b.failure,
       later.b ->> 'trouble' AS trouble,
       (later.b ->> 'trouble_at')::timestamptz::timestamptz(0)::text AS trouble_at,
       COALESCE(later.b ->> 'wanted', 'run') AS wanted,
       later.b ->> 'wanted_by' AS wanted_by,
       (later.b ->> 'wanted_at')::timestamptz::timestamptz(0)::text AS wanted_at,
       (later.b ->> 'log_id')::bigint AS log_id,
       (later.b ->> 'known_from')::bigint AS known_from,
       (later.b ->> 'begins_at')::bigint AS begins_at,
       (later.c ->> 'anchor_position')::bigint AS anchor_position,
       decode(substr(later.c ->> 'anchor_envelope', 3), 'hex') AS anchor_envelope,
       decode(substr(later.c ->> 'anchor_payload', 3), 'hex') AS anchor_payload,
       later.c ->> 'anchor_system' AS anchor_system, later.c ->> 'anchor_timeline' AS anchor_timeline,
       later.c ->> 'anchor_snapshot' AS anchor_snapshot,
       c.position, c.events_read, c.events_applied,
       COALESCE((later.c ->> 'events_skipped')::bigint, 0) AS skipped,
       b.created_at::timestamptz(0)::text AS created_at, c.changed_at::timestamptz(0)::text AS moved_at,
       extract(epoch FROM b.changed_at)::float8 AS changed_at,
       (SELECT count(*) FROM regrow.parked_events p WHERE p.build_id = b.id) AS parked
  FROM regrow.build b
  JOIN regrow.checkpoint c ON c.build_id = b.id AND c.shard = 0
 CROSS JOIN LATERAL (SELECT to_jsonb(b) AS b, to_jsonb(c) AS c) later
