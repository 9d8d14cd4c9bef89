//! Accounts by Disintegrate.

use disintegrate::serde::json::Json;
use disintegrate::{Event, EventStore as _, StreamItem, query};
use disintegrate_postgres::{Error, PgEventId, PgEventStore};
use futures::StreamExt as _;
use load::{Account, Came, Visit};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Event, Serialize, Deserialize)]
enum Happened {
    Opened {
        #[id]
        account_id: String,
        owner: String,
    },
    Deposited {
        #[id]
        account_id: String,
        cents: i64,
        note: String,
    },
    Closed {
        #[id]
        account_id: String,
    },
}

type Store = PgEventStore<Happened, Json<Happened>>;

/// Reads an account's events, decides, and appends if nobody else did meanwhile.
async fn visit(store: &Store, visit: Visit) -> Result<(), Error> {
    let account_id = format!("account-{}", visit.account);
    let query = query!(Happened; account_id == account_id);
    let mut account = Account::default();
    let mut last: PgEventId = 0;
    let mut stream = store.stream(&query);
    while let Some(item) = stream.next().await {
        let item = item?;
        last = item.id();
        if let StreamItem::Event(event) = item {
            match &*event {
                Happened::Opened { .. } => account.is_open = true,
                Happened::Deposited { .. } => {}
                Happened::Closed { .. } => account.is_closed = true,
            }
        }
    }
    drop(stream);
    let mut events = Vec::new();
    if !account.is_open {
        events.push(Happened::Opened { account_id: account_id.clone(), owner: visit.owner });
    }
    if !account.is_closed {
        events.extend(visit.deposits.into_iter().map(|(cents, note)| Happened::Deposited {
            account_id: account_id.clone(),
            cents,
            note,
        }));
        if visit.closes {
            events.push(Happened::Closed { account_id: account_id.clone() });
        }
    }
    if !events.is_empty() {
        store.append(events, query, last).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() {
    let pool = load::pool().await;
    if load::wants_tables() {
        Store::try_new(pool, Json::default()).await.expect("tables");
        return;
    }
    let store = Store::new_uninitialized(pool, Json::default());
    load::visits(move |wanted| {
        let store = store.clone();
        async move {
            match visit(&store, wanted).await {
                Ok(()) => Came::Done,
                Err(Error::Concurrency) => Came::Conflict,
                // Transactions are serializable, and any of their statements may find that they are not.
                Err(Error::Database(sqlx::Error::Database(error)))
                    if error.code().as_deref() == Some("40001") =>
                {
                    Came::Conflict
                }
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await;
}
