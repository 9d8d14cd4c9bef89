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
-- Name: messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.messages (
    stream_id_internal integer NOT NULL,
    stream_version integer NOT NULL,
    "position" bigint NOT NULL,
    message_id uuid NOT NULL,
    created_utc timestamp without time zone NOT NULL,
    type character varying(128) NOT NULL,
    json_data character varying NOT NULL,
    json_metadata character varying
);


--
-- Name: messages_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.messages_seq
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;


--
-- Name: messages_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.messages_seq OWNED BY public.messages."position";


--
-- Name: streams_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.streams_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: streams; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.streams (
    id character(42) NOT NULL,
    id_original character varying(1000) NOT NULL,
    id_internal integer DEFAULT nextval('public.streams_seq'::regclass) NOT NULL,
    version integer DEFAULT '-1'::integer NOT NULL,
    "position" bigint DEFAULT '-1'::integer NOT NULL,
    max_age integer,
    max_count integer
);


--
-- Name: messages position; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages ALTER COLUMN "position" SET DEFAULT nextval('public.messages_seq'::regclass);


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.messages (stream_id_internal, stream_version, "position", message_id, created_utc, type, json_data, json_metadata) FROM stdin;
1	0	0	838da75a-0fa1-5669-b9aa-70ddc6e0f40e	2026-01-02 03:04:05.6789	OrderPlaced	{"order_id": "order-2", "customer": "tab\\tnl\\nend", "total_cents": 225}	{"v": 2}
2	0	1	f8212b47-15bd-5d8c-884a-26d71f3bb62c	2026-01-02 03:04:18.678901	OrderPlaced	{"order_id": "order-1", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 1.25}	{"v": 1}
3	0	2	f8916b42-e3f4-5e1c-81ba-1c4783ba390f	2026-01-02 03:04:31.678902	OrderPlaced	{"order_id": "order-3", "customer": "emoji 🦀 ẞ", "total": 3.25}	{"v": 1}
4	0	3	88bb00c7-14c6-5357-9770-7b930c0f2f06	2026-01-02 03:04:44.678903	OrderPlaced	{"order_id": "order-6", "customer": "O'Neil", "total_cents": 625}	{"v": 2}
5	0	4	860978ea-4efb-5149-9398-c5a829b33bb4	2026-01-02 03:04:57.678904	OrderPlaced	{"order_id": "order-0", "customer": "plain", "total_cents": 25}	{"v": 2}
5	1	5	98bb0dab-3724-53ef-9c9c-e918e7ab8752	2026-01-02 03:05:10.678905	OrderShipped	{"order_id": "order-0", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
6	0	6	ed791496-dbbf-5886-bb57-b0e109a55569	2026-01-02 03:05:23.678906	OrderPlaced	{"order_id": "order-7", "customer": "plain", "total": 7.25}	{"v": 1}
2	1	7	fd9939fd-3453-5966-8fea-faff5caa4d76	2026-01-02 03:05:36.678907	ItemAdded	{"order_id": "order-1", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
7	0	8	eb88b77e-672a-5fa1-ab0c-1b94d32d55f4	2026-01-02 03:05:49.678908	OrderPlaced	{"order_id": "order-5", "customer": "a,b;c:d", "total": 5.25}	{"v": 1}
8	0	9	b814bf3a-d4e6-5803-8e9c-6a49d20df15d	2026-01-02 03:06:02.678909	OrderPlaced	{"order_id": "order-8", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 825}	{"v": 2}
1	1	10	7a758a58-182e-5668-b540-1635a1b09d5e	2026-01-02 03:06:15.67891	ItemAdded	{"order_id": "order-2", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
8	1	11	2a1786c9-f82a-54b8-953f-35ce7114f5aa	2026-01-02 03:06:28.678911	ItemAdded	{"order_id": "order-8", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
9	0	12	6c690965-0e71-549a-9dc7-08cc37f71dd6	2026-01-02 03:06:41.678912	OrderPlaced	{"order_id": "order-4", "customer": " sep", "total_cents": 425}	{"v": 2}
1	2	13	84e40c0f-6445-52f2-bffd-139f9b568259	2026-01-02 03:06:54.678913	ItemAdded	{"order_id": "order-2", "sku": "S-1", "qty": 2, "note": "emoji 🦀 ẞ"}	{"v": 1}
9	1	14	bcf60d70-faec-5eed-bb06-8eae3b6b65ca	2026-01-02 03:07:07.678914	ItemAdded	{"order_id": "order-4", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
8	2	15	8b786636-d8cb-53cd-b19f-e7825f339c66	2026-01-02 03:07:20.678915	ItemAdded	{"order_id": "order-8", "sku": "S-1", "qty": 2, "note": "tab\\tnl\\nend"}	{"v": 1}
8	3	16	92c0135f-f954-5c5b-aa00-24b98963e169	2026-01-02 03:07:33.678916	OrderShipped	{"order_id": "order-8", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
9	2	17	8d70019d-e27b-586f-aa74-97800f919c24	2026-01-02 03:07:46.678917	OrderShipped	{"order_id": "order-4", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
6	1	18	776a0e46-3cca-5286-8013-9ba6564c471a	2026-01-02 03:07:59.678918	ItemAdded	{"order_id": "order-7", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
7	1	19	d877a5a9-b253-55c3-acb6-1a8dcf058104	2026-01-02 03:08:12.678919	ItemAdded	{"order_id": "order-5", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
10	0	20	b064e55a-efb8-5872-845d-5b5a4e0b0d1b	2026-01-02 03:08:25.67892	OrderPlaced	{"order_id": "order-12", "customer": "a,b;c:d", "total_cents": 1225}	{"v": 2}
11	0	21	824a104c-92db-59bf-9a94-4ceafd5ab8cd	2026-01-02 03:08:38.678921	OrderPlaced	{"order_id": "order-11", "customer": " sep", "total": 11.25}	{"v": 1}
7	2	22	53793f90-787e-5841-aaf4-07ea1f76b324	2026-01-02 03:08:51.678922	ItemAdded	{"order_id": "order-5", "sku": "S-1", "qty": 2, "note": "O'Neil"}	{"v": 1}
12	0	23	c7ce3a89-2d32-5423-8735-dd901ea0c046	2026-01-02 03:09:04.678923	OrderPlaced	{"order_id": "order-13", "customer": "O'Neil", "total": 13.25}	{"v": 1}
13	0	24	de224d1d-9a75-59d9-8020-852e33c0243d	2026-01-02 03:09:17.678924	OrderPlaced	{"order_id": "order-9", "customer": "tab\\tnl\\nend", "total": 9.25}	{"v": 1}
11	1	25	e85aebe7-baf0-5b9d-9981-3cb50360b7b6	2026-01-02 03:09:30.678925	ItemAdded	{"order_id": "order-11", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
14	0	26	4bc07024-ce80-5f5f-83ff-4d0ff3101a51	2026-01-02 03:09:43.678926	OrderPlaced	{"order_id": "order-15", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 15.25}	{"v": 1}
15	0	27	d304d44e-22c7-5ce3-b28f-3459e00c826a	2026-01-02 03:09:56.678927	OrderPlaced	{"order_id": "order-16", "customer": "tab\\tnl\\nend", "total_cents": 1625}	{"v": 2}
16	0	28	df0e5580-b019-5cb6-a3b4-52ce763a240b	2026-01-02 03:10:09.678928	OrderPlaced	{"order_id": "order-14", "customer": "plain", "total_cents": 1425}	{"v": 2}
17	0	29	4ffa6fb3-1392-5959-a772-10a59c19ba0c	2026-01-02 03:10:22.678929	OrderPlaced	{"order_id": "order-10", "customer": "emoji 🦀 ẞ", "total_cents": 1025}	{"v": 2}
16	1	30	81e58f47-3975-5452-8891-a2f567335b76	2026-01-02 03:10:35.67893	ItemAdded	{"order_id": "order-14", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
16	2	31	51f543ab-5fcd-539f-ba85-3333de8460a2	2026-01-02 03:10:48.678931	ItemAdded	{"order_id": "order-14", "sku": "S-1", "qty": 2, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
12	1	32	448faac1-b3b1-50ae-bc63-22c00c8ffced	2026-01-02 03:11:01.678932	ItemAdded	{"order_id": "order-13", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
17	1	33	cbd277ba-384a-5416-8d24-a944ed17263a	2026-01-02 03:11:14.678933	ItemAdded	{"order_id": "order-10", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
10	1	34	fd69efc1-3862-5574-970d-d36b561c5da6	2026-01-02 03:11:27.678934	OrderShipped	{"order_id": "order-12", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
11	2	35	45c8a3c7-721d-5776-a90c-a98267a20f87	2026-01-02 03:11:40.678935	ItemAdded	{"order_id": "order-11", "sku": "S-1", "qty": 2, "note": "a,b;c:d"}	{"v": 1}
18	0	36	fb96f94c-cc9f-57fe-93f1-aa7ab57f721f	2026-01-02 03:11:53.678936	OrderPlaced	{"order_id": "order-20", "customer": "O'Neil", "total_cents": 2025}	{"v": 2}
19	0	37	50b47fc0-d348-53af-945a-2a1611c40a5b	2026-01-02 03:12:06.678937	OrderPlaced	{"order_id": "order-17", "customer": "emoji 🦀 ẞ", "total": 17.25}	{"v": 1}
20	0	38	343563fc-b9b4-585c-a04d-6b48309bf375	2026-01-02 03:12:19.678938	OrderPlaced	{"order_id": "order-18", "customer": " sep", "total_cents": 1825}	{"v": 2}
18	1	39	ed33bdbf-8525-594e-bd05-0452cf1b9a18	2026-01-02 03:12:32.678939	ItemAdded	{"order_id": "order-20", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
19	1	40	1c5d2d7d-4d1b-5fb7-b48f-f1ef4d8729d4	2026-01-02 03:12:45.67894	ItemAdded	{"order_id": "order-17", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
21	0	41	5f6fd435-9adc-5b42-911a-d5c22c177ee2	2026-01-02 03:12:58.678941	OrderPlaced	{"order_id": "order-21", "customer": "plain", "total": 21.25}	{"v": 1}
15	1	42	dcec0700-0241-5a44-8ca5-07b145378cb2	2026-01-02 03:13:11.678942	ItemAdded	{"order_id": "order-16", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
22	0	43	041c9309-040b-5dd3-919e-cda539eb2bee	2026-01-02 03:13:24.678943	OrderPlaced	{"order_id": "order-22", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 2225}	{"v": 2}
23	0	44	5a890c32-6845-5963-91dd-10a5a4993cc9	2026-01-02 03:13:37.678944	OrderPlaced	{"order_id": "order-19", "customer": "a,b;c:d", "total": 19.25}	{"v": 1}
22	1	45	2d86fde9-1d39-548f-9672-ad812281ca40	2026-01-02 03:13:50.678945	ItemAdded	{"order_id": "order-22", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
24	0	46	0b92ba35-c274-5737-9366-f6197cd3e36a	2026-01-02 03:14:03.678946	OrderPlaced	{"order_id": "order-24", "customer": "emoji 🦀 ẞ", "total_cents": 2425}	{"v": 2}
19	2	47	7a353752-9492-50f1-8656-4f27ae288fec	2026-01-02 03:14:16.678947	ItemAdded	{"order_id": "order-17", "sku": "S-1", "qty": 2, "note": " sep"}	{"v": 1}
15	2	48	29d48346-8455-5147-8b06-a774a78058be	2026-01-02 03:14:29.678948	OrderShipped	{"order_id": "order-16", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
25	0	49	4ad35e10-2fe3-5bf0-8d02-65ecf2e6e483	2026-01-02 03:14:42.678949	OrderPlaced	{"order_id": "order-25", "customer": " sep", "total": 25.25}	{"v": 1}
25	1	50	aef01841-e8e8-51b9-845a-7f9b9111a74a	2026-01-02 03:14:55.67895	ItemAdded	{"order_id": "order-25", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
26	0	51	2618d21e-e924-5122-8572-0d9db165c547	2026-01-02 03:15:08.678951	OrderPlaced	{"order_id": "order-27", "customer": "O'Neil", "total": 27.25}	{"v": 1}
18	2	52	2c4a4259-28fe-57db-8561-98054deaee25	2026-01-02 03:15:21.678952	ItemAdded	{"order_id": "order-20", "sku": "S-1", "qty": 2, "note": "plain"}	{"v": 1}
27	0	53	651b884c-f686-553e-8838-6a073547ffca	2026-01-02 03:15:34.678953	OrderPlaced	{"order_id": "order-23", "customer": "tab\\tnl\\nend", "total": 23.25}	{"v": 1}
23	1	54	b5dbf052-ec11-5b05-a529-361bf0215716	2026-01-02 03:15:47.678954	ItemAdded	{"order_id": "order-19", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
28	0	55	dd26ac4b-2ea9-5ad4-92ae-c0b4d670284a	2026-01-02 03:16:00.678955	OrderPlaced	{"order_id": "order-28", "customer": "plain", "total_cents": 2825}	{"v": 2}
29	0	56	5b688748-53d7-5747-ac8a-92ea08a01ae6	2026-01-02 03:16:13.678956	OrderPlaced	{"order_id": "order-29", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 29.25}	{"v": 1}
18	3	57	a6eb292f-94d9-5a37-b917-973552d1dabb	2026-01-02 03:16:26.678957	OrderShipped	{"order_id": "order-20", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
29	1	58	d5d6edbd-eec1-575c-a9c5-e513ed090214	2026-01-02 03:16:39.678958	ItemAdded	{"order_id": "order-29", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
27	1	59	a22f51e3-4d44-5f60-bd7a-3005a1b51df2	2026-01-02 03:16:52.678959	ItemAdded	{"order_id": "order-23", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
29	2	60	f7434aad-b203-59cd-b610-41664dc2314d	2026-01-02 03:17:05.67896	ItemAdded	{"order_id": "order-29", "sku": "S-1", "qty": 2, "note": "tab\\tnl\\nend"}	{"v": 1}
24	1	61	86e46e07-0e84-5e45-b866-2ebb9bb1664b	2026-01-02 03:17:18.678961	OrderShipped	{"order_id": "order-24", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
30	0	62	4a43e1f6-c49d-5bee-a7eb-4aa63fc1b28e	2026-01-02 03:17:31.678962	OrderPlaced	{"order_id": "order-30", "customer": "tab\\tnl\\nend", "total_cents": 3025}	{"v": 2}
31	0	63	93b144cf-d52a-5c16-88dc-64b70d1e5849	2026-01-02 03:17:44.678963	OrderPlaced	{"order_id": "order-33", "customer": "a,b;c:d", "total": 33.25}	{"v": 1}
32	0	64	def06c64-ec87-5bef-be9c-b0d5a9c4a5d7	2026-01-02 03:17:57.678964	OrderPlaced	{"order_id": "order-32", "customer": " sep", "total_cents": 3225}	{"v": 2}
33	0	65	85735d9b-0e3a-57f2-a92f-cbe73bd97887	2026-01-02 03:18:10.678965	OrderPlaced	{"order_id": "order-31", "customer": "emoji 🦀 ẞ", "total": 31.25}	{"v": 1}
28	1	66	42730285-2d3d-5edf-b3e5-ba52e85711ae	2026-01-02 03:18:23.678966	ItemAdded	{"order_id": "order-28", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
33	1	67	2a08a37b-d21f-55da-9ded-b48f1da4b940	2026-01-02 03:18:36.678967	ItemAdded	{"order_id": "order-31", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
34	0	68	24ed8031-33eb-5e8c-b014-e5855a46e3a1	2026-01-02 03:18:49.678968	OrderPlaced	{"order_id": "order-34", "customer": "O'Neil", "total_cents": 3425}	{"v": 2}
32	1	69	10d466d5-8128-5145-9e4c-5e80f2b938f9	2026-01-02 03:19:02.678969	ItemAdded	{"order_id": "order-32", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
28	2	70	5f224103-94e6-5787-9f8e-6d5bd1003844	2026-01-02 03:19:15.67897	OrderShipped	{"order_id": "order-28", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
32	2	71	051484fa-4e98-50eb-a564-f6643f0942fe	2026-01-02 03:19:28.678971	ItemAdded	{"order_id": "order-32", "sku": "S-1", "qty": 2, "note": "a,b;c:d"}	{"v": 1}
35	0	72	4d0bcb50-6c83-52e8-aaa9-d4f2abd2814c	2026-01-02 03:19:41.678972	OrderPlaced	{"order_id": "order-26", "customer": "a,b;c:d", "total_cents": 2625}	{"v": 2}
35	1	73	a29946e7-dcc5-5baf-84d0-903e071c2dd8	2026-01-02 03:19:54.678973	ItemAdded	{"order_id": "order-26", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
36	0	74	f0d094ed-6b7a-580a-85c2-3fb66328bc57	2026-01-02 03:20:07.678974	OrderPlaced	{"order_id": "order-36", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 3625}	{"v": 2}
35	2	75	4a2bf5f4-42cf-56a4-99a7-e2c7a33d7f56	2026-01-02 03:20:20.678975	ItemAdded	{"order_id": "order-26", "sku": "S-1", "qty": 2, "note": "O'Neil"}	{"v": 1}
27	2	76	759410e5-4fbd-5631-b013-e624cf8b8a85	2026-01-02 03:20:33.678976	ItemAdded	{"order_id": "order-23", "sku": "S-1", "qty": 2, "note": "emoji 🦀 ẞ"}	{"v": 1}
37	0	77	ab5375e0-73ca-5611-ba99-6de71eaca83b	2026-01-02 03:20:46.678977	OrderPlaced	{"order_id": "order-37", "customer": "tab\\tnl\\nend", "total": 37.25}	{"v": 1}
38	0	78	3ad0557f-5b58-5916-b502-733c96fed87a	2026-01-02 03:20:59.678978	OrderPlaced	{"order_id": "order-35", "customer": "plain", "total": 35.25}	{"v": 1}
37	1	79	895ad73c-e8f9-5e6f-b16c-2c17faaf2698	2026-01-02 03:21:12.678979	ItemAdded	{"order_id": "order-37", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
36	1	80	fe5c0b4d-84ac-5c99-8dae-8c93e3374494	2026-01-02 03:21:25.67898	OrderShipped	{"order_id": "order-36", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
38	1	81	021a8af6-a037-5388-affd-10bdeea842f0	2026-01-02 03:21:38.678981	ItemAdded	{"order_id": "order-35", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
39	0	82	bf4dcb07-6e32-51ad-9eeb-64375f907f8c	2026-01-02 03:21:51.678982	OrderPlaced	{"order_id": "order-40", "customer": "a,b;c:d", "total_cents": 4025}	{"v": 2}
40	0	83	525b2c89-06fc-56a7-9c3c-c4a98fda6f60	2026-01-02 03:22:04.678983	OrderPlaced	{"order_id": "order-38", "customer": "emoji 🦀 ẞ", "total_cents": 3825}	{"v": 2}
38	2	84	f65d3717-1460-5101-a293-d3bab96ac448	2026-01-02 03:22:17.678984	ItemAdded	{"order_id": "order-35", "sku": "S-1", "qty": 2, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
39	1	85	c8830289-c4b0-5c20-a1f6-ebec998d18fe	2026-01-02 03:22:30.678985	ItemAdded	{"order_id": "order-40", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
32	3	86	8ee37e1d-19b0-5212-9efc-0748682ae4cb	2026-01-02 03:22:43.678986	OrderShipped	{"order_id": "order-32", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
34	1	87	fd4fb348-8ca7-5d5f-9a45-643ffdf46e27	2026-01-02 03:22:56.678987	ItemAdded	{"order_id": "order-34", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
41	0	88	fec614e8-55f8-5415-94ca-bf0633121949	2026-01-02 03:23:09.678988	OrderPlaced	{"order_id": "order-42", "customer": "plain", "total_cents": 4225}	{"v": 2}
42	0	89	23219999-1394-5440-9e3e-2e2cc81dba6e	2026-01-02 03:23:22.678989	OrderPlaced	{"order_id": "order-41", "customer": "O'Neil", "total": 41.25}	{"v": 1}
43	0	90	d2720248-5934-54b8-aebd-cc11e0eee411	2026-01-02 03:23:35.67899	OrderPlaced	{"order_id": "order-39", "customer": " sep", "total": 39.25}	{"v": 1}
42	1	91	4d947388-db05-5f78-981f-76bc02237562	2026-01-02 03:23:48.678991	ItemAdded	{"order_id": "order-41", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
39	2	92	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4	2026-01-02 03:24:01.678992	OrderShipped	{"order_id": "order-40", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
44	0	93	c82e20da-ca82-59f4-bc34-3d9043be63d6	2026-01-02 03:24:14.678993	OrderPlaced	{"order_id": "order-44", "customer": "tab\\tnl\\nend", "total_cents": 4425}	{"v": 2}
44	1	94	145c33a0-15fd-5ed1-80f4-79903a67d65c	2026-01-02 03:24:27.678994	ItemAdded	{"order_id": "order-44", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
40	1	95	9af2e84c-3567-5959-a3b1-e58638584826	2026-01-02 03:24:40.678995	ItemAdded	{"order_id": "order-38", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
45	0	96	174c496d-ba87-5d4d-bcaa-4a2307840be4	2026-01-02 03:24:53.678996	OrderPlaced	{"order_id": "order-46", "customer": " sep", "total_cents": 4625}	{"v": 2}
40	2	97	57314612-f9b8-5792-969d-6ba7d0d98390	2026-01-02 03:25:06.678997	ItemAdded	{"order_id": "order-38", "sku": "S-1", "qty": 2, "note": " sep"}	{"v": 1}
45	1	98	15b3f2ef-a908-56b3-9901-9de9b1efc1bc	2026-01-02 03:25:19.678998	ItemAdded	{"order_id": "order-46", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
46	0	99	9f9ce012-e476-5f3c-97b3-d603f3f0d137	2026-01-02 03:25:32.678999	OrderPlaced	{"order_id": "order-47", "customer": "a,b;c:d", "total": 47.25}	{"v": 1}
44	2	100	bf5a8fae-7454-5aa0-beba-377cd1287d2c	2026-01-02 03:25:45.679	ItemAdded	{"order_id": "order-44", "sku": "S-1", "qty": 2, "note": "emoji 🦀 ẞ"}	{"v": 1}
44	3	101	b10afb40-8b7f-565e-a048-5fb85fc434bb	2026-01-02 03:25:58.679001	OrderShipped	{"order_id": "order-44", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
47	0	102	27cb1ed2-e6fb-5b6d-aa18-c9c11cf7f9e9	2026-01-02 03:26:11.679002	OrderPlaced	{"order_id": "order-49", "customer": "plain", "total": 49.25}	{"v": 1}
48	0	103	2e37d324-e976-5c7c-9c65-6fe08f0567d7	2026-01-02 03:26:24.679003	OrderPlaced	{"order_id": "order-45", "customer": "emoji 🦀 ẞ", "total": 45.25}	{"v": 1}
47	1	104	2f19f2ae-457a-502c-82e3-019e144baba0	2026-01-02 03:26:37.679004	ItemAdded	{"order_id": "order-49", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
49	0	105	a515bc12-fac4-525a-b7d0-9692119d9856	2026-01-02 03:26:50.679005	OrderPlaced	{"order_id": "order-48", "customer": "O'Neil", "total_cents": 4825}	{"v": 2}
50	0	106	a10f9a71-610c-58a4-bebe-d62edd4b01ea	2026-01-02 03:27:03.679006	OrderPlaced	{"order_id": "order-50", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 5025}	{"v": 2}
49	1	107	d6387479-befb-56a3-934a-4ed0e92d55e8	2026-01-02 03:27:16.679007	OrderShipped	{"order_id": "order-48", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
42	2	108	3eca7baa-cd00-5afa-b2d0-e659cce91867	2026-01-02 03:27:29.679008	ItemAdded	{"order_id": "order-41", "sku": "S-1", "qty": 2, "note": "plain"}	{"v": 1}
51	0	109	6a1e0041-bddf-5a6b-9de3-2a18f1f062a9	2026-01-02 03:27:42.679009	OrderPlaced	{"order_id": "order-43", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 43.25}	{"v": 1}
50	1	110	6229f482-2620-5d4c-a9e3-a1d7421332a9	2026-01-02 03:27:55.67901	ItemAdded	{"order_id": "order-50", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
52	0	111	32f1d744-e944-5b59-a6ef-feda3ea611c1	2026-01-02 03:28:08.679011	OrderPlaced	{"order_id": "order-51", "customer": "tab\\tnl\\nend", "total": 51.25}	{"v": 1}
53	0	112	e585319a-9656-5c54-b131-90943466b453	2026-01-02 03:28:21.679012	OrderPlaced	{"order_id": "order-54", "customer": "a,b;c:d", "total_cents": 5425}	{"v": 2}
54	0	113	395b213b-2186-5355-bc82-060b05e12418	2026-01-02 03:28:34.679013	OrderPlaced	{"order_id": "order-55", "customer": "O'Neil", "total": 55.25}	{"v": 1}
51	1	114	6e0314d7-e91f-5a98-9d05-39a85dae5b7a	2026-01-02 03:28:47.679014	ItemAdded	{"order_id": "order-43", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
46	1	115	1fde01a6-a75e-515d-8b0b-032121331d30	2026-01-02 03:29:00.679015	ItemAdded	{"order_id": "order-47", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
55	0	116	d9b6c9bc-fa1a-555a-9ae9-4ac9a9e56088	2026-01-02 03:29:13.679016	OrderPlaced	{"order_id": "order-56", "customer": "plain", "total_cents": 5625}	{"v": 2}
55	1	117	1f950fc0-1fc9-5a6a-b5d5-7d54baf5648d	2026-01-02 03:29:26.679017	ItemAdded	{"order_id": "order-56", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
56	0	118	22ef5ee0-6cd1-50d6-82ce-11889e57f768	2026-01-02 03:29:39.679018	OrderPlaced	{"order_id": "order-52", "customer": "emoji 🦀 ẞ", "total_cents": 5225}	{"v": 2}
55	2	119	2d3a77d1-e2a6-5166-a826-27b82395df97	2026-01-02 03:29:52.679019	ItemAdded	{"order_id": "order-56", "sku": "S-1", "qty": 2, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
54	1	120	59c91fb8-5bef-5dc6-89f1-1277dc2d2edc	2026-01-02 03:30:05.67902	ItemAdded	{"order_id": "order-55", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
57	0	121	54878eb5-e2fa-5261-8ea0-dd4990e58cd7	2026-01-02 03:30:18.679021	OrderPlaced	{"order_id": "order-57", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 57.25}	{"v": 1}
58	0	122	944163ab-a23a-5ec1-a26f-a69e7c84149a	2026-01-02 03:30:31.679022	OrderPlaced	{"order_id": "order-53", "customer": " sep", "total": 53.25}	{"v": 1}
56	1	123	8431e924-f2ac-5aec-90d5-8ec3f3999a5a	2026-01-02 03:30:44.679023	ItemAdded	{"order_id": "order-52", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
59	0	124	778ad867-ed41-5b07-a344-b33bc89061dd	2026-01-02 03:30:57.679024	OrderPlaced	{"order_id": "order-58", "customer": "tab\\tnl\\nend", "total_cents": 5825}	{"v": 2}
58	1	125	d9bc6e68-5689-5938-be99-83bf55b1e517	2026-01-02 03:31:10.679025	ItemAdded	{"order_id": "order-53", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
59	1	126	62aef15f-96ea-588b-8623-f1ed7124aa7e	2026-01-02 03:31:23.679026	ItemAdded	{"order_id": "order-58", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
56	2	127	ff52bdce-249f-5a0e-bdc4-ccef578511d3	2026-01-02 03:31:36.679027	OrderShipped	{"order_id": "order-52", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
46	2	128	c45751b0-dcb6-5f82-a143-59772db83100	2026-01-02 03:31:49.679028	ItemAdded	{"order_id": "order-47", "sku": "S-1", "qty": 2, "note": "O'Neil"}	{"v": 1}
60	0	129	e9065bbe-8df5-5f4c-a2d6-6c2f822def43	2026-01-02 03:32:02.679029	OrderPlaced	{"order_id": "order-59", "customer": "emoji 🦀 ẞ", "total": 59.25}	{"v": 1}
55	3	130	110352bc-8b27-51c3-a618-89daaeb1b2bc	2026-01-02 03:32:15.67903	OrderShipped	{"order_id": "order-56", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
58	2	131	8ee4b319-fc75-5e0a-a633-98c3e8cb64d3	2026-01-02 03:32:28.679031	ItemAdded	{"order_id": "order-53", "sku": "S-1", "qty": 2, "note": "a,b;c:d"}	{"v": 1}
61	0	132	e97ba544-8dfa-5e1d-b143-784fa68a5678	2026-01-02 03:32:41.679032	OrderPlaced	{"order_id": "order-62", "customer": "O'Neil", "total_cents": 6225}	{"v": 2}
50	2	133	e67dccb6-55f6-59eb-bb81-a67cf9cea43f	2026-01-02 03:32:54.679033	ItemAdded	{"order_id": "order-50", "sku": "S-1", "qty": 2, "note": "tab\\tnl\\nend"}	{"v": 1}
61	1	134	4b8dec87-8267-5723-ac7f-20cb08d9cef1	2026-01-02 03:33:07.679034	ItemAdded	{"order_id": "order-62", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
60	1	135	73b8d1db-e40c-5906-8510-2d5f533c0563	2026-01-02 03:33:20.679035	ItemAdded	{"order_id": "order-59", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
62	0	136	73bade84-02b5-51e5-b1d1-dd6a9da09517	2026-01-02 03:33:33.679036	OrderPlaced	{"order_id": "order-60", "customer": " sep", "total_cents": 6025}	{"v": 2}
63	0	137	c711a41c-6133-5d2b-969d-cad1e004a82f	2026-01-02 03:33:46.679037	OrderPlaced	{"order_id": "order-61", "customer": "a,b;c:d", "total": 61.25}	{"v": 1}
62	1	138	316eed58-fd3b-5ab8-b220-14c16890f5cc	2026-01-02 03:33:59.679038	OrderShipped	{"order_id": "order-60", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
64	0	139	b5f72e07-ea1e-51f6-9f4d-460e2c0424fe	2026-01-02 03:34:12.679039	OrderPlaced	{"order_id": "order-65", "customer": "tab\\tnl\\nend", "total": 65.25}	{"v": 1}
63	1	140	67969b71-8b83-56d3-bb26-9c944fbd5e0a	2026-01-02 03:34:25.67904	ItemAdded	{"order_id": "order-61", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
65	0	141	a824bf26-4f51-5a33-aeff-0b92b6e93d30	2026-01-02 03:34:38.679041	OrderPlaced	{"order_id": "order-64", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 6425}	{"v": 2}
65	1	142	fe9db131-e85f-57b5-b588-848f94726a3e	2026-01-02 03:34:51.679042	ItemAdded	{"order_id": "order-64", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
65	2	143	d913316c-a475-5ced-a212-7635a05ff9d3	2026-01-02 03:35:04.679043	OrderShipped	{"order_id": "order-64", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
60	2	144	eff643b0-37fe-5e2d-8daf-2ff32e70a48d	2026-01-02 03:35:17.679044	ItemAdded	{"order_id": "order-59", "sku": "S-1", "qty": 2, "note": " sep"}	{"v": 1}
66	0	145	bd1b65cc-cfd5-5713-9a42-a192596a5827	2026-01-02 03:35:30.679045	OrderPlaced	{"order_id": "order-63", "customer": "plain", "total": 63.25}	{"v": 1}
67	0	146	403ef3da-020a-505f-8fbc-4b730fe18890	2026-01-02 03:35:43.679046	OrderPlaced	{"order_id": "order-67", "customer": " sep", "total": 67.25}	{"v": 1}
67	1	147	3df0f83a-4369-517d-886f-9749a9a0ba2e	2026-01-02 03:35:56.679047	ItemAdded	{"order_id": "order-67", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
68	0	148	75a5dea7-6963-5a9a-ba90-0bd0496cb84a	2026-01-02 03:36:09.679048	OrderPlaced	{"order_id": "order-69", "customer": "O'Neil", "total": 69.25}	{"v": 1}
69	0	149	ece79b6c-24ea-5efc-b6c2-90cef9874d12	2026-01-02 03:36:22.679049	OrderPlaced	{"order_id": "order-66", "customer": "emoji 🦀 ẞ", "total_cents": 6625}	{"v": 2}
64	1	150	11c21dce-2997-5b36-8423-7260d7116c55	2026-01-02 03:36:35.67905	ItemAdded	{"order_id": "order-65", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
70	0	151	a7841664-698f-56be-b8f6-397950dfd94d	2026-01-02 03:36:48.679051	OrderPlaced	{"order_id": "order-70", "customer": "plain", "total_cents": 7025}	{"v": 2}
71	0	152	48009937-2b97-56d2-ad62-df01a66fbd00	2026-01-02 03:37:01.679052	OrderPlaced	{"order_id": "order-71", "customer": "Zoë \\"quoted\\" \\\\ back", "total": 71.25}	{"v": 1}
72	0	153	73fa3b23-652c-57f2-8438-5c6002fca811	2026-01-02 03:37:14.679053	OrderPlaced	{"order_id": "order-68", "customer": "a,b;c:d", "total_cents": 6825}	{"v": 2}
73	0	154	136484f9-e5b0-50e7-82c8-ff25606ea9e3	2026-01-02 03:37:27.679054	OrderPlaced	{"order_id": "order-72", "customer": "tab\\tnl\\nend", "total_cents": 7225}	{"v": 2}
70	1	155	4fdb55f9-f04a-5ce0-9a8f-4d421c9af555	2026-01-02 03:37:40.679055	ItemAdded	{"order_id": "order-70", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
72	1	156	57fa8c39-0429-5043-a241-e1ca90d16d07	2026-01-02 03:37:53.679056	ItemAdded	{"order_id": "order-68", "sku": "S-0", "qty": 1, "note": "a,b;c:d"}	{"v": 1}
74	0	157	a00dc9b8-49e0-5d9e-9275-31af477b93bd	2026-01-02 03:38:06.679057	OrderPlaced	{"order_id": "order-73", "customer": "emoji 🦀 ẞ", "total": 73.25}	{"v": 1}
71	1	158	2af9fec5-df2d-57cb-8169-8fd641410214	2026-01-02 03:38:19.679058	ItemAdded	{"order_id": "order-71", "sku": "S-0", "qty": 1, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
64	2	159	2c2721cd-04d7-57fd-874e-577fa824a57c	2026-01-02 03:38:32.679059	ItemAdded	{"order_id": "order-65", "sku": "S-1", "qty": 2, "note": "emoji 🦀 ẞ"}	{"v": 1}
72	2	160	6ebe0973-3c17-543f-8fde-683c9eca5a56	2026-01-02 03:38:45.67906	ItemAdded	{"order_id": "order-68", "sku": "S-1", "qty": 2, "note": "O'Neil"}	{"v": 1}
61	2	161	85230c54-0b1d-5279-86fc-25c6d851691a	2026-01-02 03:38:58.679061	ItemAdded	{"order_id": "order-62", "sku": "S-1", "qty": 2, "note": "plain"}	{"v": 1}
71	2	162	d551775d-d92c-5255-9746-c170e94e4595	2026-01-02 03:39:11.679062	ItemAdded	{"order_id": "order-71", "sku": "S-1", "qty": 2, "note": "tab\\tnl\\nend"}	{"v": 1}
73	1	163	d0a26d25-7819-598f-909e-ebbc05c065b0	2026-01-02 03:39:24.679063	OrderShipped	{"order_id": "order-72", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
74	1	164	48d4f981-987a-5863-ac8c-ada1ede821f2	2026-01-02 03:39:37.679064	ItemAdded	{"order_id": "order-73", "sku": "S-0", "qty": 1, "note": "emoji 🦀 ẞ"}	{"v": 1}
75	0	165	2dfc2f44-6a33-5df8-9d21-140c77abf4be	2026-01-02 03:39:50.679065	OrderPlaced	{"order_id": "order-78", "customer": "Zoë \\"quoted\\" \\\\ back", "total_cents": 7825}	{"v": 2}
76	0	166	57231481-c839-593c-a0b4-ab0d452f773a	2026-01-02 03:40:03.679066	OrderPlaced	{"order_id": "order-74", "customer": " sep", "total_cents": 7425}	{"v": 2}
72	3	167	772a5a31-b165-5ba5-bc97-51304d620593	2026-01-02 03:40:16.679067	OrderShipped	{"order_id": "order-68", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
77	0	168	b48f9737-2d53-5259-ba11-da1f4454a304	2026-01-02 03:40:29.679068	OrderPlaced	{"order_id": "order-77", "customer": "plain", "total": 77.25}	{"v": 1}
78	0	169	ae7c07c3-f97a-5b42-b5d3-bccd78b506fb	2026-01-02 03:40:42.679069	OrderPlaced	{"order_id": "order-79", "customer": "tab\\tnl\\nend", "total": 79.25}	{"v": 1}
79	0	170	349be4d6-a414-5241-ac60-924ab9a02b84	2026-01-02 03:40:55.67907	OrderPlaced	{"order_id": "order-75", "customer": "a,b;c:d", "total": 75.25}	{"v": 1}
77	1	171	625848b8-d9a1-5d0b-af56-1846f3708ff1	2026-01-02 03:41:08.679071	ItemAdded	{"order_id": "order-77", "sku": "S-0", "qty": 1, "note": "plain"}	{"v": 1}
77	2	172	309a6c5f-aafa-5204-aaf2-f09ee491c3e8	2026-01-02 03:41:21.679072	ItemAdded	{"order_id": "order-77", "sku": "S-1", "qty": 2, "note": "Zoë \\"quoted\\" \\\\ back"}	{"v": 1}
76	1	173	32f7ea1c-56cd-5f02-96fe-f45afed3e030	2026-01-02 03:41:34.679073	ItemAdded	{"order_id": "order-74", "sku": "S-0", "qty": 1, "note": " sep"}	{"v": 1}
76	2	174	969713b8-f72b-5560-a596-206523c03578	2026-01-02 03:41:47.679074	ItemAdded	{"order_id": "order-74", "sku": "S-1", "qty": 2, "note": "a,b;c:d"}	{"v": 1}
78	1	175	20102819-7c06-5221-abfe-246a32341183	2026-01-02 03:42:00.679075	ItemAdded	{"order_id": "order-79", "sku": "S-0", "qty": 1, "note": "tab\\tnl\\nend"}	{"v": 1}
80	0	176	b709a6c1-e155-500a-82b9-c6ca9f25bdf4	2026-01-02 03:42:13.679076	OrderPlaced	{"order_id": "order-76", "customer": "O'Neil", "total_cents": 7625}	{"v": 2}
80	1	177	c9bfdb7f-a148-57d0-bd26-f69507f5331e	2026-01-02 03:42:26.679077	ItemAdded	{"order_id": "order-76", "sku": "S-0", "qty": 1, "note": "O'Neil"}	{"v": 1}
80	2	178	c16355b8-fd23-5b96-bf9e-3c55a9a8daea	2026-01-02 03:42:39.679078	OrderShipped	{"order_id": "order-76", "at": "2026-01-02T03:04:05.678Z"}	{"v": 1}
\.


--
-- Data for Name: streams; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.streams (id, id_original, id_internal, version, "position", max_age, max_count) FROM stdin;
d429e62fb750522a9d56c9d2d4465090          	order-2	1	-1	-1	\N	\N
48414203535851fa96111b3e449287f3          	order-1	2	-1	-1	\N	\N
c0ba18d9959d5ba98c55f2d8b5f54b82          	order-3	3	-1	-1	\N	\N
09bf922917865a8f902053bfc5a701a5          	order-6	4	-1	-1	\N	\N
52ffc805494358f39087ee65e75881dc          	order-0	5	-1	-1	\N	\N
604e6870178a5a7eb1dbdb3977b9e617          	order-7	6	-1	-1	\N	\N
e7e395f16cb1500ea7deced14fbaf7ca          	order-5	7	-1	-1	\N	\N
9c71f80053bc5ca5a995d3acb072f93d          	order-8	8	-1	-1	\N	\N
d2a96faf302354dabe6dc712b3136744          	order-4	9	-1	-1	\N	\N
2fc5ff0688b15699a746c566165f4865          	order-12	10	-1	-1	\N	\N
897322cc94535791b4ed2027b68eb695          	order-11	11	-1	-1	\N	\N
ac30c3356df3584aacf3dc0ec6fa6c7f          	order-13	12	-1	-1	\N	\N
08a8c3c3cbaf595c9489b40ce6182ac6          	order-9	13	-1	-1	\N	\N
443ae9ab99c650da8be5411355f0e555          	order-15	14	-1	-1	\N	\N
29a5da0060325a82924d53d5dcfb23c6          	order-16	15	-1	-1	\N	\N
e01230eddfb85eb190bcc72427277b6e          	order-14	16	-1	-1	\N	\N
ff16dc05e39b5b8f8171a1dac7facba5          	order-10	17	-1	-1	\N	\N
f752272cb1e454e38424b003af3327c7          	order-20	18	-1	-1	\N	\N
13842d0dae035ef382e6889bb455738c          	order-17	19	-1	-1	\N	\N
bd52e82acffa536fa79713259d127918          	order-18	20	-1	-1	\N	\N
b592940dcdd45e3c8899ee84b952a241          	order-21	21	-1	-1	\N	\N
e2bb7716c52e59bab1d142c78983739e          	order-22	22	-1	-1	\N	\N
0fce0cae30fb584592f7b94e0565ec5d          	order-19	23	-1	-1	\N	\N
3518d3df5f755d1b989d5cc13df9ddbb          	order-24	24	-1	-1	\N	\N
021de185fa3e5d438d49a8e67b95bb7d          	order-25	25	-1	-1	\N	\N
d40e3f9972d758238d759190ccced733          	order-27	26	-1	-1	\N	\N
f6854af6d2015c5c90f3d8eae1107a58          	order-23	27	-1	-1	\N	\N
492abc8cb56d574bb91c94d8d510056b          	order-28	28	-1	-1	\N	\N
d6e07d57d0a958a7a395ba61f487acaa          	order-29	29	-1	-1	\N	\N
2605dee45d715ac7ba6e23a948aff189          	order-30	30	-1	-1	\N	\N
84adae5dd02a5c45a211d1314e339a49          	order-33	31	-1	-1	\N	\N
98171d6dba20565cabee859b4aa72d8b          	order-32	32	-1	-1	\N	\N
eae46636baad53f9a83f8fd4515cd8cd          	order-31	33	-1	-1	\N	\N
9c84fe0188d05d9cad59cf88ef3df35b          	order-34	34	-1	-1	\N	\N
e00a6415d6c355049ed766dca6d765e6          	order-26	35	-1	-1	\N	\N
7ed22b88155254efb44fc277dd65b436          	order-36	36	-1	-1	\N	\N
9ee7e41cb74e50278efa551e632f1315          	order-37	37	-1	-1	\N	\N
fa9d96a636625affb71ea2cffb8d3447          	order-35	38	-1	-1	\N	\N
a0fdd511aa9757f98d209a0d7c941dd1          	order-40	39	-1	-1	\N	\N
5c9de15f9ad559c39637b51758451de8          	order-38	40	-1	-1	\N	\N
20818d8734bb5c4eb14de3674b9f022c          	order-42	41	-1	-1	\N	\N
0f77bea8ada45630906233268b870dd3          	order-41	42	-1	-1	\N	\N
5bd535296a3f59d5a52e09aea55f93d9          	order-39	43	-1	-1	\N	\N
5cfd91356fe25ceba885f0dfcf87bdcc          	order-44	44	-1	-1	\N	\N
ec701c07463f595693d39c1f5b392307          	order-46	45	-1	-1	\N	\N
5decefb05861516089d5567c5c93d8fa          	order-47	46	-1	-1	\N	\N
4f832d750cca570eba00cd281efc391d          	order-49	47	-1	-1	\N	\N
be3d793ca7125c8185adf904e278dc17          	order-45	48	-1	-1	\N	\N
9072b0f525135e108db54b1b3420a20b          	order-48	49	-1	-1	\N	\N
d5c5ddfb5da45f58950e7860f53d4a01          	order-50	50	-1	-1	\N	\N
dc3c8b0022045f0583f51ac64d7a74bb          	order-43	51	-1	-1	\N	\N
d7046c7f4d64554a8ac359b5fc9a4c9a          	order-51	52	-1	-1	\N	\N
1a51eec00c90598bbf797b3fc29fa00b          	order-54	53	-1	-1	\N	\N
9aea71550e995e839776fa0ebc477a58          	order-55	54	-1	-1	\N	\N
302b5d6d221a51da81b5f9bd5e314d4d          	order-56	55	-1	-1	\N	\N
7a60a6aed0705758a7c1631327ae3bfb          	order-52	56	-1	-1	\N	\N
1d7534d2bb9558a788b8f87a7658626f          	order-57	57	-1	-1	\N	\N
c881aa50efbe59f3a55d68bf453f93b5          	order-53	58	-1	-1	\N	\N
03473fa1f90c590fa719a08ffc033a7c          	order-58	59	-1	-1	\N	\N
9990a983e2c75ab38f57c86908617428          	order-59	60	-1	-1	\N	\N
579710bf23b9585ead94deff0480f7f3          	order-62	61	-1	-1	\N	\N
70a8a0b0af445c878a6fb2f471028f48          	order-60	62	-1	-1	\N	\N
f829ba52254e518594f23ea137fd0203          	order-61	63	-1	-1	\N	\N
91b589a17bb05f908b2bc5e1a43ad07c          	order-65	64	-1	-1	\N	\N
8840d22a63d1581ab8d07387befef0e1          	order-64	65	-1	-1	\N	\N
c824bb15e3265b74b9c43de1278229a9          	order-63	66	-1	-1	\N	\N
00ea649b65f950e5a7b3833876bcc71a          	order-67	67	-1	-1	\N	\N
a2f71825342e546fa820dfb265f5b6a5          	order-69	68	-1	-1	\N	\N
5d41e8cbb26452519d5f8e4555854faf          	order-66	69	-1	-1	\N	\N
4c704a82f4305a3da676da8a7a9a9c20          	order-70	70	-1	-1	\N	\N
1554ca38bdc65097a093eeaba17e00fc          	order-71	71	-1	-1	\N	\N
29f068f812ae50ec8ad8bdfa8e212a59          	order-68	72	-1	-1	\N	\N
fb87f018545a5cf9b6af66a71e7c92d7          	order-72	73	-1	-1	\N	\N
d69279ea117f5f9cb69c143258f8de1d          	order-73	74	-1	-1	\N	\N
dff05442068057e9ad49c16bca777b55          	order-78	75	-1	-1	\N	\N
02eb98acec145299bd8a725ccbe970c1          	order-74	76	-1	-1	\N	\N
dc4fb117321a51fc8a6590dbc42ed0be          	order-77	77	-1	-1	\N	\N
d2feeac5c43957fdae61200ac8a9718d          	order-79	78	-1	-1	\N	\N
7fd10a8f937457d69f4ae03859273a04          	order-75	79	-1	-1	\N	\N
ba37b8c34bd45618a3983952ad024205          	order-76	80	-1	-1	\N	\N
\.


--
-- Name: messages_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.messages_seq', 178, true);


--
-- Name: streams_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.streams_seq', 80, true);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY ("position");


--
-- Name: streams streams_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.streams
    ADD CONSTRAINT streams_pkey PRIMARY KEY (id_internal);


--
-- Name: messages_by_stream_id_internal_and_stream_version; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX messages_by_stream_id_internal_and_stream_version ON public.messages USING btree (stream_id_internal, stream_version);


--
-- Name: streams_by_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX streams_by_id ON public.streams USING btree (id);


--
-- Name: messages messages_stream_id_internal_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_stream_id_internal_fkey FOREIGN KEY (stream_id_internal) REFERENCES public.streams(id_internal);


--
-- PostgreSQL database dump complete
--


