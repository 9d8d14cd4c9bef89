//! What goes before `config.toml`: an environment that was chosen, and variables.
//!
//! Owns what variables are ours and what is said of those that are none. What a key means is `config`'s business.

use super::{Global, output};
use crate::config::keys::{self, Key};
use crate::config::{Chosen, Overrides};
use crate::error::Error;
use crate::error::reason::Reason;
use crate::visible::one_line;

/// Variables of ours that say no key of config.toml.
const OTHERS: [&str; 6] = [
    "REGROW_COMMIT",
    "REGROW_ENV",
    "REGROW_LOG",
    "REGROW_LOG_FORMAT",
    "REGROW_PG_BIN",
    "REGROW_SCRATCH",
];

/// The variable that chooses an environment, if no flag does.
const ENVIRONMENT: &str = "REGROW_ENV";

/// What was said beside config.toml.
pub(crate) fn overrides(global: &Global) -> Result<Overrides, Error> {
    let mut overrides = Overrides { environment: chosen(global)?, variables: Vec::new() };
    for (name, value) in global.environment.ours() {
        let wrong =
            |why: &str| Error::usage(format!("{name}: {why}")).reason(Reason::VariableInvalid);
        // An address in a file that is passed over would be another server than was meant.
        if let Some(plain @ ("DATABASE_URL_FILE" | "READ_MODELS_URL_FILE")) =
            name.strip_prefix(keys::PREFIX)
        {
            return Err(wrong("it is not read").hint(format!("name the file in {plain}")));
        }
        if Key::of_variable(name).is_some() {
            let value = value.to_str().ok_or_else(|| wrong("it is not UTF-8"))?;
            overrides.variables.push((name.clone(), value.to_owned()));
        }
    }
    Ok(overrides)
}

fn chosen(global: &Global) -> Result<Option<Chosen>, Error> {
    if let Some(name) = &global.env {
        return Ok(Some(Chosen { name: name.clone(), by: "--env" }));
    }
    let said = global.environment.ours().iter().find(|(name, _)| name == ENVIRONMENT);
    let Some((_, value)) = said else { return Ok(None) };
    match value.to_str() {
        // Whoever set it meant one; the rest of the file may be another server.
        None | Some("") => {
            Err(Error::usage(format!("{ENVIRONMENT}: it is set, but names nothing"))
                .reason(Reason::EnvironmentUnknown))
        }
        Some(name) => Ok(Some(Chosen { name: name.to_owned(), by: ENVIRONMENT })),
    }
}

/// Warns of variables that look like keys and are none.
pub(crate) fn warn_of_strangers(global: &Global) {
    for (name, _) in global.environment.ours() {
        if Key::of_variable(name).is_some()
            || OTHERS.contains(&name.as_str())
            || is_of_a_cluster(name)
        {
            continue;
        }
        let shown = one_line(name);
        match keys::nearest_variable(name) {
            Some(nearest) => output::note(format!(
                "warning: {shown} is no key of config.toml and does nothing; did you mean {nearest}?"
            )),
            None if keys::begins_as_a_section(name) => {
                output::note(format!("warning: {shown} is no key of config.toml and does nothing"));
            }
            None => {}
        }
    }
}

/// Kubernetes tells each container of each service: one that is called regrow has variables like ours.
fn is_of_a_cluster(name: &str) -> bool {
    name.ends_with("_SERVICE_HOST") || name.ends_with("_PORT") || name.contains("_PORT_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_taken_for_a_cluster_s() {
        assert!(is_of_a_cluster("REGROW_SERVICE_PORT_HTTP") && is_of_a_cluster("REGROW_PORT"));
        assert!(Key::all().all(|key| !is_of_a_cluster(&key.variable())));
    }
}
