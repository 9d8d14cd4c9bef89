INSERT INTO public.emt_messages (stream_id, stream_position, transaction_id, message_type, message_schema_version,
                                 message_id, message_data, message_metadata, created)
SELECT stream_id, stream_version + 1, pg_current_xact_id(), event_type, '1', gen_random_uuid(), payload,
       jsonb_build_object('schemaVersion', schema_version), recorded_at
  FROM ({events}) AS e (stream_id, stream_version, event_type, schema_version, payload, recorded_at)
