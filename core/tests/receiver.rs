//! The flow of a request: what is answered when, and what the handler and the store get to see.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_executor::block_on;
use hookproof::{
    Claim, MemoryStore, Message, Outcome, Owner, Provider, Received, Receiver, Reply, Request, Signed,
    Signer, Store, StoreError, Verifier,
};

const BODY: &[u8] = br#"{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}"#;

fn verifier(secret: &str) -> Verifier {
    Verifier::builder("fourvenues").unwrap().secret(secret).build().unwrap()
}

fn signed(body: &[u8]) -> Signed {
    Signer::builder("fourvenues")
        .unwrap()
        .secret("s3cr3t")
        .build()
        .unwrap()
        .sign(&Message::new(body))
        .unwrap()
}

/// Counts what happens.
#[derive(Clone, Default)]
struct Seen {
    handled: Arc<AtomicUsize>,
    told: Arc<Mutex<Vec<String>>>,
}

impl Seen {
    fn tell(&self, what: String) {
        self.told.lock().unwrap().push(what);
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    fn handled(&self) -> usize {
        self.handled.load(Ordering::Relaxed)
    }

    fn watch<S>(&self, receiver: Receiver<S>) -> Receiver<S> {
        let (rejects, duplicates, errors, outcomes) =
            (self.clone(), self.clone(), self.clone(), self.clone());
        receiver
            .on_reject(move |error| rejects.tell(format!("reject {}", error.code().as_str())))
            .on_duplicate(move |event| duplicates.tell(format!("duplicate {}", event.id().unwrap())))
            .on_error(move |error, event| errors.tell(format!("error {error} {}", event.is_some())))
            .on_outcome(move |outcome, event, _| {
                outcomes.tell(format!("{} {}", outcome.as_str(), event.is_some()));
            })
    }

    fn deliver<S: Store>(&self, receiver: &Receiver<S>, signed: &Signed) -> Reply {
        block_on(receiver.receive(&Request::new(&signed.body, &signed.headers), async |event| {
            assert_eq!(event.body(), signed.body);
            self.handled.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(())
        }))
    }
}

#[test]
fn a_new_event_is_handled_and_a_repetition_is_not() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t")));
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
    assert_eq!(seen.handled(), 1);
    assert_eq!(seen.told(), ["accepted true", "duplicate 5f7b", "duplicate true"]);
}

#[test]
fn a_forged_request_reaches_neither_the_handler_nor_the_store() {
    let (seen, store) = (Seen::default(), Arc::new(MemoryStore::new()));
    let receiver = seen.watch(Receiver::new(verifier("another"))).with_store(Arc::clone(&store));
    let reply = seen.deliver(&receiver, &signed(BODY));
    assert_eq!((reply.status, reply.body.as_str()), (403, ""), "never a word about the cause");
    assert_eq!((seen.handled(), store.len()), (0, 0));
    assert_eq!(seen.told(), ["reject no_matching_signature", "not_authentic false"]);
}

#[test]
fn a_success_as_the_answer_to_a_bad_signature_runs_no_handler() {
    let verifier = Verifier::builder("fast-events").unwrap().secret("s3cr3t-s3cr3t").build().unwrap();
    let (seen, store) = (Seen::default(), Arc::new(MemoryStore::new()));
    let receiver = seen.watch(Receiver::new(verifier)).with_store(Arc::clone(&store));
    let forged = signed(BODY);
    assert_eq!(seen.deliver(&receiver, &forged).status, 200);
    assert_eq!((seen.handled(), store.len()), (0, 0));
    assert_eq!(seen.told().last().unwrap(), "not_authentic false");
}

#[test]
fn a_body_over_the_limit_is_not_verified() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("another"))).with_max_body(BODY.len() - 1);
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 413);
    assert_eq!(seen.told(), ["reject body_too_large", "too_large false"]);
    let receiver = Receiver::new(verifier("s3cr3t")).with_max_body(BODY.len());
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
}

#[test]
fn a_ping_is_answered_and_not_handled() {
    let verifier = Verifier::builder("fast-events").unwrap().secret("s3cr3t-s3cr3t").build().unwrap();
    let sender = Signer::builder("fast-events").unwrap().secret("s3cr3t-s3cr3t").build().unwrap();
    let signed = sender.sign(&Message::new(b"")).unwrap();
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier));
    assert_eq!(seen.deliver(&receiver, &signed).status, 200);
    assert_eq!(seen.handled(), 0);
    assert_eq!(seen.told(), ["ping true"]);
}

