--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: emt_global_message_position; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.emt_global_message_position
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


SET default_tablespace = '';

--
-- Name: emt_messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.emt_messages (
    stream_position bigint NOT NULL,
    global_position bigint DEFAULT nextval('public.emt_global_message_position'::regclass),
    transaction_id xid8 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    message_kind character varying(1) DEFAULT 'E'::character varying NOT NULL,
    stream_id text NOT NULL,
    partition text DEFAULT 'emt:default'::text NOT NULL,
    message_schema_version text NOT NULL,
    message_id text NOT NULL,
    message_type text NOT NULL,
    message_data jsonb NOT NULL,
    message_metadata jsonb NOT NULL
)
PARTITION BY LIST (partition);


--
-- Name: emt_messages_emt_default; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.emt_messages_emt_default (
    stream_position bigint NOT NULL,
    global_position bigint DEFAULT nextval('public.emt_global_message_position'::regclass),
    transaction_id xid8 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    message_kind character varying(1) DEFAULT 'E'::character varying NOT NULL,
    stream_id text NOT NULL,
    partition text DEFAULT 'emt:default'::text NOT NULL,
    message_schema_version text NOT NULL,
    message_id text NOT NULL,
    message_type text NOT NULL,
    message_data jsonb NOT NULL,
    message_metadata jsonb NOT NULL
)
PARTITION BY LIST (is_archived);


SET default_table_access_method = heap;

--
-- Name: emt_messages_emt_default_active; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.emt_messages_emt_default_active (
    stream_position bigint NOT NULL,
    global_position bigint DEFAULT nextval('public.emt_global_message_position'::regclass),
    transaction_id xid8 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    message_kind character varying(1) DEFAULT 'E'::character varying NOT NULL,
    stream_id text NOT NULL,
    partition text DEFAULT 'emt:default'::text NOT NULL,
    message_schema_version text NOT NULL,
    message_id text NOT NULL,
    message_type text NOT NULL,
    message_data jsonb NOT NULL,
    message_metadata jsonb NOT NULL
);


--
-- Name: emt_messages_emt_default_archived; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.emt_messages_emt_default_archived (
    stream_position bigint NOT NULL,
    global_position bigint DEFAULT nextval('public.emt_global_message_position'::regclass),
    transaction_id xid8 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    message_kind character varying(1) DEFAULT 'E'::character varying NOT NULL,
    stream_id text NOT NULL,
    partition text DEFAULT 'emt:default'::text NOT NULL,
    message_schema_version text NOT NULL,
    message_id text NOT NULL,
    message_type text NOT NULL,
    message_data jsonb NOT NULL,
    message_metadata jsonb NOT NULL
);


--
-- Name: emt_messages_emt_default; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages ATTACH PARTITION public.emt_messages_emt_default FOR VALUES IN ('emt:default');


--
-- Name: emt_messages_emt_default_active; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages_emt_default ATTACH PARTITION public.emt_messages_emt_default_active FOR VALUES IN (false);


--
-- Name: emt_messages_emt_default_archived; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages_emt_default ATTACH PARTITION public.emt_messages_emt_default_archived FOR VALUES IN (true);


