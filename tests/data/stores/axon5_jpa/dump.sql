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

--
-- Name: aggregate-event-global-index-sequence; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public."aggregate-event-global-index-sequence"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: aggregate_event_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.aggregate_event_entry (
    global_index bigint NOT NULL,
    aggregate_type character varying(255),
    aggregate_identifier character varying(255),
    aggregate_sequence_number bigint,
    type character varying(255) NOT NULL,
    version character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL,
    payload oid NOT NULL,
    metadata oid,
    identifier character varying(255) NOT NULL
);


--
-- Name: 16877; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16877');


--
-- Name: 16878; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16878');


--
-- Name: 16879; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16879');


--
-- Name: 16880; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16880');


--
-- Name: 16881; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16881');


--
-- Name: 16882; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16882');


--
-- Name: 16883; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16883');


--
-- Name: 16884; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16884');


--
-- Name: 16885; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16885');


--
-- Name: 16886; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16886');


--
-- Name: 16887; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16887');


--
-- Name: 16888; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16888');


--
-- Name: 16890; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16890');


--
-- Name: 16891; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16891');


--
-- Name: 16892; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16892');


--
-- Name: 16893; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16893');


--
-- Name: 16894; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16894');


--
-- Name: 16895; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16895');


--
-- Name: 16896; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16896');


--
-- Name: 16897; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16897');


--
-- Name: 16898; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16898');


--
-- Name: 16899; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16899');


--
-- Name: 16900; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16900');


--
-- Name: 16901; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16901');


--
-- Name: 16902; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16902');


--
-- Name: 16903; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16903');


--
-- Name: 16904; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16904');


--
-- Name: 16905; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16905');


--
-- Name: 16906; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16906');


--
-- Name: 16907; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16907');


--
-- Name: 16908; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16908');


--
-- Name: 16909; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16909');


--
-- Name: 16910; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16910');


--
-- Name: 16911; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16911');


--
-- Name: 16912; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16912');


--
-- Name: 16913; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16913');


--
-- Name: 16914; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16914');


--
-- Name: 16915; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16915');


--
-- Name: 16916; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16916');


--
-- Name: 16917; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16917');


--
-- Name: 16918; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16918');


--
-- Name: 16919; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16919');


--
-- Name: 16920; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16920');


--
-- Name: 16921; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16921');


--
-- Name: 16922; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16922');


--
-- Name: 16923; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16923');


--
-- Name: 16924; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16924');


--
-- Name: 16925; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16925');


--
-- Name: 16926; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16926');


--
-- Name: 16927; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16927');


--
-- Name: 16928; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16928');


--
-- Name: 16929; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16929');


--
-- Name: 16930; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16930');


--
-- Name: 16931; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16931');


--
-- Name: 16932; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16932');


--
-- Name: 16933; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16933');


--
-- Name: 16934; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16934');


--
-- Name: 16935; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16935');


--
-- Name: 16936; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16936');


--
-- Name: 16937; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16937');


--
-- Name: 16938; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16938');


--
-- Name: 16939; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16939');


--
-- Name: 16940; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16940');


--
-- Name: 16941; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16941');


--
-- Name: 16942; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16942');


--
-- Name: 16943; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16943');


--
-- Name: 16944; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16944');


--
-- Name: 16945; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16945');


--
-- Name: 16946; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16946');


--
-- Name: 16947; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16947');


--
-- Name: 16948; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16948');


--
-- Name: 16949; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16949');


--
-- Name: 16950; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16950');


--
-- Name: 16951; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16951');


--
-- Name: 16952; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16952');


--
-- Name: 16953; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16953');


--
-- Name: 16954; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16954');


--
-- Name: 16955; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16955');


--
-- Name: 16956; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16956');


--
-- Name: 16957; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16957');


--
-- Name: 16958; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16958');


--
-- Name: 16959; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16959');


--
-- Name: 16960; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16960');


--
-- Name: 16961; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16961');


--
-- Name: 16962; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16962');


--
-- Name: 16963; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16963');


--
-- Name: 16964; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16964');


--
-- Name: 16965; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16965');


--
-- Name: 16966; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16966');


--
-- Name: 16967; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16967');


--
-- Name: 16968; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16968');


--
-- Name: 16969; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16969');


--
-- Name: 16970; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16970');


--
-- Name: 16971; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16971');


--
-- Name: 16972; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16972');


--
-- Name: 16973; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16973');


--
-- Name: 16974; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16974');


--
-- Name: 16975; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16975');


--
-- Name: 16976; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16976');


--
-- Name: 16977; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16977');


--
-- Name: 16978; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16978');


--
-- Name: 16979; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16979');


--
-- Name: 16980; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16980');


--
-- Name: 16981; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16981');


--
-- Name: 16982; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16982');


--
-- Name: 16983; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16983');


--
-- Name: 16984; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16984');


--
-- Name: 16985; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16985');


--
-- Name: 16986; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16986');


--
-- Name: 16987; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16987');


--
-- Name: 16988; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16988');


--
-- Name: 16989; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16989');


--
-- Name: 16990; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16990');


--
-- Name: 16991; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16991');


--
-- Name: 16992; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16992');


--
-- Name: 16993; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16993');


--
-- Name: 16994; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16994');


--
-- Name: 16995; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16995');


--
-- Name: 16996; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16996');


--
-- Name: 16997; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16997');


--
-- Name: 16998; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16998');


--
-- Name: 16999; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16999');


--
-- Name: 17000; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17000');


--
-- Name: 17001; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17001');


--
-- Name: 17002; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17002');


--
-- Name: 17003; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17003');


--
-- Name: 17004; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17004');


--
-- Name: 17005; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17005');


--
-- Name: 17006; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17006');


--
-- Name: 17007; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17007');


--
-- Name: 17008; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17008');


--
-- Name: 17009; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17009');


--
-- Name: 17010; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17010');


--
-- Name: 17011; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17011');


--
-- Name: 17012; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17012');


--
-- Name: 17013; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17013');


--
-- Name: 17014; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17014');


--
-- Name: 17015; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17015');


--
-- Name: 17016; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17016');


--
-- Name: 17017; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17017');


--
-- Name: 17018; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17018');


--
-- Name: 17019; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17019');


--
-- Name: 17020; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17020');


--
-- Name: 17021; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17021');


--
-- Name: 17022; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17022');


--
-- Name: 17023; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17023');


--
-- Name: 17024; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17024');


--
-- Name: 17025; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17025');


--
-- Name: 17026; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17026');


--
-- Name: 17027; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17027');


--
-- Name: 17028; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17028');


--
-- Name: 17029; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17029');


--
-- Name: 17030; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17030');


--
-- Name: 17031; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17031');


--
-- Name: 17032; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17032');


--
-- Name: 17033; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17033');


--
-- Name: 17034; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17034');


--
-- Name: 17035; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17035');


--
-- Name: 17036; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17036');


--
-- Name: 17037; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17037');


--
-- Name: 17038; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17038');


--
-- Name: 17039; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17039');


--
-- Name: 17040; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17040');


--
-- Name: 17041; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17041');


--
-- Name: 17042; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17042');


--
-- Name: 17043; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17043');


--
-- Name: 17044; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17044');


--
-- Name: 17045; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17045');


--
-- Name: 17046; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17046');


--
-- Name: 17047; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17047');


--
-- Name: 17048; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17048');


--
-- Name: 17049; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17049');


