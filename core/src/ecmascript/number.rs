use super::value::Value;

/// Up to this length every integer is below 2^53, so that a double holds it and prints it as it was written.
const EXACT_INTEGER_LENGTH: usize = 15;

/// From this length on a number is brought into another form before it is read: see [`Number::shortened`].
const LONG_NUMBER_LENGTH: usize = 700;

/// How many significant digits decide about a double: a point halfway between two of them has at most as many.
const SIGNIFICANT_DIGITS: usize = 768;

/// Reads the number that `text` starts with, and returns it together with what comes after it.
pub(super) fn read(text: &str) -> Option<(Value<'_>, &str)> {
    let number = Number::split(text)?;
    let (literal, rest) = text.split_at_checked(text.len().checked_sub(number.rest.len())?)?;
    let value = if number.is_exact_integer() && literal != "-0" {
        Value::Verbatim(literal)
    } else if literal.len() < LONG_NUMBER_LENGTH {
        Value::Number(nearest(literal))
    } else {
        Value::Number(nearest(&number.shortened()?))
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

    /// Writes a number of any length so that it is short and still nearest to the same double.
    ///
    /// Readers stop counting at some number of digits in an exponent, and take `0.00…01e700000` for zero where the zeros
    /// make it one. So the point is moved in front of the first digit that counts; what exponent remains then is
    /// either small or decides alone between zero and infinity. Of digits behind those that decide, only whether
    /// there is another one than zero matters.
    fn shortened(&self) -> Option<String> {
        let digits = [self.integer, self.fraction].concat();
        let significant = digits.trim_start_matches('0');
        let leading_zeros = digits.len().checked_sub(significant.len())?;
        // `serde_json` takes any digit behind those that decide for one that is not zero.
        let significant = significant.trim_end_matches('0');
        let point =
            i64::try_from(self.integer.len()).ok()?.checked_sub(i64::try_from(leading_zeros).ok()?)?;
        let exponent = point.saturating_add(self.exponent_value());
        let sign = if self.negative { "-" } else { "" };
        let (deciding, sticky) = match significant.split_at_checked(SIGNIFICANT_DIGITS) {
            Some((deciding, rest)) if !rest.is_empty() => (deciding, "1"),
            _ => (significant, ""),
        };
        let deciding = if deciding.is_empty() { "0" } else { deciding };
        Some(format!("{sign}0.{deciding}{sticky}e{exponent}"))
    }

    fn exponent_value(&self) -> i64 {
        let limit = if self.exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        if self.exponent.is_empty() { 0 } else { self.exponent.parse().unwrap_or(limit) }
    }
}

/// Returns the double that is nearest to a number of JSON's grammar.
///
/// Not with Rust's own reader: near a point halfway between two doubles it takes ten microseconds, and a megabyte of such
/// numbers half a second, before anything is verified. Both are exact.
fn nearest(literal: &str) -> f64 {
    // The one way to fail is to lie out of range, which ECMAScript calls infinite and writes as null.
    serde_json::from_str(literal).unwrap_or(f64::INFINITY)
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

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

    use proptest::prelude::*;

    use super::*;

    /// Returns the double that a literal is read as, and what Rust's own reader makes of it.
    fn both(literal: &str) -> (u64, u64) {
        let (value, rest) = read(literal).unwrap();
        assert_eq!(rest, "");
        let number = match value {
            Value::Verbatim(text) => text.parse().unwrap(),
            Value::Number(number) => number,
            _ => panic!("not a number"),
        };
        // What is out of range is written as null, whatever its sign.
        let expected: f64 = literal.parse().unwrap();
        (number.to_bits(), if expected.is_infinite() { f64::INFINITY } else { expected }.to_bits())
    }

    /// Writes the point halfway between a positive double and the next one, with all its digits.
    fn halfway(double: f64) -> (String, i64) {
        let (fraction, exponent) = (double.to_bits() & ((1 << 52) - 1), double.to_bits() >> 52);
        let (mantissa, exponent) = match exponent {
            0 => (fraction, -1075),
            exponent => (fraction | 1 << 52, i64::try_from(exponent).unwrap() - 1076),
        };
        let mut digits: Vec<u8> =
            (2 * mantissa + 1).to_string().bytes().rev().map(|digit| digit - b'0').collect();
        // A power of two is multiplied out; one below 1 is a power of five and of ten.
        let factor = if exponent < 0 { 5 } else { 2 };
        for _ in 0..exponent.abs() {
            let mut carry = 0;
            for digit in &mut digits {
                let product = *digit * factor + carry;
                (*digit, carry) = (product % 10, product / 10);
            }
            digits.extend((carry > 0).then_some(carry));
        }
        let text: String = digits.iter().rev().map(|digit| char::from(digit + b'0')).collect();
        (text, exponent.min(0))
    }

    fn doubles() -> impl Strategy<Value = f64> {
        let largest = f64::MAX.to_bits() - 1;
        prop_oneof![0..=largest, 0..1_u64 << 53, (1023_u64 - 60) << 52..(1023_u64 + 60) << 52]
            .prop_map(f64::from_bits)
    }

    proptest! {
        #[test]
        fn reads_what_lies_at_or_near_a_halfway_point_as_rust_does(
            double in doubles(),
            kept in 1..1200_usize,
            last in prop::sample::select(vec!["", "0", "1", "9", "00000001"]),
            negative: bool,
        ) {
            let (digits, exponent) = halfway(double);
            let kept = kept.min(digits.len());
            let exponent = exponent + i64::try_from(digits.len() - kept).unwrap() - i64::try_from(last.len()).unwrap();
            let sign = if negative { "-" } else { "" };
            let literal = format!("{sign}{}{last}e{exponent}", &digits[..kept]);
            let (found, expected) = both(&literal);
            prop_assert_eq!(found, expected, "{}", literal);
            // The same number with more digits than count.
            let (whole, fraction) = digits.split_at(1);
            let exponent = exponent + i64::try_from(last.len() + kept).unwrap() - 1;
            let zeros = "0".repeat(LONG_NUMBER_LENGTH);
            let (found, expected) = both(&format!("{sign}{whole}.{fraction}{zeros}{last}e{exponent}"));
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn reads_every_number_as_rust_does(literal in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?") {
            let (found, expected) = both(&literal);
            prop_assert_eq!(found, expected, "{}", literal);
        }

        #[test]
        fn prints_back_every_double(double in doubles()) {
            let (found, expected) = both(&format!("{double:e}"));
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_number_of_any_length_is_read_from_few_digits() {
        let digits = "1234567890".repeat(100_000);
        for literal in [digits.clone(), format!("0.{digits}"), format!("{digits}.{digits}e-{digits}")] {
            let shortened = Number::split(&literal).unwrap().shortened().unwrap();
            assert!(shortened.len() <= SIGNIFICANT_DIGITS + 24, "{}", shortened.len());
        }
    }
}
