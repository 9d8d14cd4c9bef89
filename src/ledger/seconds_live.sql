SELECT build_id,
       sum(extract(epoch FROM COALESCE(until, clock_timestamp())
                            - GREATEST(since, clock_timestamp() - interval '7 days')))::float8
  FROM (SELECT build_id, to_state, at AS since, lead(at) OVER (PARTITION BY build_id ORDER BY id) AS until
          FROM regrow.audit) AS life
 WHERE to_state = 'live' AND COALESCE(until, clock_timestamp()) > clock_timestamp() - interval '7 days'
 GROUP BY build_id
