SELECT format('pid %s, user %s, %s', a.pid, a.usename, a.application_name)
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
   AND l.classid = $1::int4::bigint::oid
   AND l.objid = (hashtext($2)::bigint & 4294967295)::oid
   AND l.objsubid = 2
 LIMIT 1
