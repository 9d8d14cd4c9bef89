SELECT relation, part
FROM (
    SELECT c.oid, c.relname,
           format('column %s %s %s default %s', a.attname, format_type(a.atttypid, a.atttypmod),
                  a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS part
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT conrelid, conrelid::regclass::text, format('constraint %s %s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE conrelid <> 0
    UNION ALL
    SELECT indrelid, indrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
) AS parts (oid, relation, part)
JOIN LATERAL (
    SELECT FROM pg_class c
    WHERE c.oid = parts.oid AND c.relnamespace = to_regnamespace('event_store')
      AND c.relname NOT IN ('alembic_version', 'refinery_schema_history')
      AND c.relname NOT LIKE 'regrow\_schema\_%'
) AS ours ON true
ORDER BY relation, part
