-- Whether an index is there, and whether it can be used; one that somebody is building at this
-- moment is left to them. Without a schema it lies where its table does, on the search path.
SELECT CASE WHEN x.indisvalid THEN 'valid' ELSE 'invalid' END
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
 WHERE i.relname = $2::text::name
   AND n.nspname = COALESCE($1, (SELECT tn.nspname
                                   FROM pg_catalog.pg_class t
                                   JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
                                  WHERE t.oid = to_regclass($3)))
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                    WHERE p.index_relid = i.oid AND p.pid <> pg_backend_pid())
