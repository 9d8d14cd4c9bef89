SELECT COALESCE(string_agg(DISTINCT COALESCE(p.gid, l.virtualtransaction), E'\n'), '')
  FROM unnest(ARRAY[{shards}]) AS shard
  JOIN pg_catalog.pg_locks l
    ON l.relation OPERATOR(pg_catalog.=) pg_catalog.to_regclass(shard)::pg_catalog.oid AND l.pid IS NULL
   AND l.database OPERATOR(pg_catalog.=)
       (SELECT oid FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
  LEFT JOIN pg_catalog.pg_locks x
    ON x.virtualtransaction OPERATOR(pg_catalog.=) l.virtualtransaction AND x.pid IS NULL
   AND x.locktype OPERATOR(pg_catalog.=) 'transactionid'
  LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction OPERATOR(pg_catalog.=) x.transactionid
