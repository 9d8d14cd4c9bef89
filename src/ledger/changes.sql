SELECT to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       extract(epoch FROM a.at)::float8 AS at_s, b.projection,
       a.schema_name::text AS schema_name, a.from_state, a.to_state,
       a.actor || ', ' || a.application AS by, count(*) OVER () AS all_of_them
  FROM regrow.audit a JOIN regrow.build b ON b.id = a.build_id
 WHERE a.build_id = ANY ($1)
 ORDER BY a.id DESC
 LIMIT $2
