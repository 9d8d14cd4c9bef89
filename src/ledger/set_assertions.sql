-- Not if the build was moved or changed while its assertions ran, nor over a look that began later.
INSERT INTO regrow.assertions AS a (build_id, looked_at, found)
SELECT b.id, clock_timestamp() - make_interval(secs => $3::float8), $2::text::jsonb
  FROM regrow.build b
 WHERE b.id = $1 AND b.generation = $4 AND b.state <> 'dropped'
ON CONFLICT (build_id) DO UPDATE
   SET looked_at = EXCLUDED.looked_at, found = EXCLUDED.found
 WHERE a.looked_at <= EXCLUDED.looked_at
