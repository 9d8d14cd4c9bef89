//! A log of orders, made up but shaped like a real one.
//!
//! Customers register, rename themselves and order; orders run side by side, so streams are
//! interleaved. `OrderItemAdded` has three versions, one after another in time. The same
//! seed gives the same log. It is a reader of NDJSON, so it comes in through `import` like
//! any other log.

use std::fmt::Write as _;
use std::io::{self, Read};

/// Orders that run at the same time.
const OPEN: usize = 400;
/// One new customer for so many orders.
const ORDERS_PER_CUSTOMER: u64 = 4;
/// Seconds since 1970 of the first event: 2026-01-01.
const FIRST_SECOND: i64 = 1_767_225_600;
const MILLISECONDS_BETWEEN: u64 = 137;

const FIRST_NAMES: [&str; 8] = ["Ada", "Björn", "Chloé", "Darragh", "Ekaterina", "ฟ้า", "Gül", "Hō"];
const LAST_NAMES: [&str; 8] =
    ["O'Neill", "Sørensen", "\"Ace\" Smith", "Nguyễn", "Back\\slash", "Müller", "ใจดี", "García"];

/// The log, event by event.
pub struct Orders {
    random: u64,
    events: u64,
    made: u64,
    customers: Vec<Customer>,
    orders: u64,
    open: Vec<Order>,
    line: String,
    /// How much of `line` has been read.
    read: usize,
}

struct Customer {
    id: u64,
    version: u32,
    name: String,
}

struct Order {
    id: u64,
    version: u32,
    items: u32,
    paid: bool,
}

impl Orders {
    /// A log of so many events.
    #[must_use]
    pub fn new(events: u64, seed: u64) -> Orders {
        Orders {
            random: seed,
            events,
            made: 0,
            customers: Vec::new(),
            orders: 0,
            open: Vec::new(),
            line: String::new(),
            read: 0,
        }
    }

