//! Lets a process be forked only while no other thread is inside the core.
//!
//! In the child there is one thread. A lock that another one held, such as that of the cache of verified tokens, would
//! never be released there, and the first request of a worker would wait for ever. Work that keeps the interpreter
//! cannot be interrupted by a fork, which needs the interpreter too; work that lets go of it is counted here.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Held for reading by who works in the core without the interpreter, for writing by who forks.
static CORE: RwLock<()> = RwLock::new(());

thread_local! {
    /// What the thread holds that is forking: it is the one that goes on in the child, where it has to let go as well.
    static FORKING: RefCell<Option<RwLockWriteGuard<'static, ()>>> = const { RefCell::new(None) };
}

/// Does work without the interpreter, so that other threads of Python can run meanwhile.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    py.detach(|| {
        // The thread that forks may be called by others who ask to be called around a fork.
        let is_forking = FORKING.with_borrow(Option::is_some);
        let _reading = (!is_forking).then(|| CORE.read().unwrap_or_else(PoisonError::into_inner));
        work()
    })
}

/// Asks Python to call this module around each fork. Where there is no fork, there is nothing to ask.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let Some(register) = py.import("os")?.getattr_opt("register_at_fork")? else { return Ok(()) };
    let (before, after) = (wrap_pyfunction!(before_fork, module)?, wrap_pyfunction!(after_fork, module)?);
    let options = PyDict::new(py);
    options.set_item(intern!(py, "before"), before)?;
    options.set_item(intern!(py, "after_in_parent"), &after)?;
    options.set_item(intern!(py, "after_in_child"), after)?;
    register.call((), Some(&options))?;
    Ok(())
}

/// Waits until nobody is inside the core, and keeps everybody out.
#[pyfunction]
fn before_fork(py: Python<'_>) {
    // Without the interpreter: those who are inside need it to come out.
    py.detach(|| {
        let alone = CORE.write().unwrap_or_else(PoisonError::into_inner);
        FORKING.with(|forking| forking.replace(Some(alone)));
    });
}

/// Lets everybody in again, in the parent and in the child.
#[pyfunction]
fn after_fork() {
    FORKING.with(RefCell::take);
}
