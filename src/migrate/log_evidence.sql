-- What tells whether a transaction has touched the table $2 of the schema $1 and the tables it is made of:
-- the table itself, the columns $3 of it, the files of the parts, and whether this transaction holds the lock of
-- those who insert, update or delete, which it keeps to its end whatever rows it found.
WITH RECURSIVE log(oid, relkind) AS (
  SELECT c.oid, c.relkind
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind NOT IN ('i', 'I', 'S', 'c', 't')
   UNION
  SELECT c.oid, c.relkind
    FROM log JOIN pg_catalog.pg_inherits i ON i.inhparent = log.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
)
SELECT root.oid::pg_catalog.int8, root.relkind::pg_catalog.text,
       ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = root.oid AND a.attnum > 0 AND a.attname = ANY ($3::pg_catalog.text[])
              ORDER BY a.attnum),
       ARRAY(SELECT pg_catalog.format('%s %s %s', a.attnum, a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = root.oid AND a.attnum > 0 AND a.attname = ANY ($3::pg_catalog.text[])
              ORDER BY a.attnum),
       ARRAY(SELECT pg_catalog.format('%s %s', log.oid, pg_catalog.pg_relation_filenode(log.oid)) FROM log
              ORDER BY 1),
       EXISTS (SELECT FROM log WHERE log.relkind NOT IN ('r', 'p'))
       OR EXISTS (SELECT FROM pg_catalog.pg_locks l JOIN log ON log.oid = l.relation
                   WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
                     AND l.mode = 'RowExclusiveLock'
                     AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                                        WHERE d.datname = pg_catalog.current_database()))
  FROM (SELECT * FROM log LIMIT 1) AS root
