-- The position before the first one that is missing after {after} and up to {mark}. What is in braces are
-- expressions over the log's table and numbers.
SELECT before
  FROM (SELECT position, lag(position, 1, {after}::bigint) OVER (ORDER BY position) AS before
          FROM (SELECT ({position})::bigint AS position FROM {table} AS log
                 WHERE {position} > {after} AND {position} <= {mark}
                UNION ALL
                SELECT {mark}::bigint + {increment}) AS given) AS step
 WHERE position > before + {increment}
 ORDER BY position
 LIMIT 1
