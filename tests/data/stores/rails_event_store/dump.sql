--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
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

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: event_store_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event_store_events (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    event_type character varying NOT NULL,
    metadata jsonb,
    data jsonb NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    valid_at timestamp(6) without time zone
);


--
-- Name: event_store_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.event_store_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: event_store_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.event_store_events_id_seq OWNED BY public.event_store_events.id;


--
-- Name: event_store_events_in_streams; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event_store_events_in_streams (
    id bigint NOT NULL,
    stream character varying NOT NULL,
    "position" integer,
    event_id uuid NOT NULL,
    created_at timestamp(6) without time zone NOT NULL
);


--
-- Name: event_store_events_in_streams_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.event_store_events_in_streams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: event_store_events_in_streams_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.event_store_events_in_streams_id_seq OWNED BY public.event_store_events_in_streams.id;


--
-- Name: event_store_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_store_events ALTER COLUMN id SET DEFAULT nextval('public.event_store_events_id_seq'::regclass);


--
-- Name: event_store_events_in_streams id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_store_events_in_streams ALTER COLUMN id SET DEFAULT nextval('public.event_store_events_in_streams_id_seq'::regclass);


--
-- Data for Name: event_store_events; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.event_store_events (id, event_id, event_type, metadata, data, created_at, valid_at) FROM stdin;
1	838da75a-0fa1-5669-b9aa-70ddc6e0f40e	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-2", "total_cents": 225}	2026-01-02 03:04:05.6789	\N
2	f8212b47-15bd-5d8c-884a-26d71f3bb62c	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 1.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-1"}	2026-01-02 03:04:18.678901	\N
3	f8916b42-e3f4-5e1c-81ba-1c4783ba390f	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 3.25, "customer": "emoji 🦀 ẞ", "order_id": "order-3"}	2026-01-02 03:04:31.678902	\N
4	88bb00c7-14c6-5357-9770-7b930c0f2f06	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-6", "total_cents": 625}	2026-01-02 03:04:44.678903	\N
5	860978ea-4efb-5149-9398-c5a829b33bb4	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-0", "total_cents": 25}	2026-01-02 03:04:57.678904	\N
6	98bb0dab-3724-53ef-9c9c-e918e7ab8752	Shop::OrderShipped	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-0"}	2026-01-02 03:05:10.678905	\N
7	ed791496-dbbf-5886-bb57-b0e109a55569	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 7.25, "customer": "plain", "order_id": "order-7"}	2026-01-02 03:05:23.678906	\N
8	fd9939fd-3453-5966-8fea-faff5caa4d76	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-1"}	2026-01-02 03:05:36.678907	\N
9	eb88b77e-672a-5fa1-ab0c-1b94d32d55f4	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 5.25, "customer": "a,b;c:d", "order_id": "order-5"}	2026-01-02 03:05:49.678908	\N
10	b814bf3a-d4e6-5803-8e9c-6a49d20df15d	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-8", "total_cents": 825}	2026-01-02 03:06:02.678909	\N
11	7a758a58-182e-5668-b540-1635a1b09d5e	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-2"}	2026-01-02 03:06:15.67891	\N
12	2a1786c9-f82a-54b8-953f-35ce7114f5aa	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-8"}	2026-01-02 03:06:28.678911	\N
13	6c690965-0e71-549a-9dc7-08cc37f71dd6	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-4", "total_cents": 425}	2026-01-02 03:06:41.678912	\N
14	84e40c0f-6445-52f2-bffd-139f9b568259	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-2"}	2026-01-02 03:06:54.678913	\N
15	bcf60d70-faec-5eed-bb06-8eae3b6b65ca	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-4"}	2026-01-02 03:07:07.678914	\N
16	8b786636-d8cb-53cd-b19f-e7825f339c66	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-8"}	2026-01-02 03:07:20.678915	\N
17	92c0135f-f954-5c5b-aa00-24b98963e169	Shop::OrderShipped	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-8"}	2026-01-02 03:07:33.678916	\N
18	8d70019d-e27b-586f-aa74-97800f919c24	Shop::OrderShipped	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-4"}	2026-01-02 03:07:46.678917	\N
19	776a0e46-3cca-5286-8013-9ba6564c471a	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-7"}	2026-01-02 03:07:59.678918	\N
20	d877a5a9-b253-55c3-acb6-1a8dcf058104	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-5"}	2026-01-02 03:08:12.678919	\N
21	b064e55a-efb8-5872-845d-5b5a4e0b0d1b	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "a,b;c:d", "order_id": "order-12", "total_cents": 1225}	2026-01-02 03:08:25.67892	\N
22	824a104c-92db-59bf-9a94-4ceafd5ab8cd	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 11.25, "customer": " sep", "order_id": "order-11"}	2026-01-02 03:08:38.678921	\N
23	53793f90-787e-5841-aaf4-07ea1f76b324	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-5"}	2026-01-02 03:08:51.678922	\N
24	c7ce3a89-2d32-5423-8735-dd901ea0c046	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 13.25, "customer": "O'Neil", "order_id": "order-13"}	2026-01-02 03:09:04.678923	\N
25	de224d1d-9a75-59d9-8020-852e33c0243d	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 9.25, "customer": "tab\\tnl\\nend", "order_id": "order-9"}	2026-01-02 03:09:17.678924	\N
26	e85aebe7-baf0-5b9d-9981-3cb50360b7b6	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-11"}	2026-01-02 03:09:30.678925	\N
27	4bc07024-ce80-5f5f-83ff-4d0ff3101a51	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 15.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-15"}	2026-01-02 03:09:43.678926	\N
28	d304d44e-22c7-5ce3-b28f-3459e00c826a	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-16", "total_cents": 1625}	2026-01-02 03:09:56.678927	\N
29	df0e5580-b019-5cb6-a3b4-52ce763a240b	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-14", "total_cents": 1425}	2026-01-02 03:10:09.678928	\N
30	4ffa6fb3-1392-5959-a772-10a59c19ba0c	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "emoji 🦀 ẞ", "order_id": "order-10", "total_cents": 1025}	2026-01-02 03:10:22.678929	\N
31	81e58f47-3975-5452-8891-a2f567335b76	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-14"}	2026-01-02 03:10:35.67893	\N
32	51f543ab-5fcd-539f-ba85-3333de8460a2	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-14"}	2026-01-02 03:10:48.678931	\N
33	448faac1-b3b1-50ae-bc63-22c00c8ffced	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-13"}	2026-01-02 03:11:01.678932	\N
34	cbd277ba-384a-5416-8d24-a944ed17263a	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-10"}	2026-01-02 03:11:14.678933	\N
35	fd69efc1-3862-5574-970d-d36b561c5da6	Shop::OrderShipped	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-12"}	2026-01-02 03:11:27.678934	\N
36	45c8a3c7-721d-5776-a90c-a98267a20f87	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-11"}	2026-01-02 03:11:40.678935	\N
37	fb96f94c-cc9f-57fe-93f1-aa7ab57f721f	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-20", "total_cents": 2025}	2026-01-02 03:11:53.678936	\N
38	50b47fc0-d348-53af-945a-2a1611c40a5b	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 17.25, "customer": "emoji 🦀 ẞ", "order_id": "order-17"}	2026-01-02 03:12:06.678937	\N
39	343563fc-b9b4-585c-a04d-6b48309bf375	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-18", "total_cents": 1825}	2026-01-02 03:12:19.678938	\N
40	ed33bdbf-8525-594e-bd05-0452cf1b9a18	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-20"}	2026-01-02 03:12:32.678939	\N
41	1c5d2d7d-4d1b-5fb7-b48f-f1ef4d8729d4	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-17"}	2026-01-02 03:12:45.67894	\N
42	5f6fd435-9adc-5b42-911a-d5c22c177ee2	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 21.25, "customer": "plain", "order_id": "order-21"}	2026-01-02 03:12:58.678941	\N
43	dcec0700-0241-5a44-8ca5-07b145378cb2	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-16"}	2026-01-02 03:13:11.678942	\N
44	041c9309-040b-5dd3-919e-cda539eb2bee	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-22", "total_cents": 2225}	2026-01-02 03:13:24.678943	\N
45	5a890c32-6845-5963-91dd-10a5a4993cc9	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 19.25, "customer": "a,b;c:d", "order_id": "order-19"}	2026-01-02 03:13:37.678944	\N
46	2d86fde9-1d39-548f-9672-ad812281ca40	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-22"}	2026-01-02 03:13:50.678945	\N
47	0b92ba35-c274-5737-9366-f6197cd3e36a	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "emoji 🦀 ẞ", "order_id": "order-24", "total_cents": 2425}	2026-01-02 03:14:03.678946	\N
48	7a353752-9492-50f1-8656-4f27ae288fec	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-17"}	2026-01-02 03:14:16.678947	\N
49	29d48346-8455-5147-8b06-a774a78058be	Shop::OrderShipped	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-16"}	2026-01-02 03:14:29.678948	\N
50	4ad35e10-2fe3-5bf0-8d02-65ecf2e6e483	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 25.25, "customer": " sep", "order_id": "order-25"}	2026-01-02 03:14:42.678949	\N
51	aef01841-e8e8-51b9-845a-7f9b9111a74a	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-25"}	2026-01-02 03:14:55.67895	\N
52	2618d21e-e924-5122-8572-0d9db165c547	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 27.25, "customer": "O'Neil", "order_id": "order-27"}	2026-01-02 03:15:08.678951	\N
53	2c4a4259-28fe-57db-8561-98054deaee25	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-20"}	2026-01-02 03:15:21.678952	\N
54	651b884c-f686-553e-8838-6a073547ffca	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 23.25, "customer": "tab\\tnl\\nend", "order_id": "order-23"}	2026-01-02 03:15:34.678953	\N
55	b5dbf052-ec11-5b05-a529-361bf0215716	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-19"}	2026-01-02 03:15:47.678954	\N
56	dd26ac4b-2ea9-5ad4-92ae-c0b4d670284a	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-28", "total_cents": 2825}	2026-01-02 03:16:00.678955	\N
57	5b688748-53d7-5747-ac8a-92ea08a01ae6	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 29.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-29"}	2026-01-02 03:16:13.678956	\N
58	a6eb292f-94d9-5a37-b917-973552d1dabb	Shop::OrderShipped	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-20"}	2026-01-02 03:16:26.678957	\N
59	d5d6edbd-eec1-575c-a9c5-e513ed090214	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-29"}	2026-01-02 03:16:39.678958	\N
60	a22f51e3-4d44-5f60-bd7a-3005a1b51df2	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-23"}	2026-01-02 03:16:52.678959	\N
61	f7434aad-b203-59cd-b610-41664dc2314d	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-29"}	2026-01-02 03:17:05.67896	\N
62	86e46e07-0e84-5e45-b866-2ebb9bb1664b	Shop::OrderShipped	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-24"}	2026-01-02 03:17:18.678961	\N
63	4a43e1f6-c49d-5bee-a7eb-4aa63fc1b28e	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-30", "total_cents": 3025}	2026-01-02 03:17:31.678962	\N
64	93b144cf-d52a-5c16-88dc-64b70d1e5849	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 33.25, "customer": "a,b;c:d", "order_id": "order-33"}	2026-01-02 03:17:44.678963	\N
65	def06c64-ec87-5bef-be9c-b0d5a9c4a5d7	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-32", "total_cents": 3225}	2026-01-02 03:17:57.678964	\N
66	85735d9b-0e3a-57f2-a92f-cbe73bd97887	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 31.25, "customer": "emoji 🦀 ẞ", "order_id": "order-31"}	2026-01-02 03:18:10.678965	\N
67	42730285-2d3d-5edf-b3e5-ba52e85711ae	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-28"}	2026-01-02 03:18:23.678966	\N
68	2a08a37b-d21f-55da-9ded-b48f1da4b940	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-31"}	2026-01-02 03:18:36.678967	\N
69	24ed8031-33eb-5e8c-b014-e5855a46e3a1	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-34", "total_cents": 3425}	2026-01-02 03:18:49.678968	\N
70	10d466d5-8128-5145-9e4c-5e80f2b938f9	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-32"}	2026-01-02 03:19:02.678969	\N
71	5f224103-94e6-5787-9f8e-6d5bd1003844	Shop::OrderShipped	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-28"}	2026-01-02 03:19:15.67897	\N
72	051484fa-4e98-50eb-a564-f6643f0942fe	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-32"}	2026-01-02 03:19:28.678971	\N
73	4d0bcb50-6c83-52e8-aaa9-d4f2abd2814c	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "a,b;c:d", "order_id": "order-26", "total_cents": 2625}	2026-01-02 03:19:41.678972	\N
74	a29946e7-dcc5-5baf-84d0-903e071c2dd8	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-26"}	2026-01-02 03:19:54.678973	\N
75	f0d094ed-6b7a-580a-85c2-3fb66328bc57	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-36", "total_cents": 3625}	2026-01-02 03:20:07.678974	\N
76	4a2bf5f4-42cf-56a4-99a7-e2c7a33d7f56	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-26"}	2026-01-02 03:20:20.678975	\N
77	759410e5-4fbd-5631-b013-e624cf8b8a85	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-23"}	2026-01-02 03:20:33.678976	\N
78	ab5375e0-73ca-5611-ba99-6de71eaca83b	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 37.25, "customer": "tab\\tnl\\nend", "order_id": "order-37"}	2026-01-02 03:20:46.678977	\N
79	3ad0557f-5b58-5916-b502-733c96fed87a	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 35.25, "customer": "plain", "order_id": "order-35"}	2026-01-02 03:20:59.678978	\N
80	895ad73c-e8f9-5e6f-b16c-2c17faaf2698	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-37"}	2026-01-02 03:21:12.678979	\N
81	fe5c0b4d-84ac-5c99-8dae-8c93e3374494	Shop::OrderShipped	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-36"}	2026-01-02 03:21:25.67898	\N
82	021a8af6-a037-5388-affd-10bdeea842f0	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-35"}	2026-01-02 03:21:38.678981	\N
83	bf4dcb07-6e32-51ad-9eeb-64375f907f8c	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "a,b;c:d", "order_id": "order-40", "total_cents": 4025}	2026-01-02 03:21:51.678982	\N
84	525b2c89-06fc-56a7-9c3c-c4a98fda6f60	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "emoji 🦀 ẞ", "order_id": "order-38", "total_cents": 3825}	2026-01-02 03:22:04.678983	\N
85	f65d3717-1460-5101-a293-d3bab96ac448	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-35"}	2026-01-02 03:22:17.678984	\N
86	c8830289-c4b0-5c20-a1f6-ebec998d18fe	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-40"}	2026-01-02 03:22:30.678985	\N
87	8ee37e1d-19b0-5212-9efc-0748682ae4cb	Shop::OrderShipped	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-32"}	2026-01-02 03:22:43.678986	\N
88	fd4fb348-8ca7-5d5f-9a45-643ffdf46e27	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-34"}	2026-01-02 03:22:56.678987	\N
89	fec614e8-55f8-5415-94ca-bf0633121949	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-42", "total_cents": 4225}	2026-01-02 03:23:09.678988	\N
90	23219999-1394-5440-9e3e-2e2cc81dba6e	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 41.25, "customer": "O'Neil", "order_id": "order-41"}	2026-01-02 03:23:22.678989	\N
91	d2720248-5934-54b8-aebd-cc11e0eee411	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 39.25, "customer": " sep", "order_id": "order-39"}	2026-01-02 03:23:35.67899	\N
92	4d947388-db05-5f78-981f-76bc02237562	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-41"}	2026-01-02 03:23:48.678991	\N
93	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4	Shop::OrderShipped	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-40"}	2026-01-02 03:24:01.678992	\N
94	c82e20da-ca82-59f4-bc34-3d9043be63d6	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-44", "total_cents": 4425}	2026-01-02 03:24:14.678993	\N
95	145c33a0-15fd-5ed1-80f4-79903a67d65c	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-44"}	2026-01-02 03:24:27.678994	\N
96	9af2e84c-3567-5959-a3b1-e58638584826	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-38"}	2026-01-02 03:24:40.678995	\N
97	174c496d-ba87-5d4d-bcaa-4a2307840be4	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-46", "total_cents": 4625}	2026-01-02 03:24:53.678996	\N
98	57314612-f9b8-5792-969d-6ba7d0d98390	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-38"}	2026-01-02 03:25:06.678997	\N
99	15b3f2ef-a908-56b3-9901-9de9b1efc1bc	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-46"}	2026-01-02 03:25:19.678998	\N
100	9f9ce012-e476-5f3c-97b3-d603f3f0d137	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 47.25, "customer": "a,b;c:d", "order_id": "order-47"}	2026-01-02 03:25:32.678999	\N
101	bf5a8fae-7454-5aa0-beba-377cd1287d2c	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-44"}	2026-01-02 03:25:45.679	\N
102	b10afb40-8b7f-565e-a048-5fb85fc434bb	Shop::OrderShipped	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-44"}	2026-01-02 03:25:58.679001	\N
103	27cb1ed2-e6fb-5b6d-aa18-c9c11cf7f9e9	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 49.25, "customer": "plain", "order_id": "order-49"}	2026-01-02 03:26:11.679002	\N
104	2e37d324-e976-5c7c-9c65-6fe08f0567d7	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 45.25, "customer": "emoji 🦀 ẞ", "order_id": "order-45"}	2026-01-02 03:26:24.679003	\N
105	2f19f2ae-457a-502c-82e3-019e144baba0	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-49"}	2026-01-02 03:26:37.679004	\N
106	a515bc12-fac4-525a-b7d0-9692119d9856	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-48", "total_cents": 4825}	2026-01-02 03:26:50.679005	\N
107	a10f9a71-610c-58a4-bebe-d62edd4b01ea	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-50", "total_cents": 5025}	2026-01-02 03:27:03.679006	\N
108	d6387479-befb-56a3-934a-4ed0e92d55e8	Shop::OrderShipped	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-48"}	2026-01-02 03:27:16.679007	\N
109	3eca7baa-cd00-5afa-b2d0-e659cce91867	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-41"}	2026-01-02 03:27:29.679008	\N
110	6a1e0041-bddf-5a6b-9de3-2a18f1f062a9	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 43.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-43"}	2026-01-02 03:27:42.679009	\N
111	6229f482-2620-5d4c-a9e3-a1d7421332a9	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-50"}	2026-01-02 03:27:55.67901	\N
112	32f1d744-e944-5b59-a6ef-feda3ea611c1	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 51.25, "customer": "tab\\tnl\\nend", "order_id": "order-51"}	2026-01-02 03:28:08.679011	\N
113	e585319a-9656-5c54-b131-90943466b453	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "a,b;c:d", "order_id": "order-54", "total_cents": 5425}	2026-01-02 03:28:21.679012	\N
114	395b213b-2186-5355-bc82-060b05e12418	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 55.25, "customer": "O'Neil", "order_id": "order-55"}	2026-01-02 03:28:34.679013	\N
115	6e0314d7-e91f-5a98-9d05-39a85dae5b7a	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-43"}	2026-01-02 03:28:47.679014	\N
116	1fde01a6-a75e-515d-8b0b-032121331d30	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-47"}	2026-01-02 03:29:00.679015	\N
117	d9b6c9bc-fa1a-555a-9ae9-4ac9a9e56088	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-56", "total_cents": 5625}	2026-01-02 03:29:13.679016	\N
118	1f950fc0-1fc9-5a6a-b5d5-7d54baf5648d	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-56"}	2026-01-02 03:29:26.679017	\N
119	22ef5ee0-6cd1-50d6-82ce-11889e57f768	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "emoji 🦀 ẞ", "order_id": "order-52", "total_cents": 5225}	2026-01-02 03:29:39.679018	\N
120	2d3a77d1-e2a6-5166-a826-27b82395df97	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-56"}	2026-01-02 03:29:52.679019	\N
121	59c91fb8-5bef-5dc6-89f1-1277dc2d2edc	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-55"}	2026-01-02 03:30:05.67902	\N
122	54878eb5-e2fa-5261-8ea0-dd4990e58cd7	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 57.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-57"}	2026-01-02 03:30:18.679021	\N
123	944163ab-a23a-5ec1-a26f-a69e7c84149a	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 53.25, "customer": " sep", "order_id": "order-53"}	2026-01-02 03:30:31.679022	\N
124	8431e924-f2ac-5aec-90d5-8ec3f3999a5a	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-52"}	2026-01-02 03:30:44.679023	\N
125	778ad867-ed41-5b07-a344-b33bc89061dd	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-58", "total_cents": 5825}	2026-01-02 03:30:57.679024	\N
126	d9bc6e68-5689-5938-be99-83bf55b1e517	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-53"}	2026-01-02 03:31:10.679025	\N
127	62aef15f-96ea-588b-8623-f1ed7124aa7e	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-58"}	2026-01-02 03:31:23.679026	\N
128	ff52bdce-249f-5a0e-bdc4-ccef578511d3	Shop::OrderShipped	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-52"}	2026-01-02 03:31:36.679027	\N
129	c45751b0-dcb6-5f82-a143-59772db83100	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-47"}	2026-01-02 03:31:49.679028	\N
130	e9065bbe-8df5-5f4c-a2d6-6c2f822def43	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 59.25, "customer": "emoji 🦀 ẞ", "order_id": "order-59"}	2026-01-02 03:32:02.679029	\N
131	110352bc-8b27-51c3-a618-89daaeb1b2bc	Shop::OrderShipped	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-56"}	2026-01-02 03:32:15.67903	\N
132	8ee4b319-fc75-5e0a-a633-98c3e8cb64d3	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-53"}	2026-01-02 03:32:28.679031	\N
133	e97ba544-8dfa-5e1d-b143-784fa68a5678	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-62", "total_cents": 6225}	2026-01-02 03:32:41.679032	\N
134	e67dccb6-55f6-59eb-bb81-a67cf9cea43f	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-50"}	2026-01-02 03:32:54.679033	\N
135	4b8dec87-8267-5723-ac7f-20cb08d9cef1	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-62"}	2026-01-02 03:33:07.679034	\N
136	73b8d1db-e40c-5906-8510-2d5f533c0563	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-59"}	2026-01-02 03:33:20.679035	\N
137	73bade84-02b5-51e5-b1d1-dd6a9da09517	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-60", "total_cents": 6025}	2026-01-02 03:33:33.679036	\N
138	c711a41c-6133-5d2b-969d-cad1e004a82f	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 61.25, "customer": "a,b;c:d", "order_id": "order-61"}	2026-01-02 03:33:46.679037	\N
139	316eed58-fd3b-5ab8-b220-14c16890f5cc	Shop::OrderShipped	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-60"}	2026-01-02 03:33:59.679038	\N
140	b5f72e07-ea1e-51f6-9f4d-460e2c0424fe	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 65.25, "customer": "tab\\tnl\\nend", "order_id": "order-65"}	2026-01-02 03:34:12.679039	\N
141	67969b71-8b83-56d3-bb26-9c944fbd5e0a	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-61"}	2026-01-02 03:34:25.67904	\N
142	a824bf26-4f51-5a33-aeff-0b92b6e93d30	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-64", "total_cents": 6425}	2026-01-02 03:34:38.679041	\N
143	fe9db131-e85f-57b5-b588-848f94726a3e	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-64"}	2026-01-02 03:34:51.679042	\N
144	d913316c-a475-5ced-a212-7635a05ff9d3	Shop::OrderShipped	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-64"}	2026-01-02 03:35:04.679043	\N
145	eff643b0-37fe-5e2d-8daf-2ff32e70a48d	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-59"}	2026-01-02 03:35:17.679044	\N
146	bd1b65cc-cfd5-5713-9a42-a192596a5827	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 63.25, "customer": "plain", "order_id": "order-63"}	2026-01-02 03:35:30.679045	\N
147	403ef3da-020a-505f-8fbc-4b730fe18890	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 67.25, "customer": " sep", "order_id": "order-67"}	2026-01-02 03:35:43.679046	\N
148	3df0f83a-4369-517d-886f-9749a9a0ba2e	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-67"}	2026-01-02 03:35:56.679047	\N
149	75a5dea7-6963-5a9a-ba90-0bd0496cb84a	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 69.25, "customer": "O'Neil", "order_id": "order-69"}	2026-01-02 03:36:09.679048	\N
150	ece79b6c-24ea-5efc-b6c2-90cef9874d12	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "emoji 🦀 ẞ", "order_id": "order-66", "total_cents": 6625}	2026-01-02 03:36:22.679049	\N
151	11c21dce-2997-5b36-8423-7260d7116c55	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-65"}	2026-01-02 03:36:35.67905	\N
152	a7841664-698f-56be-b8f6-397950dfd94d	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "plain", "order_id": "order-70", "total_cents": 7025}	2026-01-02 03:36:48.679051	\N
153	48009937-2b97-56d2-ad62-df01a66fbd00	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 71.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-71"}	2026-01-02 03:37:01.679052	\N
154	73fa3b23-652c-57f2-8438-5c6002fca811	Shop::OrderPlaced	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "a,b;c:d", "order_id": "order-68", "total_cents": 6825}	2026-01-02 03:37:14.679053	\N
155	136484f9-e5b0-50e7-82c8-ff25606ea9e3	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "tab\\tnl\\nend", "order_id": "order-72", "total_cents": 7225}	2026-01-02 03:37:27.679054	\N
156	4fdb55f9-f04a-5ce0-9a8f-4d421c9af555	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-70"}	2026-01-02 03:37:40.679055	\N
157	57fa8c39-0429-5043-a241-e1ca90d16d07	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-68"}	2026-01-02 03:37:53.679056	\N
158	a00dc9b8-49e0-5d9e-9275-31af477b93bd	Shop::OrderPlaced	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 73.25, "customer": "emoji 🦀 ẞ", "order_id": "order-73"}	2026-01-02 03:38:06.679057	\N
159	2af9fec5-df2d-57cb-8169-8fd641410214	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-71"}	2026-01-02 03:38:19.679058	\N
160	2c2721cd-04d7-57fd-874e-577fa824a57c	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-65"}	2026-01-02 03:38:32.679059	\N
161	6ebe0973-3c17-543f-8fde-683c9eca5a56	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-68"}	2026-01-02 03:38:45.67906	\N
162	85230c54-0b1d-5279-86fc-25c6d851691a	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-62"}	2026-01-02 03:38:58.679061	\N
163	d551775d-d92c-5255-9746-c170e94e4595	Shop::ItemAdded	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-71"}	2026-01-02 03:39:11.679062	\N
164	d0a26d25-7819-598f-909e-ebbc05c065b0	Shop::OrderShipped	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-72"}	2026-01-02 03:39:24.679063	\N
165	48d4f981-987a-5863-ac8c-ada1ede821f2	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-73"}	2026-01-02 03:39:37.679064	\N
166	2dfc2f44-6a33-5df8-9d21-140c77abf4be	Shop::OrderPlaced	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-78", "total_cents": 7825}	2026-01-02 03:39:50.679065	\N
167	57231481-c839-593c-a0b4-ab0d452f773a	Shop::OrderPlaced	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": " sep", "order_id": "order-74", "total_cents": 7425}	2026-01-02 03:40:03.679066	\N
168	772a5a31-b165-5ba5-bc97-51304d620593	Shop::OrderShipped	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-68"}	2026-01-02 03:40:16.679067	\N
169	b48f9737-2d53-5259-ba11-da1f4454a304	Shop::OrderPlaced	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 77.25, "customer": "plain", "order_id": "order-77"}	2026-01-02 03:40:29.679068	\N
170	ae7c07c3-f97a-5b42-b5d3-bccd78b506fb	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 79.25, "customer": "tab\\tnl\\nend", "order_id": "order-79"}	2026-01-02 03:40:42.679069	\N
171	349be4d6-a414-5241-ac60-924ab9a02b84	Shop::OrderPlaced	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"total": 75.25, "customer": "a,b;c:d", "order_id": "order-75"}	2026-01-02 03:40:55.67907	\N
172	625848b8-d9a1-5d0b-af56-1846f3708ff1	Shop::ItemAdded	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-77"}	2026-01-02 03:41:08.679071	\N
173	309a6c5f-aafa-5204-aaf2-f09ee491c3e8	Shop::ItemAdded	{"who": " sep", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-77"}	2026-01-02 03:41:21.679072	\N
174	32f7ea1c-56cd-5f02-96fe-f45afed3e030	Shop::ItemAdded	{"who": "a,b;c:d", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-74"}	2026-01-02 03:41:34.679073	\N
175	969713b8-f72b-5560-a596-206523c03578	Shop::ItemAdded	{"who": "O'Neil", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-74"}	2026-01-02 03:41:47.679074	\N
176	20102819-7c06-5221-abfe-246a32341183	Shop::ItemAdded	{"who": "plain", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-79"}	2026-01-02 03:42:00.679075	\N
177	b709a6c1-e155-500a-82b9-c6ca9f25bdf4	Shop::OrderPlaced	{"who": "Zoë \\"quoted\\" \\\\ back", "remote_ip": "127.0.0.1", "schema_version": 2}	{"customer": "O'Neil", "order_id": "order-76", "total_cents": 7625}	2026-01-02 03:42:13.679076	\N
178	c9bfdb7f-a148-57d0-bd26-f69507f5331e	Shop::ItemAdded	{"who": "tab\\tnl\\nend", "remote_ip": "127.0.0.1", "schema_version": 1}	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-76"}	2026-01-02 03:42:26.679077	\N
179	c16355b8-fd23-5b96-bf9e-3c55a9a8daea	Shop::OrderShipped	{"who": "emoji 🦀 ẞ", "remote_ip": "127.0.0.1", "schema_version": 1}	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-76"}	2026-01-02 03:42:39.679078	\N
180	31867cd2-164c-58b8-99c6-dbc700ac74bb	Shop::DayClosed	{}	{"day": "2026-01-02"}	2026-01-02 06:40:32.679899	\N
\.


--
-- Data for Name: event_store_events_in_streams; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.event_store_events_in_streams (id, stream, "position", event_id, created_at) FROM stdin;
1	Shop::Order$order-2	0	838da75a-0fa1-5669-b9aa-70ddc6e0f40e	2026-01-02 03:04:05.6789
2	Shop::Order$order-1	0	f8212b47-15bd-5d8c-884a-26d71f3bb62c	2026-01-02 03:04:18.678901
3	Shop::Order$order-3	0	f8916b42-e3f4-5e1c-81ba-1c4783ba390f	2026-01-02 03:04:31.678902
4	Shop::Order$order-6	0	88bb00c7-14c6-5357-9770-7b930c0f2f06	2026-01-02 03:04:44.678903
5	Shop::Order$order-0	0	860978ea-4efb-5149-9398-c5a829b33bb4	2026-01-02 03:04:57.678904
6	Shop::Order$order-0	1	98bb0dab-3724-53ef-9c9c-e918e7ab8752	2026-01-02 03:05:10.678905
7	shipped	\N	98bb0dab-3724-53ef-9c9c-e918e7ab8752	2026-01-02 03:05:10.678905
8	Shop::Order$order-7	0	ed791496-dbbf-5886-bb57-b0e109a55569	2026-01-02 03:05:23.678906
9	Shop::Order$order-1	1	fd9939fd-3453-5966-8fea-faff5caa4d76	2026-01-02 03:05:36.678907
10	Shop::Order$order-5	0	eb88b77e-672a-5fa1-ab0c-1b94d32d55f4	2026-01-02 03:05:49.678908
11	Shop::Order$order-8	0	b814bf3a-d4e6-5803-8e9c-6a49d20df15d	2026-01-02 03:06:02.678909
12	Shop::Order$order-2	1	7a758a58-182e-5668-b540-1635a1b09d5e	2026-01-02 03:06:15.67891
13	Shop::Order$order-8	1	2a1786c9-f82a-54b8-953f-35ce7114f5aa	2026-01-02 03:06:28.678911
14	Shop::Order$order-4	0	6c690965-0e71-549a-9dc7-08cc37f71dd6	2026-01-02 03:06:41.678912
15	Shop::Order$order-2	2	84e40c0f-6445-52f2-bffd-139f9b568259	2026-01-02 03:06:54.678913
16	Shop::Order$order-4	1	bcf60d70-faec-5eed-bb06-8eae3b6b65ca	2026-01-02 03:07:07.678914
17	Shop::Order$order-8	2	8b786636-d8cb-53cd-b19f-e7825f339c66	2026-01-02 03:07:20.678915
18	Shop::Order$order-8	3	92c0135f-f954-5c5b-aa00-24b98963e169	2026-01-02 03:07:33.678916
19	shipped	\N	92c0135f-f954-5c5b-aa00-24b98963e169	2026-01-02 03:07:33.678916
20	Shop::Order$order-4	2	8d70019d-e27b-586f-aa74-97800f919c24	2026-01-02 03:07:46.678917
21	shipped	\N	8d70019d-e27b-586f-aa74-97800f919c24	2026-01-02 03:07:46.678917
22	Shop::Order$order-7	1	776a0e46-3cca-5286-8013-9ba6564c471a	2026-01-02 03:07:59.678918
23	Shop::Order$order-5	1	d877a5a9-b253-55c3-acb6-1a8dcf058104	2026-01-02 03:08:12.678919
24	Shop::Order$order-12	0	b064e55a-efb8-5872-845d-5b5a4e0b0d1b	2026-01-02 03:08:25.67892
25	Shop::Order$order-11	0	824a104c-92db-59bf-9a94-4ceafd5ab8cd	2026-01-02 03:08:38.678921
26	Shop::Order$order-5	2	53793f90-787e-5841-aaf4-07ea1f76b324	2026-01-02 03:08:51.678922
27	Shop::Order$order-13	0	c7ce3a89-2d32-5423-8735-dd901ea0c046	2026-01-02 03:09:04.678923
28	Shop::Order$order-9	0	de224d1d-9a75-59d9-8020-852e33c0243d	2026-01-02 03:09:17.678924
29	Shop::Order$order-11	1	e85aebe7-baf0-5b9d-9981-3cb50360b7b6	2026-01-02 03:09:30.678925
30	Shop::Order$order-15	0	4bc07024-ce80-5f5f-83ff-4d0ff3101a51	2026-01-02 03:09:43.678926
31	Shop::Order$order-16	0	d304d44e-22c7-5ce3-b28f-3459e00c826a	2026-01-02 03:09:56.678927
32	Shop::Order$order-14	0	df0e5580-b019-5cb6-a3b4-52ce763a240b	2026-01-02 03:10:09.678928
33	Shop::Order$order-10	0	4ffa6fb3-1392-5959-a772-10a59c19ba0c	2026-01-02 03:10:22.678929
34	Shop::Order$order-14	1	81e58f47-3975-5452-8891-a2f567335b76	2026-01-02 03:10:35.67893
35	Shop::Order$order-14	2	51f543ab-5fcd-539f-ba85-3333de8460a2	2026-01-02 03:10:48.678931
36	Shop::Order$order-13	1	448faac1-b3b1-50ae-bc63-22c00c8ffced	2026-01-02 03:11:01.678932
37	Shop::Order$order-10	1	cbd277ba-384a-5416-8d24-a944ed17263a	2026-01-02 03:11:14.678933
38	Shop::Order$order-12	1	fd69efc1-3862-5574-970d-d36b561c5da6	2026-01-02 03:11:27.678934
39	shipped	\N	fd69efc1-3862-5574-970d-d36b561c5da6	2026-01-02 03:11:27.678934
40	Shop::Order$order-11	2	45c8a3c7-721d-5776-a90c-a98267a20f87	2026-01-02 03:11:40.678935
41	Shop::Order$order-20	0	fb96f94c-cc9f-57fe-93f1-aa7ab57f721f	2026-01-02 03:11:53.678936
42	Shop::Order$order-17	0	50b47fc0-d348-53af-945a-2a1611c40a5b	2026-01-02 03:12:06.678937
43	Shop::Order$order-18	0	343563fc-b9b4-585c-a04d-6b48309bf375	2026-01-02 03:12:19.678938
44	Shop::Order$order-20	1	ed33bdbf-8525-594e-bd05-0452cf1b9a18	2026-01-02 03:12:32.678939
45	Shop::Order$order-17	1	1c5d2d7d-4d1b-5fb7-b48f-f1ef4d8729d4	2026-01-02 03:12:45.67894
46	Shop::Order$order-21	0	5f6fd435-9adc-5b42-911a-d5c22c177ee2	2026-01-02 03:12:58.678941
47	Shop::Order$order-16	1	dcec0700-0241-5a44-8ca5-07b145378cb2	2026-01-02 03:13:11.678942
48	Shop::Order$order-22	0	041c9309-040b-5dd3-919e-cda539eb2bee	2026-01-02 03:13:24.678943
49	Shop::Order$order-19	0	5a890c32-6845-5963-91dd-10a5a4993cc9	2026-01-02 03:13:37.678944
50	Shop::Order$order-22	1	2d86fde9-1d39-548f-9672-ad812281ca40	2026-01-02 03:13:50.678945
51	Shop::Order$order-24	0	0b92ba35-c274-5737-9366-f6197cd3e36a	2026-01-02 03:14:03.678946
52	Shop::Order$order-17	2	7a353752-9492-50f1-8656-4f27ae288fec	2026-01-02 03:14:16.678947
53	Shop::Order$order-16	2	29d48346-8455-5147-8b06-a774a78058be	2026-01-02 03:14:29.678948
54	shipped	\N	29d48346-8455-5147-8b06-a774a78058be	2026-01-02 03:14:29.678948
55	Shop::Order$order-25	0	4ad35e10-2fe3-5bf0-8d02-65ecf2e6e483	2026-01-02 03:14:42.678949
56	Shop::Order$order-25	1	aef01841-e8e8-51b9-845a-7f9b9111a74a	2026-01-02 03:14:55.67895
57	Shop::Order$order-27	0	2618d21e-e924-5122-8572-0d9db165c547	2026-01-02 03:15:08.678951
58	Shop::Order$order-20	2	2c4a4259-28fe-57db-8561-98054deaee25	2026-01-02 03:15:21.678952
59	Shop::Order$order-23	0	651b884c-f686-553e-8838-6a073547ffca	2026-01-02 03:15:34.678953
60	Shop::Order$order-19	1	b5dbf052-ec11-5b05-a529-361bf0215716	2026-01-02 03:15:47.678954
61	Shop::Order$order-28	0	dd26ac4b-2ea9-5ad4-92ae-c0b4d670284a	2026-01-02 03:16:00.678955
62	Shop::Order$order-29	0	5b688748-53d7-5747-ac8a-92ea08a01ae6	2026-01-02 03:16:13.678956
63	Shop::Order$order-20	3	a6eb292f-94d9-5a37-b917-973552d1dabb	2026-01-02 03:16:26.678957
64	shipped	\N	a6eb292f-94d9-5a37-b917-973552d1dabb	2026-01-02 03:16:26.678957
65	Shop::Order$order-29	1	d5d6edbd-eec1-575c-a9c5-e513ed090214	2026-01-02 03:16:39.678958
66	Shop::Order$order-23	1	a22f51e3-4d44-5f60-bd7a-3005a1b51df2	2026-01-02 03:16:52.678959
67	Shop::Order$order-29	2	f7434aad-b203-59cd-b610-41664dc2314d	2026-01-02 03:17:05.67896
68	Shop::Order$order-24	1	86e46e07-0e84-5e45-b866-2ebb9bb1664b	2026-01-02 03:17:18.678961
69	shipped	\N	86e46e07-0e84-5e45-b866-2ebb9bb1664b	2026-01-02 03:17:18.678961
70	Shop::Order$order-30	0	4a43e1f6-c49d-5bee-a7eb-4aa63fc1b28e	2026-01-02 03:17:31.678962
71	Shop::Order$order-33	0	93b144cf-d52a-5c16-88dc-64b70d1e5849	2026-01-02 03:17:44.678963
72	Shop::Order$order-32	0	def06c64-ec87-5bef-be9c-b0d5a9c4a5d7	2026-01-02 03:17:57.678964
73	Shop::Order$order-31	0	85735d9b-0e3a-57f2-a92f-cbe73bd97887	2026-01-02 03:18:10.678965
74	Shop::Order$order-28	1	42730285-2d3d-5edf-b3e5-ba52e85711ae	2026-01-02 03:18:23.678966
75	Shop::Order$order-31	1	2a08a37b-d21f-55da-9ded-b48f1da4b940	2026-01-02 03:18:36.678967
76	Shop::Order$order-34	0	24ed8031-33eb-5e8c-b014-e5855a46e3a1	2026-01-02 03:18:49.678968
77	Shop::Order$order-32	1	10d466d5-8128-5145-9e4c-5e80f2b938f9	2026-01-02 03:19:02.678969
78	Shop::Order$order-28	2	5f224103-94e6-5787-9f8e-6d5bd1003844	2026-01-02 03:19:15.67897
79	shipped	\N	5f224103-94e6-5787-9f8e-6d5bd1003844	2026-01-02 03:19:15.67897
80	Shop::Order$order-32	2	051484fa-4e98-50eb-a564-f6643f0942fe	2026-01-02 03:19:28.678971
81	Shop::Order$order-26	0	4d0bcb50-6c83-52e8-aaa9-d4f2abd2814c	2026-01-02 03:19:41.678972
82	Shop::Order$order-26	1	a29946e7-dcc5-5baf-84d0-903e071c2dd8	2026-01-02 03:19:54.678973
83	Shop::Order$order-36	0	f0d094ed-6b7a-580a-85c2-3fb66328bc57	2026-01-02 03:20:07.678974
84	Shop::Order$order-26	2	4a2bf5f4-42cf-56a4-99a7-e2c7a33d7f56	2026-01-02 03:20:20.678975
85	Shop::Order$order-23	2	759410e5-4fbd-5631-b013-e624cf8b8a85	2026-01-02 03:20:33.678976
86	Shop::Order$order-37	0	ab5375e0-73ca-5611-ba99-6de71eaca83b	2026-01-02 03:20:46.678977
87	Shop::Order$order-35	0	3ad0557f-5b58-5916-b502-733c96fed87a	2026-01-02 03:20:59.678978
88	Shop::Order$order-37	1	895ad73c-e8f9-5e6f-b16c-2c17faaf2698	2026-01-02 03:21:12.678979
89	Shop::Order$order-36	1	fe5c0b4d-84ac-5c99-8dae-8c93e3374494	2026-01-02 03:21:25.67898
90	shipped	\N	fe5c0b4d-84ac-5c99-8dae-8c93e3374494	2026-01-02 03:21:25.67898
91	Shop::Order$order-35	1	021a8af6-a037-5388-affd-10bdeea842f0	2026-01-02 03:21:38.678981
92	Shop::Order$order-40	0	bf4dcb07-6e32-51ad-9eeb-64375f907f8c	2026-01-02 03:21:51.678982
93	Shop::Order$order-38	0	525b2c89-06fc-56a7-9c3c-c4a98fda6f60	2026-01-02 03:22:04.678983
94	Shop::Order$order-35	2	f65d3717-1460-5101-a293-d3bab96ac448	2026-01-02 03:22:17.678984
95	Shop::Order$order-40	1	c8830289-c4b0-5c20-a1f6-ebec998d18fe	2026-01-02 03:22:30.678985
96	Shop::Order$order-32	3	8ee37e1d-19b0-5212-9efc-0748682ae4cb	2026-01-02 03:22:43.678986
97	shipped	\N	8ee37e1d-19b0-5212-9efc-0748682ae4cb	2026-01-02 03:22:43.678986
98	Shop::Order$order-34	1	fd4fb348-8ca7-5d5f-9a45-643ffdf46e27	2026-01-02 03:22:56.678987
99	Shop::Order$order-42	0	fec614e8-55f8-5415-94ca-bf0633121949	2026-01-02 03:23:09.678988
100	Shop::Order$order-41	0	23219999-1394-5440-9e3e-2e2cc81dba6e	2026-01-02 03:23:22.678989
101	Shop::Order$order-39	0	d2720248-5934-54b8-aebd-cc11e0eee411	2026-01-02 03:23:35.67899
102	Shop::Order$order-41	1	4d947388-db05-5f78-981f-76bc02237562	2026-01-02 03:23:48.678991
103	Shop::Order$order-40	2	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4	2026-01-02 03:24:01.678992
104	shipped	\N	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4	2026-01-02 03:24:01.678992
105	Shop::Order$order-44	0	c82e20da-ca82-59f4-bc34-3d9043be63d6	2026-01-02 03:24:14.678993
106	Shop::Order$order-44	1	145c33a0-15fd-5ed1-80f4-79903a67d65c	2026-01-02 03:24:27.678994
107	Shop::Order$order-38	1	9af2e84c-3567-5959-a3b1-e58638584826	2026-01-02 03:24:40.678995
108	Shop::Order$order-46	0	174c496d-ba87-5d4d-bcaa-4a2307840be4	2026-01-02 03:24:53.678996
109	Shop::Order$order-38	2	57314612-f9b8-5792-969d-6ba7d0d98390	2026-01-02 03:25:06.678997
110	Shop::Order$order-46	1	15b3f2ef-a908-56b3-9901-9de9b1efc1bc	2026-01-02 03:25:19.678998
111	Shop::Order$order-47	0	9f9ce012-e476-5f3c-97b3-d603f3f0d137	2026-01-02 03:25:32.678999
112	Shop::Order$order-44	2	bf5a8fae-7454-5aa0-beba-377cd1287d2c	2026-01-02 03:25:45.679
113	Shop::Order$order-44	3	b10afb40-8b7f-565e-a048-5fb85fc434bb	2026-01-02 03:25:58.679001
114	shipped	\N	b10afb40-8b7f-565e-a048-5fb85fc434bb	2026-01-02 03:25:58.679001
115	Shop::Order$order-49	0	27cb1ed2-e6fb-5b6d-aa18-c9c11cf7f9e9	2026-01-02 03:26:11.679002
116	Shop::Order$order-45	0	2e37d324-e976-5c7c-9c65-6fe08f0567d7	2026-01-02 03:26:24.679003
117	Shop::Order$order-49	1	2f19f2ae-457a-502c-82e3-019e144baba0	2026-01-02 03:26:37.679004
118	Shop::Order$order-48	0	a515bc12-fac4-525a-b7d0-9692119d9856	2026-01-02 03:26:50.679005
119	Shop::Order$order-50	0	a10f9a71-610c-58a4-bebe-d62edd4b01ea	2026-01-02 03:27:03.679006
120	Shop::Order$order-48	1	d6387479-befb-56a3-934a-4ed0e92d55e8	2026-01-02 03:27:16.679007
121	shipped	\N	d6387479-befb-56a3-934a-4ed0e92d55e8	2026-01-02 03:27:16.679007
122	Shop::Order$order-41	2	3eca7baa-cd00-5afa-b2d0-e659cce91867	2026-01-02 03:27:29.679008
123	Shop::Order$order-43	0	6a1e0041-bddf-5a6b-9de3-2a18f1f062a9	2026-01-02 03:27:42.679009
124	Shop::Order$order-50	1	6229f482-2620-5d4c-a9e3-a1d7421332a9	2026-01-02 03:27:55.67901
125	Shop::Order$order-51	0	32f1d744-e944-5b59-a6ef-feda3ea611c1	2026-01-02 03:28:08.679011
126	Shop::Order$order-54	0	e585319a-9656-5c54-b131-90943466b453	2026-01-02 03:28:21.679012
127	Shop::Order$order-55	0	395b213b-2186-5355-bc82-060b05e12418	2026-01-02 03:28:34.679013
128	Shop::Order$order-43	1	6e0314d7-e91f-5a98-9d05-39a85dae5b7a	2026-01-02 03:28:47.679014
129	Shop::Order$order-47	1	1fde01a6-a75e-515d-8b0b-032121331d30	2026-01-02 03:29:00.679015
130	Shop::Order$order-56	0	d9b6c9bc-fa1a-555a-9ae9-4ac9a9e56088	2026-01-02 03:29:13.679016
131	Shop::Order$order-56	1	1f950fc0-1fc9-5a6a-b5d5-7d54baf5648d	2026-01-02 03:29:26.679017
132	Shop::Order$order-52	0	22ef5ee0-6cd1-50d6-82ce-11889e57f768	2026-01-02 03:29:39.679018
133	Shop::Order$order-56	2	2d3a77d1-e2a6-5166-a826-27b82395df97	2026-01-02 03:29:52.679019
134	Shop::Order$order-55	1	59c91fb8-5bef-5dc6-89f1-1277dc2d2edc	2026-01-02 03:30:05.67902
135	Shop::Order$order-57	0	54878eb5-e2fa-5261-8ea0-dd4990e58cd7	2026-01-02 03:30:18.679021
136	Shop::Order$order-53	0	944163ab-a23a-5ec1-a26f-a69e7c84149a	2026-01-02 03:30:31.679022
137	Shop::Order$order-52	1	8431e924-f2ac-5aec-90d5-8ec3f3999a5a	2026-01-02 03:30:44.679023
138	Shop::Order$order-58	0	778ad867-ed41-5b07-a344-b33bc89061dd	2026-01-02 03:30:57.679024
139	Shop::Order$order-53	1	d9bc6e68-5689-5938-be99-83bf55b1e517	2026-01-02 03:31:10.679025
140	Shop::Order$order-58	1	62aef15f-96ea-588b-8623-f1ed7124aa7e	2026-01-02 03:31:23.679026
141	Shop::Order$order-52	2	ff52bdce-249f-5a0e-bdc4-ccef578511d3	2026-01-02 03:31:36.679027
142	shipped	\N	ff52bdce-249f-5a0e-bdc4-ccef578511d3	2026-01-02 03:31:36.679027
143	Shop::Order$order-47	2	c45751b0-dcb6-5f82-a143-59772db83100	2026-01-02 03:31:49.679028
144	Shop::Order$order-59	0	e9065bbe-8df5-5f4c-a2d6-6c2f822def43	2026-01-02 03:32:02.679029
145	Shop::Order$order-56	3	110352bc-8b27-51c3-a618-89daaeb1b2bc	2026-01-02 03:32:15.67903
146	shipped	\N	110352bc-8b27-51c3-a618-89daaeb1b2bc	2026-01-02 03:32:15.67903
147	Shop::Order$order-53	2	8ee4b319-fc75-5e0a-a633-98c3e8cb64d3	2026-01-02 03:32:28.679031
148	Shop::Order$order-62	0	e97ba544-8dfa-5e1d-b143-784fa68a5678	2026-01-02 03:32:41.679032
149	Shop::Order$order-50	2	e67dccb6-55f6-59eb-bb81-a67cf9cea43f	2026-01-02 03:32:54.679033
150	Shop::Order$order-62	1	4b8dec87-8267-5723-ac7f-20cb08d9cef1	2026-01-02 03:33:07.679034
151	Shop::Order$order-59	1	73b8d1db-e40c-5906-8510-2d5f533c0563	2026-01-02 03:33:20.679035
152	Shop::Order$order-60	0	73bade84-02b5-51e5-b1d1-dd6a9da09517	2026-01-02 03:33:33.679036
153	Shop::Order$order-61	0	c711a41c-6133-5d2b-969d-cad1e004a82f	2026-01-02 03:33:46.679037
154	Shop::Order$order-60	1	316eed58-fd3b-5ab8-b220-14c16890f5cc	2026-01-02 03:33:59.679038
155	shipped	\N	316eed58-fd3b-5ab8-b220-14c16890f5cc	2026-01-02 03:33:59.679038
156	Shop::Order$order-65	0	b5f72e07-ea1e-51f6-9f4d-460e2c0424fe	2026-01-02 03:34:12.679039
157	Shop::Order$order-61	1	67969b71-8b83-56d3-bb26-9c944fbd5e0a	2026-01-02 03:34:25.67904
158	Shop::Order$order-64	0	a824bf26-4f51-5a33-aeff-0b92b6e93d30	2026-01-02 03:34:38.679041
159	Shop::Order$order-64	1	fe9db131-e85f-57b5-b588-848f94726a3e	2026-01-02 03:34:51.679042
160	Shop::Order$order-64	2	d913316c-a475-5ced-a212-7635a05ff9d3	2026-01-02 03:35:04.679043
161	shipped	\N	d913316c-a475-5ced-a212-7635a05ff9d3	2026-01-02 03:35:04.679043
162	Shop::Order$order-59	2	eff643b0-37fe-5e2d-8daf-2ff32e70a48d	2026-01-02 03:35:17.679044
163	Shop::Order$order-63	0	bd1b65cc-cfd5-5713-9a42-a192596a5827	2026-01-02 03:35:30.679045
164	Shop::Order$order-67	0	403ef3da-020a-505f-8fbc-4b730fe18890	2026-01-02 03:35:43.679046
165	Shop::Order$order-67	1	3df0f83a-4369-517d-886f-9749a9a0ba2e	2026-01-02 03:35:56.679047
166	Shop::Order$order-69	0	75a5dea7-6963-5a9a-ba90-0bd0496cb84a	2026-01-02 03:36:09.679048
167	Shop::Order$order-66	0	ece79b6c-24ea-5efc-b6c2-90cef9874d12	2026-01-02 03:36:22.679049
168	Shop::Order$order-65	1	11c21dce-2997-5b36-8423-7260d7116c55	2026-01-02 03:36:35.67905
169	Shop::Order$order-70	0	a7841664-698f-56be-b8f6-397950dfd94d	2026-01-02 03:36:48.679051
170	Shop::Order$order-71	0	48009937-2b97-56d2-ad62-df01a66fbd00	2026-01-02 03:37:01.679052
171	Shop::Order$order-68	0	73fa3b23-652c-57f2-8438-5c6002fca811	2026-01-02 03:37:14.679053
172	Shop::Order$order-72	0	136484f9-e5b0-50e7-82c8-ff25606ea9e3	2026-01-02 03:37:27.679054
173	Shop::Order$order-70	1	4fdb55f9-f04a-5ce0-9a8f-4d421c9af555	2026-01-02 03:37:40.679055
174	Shop::Order$order-68	1	57fa8c39-0429-5043-a241-e1ca90d16d07	2026-01-02 03:37:53.679056
175	Shop::Order$order-73	0	a00dc9b8-49e0-5d9e-9275-31af477b93bd	2026-01-02 03:38:06.679057
176	Shop::Order$order-71	1	2af9fec5-df2d-57cb-8169-8fd641410214	2026-01-02 03:38:19.679058
177	Shop::Order$order-65	2	2c2721cd-04d7-57fd-874e-577fa824a57c	2026-01-02 03:38:32.679059
178	Shop::Order$order-68	2	6ebe0973-3c17-543f-8fde-683c9eca5a56	2026-01-02 03:38:45.67906
179	Shop::Order$order-62	2	85230c54-0b1d-5279-86fc-25c6d851691a	2026-01-02 03:38:58.679061
180	Shop::Order$order-71	2	d551775d-d92c-5255-9746-c170e94e4595	2026-01-02 03:39:11.679062
181	Shop::Order$order-72	1	d0a26d25-7819-598f-909e-ebbc05c065b0	2026-01-02 03:39:24.679063
182	shipped	\N	d0a26d25-7819-598f-909e-ebbc05c065b0	2026-01-02 03:39:24.679063
183	Shop::Order$order-73	1	48d4f981-987a-5863-ac8c-ada1ede821f2	2026-01-02 03:39:37.679064
184	Shop::Order$order-78	0	2dfc2f44-6a33-5df8-9d21-140c77abf4be	2026-01-02 03:39:50.679065
185	Shop::Order$order-74	0	57231481-c839-593c-a0b4-ab0d452f773a	2026-01-02 03:40:03.679066
186	Shop::Order$order-68	3	772a5a31-b165-5ba5-bc97-51304d620593	2026-01-02 03:40:16.679067
187	shipped	\N	772a5a31-b165-5ba5-bc97-51304d620593	2026-01-02 03:40:16.679067
188	Shop::Order$order-77	0	b48f9737-2d53-5259-ba11-da1f4454a304	2026-01-02 03:40:29.679068
189	Shop::Order$order-79	0	ae7c07c3-f97a-5b42-b5d3-bccd78b506fb	2026-01-02 03:40:42.679069
190	Shop::Order$order-75	0	349be4d6-a414-5241-ac60-924ab9a02b84	2026-01-02 03:40:55.67907
191	Shop::Order$order-77	1	625848b8-d9a1-5d0b-af56-1846f3708ff1	2026-01-02 03:41:08.679071
192	Shop::Order$order-77	2	309a6c5f-aafa-5204-aaf2-f09ee491c3e8	2026-01-02 03:41:21.679072
193	Shop::Order$order-74	1	32f7ea1c-56cd-5f02-96fe-f45afed3e030	2026-01-02 03:41:34.679073
194	Shop::Order$order-74	2	969713b8-f72b-5560-a596-206523c03578	2026-01-02 03:41:47.679074
195	Shop::Order$order-79	1	20102819-7c06-5221-abfe-246a32341183	2026-01-02 03:42:00.679075
196	Shop::Order$order-76	0	b709a6c1-e155-500a-82b9-c6ca9f25bdf4	2026-01-02 03:42:13.679076
197	Shop::Order$order-76	1	c9bfdb7f-a148-57d0-bd26-f69507f5331e	2026-01-02 03:42:26.679077
198	Shop::Order$order-76	2	c16355b8-fd23-5b96-bf9e-3c55a9a8daea	2026-01-02 03:42:39.679078
199	shipped	\N	c16355b8-fd23-5b96-bf9e-3c55a9a8daea	2026-01-02 03:42:39.679078
\.


--
-- Name: event_store_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.event_store_events_id_seq', 180, true);


--
-- Name: event_store_events_in_streams_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.event_store_events_in_streams_id_seq', 199, true);


--
-- Name: event_store_events_in_streams event_store_events_in_streams_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_store_events_in_streams
    ADD CONSTRAINT event_store_events_in_streams_pkey PRIMARY KEY (id);


--
-- Name: event_store_events event_store_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_store_events
    ADD CONSTRAINT event_store_events_pkey PRIMARY KEY (id);


--
-- Name: event_store_events_in_streams_stream_event_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX event_store_events_in_streams_stream_event_id_idx ON public.event_store_events_in_streams USING btree (stream, event_id);


--
-- Name: event_store_events_in_streams_stream_position_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX event_store_events_in_streams_stream_position_idx ON public.event_store_events_in_streams USING btree (stream, "position");


--
-- Name: index_event_store_events_on_event_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX index_event_store_events_on_event_id ON public.event_store_events USING btree (event_id);


--
-- Name: event_store_events_in_streams event_store_events_in_streams_event_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_store_events_in_streams
    ADD CONSTRAINT event_store_events_in_streams_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event_store_events(event_id);


--
-- PostgreSQL database dump complete
--


