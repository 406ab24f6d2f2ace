//! Waiting for something that another process does: looked at again and again until a deadline, never a fixed sleep.

use std::thread;
use std::time::{Duration, Instant};

/// Asks until the answer is `Some`, at most for `limit`. The answer is `None` when the time is over.
pub fn wait_until<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(5);
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= end {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_answer_as_soon_as_there_is_one_and_gives_up_at_the_deadline() {
        let mut asked = 0;
        let answer = wait_until(Duration::from_secs(60), || {
            asked += 1;
            (asked == 3).then_some(asked)
        });
        assert_eq!(answer, Some(3));
        assert_eq!(wait_until(Duration::from_millis(10), || None::<()>), None);
    }
}
