-- The checkpoint of build $1, whose anchor at $2 is gone, gets the newest that is left, or none.
UPDATE regrow.checkpoint c
   SET (anchor_position, anchor_envelope, anchor_payload, anchor_system, anchor_timeline, anchor_snapshot) =
       (SELECT a.position, a.envelope, a.payload, a.system, a.timeline, a.snapshot
          FROM regrow.anchor a
         WHERE a.build_id = c.build_id AND NOT a.is_first AND a.position < $2
         ORDER BY a.position DESC LIMIT 1)
 WHERE c.build_id = $1 AND c.anchor_position = $2
