//! Which types, files and steps lead where, asked without an event.

use std::collections::BTreeSet;

use super::file::{Action, Step};
use super::links::{file_stem, names, stem};
use super::{Chain, Context, StepName, UpcasterError, Upcasters};
use crate::source::Place;

/// A field that a jq step computes with floats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed<'u> {
    /// The step.
    pub step: StepName,
    /// Where it is.
    pub place: &'u Place,
    /// The field's path behind the step; none where it cannot be told.
    pub path: Option<&'u [String]>,
    /// Whether its numbers have fractions by the filter's own words; else they may be whole.
    pub is_certain: bool,
}

impl Upcasters {
    /// Every stored type whose events may end as one of the handled types,
    /// themselves included.
    pub fn sources_of<'s>(&self, handled: impl Iterator<Item = &'s str>) -> BTreeSet<String> {
        let mut sources: BTreeSet<String> = handled.map(str::to_owned).collect();
        let ends_as_one = |chain: &&Chain| {
            (chain.lowest..=chain.latest()).any(|version| {
                let ends_as = self.final_type(&chain.event_type, version).ok().flatten();
                ends_as.is_some_and(|name| sources.contains(&name))
            })
        };
        let more: Vec<_> = self.chains.values().filter(ends_as_one).collect();
        sources.extend(more.into_iter().map(|chain| chain.event_type.clone()));
        sources
    }

    /// The paths of the files whose steps decide what becomes of events that may end as one of
    /// the handled types: without one of them the others would not hold together, or an event
    /// would end as another type. The other files may change without a rebuild.
    pub fn files_for<'s>(&self, handled: impl Iterator<Item = &'s str>) -> BTreeSet<String> {
        let mut needed = self.sources_of(handled);
        let mut waiting: Vec<String> = needed.iter().cloned().collect();
        while let Some(event_type) = waiting.pop() {
            let steps = self.chains.get(&event_type).map_or(&[][..], |chain| &chain.steps);
            for to in steps.iter().filter_map(|step| step.becomes.as_ref()) {
                // Version 1 is there without a file.
                if to.to > 1 && needed.insert(to.event_type.clone()) {
                    waiting.push(to.event_type.clone());
                }
            }
        }
        let chains = needed.iter().filter_map(|event_type| self.chains.get(event_type));
        chains.filter_map(|chain| Some(chain.steps.first()?.place.file.clone())).collect()
    }

    /// The types that have a file, and where it names them.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.chains.values().filter_map(|chain| Some((&*chain.event_type, chain.named.as_ref()?)))
    }

    /// The types that steps lead to from another.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        let steps = self.chains.values().flat_map(|chain| &chain.steps);
        steps.filter_map(|step| Some(step.becomes.as_ref()?.event_type.as_str()))
    }

    /// Files whose name is not that of their type: one of the two is a mistake, or will be taken
    /// for one when the type is looked for.
    #[must_use]
    pub fn misnamed(&self) -> Vec<UpcasterError> {
        let files = self.files().filter(|(event_type, place)| !names(&place.file, event_type));
        let told = files.map(|(event_type, place)| {
            let message = format!(
                "the file is named {:?} and its type is {event_type:?}: rename the file to \
                 {}.toml, or correct the type",
                stem(&place.file),
                file_stem(event_type)
            );
            UpcasterError { place: place.clone(), message }
        });
        told.collect()
    }

    /// Whether any step is a jq filter, which may look at the whole event.
    #[must_use]
    pub fn has_filters(&self) -> bool {
        let mut steps = self.chains.values().flat_map(|chain| &chain.steps);
        steps.any(|step| matches!(step.action, Action::Filter(_)))
    }

    /// A step on the way to a type that may make several events of one, if there is one.
    #[must_use]
    pub fn several(&self, event_type: &str) -> Option<(StepName, &Place)> {
        let is_one = |step: &&Step| matches!(&step.action, Action::Filter(f) if f.gives_several());
        self.steps_to(event_type)
            .find(|(_, step)| is_one(step))
            .map(|(chain, step)| (chain.name(step), &step.place))
    }

    /// The fields that jq steps on the way to a type compute with floats.
    pub fn rounded(&self, event_type: &str) -> impl Iterator<Item = Computed<'_>> {
        self.steps_to(event_type).flat_map(|(chain, step)| {
            let rounded = match &step.action {
                Action::Filter(filter) => filter.rounded(),
                _ => &[],
            };
            rounded.iter().map(move |one| Computed {
                step: chain.name(step),
                place: &step.place,
                path: one.path.as_deref(),
                is_certain: one.is_certain,
            })
        })
    }

    /// The steps that events take which end as a type, each once.
    fn steps_to(&self, event_type: &str) -> impl Iterator<Item = (&Chain, &Step)> {
        let steps =
            self.chains.values().flat_map(|chain| chain.steps.iter().map(move |s| (chain, s)));
        let ends = event_type.to_owned();
        steps.filter(move |(chain, step)| {
            self.final_type(&chain.event_type, step.from).ok().flatten().as_deref()
                == Some(ends.as_str())
        })
    }

    /// What of the envelope must be read for the jq steps.
    #[must_use]
    pub fn jq_context(&self) -> Context {
        let mut context = Context::default();
        for step in self.chains.values().flat_map(|chain| &chain.steps) {
            if let Action::Filter(filter) = &step.action {
                context.metadata |= filter.context().metadata;
                context.recorded_at |= filter.context().recorded_at;
            }
        }
        context
    }
}
