//! Accounts by cqrs-es, kept by postgres-es.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, AggregateError, DomainEvent};
use load::{Came, Visit};
use postgres_es::postgres_cqrs;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
struct Account {
    is_open: bool,
    is_closed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Happened {
    Opened { owner: String },
    Deposited { cents: i64, note: String },
    Closed,
}

impl DomainEvent for Happened {
    fn event_type(&self) -> String {
        match self {
            Happened::Opened { .. } => "Opened",
            Happened::Deposited { .. } => "Deposited",
            Happened::Closed => "Closed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// No visit is refused.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Refused;

impl Aggregate for Account {
    const TYPE: &'static str = "account";
    type Command = Visit;
    type Event = Happened;
    type Error = Refused;
    type Services = ();

    async fn handle(
        &mut self,
        visit: Visit,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refused> {
        if !self.is_open {
            sink.write(Happened::Opened { owner: visit.owner }, self).await;
        }
        if self.is_closed {
            return Ok(());
        }
        for (cents, note) in visit.deposits {
            sink.write(Happened::Deposited { cents, note }, self).await;
        }
        if visit.closes {
            sink.write(Happened::Closed, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Happened) {
        match event {
            Happened::Opened { .. } => self.is_open = true,
            Happened::Deposited { .. } => {}
            Happened::Closed => self.is_closed = true,
        }
    }
}

#[tokio::main]
async fn main() {
    let accounts = Arc::new(postgres_cqrs::<Account>(load::pool().await, Vec::new(), ()));
    load::visits(move |visit| {
        let accounts = Arc::clone(&accounts);
        async move {
            match accounts.execute(&visit.account.to_string(), visit).await {
                Ok(()) => Came::Done,
                Err(AggregateError::AggregateConflict) => Came::Conflict,
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await;
}
