//! The options of an address, each with its variable (`PQconninfoOptions` in libpq's `fe-connect.c`,
//! PostgreSQL 14 to 18).

/// PostgreSQL's port where none is named.
pub(in crate::pg) const PORT: u16 = 5432;

/// What becomes of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The driver has it, under this name.
    Driver(&'static str),
    /// `address`, `connect` or `tls` honours it.
    Here,
    /// With these values it asks for nothing that is not done anyway; with others it is refused.
    OneOf(&'static [&'static str]),
    /// It changes nothing of what we do: how names are looked up in ways we do not have, or the
    /// encoding of texts that the driver reads in UTF-8 whatever is said.
    Nothing,
}

/// An option.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// Its variable; empty where there is none.
    pub(super) variable: &'static str,
    /// What becomes of it.
    pub(super) used: Use,
}

const fn key(name: &'static str, variable: &'static str, used: Use) -> Key {
    Key { name, variable, used }
}

const NONE: Use = Use::OneOf(&[""]);

/// All of them.
pub(super) const KEYS: &[Key] = &[
    key("service", "PGSERVICE", Use::Here),
    key("servicefile", "PGSERVICEFILE", Use::Here),
    key("user", "PGUSER", Use::Driver("user")),
    key("password", "PGPASSWORD", Use::Driver("password")),
    key("passfile", "PGPASSFILE", Use::Here),
    key("dbname", "PGDATABASE", Use::Driver("dbname")),
    key("host", "PGHOST", Use::Driver("host")),
    key("hostaddr", "PGHOSTADDR", Use::Driver("hostaddr")),
    key("port", "PGPORT", Use::Driver("port")),
    key("connect_timeout", "PGCONNECT_TIMEOUT", Use::Driver("connect_timeout")),
    key("client_encoding", "PGCLIENTENCODING", Use::Nothing),
    key("options", "PGOPTIONS", Use::Driver("options")),
    key("application_name", "PGAPPNAME", Use::Driver("application_name")),
    key("fallback_application_name", "", Use::Nothing),
    key("keepalives", "", Use::Driver("keepalives")),
    key("keepalives_idle", "", Use::Driver("keepalives_idle")),
    key("keepalives_interval", "", Use::Driver("keepalives_interval")),
    key("keepalives_count", "", Use::Driver("keepalives_retries")),
    // The driver's own name for it, which addresses of before may have.
    key("keepalives_retries", "", Use::Driver("keepalives_retries")),
    key("tcp_user_timeout", "", Use::Driver("tcp_user_timeout")),
    key("channel_binding", "PGCHANNELBINDING", Use::Driver("channel_binding")),
    key("target_session_attrs", "PGTARGETSESSIONATTRS", Use::Here),
    key("load_balance_hosts", "PGLOADBALANCEHOSTS", Use::Driver("load_balance_hosts")),
    key("sslmode", "PGSSLMODE", Use::Here),
    key("sslrootcert", "PGSSLROOTCERT", Use::Here),
    key("sslcert", "PGSSLCERT", Use::Here),
    key("sslkey", "PGSSLKEY", Use::Here),
    key("sslnegotiation", "PGSSLNEGOTIATION", Use::Driver("sslnegotiation")),
    // libpq compresses nothing since PostgreSQL 14, whatever is said.
    key("sslcompression", "PGSSLCOMPRESSION", Use::OneOf(&["", "0", "1"])),
    key("sslcertmode", "PGSSLCERTMODE", Use::OneOf(&["", "allow"])),
    key("sslsni", "PGSSLSNI", Use::OneOf(&["", "1"])),
    key(
        "ssl_min_protocol_version",
        "PGSSLMINPROTOCOLVERSION",
        Use::OneOf(&["", "TLSv1", "TLSv1.1", "TLSv1.2"]),
    ),
    key("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", Use::OneOf(&["", "TLSv1.3"])),
    key("sslcrl", "PGSSLCRL", NONE),
    key("sslcrldir", "PGSSLCRLDIR", NONE),
    key("sslpassword", "", NONE),
    key("requirepeer", "PGREQUIREPEER", NONE),
    key("require_auth", "PGREQUIREAUTH", NONE),
    key("gssencmode", "PGGSSENCMODE", Use::OneOf(&["", "disable", "prefer"])),
    key("gssdelegation", "PGGSSDELEGATION", Use::OneOf(&["", "0"])),
    // Of ways to log in that the driver does not have: the server's refusal says so.
    key("krbsrvname", "PGKRBSRVNAME", Use::Nothing),
    key("gsslib", "PGGSSLIB", Use::Nothing),
    key("replication", "", Use::OneOf(&["", "false", "off", "no", "0"])),
    key("min_protocol_version", "PGMINPROTOCOLVERSION", Use::OneOf(&["", "3.0"])),
    key("max_protocol_version", "PGMAXPROTOCOLVERSION", Use::Nothing),
    key("scram_client_key", "", NONE),
    key("scram_server_key", "", NONE),
];

/// The option of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// An option that is in the table.
pub(super) fn named(name: &str) -> &'static Key {
    find(name).expect("a name of the table")
}

/// What a message calls an option that nobody knows: its name, if it looks like one. Anything else
/// may be a piece of a password that was not escaped.
pub(super) fn unknown(name: &str) -> String {
    let is_word = name.len() <= 30
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    if !is_word {
        return "it has an option that is none of libpq's".into();
    }
    let hint = match name {
        "search_path" | "schema" | "currentSchema" => {
            "; regrow names schemas itself, see [event_store] and [read_models] schema in config.toml"
        }
        "ssl" | "sslMode" => "; what is meant may be sslmode=require",
        "statement_timeout" | "lock_timeout" => "; settings of the server go through options=-c...",
        _ => "",
    };
    format!("unknown option {name}{hint}")
}
