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
-- Name: mt_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mt_events (
    seq_id bigint NOT NULL,
    id uuid NOT NULL,
    stream_id uuid,
    version bigint NOT NULL,
    data jsonb NOT NULL,
    bdata bytea,
    type character varying(500) NOT NULL,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    mt_dotnet_type character varying,
    correlation_id character varying,
    causation_id character varying,
    headers jsonb,
    is_archived boolean DEFAULT false
);


--
-- Name: mt_events_sequence; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.mt_events_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: mt_events_sequence; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.mt_events_sequence OWNED BY public.mt_events.seq_id;


--
-- Name: mt_streams; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mt_streams (
    id uuid NOT NULL,
    type character varying,
    version bigint,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    snapshot jsonb,
    snapshot_version integer,
    created timestamp with time zone DEFAULT now() NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    is_archived boolean DEFAULT false
);


--
-- Data for Name: mt_events; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.mt_events (seq_id, id, stream_id, version, data, bdata, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived) FROM stdin;
1	838da75a-0fa1-5669-b9aa-70ddc6e0f40e	d429e62f-b750-522a-9d56-c9d2d4465090	1	{"customer": "tab\\tnl\\nend", "order_id": "order-2", "total_cents": 225}	\N	order_placed_v2	2026-01-02 03:04:05.6789+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
2	f8212b47-15bd-5d8c-884a-26d71f3bb62c	48414203-5358-51fa-9611-1b3e449287f3	1	{"total": 1.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-1"}	\N	order_placed	2026-01-02 03:04:18.678901+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
3	f8916b42-e3f4-5e1c-81ba-1c4783ba390f	c0ba18d9-959d-5ba9-8c55-f2d8b5f54b82	1	{"total": 3.25, "customer": "emoji 🦀 ẞ", "order_id": "order-3"}	\N	order_placed	2026-01-02 03:04:31.678902+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
4	88bb00c7-14c6-5357-9770-7b930c0f2f06	09bf9229-1786-5a8f-9020-53bfc5a701a5	1	{"customer": "O'Neil", "order_id": "order-6", "total_cents": 625}	\N	order_placed_v2	2026-01-02 03:04:44.678903+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
5	860978ea-4efb-5149-9398-c5a829b33bb4	52ffc805-4943-58f3-9087-ee65e75881dc	1	{"customer": "plain", "order_id": "order-0", "total_cents": 25}	\N	order_placed_v2	2026-01-02 03:04:57.678904+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
6	98bb0dab-3724-53ef-9c9c-e918e7ab8752	52ffc805-4943-58f3-9087-ee65e75881dc	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-0"}	\N	order_shipped	2026-01-02 03:05:10.678905+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "a,b;c:d"}	f
7	ed791496-dbbf-5886-bb57-b0e109a55569	604e6870-178a-5a7e-b1db-db3977b9e617	1	{"total": 7.25, "customer": "plain", "order_id": "order-7"}	\N	order_placed	2026-01-02 03:05:23.678906+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	t
8	fd9939fd-3453-5966-8fea-faff5caa4d76	48414203-5358-51fa-9611-1b3e449287f3	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-1"}	\N	item_added	2026-01-02 03:05:36.678907+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
9	eb88b77e-672a-5fa1-ab0c-1b94d32d55f4	e7e395f1-6cb1-500e-a7de-ced14fbaf7ca	1	{"total": 5.25, "customer": "a,b;c:d", "order_id": "order-5"}	\N	order_placed	2026-01-02 03:05:49.678908+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
10	b814bf3a-d4e6-5803-8e9c-6a49d20df15d	9c71f800-53bc-5ca5-a995-d3acb072f93d	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-8", "total_cents": 825}	\N	order_placed_v2	2026-01-02 03:06:02.678909+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
11	7a758a58-182e-5668-b540-1635a1b09d5e	d429e62f-b750-522a-9d56-c9d2d4465090	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-2"}	\N	item_added	2026-01-02 03:06:15.67891+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
12	2a1786c9-f82a-54b8-953f-35ce7114f5aa	9c71f800-53bc-5ca5-a995-d3acb072f93d	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-8"}	\N	item_added	2026-01-02 03:06:28.678911+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
13	6c690965-0e71-549a-9dc7-08cc37f71dd6	d2a96faf-3023-54da-be6d-c712b3136744	1	{"customer": " sep", "order_id": "order-4", "total_cents": 425}	\N	order_placed_v2	2026-01-02 03:06:41.678912+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
14	84e40c0f-6445-52f2-bffd-139f9b568259	d429e62f-b750-522a-9d56-c9d2d4465090	3	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-2"}	\N	item_added	2026-01-02 03:06:54.678913+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
15	bcf60d70-faec-5eed-bb06-8eae3b6b65ca	d2a96faf-3023-54da-be6d-c712b3136744	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-4"}	\N	item_added	2026-01-02 03:07:07.678914+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
16	8b786636-d8cb-53cd-b19f-e7825f339c66	9c71f800-53bc-5ca5-a995-d3acb072f93d	3	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-8"}	\N	item_added	2026-01-02 03:07:20.678915+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
17	92c0135f-f954-5c5b-aa00-24b98963e169	9c71f800-53bc-5ca5-a995-d3acb072f93d	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-8"}	\N	order_shipped	2026-01-02 03:07:33.678916+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
18	8d70019d-e27b-586f-aa74-97800f919c24	d2a96faf-3023-54da-be6d-c712b3136744	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-4"}	\N	order_shipped	2026-01-02 03:07:46.678917+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
19	776a0e46-3cca-5286-8013-9ba6564c471a	604e6870-178a-5a7e-b1db-db3977b9e617	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-7"}	\N	item_added	2026-01-02 03:07:59.678918+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	t
20	d877a5a9-b253-55c3-acb6-1a8dcf058104	e7e395f1-6cb1-500e-a7de-ced14fbaf7ca	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-5"}	\N	item_added	2026-01-02 03:08:12.678919+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
21	b064e55a-efb8-5872-845d-5b5a4e0b0d1b	2fc5ff06-88b1-5699-a746-c566165f4865	1	{"customer": "a,b;c:d", "order_id": "order-12", "total_cents": 1225}	\N	order_placed_v2	2026-01-02 03:08:25.67892+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
22	824a104c-92db-59bf-9a94-4ceafd5ab8cd	897322cc-9453-5791-b4ed-2027b68eb695	1	{"total": 11.25, "customer": " sep", "order_id": "order-11"}	\N	order_placed	2026-01-02 03:08:38.678921+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
23	53793f90-787e-5841-aaf4-07ea1f76b324	e7e395f1-6cb1-500e-a7de-ced14fbaf7ca	3	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-5"}	\N	item_added	2026-01-02 03:08:51.678922+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
24	c7ce3a89-2d32-5423-8735-dd901ea0c046	ac30c335-6df3-584a-acf3-dc0ec6fa6c7f	1	{"total": 13.25, "customer": "O'Neil", "order_id": "order-13"}	\N	order_placed	2026-01-02 03:09:04.678923+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
25	de224d1d-9a75-59d9-8020-852e33c0243d	08a8c3c3-cbaf-595c-9489-b40ce6182ac6	1	{"total": 9.25, "customer": "tab\\tnl\\nend", "order_id": "order-9"}	\N	order_placed	2026-01-02 03:09:17.678924+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
26	e85aebe7-baf0-5b9d-9981-3cb50360b7b6	897322cc-9453-5791-b4ed-2027b68eb695	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-11"}	\N	item_added	2026-01-02 03:09:30.678925+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
27	4bc07024-ce80-5f5f-83ff-4d0ff3101a51	443ae9ab-99c6-50da-8be5-411355f0e555	1	{"total": 15.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-15"}	\N	order_placed	2026-01-02 03:09:43.678926+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
28	d304d44e-22c7-5ce3-b28f-3459e00c826a	29a5da00-6032-5a82-924d-53d5dcfb23c6	1	{"customer": "tab\\tnl\\nend", "order_id": "order-16", "total_cents": 1625}	\N	order_placed_v2	2026-01-02 03:09:56.678927+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
29	df0e5580-b019-5cb6-a3b4-52ce763a240b	e01230ed-dfb8-5eb1-90bc-c72427277b6e	1	{"customer": "plain", "order_id": "order-14", "total_cents": 1425}	\N	order_placed_v2	2026-01-02 03:10:09.678928+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
30	4ffa6fb3-1392-5959-a772-10a59c19ba0c	ff16dc05-e39b-5b8f-8171-a1dac7facba5	1	{"customer": "emoji 🦀 ẞ", "order_id": "order-10", "total_cents": 1025}	\N	order_placed_v2	2026-01-02 03:10:22.678929+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
31	81e58f47-3975-5452-8891-a2f567335b76	e01230ed-dfb8-5eb1-90bc-c72427277b6e	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-14"}	\N	item_added	2026-01-02 03:10:35.67893+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
32	51f543ab-5fcd-539f-ba85-3333de8460a2	e01230ed-dfb8-5eb1-90bc-c72427277b6e	3	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-14"}	\N	item_added	2026-01-02 03:10:48.678931+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
33	448faac1-b3b1-50ae-bc63-22c00c8ffced	ac30c335-6df3-584a-acf3-dc0ec6fa6c7f	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-13"}	\N	item_added	2026-01-02 03:11:01.678932+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
34	cbd277ba-384a-5416-8d24-a944ed17263a	ff16dc05-e39b-5b8f-8171-a1dac7facba5	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-10"}	\N	item_added	2026-01-02 03:11:14.678933+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
35	fd69efc1-3862-5574-970d-d36b561c5da6	2fc5ff06-88b1-5699-a746-c566165f4865	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-12"}	\N	order_shipped	2026-01-02 03:11:27.678934+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "O'Neil"}	f
36	45c8a3c7-721d-5776-a90c-a98267a20f87	897322cc-9453-5791-b4ed-2027b68eb695	3	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-11"}	\N	item_added	2026-01-02 03:11:40.678935+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
37	fb96f94c-cc9f-57fe-93f1-aa7ab57f721f	f752272c-b1e4-54e3-8424-b003af3327c7	1	{"customer": "O'Neil", "order_id": "order-20", "total_cents": 2025}	\N	order_placed_v2	2026-01-02 03:11:53.678936+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
38	50b47fc0-d348-53af-945a-2a1611c40a5b	13842d0d-ae03-5ef3-82e6-889bb455738c	1	{"total": 17.25, "customer": "emoji 🦀 ẞ", "order_id": "order-17"}	\N	order_placed	2026-01-02 03:12:06.678937+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
39	343563fc-b9b4-585c-a04d-6b48309bf375	bd52e82a-cffa-536f-a797-13259d127918	1	{"customer": " sep", "order_id": "order-18", "total_cents": 1825}	\N	order_placed_v2	2026-01-02 03:12:19.678938+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
40	ed33bdbf-8525-594e-bd05-0452cf1b9a18	f752272c-b1e4-54e3-8424-b003af3327c7	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-20"}	\N	item_added	2026-01-02 03:12:32.678939+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
41	1c5d2d7d-4d1b-5fb7-b48f-f1ef4d8729d4	13842d0d-ae03-5ef3-82e6-889bb455738c	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-17"}	\N	item_added	2026-01-02 03:12:45.67894+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
42	5f6fd435-9adc-5b42-911a-d5c22c177ee2	b592940d-cdd4-5e3c-8899-ee84b952a241	1	{"total": 21.25, "customer": "plain", "order_id": "order-21"}	\N	order_placed	2026-01-02 03:12:58.678941+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
43	dcec0700-0241-5a44-8ca5-07b145378cb2	29a5da00-6032-5a82-924d-53d5dcfb23c6	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-16"}	\N	item_added	2026-01-02 03:13:11.678942+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
44	041c9309-040b-5dd3-919e-cda539eb2bee	e2bb7716-c52e-59ba-b1d1-42c78983739e	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-22", "total_cents": 2225}	\N	order_placed_v2	2026-01-02 03:13:24.678943+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
45	5a890c32-6845-5963-91dd-10a5a4993cc9	0fce0cae-30fb-5845-92f7-b94e0565ec5d	1	{"total": 19.25, "customer": "a,b;c:d", "order_id": "order-19"}	\N	order_placed	2026-01-02 03:13:37.678944+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
46	2d86fde9-1d39-548f-9672-ad812281ca40	e2bb7716-c52e-59ba-b1d1-42c78983739e	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-22"}	\N	item_added	2026-01-02 03:13:50.678945+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
47	0b92ba35-c274-5737-9366-f6197cd3e36a	3518d3df-5f75-5d1b-989d-5cc13df9ddbb	1	{"customer": "emoji 🦀 ẞ", "order_id": "order-24", "total_cents": 2425}	\N	order_placed_v2	2026-01-02 03:14:03.678946+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
48	7a353752-9492-50f1-8656-4f27ae288fec	13842d0d-ae03-5ef3-82e6-889bb455738c	3	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-17"}	\N	item_added	2026-01-02 03:14:16.678947+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
49	29d48346-8455-5147-8b06-a774a78058be	29a5da00-6032-5a82-924d-53d5dcfb23c6	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-16"}	\N	order_shipped	2026-01-02 03:14:29.678948+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "O'Neil"}	f
51	4ad35e10-2fe3-5bf0-8d02-65ecf2e6e483	021de185-fa3e-5d43-8d49-a8e67b95bb7d	1	{"total": 25.25, "customer": " sep", "order_id": "order-25"}	\N	order_placed	2026-01-02 03:14:42.678949+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
52	aef01841-e8e8-51b9-845a-7f9b9111a74a	021de185-fa3e-5d43-8d49-a8e67b95bb7d	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-25"}	\N	item_added	2026-01-02 03:14:55.67895+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
53	2618d21e-e924-5122-8572-0d9db165c547	d40e3f99-72d7-5823-8d75-9190ccced733	1	{"total": 27.25, "customer": "O'Neil", "order_id": "order-27"}	\N	order_placed	2026-01-02 03:15:08.678951+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
54	2c4a4259-28fe-57db-8561-98054deaee25	f752272c-b1e4-54e3-8424-b003af3327c7	3	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-20"}	\N	item_added	2026-01-02 03:15:21.678952+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
55	651b884c-f686-553e-8838-6a073547ffca	f6854af6-d201-5c5c-90f3-d8eae1107a58	1	{"total": 23.25, "customer": "tab\\tnl\\nend", "order_id": "order-23"}	\N	order_placed	2026-01-02 03:15:34.678953+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
56	b5dbf052-ec11-5b05-a529-361bf0215716	0fce0cae-30fb-5845-92f7-b94e0565ec5d	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-19"}	\N	item_added	2026-01-02 03:15:47.678954+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
57	dd26ac4b-2ea9-5ad4-92ae-c0b4d670284a	492abc8c-b56d-574b-b91c-94d8d510056b	1	{"customer": "plain", "order_id": "order-28", "total_cents": 2825}	\N	order_placed_v2	2026-01-02 03:16:00.678955+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
58	5b688748-53d7-5747-ac8a-92ea08a01ae6	d6e07d57-d0a9-58a7-a395-ba61f487acaa	1	{"total": 29.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-29"}	\N	order_placed	2026-01-02 03:16:13.678956+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
59	a6eb292f-94d9-5a37-b917-973552d1dabb	f752272c-b1e4-54e3-8424-b003af3327c7	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-20"}	\N	order_shipped	2026-01-02 03:16:26.678957+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
60	d5d6edbd-eec1-575c-a9c5-e513ed090214	d6e07d57-d0a9-58a7-a395-ba61f487acaa	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-29"}	\N	item_added	2026-01-02 03:16:39.678958+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
61	a22f51e3-4d44-5f60-bd7a-3005a1b51df2	f6854af6-d201-5c5c-90f3-d8eae1107a58	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-23"}	\N	item_added	2026-01-02 03:16:52.678959+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
62	f7434aad-b203-59cd-b610-41664dc2314d	d6e07d57-d0a9-58a7-a395-ba61f487acaa	3	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-29"}	\N	item_added	2026-01-02 03:17:05.67896+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
63	86e46e07-0e84-5e45-b866-2ebb9bb1664b	3518d3df-5f75-5d1b-989d-5cc13df9ddbb	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-24"}	\N	order_shipped	2026-01-02 03:17:18.678961+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "a,b;c:d"}	f
64	4a43e1f6-c49d-5bee-a7eb-4aa63fc1b28e	2605dee4-5d71-5ac7-ba6e-23a948aff189	1	{"customer": "tab\\tnl\\nend", "order_id": "order-30", "total_cents": 3025}	\N	order_placed_v2	2026-01-02 03:17:31.678962+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
65	93b144cf-d52a-5c16-88dc-64b70d1e5849	84adae5d-d02a-5c45-a211-d1314e339a49	1	{"total": 33.25, "customer": "a,b;c:d", "order_id": "order-33"}	\N	order_placed	2026-01-02 03:17:44.678963+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
66	def06c64-ec87-5bef-be9c-b0d5a9c4a5d7	98171d6d-ba20-565c-abee-859b4aa72d8b	1	{"customer": " sep", "order_id": "order-32", "total_cents": 3225}	\N	order_placed_v2	2026-01-02 03:17:57.678964+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
67	85735d9b-0e3a-57f2-a92f-cbe73bd97887	eae46636-baad-53f9-a83f-8fd4515cd8cd	1	{"total": 31.25, "customer": "emoji 🦀 ẞ", "order_id": "order-31"}	\N	order_placed	2026-01-02 03:18:10.678965+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
68	42730285-2d3d-5edf-b3e5-ba52e85711ae	492abc8c-b56d-574b-b91c-94d8d510056b	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-28"}	\N	item_added	2026-01-02 03:18:23.678966+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
69	2a08a37b-d21f-55da-9ded-b48f1da4b940	eae46636-baad-53f9-a83f-8fd4515cd8cd	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-31"}	\N	item_added	2026-01-02 03:18:36.678967+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
70	24ed8031-33eb-5e8c-b014-e5855a46e3a1	9c84fe01-88d0-5d9c-ad59-cf88ef3df35b	1	{"customer": "O'Neil", "order_id": "order-34", "total_cents": 3425}	\N	order_placed_v2	2026-01-02 03:18:49.678968+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
71	10d466d5-8128-5145-9e4c-5e80f2b938f9	98171d6d-ba20-565c-abee-859b4aa72d8b	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-32"}	\N	item_added	2026-01-02 03:19:02.678969+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
72	5f224103-94e6-5787-9f8e-6d5bd1003844	492abc8c-b56d-574b-b91c-94d8d510056b	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-28"}	\N	order_shipped	2026-01-02 03:19:15.67897+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "plain"}	f
73	051484fa-4e98-50eb-a564-f6643f0942fe	98171d6d-ba20-565c-abee-859b4aa72d8b	3	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-32"}	\N	item_added	2026-01-02 03:19:28.678971+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
74	4d0bcb50-6c83-52e8-aaa9-d4f2abd2814c	e00a6415-d6c3-5504-9ed7-66dca6d765e6	1	{"customer": "a,b;c:d", "order_id": "order-26", "total_cents": 2625}	\N	order_placed_v2	2026-01-02 03:19:41.678972+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
75	a29946e7-dcc5-5baf-84d0-903e071c2dd8	e00a6415-d6c3-5504-9ed7-66dca6d765e6	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-26"}	\N	item_added	2026-01-02 03:19:54.678973+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
76	f0d094ed-6b7a-580a-85c2-3fb66328bc57	7ed22b88-1552-54ef-b44f-c277dd65b436	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-36", "total_cents": 3625}	\N	order_placed_v2	2026-01-02 03:20:07.678974+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
77	4a2bf5f4-42cf-56a4-99a7-e2c7a33d7f56	e00a6415-d6c3-5504-9ed7-66dca6d765e6	3	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-26"}	\N	item_added	2026-01-02 03:20:20.678975+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
78	759410e5-4fbd-5631-b013-e624cf8b8a85	f6854af6-d201-5c5c-90f3-d8eae1107a58	3	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-23"}	\N	item_added	2026-01-02 03:20:33.678976+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
79	ab5375e0-73ca-5611-ba99-6de71eaca83b	9ee7e41c-b74e-5027-8efa-551e632f1315	1	{"total": 37.25, "customer": "tab\\tnl\\nend", "order_id": "order-37"}	\N	order_placed	2026-01-02 03:20:46.678977+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
80	3ad0557f-5b58-5916-b502-733c96fed87a	fa9d96a6-3662-5aff-b71e-a2cffb8d3447	1	{"total": 35.25, "customer": "plain", "order_id": "order-35"}	\N	order_placed	2026-01-02 03:20:59.678978+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
81	895ad73c-e8f9-5e6f-b16c-2c17faaf2698	9ee7e41c-b74e-5027-8efa-551e632f1315	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-37"}	\N	item_added	2026-01-02 03:21:12.678979+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
82	fe5c0b4d-84ac-5c99-8dae-8c93e3374494	7ed22b88-1552-54ef-b44f-c277dd65b436	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-36"}	\N	order_shipped	2026-01-02 03:21:25.67898+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
83	021a8af6-a037-5388-affd-10bdeea842f0	fa9d96a6-3662-5aff-b71e-a2cffb8d3447	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-35"}	\N	item_added	2026-01-02 03:21:38.678981+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
84	bf4dcb07-6e32-51ad-9eeb-64375f907f8c	a0fdd511-aa97-57f9-8d20-9a0d7c941dd1	1	{"customer": "a,b;c:d", "order_id": "order-40", "total_cents": 4025}	\N	order_placed_v2	2026-01-02 03:21:51.678982+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
85	525b2c89-06fc-56a7-9c3c-c4a98fda6f60	5c9de15f-9ad5-59c3-9637-b51758451de8	1	{"customer": "emoji 🦀 ẞ", "order_id": "order-38", "total_cents": 3825}	\N	order_placed_v2	2026-01-02 03:22:04.678983+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
86	f65d3717-1460-5101-a293-d3bab96ac448	fa9d96a6-3662-5aff-b71e-a2cffb8d3447	3	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-35"}	\N	item_added	2026-01-02 03:22:17.678984+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
87	c8830289-c4b0-5c20-a1f6-ebec998d18fe	a0fdd511-aa97-57f9-8d20-9a0d7c941dd1	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-40"}	\N	item_added	2026-01-02 03:22:30.678985+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
88	8ee37e1d-19b0-5212-9efc-0748682ae4cb	98171d6d-ba20-565c-abee-859b4aa72d8b	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-32"}	\N	order_shipped	2026-01-02 03:22:43.678986+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
89	fd4fb348-8ca7-5d5f-9a45-643ffdf46e27	9c84fe01-88d0-5d9c-ad59-cf88ef3df35b	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-34"}	\N	item_added	2026-01-02 03:22:56.678987+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
90	fec614e8-55f8-5415-94ca-bf0633121949	20818d87-34bb-5c4e-b14d-e3674b9f022c	1	{"customer": "plain", "order_id": "order-42", "total_cents": 4225}	\N	order_placed_v2	2026-01-02 03:23:09.678988+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
91	23219999-1394-5440-9e3e-2e2cc81dba6e	0f77bea8-ada4-5630-9062-33268b870dd3	1	{"total": 41.25, "customer": "O'Neil", "order_id": "order-41"}	\N	order_placed	2026-01-02 03:23:22.678989+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
92	d2720248-5934-54b8-aebd-cc11e0eee411	5bd53529-6a3f-59d5-a52e-09aea55f93d9	1	{"total": 39.25, "customer": " sep", "order_id": "order-39"}	\N	order_placed	2026-01-02 03:23:35.67899+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
93	4d947388-db05-5f78-981f-76bc02237562	0f77bea8-ada4-5630-9062-33268b870dd3	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-41"}	\N	item_added	2026-01-02 03:23:48.678991+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
94	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4	a0fdd511-aa97-57f9-8d20-9a0d7c941dd1	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-40"}	\N	order_shipped	2026-01-02 03:24:01.678992+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
95	c82e20da-ca82-59f4-bc34-3d9043be63d6	5cfd9135-6fe2-5ceb-a885-f0dfcf87bdcc	1	{"customer": "tab\\tnl\\nend", "order_id": "order-44", "total_cents": 4425}	\N	order_placed_v2	2026-01-02 03:24:14.678993+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
96	145c33a0-15fd-5ed1-80f4-79903a67d65c	5cfd9135-6fe2-5ceb-a885-f0dfcf87bdcc	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-44"}	\N	item_added	2026-01-02 03:24:27.678994+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
97	9af2e84c-3567-5959-a3b1-e58638584826	5c9de15f-9ad5-59c3-9637-b51758451de8	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-38"}	\N	item_added	2026-01-02 03:24:40.678995+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
98	174c496d-ba87-5d4d-bcaa-4a2307840be4	ec701c07-463f-5956-93d3-9c1f5b392307	1	{"customer": " sep", "order_id": "order-46", "total_cents": 4625}	\N	order_placed_v2	2026-01-02 03:24:53.678996+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
99	57314612-f9b8-5792-969d-6ba7d0d98390	5c9de15f-9ad5-59c3-9637-b51758451de8	3	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-38"}	\N	item_added	2026-01-02 03:25:06.678997+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
100	15b3f2ef-a908-56b3-9901-9de9b1efc1bc	ec701c07-463f-5956-93d3-9c1f5b392307	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-46"}	\N	item_added	2026-01-02 03:25:19.678998+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
102	9f9ce012-e476-5f3c-97b3-d603f3f0d137	5decefb0-5861-5160-89d5-567c5c93d8fa	1	{"total": 47.25, "customer": "a,b;c:d", "order_id": "order-47"}	\N	order_placed	2026-01-02 03:25:32.678999+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
103	bf5a8fae-7454-5aa0-beba-377cd1287d2c	5cfd9135-6fe2-5ceb-a885-f0dfcf87bdcc	3	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-44"}	\N	item_added	2026-01-02 03:25:45.679+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
104	b10afb40-8b7f-565e-a048-5fb85fc434bb	5cfd9135-6fe2-5ceb-a885-f0dfcf87bdcc	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-44"}	\N	order_shipped	2026-01-02 03:25:58.679001+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
105	27cb1ed2-e6fb-5b6d-aa18-c9c11cf7f9e9	4f832d75-0cca-570e-ba00-cd281efc391d	1	{"total": 49.25, "customer": "plain", "order_id": "order-49"}	\N	order_placed	2026-01-02 03:26:11.679002+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
106	2e37d324-e976-5c7c-9c65-6fe08f0567d7	be3d793c-a712-5c81-85ad-f904e278dc17	1	{"total": 45.25, "customer": "emoji 🦀 ẞ", "order_id": "order-45"}	\N	order_placed	2026-01-02 03:26:24.679003+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
107	2f19f2ae-457a-502c-82e3-019e144baba0	4f832d75-0cca-570e-ba00-cd281efc391d	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-49"}	\N	item_added	2026-01-02 03:26:37.679004+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
108	a515bc12-fac4-525a-b7d0-9692119d9856	9072b0f5-2513-5e10-8db5-4b1b3420a20b	1	{"customer": "O'Neil", "order_id": "order-48", "total_cents": 4825}	\N	order_placed_v2	2026-01-02 03:26:50.679005+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
109	a10f9a71-610c-58a4-bebe-d62edd4b01ea	d5c5ddfb-5da4-5f58-950e-7860f53d4a01	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-50", "total_cents": 5025}	\N	order_placed_v2	2026-01-02 03:27:03.679006+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
110	d6387479-befb-56a3-934a-4ed0e92d55e8	9072b0f5-2513-5e10-8db5-4b1b3420a20b	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-48"}	\N	order_shipped	2026-01-02 03:27:16.679007+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
111	3eca7baa-cd00-5afa-b2d0-e659cce91867	0f77bea8-ada4-5630-9062-33268b870dd3	3	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-41"}	\N	item_added	2026-01-02 03:27:29.679008+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
112	6a1e0041-bddf-5a6b-9de3-2a18f1f062a9	dc3c8b00-2204-5f05-83f5-1ac64d7a74bb	1	{"total": 43.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-43"}	\N	order_placed	2026-01-02 03:27:42.679009+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
113	6229f482-2620-5d4c-a9e3-a1d7421332a9	d5c5ddfb-5da4-5f58-950e-7860f53d4a01	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-50"}	\N	item_added	2026-01-02 03:27:55.67901+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
114	32f1d744-e944-5b59-a6ef-feda3ea611c1	d7046c7f-4d64-554a-8ac3-59b5fc9a4c9a	1	{"total": 51.25, "customer": "tab\\tnl\\nend", "order_id": "order-51"}	\N	order_placed	2026-01-02 03:28:08.679011+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
115	e585319a-9656-5c54-b131-90943466b453	1a51eec0-0c90-598b-bf79-7b3fc29fa00b	1	{"customer": "a,b;c:d", "order_id": "order-54", "total_cents": 5425}	\N	order_placed_v2	2026-01-02 03:28:21.679012+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
116	395b213b-2186-5355-bc82-060b05e12418	9aea7155-0e99-5e83-9776-fa0ebc477a58	1	{"total": 55.25, "customer": "O'Neil", "order_id": "order-55"}	\N	order_placed	2026-01-02 03:28:34.679013+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
117	6e0314d7-e91f-5a98-9d05-39a85dae5b7a	dc3c8b00-2204-5f05-83f5-1ac64d7a74bb	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-43"}	\N	item_added	2026-01-02 03:28:47.679014+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
118	1fde01a6-a75e-515d-8b0b-032121331d30	5decefb0-5861-5160-89d5-567c5c93d8fa	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-47"}	\N	item_added	2026-01-02 03:29:00.679015+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
119	d9b6c9bc-fa1a-555a-9ae9-4ac9a9e56088	302b5d6d-221a-51da-81b5-f9bd5e314d4d	1	{"customer": "plain", "order_id": "order-56", "total_cents": 5625}	\N	order_placed_v2	2026-01-02 03:29:13.679016+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
120	1f950fc0-1fc9-5a6a-b5d5-7d54baf5648d	302b5d6d-221a-51da-81b5-f9bd5e314d4d	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-56"}	\N	item_added	2026-01-02 03:29:26.679017+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
121	22ef5ee0-6cd1-50d6-82ce-11889e57f768	7a60a6ae-d070-5758-a7c1-631327ae3bfb	1	{"customer": "emoji 🦀 ẞ", "order_id": "order-52", "total_cents": 5225}	\N	order_placed_v2	2026-01-02 03:29:39.679018+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
122	2d3a77d1-e2a6-5166-a826-27b82395df97	302b5d6d-221a-51da-81b5-f9bd5e314d4d	3	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-56"}	\N	item_added	2026-01-02 03:29:52.679019+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
123	59c91fb8-5bef-5dc6-89f1-1277dc2d2edc	9aea7155-0e99-5e83-9776-fa0ebc477a58	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-55"}	\N	item_added	2026-01-02 03:30:05.67902+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
124	54878eb5-e2fa-5261-8ea0-dd4990e58cd7	1d7534d2-bb95-58a7-88b8-f87a7658626f	1	{"total": 57.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-57"}	\N	order_placed	2026-01-02 03:30:18.679021+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
125	944163ab-a23a-5ec1-a26f-a69e7c84149a	c881aa50-efbe-59f3-a55d-68bf453f93b5	1	{"total": 53.25, "customer": " sep", "order_id": "order-53"}	\N	order_placed	2026-01-02 03:30:31.679022+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
126	8431e924-f2ac-5aec-90d5-8ec3f3999a5a	7a60a6ae-d070-5758-a7c1-631327ae3bfb	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-52"}	\N	item_added	2026-01-02 03:30:44.679023+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
127	778ad867-ed41-5b07-a344-b33bc89061dd	03473fa1-f90c-590f-a719-a08ffc033a7c	1	{"customer": "tab\\tnl\\nend", "order_id": "order-58", "total_cents": 5825}	\N	order_placed_v2	2026-01-02 03:30:57.679024+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
128	d9bc6e68-5689-5938-be99-83bf55b1e517	c881aa50-efbe-59f3-a55d-68bf453f93b5	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-53"}	\N	item_added	2026-01-02 03:31:10.679025+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
129	62aef15f-96ea-588b-8623-f1ed7124aa7e	03473fa1-f90c-590f-a719-a08ffc033a7c	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-58"}	\N	item_added	2026-01-02 03:31:23.679026+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
130	ff52bdce-249f-5a0e-bdc4-ccef578511d3	7a60a6ae-d070-5758-a7c1-631327ae3bfb	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-52"}	\N	order_shipped	2026-01-02 03:31:36.679027+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
131	c45751b0-dcb6-5f82-a143-59772db83100	5decefb0-5861-5160-89d5-567c5c93d8fa	3	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-47"}	\N	item_added	2026-01-02 03:31:49.679028+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
132	e9065bbe-8df5-5f4c-a2d6-6c2f822def43	9990a983-e2c7-5ab3-8f57-c86908617428	1	{"total": 59.25, "customer": "emoji 🦀 ẞ", "order_id": "order-59"}	\N	order_placed	2026-01-02 03:32:02.679029+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
133	110352bc-8b27-51c3-a618-89daaeb1b2bc	302b5d6d-221a-51da-81b5-f9bd5e314d4d	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-56"}	\N	order_shipped	2026-01-02 03:32:15.67903+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": " sep"}	f
134	8ee4b319-fc75-5e0a-a633-98c3e8cb64d3	c881aa50-efbe-59f3-a55d-68bf453f93b5	3	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-53"}	\N	item_added	2026-01-02 03:32:28.679031+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
135	e97ba544-8dfa-5e1d-b143-784fa68a5678	579710bf-23b9-585e-ad94-deff0480f7f3	1	{"customer": "O'Neil", "order_id": "order-62", "total_cents": 6225}	\N	order_placed_v2	2026-01-02 03:32:41.679032+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
136	e67dccb6-55f6-59eb-bb81-a67cf9cea43f	d5c5ddfb-5da4-5f58-950e-7860f53d4a01	3	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-50"}	\N	item_added	2026-01-02 03:32:54.679033+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
137	4b8dec87-8267-5723-ac7f-20cb08d9cef1	579710bf-23b9-585e-ad94-deff0480f7f3	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-62"}	\N	item_added	2026-01-02 03:33:07.679034+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
138	73b8d1db-e40c-5906-8510-2d5f533c0563	9990a983-e2c7-5ab3-8f57-c86908617428	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-59"}	\N	item_added	2026-01-02 03:33:20.679035+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
139	73bade84-02b5-51e5-b1d1-dd6a9da09517	70a8a0b0-af44-5c87-8a6f-b2f471028f48	1	{"customer": " sep", "order_id": "order-60", "total_cents": 6025}	\N	order_placed_v2	2026-01-02 03:33:33.679036+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
140	c711a41c-6133-5d2b-969d-cad1e004a82f	f829ba52-254e-5185-94f2-3ea137fd0203	1	{"total": 61.25, "customer": "a,b;c:d", "order_id": "order-61"}	\N	order_placed	2026-01-02 03:33:46.679037+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
141	316eed58-fd3b-5ab8-b220-14c16890f5cc	70a8a0b0-af44-5c87-8a6f-b2f471028f48	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-60"}	\N	order_shipped	2026-01-02 03:33:59.679038+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "a,b;c:d"}	f
142	b5f72e07-ea1e-51f6-9f4d-460e2c0424fe	91b589a1-7bb0-5f90-8b2b-c5e1a43ad07c	1	{"total": 65.25, "customer": "tab\\tnl\\nend", "order_id": "order-65"}	\N	order_placed	2026-01-02 03:34:12.679039+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
143	67969b71-8b83-56d3-bb26-9c944fbd5e0a	f829ba52-254e-5185-94f2-3ea137fd0203	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-61"}	\N	item_added	2026-01-02 03:34:25.67904+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
144	a824bf26-4f51-5a33-aeff-0b92b6e93d30	8840d22a-63d1-581a-b8d0-7387befef0e1	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-64", "total_cents": 6425}	\N	order_placed_v2	2026-01-02 03:34:38.679041+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
145	fe9db131-e85f-57b5-b588-848f94726a3e	8840d22a-63d1-581a-b8d0-7387befef0e1	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-64"}	\N	item_added	2026-01-02 03:34:51.679042+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
146	d913316c-a475-5ced-a212-7635a05ff9d3	8840d22a-63d1-581a-b8d0-7387befef0e1	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-64"}	\N	order_shipped	2026-01-02 03:35:04.679043+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
147	eff643b0-37fe-5e2d-8daf-2ff32e70a48d	9990a983-e2c7-5ab3-8f57-c86908617428	3	{"qty": 2, "sku": "S-1", "note": " sep", "order_id": "order-59"}	\N	item_added	2026-01-02 03:35:17.679044+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
148	bd1b65cc-cfd5-5713-9a42-a192596a5827	c824bb15-e326-5b74-b9c4-3de1278229a9	1	{"total": 63.25, "customer": "plain", "order_id": "order-63"}	\N	order_placed	2026-01-02 03:35:30.679045+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
149	403ef3da-020a-505f-8fbc-4b730fe18890	00ea649b-65f9-50e5-a7b3-833876bcc71a	1	{"total": 67.25, "customer": " sep", "order_id": "order-67"}	\N	order_placed	2026-01-02 03:35:43.679046+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
150	3df0f83a-4369-517d-886f-9749a9a0ba2e	00ea649b-65f9-50e5-a7b3-833876bcc71a	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-67"}	\N	item_added	2026-01-02 03:35:56.679047+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
151	75a5dea7-6963-5a9a-ba90-0bd0496cb84a	a2f71825-342e-546f-a820-dfb265f5b6a5	1	{"total": 69.25, "customer": "O'Neil", "order_id": "order-69"}	\N	order_placed	2026-01-02 03:36:09.679048+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
153	ece79b6c-24ea-5efc-b6c2-90cef9874d12	5d41e8cb-b264-5251-9d5f-8e4555854faf	1	{"customer": "emoji 🦀 ẞ", "order_id": "order-66", "total_cents": 6625}	\N	order_placed_v2	2026-01-02 03:36:22.679049+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
154	11c21dce-2997-5b36-8423-7260d7116c55	91b589a1-7bb0-5f90-8b2b-c5e1a43ad07c	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-65"}	\N	item_added	2026-01-02 03:36:35.67905+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
155	a7841664-698f-56be-b8f6-397950dfd94d	4c704a82-f430-5a3d-a676-da8a7a9a9c20	1	{"customer": "plain", "order_id": "order-70", "total_cents": 7025}	\N	order_placed_v2	2026-01-02 03:36:48.679051+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
156	48009937-2b97-56d2-ad62-df01a66fbd00	1554ca38-bdc6-5097-a093-eeaba17e00fc	1	{"total": 71.25, "customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-71"}	\N	order_placed	2026-01-02 03:37:01.679052+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
157	73fa3b23-652c-57f2-8438-5c6002fca811	29f068f8-12ae-50ec-8ad8-bdfa8e212a59	1	{"customer": "a,b;c:d", "order_id": "order-68", "total_cents": 6825}	\N	order_placed_v2	2026-01-02 03:37:14.679053+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "O'Neil"}	f
158	136484f9-e5b0-50e7-82c8-ff25606ea9e3	fb87f018-545a-5cf9-b6af-66a71e7c92d7	1	{"customer": "tab\\tnl\\nend", "order_id": "order-72", "total_cents": 7225}	\N	order_placed_v2	2026-01-02 03:37:27.679054+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
159	4fdb55f9-f04a-5ce0-9a8f-4d421c9af555	4c704a82-f430-5a3d-a676-da8a7a9a9c20	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-70"}	\N	item_added	2026-01-02 03:37:40.679055+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
160	57fa8c39-0429-5043-a241-e1ca90d16d07	29f068f8-12ae-50ec-8ad8-bdfa8e212a59	2	{"qty": 1, "sku": "S-0", "note": "a,b;c:d", "order_id": "order-68"}	\N	item_added	2026-01-02 03:37:53.679056+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
161	a00dc9b8-49e0-5d9e-9275-31af477b93bd	d69279ea-117f-5f9c-b69c-143258f8de1d	1	{"total": 73.25, "customer": "emoji 🦀 ẞ", "order_id": "order-73"}	\N	order_placed	2026-01-02 03:38:06.679057+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
162	2af9fec5-df2d-57cb-8169-8fd641410214	1554ca38-bdc6-5097-a093-eeaba17e00fc	2	{"qty": 1, "sku": "S-0", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-71"}	\N	item_added	2026-01-02 03:38:19.679058+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
163	2c2721cd-04d7-57fd-874e-577fa824a57c	91b589a1-7bb0-5f90-8b2b-c5e1a43ad07c	3	{"qty": 2, "sku": "S-1", "note": "emoji 🦀 ẞ", "order_id": "order-65"}	\N	item_added	2026-01-02 03:38:32.679059+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
164	6ebe0973-3c17-543f-8fde-683c9eca5a56	29f068f8-12ae-50ec-8ad8-bdfa8e212a59	3	{"qty": 2, "sku": "S-1", "note": "O'Neil", "order_id": "order-68"}	\N	item_added	2026-01-02 03:38:45.67906+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
165	85230c54-0b1d-5279-86fc-25c6d851691a	579710bf-23b9-585e-ad94-deff0480f7f3	3	{"qty": 2, "sku": "S-1", "note": "plain", "order_id": "order-62"}	\N	item_added	2026-01-02 03:38:58.679061+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
166	d551775d-d92c-5255-9746-c170e94e4595	1554ca38-bdc6-5097-a093-eeaba17e00fc	3	{"qty": 2, "sku": "S-1", "note": "tab\\tnl\\nend", "order_id": "order-71"}	\N	item_added	2026-01-02 03:39:11.679062+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
167	d0a26d25-7819-598f-909e-ebbc05c065b0	fb87f018-545a-5cf9-b6af-66a71e7c92d7	2	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-72"}	\N	order_shipped	2026-01-02 03:39:24.679063+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
168	48d4f981-987a-5863-ac8c-ada1ede821f2	d69279ea-117f-5f9c-b69c-143258f8de1d	2	{"qty": 1, "sku": "S-0", "note": "emoji 🦀 ẞ", "order_id": "order-73"}	\N	item_added	2026-01-02 03:39:37.679064+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
169	2dfc2f44-6a33-5df8-9d21-140c77abf4be	dff05442-0680-57e9-ad49-c16bca777b55	1	{"customer": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-78", "total_cents": 7825}	\N	order_placed_v2	2026-01-02 03:39:50.679065+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": " sep"}	f
170	57231481-c839-593c-a0b4-ab0d452f773a	02eb98ac-ec14-5299-bd8a-725ccbe970c1	1	{"customer": " sep", "order_id": "order-74", "total_cents": 7425}	\N	order_placed_v2	2026-01-02 03:40:03.679066+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "a,b;c:d"}	f
171	772a5a31-b165-5ba5-bc97-51304d620593	29f068f8-12ae-50ec-8ad8-bdfa8e212a59	4	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-68"}	\N	order_shipped	2026-01-02 03:40:16.679067+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "O'Neil"}	f
172	b48f9737-2d53-5259-ba11-da1f4454a304	dc4fb117-321a-51fc-8a65-90dbc42ed0be	1	{"total": 77.25, "customer": "plain", "order_id": "order-77"}	\N	order_placed	2026-01-02 03:40:29.679068+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "plain"}	f
173	ae7c07c3-f97a-5b42-b5d3-bccd78b506fb	d2feeac5-c439-57fd-ae61-200ac8a9718d	1	{"total": 79.25, "customer": "tab\\tnl\\nend", "order_id": "order-79"}	\N	order_placed	2026-01-02 03:40:42.679069+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
174	349be4d6-a414-5241-ac60-924ab9a02b84	7fd10a8f-9374-57d6-9f4a-e03859273a04	1	{"total": 75.25, "customer": "a,b;c:d", "order_id": "order-75"}	\N	order_placed	2026-01-02 03:40:55.67907+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
175	625848b8-d9a1-5d0b-af56-1846f3708ff1	dc4fb117-321a-51fc-8a65-90dbc42ed0be	2	{"qty": 1, "sku": "S-0", "note": "plain", "order_id": "order-77"}	\N	item_added	2026-01-02 03:41:08.679071+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
176	309a6c5f-aafa-5204-aaf2-f09ee491c3e8	dc4fb117-321a-51fc-8a65-90dbc42ed0be	3	{"qty": 2, "sku": "S-1", "note": "Zoë \\"quoted\\" \\\\ back", "order_id": "order-77"}	\N	item_added	2026-01-02 03:41:21.679072+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": " sep"}	f
177	32f7ea1c-56cd-5f02-96fe-f45afed3e030	02eb98ac-ec14-5299-bd8a-725ccbe970c1	2	{"qty": 1, "sku": "S-0", "note": " sep", "order_id": "order-74"}	\N	item_added	2026-01-02 03:41:34.679073+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "a,b;c:d"}	f
178	969713b8-f72b-5560-a596-206523c03578	02eb98ac-ec14-5299-bd8a-725ccbe970c1	3	{"qty": 2, "sku": "S-1", "note": "a,b;c:d", "order_id": "order-74"}	\N	item_added	2026-01-02 03:41:47.679074+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "O'Neil"}	f
179	20102819-7c06-5221-abfe-246a32341183	d2feeac5-c439-57fd-ae61-200ac8a9718d	2	{"qty": 1, "sku": "S-0", "note": "tab\\tnl\\nend", "order_id": "order-79"}	\N	item_added	2026-01-02 03:42:00.679075+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "plain"}	f
180	b709a6c1-e155-500a-82b9-c6ca9f25bdf4	ba37b8c3-4bd4-5618-a398-3952ad024205	1	{"customer": "O'Neil", "order_id": "order-76", "total_cents": 7625}	\N	order_placed_v2	2026-01-02 03:42:13.679076+00	*DEFAULT*	Shop.OrderPlaced, Shop	\N	\N	{"user": "Zoë \\"quoted\\" \\\\ back"}	f
181	c9bfdb7f-a148-57d0-bd26-f69507f5331e	ba37b8c3-4bd4-5618-a398-3952ad024205	2	{"qty": 1, "sku": "S-0", "note": "O'Neil", "order_id": "order-76"}	\N	item_added	2026-01-02 03:42:26.679077+00	*DEFAULT*	Shop.ItemAdded, Shop	\N	\N	{"user": "tab\\tnl\\nend"}	f
182	c16355b8-fd23-5b96-bf9e-3c55a9a8daea	ba37b8c3-4bd4-5618-a398-3952ad024205	3	{"at": "2026-01-02T03:04:05.678Z", "order_id": "order-76"}	\N	order_shipped	2026-01-02 03:42:39.679078+00	*DEFAULT*	Shop.OrderShipped, Shop	\N	\N	{"user": "emoji 🦀 ẞ"}	f
\.


