-- Events whose version does not follow the one before them in their stream, a few of each kind.
-- What is in braces are expressions over the log's table. The sort goes to the disk where it is
-- larger than work_mem.
SELECT stream, version, before, position, is_first, of_kind
  FROM (SELECT *, before IS NULL AS is_first,
               count(*) OVER (PARTITION BY before IS NULL) AS of_kind,
               row_number() OVER (PARTITION BY before IS NULL ORDER BY position) AS number
          FROM (SELECT stream, version, position,
                       lag(version) OVER (PARTITION BY stream COLLATE "C" ORDER BY position) AS before
                  FROM (SELECT ({stream_id})::text AS stream, ({stream_version})::bigint AS version,
                               {position} AS position
                          FROM {rows}) AS event) AS step
         WHERE CASE WHEN before IS NULL THEN version NOT IN (0, 1) ELSE version <> before + 1 END) AS broken
 WHERE number <= {listed}
 ORDER BY is_first, position
