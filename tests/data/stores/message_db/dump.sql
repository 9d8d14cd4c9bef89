CREATE SCHEMA message_store;
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

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: messages; Type: TABLE; Schema: message_store; Owner: -
--

CREATE TABLE message_store.messages (
    global_position bigint NOT NULL,
    "position" bigint NOT NULL,
    "time" timestamp without time zone DEFAULT (now() AT TIME ZONE 'utc'::text) NOT NULL,
    stream_name text NOT NULL,
    type text NOT NULL,
    data jsonb,
    metadata jsonb,
    id uuid DEFAULT gen_random_uuid() NOT NULL
);


--
-- Name: messages_global_position_seq; Type: SEQUENCE; Schema: message_store; Owner: -
--

CREATE SEQUENCE message_store.messages_global_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: messages_global_position_seq; Type: SEQUENCE OWNED BY; Schema: message_store; Owner: -
--

ALTER SEQUENCE message_store.messages_global_position_seq OWNED BY message_store.messages.global_position;


--
-- Name: messages global_position; Type: DEFAULT; Schema: message_store; Owner: -
--

ALTER TABLE ONLY message_store.messages ALTER COLUMN global_position SET DEFAULT nextval('message_store.messages_global_position_seq'::regclass);


--
-- Data for Name: messages; Type: TABLE DATA; Schema: message_store; Owner: -
--

