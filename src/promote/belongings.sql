-- What hangs on the view $1.$2 besides rights: the statement that makes it again, the columns that it needs,
-- and what it is called. Names are printed with their schemas, since the path holds none of them.
WITH it AS (
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2
), acting AS (
  SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass AS classid, t.oid, 2 AS place, pg_get_triggerdef(t.oid) AS statement,
         format('TRIGGER %I ON %s', t.tgname, it.name) AS object, format('the trigger %I', t.tgname) AS what,
         CASE WHEN NOT has_schema_privilege(p.pronamespace, 'USAGE')
              THEN format('%I may not call its function (GRANT USAGE ON SCHEMA %s TO %I)', current_user, p.pronamespace::regnamespace, current_user)
              WHEN NOT has_function_privilege(p.oid, 'EXECUTE')
              THEN format('%I may not call its function (GRANT EXECUTE ON FUNCTION %s TO %I)', current_user, p.oid::regprocedure, current_user)
         END AS lacking
    FROM it
    JOIN pg_catalog.pg_trigger t ON t.tgrelid = it.oid AND NOT t.tgisinternal
    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  UNION ALL
  SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid, 3, rtrim(pg_get_ruledef(r.oid), ';'),
         format('RULE %I ON %s', r.rulename, it.name), format('the rule %I', r.rulename), NULL
    FROM it JOIN pg_catalog.pg_rewrite r ON r.ev_class = it.oid AND r.rulename <> '_RETURN'
), needing AS (
  SELECT acting.*, ARRAY(
           SELECT DISTINCT a.attname::text
             FROM pg_catalog.pg_depend d
             JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = acting.classid AND d.objid = acting.oid AND d.refobjid = (SELECT oid FROM it)
              AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0) AS needs
    FROM acting
)
SELECT statement, needs, what, stays, lacking
  FROM (
    SELECT 1 AS place, a.attnum::int AS number, ARRAY[a.attname::text] AS needs,
           format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', it.name, a.attname, pg_get_expr(d.adbin, d.adrelid)) AS statement,
           format('the default of %I', a.attname) AS what, false AS stays, NULL AS lacking
      FROM it
      JOIN pg_catalog.pg_attrdef d ON d.adrelid = it.oid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = it.oid AND a.attnum = d.adnum
    UNION ALL
    SELECT place, 0, needs, statement, what, true, lacking FROM needing
    UNION ALL
    SELECT 4, 0, n.needs, format('COMMENT ON %s IS %L', n.object, obj_description(n.oid, n.classid::text::name)),
           'the comment on ' || n.what, false, NULL
      FROM needing n WHERE obj_description(n.oid, n.classid::text::name) IS NOT NULL
    UNION ALL
    SELECT 5, d.objsubid, CASE WHEN d.objsubid > 0 THEN ARRAY[a.attname::text] ELSE '{}' END,
           CASE WHEN d.objsubid > 0 THEN format('COMMENT ON COLUMN %s.%I IS %L', it.name, a.attname, d.description)
                ELSE format('COMMENT ON VIEW %s IS %L', it.name, d.description) END,
           'a comment', false, NULL
      FROM it
      JOIN pg_catalog.pg_description d ON d.objoid = it.oid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = it.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    UNION ALL
    SELECT 6, l.objsubid, CASE WHEN l.objsubid > 0 THEN ARRAY[a.attname::text] ELSE '{}' END,
           format('SECURITY LABEL FOR %I ON %s IS %L', l.provider,
                  CASE WHEN l.objsubid > 0 THEN format('COLUMN %s.%I', it.name, a.attname) ELSE 'VIEW ' || it.name END, l.label),
           'a security label', false, NULL
      FROM it
      JOIN pg_catalog.pg_seclabel l ON l.objoid = it.oid AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = it.oid AND a.attnum = l.objsubid AND l.objsubid > 0) AS belonging
 ORDER BY place, number, statement
