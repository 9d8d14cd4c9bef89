-- The tables that Emmett 0.42 makes for its messages, as far as an index or a partition goes.
CREATE SEQUENCE public.emt_global_message_position;
CREATE TABLE public.emt_messages (
    stream_position        bigint NOT NULL,
    global_position        bigint DEFAULT nextval('public.emt_global_message_position'),
    transaction_id         xid8 NOT NULL,
    created                timestamptz NOT NULL DEFAULT now(),
    is_archived            boolean NOT NULL DEFAULT false,
    message_kind           varchar(1) NOT NULL DEFAULT 'E',
    stream_id              text NOT NULL,
    partition              text NOT NULL DEFAULT 'emt:default',
    message_schema_version text NOT NULL,
    message_id             text NOT NULL,
    message_type           text NOT NULL,
    message_data           jsonb NOT NULL,
    message_metadata       jsonb NOT NULL,
    PRIMARY KEY (stream_id, stream_position, partition, is_archived)
) PARTITION BY LIST (partition);
CREATE TABLE public.emt_messages_emt_default PARTITION OF public.emt_messages
    FOR VALUES IN ('emt:default') PARTITION BY LIST (is_archived);
CREATE TABLE public.emt_messages_emt_default_active PARTITION OF public.emt_messages_emt_default FOR VALUES IN (false);
CREATE TABLE public.emt_messages_emt_default_archived PARTITION OF public.emt_messages_emt_default FOR VALUES IN (true);
