-- What the names $1 of config.toml stand for.
SELECT name, c.oid, c.relkind::text AS kind
  FROM unnest($1::text[]) AS name LEFT JOIN pg_catalog.pg_class c ON c.oid = to_regclass(name)
