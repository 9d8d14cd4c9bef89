-- What a build's schema does by itself when rows are written or read: expressions as parse trees, and functions
-- of triggers. $1: the schema; $2 and $3: the history's tables in it. `is_view`: only what it reads matters.
WITH relation AS (
    SELECT c.oid, c.relname::text AS name, c.relkind
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname <> $2 AND NOT starts_with(c.relname::text, $3)
), type AS (
    -- Domains of the schema and of its columns, and what they are made of.
    SELECT t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = $1
    UNION
    SELECT a.atttypid FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = a.attrelid WHERE a.attnum > 0
), domain AS (
    WITH RECURSIVE inner_type AS (
        SELECT oid FROM type WHERE oid <> 0
        UNION
        SELECT i.oid FROM inner_type o JOIN pg_catalog.pg_type t ON t.oid = o.oid,
               LATERAL (SELECT t.typbasetype AS oid UNION ALL SELECT t.typelem
                        UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                                   WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0) AS i
         WHERE i.oid <> 0)
    SELECT t.oid, t.typname::text AS name, t.typdefaultbin FROM inner_type JOIN pg_catalog.pg_type t USING (oid)
     WHERE t.typtype = 'd'
)
SELECT format(CASE a.attgenerated WHEN '' THEN 'the default of %s.%s' ELSE 'the generated column %s.%s' END,
              r.name, a.attname) AS what,
       r.name AS about, a.attname::text AS part, d.adbin::text AS tree, NULL::oid AS function, false AS is_view,
       CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END AS shown
  FROM pg_catalog.pg_attrdef d JOIN relation r ON r.oid = d.adrelid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
UNION ALL
SELECT format('the check %s of %s', k.conname, r.name), r.name, k.conname::text, k.conbin::text, NULL, false, NULL
  FROM pg_catalog.pg_constraint k JOIN relation r ON r.oid = k.conrelid WHERE k.conbin IS NOT NULL
UNION ALL
SELECT format('the index %s', i.indexrelid::regclass), r.name, '', concat_ws(' ', i.indexprs::text, i.indpred::text),
       NULL, false, NULL
  FROM pg_catalog.pg_index i JOIN relation r ON r.oid = i.indrelid
 WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
UNION ALL
SELECT format('the partition key of %s', r.name), r.name, '', p.partexprs::text, NULL, false, NULL
  FROM pg_catalog.pg_partitioned_table p JOIN relation r ON r.oid = p.partrelid WHERE p.partexprs IS NOT NULL
UNION ALL
SELECT format('the trigger %s of %s', t.tgname, r.name), r.name, t.tgname::text, COALESCE(t.tgqual::text, ''),
       t.tgfoid, false, NULL
  FROM pg_catalog.pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('the rule %s of %s', w.rulename, r.name), r.name, w.rulename::text,
       concat_ws(' ', w.ev_qual::text, w.ev_action::text), NULL, false, NULL
  FROM pg_catalog.pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT format('the view %s', r.name), r.name, '', w.ev_action::text, NULL, true, NULL
  FROM pg_catalog.pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename = '_RETURN'
UNION ALL
SELECT format('the policy %s of %s', p.polname, r.name), r.name, p.polname::text,
       concat_ws(' ', p.polqual::text, p.polwithcheck::text), NULL, false, NULL
  FROM pg_catalog.pg_policy p JOIN relation r ON r.oid = p.polrelid
UNION ALL
SELECT format('the domain %s', d.name), d.name, '', concat_ws(' ', d.typdefaultbin::text, k.trees), NULL, false, NULL
  FROM domain d,
       LATERAL (SELECT string_agg(k.conbin::text, ' ') AS trees FROM pg_catalog.pg_constraint k
                 WHERE k.contypid = d.oid) AS k
 WHERE d.typdefaultbin IS NOT NULL OR k.trees IS NOT NULL
 ORDER BY 2, 1
