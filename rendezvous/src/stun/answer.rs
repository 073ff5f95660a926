//! The answer to one datagram.

use std::net::SocketAddr;

use stun_types::attribute::XorMappedAddress;
use stun_types::message::{
    BINDING, Message, MessageClass, MessageWrite, MessageWriteExt, MessageWriteVec,
};

/// The answer, if the datagram is a binding request.
pub(crate) fn answer(question: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
    let question = Message::from_bytes(question).ok()?;
    if !question.has_method(BINDING) || !question.has_class(MessageClass::Request) {
        return None;
    }
    let mut answer = Message::builder_success(&question, MessageWriteVec::with_capacity(44));
    let mapped = XorMappedAddress::new(from, question.transaction_id());
    answer.add_attribute(&mapped).ok()?;
    Some(answer.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5769, section 2.1: a request with credentials, of software "STUN test client".
    const REQUEST: &str = "000100582112a442b7e7a701bc34d686fa87dfae8022001053\
        54554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36000600\
        096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280\
        280004e57a3bcf";
    /// Sections 2.2 and 2.3: the attribute that holds 192.0.2.1:32853 and
    /// [2001:db8:1234:5678:11:2233:4455:6677]:32853.
    const MAPPED: [(&str, &str); 2] = [
        ("192.0.2.1:32853", "002000080001a147e112a643"),
        (
            "[2001:db8:1234:5678:11:2233:4455:6677]:32853",
            "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
        ),
    ];

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: String = hex.split_whitespace().collect();
        (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    fn header(kind: &str, length: usize) -> Vec<u8> {
        bytes(&format!("{kind}{length:04x}2112a442b7e7a701bc34d686fa87dfae"))
    }

    #[test]
    fn the_answers_are_those_of_rfc_5769() {
        for (from, attribute) in MAPPED {
            let attribute = bytes(attribute);
            let expected = [header("0101", attribute.len()), attribute].concat();
            for question in [bytes(REQUEST), header("0001", 0)] {
                assert_eq!(answer(&question, from.parse().unwrap()), Some(expected.clone()));
            }
        }
    }

    #[test]
    fn only_requests_to_bind_are_answered() {
        let from = "192.0.2.1:1".parse().unwrap();
        for kind in ["0101", "0111", "0011", "0003", "0002"] {
            assert_eq!(answer(&header(kind, 0), from), None, "{kind}");
        }
        let mut old = header("0001", 0);
        old[4] = 0;
        assert_eq!(answer(&old, from), None, "without the magic cookie");
        assert_eq!(answer(&header("0001", 4), from), None, "cut off");
        assert_eq!(answer(b"", from), None);
    }

    #[test]
    fn an_ipv4_answer_has_32_bytes() {
        assert_eq!(answer(&bytes(REQUEST), "192.0.2.1:1".parse().unwrap()).unwrap().len(), 32);
    }
}