    /// splitmix64 (Steele, Lea and Flood 2014): small, seeded, good enough for a log.
    fn next(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    /// Thirds of the log are written by three versions of the shop.
    fn schema_version(&self) -> u64 {
        (self.made * 3 / self.events.max(1) + 1).min(3)
    }

    fn write_line(
        &mut self,
        stream: &str,
        version: u32,
        event_type: &str,
        schema_version: u64,
        payload: &str,
    ) {
        let milliseconds = self.made * MILLISECONDS_BETWEEN;
        let seconds = FIRST_SECOND + i64::try_from(milliseconds / 1000).unwrap_or(0);
        let at = time::OffsetDateTime::from_unix_timestamp(seconds)
            .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
        self.line.clear();
        self.read = 0;
        writeln!(
            self.line,
            "{{\"stream_id\":\"{stream}\",\"stream_version\":{version},\"type\":\"{event_type}\",\
             \"schema_version\":{schema_version},\"payload\":{payload},\"metadata\":{{\"source\":\"shop\"}},\
             \"recorded_at\":\"{} {:02}:{:02}:{:02}.{:03}+00\"}}",
            at.date(),
            at.hour(),
            at.minute(),
            at.second(),
            milliseconds % 1000
        )
        .expect("writing to a string");
        self.made += 1;
    }

    fn make(&mut self) {
        if self.orders >= self.customers.len() as u64 * ORDERS_PER_CUSTOMER {
            return self.register();
        }
        if self.next(200) == 0 {
            return self.rename();
        }
        if self.open.len() < OPEN {
            return self.create();
        }
        let index = usize::try_from(self.next(OPEN as u64)).unwrap_or(0);
        self.go_on(index);
    }

    fn name(&mut self) -> String {
        let first = usize::try_from(self.next(8)).unwrap_or(0);
        let last = usize::try_from(self.next(8)).unwrap_or(0);
        format!("{} {}", FIRST_NAMES[first], LAST_NAMES[last])
    }

    fn register(&mut self) {
        let id = self.customers.len() as u64 + 1;
        let name = self.name();
        let payload = format!(
            "{{\"customer_id\":\"customer-{id}\",\"name\":{}}}",
            crate::value::quote_json(&name)
        );
        self.write_line(&format!("customer-{id}"), 0, "CustomerRegistered", 1, &payload);
        self.customers.push(Customer { id, version: 0, name });
    }

    fn rename(&mut self) {
        let index = usize::try_from(self.next(self.customers.len() as u64)).unwrap_or(0);
        let name = self.name();
        let customer = &mut self.customers[index];
        customer.version += 1;
        customer.name = name;
        let (id, version) = (customer.id, customer.version);
        let payload = format!(
            "{{\"customer_id\":\"customer-{id}\",\"name\":{}}}",
            crate::value::quote_json(&customer.name)
        );
        self.write_line(&format!("customer-{id}"), version, "CustomerRenamed", 1, &payload);
    }

    fn create(&mut self) {
        let index = usize::try_from(self.next(self.customers.len() as u64)).unwrap_or(0);
        self.orders += 1;
        let id = self.orders;
        let customer = &self.customers[index];
        let payload = format!(
            "{{\"order_id\":\"order-{id}\",\"customer_id\":\"customer-{}\",\"customer_name\":{}}}",
            customer.id,
            crate::value::quote_json(&customer.name)
        );
        self.write_line(&format!("order-{id}"), 0, "OrderCreated", 1, &payload);
        self.open.push(Order { id, version: 0, items: 0, paid: false });
    }

    fn go_on(&mut self, index: usize) {
        let dice = self.next(100);
        let order = &mut self.open[index];
        order.version += 1;
        let (id, version) = (order.id, order.version);
        let stream = format!("order-{id}");
        let plain = format!("{{\"order_id\":\"order-{id}\"}}");
        if order.paid {
            self.open.swap_remove(index);
            return self.write_line(&stream, version, "OrderShipped", 1, &plain);
        }
        if order.items == 0 || dice < 70 {
            order.items += 1;
            return self.add_item(id, version);
        }
        if dice < 76 {
            self.open.swap_remove(index);
            return self.write_line(&stream, version, "OrderCancelled", 1, &plain);
        }
        order.paid = true;
        self.write_line(&stream, version, "OrderPaid", 1, &plain);
    }

    fn add_item(&mut self, id: u64, version: u32) {
        let (sku, quantity, cents) = (self.next(500), self.next(5) + 1, self.next(20_000) + 1);
        let price = format!("\"{}.{:02}\"", cents / 100, cents % 100);
        let schema_version = self.schema_version();
        let money = match schema_version {
            1 => format!("\"price\":{price}"),
            2 => format!("\"unit_price\":{price},\"currency\":\"USD\""),
            _ => format!("\"unit_price_cents\":{cents},\"currency\":\"USD\""),
        };
        let payload = format!(
            "{{\"order_id\":\"order-{id}\",\"sku\":\"sku-{sku}\",\"quantity\":{quantity},{money}}}"
        );
        self.write_line(
            &format!("order-{id}"),
            version,
            "OrderItemAdded",
            schema_version,
            &payload,
        );
    }
}

impl Read for Orders {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            if self.read == self.line.len() {
                if self.made == self.events {
                    break;
                }
                self.make();
            }
            let rest = &self.line.as_bytes()[self.read..];
            let count = rest.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&rest[..count]);
            self.read += count;
            filled += count;
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_log_in_three_versions() {
        let log = |seed| {
            let mut text = String::new();
            Orders::new(9_000, seed).read_to_string(&mut text).unwrap();
            text
        };
        let text = log(1);
        assert_eq!(text, log(1));
        assert_ne!(text, log(2));
        assert_eq!(text.lines().count(), 9_000);
        for version in 1..=3 {
            assert!(text.contains(&format!("\"OrderItemAdded\",\"schema_version\":{version}")));
        }
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}
