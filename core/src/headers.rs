use std::collections::{BTreeMap, HashMap};

/// The headers of a request, in whatever shape the host keeps them.
///
/// Names are compared without regard to ASCII case. Values are the bytes of the wire. A header that occurs twice
/// is visited twice: a shape that merges or drops duplicates hides an attack, so hand over the raw list if the
/// host has one.
///
/// ```
/// use hookproof::Headers;
///
/// let headers = [("Webhook-Id", "msg_1"), ("webhook-timestamp", "1700000000")];
/// let mut names = Vec::new();
/// headers.for_each(&mut |name, _value| names.push(name.to_vec()));
/// assert_eq!(names, [b"Webhook-Id".to_vec(), b"webhook-timestamp".to_vec()]);
/// ```
pub trait Headers {
    /// Calls `visit` with the name and the value of every header line.
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8]));
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LENGTH: usize> Headers for [(N, V); LENGTH] {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        self.as_slice().for_each(visit);
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for Vec<(N, V)> {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        self.as_slice().for_each(visit);
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, S> Headers for HashMap<N, V, S> {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for BTreeMap<N, V> {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_ref());
        }
    }
}

#[cfg(feature = "http")]
impl Headers for http::HeaderMap {
    fn for_each<'h>(&'h self, visit: &mut dyn FnMut(&'h [u8], &'h [u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(headers: &dyn Headers) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut lines = Vec::new();
        headers.for_each(&mut |name, value| lines.push((name.to_vec(), value.to_vec())));
        lines
    }

    #[test]
    fn every_usual_shape_is_read() {
        let expected = vec![(b"a".to_vec(), b"1".to_vec())];
        assert_eq!(lines(&[("a", "1")]), expected);
        assert_eq!(lines(&vec![(String::from("a"), b"1".to_vec())]), expected);
        assert_eq!(lines(&HashMap::from([("a", "1")])), expected);
        assert_eq!(lines(&BTreeMap::from([("a", "1")])), expected);
    }

    #[cfg(feature = "http")]
    #[test]
    fn a_header_map_keeps_its_duplicates() {
        let mut map = http::HeaderMap::new();
        map.append("a", http::HeaderValue::from_static("1"));
        map.append("a", http::HeaderValue::from_static("2"));
        assert_eq!(lines(&map).len(), 2);
    }
}