COPY message_store.messages (global_position, "position", "time", stream_name, type, data, metadata, id) FROM stdin;
1	0	2026-11-29 07:06:06.355583	payment:command-01000	Opened	{"owner": "plain", "accountId": "payment:command-01000", "amountCents": 50}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	f3b1ebdb-9ee2-4906-826a-9323c82465b1
2	0	2026-11-29 07:06:06.36078	account-00000	Opened	{"owner": "plain", "accountId": "account-00000", "amountCents": 50}	{"by": "plain", "schemaVersion": 2}	ebb2a35e-18a1-4b7c-a039-3e5373a764d1
3	1	2026-11-29 07:06:06.381524	payment:command-01000	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-01000", "amountCents": 7}	\N	b6810038-28c5-43d4-9df6-5af73532ecdd
4	1	2026-11-29 07:06:06.384616	account-00000	Deposited	{"note": "plain", "accountId": "account-00000", "amountCents": 7}	\N	d9d08fe2-a97b-416c-9b1c-15fa5a4c962f
5	2	2026-11-29 07:06:06.381524	payment:command-01000	Withdrawn	{"accountId": "payment:command-01000", "amountCents": 3}	\N	dbc1642e-3f73-4102-8c70-2dae703441fc
6	2	2026-11-29 07:06:06.384616	account-00000	Withdrawn	{"accountId": "account-00000", "amountCents": 3}	\N	f1bcb4ed-2713-490a-834e-60d7cd0554d5
7	0	2026-11-29 07:06:06.381401	account-03000	Opened	{"owner": "plain", "accountId": "account-03000", "amountCents": 50}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	ab7d25f8-a8cb-459e-85df-1a38c6827c0f
8	0	2026-11-29 07:06:06.405092	payment:command-07000	Opened	{"owner": "plain", "accountId": "payment:command-07000", "amountCents": 50}	{"by": "plain", "schemaVersion": 2}	1780d40f-8403-408a-bee8-8d1fdb512706
9	0	2026-11-29 07:06:06.390845	kunde-05000	Opened	{"owner": "plain", "accountId": "kunde-05000", "amountCents": 50}	{"by": "a,b;c:d", "schemaVersion": 2}	0c9052e8-fbed-41b7-9e36-4a1cba4247c4
10	0	2026-11-29 07:06:06.401211	account-06000	Opened	{"owner": "plain", "accountId": "account-06000", "amountCents": 50}	{"by": "O'Neil", "schemaVersion": 2}	9e9a060d-e2e8-40f1-a0a4-4bc9fbc61520
11	0	2026-11-29 07:06:06.390454	kunde-02000	Opened	{"owner": "plain", "accountId": "kunde-02000", "amountCents": 50}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	86e52b6c-7982-4514-a04b-0cf51b0ac97d
12	0	2026-11-29 07:06:06.401063	payment:command-04000	Opened	{"owner": "plain", "accountId": "payment:command-04000", "amountCents": 50}	{"by": " sep", "schemaVersion": 2}	9a2912c4-64c8-4190-b409-73fa27ffd795
13	1	2026-11-29 07:06:06.429799	kunde-05000	Deposited	{"note": "a,b;c:d", "accountId": "kunde-05000", "amountCents": 7}	\N	b79ff16a-a32f-4e2c-8fb3-375734ebac3e
14	2	2026-11-29 07:06:06.429799	kunde-05000	Withdrawn	{"accountId": "kunde-05000", "amountCents": 3}	\N	0870489d-69f9-496c-ac9d-eab256c6426d
15	0	2026-11-29 07:06:06.405034	payment:command-01001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "payment:command-01001"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	ba786195-ed32-40ed-b2ca-7cab9ba89455
16	0	2026-11-29 07:06:06.413956	account-00001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "account-00001"}	{"by": "plain", "schemaVersion": 1}	aee2daf0-30d2-48e7-8bdf-63ae73f0e523
17	1	2026-11-29 07:06:06.443583	kunde-02000	Deposited	{"note": "tab\\tnl\\nend", "accountId": "kunde-02000", "amountCents": 7}	\N	044ef855-e235-4715-9223-8101be192279
18	1	2026-11-29 07:06:06.425456	account-03000	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "account-03000", "amountCents": 7}	\N	fab72edd-e42d-444a-a944-7a77378bf06a
19	1	2026-11-29 07:06:06.437937	payment:command-07000	Deposited	{"note": "plain", "accountId": "payment:command-07000", "amountCents": 7}	\N	0f362c74-d3b5-4a51-b491-77ea1e66f38b
20	2	2026-11-29 07:06:06.425456	account-03000	Withdrawn	{"accountId": "account-03000", "amountCents": 3}	\N	b855e246-82e1-4ad2-85f0-076c367df8a5
21	2	2026-11-29 07:06:06.437937	payment:command-07000	Withdrawn	{"accountId": "payment:command-07000", "amountCents": 3}	\N	40ef8c31-a8f7-48cb-bc61-1a32825bafa6
22	2	2026-11-29 07:06:06.443583	kunde-02000	Withdrawn	{"accountId": "kunde-02000", "amountCents": 3}	\N	da7653e5-bd11-4c14-be95-a74f970a6b10
23	1	2026-11-29 07:06:06.445426	account-06000	Deposited	{"note": "O'Neil", "accountId": "account-06000", "amountCents": 7}	\N	e925568d-a4f3-44ef-ba76-57c11fa1c6ae
24	2	2026-11-29 07:06:06.445426	account-06000	Withdrawn	{"accountId": "account-06000", "amountCents": 3}	\N	40954d5b-2593-42e7-b7b2-69dd867b95e9
25	1	2026-11-29 07:06:06.445184	payment:command-04000	Deposited	{"note": " sep", "accountId": "payment:command-04000", "amountCents": 7}	\N	693db02b-d711-481e-8399-541187e5f178
26	0	2026-11-29 07:06:06.44957	kunde-05001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "kunde-05001"}	{"by": "a,b;c:d", "schemaVersion": 1}	0f60682c-d574-4b94-8628-f425fc42e36f
27	2	2026-11-29 07:06:06.445184	payment:command-04000	Withdrawn	{"accountId": "payment:command-04000", "amountCents": 3}	\N	b306ac9f-c443-4e3e-ba06-43cea1068eed
28	0	2026-11-29 07:06:06.454158	payment:command-01002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-01002", "amountCents": 250}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	2ce478bb-2166-4f91-98d2-434f3ded6fe6
29	0	2026-11-29 07:06:06.453494	account-00002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-00002", "amountCents": 250}	{"by": "plain", "schemaVersion": 2}	09cbebe3-6ba7-4974-b14c-99b2b37f3070
30	0	2026-11-29 07:06:06.463395	kunde-02001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "kunde-02001"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	82235c1b-fa1a-4ebb-92eb-69c33321045d
31	0	2026-11-29 07:06:06.464358	payment:command-07001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "payment:command-07001"}	{"by": "plain", "schemaVersion": 1}	32674428-bfed-4ac3-b304-cd974b6ac402
32	0	2026-11-29 07:06:06.461565	account-03001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "account-03001"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	c43c7d68-fd7e-4640-82ea-68baaa3e0bf3
33	0	2026-11-29 07:06:06.478761	kunde-05002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "kunde-05002", "amountCents": 250}	{"by": "a,b;c:d", "schemaVersion": 2}	6142cd44-19a4-49ee-8aaa-223b98e64635
34	0	2026-11-29 07:06:06.480142	payment:command-01003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "payment:command-01003"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	470cac50-94cf-4795-b65a-6187172d60ea
35	0	2026-11-29 07:06:06.481123	account-06001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "account-06001"}	{"by": "O'Neil", "schemaVersion": 1}	0295e050-2d9f-4662-9cce-2da67289023f
36	0	2026-11-29 07:06:06.485352	account-00003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "account-00003"}	{"by": "plain", "schemaVersion": 1}	9dfc2172-6275-424a-be4d-eab646a0075d
37	0	2026-11-29 07:06:06.487181	kunde-02002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "kunde-02002", "amountCents": 250}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	a2203c98-2b6b-46dc-88b6-c3d0ec7a6ded
38	0	2026-11-29 07:06:06.48106	payment:command-04001	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 1.5, "accountId": "payment:command-04001"}	{"by": " sep", "schemaVersion": 1}	d93d891c-eb4e-41a0-badc-22cd53ea79bf
39	0	2026-11-29 07:06:06.507278	kunde-02003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "kunde-02003"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	1f6588d0-9ca6-4292-9b35-6307616c7f62
44	1	2026-11-29 07:06:06.515484	kunde-02003	Deposited	{"note": "a,b;c:d", "accountId": "kunde-02003", "amountCents": 7}	\N	68bd82c6-66d4-4bca-a543-87fac2b8614e
45	2	2026-11-29 07:06:06.515484	kunde-02003	Withdrawn	{"accountId": "kunde-02003", "amountCents": 3}	\N	f8c27eaa-8085-41f2-be3a-747c5a31ebf3
57	0	2026-11-29 07:06:06.549131	kunde-02004	Opened	{"owner": " sep", "accountId": "kunde-02004", "amountCents": 450}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	b5da5ff2-0970-44d7-933e-510ac6571368
68	0	2026-11-29 07:06:06.577045	kunde-02005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "kunde-02005"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	8a84dc5f-bd0c-4138-a5c2-63e2a74fa5a5
76	0	2026-11-29 07:06:06.605048	kunde-02006	Opened	{"owner": "O'Neil", "accountId": "kunde-02006", "amountCents": 650}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	3243b7fe-8cb0-4789-94ce-57edb4da4d12
84	1	2026-11-29 07:06:06.618435	kunde-02006	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "kunde-02006", "amountCents": 7}	\N	1a099491-1573-40e4-ac84-14fad0ebeae9
85	2	2026-11-29 07:06:06.618435	kunde-02006	Withdrawn	{"accountId": "kunde-02006", "amountCents": 3}	\N	0c4993d6-ad5f-481e-a0e7-081f3dd1eb44
92	0	2026-11-29 07:06:06.629291	kunde-02007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "kunde-02007"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	67f33465-8c30-4fa2-ad12-005c560bc65b
100	0	2026-11-29 07:06:06.641176	kunde-02008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "kunde-02008", "amountCents": 850}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	8b066613-3126-4f9a-a438-1290b3752711
108	0	2026-11-29 07:06:06.659919	kunde-02009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "kunde-02009"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	b4c59a3e-b3f2-45ab-97dd-2379ce55a1ea
118	1	2026-11-29 07:06:06.684611	kunde-02009	Deposited	{"note": " sep", "accountId": "kunde-02009", "amountCents": 7}	\N	1ac381e1-f13b-42fd-911e-2952bda1733d
119	2	2026-11-29 07:06:06.684611	kunde-02009	Withdrawn	{"accountId": "kunde-02009", "amountCents": 3}	\N	712dfaf1-ced2-4b41-9a06-882703887739
130	3	2026-11-29 07:06:06.695851	kunde-02009	Closed	{}	\N	5f8929e5-2782-45cd-91bd-a13f624083fa
135	0	2026-11-29 07:06:06.713756	kunde-02010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "kunde-02010", "amountCents": 1050}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	8437832b-f572-4ae0-a7ff-cd603d86d4ab
156	0	2026-11-29 07:06:06.738323	kunde-02011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "kunde-02011"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	ef2fb99f-fd66-4429-ae9f-8bb66340b1b8
165	0	2026-11-29 07:06:06.751582	kunde-02012	Opened	{"owner": "a,b;c:d", "accountId": "kunde-02012", "amountCents": 1250}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	d7679a46-907a-4d9c-a1a8-04c75f86e8f5
173	1	2026-11-29 07:06:06.76504	kunde-02012	Deposited	{"note": "plain", "accountId": "kunde-02012", "amountCents": 7}	\N	96cc7d92-4bd8-47a0-a4e9-258e0b234051
175	2	2026-11-29 07:06:06.76504	kunde-02012	Withdrawn	{"accountId": "kunde-02012", "amountCents": 3}	\N	f020c3b7-b3fc-4a67-89c6-a20ca3183304
180	0	2026-11-29 07:06:06.780327	kunde-02013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "kunde-02013"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	ef39466a-1443-40c2-9aa0-68360700fdf5
188	0	2026-11-29 07:06:06.797717	kunde-02014	Opened	{"owner": "plain", "accountId": "kunde-02014", "amountCents": 1450}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	86ca1ab2-ddf9-4318-9bfe-b3dd62b83ac6
197	0	2026-11-29 07:06:06.80294	kunde-02015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "kunde-02015"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	a074a90e-cad0-4542-aee2-ef1fa87883e1
200	1	2026-11-29 07:06:06.809835	kunde-02015	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "kunde-02015", "amountCents": 7}	\N	31bba93c-f965-4dd6-aacb-80a4b1f3e4b7
204	2	2026-11-29 07:06:06.809835	kunde-02015	Withdrawn	{"accountId": "kunde-02015", "amountCents": 3}	\N	5a8835cf-fac0-4736-b45d-6117c3acd987
208	0	2026-11-29 07:06:06.832278	kunde-02016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "kunde-02016", "amountCents": 1650}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	da9f0c0d-3d85-448a-8c17-3d01636c4c42
215	0	2026-11-29 07:06:06.845163	kunde-02017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "kunde-02017"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	2628928c-607d-4c68-9995-ab545f19763c
227	0	2026-11-29 07:06:06.855618	kunde-02018	Opened	{"owner": " sep", "accountId": "kunde-02018", "amountCents": 1850}	{"by": "tab\\tnl\\nend", "schemaVersion": 2}	1bac7748-fd16-40fe-bc72-dd2d4112e046
231	1	2026-11-29 07:06:06.863415	kunde-02018	Deposited	{"note": "O'Neil", "accountId": "kunde-02018", "amountCents": 7}	\N	1f5f9533-cc86-4796-ac2b-1ef444ecb255
232	2	2026-11-29 07:06:06.863415	kunde-02018	Withdrawn	{"accountId": "kunde-02018", "amountCents": 3}	\N	906ffa6f-48dd-440d-8810-2cbc50dc94b5
239	0	2026-11-29 07:06:06.881715	kunde-02019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "kunde-02019"}	{"by": "tab\\tnl\\nend", "schemaVersion": 1}	cd3ca39f-bb9a-4c9d-8d82-f6cf9edaa5f4
242	1	2026-11-29 07:06:06.901734	kunde-02019	Closed	{}	\N	a8f795f9-3cb5-4866-8f19-aa4c7d977ec4
40	0	2026-11-29 07:06:06.493733	account-03002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-03002", "amountCents": 250}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	199f4459-0a22-4029-94be-485044ab198a
53	0	2026-11-29 07:06:06.521462	account-03003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "account-03003"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	635e6313-0d54-4882-856f-90eba2e8781c
64	1	2026-11-29 07:06:06.557954	account-03003	Deposited	{"note": "O'Neil", "accountId": "account-03003", "amountCents": 7}	\N	df463be7-42f9-4e0e-9ad6-452c25473763
66	2	2026-11-29 07:06:06.557954	account-03003	Withdrawn	{"accountId": "account-03003", "amountCents": 3}	\N	959c6f2e-5529-4947-95a1-367d08d2a5e3
78	0	2026-11-29 07:06:06.597164	account-03004	Opened	{"owner": " sep", "accountId": "account-03004", "amountCents": 450}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	7e90b879-a421-4a44-b4df-a5878a83d45d
90	0	2026-11-29 07:06:06.622771	account-03005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "account-03005"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	b1afd1ce-5cc3-469f-8816-ebf45a3eb378
98	0	2026-11-29 07:06:06.638331	account-03006	Opened	{"owner": "O'Neil", "accountId": "account-03006", "amountCents": 650}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	7d673a20-8d19-4db2-a04c-0e1960b89659
106	1	2026-11-29 07:06:06.647349	account-03006	Deposited	{"note": "tab\\tnl\\nend", "accountId": "account-03006", "amountCents": 7}	\N	6af9bef8-9b6b-4e48-84a4-a7e2b3e82494
107	2	2026-11-29 07:06:06.647349	account-03006	Withdrawn	{"accountId": "account-03006", "amountCents": 3}	\N	2e1257cb-feff-4c46-84c0-c577ee5c5dd2
115	0	2026-11-29 07:06:06.662896	account-03007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "account-03007"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	699b091a-7fff-4113-bd6c-79baeb1b9ad7
120	0	2026-11-29 07:06:06.68415	account-03008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-03008", "amountCents": 850}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	475ccb11-3948-4a65-a042-e8128b49be7f
128	0	2026-11-29 07:06:06.696645	account-03009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "account-03009"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	5547301d-9fc6-4f2c-b1af-1dd5f08e21b8
141	1	2026-11-29 07:06:06.716893	account-03009	Deposited	{"note": "a,b;c:d", "accountId": "account-03009", "amountCents": 7}	\N	dab4324a-8644-4548-9363-1b1096be531b
143	2	2026-11-29 07:06:06.716893	account-03009	Withdrawn	{"accountId": "account-03009", "amountCents": 3}	\N	11c83acf-1e0a-4f9c-bed6-02ab976d9f6c
157	3	2026-11-29 07:06:06.736154	account-03009	Closed	{}	\N	879bbd29-6391-425b-be4e-c41cfe23a8e2
167	0	2026-11-29 07:06:06.754108	account-03010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "account-03010", "amountCents": 1050}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	f3d07bd3-e559-4eb6-a0fb-78e37ab72ef6
174	0	2026-11-29 07:06:06.767235	account-03011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "account-03011"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	63a8c7fa-1d68-4237-8e30-fa450a542a06
182	0	2026-11-29 07:06:06.778785	account-03012	Opened	{"owner": "a,b;c:d", "accountId": "account-03012", "amountCents": 1250}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	06929a48-52ed-428d-b66b-ebac5748ce41
190	1	2026-11-29 07:06:06.796577	account-03012	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-03012", "amountCents": 7}	\N	7cb848fb-208b-46d0-a614-6f2613becd06
191	2	2026-11-29 07:06:06.796577	account-03012	Withdrawn	{"accountId": "account-03012", "amountCents": 3}	\N	4d530c0c-77c6-4812-8f2d-4238cc6687ed
203	0	2026-11-29 07:06:06.803435	account-03013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "account-03013"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	e5f0bcef-16ce-4c3f-81e7-eb0e4ec33f9a
214	0	2026-11-29 07:06:06.830235	account-03014	Opened	{"owner": "plain", "accountId": "account-03014", "amountCents": 1450}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	a3e815ef-6eff-4837-931c-b1715363fe8f
228	0	2026-11-29 07:06:06.847489	account-03015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "account-03015"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	fc03aded-0de5-48bf-8baa-f8ad9fce2b7a
237	1	2026-11-29 07:06:06.862912	account-03015	Deposited	{"note": " sep", "accountId": "account-03015", "amountCents": 7}	\N	6195c14a-a3e1-48d2-8392-dbbd36f5f8ef
238	2	2026-11-29 07:06:06.862912	account-03015	Withdrawn	{"accountId": "account-03015", "amountCents": 3}	\N	f7e43cbf-4388-4662-b577-b7169f0fa504
246	0	2026-11-29 07:06:06.895329	account-03016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-03016", "amountCents": 1650}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	4bce4cf3-e13c-499a-8d8e-0f456b91cac4
254	0	2026-11-29 07:06:06.914436	account-03017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "account-03017"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	b4d5d591-f70d-4698-948c-7f57b93f82fd
261	0	2026-11-29 07:06:06.934138	account-03018	Opened	{"owner": " sep", "accountId": "account-03018", "amountCents": 1850}	{"by": "emoji 🦀 ẞ", "schemaVersion": 2}	6d448bb4-6954-4d29-9238-79528580617c
266	1	2026-11-29 07:06:06.95524	account-03018	Deposited	{"note": "plain", "accountId": "account-03018", "amountCents": 7}	\N	a2f6d9df-cd1c-434f-bdf9-eda53d0112e0
267	2	2026-11-29 07:06:06.95524	account-03018	Withdrawn	{"accountId": "account-03018", "amountCents": 3}	\N	60557a52-2cc6-4241-b962-52d015e4005e
275	0	2026-11-29 07:06:06.978388	account-03019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "account-03019"}	{"by": "emoji 🦀 ẞ", "schemaVersion": 1}	2c51b20f-2590-4e47-b73b-391b1d032717
282	1	2026-11-29 07:06:06.998696	account-03019	Closed	{}	\N	68909cb2-db93-4486-94bf-860593ff1d2e
41	0	2026-11-29 07:06:06.513145	kunde-05003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "kunde-05003"}	{"by": "a,b;c:d", "schemaVersion": 1}	2a7cedf7-3d39-4796-9ac7-b58a48c8c986
50	1	2026-11-29 07:06:06.529252	kunde-05003	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "kunde-05003", "amountCents": 7}	\N	aba7a14d-55c8-4cb2-b960-5a335ce72c51
51	2	2026-11-29 07:06:06.529252	kunde-05003	Withdrawn	{"accountId": "kunde-05003", "amountCents": 3}	\N	a67bf0e0-80d6-480a-a903-a57212221be2
65	0	2026-11-29 07:06:06.557057	kunde-05004	Opened	{"owner": " sep", "accountId": "kunde-05004", "amountCents": 450}	{"by": "a,b;c:d", "schemaVersion": 2}	e28e3d0a-a019-467f-908a-c69daf97ccda
73	0	2026-11-29 07:06:06.585056	kunde-05005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "kunde-05005"}	{"by": "a,b;c:d", "schemaVersion": 1}	924522a6-7518-401c-968c-4aacd690166e
80	0	2026-11-29 07:06:06.609426	kunde-05006	Opened	{"owner": "O'Neil", "accountId": "kunde-05006", "amountCents": 650}	{"by": "a,b;c:d", "schemaVersion": 2}	56fdea3d-5f41-48d5-a0cc-1ca00e12a392
88	1	2026-11-29 07:06:06.623876	kunde-05006	Deposited	{"note": " sep", "accountId": "kunde-05006", "amountCents": 7}	\N	6cab4f52-eeb3-454f-96b7-968e5fc1b92f
89	2	2026-11-29 07:06:06.623876	kunde-05006	Withdrawn	{"accountId": "kunde-05006", "amountCents": 3}	\N	d00715a0-8358-47a4-adcf-a22599178e57
97	0	2026-11-29 07:06:06.636163	kunde-05007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "kunde-05007"}	{"by": "a,b;c:d", "schemaVersion": 1}	69b93284-2605-45ed-b1cf-5868d877233f
105	0	2026-11-29 07:06:06.649383	kunde-05008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "kunde-05008", "amountCents": 850}	{"by": "a,b;c:d", "schemaVersion": 2}	052cc4b0-f859-4fdf-91dd-04c20c2e3cc9
116	0	2026-11-29 07:06:06.661915	kunde-05009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "kunde-05009"}	{"by": "a,b;c:d", "schemaVersion": 1}	8161294e-b072-4894-9656-7beb8676d65f
123	1	2026-11-29 07:06:06.686407	kunde-05009	Deposited	{"note": "plain", "accountId": "kunde-05009", "amountCents": 7}	\N	63ef7025-7ac1-4a7b-b954-64e1822d812f
125	2	2026-11-29 07:06:06.686407	kunde-05009	Withdrawn	{"accountId": "kunde-05009", "amountCents": 3}	\N	d5f48551-50c3-4e03-b619-7e4be9ab077f
133	3	2026-11-29 07:06:06.711129	kunde-05009	Closed	{}	\N	cf9855a1-6778-49fd-9e43-0655ff36d12f
142	0	2026-11-29 07:06:06.716707	kunde-05010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "kunde-05010", "amountCents": 1050}	{"by": "a,b;c:d", "schemaVersion": 2}	fef9efea-dd41-4156-9931-4cc907f42792
148	0	2026-11-29 07:06:06.734201	kunde-05011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "kunde-05011"}	{"by": "a,b;c:d", "schemaVersion": 1}	dacd299d-28c6-4fe4-bf27-b4818d009ad6
153	0	2026-11-29 07:06:06.737283	kunde-05012	Opened	{"owner": "a,b;c:d", "accountId": "kunde-05012", "amountCents": 1250}	{"by": "a,b;c:d", "schemaVersion": 2}	aeea2364-f3bd-42d4-8666-e3b8f01b2791
159	1	2026-11-29 07:06:06.741643	kunde-05012	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "kunde-05012", "amountCents": 7}	\N	29dd7159-a049-493e-816a-0228f9013c71
162	2	2026-11-29 07:06:06.741643	kunde-05012	Withdrawn	{"accountId": "kunde-05012", "amountCents": 3}	\N	fc915f14-392f-4687-8799-ac38cb95244b
168	0	2026-11-29 07:06:06.758935	kunde-05013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "kunde-05013"}	{"by": "a,b;c:d", "schemaVersion": 1}	13505c3d-5f6c-4098-8726-57ea99f9db6a
178	0	2026-11-29 07:06:06.766669	kunde-05014	Opened	{"owner": "plain", "accountId": "kunde-05014", "amountCents": 1450}	{"by": "a,b;c:d", "schemaVersion": 2}	d75c041e-e1fa-4b42-95bd-daded01f2341
183	0	2026-11-29 07:06:06.783021	kunde-05015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "kunde-05015"}	{"by": "a,b;c:d", "schemaVersion": 1}	9dfe751e-9b00-41e9-946d-915bce5a3005
193	1	2026-11-29 07:06:06.799866	kunde-05015	Deposited	{"note": "O'Neil", "accountId": "kunde-05015", "amountCents": 7}	\N	68d69876-e8a1-4893-b9e4-7c53071d3b5d
194	2	2026-11-29 07:06:06.799866	kunde-05015	Withdrawn	{"accountId": "kunde-05015", "amountCents": 3}	\N	8fbb92ea-f098-4885-9741-7322194971a2
198	0	2026-11-29 07:06:06.805921	kunde-05016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "kunde-05016", "amountCents": 1650}	{"by": "a,b;c:d", "schemaVersion": 2}	040276c7-89bb-48fa-9729-6593058b90a5
206	0	2026-11-29 07:06:06.82793	kunde-05017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "kunde-05017"}	{"by": "a,b;c:d", "schemaVersion": 1}	e406aa62-3827-4598-b062-00ccb0043d3c
213	0	2026-11-29 07:06:06.832157	kunde-05018	Opened	{"owner": " sep", "accountId": "kunde-05018", "amountCents": 1850}	{"by": "a,b;c:d", "schemaVersion": 2}	c1c0e373-f943-4041-a29b-ac8dd0ad29ac
222	1	2026-11-29 07:06:06.846427	kunde-05018	Deposited	{"note": "tab\\tnl\\nend", "accountId": "kunde-05018", "amountCents": 7}	\N	1c13ae56-1f2a-44c1-8907-4ac445f4535f
225	2	2026-11-29 07:06:06.846427	kunde-05018	Withdrawn	{"accountId": "kunde-05018", "amountCents": 3}	\N	7e1233dd-e03e-46d6-bc19-9aa9170ea022
230	0	2026-11-29 07:06:06.861534	kunde-05019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "kunde-05019"}	{"by": "a,b;c:d", "schemaVersion": 1}	1e039ec0-11cc-472c-9e85-53ad167c1399
236	1	2026-11-29 07:06:06.863778	kunde-05019	Closed	{}	\N	812ffa17-7163-4b36-9a72-6349a745823b
43	0	2026-11-29 07:06:06.506578	account-06002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-06002", "amountCents": 250}	{"by": "O'Neil", "schemaVersion": 2}	a9610b8c-5c0b-4c9d-9075-7fe731d5d384
55	0	2026-11-29 07:06:06.530848	account-06003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "account-06003"}	{"by": "O'Neil", "schemaVersion": 1}	ae985903-0271-4290-a758-425133ade94d
69	1	2026-11-29 07:06:06.561828	account-06003	Deposited	{"note": "tab\\tnl\\nend", "accountId": "account-06003", "amountCents": 7}	\N	94dffcff-d12d-452b-b242-26fe043d970b
70	2	2026-11-29 07:06:06.561828	account-06003	Withdrawn	{"accountId": "account-06003", "amountCents": 3}	\N	e6ad07e1-d27b-45c0-bd56-27ba4b234070
83	0	2026-11-29 07:06:06.610603	account-06004	Opened	{"owner": " sep", "accountId": "account-06004", "amountCents": 450}	{"by": "O'Neil", "schemaVersion": 2}	9c7fc3a4-0791-41a1-ae5d-8e0446429350
94	0	2026-11-29 07:06:06.625547	account-06005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "account-06005"}	{"by": "O'Neil", "schemaVersion": 1}	5553318b-aff7-4535-816d-a770768c4098
99	0	2026-11-29 07:06:06.640475	account-06006	Opened	{"owner": "O'Neil", "accountId": "account-06006", "amountCents": 650}	{"by": "O'Neil", "schemaVersion": 2}	69124d02-61a0-4ea6-a4f0-4c73195d2944
110	1	2026-11-29 07:06:06.658073	account-06006	Deposited	{"note": "a,b;c:d", "accountId": "account-06006", "amountCents": 7}	\N	408fd671-898b-43c3-bc17-da3ade734af2
111	2	2026-11-29 07:06:06.658073	account-06006	Withdrawn	{"accountId": "account-06006", "amountCents": 3}	\N	fc07eca8-80c3-4c9d-a4e6-4a0a8c7d6fc5
117	0	2026-11-29 07:06:06.674081	account-06007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "account-06007"}	{"by": "O'Neil", "schemaVersion": 1}	429eb6b4-bd20-451e-b6ff-9ed6fb01c2e7
126	0	2026-11-29 07:06:06.693539	account-06008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-06008", "amountCents": 850}	{"by": "O'Neil", "schemaVersion": 2}	d7724ebe-440e-4498-a952-2e6596883c2b
139	0	2026-11-29 07:06:06.709652	account-06009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "account-06009"}	{"by": "O'Neil", "schemaVersion": 1}	fc3e114b-462d-408e-89b0-73b957495df1
151	1	2026-11-29 07:06:06.729576	account-06009	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-06009", "amountCents": 7}	\N	4956771e-9637-4e7c-8caa-aff02ea64062
154	2	2026-11-29 07:06:06.729576	account-06009	Withdrawn	{"accountId": "account-06009", "amountCents": 3}	\N	07596e9b-d358-4370-a6cc-7808d8694a7a
164	3	2026-11-29 07:06:06.749007	account-06009	Closed	{}	\N	683712ce-8175-4f2f-a9ad-9aa4ef78af64
169	0	2026-11-29 07:06:06.75916	account-06010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "account-06010", "amountCents": 1050}	{"by": "O'Neil", "schemaVersion": 2}	e8ae7055-8eed-43d0-b16e-ed09650d0733
177	0	2026-11-29 07:06:06.774543	account-06011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "account-06011"}	{"by": "O'Neil", "schemaVersion": 1}	3cdcfa58-0bb3-43a0-b6f1-e0bbe09b150b
184	0	2026-11-29 07:06:06.785014	account-06012	Opened	{"owner": "a,b;c:d", "accountId": "account-06012", "amountCents": 1250}	{"by": "O'Neil", "schemaVersion": 2}	bfc915bf-f6bc-44f6-b277-4a35fab2d9a3
195	1	2026-11-29 07:06:06.799652	account-06012	Deposited	{"note": " sep", "accountId": "account-06012", "amountCents": 7}	\N	06da92d8-5d3f-48f0-ae1d-bef985a5e0e0
196	2	2026-11-29 07:06:06.799652	account-06012	Withdrawn	{"accountId": "account-06012", "amountCents": 3}	\N	2de50763-3f08-4c18-9316-726f6957474c
207	0	2026-11-29 07:06:06.821597	account-06013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "account-06013"}	{"by": "O'Neil", "schemaVersion": 1}	74d86e30-abf8-4c76-af46-4e0e88fff5f5
223	0	2026-11-29 07:06:06.842694	account-06014	Opened	{"owner": "plain", "accountId": "account-06014", "amountCents": 1450}	{"by": "O'Neil", "schemaVersion": 2}	0ade6b2e-bea5-4628-8446-8b18fbe15987
234	0	2026-11-29 07:06:06.860709	account-06015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "account-06015"}	{"by": "O'Neil", "schemaVersion": 1}	8edfd821-c019-4b2a-bdb8-abfcf9c95d7f
243	1	2026-11-29 07:06:06.886447	account-06015	Deposited	{"note": "plain", "accountId": "account-06015", "amountCents": 7}	\N	d311055b-9552-4e2b-8bf3-9a26363a9f78
244	2	2026-11-29 07:06:06.886447	account-06015	Withdrawn	{"accountId": "account-06015", "amountCents": 3}	\N	ab51649f-160c-4803-9467-b6d75e70ddb7
253	0	2026-11-29 07:06:06.910275	account-06016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-06016", "amountCents": 1650}	{"by": "O'Neil", "schemaVersion": 2}	f9d70524-9829-48f5-8154-f4bb81920c3a
255	0	2026-11-29 07:06:06.93008	account-06017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "account-06017"}	{"by": "O'Neil", "schemaVersion": 1}	7f0d84e3-074c-4d3d-a876-b2d4ccfcc6d0
263	0	2026-11-29 07:06:06.937735	account-06018	Opened	{"owner": " sep", "accountId": "account-06018", "amountCents": 1850}	{"by": "O'Neil", "schemaVersion": 2}	e5717872-dce3-45cc-a86d-1ffa4416a1d4
270	1	2026-11-29 07:06:06.960032	account-06018	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "account-06018", "amountCents": 7}	\N	a69a9cad-bf0e-4d44-91fa-a59857638706
271	2	2026-11-29 07:06:06.960032	account-06018	Withdrawn	{"accountId": "account-06018", "amountCents": 3}	\N	e98f1bc6-7afa-4d44-8bcc-17825ee56cbe
277	0	2026-11-29 07:06:06.981997	account-06019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "account-06019"}	{"by": "O'Neil", "schemaVersion": 1}	eb107d91-dd13-44dd-a26e-0cfba1a33650
285	1	2026-11-29 07:06:07.017051	account-06019	Closed	{}	\N	c737ba6e-3784-4b17-bad7-f39a89c29d7e
46	1	2026-11-29 07:06:06.501442	payment:command-01003	Deposited	{"note": " sep", "accountId": "payment:command-01003", "amountCents": 7}	\N	6590ee49-6ff5-4e3f-93da-f31afc5c2805
49	2	2026-11-29 07:06:06.501442	payment:command-01003	Withdrawn	{"accountId": "payment:command-01003", "amountCents": 3}	\N	9edf2ee4-ea39-4e6b-8465-169c80c0990e
56	0	2026-11-29 07:06:06.541838	payment:command-01004	Opened	{"owner": " sep", "accountId": "payment:command-01004", "amountCents": 450}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	bde9370a-6b3a-4885-b8af-224bafab7549
71	0	2026-11-29 07:06:06.569012	payment:command-01005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "payment:command-01005"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	64f61b1b-9fd5-44b3-ab10-981d1254f8eb
74	0	2026-11-29 07:06:06.59377	payment:command-01006	Opened	{"owner": "O'Neil", "accountId": "payment:command-01006", "amountCents": 650}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	4a352468-6734-4c07-b304-1fc5912444eb
81	1	2026-11-29 07:06:06.611752	payment:command-01006	Deposited	{"note": "plain", "accountId": "payment:command-01006", "amountCents": 7}	\N	51b7e89a-2729-4f44-b7b5-37700bd1b1e2
82	2	2026-11-29 07:06:06.611752	payment:command-01006	Withdrawn	{"accountId": "payment:command-01006", "amountCents": 3}	\N	68d9570c-dbd7-43e5-81bc-64c5aa8cdaff
93	0	2026-11-29 07:06:06.624909	payment:command-01007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "payment:command-01007"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	07a7fb81-e333-4f41-80f7-72d3af8ecdd1
112	0	2026-11-29 07:06:06.646634	payment:command-01008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-01008", "amountCents": 850}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	9136787d-0bca-4ffa-8bfb-a0a24dd1b206
124	0	2026-11-29 07:06:06.682439	payment:command-01009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "payment:command-01009"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	1d78f44c-3298-47d9-94a0-a5eebe60b5d3
131	1	2026-11-29 07:06:06.699728	payment:command-01009	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "payment:command-01009", "amountCents": 7}	\N	31f28b1c-59ad-4326-b5ee-cec08578ddb8
132	2	2026-11-29 07:06:06.699728	payment:command-01009	Withdrawn	{"accountId": "payment:command-01009", "amountCents": 3}	\N	1d5e1ed9-41ba-4a53-a96c-355f2f31e283
136	3	2026-11-29 07:06:06.714661	payment:command-01009	Closed	{}	\N	f9e5a6d8-2f72-4aa6-8951-57608f15a708
147	0	2026-11-29 07:06:06.721802	payment:command-01010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "payment:command-01010", "amountCents": 1050}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	fcbc0451-ac1d-4a0b-8340-5e77c0c4c569
155	0	2026-11-29 07:06:06.735161	payment:command-01011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "payment:command-01011"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	a6c8173f-7a98-4696-b08f-b1a55e34b341
163	0	2026-11-29 07:06:06.749958	payment:command-01012	Opened	{"owner": "a,b;c:d", "accountId": "payment:command-01012", "amountCents": 1250}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	8930f93e-c5c5-44e5-9f46-2d94f8fa4506
171	1	2026-11-29 07:06:06.758634	payment:command-01012	Deposited	{"note": "O'Neil", "accountId": "payment:command-01012", "amountCents": 7}	\N	45ca67a7-c000-44e5-ad29-59ed93866768
176	2	2026-11-29 07:06:06.758634	payment:command-01012	Withdrawn	{"accountId": "payment:command-01012", "amountCents": 3}	\N	7d2266d6-ec16-4af4-86bb-fab438bde714
189	0	2026-11-29 07:06:06.781858	payment:command-01013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "payment:command-01013"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	5bb89fbf-4e92-4b5d-9df3-3c32c12aa933
205	0	2026-11-29 07:06:06.802698	payment:command-01014	Opened	{"owner": "plain", "accountId": "payment:command-01014", "amountCents": 1450}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	17192918-0464-45f7-8012-77fcbe1bd587
218	0	2026-11-29 07:06:06.841032	payment:command-01015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "payment:command-01015"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	6fb57e44-1b1a-4934-86a7-ef85bfcbddb3
226	1	2026-11-29 07:06:06.855075	payment:command-01015	Deposited	{"note": "tab\\tnl\\nend", "accountId": "payment:command-01015", "amountCents": 7}	\N	da63861e-5e87-409e-a314-1b8884c2f342
233	2	2026-11-29 07:06:06.855075	payment:command-01015	Withdrawn	{"accountId": "payment:command-01015", "amountCents": 3}	\N	0c0c48d2-3a43-4d9a-a79f-75d13d192548
245	0	2026-11-29 07:06:06.885114	payment:command-01016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-01016", "amountCents": 1650}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	5749623f-8892-4f0e-bcb2-59fc9eaa3f5b
252	0	2026-11-29 07:06:06.913916	payment:command-01017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "payment:command-01017"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	ef33f887-9de2-473b-9508-d64ed4b408f9
260	0	2026-11-29 07:06:06.935422	payment:command-01018	Opened	{"owner": " sep", "accountId": "payment:command-01018", "amountCents": 1850}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 2}	c13468a5-08be-4d64-aa34-81813a2a7972
268	1	2026-11-29 07:06:06.955917	payment:command-01018	Deposited	{"note": "a,b;c:d", "accountId": "payment:command-01018", "amountCents": 7}	\N	dc3459aa-f48f-42b9-a686-fc82ed849bf5
269	2	2026-11-29 07:06:06.955917	payment:command-01018	Withdrawn	{"accountId": "payment:command-01018", "amountCents": 3}	\N	62c88942-2af7-4aeb-9867-a65569acffc2
276	0	2026-11-29 07:06:06.982005	payment:command-01019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "payment:command-01019"}	{"by": "Zoë \\"quoted\\" \\\\ back", "schemaVersion": 1}	1c7c0d96-3238-4469-82ac-006654cfee27
283	1	2026-11-29 07:06:07.005598	payment:command-01019	Closed	{}	\N	26111c5e-51db-4afd-b9f3-0179aa453371
47	1	2026-11-29 07:06:06.514356	account-00003	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "account-00003", "amountCents": 7}	\N	5808b814-6c8c-49e3-a9ac-07934d1eafe5
48	2	2026-11-29 07:06:06.514356	account-00003	Withdrawn	{"accountId": "account-00003", "amountCents": 3}	\N	45095439-7b78-4380-a1d6-3c12586880a5
58	0	2026-11-29 07:06:06.542126	account-00004	Opened	{"owner": " sep", "accountId": "account-00004", "amountCents": 450}	{"by": "plain", "schemaVersion": 2}	d03bd6bf-35de-43d8-96dc-8b2bf7a3905c
75	0	2026-11-29 07:06:06.566472	account-00005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "account-00005"}	{"by": "plain", "schemaVersion": 1}	f92e6556-f4a0-4d59-b609-37ed7ab217ac
87	0	2026-11-29 07:06:06.612614	account-00006	Opened	{"owner": "O'Neil", "accountId": "account-00006", "amountCents": 650}	{"by": "plain", "schemaVersion": 2}	6f472952-1f55-4fe1-aa45-9704b9f3428d
95	1	2026-11-29 07:06:06.635013	account-00006	Deposited	{"note": "O'Neil", "accountId": "account-00006", "amountCents": 7}	\N	4ba39cd0-8a19-436c-bb6e-0aefe7503723
96	2	2026-11-29 07:06:06.635013	account-00006	Withdrawn	{"accountId": "account-00006", "amountCents": 3}	\N	180759b4-356d-4080-aac6-971354acfc18
103	0	2026-11-29 07:06:06.645511	account-00007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "account-00007"}	{"by": "plain", "schemaVersion": 1}	10662d14-8069-457c-80e9-637d406a54e1
113	0	2026-11-29 07:06:06.660303	account-00008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-00008", "amountCents": 850}	{"by": "plain", "schemaVersion": 2}	32c67917-f500-4036-8b33-02506a1544c0
122	0	2026-11-29 07:06:06.683871	account-00009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "account-00009"}	{"by": "plain", "schemaVersion": 1}	d0e237f7-8746-42cc-896d-021fad80233f
137	1	2026-11-29 07:06:06.701021	account-00009	Deposited	{"note": "tab\\tnl\\nend", "accountId": "account-00009", "amountCents": 7}	\N	80934667-467d-4b00-8e94-37c3ed775e0f
138	2	2026-11-29 07:06:06.701021	account-00009	Withdrawn	{"accountId": "account-00009", "amountCents": 3}	\N	ddbb70c1-aea4-4324-9f43-0b0eefe87d22
146	3	2026-11-29 07:06:06.719347	account-00009	Closed	{}	\N	09f7ae80-dd91-40f0-9a67-b7216e92f97e
160	0	2026-11-29 07:06:06.736659	account-00010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "account-00010", "amountCents": 1050}	{"by": "plain", "schemaVersion": 2}	92da5a6a-5533-496c-b749-7a8ae02c5b98
172	0	2026-11-29 07:06:06.758189	account-00011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "account-00011"}	{"by": "plain", "schemaVersion": 1}	786bd6ed-877e-4bef-82c6-f062b7080efe
179	0	2026-11-29 07:06:06.774805	account-00012	Opened	{"owner": "a,b;c:d", "accountId": "account-00012", "amountCents": 1250}	{"by": "plain", "schemaVersion": 2}	1f773272-d8a1-4ac4-9839-44a2d4067424
186	1	2026-11-29 07:06:06.786342	account-00012	Deposited	{"note": "a,b;c:d", "accountId": "account-00012", "amountCents": 7}	\N	ab14ebed-fd3e-4090-9bd9-0ffd86c701de
187	2	2026-11-29 07:06:06.786342	account-00012	Withdrawn	{"accountId": "account-00012", "amountCents": 3}	\N	dce8d558-9c3c-42c2-a1f6-a964c290e980
199	0	2026-11-29 07:06:06.800152	account-00013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "account-00013"}	{"by": "plain", "schemaVersion": 1}	38b7696a-61df-474a-b2f1-02ed5d015c71
211	0	2026-11-29 07:06:06.829658	account-00014	Opened	{"owner": "plain", "accountId": "account-00014", "amountCents": 1450}	{"by": "plain", "schemaVersion": 2}	8028e21d-a0d3-43e7-a7f1-dd310ff02bb1
217	0	2026-11-29 07:06:06.844582	account-00015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "account-00015"}	{"by": "plain", "schemaVersion": 1}	6a1ad78e-c972-4667-b074-da99a0e644b3
219	1	2026-11-29 07:06:06.848174	account-00015	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "account-00015", "amountCents": 7}	\N	25650a6a-9ea2-4572-a611-4b2dfe949578
220	2	2026-11-29 07:06:06.848174	account-00015	Withdrawn	{"accountId": "account-00015", "amountCents": 3}	\N	a83c2bbc-28a1-4b40-acc3-3c23fc91bd18
229	0	2026-11-29 07:06:06.857495	account-00016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "account-00016", "amountCents": 1650}	{"by": "plain", "schemaVersion": 2}	3b849784-0311-40c2-9e7b-d666f45c08ab
240	0	2026-11-29 07:06:06.877808	account-00017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "account-00017"}	{"by": "plain", "schemaVersion": 1}	4de159df-f177-4db0-9673-9cb352647457
249	0	2026-11-29 07:06:06.902702	account-00018	Opened	{"owner": " sep", "accountId": "account-00018", "amountCents": 1850}	{"by": "plain", "schemaVersion": 2}	48ee8c50-d3f2-4933-8d05-8b6adf2cb4b8
257	1	2026-11-29 07:06:06.933267	account-00018	Deposited	{"note": " sep", "accountId": "account-00018", "amountCents": 7}	\N	7d4871be-4eff-437a-b14a-3f83487277b5
259	2	2026-11-29 07:06:06.933267	account-00018	Withdrawn	{"accountId": "account-00018", "amountCents": 3}	\N	03f682d6-eb75-464a-aa94-7f9ba207a6b6
265	0	2026-11-29 07:06:06.9503	account-00019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "account-00019"}	{"by": "plain", "schemaVersion": 1}	ced1890b-aef7-4601-b4f8-8cab2e89fbb7
273	1	2026-11-29 07:06:06.972151	account-00019	Closed	{}	\N	5ac76d42-d388-45f5-a573-8e14e998d0eb
52	0	2026-11-29 07:06:06.515506	payment:command-04002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-04002", "amountCents": 250}	{"by": " sep", "schemaVersion": 2}	b8b677e2-1582-4ba9-b1aa-f03e1c69a125
59	0	2026-11-29 07:06:06.550204	payment:command-04003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "payment:command-04003"}	{"by": " sep", "schemaVersion": 1}	baabc692-7454-47ac-a23b-496d089866e6
62	1	2026-11-29 07:06:06.567751	payment:command-04003	Deposited	{"note": "plain", "accountId": "payment:command-04003", "amountCents": 7}	\N	4082813d-2d44-47fc-ac69-c69daffd4168
63	2	2026-11-29 07:06:06.567751	payment:command-04003	Withdrawn	{"accountId": "payment:command-04003", "amountCents": 3}	\N	19704547-0842-408a-b095-ae902aa6b16f
72	0	2026-11-29 07:06:06.573918	payment:command-04004	Opened	{"owner": " sep", "accountId": "payment:command-04004", "amountCents": 450}	{"by": " sep", "schemaVersion": 2}	17b4340f-62d8-4223-8b16-02fa1847cd5e
79	0	2026-11-29 07:06:06.601449	payment:command-04005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "payment:command-04005"}	{"by": " sep", "schemaVersion": 1}	58976e49-0ccc-4764-ae5d-6f03eb36dded
91	0	2026-11-29 07:06:06.621312	payment:command-04006	Opened	{"owner": "O'Neil", "accountId": "payment:command-04006", "amountCents": 650}	{"by": " sep", "schemaVersion": 2}	3f075312-bc54-4c50-a5e4-b7358eae33ee
104	1	2026-11-29 07:06:06.639256	payment:command-04006	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "payment:command-04006", "amountCents": 7}	\N	a5e7ff74-3760-4370-8fae-d6ada868acdc
109	2	2026-11-29 07:06:06.639256	payment:command-04006	Withdrawn	{"accountId": "payment:command-04006", "amountCents": 3}	\N	f686548c-d061-44d0-a015-e37abe27ba86
121	0	2026-11-29 07:06:06.664523	payment:command-04007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "payment:command-04007"}	{"by": " sep", "schemaVersion": 1}	0ba8fa8b-596b-4b5e-a13e-d5118613ca33
129	0	2026-11-29 07:06:06.698232	payment:command-04008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-04008", "amountCents": 850}	{"by": " sep", "schemaVersion": 2}	6cf68035-b598-4171-8d89-6164cb9b8615
134	0	2026-11-29 07:06:06.71284	payment:command-04009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "payment:command-04009"}	{"by": " sep", "schemaVersion": 1}	9f579e54-9869-4a1a-aaa2-a09cdf2e320b
144	1	2026-11-29 07:06:06.718283	payment:command-04009	Deposited	{"note": "O'Neil", "accountId": "payment:command-04009", "amountCents": 7}	\N	98d6580b-b131-47ac-bd8f-ed645af95301
145	2	2026-11-29 07:06:06.718283	payment:command-04009	Withdrawn	{"accountId": "payment:command-04009", "amountCents": 3}	\N	09550618-1970-49ec-934b-f0a84dad7c15
152	3	2026-11-29 07:06:06.734415	payment:command-04009	Closed	{}	\N	4c9d7fc2-854b-44da-9c12-28bf41dadad3
161	0	2026-11-29 07:06:06.739489	payment:command-04010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "payment:command-04010", "amountCents": 1050}	{"by": " sep", "schemaVersion": 2}	6e50c386-43d0-4700-9d82-3a1d64c0b881
166	0	2026-11-29 07:06:06.753823	payment:command-04011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "payment:command-04011"}	{"by": " sep", "schemaVersion": 1}	21ba2aeb-393d-487d-b150-9b8d53e5b0df
181	0	2026-11-29 07:06:06.765784	payment:command-04012	Opened	{"owner": "a,b;c:d", "accountId": "payment:command-04012", "amountCents": 1250}	{"by": " sep", "schemaVersion": 2}	8ea9f516-9072-48cd-99f1-91af406eb2ae
201	1	2026-11-29 07:06:06.797371	payment:command-04012	Deposited	{"note": "tab\\tnl\\nend", "accountId": "payment:command-04012", "amountCents": 7}	\N	2f5dd06a-116e-4d49-95ba-3eb6a17c9602
202	2	2026-11-29 07:06:06.797371	payment:command-04012	Withdrawn	{"accountId": "payment:command-04012", "amountCents": 3}	\N	8b79a4a3-1c3e-4a10-90b2-61bdf1aa799b
212	0	2026-11-29 07:06:06.831918	payment:command-04013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "payment:command-04013"}	{"by": " sep", "schemaVersion": 1}	00d29dea-d525-4b1f-82b5-a01109e8c8e3
221	0	2026-11-29 07:06:06.846958	payment:command-04014	Opened	{"owner": "plain", "accountId": "payment:command-04014", "amountCents": 1450}	{"by": " sep", "schemaVersion": 2}	6ec13b27-ade4-4c0d-b983-dc2a6d782068
235	0	2026-11-29 07:06:06.85702	payment:command-04015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "payment:command-04015"}	{"by": " sep", "schemaVersion": 1}	1ea29495-4e19-4fad-bbb2-82cf18cae9c1
247	1	2026-11-29 07:06:06.895393	payment:command-04015	Deposited	{"note": "a,b;c:d", "accountId": "payment:command-04015", "amountCents": 7}	\N	0ace3e26-4939-4433-82d8-cef44f2f80ed
248	2	2026-11-29 07:06:06.895393	payment:command-04015	Withdrawn	{"accountId": "payment:command-04015", "amountCents": 3}	\N	e1e81d98-c2ae-4211-8015-0383d24c5d35
256	0	2026-11-29 07:06:06.918006	payment:command-04016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-04016", "amountCents": 1650}	{"by": " sep", "schemaVersion": 2}	cf24c4cd-0cb6-4eda-b9d3-7f01237986d8
262	0	2026-11-29 07:06:06.93935	payment:command-04017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "payment:command-04017"}	{"by": " sep", "schemaVersion": 1}	69e743a0-3478-4856-88b2-09b94de9127f
272	0	2026-11-29 07:06:06.956331	payment:command-04018	Opened	{"owner": " sep", "accountId": "payment:command-04018", "amountCents": 1850}	{"by": " sep", "schemaVersion": 2}	61662399-bdd4-4e79-a3a5-b99125b03e5f
278	1	2026-11-29 07:06:06.985925	payment:command-04018	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-04018", "amountCents": 7}	\N	7a293469-b143-497e-893e-083329fb7609
279	2	2026-11-29 07:06:06.985925	payment:command-04018	Withdrawn	{"accountId": "payment:command-04018", "amountCents": 3}	\N	1920d64f-3476-42d3-863a-d82cea577ae4
284	0	2026-11-29 07:06:07.013496	payment:command-04019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "payment:command-04019"}	{"by": " sep", "schemaVersion": 1}	77a57cda-0f5f-4795-9ce0-e6ba1bd44018
287	1	2026-11-29 07:06:07.030924	payment:command-04019	Closed	{}	\N	4fdb7577-44d1-49d3-9624-19bfd702a236
42	0	2026-11-29 07:06:06.485804	payment:command-07002	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-07002", "amountCents": 250}	{"by": "plain", "schemaVersion": 2}	a208cc3c-b511-410d-b11c-7b0e505ac489
54	0	2026-11-29 07:06:06.531882	payment:command-07003	Opened	{"owner": "emoji 🦀 ẞ", "amount": 3.5, "accountId": "payment:command-07003"}	{"by": "plain", "schemaVersion": 1}	3006ab17-54f7-406f-bc92-34247404a0f2
60	1	2026-11-29 07:06:06.557847	payment:command-07003	Deposited	{"note": "emoji 🦀 ẞ", "accountId": "payment:command-07003", "amountCents": 7}	\N	bb8e5070-d372-41e5-bc31-7c1aff9b780c
61	2	2026-11-29 07:06:06.557847	payment:command-07003	Withdrawn	{"accountId": "payment:command-07003", "amountCents": 3}	\N	36d45d6b-fb86-480d-9da3-8aea1b438bb8
67	0	2026-11-29 07:06:06.568734	payment:command-07004	Opened	{"owner": " sep", "accountId": "payment:command-07004", "amountCents": 450}	{"by": "plain", "schemaVersion": 2}	cae4ed94-c5c4-4e17-92ee-1df62df8a216
77	0	2026-11-29 07:06:06.597055	payment:command-07005	Opened	{"owner": "a,b;c:d", "amount": 5.5, "accountId": "payment:command-07005"}	{"by": "plain", "schemaVersion": 1}	0d3ea36b-9306-4429-9b8b-1856fbfdccd7
86	0	2026-11-29 07:06:06.617256	payment:command-07006	Opened	{"owner": "O'Neil", "accountId": "payment:command-07006", "amountCents": 650}	{"by": "plain", "schemaVersion": 2}	3effe253-6b93-42ca-9483-528b181ec335
101	1	2026-11-29 07:06:06.635344	payment:command-07006	Deposited	{"note": "O'Neil", "accountId": "payment:command-07006", "amountCents": 7}	\N	6fb60cea-0913-432f-9744-1a6a4b900c68
102	2	2026-11-29 07:06:06.635344	payment:command-07006	Withdrawn	{"accountId": "payment:command-07006", "amountCents": 3}	\N	f239263a-fff3-424e-a360-f860429d3516
114	0	2026-11-29 07:06:06.659236	payment:command-07007	Opened	{"owner": "plain", "amount": 7.5, "accountId": "payment:command-07007"}	{"by": "plain", "schemaVersion": 1}	b91a89a5-c272-46de-8e89-749a4517b7d0
127	0	2026-11-29 07:06:06.695118	payment:command-07008	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-07008", "amountCents": 850}	{"by": "plain", "schemaVersion": 2}	913d81ff-baa3-4598-b868-7e2c098310ff
140	0	2026-11-29 07:06:06.714255	payment:command-07009	Opened	{"owner": "tab\\tnl\\nend", "amount": 9.5, "accountId": "payment:command-07009"}	{"by": "plain", "schemaVersion": 1}	34e24bff-0341-4b82-bc71-cc9358b6d6d4
149	1	2026-11-29 07:06:06.732776	payment:command-07009	Deposited	{"note": "tab\\tnl\\nend", "accountId": "payment:command-07009", "amountCents": 7}	\N	0aca4b64-0168-4b88-8a88-49de3f5f6132
150	2	2026-11-29 07:06:06.732776	payment:command-07009	Withdrawn	{"accountId": "payment:command-07009", "amountCents": 3}	\N	7cd52b38-33fd-4d06-bac7-7c4fadaf19ad
158	3	2026-11-29 07:06:06.737661	payment:command-07009	Closed	{}	\N	7875caf8-4c0b-4998-b022-1bc673a6f1fe
170	0	2026-11-29 07:06:06.753331	payment:command-07010	Opened	{"owner": "emoji 🦀 ẞ", "accountId": "payment:command-07010", "amountCents": 1050}	{"by": "plain", "schemaVersion": 2}	94ca86f7-9133-41eb-bd4f-0a94e15ade98
185	0	2026-11-29 07:06:06.774489	payment:command-07011	Opened	{"owner": " sep", "amount": 11.5, "accountId": "payment:command-07011"}	{"by": "plain", "schemaVersion": 1}	7f047ada-8b71-4fee-929f-7795f56d2f73
192	0	2026-11-29 07:06:06.799095	payment:command-07012	Opened	{"owner": "a,b;c:d", "accountId": "payment:command-07012", "amountCents": 1250}	{"by": "plain", "schemaVersion": 2}	a5226e86-a493-41cd-853b-b5a0e201b119
209	1	2026-11-29 07:06:06.827283	payment:command-07012	Deposited	{"note": "a,b;c:d", "accountId": "payment:command-07012", "amountCents": 7}	\N	5ad60f71-0532-4729-865f-6c97a7aeca1b
210	2	2026-11-29 07:06:06.827283	payment:command-07012	Withdrawn	{"accountId": "payment:command-07012", "amountCents": 3}	\N	75ab6460-adee-4bd9-815b-0988b505d08b
216	0	2026-11-29 07:06:06.843652	payment:command-07013	Opened	{"owner": "O'Neil", "amount": 13.5, "accountId": "payment:command-07013"}	{"by": "plain", "schemaVersion": 1}	6b28d106-a66e-472b-aacb-7d2a4b4ecb6f
224	0	2026-11-29 07:06:06.847768	payment:command-07014	Opened	{"owner": "plain", "accountId": "payment:command-07014", "amountCents": 1450}	{"by": "plain", "schemaVersion": 2}	8eab70c2-387b-4fe1-95ad-03956178c065
241	0	2026-11-29 07:06:06.859863	payment:command-07015	Opened	{"owner": "Zoë \\"quoted\\" \\\\ back", "amount": 15.5, "accountId": "payment:command-07015"}	{"by": "plain", "schemaVersion": 1}	6ac84672-c54b-445a-9451-c3da2fdfc929
250	1	2026-11-29 07:06:06.903902	payment:command-07015	Deposited	{"note": "Zoë \\"quoted\\" \\\\ back", "accountId": "payment:command-07015", "amountCents": 7}	\N	81257195-cc90-4b57-9812-eb183b87f1e6
251	2	2026-11-29 07:06:06.903902	payment:command-07015	Withdrawn	{"accountId": "payment:command-07015", "amountCents": 3}	\N	245b7141-2268-4a9a-910c-0748653683b5
258	0	2026-11-29 07:06:06.922498	payment:command-07016	Opened	{"owner": "tab\\tnl\\nend", "accountId": "payment:command-07016", "amountCents": 1650}	{"by": "plain", "schemaVersion": 2}	04b0c32b-ecef-465c-b11e-c0557ca59b8f
264	0	2026-11-29 07:06:06.949926	payment:command-07017	Opened	{"owner": "emoji 🦀 ẞ", "amount": 17.5, "accountId": "payment:command-07017"}	{"by": "plain", "schemaVersion": 1}	7e03f432-d9a4-42c5-b71c-45ae9593bb41
274	0	2026-11-29 07:06:06.974254	payment:command-07018	Opened	{"owner": " sep", "accountId": "payment:command-07018", "amountCents": 1850}	{"by": "plain", "schemaVersion": 2}	2d946ee4-503b-4708-8357-634c73e5a39a
280	1	2026-11-29 07:06:06.997479	payment:command-07018	Deposited	{"note": " sep", "accountId": "payment:command-07018", "amountCents": 7}	\N	bb012920-c050-4d7b-abd4-4900aa2d48b2
281	2	2026-11-29 07:06:06.997479	payment:command-07018	Withdrawn	{"accountId": "payment:command-07018", "amountCents": 3}	\N	240765b0-2c97-47a4-b1d1-c898859ce006
286	0	2026-11-29 07:06:07.017528	payment:command-07019	Opened	{"owner": "a,b;c:d", "amount": 19.5, "accountId": "payment:command-07019"}	{"by": "plain", "schemaVersion": 1}	e6f93885-4f89-46da-8a0f-74fce27f5352
288	1	2026-11-29 07:06:07.037338	payment:command-07019	Closed	{}	\N	6fdbc5bf-cca6-4b97-bd5b-cb7a1a5253f7
\.


--
-- Name: messages_global_position_seq; Type: SEQUENCE SET; Schema: message_store; Owner: -
--

SELECT pg_catalog.setval('message_store.messages_global_position_seq', 288, true);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: message_store; Owner: -
--

ALTER TABLE ONLY message_store.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (global_position);


--
-- Name: messages_category; Type: INDEX; Schema: message_store; Owner: -
--



--
-- Name: messages_id; Type: INDEX; Schema: message_store; Owner: -
--

CREATE UNIQUE INDEX messages_id ON message_store.messages USING btree (id);


--
-- Name: messages_stream; Type: INDEX; Schema: message_store; Owner: -
--

CREATE UNIQUE INDEX messages_stream ON message_store.messages USING btree (stream_name, "position");


--
-- PostgreSQL database dump complete
--


