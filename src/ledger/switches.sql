SELECT projection, schema_name, is_back,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
       extract(epoch FROM at)::float8 AS at_s, by
  FROM (SELECT b.projection, a.schema_name::text, a.from_state = 'retired' AS is_back, a.at,
               a.actor || ', ' || a.application AS by,
               row_number() OVER (PARTITION BY b.projection ORDER BY a.id DESC) AS age
          FROM regrow.audit a JOIN regrow.build b ON b.id = a.build_id
         WHERE a.to_state = 'live') AS switch
 WHERE age <= $1
 ORDER BY at_s DESC
