use std::cell::OnceCell;

/// The lists of one request that have been written. Each is written once, however many contents it is part of: Twilio's
/// URL has nine spellings, and a stranger who sends a megabyte of fields must not have it sorted nine times.
#[derive(Default)]
pub(crate) struct Written(OnceCell<Box<WrittenList>>);

struct WrittenList {
    slot: usize,
    text: String,
    others: Written,
}

impl Written {
    pub(crate) fn text(&self, slot: usize, write: &dyn Fn() -> String) -> &str {
        let list =
            self.0.get_or_init(|| Box::new(WrittenList { slot, text: write(), others: Self::default() }));
        if list.slot == slot { &list.text } else { list.others.text(slot, write) }
    }
}
