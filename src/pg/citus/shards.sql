-- The shards of the tables $1, as SQL text: Citus leaves out the schema public, which is on no path of ours.
SELECT CASE n.nspname WHEN 'public' THEN 'public.' ELSE '' END || pg_catalog.shard_name(s.logicalrelid, s.shardid)
  FROM pg_catalog.pg_dist_shard s
  JOIN pg_catalog.pg_class c ON c.oid = s.logicalrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY ($1::oid[])
