//! The smallest case that still differs, as far as a few hundred attempts find it.

use super::case::{Case, Way};

/// Tries smaller cases while `differs` holds of them, at most so often.
pub(super) fn shrink(case: &Case, attempts: usize, mut differs: impl FnMut(&Case) -> bool) -> Case {
    let mut left = attempts;
    let mut best = case.clone();
    let mut attempt = |best: &mut Case, smaller: Case| {
        if left == 0 {
            return false;
        }
        left -= 1;
        let holds = differs(&smaller);
        if holds {
            *best = smaller;
        }
        holds
    };
    for simpler in [plain_plan, no_follow, no_until, plain_log, text_log] {
        if let Some(smaller) = simpler(&best) {
            attempt(&mut best, smaller);
        }
    }
    loop {
        let before = size(&best);
        let mut step = best.events.len().div_ceil(2).max(1);
        while step > 0 {
            let mut at = 0;
            while at < best.events.len() {
                let smaller = without_events(&best, at, step);
                if !attempt(&mut best, smaller) {
                    at += step;
                }
            }
            step /= 2;
        }
        for handler in (0..best.handlers.len()).rev() {
            for statement in (0..best.handlers[handler].statements.len()).rev() {
                let mut smaller = best.clone();
                smaller.handlers[handler].statements.remove(statement);
                attempt(&mut best, smaller);
            }
        }
        for upcaster in (0..best.upcasters.len()).rev() {
            let mut smaller = best.clone();
            let gone = smaller.upcasters.remove(upcaster).event_type;
            if !smaller.events.iter().any(|e| e.event_type == gone) {
                attempt(&mut best, smaller);
            }
        }
        if size(&best) == before {
            return best;
        }
    }
}

fn size(case: &Case) -> usize {
    let statements: usize = case.handlers.iter().map(|h| h.statements.len()).sum();
    case.events.len() + statements + case.upcasters.len()
}

fn without_events(case: &Case, at: usize, count: usize) -> Case {
    let mut smaller = case.clone();
    let end = (at + count).min(case.events.len());
    smaller.events.drain(at..end);
    let gone_from_head = case.plan.head.clamp(at, end) - at;
    smaller.plan.head -= gone_from_head;
    smaller
}

fn plain_plan(case: &Case) -> Option<Case> {
    let mut smaller = case.clone();
    smaller.plan.way = Way::Together;
    smaller.plan.paces = [String::new(), String::new()];
    Some(smaller)
}

fn no_follow(case: &Case) -> Option<Case> {
    (case.plan.head < case.events.len()).then(|| {
        let mut smaller = case.clone();
        smaller.plan.head = case.events.len();
        smaller
    })
}

fn no_until(case: &Case) -> Option<Case> {
    case.plan.until.map(|_| {
        let mut smaller = case.clone();
        smaller.plan.until = None;
        smaller
    })
}

fn plain_log(case: &Case) -> Option<Case> {
    case.raw.then(|| {
        let mut smaller = case.clone();
        smaller.raw = false;
        smaller
    })
}

fn text_log(case: &Case) -> Option<Case> {
    case.stored.then(|| {
        let mut smaller = case.clone();
        smaller.stored = false;
        smaller
    })
}