#[test]
fn a_handler_that_fails_gives_its_claim_back() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t")));
    let signed = signed(BODY);
    let request = Request::new(&signed.body, &signed.headers);
    let failed = receiver.receive(&request, async |_| Err(io::Error::other("no database")));
    assert_eq!(block_on(failed).status, 500);
    assert_eq!(seen.told(), ["error no database true", "handler_failed true"]);
    assert_eq!(seen.deliver(&receiver, &signed).status, 200);
    assert_eq!(seen.handled(), 1);
}

#[test]
fn a_delivery_that_is_being_handled_is_asked_to_come_back() {
    let receiver = Receiver::new(verifier("s3cr3t"));
    let signed = signed(BODY);
    let request = Request::new(&signed.body, &signed.headers);
    let Received::New(delivery) = block_on(receiver.begin(&request)) else { panic!() };
    let Received::Answered(reply) = block_on(receiver.begin(&request)) else { panic!() };
    assert_eq!((reply.status, reply.headers[0].0.as_str()), (503, "Retry-After"));
    assert_eq!(block_on(delivery.complete()).status, 200);
    let Received::Answered(reply) = block_on(receiver.begin(&request)) else { panic!() };
    assert_eq!(reply.status, 200);
}

#[test]
fn a_future_that_is_dropped_frees_its_claim_when_the_lease_ends() {
    let seen = Seen::default();
    let lease = Duration::from_millis(100);
    let receiver = Receiver::new(verifier("s3cr3t")).with_lease(lease);
    let signed = signed(BODY);
    {
        let request = Request::new(&signed.body, &signed.headers);
        let mut never = pin!(receiver.receive(&request, async |_| {
            std::future::pending::<()>().await;
            Ok::<_, Infallible>(())
        }));
        assert!(matches!(never.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
    }
    assert_eq!(seen.deliver(&receiver, &signed).status, 503);
    std::thread::sleep(lease);
    assert_eq!(seen.deliver(&receiver, &signed).status, 200);
    assert_eq!(seen.handled(), 1);
}

#[test]
fn a_handler_that_outlives_its_lease_is_told_of() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t"))).with_lease(Duration::from_millis(10));
    let signed = signed(BODY);
    let reply = block_on(receiver.receive(&Request::new(&signed.body, &signed.headers), async |_| {
        std::thread::sleep(Duration::from_millis(20));
        Ok::<_, Infallible>(())
    }));
    assert_eq!(reply.status, 200, "the handler returned");
    assert_eq!(seen.told(), ["error the lease ended before the handler did true", "accepted true"]);
}

/// A store that can be asked some times, and then no more.
struct Failing(AtomicUsize);

impl Failing {
    fn asked(&self) -> Result<(), StoreError> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| StoreError::new("the store is down"))
    }
}

impl Store for Failing {
    async fn claim(&self, _: &str, _: Duration) -> Result<Claim, StoreError> {
        self.asked().map(|()| Claim::New(Owner::from(1)))
    }

    async fn complete(&self, _: &str, _: Owner, _: Duration) -> Result<bool, StoreError> {
        self.asked().map(|()| true)
    }

    async fn release(&self, _: &str, _: Owner) -> Result<bool, StoreError> {
        self.asked().map(|()| true)
    }
}

#[test]
fn without_its_store_a_receiver_handles_nothing() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t"))).with_store(Failing(AtomicUsize::new(0)));
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 503);
    assert_eq!(seen.handled(), 0);
    assert_eq!(seen.told(), ["error the store is down true", "store_unavailable true"]);
}

#[test]
fn a_store_that_fails_after_the_handler_changes_no_reply() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t"))).with_store(Failing(AtomicUsize::new(1)));
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
    assert_eq!(seen.told(), ["error the store is down true", "accepted true"]);
}

#[test]
fn a_store_without_room_handles_nothing() {
    let seen = Seen::default();
    let full = MemoryStore::with_capacity(1.try_into().unwrap());
    full.claim("another", i64::MAX - 1, Duration::MAX);
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t"))).with_store(full);
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 503);
    assert_eq!(seen.handled(), 0);
}

