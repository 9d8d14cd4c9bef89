//! A preset held against a table: whether it fits, and what its keys are for this table.
//!
//! Nothing is guessed: a column that is missing or of another type is told, and nothing is made of it.

use std::collections::BTreeMap;

use super::tables::{Column, Table};
use super::{Form, Preset, Unread, When, in_schema, over};
use crate::config::Adopt;

/// Tables beside a log, by their names; those that are not there have no entry.
pub type Beside = BTreeMap<String, Table>;

/// What a preset is for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The keys of `[event_store.adopt]`, without preset and table.
    pub keys: Adopt,
    /// What its way of giving positions means.
    pub hazard: String,
    /// What is said of it.
    pub notes: Vec<String>,
    /// The expression of the type as the library writes it, where `type` makes it shorter.
    pub long_type: Option<String>,
    /// Sequences that may give the positions; the first that exists.
    pub sequences: Vec<String>,
    /// Rows that cannot be read.
    pub unread: Vec<Unread>,
}

/// Why a preset is none for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// The table differs from every form: how it differs from the nearest.
    Differs(Vec<String>),
    /// It is the library's, and cannot be adopted: one sentence.
    Refused(String),
}

impl Preset {
    /// The names of tables that may stand beside a log.
    pub fn beside(&self) -> impl Iterator<Item = &str> {
        self.form.iter().flat_map(|form| form.beside.keys()).map(String::as_str)
    }

    /// Whether a table has the columns by which the preset's are recognised.
    #[must_use]
    pub fn recognises(&self, table: &Table, beside: &Beside) -> bool {
        self.form.iter().any(|form| differences(form, table, beside).is_empty())
    }

    /// The preset for a table.
    ///
    /// # Errors
    /// It does not fit.
    pub fn fit(&self, table: &Table, beside: &Beside) -> Result<Fitted, Unfit> {
        let mut nearest: Option<Vec<String>> = None;
        for form in &self.form {
            let differs = differences(form, table, beside);
            if differs.is_empty() {
                return self.fitted(form, table, beside);
            }
            if nearest.as_ref().is_none_or(|least| differs.len() < least.len()) {
                nearest = Some(differs);
            }
        }
        Err(Unfit::Differs(nearest.unwrap_or_default()))
    }

    fn fitted(&self, form: &Form, table: &Table, beside: &Beside) -> Result<Fitted, Unfit> {
        let schema = format!("{}.", table.schema_label);
        let mut fitted = Fitted {
            keys: form.keys.clone(),
            hazard: self.hazard.clone(),
            notes: self.notes.clone(),
            long_type: form.long_type.clone(),
            sequences: form.sequences.iter().map(|s| s.replace("{schema}.", &schema)).collect(),
            unread: Vec::new(),
        };
        for when in form.when.iter().filter(|when| when.holds(table, beside)) {
            if let Some(why) = &when.refuse {
                return Err(Unfit::Refused(why.clone()));
            }
            fitted.keys = over(when.keys.clone(), fitted.keys);
            fitted.hazard = when.hazard.clone().unwrap_or(fitted.hazard);
            fitted.notes.extend(when.note.clone());
            fitted.unread.extend(when.unread.clone());
        }
        fitted.keys = in_schema(fitted.keys, &schema);
        Ok(fitted)
    }
}

impl When {
    fn holds(&self, table: &Table, beside: &Beside) -> bool {
        let of = match &self.of {
            None => Some(table),
            Some(name) => beside.get(name),
        };
        let column = of.and_then(|table| table.column(&self.column));
        let Some(column) = column else { return self.absent };
        !self.absent
            && self.types.as_ref().is_none_or(|types| types.contains(&column.ty))
            && self.default.is_none_or(|default| default == column.has_default)
            && self.unique.is_none_or(|unique| unique == column.is_unique)
    }
}

fn differences(form: &Form, table: &Table, beside: &Beside) -> Vec<String> {
    let mut differs = of_columns(&form.columns, table);
    let position =
        form.keys.position.as_deref().and_then(|name| table.column(name.trim_matches('"')));
    if let (Some(wanted), Some(column)) = (form.default, position)
        && wanted != column.has_default
    {
        differs.push(match wanted {
            true => format!("{} has neither DEFAULT nor identity", column.name),
            false => format!("{} has a DEFAULT or is an identity", column.name),
        });
    }
    for (name, columns) in &form.beside {
        match beside.get(name) {
            None => differs.push(format!("there is no table {name} in its schema")),
            Some(other) => {
                let all = of_columns(columns, other);
                differs.extend(all.into_iter().map(|differs| format!("{name}: {differs}")));
            }
        }
    }
    differs
}

fn of_columns(wanted: &BTreeMap<String, Vec<String>>, table: &Table) -> Vec<String> {
    let differs = |(name, types): (&String, &Vec<String>)| match table.column(name) {
        None => Some(format!("it has no column {name}")),
        Some(Column { ty, .. }) if types.contains(ty) => None,
        Some(Column { ty, .. }) => {
            Some(format!("{name} is of type {ty}, and not {}", types.join(" or ")))
        }
    };
    wanted.iter().filter_map(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::super::all;
    use super::*;

    fn table(name: &str, columns: &[(&str, &str)]) -> Table {
        let column = |(name, ty): &(&str, &str)| Column {
            name: (*name).into(),
            ty: (*ty).into(),
            has_default: false,
            is_unique: false,
            is_indexed: false,
        };
        Table {
            schema: "Odd schema".into(),
            name: name.into(),
            schema_label: "\"Odd schema\"".into(),
            label: format!("\"Odd schema\".{name}"),
            is_part: false,
            parts: 0,
            columns: columns.iter().map(column).collect(),
        }
    }

    /// A table with just the columns of a form is that preset's and no other's.
    #[test]
    fn no_table_is_of_two_presets() {
        for preset in all() {
            for form in &preset.form {
                let made = |columns: &BTreeMap<String, Vec<String>>, name: &str| {
                    let list: Vec<(&str, &str)> =
                        columns.iter().map(|(n, types)| (n.as_str(), types[0].as_str())).collect();
                    table(name, &list)
                };
                let mut log = made(&form.columns, "log");
                if let (Some(true), Some(position)) = (form.default, &form.keys.position) {
                    let of = log.columns.iter_mut().find(|c| c.name == *position);
                    of.unwrap().has_default = true;
                }
                let beside: Beside =
                    form.beside.iter().map(|(name, c)| (name.clone(), made(c, name))).collect();
                let by = all().iter().filter(|p| p.recognises(&log, &beside)).map(|p| p.name);
                assert_eq!(by.collect::<Vec<_>>(), [preset.name]);
            }
        }
    }

    #[test]
    fn what_differs_is_named() {
        let preset = Preset::named("message-db").unwrap();
        let odd = table("messages", &[("global_position", "integer"), ("stream_name", "text")]);
        let Err(Unfit::Differs(differs)) = preset.fit(&odd, &Beside::new()) else {
            panic!("it fits")
        };
        assert!(differs.contains(&"global_position is of type integer, and not bigint".to_owned()));
        assert!(differs.contains(&"it has no column type".to_owned()), "{differs:?}");
    }
}
