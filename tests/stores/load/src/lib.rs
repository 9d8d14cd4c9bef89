//! What the programs have in common: visits to accounts, drawn at random, by many tasks at a time.
//!
//! `PROGRAM tables` makes the library's tables; `PROGRAM append THREADS SECONDS` appends for so long. The server is named
//! by libpq's variables.

use std::future::Future;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// So few at a time that tasks meet at the same account again and again; after every few visits one is left alone
/// and a new one comes.
const ACCOUNTS: u64 = 40;
const VISITS_EACH: u64 = 5;

const TEXTS: [&str; 5] =
    ["plain", "O'Neill \"the\" Zoë 🎈", "a\nb\tc\\d", "", "a longer text, to fill more of a page"];

/// One visit to an account: it is opened if it is new, and then, unless it is closed, money comes in.
#[derive(Debug, Clone)]
pub struct Visit {
    pub account: u64,
    pub owner: String,
    /// Cents and a note.
    pub deposits: Vec<(i64, String)>,
    pub closes: bool,
}

/// What is known of an account before a visit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Account {
    pub is_open: bool,
    pub is_closed: bool,
}

/// What came of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    Done,
    /// Another writer was faster.
    Conflict,
}

/// A small generator of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % n
    }

    fn visit(&mut self, before: u64) -> Visit {
        let deposits = self.below(4);
        let text = |dice: &mut Dice| TEXTS[dice.below(TEXTS.len() as u64) as usize].to_owned();
        Visit {
            account: before / VISITS_EACH + self.below(ACCOUNTS),
            owner: text(self),
            deposits: (0..deposits)
                .map(|_| (self.below(1_000_000_000_000) as i64 - 1_000, text(self)))
                .collect(),
            closes: self.below(50) == 0,
        }
    }
}

/// Connections to the server that libpq's variables name.
pub async fn pool() -> PgPool {
    let options = PgConnectOptions::new();
    PgPoolOptions::new().max_connections(32).connect_with(options).await.expect("connect")
}

/// Whether the tables are wanted, and not events.
pub fn wants_tables() -> bool {
    std::env::args().nth(1).as_deref() == Some("tables")
}

/// Lets tasks visit accounts; a visit that meets a conflict is tried again, as an application would.
pub async fn visits<C, F>(command: C)
where
    C: Fn(Visit) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Came> + Send,
{
    let number =
        |n| -> u64 { std::env::args().nth(n).expect("a number").parse().expect("a number") };
    let threads = number(2);
    let until = Instant::now() + Duration::from_secs(number(3));
    let seed = u64::from(std::process::id());
    let task = |thread| {
        let command = command.clone();
        async move {
            let mut dice = Dice(seed << 16 | thread);
            let (mut visits, mut conflicts) = (0, 0);
            while Instant::now() < until {
                let visit = dice.visit(visits);
                while command(visit.clone()).await == Came::Conflict {
                    conflicts += 1;
                }
                visits += 1;
            }
            (visits, conflicts)
        }
    };
    let tasks: Vec<_> = (0..threads).map(|thread| tokio::spawn(task(thread))).collect();
    let (mut visits, mut conflicts) = (0, 0);
    for task in tasks {
        let (done, met): (u64, u64) = task.await.expect("a task ended early");
        (visits, conflicts) = (visits + done, conflicts + met);
    }
    eprintln!("{threads} tasks, {visits} visits, {conflicts} conflicts");
}
