//! Gaps in the signalling, and requests that come late.

use super::*;

#[test]
fn a_page_that_left_while_it_could_not_be_heard_is_gone_when_it_is_back() {
    let mut net = Net::new(&[participant(); 2]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    net.lose();
    net.cut = BTreeSet::from([(1, 0)]);
    net.input(1, Input::Leave);
    net.run(5000);
    net.cut.clear();
    net.regain();
    net.run(5000);
    net.assert_mesh(&[0]);
}

#[test]
fn a_page_says_again_what_it_shows_when_signalling_is_back() {
    let mut net = Net::new(&[participant(); 2]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
        net.input(at, Input::Sends(Sends::CAMERA));
    }
    net.run(1000);
    let of = |net: &Net| net.pages[1].call.seats.get(&seat(0)).expect("a seat").shown;
    let shows = |height| vec![(seat(1).client(), Shown { camera: height, ..Shown::default() })];
    net.input(0, Input::Shown(Vec::new()));
    net.run(500);
    assert_eq!(of(&net).camera, 0);
    net.lose();
    net.input(0, Input::Shown(shows(360)));
    net.run(2000);
    net.regain();
    net.run(2000);
    assert_eq!(of(&net).camera, 360);
}

#[test]
fn a_page_that_left_before_it_was_removed_may_come_again() {
    let moderator = Standing::new(Role::Moderator, Tools::ALL);
    let mut net = Net::in_call(&[moderator, participant(), participant()]);
    // Page 1 hears of it after page 2 has left.
    net.input(0, Input::Ask(seat(2).client(), Request::Leave));
    let late = net.mail.iter().position(|(_, to, _)| *to == 1).expect("a request");
    let late = net.mail.remove(late);
    net.run(1000);
    net.mail.push(late);
    net.run(100);
    net.input(2, Input::Join(Abilities::default()));
    net.run(3000);
    net.assert_mesh(&[0, 1, 2]);
}

#[test]
fn a_page_that_could_not_be_asked_to_leave_is_asked_when_it_is_back() {
    let moderator = Standing::new(Role::Moderator, Tools::ALL);
    let mut net = Net::in_call(&[moderator, participant()]);
    net.lose();
    net.input(0, Input::Ask(seat(1).client(), Request::Leave));
    net.run(2000);
    assert!(net.pages[1].call.is_joined());
    net.regain();
    net.run(2000);
    assert_eq!(net.pages[1].asked, [Request::Leave]);
    net.assert_mesh(&[0]);
}
