//! Libraries that a running server cannot load.
//!
//! An upgrade of PostgreSQL's packages, or of an extension's, replaces files under a server that runs. Sessions that
//! had loaded a library keep it; each new one looks for the file, and may find it gone, or of another version. No
//! statement and no row is to blame then, and neither is a right. Messages may be translated, so it is known by the
//! source file that the server names (`dfmgr.c` loads libraries) and the SQLSTATE; where only the message is at
//! hand, by a name in it that only a library has.

/// SQLSTATEs of `could not access file` and `could not load library`, which follow the system's error number, and of
/// `incompatible library`, which has none (`errcode_for_file_access` and `internal_load_library` in PostgreSQL's source).
const CODES: [&str; 5] = ["58P01", "58000", "58030", "42501", "XX000"];

/// What loads libraries.
const LOADER: &str = "dfmgr.c";

/// The library that a server's refusal says cannot be loaded, as the message names it: `$libdir/plpgsql`, since
/// PostgreSQL 18 `plpgsql`. `source` is the file of the server's source that refused.
pub(super) fn unloadable<'m>(
    code: &str,
    message: &'m str,
    source: Option<&str>,
) -> Option<&'m str> {
    if !CODES.contains(&code) {
        return None;
    }
    let quotes = |c: char| matches!(c, '"' | '«' | '»' | '„' | '“' | '”' | '\'');
    let names = message.split(|c: char| quotes(c) || c.is_whitespace() || c == ',' || c == ';');
    let is_library = |name: &&str| {
        name.starts_with("$libdir/")
            || name.starts_with('/') && [".so", ".dylib"].iter().any(|end| name.ends_with(end))
    };
    let named = names.map(|name| name.trim_end_matches([':', '.'])).find(is_library);
    named.or_else(|| {
        (source == Some(LOADER)).then(|| message.split(quotes).nth(1).unwrap_or("a library"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_known_by_who_refuses_or_its_name_and_the_code() {
        let loader = Some(LOADER);
        for (code, message, source, library) in [
            (
                "58P01",
                "could not access file \"$libdir/plpgsql\": No such file or directory",
                None,
                "$libdir/plpgsql",
            ),
            (
                "58P01",
                "could not access file \"plpgsql\": No such file or directory",
                loader,
                "plpgsql",
            ),
            (
                "58P01",
                "konnte nicht auf Datei »plpgsql« zugreifen: Datei oder Verzeichnis nicht gefunden",
                loader,
                "plpgsql",
            ),
            (
                "XX000",
                "incompatible library \"/usr/lib/postgresql/15/lib/hstore.so\": version mismatch",
                None,
                "/usr/lib/postgresql/15/lib/hstore.so",
            ),
            (
                "58P01",
                "could not load library \"/lib/15/plpgsql.so\": /lib/15/plpgsql.so: undefined symbol: work_mem",
                loader,
                "/lib/15/plpgsql.so",
            ),
            (
                "42501",
                "could not access file \"$libdir/plpgsql\": Permission denied",
                loader,
                "$libdir/plpgsql",
            ),
        ] {
            assert_eq!(unloadable(code, message, source), Some(library), "{message}");
        }
        for (code, message, source) in [
            (
                "58P01",
                "could not open file \"/tmp/rows.csv\" for reading: No such file or directory",
                Some("copyfrom.c"),
            ),
            ("42501", "permission denied for table so", Some("aclchk.c")),
            ("22023", "\"$libdir/plpgsql\" is no value", None),
            ("P0001", "could not access file \"$libdir/plpgsql\"", Some("pl_exec.c")),
            ("42883", "could not find function \"f\" in file \"/lib/15/hstore.so\"", loader),
            ("XX000", "cache lookup failed for type 4711", Some("lsyscache.c")),
        ] {
            assert_eq!(unloadable(code, message, source), None, "{message}");
        }
    }
}
