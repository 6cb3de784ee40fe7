use super::value::{Member, Value};

impl Value<'_> {
    /// Appends the value as `JSON.stringify` writes it, without white space.
    pub(super) fn write(&self, output: &mut String) {
        match self {
            Self::Verbatim(text) => output.push_str(text),
            Self::Number(number) => write_number(*number, output),
            Self::String(quoted) => write_string(quoted, output),
            Self::Array(elements) => write_array(elements, output),
            Self::Object(members) => write_object(members, output),
        }
    }
}

fn write_number(number: f64, output: &mut String) {
    if number.is_finite() {
        output.push_str(ryu_js::Buffer::new().format_finite(number));
    } else {
        // JSON has no infinity, and `1e999` became one.
        output.push_str("null");
    }
}

fn write_string(quoted: &str, output: &mut String) {
    output.push('"');
    output.push_str(quoted);
    output.push('"');
}

fn write_array(elements: &[Value], output: &mut String) {
    output.push('[');
    let mut separator = "";
    for element in elements {
        output.push_str(separator);
        element.write(output);
        separator = ",";
    }
    output.push(']');
}

fn write_object(members: &[Member], output: &mut String) {
    output.push('{');
    let mut separator = "";
    for member in members {
        output.push_str(separator);
        write_string(&member.key, output);
        output.push(':');
        member.value.write(output);
        separator = ",";
    }
    output.push('}');
}
