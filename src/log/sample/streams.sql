WITH drawn AS MATERIALIZED (
    SELECT ({stream})::text AS regrow_stream, max({position}) AS regrow_until
      FROM {rows}
     WHERE {column} IN ({positions})
     GROUP BY 1)
SELECT n.regrow_position
  FROM (SELECT e.regrow_position,
               row_number() OVER (PARTITION BY e.regrow_stream ORDER BY e.regrow_position) AS regrow_nth
          FROM (SELECT ({stream})::text AS regrow_stream, {position} AS regrow_position
                  FROM {rows}
                 WHERE {types}) AS e
          JOIN drawn ON drawn.regrow_stream = e.regrow_stream AND e.regrow_position < drawn.regrow_until) AS n
 WHERE n.regrow_nth <= {most}