--
-- Name: 17050; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17050');


--
-- Name: 17051; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17051');


--
-- Name: 17052; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17052');


--
-- Name: 17053; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17053');


--
-- Name: 17054; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17054');


--
-- Name: 17055; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17055');


--
-- Name: 17056; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17056');


--
-- Name: 17057; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17057');


--
-- Name: 17058; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17058');


--
-- Name: 17059; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17059');


--
-- Name: 17060; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17060');


--
-- Name: 17061; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17061');


--
-- Name: 17062; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17062');


--
-- Name: 17063; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17063');


--
-- Name: 17064; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17064');


--
-- Name: 17065; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17065');


--
-- Name: 17066; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17066');


--
-- Name: 17067; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17067');


--
-- Name: 17068; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17068');


--
-- Name: 17069; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17069');


--
-- Name: 17070; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17070');


--
-- Name: 17071; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17071');


--
-- Name: 17072; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17072');


--
-- Name: 17073; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17073');


--
-- Name: 17074; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17074');


--
-- Name: 17075; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17075');


--
-- Name: 17076; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17076');


--
-- Name: 17077; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17077');


--
-- Name: 17078; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17078');


--
-- Name: 17079; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17079');


--
-- Name: 17080; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17080');


--
-- Name: 17081; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17081');


--
-- Name: 17082; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17082');


--
-- Name: 17083; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17083');


--
-- Name: 17084; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17084');


--
-- Name: 17085; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17085');


--
-- Name: 17086; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17086');


--
-- Name: 17087; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17087');


--
-- Name: 17088; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17088');


--
-- Name: 17089; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17089');


--
-- Name: 17090; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17090');


--
-- Name: 17091; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17091');


--
-- Name: 17092; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17092');


--
-- Name: 17093; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17093');


--
-- Name: 17094; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17094');


--
-- Name: 17095; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17095');


--
-- Name: 17096; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17096');


--
-- Name: 17097; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17097');


--
-- Name: 17098; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17098');


--
-- Name: 17099; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17099');


--
-- Name: 17100; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17100');


--
-- Name: 17101; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17101');


--
-- Name: 17102; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17102');


--
-- Name: 17103; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17103');


--
-- Name: 17104; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17104');


--
-- Name: 17105; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17105');


--
-- Name: 17106; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17106');


--
-- Name: 17107; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17107');


--
-- Name: 17108; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17108');


--
-- Name: 17109; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17109');


--
-- Name: 17110; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17110');


--
-- Name: 17111; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17111');


--
-- Name: 17112; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17112');


--
-- Name: 17113; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17113');


--
-- Name: 17114; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17114');


--
-- Name: 17115; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17115');


--
-- Name: 17116; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17116');


--
-- Name: 17117; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17117');


--
-- Name: 17118; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17118');


--
-- Name: 17119; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17119');


--
-- Name: 17120; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17120');


--
-- Name: 17121; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17121');


--
-- Name: 17122; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17122');


--
-- Name: 17123; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17123');


--
-- Name: 17124; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17124');


--
-- Name: 17125; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17125');


--
-- Name: 17126; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17126');


--
-- Name: 17127; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17127');


--
-- Name: 17128; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17128');


--
-- Name: 17129; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17129');


--
-- Name: 17130; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17130');


--
-- Name: 17131; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17131');


--
-- Name: 17132; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17132');


--
-- Name: 17133; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17133');


--
-- Name: 17134; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17134');


--
-- Name: 17135; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17135');


--
-- Name: 17136; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17136');


--
-- Name: 17137; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17137');


--
-- Name: 17138; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17138');


--
-- Name: 17139; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17139');


--
-- Name: 17140; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17140');


--
-- Name: 17141; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17141');


--
-- Name: 17142; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17142');


--
-- Name: 17143; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17143');


--
-- Name: 17144; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17144');


--
-- Name: 17145; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17145');


--
-- Name: 17146; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17146');


--
-- Name: 17147; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17147');


--
-- Name: 17148; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17148');


--
-- Name: 17149; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17149');


--
-- Name: 17150; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17150');


--
-- Name: 17151; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17151');


--
-- Name: 17152; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17152');


--
-- Name: 17153; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17153');


--
-- Name: 17154; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17154');


--
-- Name: 17155; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17155');


--
-- Name: 17156; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17156');


--
-- Name: 17157; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17157');


--
-- Name: 17158; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17158');


--
-- Name: 17159; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17159');


--
-- Name: 17160; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17160');


--
-- Name: 17161; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17161');


--
-- Name: 17162; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17162');


--
-- Name: 17163; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17163');


--
-- Name: 17164; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17164');


--
-- Name: 17165; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17165');


--
-- Name: 17166; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17166');


--
-- Name: 17167; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17167');


--
-- Name: 17168; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17168');


--
-- Name: 17169; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17169');


--
-- Name: 17170; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17170');


--
-- Name: 17171; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17171');


--
-- Name: 17172; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17172');


--
-- Name: 17173; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17173');


--
-- Name: 17174; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17174');


--
-- Name: 17175; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17175');


--
-- Name: 17176; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17176');


--
-- Name: 17177; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17177');


--
-- Name: 17178; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17178');


--
-- Name: 17179; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17179');


--
-- Name: 17180; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17180');


--
-- Name: 17181; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17181');


--
-- Name: 17182; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17182');


--
-- Name: 17183; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17183');


--
-- Name: 17184; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17184');


--
-- Name: 17185; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17185');


--
-- Name: 17186; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17186');


--
-- Name: 17187; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17187');


--
-- Name: 17188; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17188');


--
-- Name: 17189; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17189');


--
-- Name: 17190; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17190');


--
-- Name: 17191; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17191');


--
-- Name: 17192; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17192');


--
-- Name: 17193; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17193');


--
-- Name: 17194; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17194');


--
-- Name: 17195; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17195');


--
-- Name: 17196; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17196');


--
-- Name: 17197; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17197');


--
-- Name: 17198; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17198');


--
-- Name: 17199; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17199');


--
-- Name: 17200; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17200');


--
-- Name: 17201; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17201');


--
-- Name: 17202; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17202');


--
-- Name: 17203; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17203');


--
-- Name: 17204; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17204');


--
-- Name: 17205; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17205');


--
-- Name: 17206; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17206');


--
-- Name: 17207; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17207');


--
-- Name: 17208; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17208');


--
-- Name: 17209; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17209');


--
-- Name: 17210; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17210');


--
-- Name: 17211; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17211');


--
-- Name: 17212; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17212');


--
-- Name: 17213; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17213');


--
-- Name: 17214; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17214');


--
-- Name: 17215; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17215');


--
-- Name: 17216; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17216');


--
-- Name: 17217; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17217');


--
-- Name: 17218; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17218');


--
-- Name: 17219; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17219');


--
-- Name: 17220; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17220');


--
-- Name: 17221; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17221');


--
-- Name: 17222; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17222');


--
-- Name: 17223; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17223');


--
-- Name: 17224; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17224');


--
-- Name: 17225; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17225');


--
-- Name: 17226; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17226');


--
-- Name: 17227; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17227');


--
-- Name: 17228; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17228');


--
-- Name: 17229; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17229');


--
-- Name: 17230; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17230');


--
-- Name: 17231; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17231');


--
-- Name: 17232; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17232');


--
-- Name: 17233; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17233');


--
-- Name: 17234; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17234');


