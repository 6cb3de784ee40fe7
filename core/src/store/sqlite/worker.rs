use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use futures_channel::oneshot;

use crate::store::contract::StoreError;

type Job = Box<dyn FnOnce() + Send>;

/// A thread that waits for the disk in the place of those that poll futures, from its first job on.
///
/// One is enough: a file has one writer at a time.
#[derive(Default)]
pub(super) struct Worker(Mutex<Option<mpsc::Sender<Job>>>);

impl Worker {
    /// Runs a job in the thread.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Box::new(move || {
            // Nobody listens any more where the request was dropped.
            let _ = answer.send(job());
        }))?;
        answered.await.unwrap_or_else(|_| Err(StoreError::new("the store gave no answer")))
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match &mut *jobs {
            Some(sender) => sender,
            None => jobs.insert(start()?),
        };
        sender.send(job).map_err(|_| StoreError::new("the thread of the store has ended"))
    }
}

/// Starts the thread; it ends when its store is dropped.
fn start() -> Result<mpsc::Sender<Job>, StoreError> {
    let (sender, jobs) = mpsc::channel::<Job>();
    thread::Builder::new()
        .name("hookproof-store".to_owned())
        .spawn(move || {
            for job in jobs {
                // One that panics must not take the next ones with it.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        })
        .map_err(|error| StoreError::new("the store has no thread").with_source(error))?;
    Ok(sender)
}
