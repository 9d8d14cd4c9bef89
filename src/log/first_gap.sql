-- The position before the first one that is missing after {after} and up to {mark}. What is in braces are
-- expressions over the log's table and numbers.
SELECT before
  FROM (SELECT position, lag(position, 1, {after}::bigint) OVER (ORDER BY position) AS before
          FROM (SELECT {position} AS position FROM {rows}
                 WHERE {column} > {stored_after} AND {column} <= {stored_mark}
                UNION ALL
                SELECT {mark}::bigint + {increment}) AS given) AS step
 WHERE position > before + {increment}
 ORDER BY position
 LIMIT 1
