use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::client::Client;
use super::exit::Outcome;
use super::input;
use super::journal::{Entry, Journal};
use super::message::Message;
use super::replay::forwarded;
use super::verify::{described, request, summary};
use super::verifying::Verifying;
use super::wire::Incoming;
use crate::receiver::too_large;
use crate::{
    ClaimedDelivery, Error, Kind, MemoryStore, Outcome as Verdict, Received, Receiver, Reply, Verifier,
};

/// Receives as every receiver of this library does, writes down what came of it, and hands authentic requests on.
pub(super) struct Reception {
    verifying: Verifying,
    verifier: Verifier,
    store: Arc<MemoryStore>,
    journal: Journal,
    forward: Option<String>,
    client: Client,
}

/// What the hooks of a receiver tell of a request.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Entry>>);

impl Reception {
    /// How long the developer's own receiver may take, well within the lease of a claim.
    pub(super) const PATIENCE: Duration = Duration::from_secs(30);

    pub(super) fn new(
        verifying: Verifying,
        journal: Journal,
        forward: Option<String>,
        client: Client,
    ) -> Outcome<Self> {
        let verifier = verifying.verifier()?;
        Ok(Self { verifying, verifier, store: Arc::default(), journal, forward, client })
    }

    /// Answers a request, and returns whether its story could be told.
    pub(super) fn receive(&self, incoming: Incoming) -> (Reply, Outcome<()>) {
        let now = input::seconds();
        let (message, is_whole) = match incoming {
            Incoming::Request(message) => (message, true),
            Incoming::TooLarge(message) => (message, false),
            Incoming::Broken(why) => {
                let reply = Reply { status: 400, headers: Vec::new(), body: String::new() };
                return (reply, self.journal.tell_broken(why, now));
            }
        };
        let number = match self.journal.begin(&message, is_whole, now) {
            Ok(number) => number,
            Err(failure) => return (self.verifying.provider.reply(Verdict::HandlerFailed), Err(failure)),
        };
        let told = Told::default();
        let receiver = told.receiver(self);
        let reply = if is_whole {
            self.answer(&message, &receiver, &told, now)
        } else {
            let limit = self.verifying.max_body;
            receiver.refuse(&too_large(limit.saturating_add(1), limit))
        };
        let entry = std::mem::take(&mut *told.lock());
        let shown = self.journal.tell(number, &message, &entry, reply.status, now);
        (reply, shown)
    }

    fn answer(
        &self,
        message: &Message,
        receiver: &Receiver<Arc<MemoryStore>>,
        told: &Told,
        now: i64,
    ) -> Reply {
        let mut plain = message.clone();
        if let Err(undecoded) = plain.unpack(self.verifying.max_body) {
            return receiver.undecoded(&undecoded, Instant::now());
        }
        let given = request(&plain, &plain.target);
        if plain.method != "POST" {
            return block_on(receiver.greet(&given));
        }
        if self.verifier.remote_keys().is_some() {
            // Has keys fetched where it is time to. The receiver judges, and says why there are none.
            let _ = self.verifier.verify_fetching(&plain.body, &plain.headers);
        }
        let reply = match block_on(receiver.begin(&given)) {
            Received::Answered(reply) => reply,
            Received::New(delivery) => block_on(self.hand_on(message, delivery, told)),
        };
        let mut entry = told.lock();
        if entry.error.as_ref().is_some_and(|error| error.kind() == Kind::Verification) {
            entry.explanation = Some(self.verifying.explain(Some(&self.verifier)).explain(&given, now));
        }
        reply
    }

    /// Hands an authentic, new request to the developer's own receiver, if there is one, as it stood on the wire.
    async fn hand_on(
        &self,
        message: &Message,
        delivery: ClaimedDelivery<'_, Arc<MemoryStore>>,
        told: &Told,
    ) -> Reply {
        let Some(url) = &self.forward else { return delivery.complete().await };
        let answer = match self.client.send(&message.method, url, &forwarded(message), &message.body) {
            Ok(answer) => answer,
            Err(reason) => return delivery.fail(format!("{url} did not answer: {reason}")).await,
        };
        let note = format!("{url} answered {} in {} ms", answer.status, answer.took.as_millis());
        told.lock().note = Some(note);
        if (200..=299).contains(&answer.status) {
            delivery.complete().await;
        } else {
            delivery.release().await;
        }
        let goes = |name: &str| ["content-type", "retry-after"].contains(&name);
        let headers = answer.headers.into_iter().filter(|(name, _)| goes(&name.to_ascii_lowercase()));
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        Reply { status: answer.status, headers: headers.collect(), body }
    }
}

impl Told {
    /// Makes the receiver of one request: its hooks tell of that one alone, whatever comes at the same time.
    fn receiver(&self, reception: &Reception) -> Receiver<Arc<MemoryStore>> {
        let (rejected, failed, ended, greeted) = (self.clone(), self.clone(), self.clone(), self.clone());
        Receiver::new(reception.verifier.clone())
            .with_store(Arc::clone(&reception.store))
            .with_max_body(reception.verifying.max_body)
            .on_reject(move |error| rejected.lock().error = Some(error.clone()))
            .on_error(move |error, _event| match error.downcast_ref::<Error>() {
                Some(error) => failed.lock().error = Some(error.clone()),
                None => failed.lock().note = Some(error.to_string()),
            })
            .on_outcome(move |outcome, event, _took| {
                let mut entry = ended.lock();
                entry.outcome = Some(outcome);
                entry.event = event.map(|event| (summary(event), described(event)));
            })
            .on_handshake(move |handshake| {
                greeted.lock().note = Some(format!("handshake {}", handshake.name));
                std::future::ready(Ok::<_, Error>(()))
            })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a future on this thread, which it may park.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
