UPDATE regrow.build
   SET failure = $2,
       resume_state = CASE WHEN state IN ('live', 'retired') THEN NULL
                           WHEN state IN ('paused', 'failed') THEN resume_state ELSE state END,
       state = CASE WHEN state IN ('live', 'retired') THEN state ELSE 'failed' END,
       generation = generation + 1
 WHERE id = $1 AND state <> 'dropped'