--
-- Name: 17235; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17235');


--
-- Name: 17236; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('17236');


--
-- Data for Name: aggregate_event_entry; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.aggregate_event_entry (global_index, aggregate_type, aggregate_identifier, aggregate_sequence_number, type, version, "timestamp", payload, metadata, identifier) FROM stdin;
1	Order	order-2	0	shop.OrderPlaced	2.0.0	2026-01-02T03:04:05.678900Z	16877	16878	838da75a-0fa1-5669-b9aa-70ddc6e0f40e
2	Order	order-1	0	shop.OrderPlaced	1.0.0	2026-01-02T03:04:18.678901Z	16879	16880	f8212b47-15bd-5d8c-884a-26d71f3bb62c
3	Order	order-3	0	shop.OrderPlaced	1.0.0	2026-01-02T03:04:31.678902Z	16881	16882	f8916b42-e3f4-5e1c-81ba-1c4783ba390f
4	Order	order-6	0	shop.OrderPlaced	2.0.0	2026-01-02T03:04:44.678903Z	16883	16884	88bb00c7-14c6-5357-9770-7b930c0f2f06
5	Order	order-0	0	shop.OrderPlaced	2.0.0	2026-01-02T03:04:57.678904Z	16885	16886	860978ea-4efb-5149-9398-c5a829b33bb4
6	Order	order-0	1	shop.OrderShipped	1.0.0	2026-01-02T03:05:10.678905Z	16887	16888	98bb0dab-3724-53ef-9c9c-e918e7ab8752
7	Order	order-7	0	shop.OrderPlaced	1.0.0	2026-01-02T03:05:23.678906Z	16890	16891	ed791496-dbbf-5886-bb57-b0e109a55569
8	Order	order-1	1	shop.ItemAdded	1.0.0	2026-01-02T03:05:36.678907Z	16892	16893	fd9939fd-3453-5966-8fea-faff5caa4d76
9	Order	order-5	0	shop.OrderPlaced	1.0.0	2026-01-02T03:05:49.678908Z	16894	16895	eb88b77e-672a-5fa1-ab0c-1b94d32d55f4
10	Order	order-8	0	shop.OrderPlaced	2.0.0	2026-01-02T03:06:02.678909Z	16896	16897	b814bf3a-d4e6-5803-8e9c-6a49d20df15d
11	Order	order-2	1	shop.ItemAdded	1.0.0	2026-01-02T03:06:15.678910Z	16898	16899	7a758a58-182e-5668-b540-1635a1b09d5e
12	Order	order-8	1	shop.ItemAdded	1.0.0	2026-01-02T03:06:28.678911Z	16900	16901	2a1786c9-f82a-54b8-953f-35ce7114f5aa
13	Order	order-4	0	shop.OrderPlaced	2.0.0	2026-01-02T03:06:41.678912Z	16902	16903	6c690965-0e71-549a-9dc7-08cc37f71dd6
14	Order	order-2	2	shop.ItemAdded	1.0.0	2026-01-02T03:06:54.678913Z	16904	16905	84e40c0f-6445-52f2-bffd-139f9b568259
15	Order	order-4	1	shop.ItemAdded	1.0.0	2026-01-02T03:07:07.678914Z	16906	16907	bcf60d70-faec-5eed-bb06-8eae3b6b65ca
16	Order	order-8	2	shop.ItemAdded	1.0.0	2026-01-02T03:07:20.678915Z	16908	16909	8b786636-d8cb-53cd-b19f-e7825f339c66
17	Order	order-8	3	shop.OrderShipped	1.0.0	2026-01-02T03:07:33.678916Z	16910	16911	92c0135f-f954-5c5b-aa00-24b98963e169
18	Order	order-4	2	shop.OrderShipped	1.0.0	2026-01-02T03:07:46.678917Z	16912	16913	8d70019d-e27b-586f-aa74-97800f919c24
19	Order	order-7	1	shop.ItemAdded	1.0.0	2026-01-02T03:07:59.678918Z	16914	16915	776a0e46-3cca-5286-8013-9ba6564c471a
20	Order	order-5	1	shop.ItemAdded	1.0.0	2026-01-02T03:08:12.678919Z	16916	16917	d877a5a9-b253-55c3-acb6-1a8dcf058104
21	Order	order-12	0	shop.OrderPlaced	2.0.0	2026-01-02T03:08:25.678920Z	16918	16919	b064e55a-efb8-5872-845d-5b5a4e0b0d1b
22	Order	order-11	0	shop.OrderPlaced	1.0.0	2026-01-02T03:08:38.678921Z	16920	16921	824a104c-92db-59bf-9a94-4ceafd5ab8cd
23	Order	order-5	2	shop.ItemAdded	1.0.0	2026-01-02T03:08:51.678922Z	16922	16923	53793f90-787e-5841-aaf4-07ea1f76b324
24	Order	order-13	0	shop.OrderPlaced	1.0.0	2026-01-02T03:09:04.678923Z	16924	16925	c7ce3a89-2d32-5423-8735-dd901ea0c046
25	Order	order-9	0	shop.OrderPlaced	1.0.0	2026-01-02T03:09:17.678924Z	16926	16927	de224d1d-9a75-59d9-8020-852e33c0243d
26	Order	order-11	1	shop.ItemAdded	1.0.0	2026-01-02T03:09:30.678925Z	16928	16929	e85aebe7-baf0-5b9d-9981-3cb50360b7b6
27	Order	order-15	0	shop.OrderPlaced	1.0.0	2026-01-02T03:09:43.678926Z	16930	16931	4bc07024-ce80-5f5f-83ff-4d0ff3101a51
28	Order	order-16	0	shop.OrderPlaced	2.0.0	2026-01-02T03:09:56.678927Z	16932	16933	d304d44e-22c7-5ce3-b28f-3459e00c826a
29	Order	order-14	0	shop.OrderPlaced	2.0.0	2026-01-02T03:10:09.678928Z	16934	16935	df0e5580-b019-5cb6-a3b4-52ce763a240b
30	Order	order-10	0	shop.OrderPlaced	2.0.0	2026-01-02T03:10:22.678929Z	16936	16937	4ffa6fb3-1392-5959-a772-10a59c19ba0c
31	Order	order-14	1	shop.ItemAdded	1.0.0	2026-01-02T03:10:35.678930Z	16938	16939	81e58f47-3975-5452-8891-a2f567335b76
32	Order	order-14	2	shop.ItemAdded	1.0.0	2026-01-02T03:10:48.678931Z	16940	16941	51f543ab-5fcd-539f-ba85-3333de8460a2
33	Order	order-13	1	shop.ItemAdded	1.0.0	2026-01-02T03:11:01.678932Z	16942	16943	448faac1-b3b1-50ae-bc63-22c00c8ffced
34	Order	order-10	1	shop.ItemAdded	1.0.0	2026-01-02T03:11:14.678933Z	16944	16945	cbd277ba-384a-5416-8d24-a944ed17263a
35	Order	order-12	1	shop.OrderShipped	1.0.0	2026-01-02T03:11:27.678934Z	16946	16947	fd69efc1-3862-5574-970d-d36b561c5da6
36	Order	order-11	2	shop.ItemAdded	1.0.0	2026-01-02T03:11:40.678935Z	16948	16949	45c8a3c7-721d-5776-a90c-a98267a20f87
37	Order	order-20	0	shop.OrderPlaced	2.0.0	2026-01-02T03:11:53.678936Z	16950	16951	fb96f94c-cc9f-57fe-93f1-aa7ab57f721f
38	Order	order-17	0	shop.OrderPlaced	1.0.0	2026-01-02T03:12:06.678937Z	16952	16953	50b47fc0-d348-53af-945a-2a1611c40a5b
39	Order	order-18	0	shop.OrderPlaced	2.0.0	2026-01-02T03:12:19.678938Z	16954	16955	343563fc-b9b4-585c-a04d-6b48309bf375
40	Order	order-20	1	shop.ItemAdded	1.0.0	2026-01-02T03:12:32.678939Z	16956	16957	ed33bdbf-8525-594e-bd05-0452cf1b9a18
41	Order	order-17	1	shop.ItemAdded	1.0.0	2026-01-02T03:12:45.678940Z	16958	16959	1c5d2d7d-4d1b-5fb7-b48f-f1ef4d8729d4
42	Order	order-21	0	shop.OrderPlaced	1.0.0	2026-01-02T03:12:58.678941Z	16960	16961	5f6fd435-9adc-5b42-911a-d5c22c177ee2
43	Order	order-16	1	shop.ItemAdded	1.0.0	2026-01-02T03:13:11.678942Z	16962	16963	dcec0700-0241-5a44-8ca5-07b145378cb2
44	Order	order-22	0	shop.OrderPlaced	2.0.0	2026-01-02T03:13:24.678943Z	16964	16965	041c9309-040b-5dd3-919e-cda539eb2bee
45	Order	order-19	0	shop.OrderPlaced	1.0.0	2026-01-02T03:13:37.678944Z	16966	16967	5a890c32-6845-5963-91dd-10a5a4993cc9
46	Order	order-22	1	shop.ItemAdded	1.0.0	2026-01-02T03:13:50.678945Z	16968	16969	2d86fde9-1d39-548f-9672-ad812281ca40
47	Order	order-24	0	shop.OrderPlaced	2.0.0	2026-01-02T03:14:03.678946Z	16970	16971	0b92ba35-c274-5737-9366-f6197cd3e36a
48	Order	order-17	2	shop.ItemAdded	1.0.0	2026-01-02T03:14:16.678947Z	16972	16973	7a353752-9492-50f1-8656-4f27ae288fec
49	Order	order-16	2	shop.OrderShipped	1.0.0	2026-01-02T03:14:29.678948Z	16974	16975	29d48346-8455-5147-8b06-a774a78058be
50	Order	order-25	0	shop.OrderPlaced	1.0.0	2026-01-02T03:14:42.678949Z	16976	16977	4ad35e10-2fe3-5bf0-8d02-65ecf2e6e483
51	Order	order-25	1	shop.ItemAdded	1.0.0	2026-01-02T03:14:55.678950Z	16978	16979	aef01841-e8e8-51b9-845a-7f9b9111a74a
52	Order	order-27	0	shop.OrderPlaced	1.0.0	2026-01-02T03:15:08.678951Z	16980	16981	2618d21e-e924-5122-8572-0d9db165c547
53	Order	order-20	2	shop.ItemAdded	1.0.0	2026-01-02T03:15:21.678952Z	16982	16983	2c4a4259-28fe-57db-8561-98054deaee25
54	Order	order-23	0	shop.OrderPlaced	1.0.0	2026-01-02T03:15:34.678953Z	16984	16985	651b884c-f686-553e-8838-6a073547ffca
55	Order	order-19	1	shop.ItemAdded	1.0.0	2026-01-02T03:15:47.678954Z	16986	16987	b5dbf052-ec11-5b05-a529-361bf0215716
56	Order	order-28	0	shop.OrderPlaced	2.0.0	2026-01-02T03:16:00.678955Z	16988	16989	dd26ac4b-2ea9-5ad4-92ae-c0b4d670284a
57	Order	order-29	0	shop.OrderPlaced	1.0.0	2026-01-02T03:16:13.678956Z	16990	16991	5b688748-53d7-5747-ac8a-92ea08a01ae6
58	Order	order-20	3	shop.OrderShipped	1.0.0	2026-01-02T03:16:26.678957Z	16992	16993	a6eb292f-94d9-5a37-b917-973552d1dabb
59	Order	order-29	1	shop.ItemAdded	1.0.0	2026-01-02T03:16:39.678958Z	16994	16995	d5d6edbd-eec1-575c-a9c5-e513ed090214
60	Order	order-23	1	shop.ItemAdded	1.0.0	2026-01-02T03:16:52.678959Z	16996	16997	a22f51e3-4d44-5f60-bd7a-3005a1b51df2
61	Order	order-29	2	shop.ItemAdded	1.0.0	2026-01-02T03:17:05.678960Z	16998	16999	f7434aad-b203-59cd-b610-41664dc2314d
62	Order	order-24	1	shop.OrderShipped	1.0.0	2026-01-02T03:17:18.678961Z	17000	17001	86e46e07-0e84-5e45-b866-2ebb9bb1664b
63	Order	order-30	0	shop.OrderPlaced	2.0.0	2026-01-02T03:17:31.678962Z	17002	17003	4a43e1f6-c49d-5bee-a7eb-4aa63fc1b28e
64	Order	order-33	0	shop.OrderPlaced	1.0.0	2026-01-02T03:17:44.678963Z	17004	17005	93b144cf-d52a-5c16-88dc-64b70d1e5849
65	Order	order-32	0	shop.OrderPlaced	2.0.0	2026-01-02T03:17:57.678964Z	17006	17007	def06c64-ec87-5bef-be9c-b0d5a9c4a5d7
66	Order	order-31	0	shop.OrderPlaced	1.0.0	2026-01-02T03:18:10.678965Z	17008	17009	85735d9b-0e3a-57f2-a92f-cbe73bd97887
67	Order	order-28	1	shop.ItemAdded	1.0.0	2026-01-02T03:18:23.678966Z	17010	17011	42730285-2d3d-5edf-b3e5-ba52e85711ae
68	Order	order-31	1	shop.ItemAdded	1.0.0	2026-01-02T03:18:36.678967Z	17012	17013	2a08a37b-d21f-55da-9ded-b48f1da4b940
69	Order	order-34	0	shop.OrderPlaced	2.0.0	2026-01-02T03:18:49.678968Z	17014	17015	24ed8031-33eb-5e8c-b014-e5855a46e3a1
70	Order	order-32	1	shop.ItemAdded	1.0.0	2026-01-02T03:19:02.678969Z	17016	17017	10d466d5-8128-5145-9e4c-5e80f2b938f9
71	Order	order-28	2	shop.OrderShipped	1.0.0	2026-01-02T03:19:15.678970Z	17018	17019	5f224103-94e6-5787-9f8e-6d5bd1003844
72	Order	order-32	2	shop.ItemAdded	1.0.0	2026-01-02T03:19:28.678971Z	17020	17021	051484fa-4e98-50eb-a564-f6643f0942fe
73	Order	order-26	0	shop.OrderPlaced	2.0.0	2026-01-02T03:19:41.678972Z	17022	17023	4d0bcb50-6c83-52e8-aaa9-d4f2abd2814c
74	Order	order-26	1	shop.ItemAdded	1.0.0	2026-01-02T03:19:54.678973Z	17024	17025	a29946e7-dcc5-5baf-84d0-903e071c2dd8
75	Order	order-36	0	shop.OrderPlaced	2.0.0	2026-01-02T03:20:07.678974Z	17026	17027	f0d094ed-6b7a-580a-85c2-3fb66328bc57
76	Order	order-26	2	shop.ItemAdded	1.0.0	2026-01-02T03:20:20.678975Z	17028	17029	4a2bf5f4-42cf-56a4-99a7-e2c7a33d7f56
77	Order	order-23	2	shop.ItemAdded	1.0.0	2026-01-02T03:20:33.678976Z	17030	17031	759410e5-4fbd-5631-b013-e624cf8b8a85
78	Order	order-37	0	shop.OrderPlaced	1.0.0	2026-01-02T03:20:46.678977Z	17032	17033	ab5375e0-73ca-5611-ba99-6de71eaca83b
79	Order	order-35	0	shop.OrderPlaced	1.0.0	2026-01-02T03:20:59.678978Z	17034	17035	3ad0557f-5b58-5916-b502-733c96fed87a
80	Order	order-37	1	shop.ItemAdded	1.0.0	2026-01-02T03:21:12.678979Z	17036	17037	895ad73c-e8f9-5e6f-b16c-2c17faaf2698
81	Order	order-36	1	shop.OrderShipped	1.0.0	2026-01-02T03:21:25.678980Z	17038	17039	fe5c0b4d-84ac-5c99-8dae-8c93e3374494
82	Order	order-35	1	shop.ItemAdded	1.0.0	2026-01-02T03:21:38.678981Z	17040	17041	021a8af6-a037-5388-affd-10bdeea842f0
83	Order	order-40	0	shop.OrderPlaced	2.0.0	2026-01-02T03:21:51.678982Z	17042	17043	bf4dcb07-6e32-51ad-9eeb-64375f907f8c
84	Order	order-38	0	shop.OrderPlaced	2.0.0	2026-01-02T03:22:04.678983Z	17044	17045	525b2c89-06fc-56a7-9c3c-c4a98fda6f60
85	Order	order-35	2	shop.ItemAdded	1.0.0	2026-01-02T03:22:17.678984Z	17046	17047	f65d3717-1460-5101-a293-d3bab96ac448
86	Order	order-40	1	shop.ItemAdded	1.0.0	2026-01-02T03:22:30.678985Z	17048	17049	c8830289-c4b0-5c20-a1f6-ebec998d18fe
87	Order	order-32	3	shop.OrderShipped	1.0.0	2026-01-02T03:22:43.678986Z	17050	17051	8ee37e1d-19b0-5212-9efc-0748682ae4cb
88	Order	order-34	1	shop.ItemAdded	1.0.0	2026-01-02T03:22:56.678987Z	17052	17053	fd4fb348-8ca7-5d5f-9a45-643ffdf46e27
89	Order	order-42	0	shop.OrderPlaced	2.0.0	2026-01-02T03:23:09.678988Z	17054	17055	fec614e8-55f8-5415-94ca-bf0633121949
90	Order	order-41	0	shop.OrderPlaced	1.0.0	2026-01-02T03:23:22.678989Z	17056	17057	23219999-1394-5440-9e3e-2e2cc81dba6e
91	Order	order-39	0	shop.OrderPlaced	1.0.0	2026-01-02T03:23:35.678990Z	17058	17059	d2720248-5934-54b8-aebd-cc11e0eee411
92	Order	order-41	1	shop.ItemAdded	1.0.0	2026-01-02T03:23:48.678991Z	17060	17061	4d947388-db05-5f78-981f-76bc02237562
93	Order	order-40	2	shop.OrderShipped	1.0.0	2026-01-02T03:24:01.678992Z	17062	17063	bbd2881b-bb23-55c2-bf3e-523e60b9b8f4
94	Order	order-44	0	shop.OrderPlaced	2.0.0	2026-01-02T03:24:14.678993Z	17064	17065	c82e20da-ca82-59f4-bc34-3d9043be63d6
95	Order	order-44	1	shop.ItemAdded	1.0.0	2026-01-02T03:24:27.678994Z	17066	17067	145c33a0-15fd-5ed1-80f4-79903a67d65c
96	Order	order-38	1	shop.ItemAdded	1.0.0	2026-01-02T03:24:40.678995Z	17068	17069	9af2e84c-3567-5959-a3b1-e58638584826
97	Order	order-46	0	shop.OrderPlaced	2.0.0	2026-01-02T03:24:53.678996Z	17070	17071	174c496d-ba87-5d4d-bcaa-4a2307840be4
98	Order	order-38	2	shop.ItemAdded	1.0.0	2026-01-02T03:25:06.678997Z	17072	17073	57314612-f9b8-5792-969d-6ba7d0d98390
99	Order	order-46	1	shop.ItemAdded	1.0.0	2026-01-02T03:25:19.678998Z	17074	17075	15b3f2ef-a908-56b3-9901-9de9b1efc1bc
100	Order	order-47	0	shop.OrderPlaced	1.0.0	2026-01-02T03:25:32.678999Z	17076	17077	9f9ce012-e476-5f3c-97b3-d603f3f0d137
101	Order	order-44	2	shop.ItemAdded	1.0.0	2026-01-02T03:25:45.679000Z	17078	17079	bf5a8fae-7454-5aa0-beba-377cd1287d2c
102	Order	order-44	3	shop.OrderShipped	1.0.0	2026-01-02T03:25:58.679001Z	17080	17081	b10afb40-8b7f-565e-a048-5fb85fc434bb
103	Order	order-49	0	shop.OrderPlaced	1.0.0	2026-01-02T03:26:11.679002Z	17082	17083	27cb1ed2-e6fb-5b6d-aa18-c9c11cf7f9e9
104	Order	order-45	0	shop.OrderPlaced	1.0.0	2026-01-02T03:26:24.679003Z	17084	17085	2e37d324-e976-5c7c-9c65-6fe08f0567d7
105	Order	order-49	1	shop.ItemAdded	1.0.0	2026-01-02T03:26:37.679004Z	17086	17087	2f19f2ae-457a-502c-82e3-019e144baba0
106	Order	order-48	0	shop.OrderPlaced	2.0.0	2026-01-02T03:26:50.679005Z	17088	17089	a515bc12-fac4-525a-b7d0-9692119d9856
107	Order	order-50	0	shop.OrderPlaced	2.0.0	2026-01-02T03:27:03.679006Z	17090	17091	a10f9a71-610c-58a4-bebe-d62edd4b01ea
108	Order	order-48	1	shop.OrderShipped	1.0.0	2026-01-02T03:27:16.679007Z	17092	17093	d6387479-befb-56a3-934a-4ed0e92d55e8
109	Order	order-41	2	shop.ItemAdded	1.0.0	2026-01-02T03:27:29.679008Z	17094	17095	3eca7baa-cd00-5afa-b2d0-e659cce91867
110	Order	order-43	0	shop.OrderPlaced	1.0.0	2026-01-02T03:27:42.679009Z	17096	17097	6a1e0041-bddf-5a6b-9de3-2a18f1f062a9
111	Order	order-50	1	shop.ItemAdded	1.0.0	2026-01-02T03:27:55.679010Z	17098	17099	6229f482-2620-5d4c-a9e3-a1d7421332a9
112	Order	order-51	0	shop.OrderPlaced	1.0.0	2026-01-02T03:28:08.679011Z	17100	17101	32f1d744-e944-5b59-a6ef-feda3ea611c1
113	Order	order-54	0	shop.OrderPlaced	2.0.0	2026-01-02T03:28:21.679012Z	17102	17103	e585319a-9656-5c54-b131-90943466b453
114	Order	order-55	0	shop.OrderPlaced	1.0.0	2026-01-02T03:28:34.679013Z	17104	17105	395b213b-2186-5355-bc82-060b05e12418
115	Order	order-43	1	shop.ItemAdded	1.0.0	2026-01-02T03:28:47.679014Z	17106	17107	6e0314d7-e91f-5a98-9d05-39a85dae5b7a
116	Order	order-47	1	shop.ItemAdded	1.0.0	2026-01-02T03:29:00.679015Z	17108	17109	1fde01a6-a75e-515d-8b0b-032121331d30
117	Order	order-56	0	shop.OrderPlaced	2.0.0	2026-01-02T03:29:13.679016Z	17110	17111	d9b6c9bc-fa1a-555a-9ae9-4ac9a9e56088
118	Order	order-56	1	shop.ItemAdded	1.0.0	2026-01-02T03:29:26.679017Z	17112	17113	1f950fc0-1fc9-5a6a-b5d5-7d54baf5648d
119	Order	order-52	0	shop.OrderPlaced	2.0.0	2026-01-02T03:29:39.679018Z	17114	17115	22ef5ee0-6cd1-50d6-82ce-11889e57f768
120	Order	order-56	2	shop.ItemAdded	1.0.0	2026-01-02T03:29:52.679019Z	17116	17117	2d3a77d1-e2a6-5166-a826-27b82395df97
121	Order	order-55	1	shop.ItemAdded	1.0.0	2026-01-02T03:30:05.679020Z	17118	17119	59c91fb8-5bef-5dc6-89f1-1277dc2d2edc
122	Order	order-57	0	shop.OrderPlaced	1.0.0	2026-01-02T03:30:18.679021Z	17120	17121	54878eb5-e2fa-5261-8ea0-dd4990e58cd7
123	Order	order-53	0	shop.OrderPlaced	1.0.0	2026-01-02T03:30:31.679022Z	17122	17123	944163ab-a23a-5ec1-a26f-a69e7c84149a
124	Order	order-52	1	shop.ItemAdded	1.0.0	2026-01-02T03:30:44.679023Z	17124	17125	8431e924-f2ac-5aec-90d5-8ec3f3999a5a
125	Order	order-58	0	shop.OrderPlaced	2.0.0	2026-01-02T03:30:57.679024Z	17126	17127	778ad867-ed41-5b07-a344-b33bc89061dd
126	Order	order-53	1	shop.ItemAdded	1.0.0	2026-01-02T03:31:10.679025Z	17128	17129	d9bc6e68-5689-5938-be99-83bf55b1e517
127	Order	order-58	1	shop.ItemAdded	1.0.0	2026-01-02T03:31:23.679026Z	17130	17131	62aef15f-96ea-588b-8623-f1ed7124aa7e
128	Order	order-52	2	shop.OrderShipped	1.0.0	2026-01-02T03:31:36.679027Z	17132	17133	ff52bdce-249f-5a0e-bdc4-ccef578511d3
129	Order	order-47	2	shop.ItemAdded	1.0.0	2026-01-02T03:31:49.679028Z	17134	17135	c45751b0-dcb6-5f82-a143-59772db83100
130	Order	order-59	0	shop.OrderPlaced	1.0.0	2026-01-02T03:32:02.679029Z	17136	17137	e9065bbe-8df5-5f4c-a2d6-6c2f822def43
131	Order	order-56	3	shop.OrderShipped	1.0.0	2026-01-02T03:32:15.679030Z	17138	17139	110352bc-8b27-51c3-a618-89daaeb1b2bc
132	Order	order-53	2	shop.ItemAdded	1.0.0	2026-01-02T03:32:28.679031Z	17140	17141	8ee4b319-fc75-5e0a-a633-98c3e8cb64d3
133	Order	order-62	0	shop.OrderPlaced	2.0.0	2026-01-02T03:32:41.679032Z	17142	17143	e97ba544-8dfa-5e1d-b143-784fa68a5678
134	Order	order-50	2	shop.ItemAdded	1.0.0	2026-01-02T03:32:54.679033Z	17144	17145	e67dccb6-55f6-59eb-bb81-a67cf9cea43f
135	Order	order-62	1	shop.ItemAdded	1.0.0	2026-01-02T03:33:07.679034Z	17146	17147	4b8dec87-8267-5723-ac7f-20cb08d9cef1
136	Order	order-59	1	shop.ItemAdded	1.0.0	2026-01-02T03:33:20.679035Z	17148	17149	73b8d1db-e40c-5906-8510-2d5f533c0563
137	Order	order-60	0	shop.OrderPlaced	2.0.0	2026-01-02T03:33:33.679036Z	17150	17151	73bade84-02b5-51e5-b1d1-dd6a9da09517
138	Order	order-61	0	shop.OrderPlaced	1.0.0	2026-01-02T03:33:46.679037Z	17152	17153	c711a41c-6133-5d2b-969d-cad1e004a82f
139	Order	order-60	1	shop.OrderShipped	1.0.0	2026-01-02T03:33:59.679038Z	17154	17155	316eed58-fd3b-5ab8-b220-14c16890f5cc
140	Order	order-65	0	shop.OrderPlaced	1.0.0	2026-01-02T03:34:12.679039Z	17156	17157	b5f72e07-ea1e-51f6-9f4d-460e2c0424fe
141	Order	order-61	1	shop.ItemAdded	1.0.0	2026-01-02T03:34:25.679040Z	17158	17159	67969b71-8b83-56d3-bb26-9c944fbd5e0a
142	Order	order-64	0	shop.OrderPlaced	2.0.0	2026-01-02T03:34:38.679041Z	17160	17161	a824bf26-4f51-5a33-aeff-0b92b6e93d30
143	Order	order-64	1	shop.ItemAdded	1.0.0	2026-01-02T03:34:51.679042Z	17162	17163	fe9db131-e85f-57b5-b588-848f94726a3e
144	Order	order-64	2	shop.OrderShipped	1.0.0	2026-01-02T03:35:04.679043Z	17164	17165	d913316c-a475-5ced-a212-7635a05ff9d3
145	Order	order-59	2	shop.ItemAdded	1.0.0	2026-01-02T03:35:17.679044Z	17166	17167	eff643b0-37fe-5e2d-8daf-2ff32e70a48d
146	Order	order-63	0	shop.OrderPlaced	1.0.0	2026-01-02T03:35:30.679045Z	17168	17169	bd1b65cc-cfd5-5713-9a42-a192596a5827
147	Order	order-67	0	shop.OrderPlaced	1.0.0	2026-01-02T03:35:43.679046Z	17170	17171	403ef3da-020a-505f-8fbc-4b730fe18890
148	Order	order-67	1	shop.ItemAdded	1.0.0	2026-01-02T03:35:56.679047Z	17172	17173	3df0f83a-4369-517d-886f-9749a9a0ba2e
149	Order	order-69	0	shop.OrderPlaced	1.0.0	2026-01-02T03:36:09.679048Z	17174	17175	75a5dea7-6963-5a9a-ba90-0bd0496cb84a
150	Order	order-66	0	shop.OrderPlaced	2.0.0	2026-01-02T03:36:22.679049Z	17176	17177	ece79b6c-24ea-5efc-b6c2-90cef9874d12
151	Order	order-65	1	shop.ItemAdded	1.0.0	2026-01-02T03:36:35.679050Z	17178	17179	11c21dce-2997-5b36-8423-7260d7116c55
152	Order	order-70	0	shop.OrderPlaced	2.0.0	2026-01-02T03:36:48.679051Z	17180	17181	a7841664-698f-56be-b8f6-397950dfd94d
153	Order	order-71	0	shop.OrderPlaced	1.0.0	2026-01-02T03:37:01.679052Z	17182	17183	48009937-2b97-56d2-ad62-df01a66fbd00
154	Order	order-68	0	shop.OrderPlaced	2.0.0	2026-01-02T03:37:14.679053Z	17184	17185	73fa3b23-652c-57f2-8438-5c6002fca811
155	Order	order-72	0	shop.OrderPlaced	2.0.0	2026-01-02T03:37:27.679054Z	17186	17187	136484f9-e5b0-50e7-82c8-ff25606ea9e3
156	Order	order-70	1	shop.ItemAdded	1.0.0	2026-01-02T03:37:40.679055Z	17188	17189	4fdb55f9-f04a-5ce0-9a8f-4d421c9af555
157	Order	order-68	1	shop.ItemAdded	1.0.0	2026-01-02T03:37:53.679056Z	17190	17191	57fa8c39-0429-5043-a241-e1ca90d16d07
158	Order	order-73	0	shop.OrderPlaced	1.0.0	2026-01-02T03:38:06.679057Z	17192	17193	a00dc9b8-49e0-5d9e-9275-31af477b93bd
159	Order	order-71	1	shop.ItemAdded	1.0.0	2026-01-02T03:38:19.679058Z	17194	17195	2af9fec5-df2d-57cb-8169-8fd641410214
160	Order	order-65	2	shop.ItemAdded	1.0.0	2026-01-02T03:38:32.679059Z	17196	17197	2c2721cd-04d7-57fd-874e-577fa824a57c
161	Order	order-68	2	shop.ItemAdded	1.0.0	2026-01-02T03:38:45.679060Z	17198	17199	6ebe0973-3c17-543f-8fde-683c9eca5a56
162	Order	order-62	2	shop.ItemAdded	1.0.0	2026-01-02T03:38:58.679061Z	17200	17201	85230c54-0b1d-5279-86fc-25c6d851691a
163	Order	order-71	2	shop.ItemAdded	1.0.0	2026-01-02T03:39:11.679062Z	17202	17203	d551775d-d92c-5255-9746-c170e94e4595
164	Order	order-72	1	shop.OrderShipped	1.0.0	2026-01-02T03:39:24.679063Z	17204	17205	d0a26d25-7819-598f-909e-ebbc05c065b0
165	Order	order-73	1	shop.ItemAdded	1.0.0	2026-01-02T03:39:37.679064Z	17206	17207	48d4f981-987a-5863-ac8c-ada1ede821f2
166	Order	order-78	0	shop.OrderPlaced	2.0.0	2026-01-02T03:39:50.679065Z	17208	17209	2dfc2f44-6a33-5df8-9d21-140c77abf4be
167	Order	order-74	0	shop.OrderPlaced	2.0.0	2026-01-02T03:40:03.679066Z	17210	17211	57231481-c839-593c-a0b4-ab0d452f773a
168	Order	order-68	3	shop.OrderShipped	1.0.0	2026-01-02T03:40:16.679067Z	17212	17213	772a5a31-b165-5ba5-bc97-51304d620593
169	Order	order-77	0	shop.OrderPlaced	1.0.0	2026-01-02T03:40:29.679068Z	17214	17215	b48f9737-2d53-5259-ba11-da1f4454a304
170	Order	order-79	0	shop.OrderPlaced	1.0.0	2026-01-02T03:40:42.679069Z	17216	17217	ae7c07c3-f97a-5b42-b5d3-bccd78b506fb
171	Order	order-75	0	shop.OrderPlaced	1.0.0	2026-01-02T03:40:55.679070Z	17218	17219	349be4d6-a414-5241-ac60-924ab9a02b84
172	Order	order-77	1	shop.ItemAdded	1.0.0	2026-01-02T03:41:08.679071Z	17220	17221	625848b8-d9a1-5d0b-af56-1846f3708ff1
173	Order	order-77	2	shop.ItemAdded	1.0.0	2026-01-02T03:41:21.679072Z	17222	17223	309a6c5f-aafa-5204-aaf2-f09ee491c3e8
174	Order	order-74	1	shop.ItemAdded	1.0.0	2026-01-02T03:41:34.679073Z	17224	17225	32f7ea1c-56cd-5f02-96fe-f45afed3e030
175	Order	order-74	2	shop.ItemAdded	1.0.0	2026-01-02T03:41:47.679074Z	17226	17227	969713b8-f72b-5560-a596-206523c03578
176	Order	order-79	1	shop.ItemAdded	1.0.0	2026-01-02T03:42:00.679075Z	17228	17229	20102819-7c06-5221-abfe-246a32341183
177	Order	order-76	0	shop.OrderPlaced	2.0.0	2026-01-02T03:42:13.679076Z	17230	17231	b709a6c1-e155-500a-82b9-c6ca9f25bdf4
178	Order	order-76	1	shop.ItemAdded	1.0.0	2026-01-02T03:42:26.679077Z	17232	17233	c9bfdb7f-a148-57d0-bd26-f69507f5331e
179	Order	order-76	2	shop.OrderShipped	1.0.0	2026-01-02T03:42:39.679078Z	17234	17235	c16355b8-fd23-5b96-bf9e-3c55a9a8daea
180	\N	\N	\N	shop.DayClosed	1.0.0	2026-01-02T03:04:05Z	17236	\N	dc
\.


