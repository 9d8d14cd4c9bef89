-- The names of ours are such that no column of a log has them.
SELECT k.regrow_kind, min(e.regrow_position)
  FROM (SELECT ({type})::text AS regrow_type, ({version})::text AS regrow_version,
               {position} AS regrow_position
          FROM {rows}) AS e
  JOIN (VALUES {kinds})
       AS k (regrow_kind, regrow_type, regrow_version, regrow_first, regrow_last, regrow_few)
    ON e.regrow_type = k.regrow_type AND e.regrow_version = k.regrow_version
 WHERE e.regrow_position > k.regrow_first AND e.regrow_position < k.regrow_last
 GROUP BY k.regrow_kind,
       CASE WHEN k.regrow_few THEN e.regrow_position
            ELSE floor((e.regrow_position - k.regrow_first)::double precision * {many}
                       / (k.regrow_last - k.regrow_first)::double precision)::bigint END
