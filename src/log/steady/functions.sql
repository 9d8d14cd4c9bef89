-- The first of the names $1 that is a function of the server's which may give another value at the next call, or one of
-- those by the names $2. What a large object holds is as much a part of the row as a column.
SELECT p.proname::pg_catalog.text
  FROM pg_catalog.pg_proc p
 WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.proname = ANY ($1::pg_catalog.text[])
   AND p.proname <> 'lo_get'
   AND (p.provolatile = 'v' OR p.proname = ANY ($2::pg_catalog.text[]))
 ORDER BY 1
 LIMIT 1
