//! What holds whatever happens, in whatever order.

use proptest::prelude::*;

use super::*;

/// What a step of a history does to a host.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Wait(u64),
    Want(KeyNeed),
    Answer(bool),
    Break,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..4 * SECOND).prop_map(Deed::Wait),
        1 => (0..2 * HOUR).prop_map(Deed::Wait),
        4 => Just(Deed::Want(KeyNeed::UnknownKey)),
        2 => Just(Deed::Want(KeyNeed::Due)),
        4 => any::<bool>().prop_map(Deed::Answer),
        1 => Just(Deed::Break),
    ];
    prop::collection::vec(deed, 1..400)
}

proptest! {
    /// Whatever happens in whatever order: no more than five requests reach a server within a minute, wherever
    /// between its start and its end each arrives; one fetch at a time, 15 seconds apart; and keys that came are used
    /// for a day more than their lifetime.
    #[test]
    fn any_history_keeps_the_limits(deeds in deeds(), discovers in any::<bool>()) {
        let mut host = if discovers { by_discovery() } else { by_address() };
        let mut open: Option<(KeyRequest, u64)> = None;
        // The start and the end of every request.
        let mut requests: Vec<(u64, u64)> = Vec::new();
        let mut last_end = None;
        let mut came_at = None;
        for deed in deeds {
            match deed {
                Deed::Wait(millis) => { host.later(millis); }
                Deed::Want(need) => {
                    let _ = host.state();
                    if open.is_some() && !host.remote.is_under_way() {
                        // Given up. What the network still does with it ends with its time.
                        let (request, start) = open.take().unwrap();
                        let end = start + u64::try_from(request.timeout.as_millis()).unwrap();
                        requests.push((start, end));
                        last_end = Some(end);
                    }
                    if let Some(request) = host.start(need) {
                        prop_assert!(open.is_none());
                        prop_assert!(last_end.is_none_or(|end| host.elapsed >= end + 15 * SECOND));
                        open = Some((request, host.elapsed));
                    }
                }
                Deed::Answer(is_good) => if let Some((request, start)) = open.take() {
                    let end = host.elapsed.min(start + 5 * SECOND);
                    requests.push((start, end));
                    let body = if request.url == JWKS_URI { jwks("a") } else { discovery() };
                    let answer = if is_good { ok(&body) } else { down() };
                    let was_under_way = host.elapsed < start + 5 * SECOND;
                    open = host.remote.answered(request.ticket, Ok(answer), host.now()).map(|next| (next, host.elapsed));
                    if open.is_none() {
                        last_end = Some(end);
                        if is_good && was_under_way && request.url == JWKS_URI {
                            came_at = Some(host.elapsed);
                        }
                    }
                },
                Deed::Break => if let Some((request, start)) = open.take() {
                    requests.push((start, host.elapsed.min(start + 5 * SECOND)));
                    prop_assert_eq!(host.remote.answered(request.ticket, Err("reset"), host.now()), None);
                    last_end = Some(host.elapsed.min(start + 5 * SECOND));
                },
            }
            if came_at.is_some_and(|came| host.elapsed < came + HOUR + DAY) {
                prop_assert_ne!(host.state(), KeyState::Missing);
                prop_assert!(host.has("a"));
            }
        }
        for six in requests.windows(6) {
            prop_assert!(six[5].0 >= six[0].1 + MINUTE, "{:?}", six);
        }
    }
}
