SELECT EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE NOT t.tgisinternal AND c.relnamespace = n.oid)
    OR EXISTS (SELECT FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
                WHERE c.relkind <> 'v' AND c.relkind <> 'm' AND c.relnamespace = n.oid)
    OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname <> 'regrow_apply')
  FROM pg_namespace n
 WHERE n.nspname = $1