--
-- Data for Name: mt_streams; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.mt_streams (id, type, version, "timestamp", snapshot, snapshot_version, created, tenant_id, is_archived) FROM stdin;
1d7534d2-bb95-58a7-88b8-f87a7658626f	Order	1	2026-11-29 07:09:11.685281+00	\N	\N	2026-11-29 07:09:11.685281+00	*DEFAULT*	f
021de185-fa3e-5d43-8d49-a8e67b95bb7d	Order	2	2026-11-29 07:09:10.929117+00	\N	\N	2026-11-29 07:09:10.929117+00	*DEFAULT*	f
c0ba18d9-959d-5ba9-8c55-f2d8b5f54b82	Order	1	2026-11-29 07:09:10.437098+00	\N	\N	2026-11-29 07:09:10.437098+00	*DEFAULT*	f
09bf9229-1786-5a8f-9020-53bfc5a701a5	Order	1	2026-11-29 07:09:10.450905+00	\N	\N	2026-11-29 07:09:10.450905+00	*DEFAULT*	f
52ffc805-4943-58f3-9087-ee65e75881dc	Order	2	2026-11-29 07:09:10.461505+00	\N	\N	2026-11-29 07:09:10.461505+00	*DEFAULT*	f
d40e3f99-72d7-5823-8d75-9190ccced733	Order	1	2026-11-29 07:09:10.957534+00	\N	\N	2026-11-29 07:09:10.957534+00	*DEFAULT*	f
48414203-5358-51fa-9611-1b3e449287f3	Order	2	2026-11-29 07:09:10.401461+00	\N	\N	2026-11-29 07:09:10.401461+00	*DEFAULT*	f
fa9d96a6-3662-5aff-b71e-a2cffb8d3447	Order	3	2026-11-29 07:09:11.261387+00	\N	\N	2026-11-29 07:09:11.261387+00	*DEFAULT*	f
9072b0f5-2513-5e10-8db5-4b1b3420a20b	Order	2	2026-11-29 07:09:11.541385+00	\N	\N	2026-11-29 07:09:11.541385+00	*DEFAULT*	f
0fce0cae-30fb-5845-92f7-b94e0565ec5d	Order	2	2026-11-29 07:09:10.892122+00	\N	\N	2026-11-29 07:09:10.892122+00	*DEFAULT*	f
d429e62f-b750-522a-9d56-c9d2d4465090	Order	3	2026-11-29 07:09:10.373042+00	\N	\N	2026-11-29 07:09:10.373042+00	*DEFAULT*	f
98171d6d-ba20-565c-abee-859b4aa72d8b	Order	4	2026-11-29 07:09:11.089563+00	\N	\N	2026-11-29 07:09:11.089563+00	*DEFAULT*	f
9c71f800-53bc-5ca5-a995-d3acb072f93d	Order	4	2026-11-29 07:09:10.514943+00	\N	\N	2026-11-29 07:09:10.514943+00	*DEFAULT*	f
d2a96faf-3023-54da-be6d-c712b3136744	Order	3	2026-11-29 07:09:10.546334+00	\N	\N	2026-11-29 07:09:10.546334+00	*DEFAULT*	f
604e6870-178a-5a7e-b1db-db3977b9e617	Order	2	2026-11-29 07:09:10.481781+00	\N	\N	2026-11-29 07:09:10.481781+00	*DEFAULT*	f
9c84fe01-88d0-5d9c-ad59-cf88ef3df35b	Order	2	2026-11-29 07:09:11.141524+00	\N	\N	2026-11-29 07:09:11.141524+00	*DEFAULT*	f
f752272c-b1e4-54e3-8424-b003af3327c7	Order	4	2026-11-29 07:09:10.801648+00	\N	\N	2026-11-29 07:09:10.801648+00	*DEFAULT*	f
e7e395f1-6cb1-500e-a7de-ced14fbaf7ca	Order	3	2026-11-29 07:09:10.505575+00	\N	\N	2026-11-29 07:09:10.505575+00	*DEFAULT*	f
20818d87-34bb-5c4e-b14d-e3674b9f022c	Order	1	2026-11-29 07:09:11.357544+00	\N	\N	2026-11-29 07:09:11.357544+00	*DEFAULT*	f
08a8c3c3-cbaf-595c-9489-b40ce6182ac6	Order	1	2026-11-29 07:09:10.675714+00	\N	\N	2026-11-29 07:09:10.675714+00	*DEFAULT*	f
d6e07d57-d0a9-58a7-a395-ba61f487acaa	Order	3	2026-11-29 07:09:11.00945+00	\N	\N	2026-11-29 07:09:11.00945+00	*DEFAULT*	f
443ae9ab-99c6-50da-8be5-411355f0e555	Order	1	2026-11-29 07:09:10.701596+00	\N	\N	2026-11-29 07:09:10.701596+00	*DEFAULT*	f
3518d3df-5f75-5d1b-989d-5cc13df9ddbb	Order	2	2026-11-29 07:09:10.918636+00	\N	\N	2026-11-29 07:09:10.918636+00	*DEFAULT*	f
2605dee4-5d71-5ac7-ba6e-23a948aff189	Order	1	2026-11-29 07:09:11.061613+00	\N	\N	2026-11-29 07:09:11.061613+00	*DEFAULT*	f
e01230ed-dfb8-5eb1-90bc-c72427277b6e	Order	3	2026-11-29 07:09:10.72956+00	\N	\N	2026-11-29 07:09:10.72956+00	*DEFAULT*	f
ac30c335-6df3-584a-acf3-dc0ec6fa6c7f	Order	2	2026-11-29 07:09:10.661507+00	\N	\N	2026-11-29 07:09:10.661507+00	*DEFAULT*	f
ff16dc05-e39b-5b8f-8171-a1dac7facba5	Order	2	2026-11-29 07:09:10.741585+00	\N	\N	2026-11-29 07:09:10.741585+00	*DEFAULT*	f
2fc5ff06-88b1-5699-a746-c566165f4865	Order	2	2026-11-29 07:09:10.633556+00	\N	\N	2026-11-29 07:09:10.633556+00	*DEFAULT*	f
897322cc-9453-5791-b4ed-2027b68eb695	Order	3	2026-11-29 07:09:10.645491+00	\N	\N	2026-11-29 07:09:10.645491+00	*DEFAULT*	f
84adae5d-d02a-5c45-a211-d1314e339a49	Order	1	2026-11-29 07:09:11.077451+00	\N	\N	2026-11-29 07:09:11.077451+00	*DEFAULT*	f
bd52e82a-cffa-536f-a797-13259d127918	Order	1	2026-11-29 07:09:10.825486+00	\N	\N	2026-11-29 07:09:10.825486+00	*DEFAULT*	f
0f77bea8-ada4-5630-9062-33268b870dd3	Order	3	2026-11-29 07:09:11.373651+00	\N	\N	2026-11-29 07:09:11.373651+00	*DEFAULT*	f
b592940d-cdd4-5e3c-8899-ee84b952a241	Order	1	2026-11-29 07:09:10.85188+00	\N	\N	2026-11-29 07:09:10.85188+00	*DEFAULT*	f
5bd53529-6a3f-59d5-a52e-09aea55f93d9	Order	1	2026-11-29 07:09:11.380927+00	\N	\N	2026-11-29 07:09:11.380927+00	*DEFAULT*	f
e2bb7716-c52e-59ba-b1d1-42c78983739e	Order	2	2026-11-29 07:09:10.881704+00	\N	\N	2026-11-29 07:09:10.881704+00	*DEFAULT*	f
13842d0d-ae03-5ef3-82e6-889bb455738c	Order	3	2026-11-29 07:09:10.813548+00	\N	\N	2026-11-29 07:09:10.813548+00	*DEFAULT*	f
29a5da00-6032-5a82-924d-53d5dcfb23c6	Order	3	2026-11-29 07:09:10.71777+00	\N	\N	2026-11-29 07:09:10.71777+00	*DEFAULT*	f
a0fdd511-aa97-57f9-8d20-9a0d7c941dd1	Order	3	2026-11-29 07:09:11.302834+00	\N	\N	2026-11-29 07:09:11.302834+00	*DEFAULT*	f
eae46636-baad-53f9-a83f-8fd4515cd8cd	Order	2	2026-11-29 07:09:11.113545+00	\N	\N	2026-11-29 07:09:11.113545+00	*DEFAULT*	f
492abc8c-b56d-574b-b91c-94d8d510056b	Order	3	2026-11-29 07:09:10.997308+00	\N	\N	2026-11-29 07:09:10.997308+00	*DEFAULT*	f
f829ba52-254e-5185-94f2-3ea137fd0203	Order	2	2026-11-29 07:09:11.889297+00	\N	\N	2026-11-29 07:09:11.889297+00	*DEFAULT*	f
d7046c7f-4d64-554a-8ac3-59b5fc9a4c9a	Order	1	2026-11-29 07:09:11.58934+00	\N	\N	2026-11-29 07:09:11.58934+00	*DEFAULT*	f
e00a6415-d6c3-5504-9ed7-66dca6d765e6	Order	3	2026-11-29 07:09:11.202632+00	\N	\N	2026-11-29 07:09:11.202632+00	*DEFAULT*	f
f6854af6-d201-5c5c-90f3-d8eae1107a58	Order	3	2026-11-29 07:09:10.981473+00	\N	\N	2026-11-29 07:09:10.981473+00	*DEFAULT*	f
9ee7e41c-b74e-5027-8efa-551e632f1315	Order	2	2026-11-29 07:09:11.249432+00	\N	\N	2026-11-29 07:09:11.249432+00	*DEFAULT*	f
7ed22b88-1552-54ef-b44f-c277dd65b436	Order	2	2026-11-29 07:09:11.221538+00	\N	\N	2026-11-29 07:09:11.221538+00	*DEFAULT*	f
1a51eec0-0c90-598b-bf79-7b3fc29fa00b	Order	1	2026-11-29 07:09:11.60149+00	\N	\N	2026-11-29 07:09:11.60149+00	*DEFAULT*	f
5c9de15f-9ad5-59c3-9637-b51758451de8	Order	3	2026-11-29 07:09:11.31343+00	\N	\N	2026-11-29 07:09:11.31343+00	*DEFAULT*	f
ec701c07-463f-5956-93d3-9c1f5b392307	Order	2	2026-11-29 07:09:11.437521+00	\N	\N	2026-11-29 07:09:11.437521+00	*DEFAULT*	f
d5c5ddfb-5da4-5f58-950e-7860f53d4a01	Order	3	2026-11-29 07:09:11.549582+00	\N	\N	2026-11-29 07:09:11.549582+00	*DEFAULT*	f
5cfd9135-6fe2-5ceb-a885-f0dfcf87bdcc	Order	4	2026-11-29 07:09:11.409615+00	\N	\N	2026-11-29 07:09:11.409615+00	*DEFAULT*	f
dc3c8b00-2204-5f05-83f5-1ac64d7a74bb	Order	2	2026-11-29 07:09:11.572557+00	\N	\N	2026-11-29 07:09:11.572557+00	*DEFAULT*	f
be3d793c-a712-5c81-85ad-f904e278dc17	Order	1	2026-11-29 07:09:11.518328+00	\N	\N	2026-11-29 07:09:11.518328+00	*DEFAULT*	f
4f832d75-0cca-570e-ba00-cd281efc391d	Order	2	2026-11-29 07:09:11.510763+00	\N	\N	2026-11-29 07:09:11.510763+00	*DEFAULT*	f
1554ca38-bdc6-5097-a093-eeaba17e00fc	Order	3	2026-11-29 07:09:12.073476+00	\N	\N	2026-11-29 07:09:12.073476+00	*DEFAULT*	f
c824bb15-e326-5b74-b9c4-3de1278229a9	Order	1	2026-11-29 07:09:12.00127+00	\N	\N	2026-11-29 07:09:12.00127+00	*DEFAULT*	f
03473fa1-f90c-590f-a719-a08ffc033a7c	Order	2	2026-11-29 07:09:11.725599+00	\N	\N	2026-11-29 07:09:11.725599+00	*DEFAULT*	f
9aea7155-0e99-5e83-9776-fa0ebc477a58	Order	2	2026-11-29 07:09:11.613547+00	\N	\N	2026-11-29 07:09:11.613547+00	*DEFAULT*	f
7a60a6ae-d070-5758-a7c1-631327ae3bfb	Order	3	2026-11-29 07:09:11.657546+00	\N	\N	2026-11-29 07:09:11.657546+00	*DEFAULT*	f
5decefb0-5861-5160-89d5-567c5c93d8fa	Order	3	2026-11-29 07:09:11.463242+00	\N	\N	2026-11-29 07:09:11.463242+00	*DEFAULT*	f
a2f71825-342e-546f-a820-dfb265f5b6a5	Order	1	2026-11-29 07:09:12.029479+00	\N	\N	2026-11-29 07:09:12.029479+00	*DEFAULT*	f
302b5d6d-221a-51da-81b5-f9bd5e314d4d	Order	4	2026-11-29 07:09:11.637415+00	\N	\N	2026-11-29 07:09:11.637415+00	*DEFAULT*	f
c881aa50-efbe-59f3-a55d-68bf453f93b5	Order	3	2026-11-29 07:09:11.701443+00	\N	\N	2026-11-29 07:09:11.701443+00	*DEFAULT*	f
00ea649b-65f9-50e5-a7b3-833876bcc71a	Order	2	2026-11-29 07:09:12.010479+00	\N	\N	2026-11-29 07:09:12.010479+00	*DEFAULT*	f
70a8a0b0-af44-5c87-8a6f-b2f471028f48	Order	2	2026-11-29 07:09:11.877638+00	\N	\N	2026-11-29 07:09:11.877638+00	*DEFAULT*	f
579710bf-23b9-585e-ad94-deff0480f7f3	Order	3	2026-11-29 07:09:11.830723+00	\N	\N	2026-11-29 07:09:11.830723+00	*DEFAULT*	f
8840d22a-63d1-581a-b8d0-7387befef0e1	Order	3	2026-11-29 07:09:11.97304+00	\N	\N	2026-11-29 07:09:11.97304+00	*DEFAULT*	f
9990a983-e2c7-5ab3-8f57-c86908617428	Order	3	2026-11-29 07:09:11.787807+00	\N	\N	2026-11-29 07:09:11.787807+00	*DEFAULT*	f
5d41e8cb-b264-5251-9d5f-8e4555854faf	Order	1	2026-11-29 07:09:12.041442+00	\N	\N	2026-11-29 07:09:12.041442+00	*DEFAULT*	f
dc4fb117-321a-51fc-8a65-90dbc42ed0be	Order	3	2026-11-29 07:09:12.225405+00	\N	\N	2026-11-29 07:09:12.225405+00	*DEFAULT*	f
91b589a1-7bb0-5f90-8b2b-c5e1a43ad07c	Order	3	2026-11-29 07:09:11.929579+00	\N	\N	2026-11-29 07:09:11.929579+00	*DEFAULT*	f
dff05442-0680-57e9-ad49-c16bca777b55	Order	1	2026-11-29 07:09:12.196863+00	\N	\N	2026-11-29 07:09:12.196863+00	*DEFAULT*	f
d69279ea-117f-5f9c-b69c-143258f8de1d	Order	2	2026-11-29 07:09:12.120898+00	\N	\N	2026-11-29 07:09:12.120898+00	*DEFAULT*	f
4c704a82-f430-5a3d-a676-da8a7a9a9c20	Order	2	2026-11-29 07:09:12.060653+00	\N	\N	2026-11-29 07:09:12.060653+00	*DEFAULT*	f
fb87f018-545a-5cf9-b6af-66a71e7c92d7	Order	2	2026-11-29 07:09:12.097918+00	\N	\N	2026-11-29 07:09:12.097918+00	*DEFAULT*	f
02eb98ac-ec14-5299-bd8a-725ccbe970c1	Order	3	2026-11-29 07:09:12.209472+00	\N	\N	2026-11-29 07:09:12.209472+00	*DEFAULT*	f
29f068f8-12ae-50ec-8ad8-bdfa8e212a59	Order	4	2026-11-29 07:09:12.085484+00	\N	\N	2026-11-29 07:09:12.085484+00	*DEFAULT*	f
7fd10a8f-9374-57d6-9f4a-e03859273a04	Order	1	2026-11-29 07:09:12.246906+00	\N	\N	2026-11-29 07:09:12.246906+00	*DEFAULT*	f
d2feeac5-c439-57fd-ae61-200ac8a9718d	Order	2	2026-11-29 07:09:12.237542+00	\N	\N	2026-11-29 07:09:12.237542+00	*DEFAULT*	f
ba37b8c3-4bd4-5618-a398-3952ad024205	Order	3	2026-11-29 07:09:12.299281+00	\N	\N	2026-11-29 07:09:12.299281+00	*DEFAULT*	f
\.


--
-- Name: mt_events_sequence; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mt_events_sequence', 182, true);


--
-- Name: mt_events mt_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mt_events
    ADD CONSTRAINT mt_events_pkey PRIMARY KEY (seq_id);


--
-- Name: mt_streams mt_streams_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mt_streams
    ADD CONSTRAINT mt_streams_pkey PRIMARY KEY (id);


--
-- Name: mt_events_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mt_events_id ON public.mt_events USING btree (id);


--
-- Name: pk_mt_events_stream_and_version; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version);


--
-- Name: mt_events mt_events_stream_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mt_events
    ADD CONSTRAINT mt_events_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES public.mt_streams(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


