-- Whether an index is there, and whether it can be used; one that somebody is building at this
-- moment is left to them. Without a schema it lies where its table does, on the search path.
-- One of that name on another table is somebody else's, whatever its state.
SELECT CASE WHEN x.indisvalid THEN 'valid' ELSE 'invalid' END
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
 WHERE i.relname = $2::text::name
   AND x.indrelid = pg_catalog.to_regclass(COALESCE(pg_catalog.quote_ident($1) || '.', '') || $3)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                    WHERE p.index_relid = i.oid AND p.pid <> pg_backend_pid())
