//! Accounts by esrs.

use std::sync::Arc;

use esrs::manager::AggregateManager;
use esrs::store::postgres::{PgStore, PgStoreBuilder, PgStoreError};
use esrs::{Aggregate, AggregateState};
use load::{Came, Visit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

struct Account;

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Happened {
    Opened { owner: String },
    Deposited { cents: i64, note: String },
    Closed,
}

/// No visit is refused.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Refused;

impl Aggregate for Account {
    const NAME: &'static str = "account";
    type State = load::Account;
    type Command = Visit;
    type Event = Happened;
    type Error = Refused;

    fn handle_command(account: &load::Account, visit: Visit) -> Result<Vec<Happened>, Refused> {
        let mut events = Vec::new();
        if !account.is_open {
            events.push(Happened::Opened { owner: visit.owner });
        }
        if !account.is_closed {
            let deposited = |(cents, note)| Happened::Deposited { cents, note };
            events.extend(visit.deposits.into_iter().map(deposited));
            if visit.closes {
                events.push(Happened::Closed);
            }
        }
        Ok(events)
    }

    fn apply_event(mut account: load::Account, event: Happened) -> load::Account {
        match event {
            Happened::Opened { .. } => account.is_open = true,
            Happened::Deposited { .. } => {}
            Happened::Closed => account.is_closed = true,
        }
        account
    }
}

/// Odd visits wait for the account's lock, even ones meet whoever was faster in a unique index.
async fn visit(
    manager: &AggregateManager<PgStore<Account>>,
    visit: Visit,
) -> Result<(), PgStoreError> {
    let id = Uuid::from_u64_pair(visit.account << 8, visit.account);
    let state = match visit.deposits.len() % 2 {
        0 => manager.load(id).await?.unwrap_or_else(|| AggregateState::with_id(id)),
        _ => manager.lock_and_load(id).await?.unwrap_or_default(),
    };
    manager.handle_command(state, visit).await?.expect("no visit is refused");
    Ok(())
}

#[tokio::main]
async fn main() {
    // The builder makes the table if it is not there.
    let store =
        PgStoreBuilder::<Account>::new(load::pool().await).try_build().await.expect("tables");
    if load::wants_tables() {
        return;
    }
    let manager = Arc::new(AggregateManager::new(store));
    load::visits(move |wanted| {
        let manager = Arc::clone(&manager);
        async move {
            match visit(&manager, wanted).await {
                Ok(()) => Came::Done,
                Err(PgStoreError::Sqlx(sqlx::Error::Database(error)))
                    if error.is_unique_violation() =>
                {
                    Came::Conflict
                }
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await;
}
