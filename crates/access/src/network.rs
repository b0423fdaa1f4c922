//! Networks that somebody may come from.

use std::{net::IpAddr, str::FromStr};

/// A network: an address and how many of its bits count (CIDR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// It is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANetwork;

/// An address as its bits, the highest first, and how many there are.
fn bits_of(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

impl Network {
    /// Does it hold the address? IPv4 addresses written as IPv6 are IPv4 addresses.
    pub fn holds(self, address: IpAddr) -> bool {
        let ((own, width), (other, other_width)) = (bits_of(self.address), bits_of(address.to_canonical()));
        let differ = own ^ other;
        // Shifting by the whole width would overflow: a network of no bits holds everything.
        width == other_width && (self.bits == 0 || differ >> (128 - u32::from(self.bits)) == 0)
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                (address, Some(bits.parse().map_err(|_| NotANetwork)?))
            }
            Some(_) => return Err(NotANetwork),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let (whole, width) = bits_of(address);
        let bits: u8 = bits.unwrap_or(width);
        // `10.1.2.3/8` is more likely a slip than a network.
        let host = if bits >= 128 { 0 } else { whole << bits };
        if bits > width || host != 0 || address != address.to_canonical() {
            return Err(NotANetwork);
        }
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_what_begins_like_them() {
        for (network, inside, outside) in [
            (
                "10.0.0.0/8",
                vec!["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
                vec!["11.0.0.0", "9.255.255.255", "::1"],
            ),
            ("192.168.1.128/25", vec!["192.168.1.128", "192.168.1.255"], vec!["192.168.1.127", "192.168.2.128"]),
            ("203.0.113.7", vec!["203.0.113.7"], vec!["203.0.113.6", "203.0.113.8"]),
            ("0.0.0.0/0", vec!["1.2.3.4", "255.255.255.255"], vec!["2001:db8::1"]),
            ("2001:db8::/32", vec!["2001:db8::1", "2001:db8:ffff::"], vec!["2001:db9::1", "10.0.0.1"]),
            ("::/0", vec!["::1", "fe80::1"], vec!["10.0.0.1"]),
            ("::1", vec!["::1"], vec!["::2"]),
        ] {
            let parsed: Network = network.parse().expect(network);
            for address in inside {
                assert!(parsed.holds(address.parse().expect("an address")), "{address} in {network}");
            }
            for address in outside {
                assert!(!parsed.holds(address.parse().expect("an address")), "{address} in {network}");
            }
        }
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "::/129",
            "::1/64",
            "a",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "::ffff:10.0.0.0/104",
            "10.0.0.0/256",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