--
-- Data for Name: emt_messages_emt_default_active; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.emt_messages_emt_default_active (stream_position, global_position, transaction_id, created, is_archived, message_kind, stream_id, partition, message_schema_version, message_id, message_type, message_data, message_metadata) FROM stdin;
1	1	755	2026-11-29 07:05:40.166584+00	f	E	order:ünï "0"	emt:default	1	e07839a1-cc26-4afd-af1b-6be07acc89cd	OrderPlaced	{"orderId": "order:ünï \\"0\\"", "version": 2, "customer": "plain", "totalCents": 5}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
1	2	756	2026-11-29 07:05:40.175445+00	f	E	order-2	emt:default	1	fbe05240-8153-4b1d-9361-04b43044d572	OrderPlaced	{"orderId": "order-2", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 205}	{"who": "a,b;c:d", "schemaVersion": 2}
1	3	757	2026-11-29 07:05:40.175344+00	f	E	order-4	emt:default	1	7bfb3056-cabe-4df9-b0fd-982630ff594b	OrderPlaced	{"orderId": "order-4", "version": 2, "customer": " sep", "totalCents": 405}	{"who": "plain", "schemaVersion": 2}
1	4	758	2026-11-29 07:05:40.177057+00	f	E	order-3	emt:default	1	747ecede-237e-469e-9dd8-3a25bc8627ac	OrderPlaced	{"total": 3.05, "orderId": "order-3", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
1	5	760	2026-11-29 07:05:40.181598+00	f	E	order-1	emt:default	1	07d4c6cc-820a-4e3a-8a69-f751ed1e3820	OrderPlaced	{"total": 1.05, "orderId": "order-1", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
1	6	759	2026-11-29 07:05:40.178545+00	f	E	order-6	emt:default	1	67ec03dd-8751-4fc3-8988-08b65c6b1757	OrderPlaced	{"orderId": "order-6", "version": 2, "customer": "O'Neil", "totalCents": 605}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
1	7	761	2026-11-29 07:05:40.201054+00	f	E	order-7	emt:default	1	6dc4dfdf-bbcd-4432-888d-278f91b1fe56	OrderPlaced	{"total": 7.05, "orderId": "order-7", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
1	8	763	2026-11-29 07:05:40.20113+00	f	E	order-9	emt:default	1	3711c6ef-b39e-4205-b457-b4647b04895b	OrderPlaced	{"total": 9.05, "orderId": "order-9", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
1	9	764	2026-11-29 07:05:40.21543+00	f	E	order:ünï "10"	emt:default	1	2733bb84-d10e-45ab-b045-e3ff0d10c039	OrderPlaced	{"orderId": "order:ünï \\"10\\"", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 1005}	{"who": "O'Neil", "schemaVersion": 2}
1	10	762	2026-11-29 07:05:40.197071+00	f	E	order-8	emt:default	1	0578592d-f363-4d58-977a-6371e3e21b78	OrderPlaced	{"orderId": "order-8", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 805}	{"who": " sep", "schemaVersion": 2}
1	11	765	2026-11-29 07:05:40.198655+00	f	E	order:ünï "5"	emt:default	1	c213795e-ca71-482e-a16b-b18fe4d81c2d	OrderPlaced	{"total": 5.05, "orderId": "order:ünï \\"5\\"", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
1	12	766	2026-11-29 07:05:40.238171+00	f	E	order-11	emt:default	1	6b2a2d30-35d0-4d88-b2f7-9e807f623207	OrderPlaced	{"total": 11.05, "orderId": "order-11", "customer": " sep"}	{"who": "plain"}
2	13	767	2026-11-29 07:05:40.245405+00	f	E	order-2	emt:default	1	30577ad6-5481-4e1b-8abc-9652389e0586	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-2"}	{}
3	14	767	2026-11-29 07:05:40.245405+00	f	E	order-2	emt:default	1	dd32937a-50c9-468b-aa7f-18362434331a	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-2"}	{}
2	15	768	2026-11-29 07:05:40.242077+00	f	E	order:ünï "0"	emt:default	1	fbb6e25d-8a92-490d-901a-67db757bac35	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order:ünï \\"0\\""}	{}
2	16	769	2026-11-29 07:05:40.242719+00	f	E	order-7	emt:default	1	20867aaa-dfcc-4aa8-bb72-ff836fa1af0c	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-7"}	{}
3	17	769	2026-11-29 07:05:40.242719+00	f	E	order-7	emt:default	1	0da26ba5-2296-46d5-b649-963d8702cf1b	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-7"}	{}
2	18	770	2026-11-29 07:05:40.246487+00	f	E	order-1	emt:default	1	a1df3f7e-824b-480f-b82d-1d40f72fbc72	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-1"}	{}
3	19	770	2026-11-29 07:05:40.246487+00	f	E	order-1	emt:default	1	f51b85a5-67ed-4a41-9635-384e44f81fe6	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-1"}	{}
2	20	771	2026-11-29 07:05:40.254901+00	f	E	order:ünï "10"	emt:default	1	b0197171-b183-466d-adec-5e5dd5e44777	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"10\\""}	{}
3	21	771	2026-11-29 07:05:40.254901+00	f	E	order:ünï "10"	emt:default	1	9bef17e5-4243-48bb-a2ef-2174ca4e9034	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"10\\""}	{}
2	22	772	2026-11-29 07:05:40.257046+00	f	E	order-8	emt:default	1	745d6af7-d29a-49ed-9501-d582e784a54e	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-8"}	{}
3	23	772	2026-11-29 07:05:40.257046+00	f	E	order-8	emt:default	1	fd6014c0-7d37-4890-b99a-9654f6ad885e	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-8"}	{}
2	24	773	2026-11-29 07:05:40.254977+00	f	E	order:ünï "5"	emt:default	1	9cdece58-9bdd-45bb-aa46-8613bd0b9376	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"5\\""}	{}
3	25	773	2026-11-29 07:05:40.254977+00	f	E	order:ünï "5"	emt:default	1	b622f19a-4fc1-48d1-80c9-8989039ffc00	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"5\\""}	{}
2	26	774	2026-11-29 07:05:40.245768+00	f	E	order-4	emt:default	1	fb8a674f-a854-4ed5-b370-cc18eb57e0c6	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-4"}	{}
3	27	774	2026-11-29 07:05:40.245768+00	f	E	order-4	emt:default	1	e5f54f1e-ae80-4228-b71e-77948e0d1c68	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-4"}	{}
2	28	775	2026-11-29 07:05:40.274242+00	f	E	order-11	emt:default	1	f89c4b9d-78cc-47c7-a804-20c0dde38d75	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-11"}	{}
3	29	775	2026-11-29 07:05:40.274242+00	f	E	order-11	emt:default	1	81ee444c-ea27-41a2-abaa-ef9f67af09f9	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-11"}	{}
4	30	776	2026-11-29 07:05:40.276434+00	f	E	order-2	emt:default	1	8b94845c-6792-4e77-9d35-77f75515c903	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-2"}	{}
5	31	776	2026-11-29 07:05:40.276434+00	f	E	order-2	emt:default	1	85c5bf3a-5216-4026-9003-5eea888211a4	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-2"}	{}
4	32	777	2026-11-29 07:05:40.277769+00	f	E	order-8	emt:default	1	d2dc6086-e891-4429-9195-d10271d97c3f	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-8"}	{}
5	33	777	2026-11-29 07:05:40.277769+00	f	E	order-8	emt:default	1	6532e8b8-68ac-4dd1-965c-3360d8e827c8	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-8"}	{}
4	34	779	2026-11-29 07:05:40.277799+00	f	E	order:ünï "5"	emt:default	1	1de77214-a3d6-4b2a-9ffe-13d533811665	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"5\\""}	{}
5	35	779	2026-11-29 07:05:40.277799+00	f	E	order:ünï "5"	emt:default	1	acb163fa-457f-4db2-87c7-f556a43864f6	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"5\\""}	{}
4	36	778	2026-11-29 07:05:40.277856+00	f	E	order-4	emt:default	1	7d0d202c-1b98-4d69-8046-73e1a0714d3d	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-4"}	{}
1	46	789	2026-11-29 07:05:40.311862+00	f	E	order-13	emt:default	1	7724b3f7-5df2-4e0a-8d5e-fd5d992a8972	OrderPlaced	{"total": 13.05, "orderId": "order-13", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	67	802	2026-11-29 07:05:40.333696+00	f	E	order-19	emt:default	1	7998aaf9-4fda-4323-96b3-8ed633f0a610	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-19"}	{}
3	68	802	2026-11-29 07:05:40.333696+00	f	E	order-19	emt:default	1	4933fb72-cde3-4e3e-ad0d-581d8026b5ed	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-19"}	{}
1	87	817	2026-11-29 07:05:40.387303+00	f	E	order-26	emt:default	1	cb199055-476c-42c9-93dc-1ccf6d9cb2a9	OrderPlaced	{"orderId": "order-26", "version": 2, "customer": "a,b;c:d", "totalCents": 2605}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
2	93	823	2026-11-29 07:05:40.401672+00	f	E	order-26	emt:default	1	e1cb1f9b-716f-4642-aed8-cd1b6b9875b1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-26"}	{}
3	94	823	2026-11-29 07:05:40.401672+00	f	E	order-26	emt:default	1	c0a051a5-a2e6-450c-9c9c-ec7694c95ac0	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-26"}	{}
4	111	832	2026-11-29 07:05:40.419665+00	f	E	order-26	emt:default	1	bdfa649f-dde7-4af5-9532-3d60be0d3a46	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-26"}	{}
5	112	832	2026-11-29 07:05:40.419665+00	f	E	order-26	emt:default	1	fddb4cca-9f63-43aa-9b1a-17cde80cfcf9	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-26"}	{}
1	119	837	2026-11-29 07:05:40.446001+00	f	E	order-39	emt:default	1	63d1c901-27e4-4e01-8a63-96719800fd23	OrderPlaced	{"total": 39.05, "orderId": "order-39", "customer": " sep"}	{"who": "plain"}
2	132	849	2026-11-29 07:05:40.462231+00	f	E	order-36	emt:default	1	7ca35283-9efc-4d7a-9ab3-d04a2e9ae4cb	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-36"}	{}
1	163	870	2026-11-29 07:05:40.506479+00	f	E	order-57	emt:default	1	f9a97017-0c6d-4dfe-a1a1-dbd42fe07bfc	OrderPlaced	{"total": 57.05, "orderId": "order-57", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
2	172	876	2026-11-29 07:05:40.51926+00	f	E	order:ünï "50"	emt:default	1	67469e33-03aa-4043-95ce-7582372fee62	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"50\\""}	{}
3	173	876	2026-11-29 07:05:40.51926+00	f	E	order:ünï "50"	emt:default	1	07698e64-a03c-400c-94e4-248dac87a2f4	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"50\\""}	{}
4	184	883	2026-11-29 07:05:40.536409+00	f	E	order:ünï "50"	emt:default	1	555df4d0-088f-46ce-aaa2-9785a807d84f	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"50\\""}	{}
5	185	883	2026-11-29 07:05:40.536409+00	f	E	order:ünï "50"	emt:default	1	b71df923-543a-431d-8b31-de6a89d602a3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"50\\""}	{}
1	203	897	2026-11-29 07:05:40.577339+00	f	E	order-64	emt:default	1	241819d8-b9ce-4aef-99ac-c6d1900ac5a0	OrderPlaced	{"orderId": "order-64", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 6405}	{"who": " sep", "schemaVersion": 2}
2	210	903	2026-11-29 07:05:40.591849+00	f	E	order-67	emt:default	1	41e9b408-f20b-4d2e-b45e-7c1df89825d7	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-67"}	{}
3	211	903	2026-11-29 07:05:40.591849+00	f	E	order-67	emt:default	1	26ac9eb0-737a-4cf6-94b5-ffd9311d14b3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-67"}	{}
1	241	924	2026-11-29 07:05:40.637034+00	f	E	order-79	emt:default	1	fcc1be20-8112-4bff-ba98-8b348de8a8a9	OrderPlaced	{"total": 79.05, "orderId": "order-79", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
2	251	931	2026-11-29 07:05:40.646768+00	f	E	order-72	emt:default	1	ccfa7a22-5e9d-4092-8af2-e6d5ebdee696	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-72"}	{}
1	278	948	2026-11-29 07:05:40.701645+00	f	E	order-92	emt:default	1	0bd9d39c-2af0-4c29-8592-2e379614f9e9	OrderPlaced	{"orderId": "order-92", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 9205}	{"who": " sep", "schemaVersion": 2}
2	289	957	2026-11-29 07:05:40.713869+00	f	E	order-92	emt:default	1	3ab86985-4c9e-43c6-8431-2683fd6aca0f	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-92"}	{}
3	290	957	2026-11-29 07:05:40.713869+00	f	E	order-92	emt:default	1	a6b26d07-f02e-4686-9342-6755230db5fb	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-92"}	{}
4	299	963	2026-11-29 07:05:40.731677+00	f	E	order-92	emt:default	1	8ee4a0e0-3830-47f8-a563-2a03e5e91a76	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-92"}	{}
5	300	963	2026-11-29 07:05:40.731677+00	f	E	order-92	emt:default	1	9b468891-aa4d-4773-b586-aedcce81bd10	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-92"}	{}
6	305	967	2026-11-29 07:05:40.735324+00	f	E	order-92	emt:default	1	96fa10ff-0bc7-4402-a2cc-6cfa3442926a	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-92"}	{}
4	37	780	2026-11-29 07:05:40.279412+00	f	E	order-11	emt:default	1	63de7f16-68e1-46ca-b79f-d8fedeb5d65b	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-11"}	{}
5	38	780	2026-11-29 07:05:40.279412+00	f	E	order-11	emt:default	1	dcc5b5fc-7e4f-4457-b095-8c127ac5fe68	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-11"}	{}
1	40	783	2026-11-29 07:05:40.309383+00	f	E	order:ünï "15"	emt:default	1	d532f3b3-fd70-402d-b55f-4332f788a88a	OrderPlaced	{"total": 15.05, "orderId": "order:ünï \\"15\\"", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
1	51	793	2026-11-29 07:05:40.327664+00	f	E	order-23	emt:default	1	a640c7af-f888-4f60-98f5-a4ae52f4023d	OrderPlaced	{"total": 23.05, "orderId": "order-23", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
2	59	798	2026-11-29 07:05:40.333984+00	f	E	order-23	emt:default	1	ab295875-d616-42d1-abe0-f65f301752a1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-23"}	{}
3	60	798	2026-11-29 07:05:40.333984+00	f	E	order-23	emt:default	1	3b97b9aa-b8b0-4d84-9827-42f663a423cb	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-23"}	{}
4	71	804	2026-11-29 07:05:40.35068+00	f	E	order-23	emt:default	1	62d00dc1-c288-4dbc-9ef9-4ebe84f801f0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-23"}	{}
5	72	804	2026-11-29 07:05:40.35068+00	f	E	order-23	emt:default	1	37c197d8-9972-4131-aa30-0be7e3f4f725	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-23"}	{}
1	82	813	2026-11-29 07:05:40.386106+00	f	E	order-27	emt:default	1	a9e33814-9e55-4a6f-8f46-0c4f0f04a337	OrderPlaced	{"total": 27.05, "orderId": "order-27", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	99	826	2026-11-29 07:05:40.401375+00	f	E	order:ünï "25"	emt:default	1	63bba543-0256-4c71-b04f-428197ebdf5f	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"25\\""}	{}
3	100	826	2026-11-29 07:05:40.401375+00	f	E	order:ünï "25"	emt:default	1	9a69c944-62a8-4c5a-b2ba-669c7a7953ae	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"25\\""}	{}
1	123	841	2026-11-29 07:05:40.446296+00	f	E	order-44	emt:default	1	71e402c5-cc5b-465c-9208-5428f8d19249	OrderPlaced	{"orderId": "order-44", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 4405}	{"who": "a,b;c:d", "schemaVersion": 2}
2	145	854	2026-11-29 07:05:40.477385+00	f	E	order-44	emt:default	1	23d32523-1c17-4f54-a798-dda4bf6c1f4b	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-44"}	{}
3	146	854	2026-11-29 07:05:40.477385+00	f	E	order-44	emt:default	1	c1e21584-b43c-4182-a121-fa9079d83e55	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-44"}	{}
4	150	860	2026-11-29 07:05:40.492+00	f	E	order-44	emt:default	1	97057545-19ed-4111-995b-680bb95597a6	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-44"}	{}
5	152	860	2026-11-29 07:05:40.492+00	f	E	order-44	emt:default	1	d9c1e379-bdb4-450d-956d-cc20a3c6e1ec	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-44"}	{}
6	156	862	2026-11-29 07:05:40.495819+00	f	E	order-44	emt:default	1	099d2047-7014-414c-8d97-bad76479b71f	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-44"}	{}
1	157	863	2026-11-29 07:05:40.506188+00	f	E	order-48	emt:default	1	572a42cb-3e8c-4fad-a9c6-43acbe976714	OrderPlaced	{"orderId": "order-48", "version": 2, "customer": "O'Neil", "totalCents": 4805}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
2	176	878	2026-11-29 07:05:40.52068+00	f	E	order-48	emt:default	1	72c1ba11-5fbc-431d-a7b4-6dcfc0571271	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-48"}	{}
1	199	893	2026-11-29 07:05:40.576349+00	f	E	order:ünï "65"	emt:default	1	24f1b571-2711-4ad6-bb41-8a7575d5f8ce	OrderPlaced	{"total": 65.05, "orderId": "order:ünï \\"65\\"", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
2	218	907	2026-11-29 07:05:40.599764+00	f	E	order:ünï "65"	emt:default	1	2b689f01-95bd-4dbe-9912-c9c1cf9751c5	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"65\\""}	{}
3	219	907	2026-11-29 07:05:40.599764+00	f	E	order:ünï "65"	emt:default	1	e9dbf528-3ef1-4a75-b1f7-5d53ef7a0bec	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"65\\""}	{}
4	230	914	2026-11-29 07:05:40.624045+00	f	E	order:ünï "65"	emt:default	1	5adab781-48ef-46fc-914f-07621648f1a3	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"65\\""}	{}
5	231	914	2026-11-29 07:05:40.624045+00	f	E	order:ünï "65"	emt:default	1	a1949fc6-be03-4ef0-ba79-98fc69aee381	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"65\\""}	{}
1	236	918	2026-11-29 07:05:40.634637+00	f	E	order-74	emt:default	1	51af117c-ab76-458f-b6ff-797575dd8e4f	OrderPlaced	{"orderId": "order-74", "version": 2, "customer": " sep", "totalCents": 7405}	{"who": "plain", "schemaVersion": 2}
2	248	929	2026-11-29 07:05:40.646171+00	f	E	order-76	emt:default	1	56c1c7b8-8e63-4c81-8424-2e54ed44e85b	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-76"}	{}
3	249	929	2026-11-29 07:05:40.646171+00	f	E	order-76	emt:default	1	a1f30f03-05be-4d8b-b812-1e94b888c843	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-76"}	{}
4	258	935	2026-11-29 07:05:40.652546+00	f	E	order-76	emt:default	1	4670fba6-83c4-4472-af23-27ff4c9e5488	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-76"}	{}
1	281	951	2026-11-29 07:05:40.703664+00	f	E	order:ünï "90"	emt:default	1	28e33d98-0da8-4ace-bafe-dca3e5ad725d	OrderPlaced	{"orderId": "order:ünï \\"90\\"", "version": 2, "customer": "O'Neil", "totalCents": 9005}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
1	288	956	2026-11-29 07:05:40.713114+00	f	E	order:ünï "95"	emt:default	1	850f0d1b-dd74-419b-873c-43d96584fbc3	OrderPlaced	{"total": 95.05, "orderId": "order:ünï \\"95\\"", "customer": " sep"}	{"who": "plain"}
2	301	964	2026-11-29 07:05:40.732905+00	f	E	order:ünï "95"	emt:default	1	d4316742-8b37-4bf7-a896-114ca52f23c1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"95\\""}	{}
3	302	964	2026-11-29 07:05:40.732905+00	f	E	order:ünï "95"	emt:default	1	8a480e4d-d61a-4590-ba8d-a04e15bd8bf2	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"95\\""}	{}
4	311	970	2026-11-29 07:05:40.745956+00	f	E	order:ünï "95"	emt:default	1	ff74ae19-1de6-4d4c-918d-e00d0f70c6e0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"95\\""}	{}
5	312	970	2026-11-29 07:05:40.745956+00	f	E	order:ünï "95"	emt:default	1	0ea770be-8dbb-451a-9cad-8fa9e65a5aa4	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"95\\""}	{}
6	39	781	2026-11-29 07:05:40.29304+00	f	E	order-8	emt:default	1	7cdc9150-db59-4dfc-b1f8-a98fe82f6006	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-8"}	{}
1	44	786	2026-11-29 07:05:40.304866+00	f	E	order-12	emt:default	1	fea3751e-0f5c-4602-bc15-fd5b3ce1e8c6	OrderPlaced	{"orderId": "order-12", "version": 2, "customer": "a,b;c:d", "totalCents": 1205}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
2	56	796	2026-11-29 07:05:40.331847+00	f	E	order-12	emt:default	1	9e5b9a09-bac4-4f84-b761-433010b7a478	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-12"}	{}
1	88	818	2026-11-29 07:05:40.387355+00	f	E	order:ünï "30"	emt:default	1	d07b76d6-0ce3-4865-9065-45bd68a6568b	OrderPlaced	{"orderId": "order:ünï \\"30\\"", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 3005}	{"who": "a,b;c:d", "schemaVersion": 2}
1	125	843	2026-11-29 07:05:40.446346+00	f	E	order:ünï "45"	emt:default	1	f981bb65-9fcb-4b12-ba14-a75ba24b3100	OrderPlaced	{"total": 45.05, "orderId": "order:ünï \\"45\\"", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
2	135	851	2026-11-29 07:05:40.47221+00	f	E	order-37	emt:default	1	aa8b63c0-1402-4270-b1b5-e7645f9b34f3	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-37"}	{}
3	136	851	2026-11-29 07:05:40.47221+00	f	E	order-37	emt:default	1	ef23e90c-a4f6-464c-b2b4-818bc963fe6f	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-37"}	{}
1	162	869	2026-11-29 07:05:40.509054+00	f	E	order:ünï "55"	emt:default	1	d3519051-95e6-4f99-bf94-8b671513a3c5	OrderPlaced	{"total": 55.05, "orderId": "order:ünï \\"55\\"", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	168	874	2026-11-29 07:05:40.51828+00	f	E	order-52	emt:default	1	3591055c-dba4-4284-bc97-c589bdf9714f	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-52"}	{}
3	169	874	2026-11-29 07:05:40.51828+00	f	E	order-52	emt:default	1	3a5dea07-3642-4b63-bf59-72b59c4060a0	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-52"}	{}
4	192	887	2026-11-29 07:05:40.541038+00	f	E	order-52	emt:default	1	7a8b018e-7a6b-457e-a1a2-109fce18ca49	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-52"}	{}
1	198	892	2026-11-29 07:05:40.57623+00	f	E	order-63	emt:default	1	879be704-37ad-4f22-96ce-a4688d781158	OrderPlaced	{"total": 63.05, "orderId": "order-63", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
2	207	901	2026-11-29 07:05:40.586465+00	f	E	order-61	emt:default	1	c79b6413-045c-450e-98e1-d002c221d041	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-61"}	{}
3	208	901	2026-11-29 07:05:40.586465+00	f	E	order-61	emt:default	1	e9d63df5-06ca-4620-8a16-a4acf7cfe48d	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-61"}	{}
1	240	922	2026-11-29 07:05:40.63486+00	f	E	order-81	emt:default	1	5b151edf-8357-47e7-8b4f-2f2150e2bf53	OrderPlaced	{"total": 81.05, "orderId": "order-81", "customer": " sep"}	{"who": "plain"}
2	256	934	2026-11-29 07:05:40.650648+00	f	E	order:ünï "80"	emt:default	1	26434629-1cb2-44cf-9050-79f8bf08ec74	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"80\\""}	{}
3	257	934	2026-11-29 07:05:40.650648+00	f	E	order:ünï "80"	emt:default	1	319bd2cb-e43c-4412-963f-366b2c55ca84	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"80\\""}	{}
4	269	941	2026-11-29 07:05:40.66694+00	f	E	order:ünï "80"	emt:default	1	40c49916-e966-4f78-a44a-b4baaf67a93c	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"80\\""}	{}
5	270	941	2026-11-29 07:05:40.66694+00	f	E	order:ünï "80"	emt:default	1	22c1f48f-c2c2-47de-9071-8c7741ba6cca	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"80\\""}	{}
6	273	943	2026-11-29 07:05:40.681954+00	f	E	order:ünï "80"	emt:default	1	81352857-5ba6-4b02-9e3a-73c6aab7939e	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order:ünï \\"80\\""}	{}
1	283	953	2026-11-29 07:05:40.70569+00	f	E	order-84	emt:default	1	f71677f2-c525-47fc-9312-01ff984e9305	OrderPlaced	{"orderId": "order-84", "version": 2, "customer": "plain", "totalCents": 8405}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
2	310	969	2026-11-29 07:05:40.737156+00	f	E	order-84	emt:default	1	dd36cef7-ad73-4397-8fd5-754f36e07034	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-84"}	{}
1	41	784	2026-11-29 07:05:40.309451+00	f	E	order-17	emt:default	1	35cabcff-dc27-4a21-85db-0ec24761645b	OrderPlaced	{"total": 17.05, "orderId": "order-17", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
1	50	792	2026-11-29 07:05:40.326588+00	f	E	order-22	emt:default	1	ebeffe80-5e42-4427-a53b-f52614194cf9	OrderPlaced	{"orderId": "order-22", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 2205}	{"who": " sep", "schemaVersion": 2}
2	61	800	2026-11-29 07:05:40.334497+00	f	E	order-22	emt:default	1	292e15c6-54a4-4cf1-ad5c-2602d65f5008	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-22"}	{}
3	63	800	2026-11-29 07:05:40.334497+00	f	E	order-22	emt:default	1	0c28bf8a-087d-40ee-a6fc-70ba59bbef30	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-22"}	{}
1	81	811	2026-11-29 07:05:40.386201+00	f	E	order-31	emt:default	1	83387957-b102-4a4a-979d-c3dd7761963a	OrderPlaced	{"total": 31.05, "orderId": "order-31", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
1	103	827	2026-11-29 07:05:40.401278+00	f	E	order:ünï "35"	emt:default	1	a8a2e550-8c41-4fc5-b6f3-bfed74179cf2	OrderPlaced	{"total": 35.05, "orderId": "order:ünï \\"35\\"", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
2	113	833	2026-11-29 07:05:40.422688+00	f	E	order:ünï "35"	emt:default	1	5d0d5c9d-38b0-4cec-805c-c7785992e348	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"35\\""}	{}
3	114	833	2026-11-29 07:05:40.422688+00	f	E	order:ünï "35"	emt:default	1	416f5ca8-2e0f-4b4f-909a-754ae5808527	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"35\\""}	{}
4	115	835	2026-11-29 07:05:40.438164+00	f	E	order:ünï "35"	emt:default	1	e84c2ae6-551f-48ba-9f46-50b819f1b083	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"35\\""}	{}
5	116	835	2026-11-29 07:05:40.438164+00	f	E	order:ünï "35"	emt:default	1	cba6c2ea-1113-481b-af96-e9f00f9e7a86	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"35\\""}	{}
1	122	840	2026-11-29 07:05:40.44607+00	f	E	order-37	emt:default	1	e21fab33-b8d3-40c1-b541-1970368d689a	OrderPlaced	{"total": 37.05, "orderId": "order-37", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
2	133	850	2026-11-29 07:05:40.462709+00	f	E	order:ünï "40"	emt:default	1	8ac7d695-e68d-49a1-b6e8-8c55e675deb5	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"40\\""}	{}
3	134	850	2026-11-29 07:05:40.462709+00	f	E	order:ünï "40"	emt:default	1	6c23e93f-b486-45f4-8539-2973b0a73005	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"40\\""}	{}
4	147	857	2026-11-29 07:05:40.478273+00	f	E	order:ünï "40"	emt:default	1	d0722d3a-4aa8-4592-988a-0164c1faf4d4	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order:ünï \\"40\\""}	{}
1	158	864	2026-11-29 07:05:40.506382+00	f	E	order-52	emt:default	1	2793dcfa-4cab-47ba-a3b6-30337b051f80	OrderPlaced	{"orderId": "order-52", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 5205}	{"who": "O'Neil", "schemaVersion": 2}
1	167	873	2026-11-29 07:05:40.517236+00	f	E	order-58	emt:default	1	91cc3a3f-4753-46ac-967b-a68c1437334e	OrderPlaced	{"orderId": "order-58", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 5805}	{"who": "a,b;c:d", "schemaVersion": 2}
2	182	882	2026-11-29 07:05:40.534592+00	f	E	order-58	emt:default	1	347cebf1-2ad0-4895-934a-e1a30dedc3f1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-58"}	{}
3	183	882	2026-11-29 07:05:40.534592+00	f	E	order-58	emt:default	1	9d8506f0-28b3-46a4-a21a-6ecf5448df70	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-58"}	{}
1	202	896	2026-11-29 07:05:40.57646+00	f	E	order-67	emt:default	1	8ffffb10-044d-4368-847b-d0865f356e73	OrderPlaced	{"total": 67.05, "orderId": "order-67", "customer": " sep"}	{"who": "plain"}
2	212	904	2026-11-29 07:05:40.592275+00	f	E	order-68	emt:default	1	fb5af169-7766-4436-8dc4-9fa28677737f	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-68"}	{}
3	213	904	2026-11-29 07:05:40.592275+00	f	E	order-68	emt:default	1	4c74980f-12a3-41ef-9ce8-a566c09b4dc3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-68"}	{}
4	223	910	2026-11-29 07:05:40.609605+00	f	E	order-68	emt:default	1	a3b9747c-def3-479b-8e1d-425cffecc8cb	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-68"}	{}
5	224	910	2026-11-29 07:05:40.609605+00	f	E	order-68	emt:default	1	da837305-9087-4b3e-bdd2-e5a7b85a502e	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-68"}	{}
6	232	915	2026-11-29 07:05:40.624992+00	f	E	order-68	emt:default	1	a0d3a271-76ba-4968-8229-96437e8182c3	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-68"}	{}
1	242	923	2026-11-29 07:05:40.634607+00	f	E	order-73	emt:default	1	10be7fdf-d3b9-45f5-ae64-f465e735ed2b	OrderPlaced	{"total": 73.05, "orderId": "order-73", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
2	259	936	2026-11-29 07:05:40.650959+00	f	E	order-73	emt:default	1	ae6852db-ccf5-4e11-b4bc-b1fba9e00e67	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-73"}	{}
3	260	936	2026-11-29 07:05:40.650959+00	f	E	order-73	emt:default	1	6789a16e-1082-43a6-a780-2af90d9b73d5	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-73"}	{}
1	282	952	2026-11-29 07:05:40.700455+00	f	E	order-89	emt:default	1	9a236196-5a18-4701-959c-7078ca3c415e	OrderPlaced	{"total": 89.05, "orderId": "order-89", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
2	292	959	2026-11-29 07:05:40.717242+00	f	E	order-89	emt:default	1	faf8d3fc-fae0-4f45-9fd9-1feb6f3c93e0	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-89"}	{}
3	293	959	2026-11-29 07:05:40.717242+00	f	E	order-89	emt:default	1	2db13f28-9d54-4b18-904c-39d81ff96933	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-89"}	{}
4	306	965	2026-11-29 07:05:40.735133+00	f	E	order-89	emt:default	1	74b0fe75-f066-453f-8559-b04e4a33df22	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-89"}	{}
5	309	965	2026-11-29 07:05:40.735133+00	f	E	order-89	emt:default	1	daba2eaa-1a28-4485-aaed-8d9dff82f4ed	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-89"}	{}
1	42	785	2026-11-29 07:05:40.309515+00	f	E	order-19	emt:default	1	f4b49a59-07aa-4d71-829b-c9c6a0359dfd	OrderPlaced	{"total": 19.05, "orderId": "order-19", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
2	52	794	2026-11-29 07:05:40.329708+00	f	E	order-17	emt:default	1	92a9c537-3c4f-4c79-9663-eb54d4583310	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-17"}	{}
3	53	794	2026-11-29 07:05:40.329708+00	f	E	order-17	emt:default	1	26f98575-1b58-49bf-a6c6-da3bdeeb312a	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-17"}	{}
4	69	803	2026-11-29 07:05:40.340882+00	f	E	order-17	emt:default	1	a9079b6d-5d51-4d48-9b3d-3c1652b4eda4	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-17"}	{}
5	70	803	2026-11-29 07:05:40.340882+00	f	E	order-17	emt:default	1	6dd5337b-b6bf-4ca5-af1b-3822a59b607d	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-17"}	{}
1	85	814	2026-11-29 07:05:40.386155+00	f	E	order-29	emt:default	1	8729251c-779b-4660-8e3b-9d397cb8bf1f	OrderPlaced	{"total": 29.05, "orderId": "order-29", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
2	91	822	2026-11-29 07:05:40.402002+00	f	E	order-29	emt:default	1	0a09cf1b-9086-4b4e-a0cd-fde71ab79faf	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-29"}	{}
3	92	822	2026-11-29 07:05:40.402002+00	f	E	order-29	emt:default	1	49e5e8d2-9495-4b03-8289-ebb80e7581ae	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-29"}	{}
4	104	828	2026-11-29 07:05:40.417568+00	f	E	order-29	emt:default	1	c551099e-b08d-4476-a1ae-b30226f3118d	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-29"}	{}
5	105	828	2026-11-29 07:05:40.417568+00	f	E	order-29	emt:default	1	3c9664a1-d620-4e01-ab61-f8b679ed5d66	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-29"}	{}
1	126	844	2026-11-29 07:05:40.446255+00	f	E	order-41	emt:default	1	62049abb-fbd3-4530-8c6f-2cf5cd28cdf5	OrderPlaced	{"total": 41.05, "orderId": "order-41", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	137	852	2026-11-29 07:05:40.475266+00	f	E	order-41	emt:default	1	bf076a16-20c1-46e6-b2e0-03ebeb025bc2	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-41"}	{}
3	138	852	2026-11-29 07:05:40.475266+00	f	E	order-41	emt:default	1	8a0a624c-6f74-4e19-93d3-96073bb5bf95	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-41"}	{}
4	154	861	2026-11-29 07:05:40.494179+00	f	E	order-41	emt:default	1	07c676dd-90a7-4ba4-84ca-782c530ccc22	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-41"}	{}
5	155	861	2026-11-29 07:05:40.494179+00	f	E	order-41	emt:default	1	563a01f0-0f5a-479f-bd9f-a2737d012836	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-41"}	{}
1	164	865	2026-11-29 07:05:40.50643+00	f	E	order-49	emt:default	1	4f3c602f-506c-4559-9ccc-6d174d2f97d6	OrderPlaced	{"total": 49.05, "orderId": "order-49", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
2	177	879	2026-11-29 07:05:40.519471+00	f	E	order-49	emt:default	1	4877b583-3bc2-48e3-b656-50814be7e0be	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-49"}	{}
3	178	879	2026-11-29 07:05:40.519471+00	f	E	order-49	emt:default	1	44fe6f7f-cf07-43e7-8dab-668609bb22cc	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-49"}	{}
1	200	894	2026-11-29 07:05:40.576394+00	f	E	order-66	emt:default	1	4789ec52-e86e-4ca9-a70b-9f07cb37344f	OrderPlaced	{"orderId": "order-66", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 6605}	{"who": "O'Neil", "schemaVersion": 2}
1	239	921	2026-11-29 07:05:40.634826+00	f	E	order:ünï "80"	emt:default	1	4ba86461-61c4-454c-83e3-438aea7a0f52	OrderPlaced	{"orderId": "order:ünï \\"80\\"", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 8005}	{"who": "O'Neil", "schemaVersion": 2}
2	254	933	2026-11-29 07:05:40.649671+00	f	E	order-74	emt:default	1	2f5d8693-33f5-448d-b6f4-e0267ee7c0d8	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-74"}	{}
3	255	933	2026-11-29 07:05:40.649671+00	f	E	order-74	emt:default	1	5125a191-1d89-4181-9ec2-8559e0a8c24c	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-74"}	{}
4	267	940	2026-11-29 07:05:40.666481+00	f	E	order-74	emt:default	1	b0d64821-ff4b-4789-ad48-9769756f07c0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-74"}	{}
5	268	940	2026-11-29 07:05:40.666481+00	f	E	order-74	emt:default	1	03e8df27-1ed6-4874-9bb8-fbf2454999c3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-74"}	{}
1	279	949	2026-11-29 07:05:40.701596+00	f	E	order-86	emt:default	1	0afc4f2f-9b8a-4f4e-8bc8-e36d17f0fa17	OrderPlaced	{"orderId": "order-86", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 8605}	{"who": "a,b;c:d", "schemaVersion": 2}
2	286	955	2026-11-29 07:05:40.70982+00	f	E	order-88	emt:default	1	2fd6d1a3-da30-41e2-bc3f-f4383ab9811b	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-88"}	{}
3	287	955	2026-11-29 07:05:40.70982+00	f	E	order-88	emt:default	1	b7c41921-0210-4d08-b7c7-f75bf1611c6e	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-88"}	{}
4	298	962	2026-11-29 07:05:40.731518+00	f	E	order-88	emt:default	1	6fec13c3-54a1-4bf8-8344-31265e0e15c8	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-88"}	{}
1	43	787	2026-11-29 07:05:40.309483+00	f	E	order-18	emt:default	1	78fe99a5-c7dc-4163-b6a7-fd21f45cce19	OrderPlaced	{"orderId": "order-18", "version": 2, "customer": " sep", "totalCents": 1805}	{"who": "plain", "schemaVersion": 2}
2	54	795	2026-11-29 07:05:40.331639+00	f	E	order-13	emt:default	1	0a6d5817-0309-4a44-9811-087dd363c75c	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-13"}	{}
3	55	795	2026-11-29 07:05:40.331639+00	f	E	order-13	emt:default	1	353cef75-d257-4194-acdc-8b7dd26259a7	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-13"}	{}
1	84	815	2026-11-29 07:05:40.386247+00	f	E	order-32	emt:default	1	55df8ca0-aab6-4e4c-9cf3-42f65b1facfe	OrderPlaced	{"orderId": "order-32", "version": 2, "customer": " sep", "totalCents": 3205}	{"who": "plain", "schemaVersion": 2}
2	96	825	2026-11-29 07:05:40.401876+00	f	E	order-32	emt:default	1	f2852a29-8f39-4cf8-9049-240b2e784707	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-32"}	{}
3	97	825	2026-11-29 07:05:40.401876+00	f	E	order-32	emt:default	1	0c86b286-53bd-40db-a314-80ef5f13be6c	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-32"}	{}
4	109	831	2026-11-29 07:05:40.419619+00	f	E	order-32	emt:default	1	926e5e3e-eb25-453c-b5b4-142bb8502eb0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-32"}	{}
5	110	831	2026-11-29 07:05:40.419619+00	f	E	order-32	emt:default	1	74b4679c-9a9a-4bcb-ae40-b1b52f164421	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-32"}	{}
6	117	834	2026-11-29 07:05:40.437768+00	f	E	order-32	emt:default	1	5d3edc34-373c-4a92-b24e-1e69414d2bce	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-32"}	{}
1	118	836	2026-11-29 07:05:40.445876+00	f	E	order-36	emt:default	1	11c46331-9389-4ae6-ba8b-dc4d06b2bd1d	OrderPlaced	{"orderId": "order-36", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 3605}	{"who": " sep", "schemaVersion": 2}
1	128	846	2026-11-29 07:05:40.461614+00	f	E	order-46	emt:default	1	f09f4a33-c789-439a-9009-250b254f6c6a	OrderPlaced	{"orderId": "order-46", "version": 2, "customer": " sep", "totalCents": 4605}	{"who": "plain", "schemaVersion": 2}
2	148	858	2026-11-29 07:05:40.485665+00	f	E	order-46	emt:default	1	7a2bcb4c-a2bd-41dc-9a3f-3f11a5f1611a	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-46"}	{}
3	153	858	2026-11-29 07:05:40.485665+00	f	E	order-46	emt:default	1	abb84208-bf16-4438-a98d-581d419d4cf7	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-46"}	{}
1	165	871	2026-11-29 07:05:40.506332+00	f	E	order:ünï "50"	emt:default	1	1253744f-6a79-4966-8f8d-a42a16fb0a86	OrderPlaced	{"orderId": "order:ünï \\"50\\"", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 5005}	{"who": " sep", "schemaVersion": 2}
2	179	880	2026-11-29 07:05:40.520991+00	f	E	order-56	emt:default	1	81ac1613-937d-446c-ae3c-5471e550737b	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-56"}	{}
3	181	880	2026-11-29 07:05:40.520991+00	f	E	order-56	emt:default	1	a83b5aad-36e9-4fdb-9a02-c19f42dfeee7	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-56"}	{}
4	190	886	2026-11-29 07:05:40.552795+00	f	E	order-56	emt:default	1	089af539-00ed-4480-be9f-6b270986bfa0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-56"}	{}
5	191	886	2026-11-29 07:05:40.552795+00	f	E	order-56	emt:default	1	7819e752-29ad-4bb7-97a8-e4a9eae8db60	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-56"}	{}
6	195	889	2026-11-29 07:05:40.57379+00	f	E	order-56	emt:default	1	e2841d3e-500a-440f-880e-4aa4c8e93567	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-56"}	{}
1	205	899	2026-11-29 07:05:40.578206+00	f	E	order:ünï "60"	emt:default	1	849599a8-8841-4fee-bbdc-53fedd032c80	OrderPlaced	{"orderId": "order:ünï \\"60\\"", "version": 2, "customer": " sep", "totalCents": 6005}	{"who": "plain", "schemaVersion": 2}
2	220	908	2026-11-29 07:05:40.600465+00	f	E	order:ünï "60"	emt:default	1	7f76adc4-9c3c-4051-9994-c96a48bc77d0	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order:ünï \\"60\\""}	{}
1	243	925	2026-11-29 07:05:40.637115+00	f	E	order-78	emt:default	1	be1253fe-0a0b-488b-9ee5-013810fb5ac6	OrderPlaced	{"orderId": "order-78", "version": 2, "customer": "Zoë \\"quoted\\" \\\\ back", "totalCents": 7805}	{"who": " sep", "schemaVersion": 2}
2	252	932	2026-11-29 07:05:40.648877+00	f	E	order-79	emt:default	1	ac162103-1751-4d5e-ac99-e9eccecda4c1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-79"}	{}
3	253	932	2026-11-29 07:05:40.648877+00	f	E	order-79	emt:default	1	e5452d7e-6ddf-4691-9cc3-d92d7a7c23b3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-79"}	{}
1	280	950	2026-11-29 07:05:40.703737+00	f	E	order-91	emt:default	1	9fb668d5-132d-42d1-a263-1d5ed2d11ed1	OrderPlaced	{"total": 91.05, "orderId": "order-91", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
2	294	960	2026-11-29 07:05:40.717673+00	f	E	order-91	emt:default	1	34af9014-0bdd-4b2e-856a-4d97e517b39f	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-91"}	{}
3	295	960	2026-11-29 07:05:40.717673+00	f	E	order-91	emt:default	1	1e87545f-45b0-43b3-b8ca-1e07d5d96241	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-91"}	{}
1	45	788	2026-11-29 07:05:40.309419+00	f	E	order-16	emt:default	1	833693d5-2aab-4dbb-b16a-57aa908bee13	OrderPlaced	{"orderId": "order-16", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 1605}	{"who": "a,b;c:d", "schemaVersion": 2}
2	57	797	2026-11-29 07:05:40.334183+00	f	E	order-16	emt:default	1	bc7137a4-4e5e-4d8b-a3e2-3ddb9a6b5537	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-16"}	{}
3	58	797	2026-11-29 07:05:40.334183+00	f	E	order-16	emt:default	1	ffba6ff8-4331-423c-9d5c-3677143abe52	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-16"}	{}
4	75	806	2026-11-29 07:05:40.350919+00	f	E	order-16	emt:default	1	4880a655-a72a-4e6f-9589-30fdbc1fbff9	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-16"}	{}
1	80	810	2026-11-29 07:05:40.385992+00	f	E	order:ünï "25"	emt:default	1	7356825c-1c38-4933-95bf-bbfe83aea4ad	OrderPlaced	{"total": 25.05, "orderId": "order:ünï \\"25\\"", "customer": " sep"}	{"who": "plain"}
2	101	820	2026-11-29 07:05:40.401229+00	f	E	order-31	emt:default	1	c670f80a-32a7-452c-a411-8f3cc12b927c	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-31"}	{}
3	102	820	2026-11-29 07:05:40.401229+00	f	E	order-31	emt:default	1	4c63b3e5-d58c-4364-b3b8-289c1255678b	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-31"}	{}
1	124	842	2026-11-29 07:05:40.446225+00	f	E	order-42	emt:default	1	bee9c8e4-3ba7-420f-8763-cc4ac3093d89	OrderPlaced	{"orderId": "order-42", "version": 2, "customer": "plain", "totalCents": 4205}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
1	161	868	2026-11-29 07:05:40.506524+00	f	E	order-56	emt:default	1	33b12a1b-aab5-45df-aa6f-edd3050385c0	OrderPlaced	{"orderId": "order-56", "version": 2, "customer": "plain", "totalCents": 5605}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
2	170	875	2026-11-29 07:05:40.518924+00	f	E	order:ünï "55"	emt:default	1	fccb2531-189d-4c8e-94f2-70d5e586f693	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"55\\""}	{}
3	171	875	2026-11-29 07:05:40.518924+00	f	E	order:ünï "55"	emt:default	1	764d2a56-006d-4498-ad85-8a9a9821c184	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"55\\""}	{}
1	201	895	2026-11-29 07:05:40.576427+00	f	E	order-68	emt:default	1	88b6e3c4-0ee6-471b-b2a3-c866b23a1ae4	OrderPlaced	{"orderId": "order-68", "version": 2, "customer": "a,b;c:d", "totalCents": 6805}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
2	214	905	2026-11-29 07:05:40.592329+00	f	E	order-62	emt:default	1	5804444e-c6b7-4658-872e-3c81cb90e75b	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-62"}	{}
3	215	905	2026-11-29 07:05:40.592329+00	f	E	order-62	emt:default	1	8fb32621-2bd2-419e-938a-fe3fbd8dffe9	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-62"}	{}
4	226	912	2026-11-29 07:05:40.617727+00	f	E	order-62	emt:default	1	3f621712-84da-49a9-aac7-3ad9dff17705	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-62"}	{}
5	227	912	2026-11-29 07:05:40.617727+00	f	E	order-62	emt:default	1	63fc927c-3c5c-4c29-9116-044e15f6d543	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-62"}	{}
1	237	919	2026-11-29 07:05:40.634708+00	f	E	order-76	emt:default	1	056bce87-82db-40cc-a706-4d1114d1bda2	OrderPlaced	{"orderId": "order-76", "version": 2, "customer": "O'Neil", "totalCents": 7605}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
1	250	930	2026-11-29 07:05:40.646088+00	f	E	order-83	emt:default	1	b5d9c90f-5799-4dca-91fa-d4e11b6deda5	OrderPlaced	{"total": 83.05, "orderId": "order-83", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	261	937	2026-11-29 07:05:40.653096+00	f	E	order-83	emt:default	1	47a7496a-d320-4277-9bc3-c27dd0387edc	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-83"}	{}
3	262	937	2026-11-29 07:05:40.653096+00	f	E	order-83	emt:default	1	f6648dc0-6dd6-4867-b44f-02fc0720a7df	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-83"}	{}
4	271	942	2026-11-29 07:05:40.675622+00	f	E	order-83	emt:default	1	6d471087-4609-4ad7-874b-b1a8d09c77fa	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-83"}	{}
5	272	942	2026-11-29 07:05:40.675622+00	f	E	order-83	emt:default	1	111d95a3-9e17-4c56-bb2d-00b96fa239f3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-83"}	{}
1	274	944	2026-11-29 07:05:40.69839+00	f	E	order:ünï "85"	emt:default	1	39573571-0c3c-428f-bdd1-b21ce59fbb85	OrderPlaced	{"total": 85.05, "orderId": "order:ünï \\"85\\"", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
1	291	958	2026-11-29 07:05:40.709291+00	f	E	order-94	emt:default	1	b9e0acf0-9951-412c-afa1-698fd3434aa3	OrderPlaced	{"orderId": "order-94", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 9405}	{"who": "O'Neil", "schemaVersion": 2}
2	303	966	2026-11-29 07:05:40.734998+00	f	E	order-94	emt:default	1	bf6d4ba4-6f8d-4084-94d4-b4574917c3a1	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-94"}	{}
3	304	966	2026-11-29 07:05:40.734998+00	f	E	order-94	emt:default	1	0bd64e56-6f13-416c-869b-bc5544631370	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-94"}	{}
1	47	790	2026-11-29 07:05:40.312032+00	f	E	order:ünï "20"	emt:default	1	b493d81e-a49e-4aea-9fff-7c38eb9177f4	OrderPlaced	{"orderId": "order:ünï \\"20\\"", "version": 2, "customer": "O'Neil", "totalCents": 2005}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
2	62	799	2026-11-29 07:05:40.334636+00	f	E	order:ünï "20"	emt:default	1	c2e72e78-d01a-449e-851e-449ab59eead7	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"20\\""}	{}
3	64	799	2026-11-29 07:05:40.334636+00	f	E	order:ünï "20"	emt:default	1	415c7961-f61e-439e-b90b-122ac8c0806d	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"20\\""}	{}
4	76	807	2026-11-29 07:05:40.353005+00	f	E	order:ünï "20"	emt:default	1	c661919e-f3de-4679-b418-53c932b09e0e	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order:ünï \\"20\\""}	{}
5	77	807	2026-11-29 07:05:40.353005+00	f	E	order:ünï "20"	emt:default	1	4075b1b2-1e8a-407e-a5a1-e3544de91216	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"20\\""}	{}
6	78	808	2026-11-29 07:05:40.373686+00	f	E	order:ünï "20"	emt:default	1	d355c4d4-1dec-49b8-b6ea-ec17a36a061d	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order:ünï \\"20\\""}	{}
1	79	809	2026-11-29 07:05:40.385806+00	f	E	order-24	emt:default	1	087a7ee5-4a0b-4369-a435-3be92bb30892	OrderPlaced	{"orderId": "order-24", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 2405}	{"who": "O'Neil", "schemaVersion": 2}
1	89	819	2026-11-29 07:05:40.396898+00	f	E	order-34	emt:default	1	331d06b5-8483-4da7-aa6e-f4403fcf9fa3	OrderPlaced	{"orderId": "order-34", "version": 2, "customer": "O'Neil", "totalCents": 3405}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
2	106	829	2026-11-29 07:05:40.413052+00	f	E	order-34	emt:default	1	5b982c36-8cf1-4091-bb6c-ad7e8bda96a0	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-34"}	{}
3	107	829	2026-11-29 07:05:40.413052+00	f	E	order-34	emt:default	1	1c2751d2-0069-4777-bee3-3e6397391f73	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-34"}	{}
1	120	838	2026-11-29 07:05:40.446033+00	f	E	order:ünï "40"	emt:default	1	dd8aa33f-03f8-4ab8-97ac-b616f1b3f8b3	OrderPlaced	{"orderId": "order:ünï \\"40\\"", "version": 2, "customer": "a,b;c:d", "totalCents": 4005}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
2	130	848	2026-11-29 07:05:40.463545+00	f	E	order-38	emt:default	1	e6dd5d43-7278-46dd-a261-abb739420db2	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-38"}	{}
3	131	848	2026-11-29 07:05:40.463545+00	f	E	order-38	emt:default	1	b73c85c5-38b6-481e-a5d7-902738a9d089	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-38"}	{}
4	143	856	2026-11-29 07:05:40.477866+00	f	E	order-38	emt:default	1	abc262d6-fea7-4847-bc09-41798ddc8f7a	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-38"}	{}
5	144	856	2026-11-29 07:05:40.477866+00	f	E	order-38	emt:default	1	2d5c082f-5078-43a0-bda9-ff2f58081682	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-38"}	{}
1	160	867	2026-11-29 07:05:40.508987+00	f	E	order-53	emt:default	1	7b43b972-c826-4666-81ec-18381dd3d6ce	OrderPlaced	{"total": 53.05, "orderId": "order-53", "customer": " sep"}	{"who": "plain"}
2	174	877	2026-11-29 07:05:40.519604+00	f	E	order-53	emt:default	1	5a023e8c-3f4c-441b-b68d-16fe5fe81ea9	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-53"}	{}
3	175	877	2026-11-29 07:05:40.519604+00	f	E	order-53	emt:default	1	fc4fe18c-1b84-4843-be28-31d4092c499b	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-53"}	{}
4	186	884	2026-11-29 07:05:40.541115+00	f	E	order-53	emt:default	1	507bdabd-da05-4b38-a754-1735f8b998b8	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-53"}	{}
5	187	884	2026-11-29 07:05:40.541115+00	f	E	order-53	emt:default	1	70b16cac-319c-4658-be5d-b758e0fa0670	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-53"}	{}
1	197	891	2026-11-29 07:05:40.576144+00	f	E	order-62	emt:default	1	5fe21a36-f84c-46dd-96bc-df1376db0b9f	OrderPlaced	{"orderId": "order-62", "version": 2, "customer": "O'Neil", "totalCents": 6205}	{"who": "tab\\tnl\\nend", "schemaVersion": 2}
1	209	902	2026-11-29 07:05:40.586366+00	f	E	order-71	emt:default	1	d6e02156-190b-4701-a4b6-d1518f28ef3d	OrderPlaced	{"total": 71.05, "orderId": "order-71", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
2	228	913	2026-11-29 07:05:40.617992+00	f	E	order-71	emt:default	1	79abcee2-2f44-4744-9910-9488b50d9eb9	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-71"}	{}
3	229	913	2026-11-29 07:05:40.617992+00	f	E	order-71	emt:default	1	41c3e48a-fd78-4edb-91c6-48787c57870e	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-71"}	{}
4	233	916	2026-11-29 07:05:40.630381+00	f	E	order-71	emt:default	1	5c8ea65f-fe72-4905-9f38-b5e98e1a09c7	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-71"}	{}
5	234	916	2026-11-29 07:05:40.630381+00	f	E	order-71	emt:default	1	47e7cb2f-abed-457f-a042-9521ba7de4f4	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-71"}	{}
1	235	917	2026-11-29 07:05:40.63456+00	f	E	order-72	emt:default	1	dea29cc4-902e-4350-9c2b-519ca628229e	OrderPlaced	{"orderId": "order-72", "version": 2, "customer": "tab\\tnl\\nend", "totalCents": 7205}	{"who": "a,b;c:d", "schemaVersion": 2}
2	246	928	2026-11-29 07:05:40.645997+00	f	E	order-77	emt:default	1	00b679ba-6d4f-4547-9543-8f8c75352873	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-77"}	{}
3	247	928	2026-11-29 07:05:40.645997+00	f	E	order-77	emt:default	1	7c2f8429-2815-4e16-9cbc-92e19828f0cb	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-77"}	{}
4	265	939	2026-11-29 07:05:40.653023+00	f	E	order-77	emt:default	1	3d2d166f-5d58-4018-812e-b32aef3e4c11	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-77"}	{}
5	266	939	2026-11-29 07:05:40.653023+00	f	E	order-77	emt:default	1	108b4d8d-1f88-40eb-baf0-b0ed727cdcbb	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-77"}	{}
1	275	945	2026-11-29 07:05:40.69851+00	f	E	order-88	emt:default	1	2c80e761-2e34-48b4-9765-ab10dc864694	OrderPlaced	{"orderId": "order-88", "version": 2, "customer": " sep", "totalCents": 8805}	{"who": "plain", "schemaVersion": 2}
2	284	954	2026-11-29 07:05:40.709589+00	f	E	order:ünï "85"	emt:default	1	cd494935-66ec-4dfe-98de-348b43cc14a3	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"85\\""}	{}
3	285	954	2026-11-29 07:05:40.709589+00	f	E	order:ünï "85"	emt:default	1	8e3bd7ff-5bfe-4315-87a5-ad9b0973736c	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"85\\""}	{}
1	48	791	2026-11-29 07:05:40.311954+00	f	E	order-21	emt:default	1	51373809-1402-45a4-a752-763c45ee58b0	OrderPlaced	{"total": 21.05, "orderId": "order-21", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
1	83	812	2026-11-29 07:05:40.386226+00	f	E	order-33	emt:default	1	c60ef5a3-d50c-4d85-8f2f-c78aaf0b3d76	OrderPlaced	{"total": 33.05, "orderId": "order-33", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
2	95	824	2026-11-29 07:05:40.403538+00	f	E	order-24	emt:default	1	6a4e5f59-9776-4d99-a518-4cd6352d30bb	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-24"}	{}
1	127	845	2026-11-29 07:05:40.448+00	f	E	order-43	emt:default	1	23b68d8f-e3ee-4b51-b32d-757997770794	OrderPlaced	{"total": 43.05, "orderId": "order-43", "customer": "Zoë \\"quoted\\" \\\\ back"}	{"who": " sep"}
2	139	853	2026-11-29 07:05:40.474889+00	f	E	order-43	emt:default	1	24dcdf9e-1068-4f0a-9cd1-8f1860eec9f4	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-43"}	{}
3	140	853	2026-11-29 07:05:40.474889+00	f	E	order-43	emt:default	1	6764939e-54d9-4f32-95e3-dbc36f3fde92	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-43"}	{}
1	159	866	2026-11-29 07:05:40.508877+00	f	E	order-54	emt:default	1	d1c639eb-35df-469d-837f-c588f0916d54	OrderPlaced	{"orderId": "order-54", "version": 2, "customer": "a,b;c:d", "totalCents": 5405}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
1	204	898	2026-11-29 07:05:40.577383+00	f	E	order-69	emt:default	1	160ae2c1-2b7c-41bb-9725-1eaef7eefcad	OrderPlaced	{"total": 69.05, "orderId": "order-69", "customer": "O'Neil"}	{"who": "tab\\tnl\\nend"}
2	221	909	2026-11-29 07:05:40.600405+00	f	E	order-64	emt:default	1	7f31a66e-59cf-44e0-8008-3e1a5edbbcec	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-64"}	{}
3	222	909	2026-11-29 07:05:40.600405+00	f	E	order-64	emt:default	1	9f253797-c994-40ca-a88f-1f30d0f8836a	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-64"}	{}
4	225	911	2026-11-29 07:05:40.613563+00	f	E	order-64	emt:default	1	e472e298-7792-4ecd-a247-34fe87b47978	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-64"}	{}
1	244	926	2026-11-29 07:05:40.637162+00	f	E	order:ünï "75"	emt:default	1	96a2c573-6b9d-42c7-b81c-7c1c6336290b	OrderPlaced	{"total": 75.05, "orderId": "order:ünï \\"75\\"", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
1	277	947	2026-11-29 07:05:40.699537+00	f	E	order-93	emt:default	1	3fa2aa78-1a34-4c51-a7fc-6d3875a2ab90	OrderPlaced	{"total": 93.05, "orderId": "order-93", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
2	296	961	2026-11-29 07:05:40.715446+00	f	E	order-86	emt:default	1	ab01adf4-75ec-4061-b5cd-4f8ef9e816a0	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-86"}	{}
3	297	961	2026-11-29 07:05:40.715446+00	f	E	order-86	emt:default	1	80e185bc-d236-49ea-9e1a-17954ea14e52	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-86"}	{}
4	307	968	2026-11-29 07:05:40.736644+00	f	E	order-86	emt:default	1	b2e9892e-dfe3-4ee9-9745-69eddb53dcab	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-86"}	{}
5	308	968	2026-11-29 07:05:40.736644+00	f	E	order-86	emt:default	1	2ff279f2-84d6-4403-b792-e81b61a44635	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-86"}	{}
1	49	782	2026-11-29 07:05:40.3093+00	f	E	order-14	emt:default	1	d84e1c8d-66c0-4dbe-bb96-79c555a1ca73	OrderPlaced	{"orderId": "order-14", "version": 2, "customer": "plain", "totalCents": 1405}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
2	65	801	2026-11-29 07:05:40.334349+00	f	E	order-14	emt:default	1	d5839e6a-aa00-4226-bffb-796fee6f31a9	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-14"}	{}
3	66	801	2026-11-29 07:05:40.334349+00	f	E	order-14	emt:default	1	fb9a2e08-4aba-404e-a38a-e67cb97ef8c3	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-14"}	{}
4	73	805	2026-11-29 07:05:40.351142+00	f	E	order-14	emt:default	1	b9f6b320-8cf4-4f93-8c71-9bbaf28f49d0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-14"}	{}
5	74	805	2026-11-29 07:05:40.351142+00	f	E	order-14	emt:default	1	6fb3330d-9d32-4eba-a78e-1b59f050f2f7	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-14"}	{}
1	86	816	2026-11-29 07:05:40.386292+00	f	E	order-28	emt:default	1	74d14cbd-b552-4135-995b-b2e53eb31002	OrderPlaced	{"orderId": "order-28", "version": 2, "customer": "plain", "totalCents": 2805}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
2	90	821	2026-11-29 07:05:40.401529+00	f	E	order-28	emt:default	1	87a25143-a50e-4296-80e3-744b663310ca	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-28"}	{}
3	98	821	2026-11-29 07:05:40.401529+00	f	E	order-28	emt:default	1	9b3fcd8a-f252-486e-98f5-2126f64ebdc2	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-28"}	{}
4	108	830	2026-11-29 07:05:40.419569+00	f	E	order-28	emt:default	1	b65461ac-6128-47d6-bde6-72a5ee6f611e	OrderShipped	{"at": "2026-01-02T03:04:05.678Z", "big": "9007199254740991", "orderId": "order-28"}	{}
1	121	839	2026-11-29 07:05:40.445952+00	f	E	order-38	emt:default	1	98ff3c4f-feca-4a33-a9a5-2159c6f3dd87	OrderPlaced	{"orderId": "order-38", "version": 2, "customer": "emoji 🦀 ẞ", "totalCents": 3805}	{"who": "O'Neil", "schemaVersion": 2}
1	129	847	2026-11-29 07:05:40.461939+00	f	E	order-47	emt:default	1	ab8a9646-e3b0-4caa-bc1a-1503d1ea226c	OrderPlaced	{"total": 47.05, "orderId": "order-47", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
2	141	855	2026-11-29 07:05:40.477632+00	f	E	order-47	emt:default	1	63cfc105-fd01-403c-87ca-4b4ed952e998	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-47"}	{}
3	142	855	2026-11-29 07:05:40.477632+00	f	E	order-47	emt:default	1	c7fdc180-92b8-46f1-ad44-a043089f67a7	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-47"}	{}
4	149	859	2026-11-29 07:05:40.491819+00	f	E	order-47	emt:default	1	388db1d2-b5ee-409a-a4c6-627e98493739	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-47"}	{}
5	151	859	2026-11-29 07:05:40.491819+00	f	E	order-47	emt:default	1	65c034e3-9fa7-47fc-a8af-5152779b6780	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-47"}	{}
1	166	872	2026-11-29 07:05:40.50628+00	f	E	order-51	emt:default	1	0dfd9ebd-c1ce-482c-88b3-14e93e449095	OrderPlaced	{"total": 51.05, "orderId": "order-51", "customer": "tab\\tnl\\nend"}	{"who": "a,b;c:d"}
1	180	881	2026-11-29 07:05:40.518413+00	f	E	order-59	emt:default	1	ad18f5b4-fcb5-492e-802b-59bb5459e80f	OrderPlaced	{"total": 59.05, "orderId": "order-59", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
2	188	885	2026-11-29 07:05:40.549198+00	f	E	order-59	emt:default	1	fbdbf83b-cb88-4bf8-b1c2-93c1432d3388	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-59"}	{}
3	189	885	2026-11-29 07:05:40.549198+00	f	E	order-59	emt:default	1	5a0c077e-6967-4886-8e87-3640edcc2f8d	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-59"}	{}
4	193	888	2026-11-29 07:05:40.561543+00	f	E	order-59	emt:default	1	16109aed-5072-4e87-8eb9-e0b10b44fbb0	ItemAdded	{"qty": 2, "sku": "S-1", "orderId": "order-59"}	{}
5	194	888	2026-11-29 07:05:40.561543+00	f	E	order-59	emt:default	1	c2b69bfc-0497-424c-b6fc-17959f0ea7bc	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-59"}	{}
1	196	890	2026-11-29 07:05:40.576126+00	f	E	order-61	emt:default	1	9af990d1-0152-4556-b3ad-b17dd61e4d9e	OrderPlaced	{"total": 61.05, "orderId": "order-61", "customer": "a,b;c:d"}	{"who": "Zoë \\"quoted\\" \\\\ back"}
1	206	900	2026-11-29 07:05:40.586429+00	f	E	order:ünï "70"	emt:default	1	d97516c8-7c9e-42ac-9460-85adea0224cf	OrderPlaced	{"orderId": "order:ünï \\"70\\"", "version": 2, "customer": "plain", "totalCents": 7005}	{"who": "emoji 🦀 ẞ", "schemaVersion": 2}
2	216	906	2026-11-29 07:05:40.597592+00	f	E	order:ünï "70"	emt:default	1	ceecbb74-4cee-472f-bc68-536f30d14c3d	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order:ünï \\"70\\""}	{}
3	217	906	2026-11-29 07:05:40.597592+00	f	E	order:ünï "70"	emt:default	1	7da1021b-af54-49df-822d-736c96cbac48	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order:ünï \\"70\\""}	{}
1	238	920	2026-11-29 07:05:40.634744+00	f	E	order-77	emt:default	1	342ab2b4-034a-4edb-b5a7-eb116ae303b2	OrderPlaced	{"total": 77.05, "orderId": "order-77", "customer": "plain"}	{"who": "emoji 🦀 ẞ"}
1	245	927	2026-11-29 07:05:40.645533+00	f	E	order-82	emt:default	1	48132e72-5cfd-4664-8940-3d87f90e648d	OrderPlaced	{"orderId": "order-82", "version": 2, "customer": "a,b;c:d", "totalCents": 8205}	{"who": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}
2	263	938	2026-11-29 07:05:40.653068+00	f	E	order-82	emt:default	1	a1c23d97-ee2b-4bc2-b80c-d81b2c7b5525	ItemAdded	{"qty": 1, "sku": "S-0", "orderId": "order-82"}	{}
3	264	938	2026-11-29 07:05:40.653068+00	f	E	order-82	emt:default	1	4b70a121-c2b2-4ca1-afd2-001020e39bf2	ItemAdded	{"qty": 1, "sku": "ø", "orderId": "order-82"}	{}
1	276	946	2026-11-29 07:05:40.698474+00	f	E	order-87	emt:default	1	4e1e96a5-76c5-41af-8399-db991816fdee	OrderPlaced	{"total": 87.05, "orderId": "order-87", "customer": "emoji 🦀 ẞ"}	{"who": "O'Neil"}
\.


--
-- Data for Name: emt_messages_emt_default_archived; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.emt_messages_emt_default_archived (stream_position, global_position, transaction_id, created, is_archived, message_kind, stream_id, partition, message_schema_version, message_id, message_type, message_data, message_metadata) FROM stdin;
\.


--
-- Name: emt_global_message_position; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.emt_global_message_position', 312, true);


--
-- Name: emt_messages emt_messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages
    ADD CONSTRAINT emt_messages_pkey PRIMARY KEY (stream_id, stream_position, partition, is_archived);


--
-- Name: emt_messages_emt_default emt_messages_emt_default_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages_emt_default
    ADD CONSTRAINT emt_messages_emt_default_pkey PRIMARY KEY (stream_id, stream_position, partition, is_archived);


--
-- Name: emt_messages_emt_default_active emt_messages_emt_default_active_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages_emt_default_active
    ADD CONSTRAINT emt_messages_emt_default_active_pkey PRIMARY KEY (stream_id, stream_position, partition, is_archived);


--
-- Name: emt_messages_emt_default_archived emt_messages_emt_default_archived_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.emt_messages_emt_default_archived
    ADD CONSTRAINT emt_messages_emt_default_archived_pkey PRIMARY KEY (stream_id, stream_position, partition, is_archived);


--
-- Name: emt_messages_emt_default_active_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.emt_messages_emt_default_pkey ATTACH PARTITION public.emt_messages_emt_default_active_pkey;


--
-- Name: emt_messages_emt_default_archived_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.emt_messages_emt_default_pkey ATTACH PARTITION public.emt_messages_emt_default_archived_pkey;


--
-- Name: emt_messages_emt_default_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.emt_messages_pkey ATTACH PARTITION public.emt_messages_emt_default_pkey;


--
-- PostgreSQL database dump complete
--


