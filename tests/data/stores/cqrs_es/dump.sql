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
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    sequence bigint NOT NULL,
    event_type text NOT NULL,
    event_version text NOT NULL,
    payload json NOT NULL,
    metadata json NOT NULL,
    CONSTRAINT events_sequence_check CHECK ((sequence >= 0))
);


--
-- Data for Name: events; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata) FROM stdin;
account	acc-5-0	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-5-0"}}	{"user": "plain"}
account	acc-1-0	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-1-0"}}	{"user": "plain"}
account	acc-2-0	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-2-0"}}	{"user": "plain"}
account	acc-4-0	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-4-0"}}	{"user": "plain"}
account	acc-0-0	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-0-0"}}	{"user": "plain"}
account	acc-3-0	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-3-0"}}	{"user": "plain"}
account	acc-5-0	2	Closed	1.0	"Closed"	{}
account	acc-0-0	2	Closed	1.0	"Closed"	{}
account	acc-1-0	2	Closed	1.0	"Closed"	{}
account	acc-2-0	2	Closed	1.0	"Closed"	{}
account	acc-4-0	2	Closed	1.0	"Closed"	{}
account	acc-3-0	2	Closed	1.0	"Closed"	{}
account	acc-5-1	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-5-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-2-1	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-2-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-1-1	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-1-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-3-1	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-3-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-0-1	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-0-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-4-1	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-4-1"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-5-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-2-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-1-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-3-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-5-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-2-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-4-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-1-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-4-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-3-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-0-1	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-0-1	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-1-2	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-1-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-4-2	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-4-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-2-2	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-2-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-5-2	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-5-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-3-2	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-3-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-0-2	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-0-2"}}	{"user": "tab\\tnl\\nend"}
account	acc-1-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-1-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-2-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-2-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-5-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-4-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-5-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-4-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-3-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-2-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-0-2	2	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 100}}	{}
account	acc-2-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-3-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-0-2	3	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-1-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-1-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-4-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-4-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-5-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-5-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-2-3	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-2-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-4-3	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-4-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-3-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-0-2	4	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 200}}	{}
account	acc-3-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-3-3	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-3-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-5-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-5-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-0-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-0-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-3-5	6	Closed	1.0	"Closed"	{}
account	acc-0-5	6	Closed	1.0	"Closed"	{}
account	acc-2-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-2-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-4-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-4-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-5-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-5-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-3-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-3-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-0-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-0-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-4-10	4	Closed	1.0	"Closed"	{}
account	acc-2-10	4	Closed	1.0	"Closed"	{}
account	acc-2-11	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-2-11"}}	{"user": " sep"}
account	acc-4-12	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-4-12"}}	{"user": "a,b;c:d"}
account	acc-3-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-3-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-2-12	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-2-12"}}	{"user": "a,b;c:d"}
account	acc-4-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-4-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-0-13	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-0-13"}}	{"user": "O'Neil"}
account	acc-1-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-1-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-5-3	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-5-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-3-4	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-3-4"}}	{"user": " sep"}
account	acc-3-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-3-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-2-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-2-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-2-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-2-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-1-5	6	Closed	1.0	"Closed"	{}
account	acc-3-6	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-3-6"}}	{"user": "O'Neil"}
account	acc-4-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-4-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-2-8	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-2-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-2-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-2-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-2-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-2-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-3-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-3-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-1-10	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-1-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-4-11	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-4-11"}}	{"user": " sep"}
account	acc-1-11	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-1-11"}}	{"user": " sep"}
account	acc-0-10	4	Closed	1.0	"Closed"	{}
account	acc-5-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-5-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-4-14	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-4-14"}}	{"user": "plain"}
account	acc-1-13	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-1-13"}}	{"user": "O'Neil"}
account	acc-5-14	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-5-14"}}	{"user": "plain"}
account	acc-0-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-0-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-2-4	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-2-4"}}	{"user": " sep"}
account	acc-0-3	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-0-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-5-5	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-5-5"}}	{"user": "a,b;c:d"}
account	acc-4-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-4-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-1-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-1-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-4-5	6	Closed	1.0	"Closed"	{}
account	acc-2-6	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-2-6"}}	{"user": "O'Neil"}
account	acc-4-7	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-4-7"}}	{"user": "plain"}
account	acc-3-8	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-3-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-0-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-0-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-4-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-4-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-1-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-1-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-5-11	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-5-11"}}	{"user": " sep"}
account	acc-3-10	4	Closed	1.0	"Closed"	{}
account	acc-1-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-1-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-1-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-1-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-1-12	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-1-12"}}	{"user": "a,b;c:d"}
account	acc-0-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-0-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-1-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-1-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-3-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-3-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-3-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-3-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-1-3	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-1-3"}}	{"user": "emoji 🦀 ẞ"}
account	acc-5-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-5-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-5-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-5-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-3-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-3-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-5-6	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-5-6"}}	{"user": "O'Neil"}
account	acc-5-7	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-5-7"}}	{"user": "plain"}
account	acc-5-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-5-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-3-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-3-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-0-8	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-0-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-4-10	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-4-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-1-9	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-1-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-0-9	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-0-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-3-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-3-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-0-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-0-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-4-13	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-4-13"}}	{"user": "O'Neil"}
account	acc-4-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-4-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-5-13	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-5-13"}}	{"user": "O'Neil"}
account	acc-5-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-5-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-3-14	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-3-14"}}	{"user": "plain"}
account	acc-0-2	5	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-1-4	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-1-4"}}	{"user": " sep"}
account	acc-0-4	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-0-4"}}	{"user": " sep"}
account	acc-1-5	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-1-5"}}	{"user": "a,b;c:d"}
account	acc-4-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-4-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-5-5	6	Closed	1.0	"Closed"	{}
account	acc-4-6	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-4-6"}}	{"user": "O'Neil"}
account	acc-0-6	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-0-6"}}	{"user": "O'Neil"}
account	acc-1-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-1-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-5-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-5-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-5-9	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-5-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-5-10	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-5-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-3-11	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-3-11"}}	{"user": " sep"}
account	acc-0-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-0-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-3-13	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-3-13"}}	{"user": "O'Neil"}
account	acc-1-14	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-1-14"}}	{"user": "plain"}
account	acc-3-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-3-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-0-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-0-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-4-4	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-4-4"}}	{"user": " sep"}
account	acc-2-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-2-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-1-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-1-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-3-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-3-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-1-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-1-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-1-6	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-1-6"}}	{"user": "O'Neil"}
account	acc-3-7	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-3-7"}}	{"user": "plain"}
account	acc-5-8	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-5-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-0-7	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-0-7	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-1-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-1-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-5-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-5-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-5-10	4	Closed	1.0	"Closed"	{}
account	acc-4-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-4-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-4-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-4-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-0-11	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-0-11"}}	{"user": " sep"}
account	acc-3-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-3-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-2-13	2	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 100}}	{}
account	acc-2-13	3	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-2-14	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-2-14"}}	{"user": "plain"}
account	acc-2-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-2-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-1-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-1-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-5-4	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-5-4"}}	{"user": " sep"}
account	acc-4-5	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-4-5"}}	{"user": "a,b;c:d"}
account	acc-3-5	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-3-5"}}	{"user": "a,b;c:d"}
account	acc-2-5	6	Closed	1.0	"Closed"	{}
account	acc-2-7	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-2-7"}}	{"user": "plain"}
account	acc-4-8	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-4-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-1-8	1	Opened	1.0	{"Opened": {"owner": "tab\\tnl\\nend", "account_id": "acc-1-8"}}	{"user": "Zoë \\"quoted\\" \\\\ back"}
account	acc-1-8	2	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 100}}	{}
account	acc-1-8	3	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-3-9	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-3-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-2-10	2	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 100}}	{}
account	acc-2-10	3	Deposited	2.0	{"Deposited": {"note": "emoji 🦀 ẞ", "amount_cents": 1}}	{}
account	acc-1-10	4	Closed	1.0	"Closed"	{}
account	acc-5-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-5-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-2-13	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-2-13"}}	{"user": "O'Neil"}
account	acc-4-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-4-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-0-12	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-0-12"}}	{"user": "a,b;c:d"}
account	acc-5-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-5-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-0-14	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-0-14"}}	{"user": "plain"}
account	acc-4-4	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-4-4	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-2-5	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-2-5"}}	{"user": "a,b;c:d"}
account	acc-0-5	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-0-5"}}	{"user": "a,b;c:d"}
account	acc-0-5	2	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 100}}	{}
account	acc-0-5	3	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-0-5	4	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 200}}	{}
account	acc-0-5	5	Deposited	2.0	{"Deposited": {"note": "O'Neil", "amount_cents": 1}}	{}
account	acc-1-7	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-1-7"}}	{"user": "plain"}
account	acc-0-7	1	Opened	1.0	{"Opened": {"owner": "plain", "account_id": "acc-0-7"}}	{"user": "plain"}
account	acc-4-8	4	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 200}}	{}
account	acc-4-8	5	Deposited	2.0	{"Deposited": {"note": "tab\\tnl\\nend", "amount_cents": 1}}	{}
account	acc-4-9	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-4-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-2-9	1	Opened	1.0	{"Opened": {"owner": " sep", "account_id": "acc-2-9"}}	{"user": "tab\\tnl\\nend"}
account	acc-2-10	1	Opened	1.0	{"Opened": {"owner": "a,b;c:d", "account_id": "acc-2-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-3-10	1	Opened	1.0	{"Opened": {"owner": "O'Neil", "account_id": "acc-3-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-0-10	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-0-10"}}	{"user": "emoji 🦀 ẞ"}
account	acc-2-11	2	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 100}}	{}
account	acc-2-11	3	Deposited	2.0	{"Deposited": {"note": " sep", "amount_cents": 1}}	{}
account	acc-2-11	4	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 200}}	{}
account	acc-2-11	5	Deposited	1.0	{"Deposited": {"note": "a,b;c:d", "amount_cents": 1}}	{}
account	acc-5-12	1	Opened	1.0	{"Opened": {"owner": "emoji 🦀 ẞ", "account_id": "acc-5-12"}}	{"user": "a,b;c:d"}
account	acc-3-12	1	Opened	1.0	{"Opened": {"owner": "Zoë \\"quoted\\" \\\\ back", "account_id": "acc-3-12"}}	{"user": "a,b;c:d"}
account	acc-5-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-5-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
account	acc-2-14	4	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 200}}	{}
account	acc-2-14	5	Deposited	2.0	{"Deposited": {"note": "Zoë \\"quoted\\" \\\\ back", "amount_cents": 1}}	{}
account	acc-0-14	2	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 100}}	{}
account	acc-0-14	3	Deposited	1.0	{"Deposited": {"note": "plain", "amount_cents": 1}}	{}
\.


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (aggregate_type, aggregate_id, sequence);


--
-- PostgreSQL database dump complete
--