#[test]
fn an_unsigned_handshake_is_answered_after_what_it_hands_over_is_kept() {
    let verifier = Verifier::builder("asana").unwrap().secret("s3cr3t").build().unwrap();
    let kept = Seen::default();
    let headers = [("X-Hook-Secret", "handed over")];
    let request = Request::new(b"{}", &headers).with_method("POST");
    let keeper = kept.clone();
    let receiver = kept.watch(Receiver::new(verifier.clone())).on_handshake(move |handshake| {
        keeper.tell(handshake.keep.unwrap());
        async { Ok::<_, Infallible>(()) }
    });
    let handled = kept.clone();
    let reply = block_on(receiver.receive(&request, async move |_| {
        handled.tell("a handshake is no event".to_owned());
        Ok::<_, Infallible>(())
    }));
    assert_eq!(reply.headers, [("X-Hook-Secret".to_owned(), "handed over".to_owned())]);
    assert_eq!(kept.told(), ["handed over", "ping false"]);

    let receiver = Receiver::new(verifier).on_handshake(async |_| Err(io::Error::other("not stored")));
    assert_eq!(block_on(receiver.greet(&request)).status, 500);
}

#[test]
fn another_method_is_a_handshake_or_not_allowed() {
    let seen = Seen::default();
    let receiver = seen.watch(Receiver::new(verifier("s3cr3t")));
    let signed = signed(BODY);
    let request = Request::new(&signed.body, &signed.headers).with_method("PUT");
    let reply = block_on(receiver.greet(&request));
    assert_eq!((reply.status, reply.headers), (405, vec![("Allow".to_owned(), "POST".to_owned())]));
    assert_eq!(seen.told(), ["method_not_allowed false"]);
}

#[test]
fn each_tenant_is_verified_with_its_own_secret() {
    let seen = Seen::default();
    let provider = Provider::named("fourvenues").unwrap();
    let receiver = seen.watch(Receiver::choosing(provider, |request: &Request<'_>| {
        let tenant = request.url.map(str::to_owned);
        async move {
            match tenant.as_deref() {
                Some("/ours") => Ok(Some(verifier("s3cr3t"))),
                Some("/another") => Ok(Some(verifier("another"))),
                Some("/down") => Err(io::Error::other("no database")),
                _ => Ok(None),
            }
        }
    }));
    let signed = signed(BODY);
    let deliver = |url| {
        let request = Request::new(&signed.body, &signed.headers).with_url(url);
        block_on(receiver.receive(&request, async |_| Ok::<_, Infallible>(()))).status
    };
    assert_eq!(deliver("/ours"), 200);
    assert_eq!(deliver("/another"), 403);
    assert_eq!(deliver("/unknown"), 403);
    assert_eq!(deliver("/down"), 503);
    assert_eq!(
        seen.told(),
        [
            "accepted true",
            "reject no_matching_signature",
            "not_authentic false",
            "reject no_matching_signature",
            "not_authentic false",
            "error no database false",
            "keys_unavailable false",
        ]
    );
}

#[test]
fn a_hook_that_panics_changes_nothing() {
    let receiver = Receiver::new(verifier("s3cr3t")).on_outcome(|outcome, _, _| {
        assert_ne!(outcome, Outcome::Accepted, "a panic of the application");
    });
    let seen = Seen::default();
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
    assert_eq!(seen.deliver(&receiver, &signed(BODY)).status, 200);
    assert_eq!(seen.handled(), 1);
}

#[test]
fn its_futures_can_be_spawned_whatever_the_headers_are() {
    fn sendable<T: Send>(_: &T) {}
    let receiver = Receiver::new(verifier("s3cr3t"));
    // An Rc cannot be sent to another thread, and the headers are read before the first await.
    let headers: Vec<(std::rc::Rc<[u8]>, Vec<u8>)> =
        vec![(b"x-webhook-signature".as_slice().into(), b"00".into())];
    let receiving = receiver.receive(&Request::new(BODY, &headers), async |_| Ok::<_, Infallible>(()));
    sendable(&receiving);
    assert_eq!(block_on(receiving).status, 403);
}
