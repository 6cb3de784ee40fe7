use super::value::Value;

/// Up to this length every integer is below 2^53, so that a double holds it and prints it as it was written.
const EXACT_INTEGER_LENGTH: usize = 15;

/// From this length on a number is brought into another form before Rust reads it: see [`Number::read_long`].
const LONG_NUMBER_LENGTH: usize = 1000;

/// Reads the number that `text` starts with, and returns it together with what comes after it.
pub(super) fn read(text: &str) -> Option<(Value<'_>, &str)> {
    let number = Number::split(text)?;
    let (literal, rest) = text.split_at_checked(text.len().checked_sub(number.rest.len())?)?;
    let value = if number.is_exact_integer() && literal != "-0" {
        Value::Verbatim(literal)
    } else if literal.len() < LONG_NUMBER_LENGTH {
        Value::Number(literal.parse().ok()?)
    } else {
        Value::Number(number.read_long()?)
    };
    Some((value, rest))
}

/// The parts of a number in JSON's grammar.
struct Number<'a> {
    negative: bool,
    /// At least one digit, without needless zeros.
    integer: &'a str,
    /// The digits after the point, empty if there is none.
    fraction: &'a str,
    /// Sign and digits, empty if there is none.
    exponent: &'a str,
    /// What comes after the number.
    rest: &'a str,
}

impl<'a> Number<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix('-');
        let (integer, mut rest) = split_integer(unsigned.unwrap_or(text))?;
        let mut fraction = "";
        if let Some(after) = rest.strip_prefix('.') {
            (fraction, rest) = split_digits(after)?;
        }
        let mut exponent = "";
        if let Some(after) = rest.strip_prefix(['e', 'E']) {
            let (_, end) = split_digits(after.strip_prefix(['+', '-']).unwrap_or(after))?;
            (exponent, rest) = after.split_at_checked(after.len().checked_sub(end.len())?)?;
        }
        Some(Self { negative: unsigned.is_some(), integer, fraction, exponent, rest })
    }

    fn is_exact_integer(&self) -> bool {
        self.fraction.is_empty() && self.exponent.is_empty() && self.integer.len() <= EXACT_INTEGER_LENGTH
    }

    /// Reads a number of any length.
    ///
    /// Rust's reader stops counting at exponents of six digits, and takes `0.00…01e700000` for zero where the zeros
    /// make it one. So the point is moved in front of the first digit that counts; what exponent remains then is
    /// either small or decides alone between zero and infinity.
    fn read_long(&self) -> Option<f64> {
        let digits = [self.integer, self.fraction].concat();
        let significant = digits.trim_start_matches('0');
        let leading_zeros = digits.len().checked_sub(significant.len())?;
        let point =
            i64::try_from(self.integer.len()).ok()?.checked_sub(i64::try_from(leading_zeros).ok()?)?;
        let exponent = point.saturating_add(self.exponent_value());
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{significant}0e{exponent}").parse().ok()
    }

    fn exponent_value(&self) -> i64 {
        let limit = if self.exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        if self.exponent.is_empty() { 0 } else { self.exponent.parse().unwrap_or(limit) }
    }
}

/// Splits digits off; a zero ends an integer that it starts.
fn split_integer(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('0') { text.split_at_checked(1) } else { split_digits(text) }
}

/// Splits at least one digit off.
fn split_digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())
}
