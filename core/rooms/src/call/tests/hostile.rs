//! Peers that send without end.

use super::*;

#[test]
fn a_flood_of_new_connections_opens_one_each_half_second() {
    let mut net = Net::new(&[participant(); 2]);
    net.input(0, Input::Join(Abilities::default()));
    net.input(1, Input::Join(Abilities::default()));
    net.run(1000);
    let opened = net.pages[0].opened;
    for number in 1..=200 {
        let ends = message::Ends { from: number, to: 0 };
        let sdp = "offer".repeat(1000);
        let offer = Message::Description { ends, turn: 1, offer: true, sdp };
        net.mail.push((1, 0, offer.to_bytes()));
        for _ in 0..3 {
            net.mail.push((1, 0, Message::Candidate(ends, "c".to_owned()).to_bytes()));
        }
    }
    while !net.mail.is_empty() {
        net.deliver(0);
    }
    while net.work(0) {}
    assert!(net.pages[0].opened <= opened + 1);
    let peer = net.pages[0].call.seats.get(&seat(1)).expect("connected");
    assert!(peer.early.len() <= limits::CANDIDATES);
}

#[test]
fn states_offers_and_candidates_without_end_cost_the_page_a_few() {
    let mut net = Net::new(&[participant(); 2]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    let link = |net: &Net, at: usize| {
        let peer = net.pages[at].call.seats.get(&seat(1 - at)).expect("a seat");
        peer.link.as_ref().map(|link| link.own).expect("a connection")
    };
    let ends = message::Ends { from: link(&net, 1), to: link(&net, 0) };
    for turn in 100..400 {
        let states = Message::State(Some(Sends::from_bits(turn % 128)), Abilities::default());
        net.mail.push((1, 0, states.to_bytes()));
        let (turn, sdp) = (turn as u32, "again".to_owned());
        let offer = Message::Description { ends, turn, offer: true, sdp };
        net.mail.push((1, 0, offer.to_bytes()));
        net.mail.push((1, 0, Message::AskOffer(ends).to_bytes()));
        for _ in 0..3 {
            net.mail.push((1, 0, Message::Candidate(ends, "c".to_owned()).to_bytes()));
        }
    }
    while !net.mail.is_empty() {
        net.deliver(0);
    }
    let told = &net.pages[0].commands;
    let count = |what: fn(&Told) -> bool| told.iter().filter(|told| what(told)).count();
    assert!(count(|told| matches!(told, Told::Accept { .. } | Told::Offer { .. })) <= 2);
    assert!(count(|told| matches!(told, Told::Candidate { .. })) <= 2 * limits::CANDIDATES);
    assert!(count(|told| matches!(told, Told::Changed)) <= 10);
    net.run(100);
    net.run(500);
    // The newest counts in the end.
    assert_eq!(net.pages[0].call.attendees()[1].sends, Sends::from_bits(399 % 128));
}
