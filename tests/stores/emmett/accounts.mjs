// Accounts by Emmett: `accounts.mjs tables`, or `accounts.mjs append WRITERS SECONDS`. The server is named by
// libpq's variables.

import { isExpectedVersionConflictError } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

// So few at a time that writers meet at the same account again and again; after every few visits one is left alone
// and a new one comes.
const ACCOUNTS = 40;
const VISITS_EACH = 5;
const TEXTS = ['plain', 'O\'Neill "the" Zoë 🎈', 'a\nb\tc\\d', '', 'a longer text, to fill more of a page'];

const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env;
const address = `postgresql://${PGUSER}@localhost:${PGPORT}/${PGDATABASE}?host=${encodeURIComponent(PGHOST)}`;
const store = getPostgreSQLEventStore(address);

const below = (n) => Math.floor(Math.random() * n);
const text = () => TEXTS[below(TEXTS.length)];
const state = (account, { type }) => ({
  isOpen: account.isOpen || type === 'Opened',
  isClosed: account.isClosed || type === 'Closed',
});

// Reads an account's stream, decides, and appends if nobody else did meanwhile.
const visit = async (account, owner, deposits, closes) => {
  const stream = `account-${account}`;
  const {
    state: { isOpen, isClosed },
    currentStreamVersion,
  } = await store.aggregateStream(stream, {
    evolve: state,
    initialState: () => ({ isOpen: false, isClosed: false }),
  });
  const metadata = { by: owner };
  const events = [];
  if (!isOpen) events.push({ type: 'Opened', data: { owner }, metadata });
  if (!isClosed) {
    events.push(...deposits.map((data) => ({ type: 'Deposited', data, metadata })));
    if (closes) events.push({ type: 'Closed', data: {}, metadata });
  }
  if (events.length === 0) return;
  // 0 where the stream is new: STREAM_DOES_NOT_EXIST is a condition that the library does not hold two writers to.
  await store.appendToStream(stream, events, { expectedStreamVersion: currentStreamVersion });
};

const writer = async (until) => {
  let visits = 0;
  let conflicts = 0;
  for (; Date.now() < until; visits++) {
    const deposits = Array.from({ length: below(4) }, () => ({
      cents: below(1_000_000_000_000) - 1000,
      note: text(),
    }));
    const account = Math.floor(visits / VISITS_EACH) + below(ACCOUNTS);
    const wanted = [account, text(), deposits, below(50) === 0];
    for (let done = false; !done; ) {
      try {
        await visit(...wanted);
        done = true;
      } catch (error) {
        if (!isExpectedVersionConflictError(error)) throw error;
        conflicts++;
      }
    }
  }
  return { visits, conflicts };
};

const [command, writers, seconds] = process.argv.slice(2);
if (command === 'tables') {
  await store.schema.migrate();
} else {
  const until = Date.now() + seconds * 1000;
  const all = await Promise.all(Array.from({ length: +writers }, () => writer(until)));
  const sum = (of) => all.reduce((sum, one) => sum + one[of], 0);
  console.error(`${writers} writers, ${sum('visits')} visits, ${sum('conflicts')} conflicts`);
}
await store.close();
