//! Whether a jump or an address depends on a secret: the secrets are marked as undefined memory, and valgrind's memcheck
//! reports every use of them that steers the program (A. Langley: ctgrind, 2010).
//!
//! One jump has to depend on the secret: the verdict. So what is checked is that there is exactly one, for a value that is
//! wrong in an early byte, in the middle, in a late one, and for the right one.
#![expect(clippy::print_stdout, reason = "the figures are the purpose")]

#[path = "comparisons.rs"]
mod comparisons;
#[cfg(target_arch = "x86_64")]
#[path = "memcheck.rs"]
mod memcheck;

use std::process::ExitCode;

#[cfg(not(target_arch = "x86_64"))]
fn main() -> ExitCode {
    println!("client requests are written for x86-64 alone");
    ExitCode::from(2)
}

#[cfg(target_arch = "x86_64")]
fn main() -> ExitCode {
    use comparisons::Comparison;

    if !memcheck::is_running() {
        println!("run this under valgrind");
        return ExitCode::from(2);
    }
    println!("{:<28}{:>8}{:>8}{:>8}{:>8}  verdict", "comparison", "early", "middle", "late", "right");
    // Building a verifier reads the secret's form, and nobody else is there to take the time.
    let comparisons = memcheck::unobserved(|| Comparison::all(1, &conceal));
    let constant = comparisons.into_iter().map(|mut comparison| {
        let found = reports(&mut comparison);
        // None at all would mean that the secret was lost sight of.
        let is_constant = found == [1; 4];
        show(comparison.name, &found, is_constant);
        is_constant
    });
    // Not `all`, which would leave the others out after the first that is not.
    let all_constant = !constant.collect::<Vec<_>>().contains(&false);
    let found = control();
    let is_found = found[0] < found[1] && found[1] < found[2];
    show("control: ends early", &found, !is_found);
    if all_constant && is_found { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Conceals a secret but for its ends. When a verifier is built they decide how much of the text is the secret (a PEM text
/// or not, white space or not): that length would count as secret ever after. A tag or a hash depends on every byte.
#[cfg(target_arch = "x86_64")]
fn conceal(secret: &str) -> Vec<u8> {
    let mut bytes = secret.as_bytes().to_vec();
    if let [_, _, _, _, _, _, _, _, _, _, _, _, middle @ .., _] = bytes.as_mut_slice() {
        memcheck::make_undefined(middle);
    }
    bytes
}

/// Counts the reports for values that are wrong in an early, a middle and a late byte, and for the right one.
#[cfg(target_arch = "x86_64")]
fn reports(comparison: &mut comparisons::Comparison) -> [u64; 4] {
    let last = comparison.right().len().saturating_sub(1);
    // Not the bytes that `conceal` leaves: a difference in what is known may steer what it likes.
    let wrong = [12, last / 2, last.saturating_sub(1)].map(|place| comparison.wrong_at(place, 1));
    let [early, middle, late] = &wrong;
    let right = comparison.text(comparison.right());
    let mut url = right.clone();
    [early, middle, late, &right].map(|text| {
        comparison.put(text, &mut url);
        let before = memcheck::errors();
        let accepted = comparison.verify(&url);
        let found = memcheck::errors().saturating_sub(before);
        assert_eq!(memcheck::unobserved(|| accepted), *text == right, "the verdict is wrong");
        found
    })
}

/// Counts the same for a comparison that ends at the first difference.
#[cfg(target_arch = "x86_64")]
fn control() -> [u64; 4] {
    let secret = "4f0c1d6b7e2a4935b8d1c6e0f7a29384";
    let concealed = conceal(secret);
    [12, 20, 30, 32].map(|place| {
        let mut given = secret.as_bytes().to_vec();
        if let Some(byte) = given.get_mut(place) {
            *byte = b'x';
        }
        let before = memcheck::errors();
        let _equal = comparisons::equal_until_the_first_difference(&concealed, &given);
        memcheck::errors().saturating_sub(before)
    })
}

#[cfg(target_arch = "x86_64")]
fn show(name: &str, found: &[u64; 4], is_constant: bool) {
    let [early, middle, late, right] = found;
    let verdict = if is_constant { "constant" } else { "depends on the secret" };
    println!("{name:<28}{early:>8}{middle:>8}{late:>8}{right:>8}  {verdict}");
}
