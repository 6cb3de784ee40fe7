//! What holds for any address, any network and any text.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn what_the_standard_library_calls_special_is_refused(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
            || v4.is_documentation() || v4.is_unspecified() || v4.is_multicast();
        prop_assert!(!(special && AddressPolicy::default().permits(v4.into())), "{v4}");
    }

    #[test]
    fn so_it_is_for_ipv6(bits: u128, shift in 0u32..128) {
        // Shifted: most special addresses begin or end with many equal bits.
        for bits in [bits, bits >> shift, bits << shift, !(bits >> shift)] {
            let v6 = Ipv6Addr::from_bits(bits);
            let special = v6.is_unspecified() || v6.is_loopback() || v6.is_multicast() || v6.is_unique_local()
                || v6.is_unicast_link_local();
            prop_assert!(!(special && AddressPolicy::default().permits(v6.into())), "{v6}");
        }
    }

    #[test]
    fn every_form_of_an_ipv4_address_gets_the_same_answer(bits: u32) {
        let policy = AddressPolicy::default();
        let v4 = Ipv4Addr::from_bits(bits);
        let [a, b] = [bits >> 16, bits & 0xffff];
        let expected = policy.refusal(v4.into());
        for text in [format!("::ffff:{v4}"), format!("64:ff9b::{v4}"), format!("2002:{a:x}:{b:x}::1")] {
            prop_assert_eq!(policy.refusal(address(&text)), expected, "{}", text);
        }
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = AddressPolicy::default().refusal_of(&text);
        let _ = AddressPolicy::new([&text], [&text]);
    }

    #[test]
    fn a_network_holds_what_begins_with_its_bits(bits: u32, other: u32, prefix in 0u32..=32) {
        let first = bits & u32::MAX.checked_shl(32_u32.saturating_sub(prefix)).unwrap_or(0);
        let policy = AddressPolicy::new(NONE, [format!("{}/{prefix}", Ipv4Addr::from_bits(first))]).unwrap();
        let same = (bits ^ other).leading_zeros() >= prefix;
        let denied = policy.refusal(Ipv4Addr::from_bits(other).into()) == Some(Refusal::Denied);
        prop_assert_eq!(denied, same);
    }
}