--
-- Name: aggregate-event-global-index-sequence; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public."aggregate-event-global-index-sequence"', 180, true);


--
-- Data for Name: BLOBS; Type: BLOBS; Schema: -; Owner: -
--

BEGIN;

SELECT pg_catalog.lo_open('16877', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d32222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a203232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16878', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16879', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d31222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a20312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16880', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16881', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d33222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a20332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16882', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16883', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d36222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a203632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16884', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16885', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d30222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a2032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16886', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16887', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d30222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16888', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16890', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d37222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a20372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16891', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16892', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d31222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16893', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16894', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d35222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a20352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16895', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16896', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d38222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a203832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16897', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16898', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d32222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16899', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16900', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d38222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16901', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16902', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d34222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a203432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16903', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16904', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d32222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16905', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16906', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d34222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16907', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16908', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d38222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16909', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16910', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d38222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16911', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16912', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d34222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16913', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16914', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d37222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16915', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16916', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d35222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16917', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16918', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3132222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c5f63656e7473223a20313232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16919', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16920', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3131222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c223a2031312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16921', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16922', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d35222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16923', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16924', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3133222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c223a2031332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16925', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16926', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d39222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a20392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16927', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16928', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3131222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16929', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16930', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3135222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a2031352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16931', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16932', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3136222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a20313632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16933', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16934', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3134222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a20313432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16935', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16936', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3130222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c5f63656e7473223a20313032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16937', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16938', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3134222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16939', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16940', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3134222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16941', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16942', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3133222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16943', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16944', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3130222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16945', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16946', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3132222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16947', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16948', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3131222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16949', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16950', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3230222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a20323032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16951', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16952', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3137222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a2031372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16953', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16954', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3138222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a20313832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16955', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16956', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3230222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16957', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16958', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3137222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16959', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16960', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3231222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a2032312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16961', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16962', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3136222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16963', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16964', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3232222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a20323232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16965', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16966', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3139222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a2031392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16967', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16968', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3232222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16969', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16970', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3234222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c5f63656e7473223a20323432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16971', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16972', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3137222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16973', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16974', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3136222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16975', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16976', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3235222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c223a2032352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16977', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16978', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3235222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16979', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16980', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3237222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c223a2032372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16981', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16982', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3230222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16983', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16984', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3233222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a2032332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16985', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16986', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3139222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16987', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16988', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3238222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a20323832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16989', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16990', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3239222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a2032392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16991', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16992', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3230222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16993', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16994', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3239222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16995', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16996', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3233222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16997', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16998', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3239222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16999', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17000', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3234222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17001', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17002', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3330222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a20333032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17003', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17004', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3333222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a2033332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17005', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17006', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3332222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a20333232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17007', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17008', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3331222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a2033312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17009', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17010', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3238222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17011', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17012', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3331222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17013', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17014', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3334222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a20333432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17015', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17016', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3332222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17017', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17018', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3238222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17019', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17020', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3332222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17021', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17022', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3236222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c5f63656e7473223a20323632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17023', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17024', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3236222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17025', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17026', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3336222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a20333632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17027', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17028', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3236222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17029', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17030', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3233222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17031', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17032', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3337222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a2033372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17033', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17034', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3335222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a2033352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17035', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17036', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3337222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17037', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17038', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3336222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17039', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17040', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3335222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17041', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17042', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3430222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c5f63656e7473223a20343032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17043', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17044', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3338222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c5f63656e7473223a20333832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17045', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17046', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3335222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17047', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17048', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3430222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17049', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17050', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3332222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17051', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17052', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3334222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17053', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17054', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3432222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a20343232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17055', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17056', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3431222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c223a2034312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17057', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17058', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3339222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c223a2033392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17059', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17060', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3431222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17061', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17062', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3430222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17063', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17064', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3434222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a20343432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17065', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17066', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3434222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17067', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17068', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3338222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17069', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17070', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3436222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a20343632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17071', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17072', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3338222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17073', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17074', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3436222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17075', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17076', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3437222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a2034372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17077', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17078', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3434222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17079', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17080', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3434222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17081', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17082', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3439222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a2034392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17083', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17084', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3435222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a2034352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17085', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17086', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3439222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17087', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17088', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3438222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a20343832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17089', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17090', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3530222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a20353032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17091', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17092', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3438222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17093', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17094', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3431222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17095', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17096', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3433222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a2034332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17097', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17098', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3530222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17099', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17100', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3531222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a2035312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17101', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17102', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3534222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c5f63656e7473223a20353432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17103', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17104', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3535222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c223a2035352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17105', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17106', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3433222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17107', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17108', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3437222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17109', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17110', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3536222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a20353632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17111', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17112', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3536222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17113', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17114', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3532222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c5f63656e7473223a20353232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17115', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17116', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3536222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17117', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17118', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3535222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17119', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17120', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3537222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a2035372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17121', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17122', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3533222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c223a2035332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17123', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17124', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3532222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17125', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17126', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3538222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a20353832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17127', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17128', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3533222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17129', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17130', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3538222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17131', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17132', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3532222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17133', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17134', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3437222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17135', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17136', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3539222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a2035392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17137', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17138', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3536222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17139', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17140', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3533222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17141', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17142', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3632222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a20363232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17143', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17144', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3530222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17145', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17146', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3632222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17147', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17148', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3539222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17149', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17150', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3630222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a20363032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17151', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17152', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3631222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a2036312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17153', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17154', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3630222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17155', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17156', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3635222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a2036352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17157', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17158', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3631222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17159', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17160', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3634222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a20363432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17161', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17162', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3634222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17163', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17164', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3634222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17165', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17166', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3539222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17167', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17168', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3633222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a2036332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17169', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17170', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3637222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c223a2036372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17171', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17172', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3637222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17173', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17174', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3639222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c223a2036392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17175', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17176', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3636222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c5f63656e7473223a20363632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17177', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17178', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3635222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17179', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17180', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3730222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c5f63656e7473223a20373032357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17181', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17182', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3731222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c223a2037312e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17183', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17184', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3638222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c5f63656e7473223a20363832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17185', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17186', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3732222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c5f63656e7473223a20373232357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17187', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17188', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3730222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17189', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17190', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3638222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17191', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17192', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3733222c2022637573746f6d6572223a2022656d6f6a6920f09fa68020e1ba9e222c2022746f74616c223a2037332e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17193', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17194', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3731222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17195', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17196', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3635222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17197', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17198', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3638222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17199', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17200', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3632222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17201', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17202', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3731222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17203', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17204', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3732222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17205', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17206', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3733222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022656d6f6a6920f09fa68020e1ba9e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17207', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17208', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3738222c2022637573746f6d6572223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b222c2022746f74616c5f63656e7473223a20373832357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17209', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17210', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3734222c2022637573746f6d6572223a2022e280a8736570222c2022746f74616c5f63656e7473223a20373432357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17211', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17212', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3638222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17213', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17214', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3737222c2022637573746f6d6572223a2022706c61696e222c2022746f74616c223a2037372e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17215', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17216', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3739222c2022637573746f6d6572223a20227461625c746e6c5c6e656e64222c2022746f74616c223a2037392e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17217', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17218', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3735222c2022637573746f6d6572223a2022612c623b633a64222c2022746f74616c223a2037352e32357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17219', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17220', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3737222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022706c61696e227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17221', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17222', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3737222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a20225a6fc3ab205c2271756f7465645c22205c5c206261636b227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17223', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17224', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3734222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a2022e280a8736570227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17225', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17226', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3734222c2022736b75223a2022532d31222c2022717479223a20322c20226e6f7465223a2022612c623b633a64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17227', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17228', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3739222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20227461625c746e6c5c6e656e64227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17229', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17230', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3736222c2022637573746f6d6572223a20224f274e65696c222c2022746f74616c5f63656e7473223a20373632357d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17231', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17232', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3736222c2022736b75223a2022532d30222c2022717479223a20312c20226e6f7465223a20224f274e65696c227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17233', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17234', 131072);
SELECT pg_catalog.lowrite(0, '\x7b226f726465725f6964223a20226f726465722d3736222c20226174223a2022323032362d30312d30325430333a30343a30352e3637385a227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17235', 131072);
SELECT pg_catalog.lowrite(0, '\x7b2275736572223a2278227d');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('17236', 131072);
SELECT pg_catalog.lowrite(0, '\x7b22646179223a22323032362d30312d3032227d');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Name: aggregate_event_entry aggregate_event_entry_aggregate_identifier_aggregate_sequen_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.aggregate_event_entry
    ADD CONSTRAINT aggregate_event_entry_aggregate_identifier_aggregate_sequen_key UNIQUE (aggregate_identifier, aggregate_sequence_number);


--
-- Name: aggregate_event_entry aggregate_event_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.aggregate_event_entry
    ADD CONSTRAINT aggregate_event_entry_pkey PRIMARY KEY (global_index);


--
-- PostgreSQL database dump complete
--


