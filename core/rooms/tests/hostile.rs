//! One of five breaks the rules in every way there is: the honest go on, who attacks is cut off
//! within two seconds, and what is held for it is bounded.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use covey_rooms::capability::Role;
use covey_rooms::guard::CODE_FILE;
use covey_rooms::room::Input;
use covey_rooms::room::{Attack, Event};
use covey_testnet::{Net, refused};
use covey_wire::id::DocName;
use covey_wire::limits;

/// How long an attacker may stay.
const STAY: Duration = Duration::from_secs(2);
/// How often the honest write meanwhile, and how soon the others must have it.
const EDIT: Duration = Duration::from_millis(40);

struct Scene {
    net: Net,
    honest: Vec<usize>,
    mallory: usize,
    text: String,
}

/// Four people and Mallory, all connected to each other.
fn scene(role: Role) -> Scene {
    let mut net = Net::new();
    let first = net.found(1, "Ada");
    let (link, other) = (net.invite(first, Role::Participant), net.invite(first, role));
    let mut honest = vec![first];
    for device in 2..=4 {
        honest.push(net.join(device, "Honest", &link));
    }
    let mallory = net.join(5, "Mallory", &other);
    net.wait(Duration::from_secs(2));
    let mut scene = Scene { net, honest, mallory, text: String::new() };
    scene.write(4);
    scene
}

impl Scene {
    /// Everyone honest writes in turn, and all of them have it before the next does.
    fn write(&mut self, times: usize) {
        for n in 0..times {
            let by = self.honest[n % self.honest.len()];
            self.net.edit(by, 0, 0, "o");
            self.net.wait(EDIT);
            self.text.push('o');
            for page in self.honest.clone() {
                let text = self.net.pages[page].client.text(&DocName::Code, CODE_FILE).unwrap();
                let honest: String = text.chars().filter(|letter| *letter == 'o').collect();
                assert_eq!(honest.len(), self.text.len(), "an edit is late");
            }
        }
    }

    fn attack(&mut self, attack: Attack) {
        self.net.handle(self.mallory, Input::Misbehave(Some(attack)));
        self.net.settle();
    }

    /// Whether a page has Mallory for a peer.
    fn sees_mallory(&self, page: usize) -> bool {
        let people = self.net.pages[page].client.people();
        people.iter().any(|person| person.name == "Mallory" && person.path.is_some())
    }

    fn most_held(&self) -> usize {
        self.honest.iter().map(|page| self.net.pages[*page].client.stats().held).max().unwrap()
    }

    /// How often all honest ones together refused something for a reason.
    fn count(&self, reason: &str) -> u64 {
        let counts = self.honest.iter().map(|page| refused(&self.net.pages[*page]));
        counts.filter_map(|counts| counts.get(reason).copied()).sum()
    }
}

/// Attacks for two seconds; tells the most that was held for anyone.
fn attacked(scene: &mut Scene, attack: Attack) -> usize {
    assert!(scene.honest.iter().all(|page| scene.sees_mallory(*page)));
    scene.attack(attack);
    let mut most = 0;
    for _ in 0..STAY.as_millis() / EDIT.as_millis() {
        scene.write(1);
        most = most.max(scene.most_held());
    }
    most
}

/// The honest go on; Mallory is gone within two seconds, for this reason, and is not let in again.
fn is_cut_off(role: Role, attack: Attack, reason: &str) -> Scene {
    let mut scene = scene(role);
    let most = attacked(&mut scene, attack);
    assert!(most <= limits::SYNC_WINDOW + limits::SYNC_MESSAGE + limits::WAITING_SHARE);
    for page in scene.honest.clone() {
        let refused = refused(&scene.net.pages[page]);
        assert!(!scene.sees_mallory(page), "{attack:?} is still there: {refused:?}");
    }
    assert!(
        scene.count(reason) > 0,
        "{attack:?} was not counted as {reason}: {:?}",
        refused(&scene.net.pages[scene.honest[0]])
    );
    let quarantined = scene.count("quarantine");
    let mallory = scene.mallory;
    scene.net.handle(mallory, Input::Misbehave(None));
    scene.net.handle(mallory, Input::Reconnect);
    scene.net.settle();
    assert!(scene.honest.iter().all(|page| !scene.sees_mallory(*page)), "came in again");
    assert!(scene.count("quarantine") > quarantined);
    scene.write(4);
    scene
}

/// Letters that can't be made much smaller.
fn babble(length: usize) -> String {
    let mut state = 1u64;
    let noise = (0..length).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'A' + (state >> 40) as u8 % 14)
    });
    noise.collect()
}

/// All honest replicas have the same.
fn are_level(scene: &mut Scene) {
    scene.net.wait(Duration::from_secs(2));
    let digests: Vec<_> =
        scene.honest.iter().map(|page| scene.net.pages[*page].client.stats().digests).collect();
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}

#[test]
fn forgeries_end_the_connection() {
    for (attack, reason) in [
        (Attack::ForgeSeat, "signature"),
        (Attack::ForgeSignature, "signature"),
        (Attack::ForgeClient, "guard"),
        (Attack::Lamport, "causality"),
    ] {
        let mut scene = is_cut_off(Role::Participant, attack, reason);
        are_level(&mut scene);
    }
}

#[test]
fn floods_end_the_connection() {
    for (attack, reason) in [
        (Attack::FloodLive, "flood"),
        (Attack::FloodHellos, "unexpected"),
        (Attack::FloodRoster, "role"),
        (Attack::Giant, "window"),
        (Attack::Replay, "useless"),
        (Attack::Unresolvable, "window"),
    ] {
        let mut scene = is_cut_off(Role::Participant, attack, reason);
        are_level(&mut scene);
    }
}

#[test]
fn a_peer_that_writes_much_is_read_slowly_and_loses_nothing() {
    let mut scene = scene(Role::Participant);
    let mallory = scene.mallory;
    let paste = babble(4 << 20);
    scene.net.edit(mallory, 0, 0, &paste);
    let ada = scene.honest[0];
    let mut last = 0;
    for _ in 0..STAY.as_millis() / EDIT.as_millis() {
        scene.write(1);
        assert!(scene.most_held() <= limits::SYNC_WINDOW + limits::UPDATE_PART);
        let text = scene.net.pages[ada].client.text(&DocName::Code, CODE_FILE).unwrap();
        // One part of the paste may overshoot.
        let most = limits::VOLUME_BURST as usize + limits::UPDATE_PART;
        assert!(text.len() - last <= most, "what is beyond the budget waits");
        last = text.len();
    }
    assert_eq!(last, paste.len() + scene.text.len());
    assert!(scene.honest.iter().all(|page| scene.sees_mallory(*page)), "a paste is no offence");
}

#[test]
fn a_segment_counts_as_much_as_it_fills_in_memory() {
    let mut scene = scene(Role::Participant);
    let (ada, mallory) = (scene.honest[0], scene.mallory);
    // On the wire a tenth of this.
    scene.net.edit(mallory, 0, 0, &"TEN TIMES TEN WORDS ".repeat(300_000));
    scene.write(1);
    let text = scene.net.pages[ada].client.text(&DocName::Code, CODE_FILE).unwrap();
    assert!(text.len() <= limits::VOLUME_BURST as usize + limits::UPDATE_PART);
}

#[test]
fn a_peer_that_writes_without_end_and_does_not_wait_is_disconnected() {
    for attack in [Attack::FloodSegments, Attack::FloodPlain] {
        let mut scene = is_cut_off(Role::Participant, attack, "window");
        are_level(&mut scene);
    }
}

#[test]
fn a_viewer_who_goes_on_writing_or_speaking_is_cut_off() {
    for (attack, reason) in [(Attack::Write, "role"), (Attack::Say, "live")] {
        let mut scene = is_cut_off(Role::Viewer, attack, reason);
        are_level(&mut scene);
        for page in &scene.honest {
            let said = |event: &Event| matches!(event, Event::Said { .. });
            assert!(!scene.net.pages[*page].events.iter().any(said));
        }
        let ada = scene.honest[0];
        let text = scene.net.pages[ada].client.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(text, scene.text);
    }
}

#[test]
fn a_seat_with_two_histories_is_left_by_all_and_all_show_the_same() {
    let mut scene = scene(Role::Participant);
    scene.attack(Attack::Fork);
    // Each writes beside the branch that it has heard; that comes together once all are judged.
    for page in scene.honest.clone() {
        scene.net.edit(page, 0, 0, "o");
        scene.text.push('o');
    }
    scene.net.wait(2 * STAY);
    assert!(scene.honest.iter().all(|page| !scene.sees_mallory(*page)));
    assert!(scene.count("fork") > 0);
    scene.write(8);
    are_level(&mut scene);
    for page in scene.honest.clone() {
        let text = scene.net.pages[page].client.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(text, scene.text, "of who wrote several histories nothing counts");
        scene.net.reload(page);
    }
    are_level(&mut scene);
}

#[test]
fn an_update_that_yrs_fails_on_is_left_out_and_the_view_made_anew() {
    let mut scene = is_cut_off(Role::Participant, Attack::Poison, "apply");
    for page in scene.honest.clone() {
        let page = &mut scene.net.pages[page];
        let anew = |event: &Event| matches!(event, Event::Rejected { reason: "apply", .. });
        assert!(page.events.iter().any(anew));
        let text = page.client.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(text.replace("all well ", ""), scene.text);
        assert!(text.contains("all well "), "what came before stays");
    }
    // Whoever comes later gets both in one segment.
    let link = scene.net.invite(scene.honest[0], Role::Participant);
    let late = scene.net.join(6, "Late", &link);
    scene.honest.push(late);
    are_level(&mut scene);
    assert!(refused(&scene.net.pages[late]).contains_key("apply"));
}

#[test]
fn a_peer_that_reads_nothing_holds_up_nobody_and_is_left_in_the_end() {
    let mut scene = scene(Role::Participant);
    let held = attacked(&mut scene, Attack::Stall);
    assert_eq!(held, 0);
    let ada = scene.honest[0];
    for part in babble(1_000_000).as_bytes().chunks(250_000) {
        scene.net.edit(ada, 0, 0, core::str::from_utf8(part).unwrap());
    }
    scene.net.wait(Duration::from_secs(1));
    scene.write(4);
    scene.net.wait(Duration::from_secs(31));
    assert!(!scene.sees_mallory(ada));
    assert_eq!(refused(&scene.net.pages[ada]).get("stalled"), Some(&1));
}

#[test]
fn quarantine_ends() {
    let mut scene = is_cut_off(Role::Participant, Attack::FloodHellos, "unexpected");
    scene.net.wait(Duration::from_secs(600));
    let mallory = scene.mallory;
    scene.net.handle(mallory, Input::Reconnect);
    scene.net.wait(Duration::from_secs(1));
    assert!(scene.honest.iter().all(|page| scene.sees_mallory(*page)));
}

#[test]
fn a_member_in_quarantine_finds_no_way_in_by_another_seat() {
    let mut scene = is_cut_off(Role::Participant, Attack::FloodHellos, "unexpected");
    let mallory = scene.mallory;
    scene.net.reload(mallory);
    assert!(scene.honest.iter().all(|page| !scene.sees_mallory(*page)));
}

#[test]
fn of_one_members_seats_only_some_are_connected() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    let mut seats = Vec::new();
    for _ in 0..2 * limits::MEMBER_PEERS {
        let page = net.join(3, "Mallory", &link);
        seats.push(page);
        net.wait(Duration::from_millis(100));
    }
    let left = refused(&net.pages[ada]).get("seats").copied();
    assert_eq!(left, Some(limits::MEMBER_PEERS as u64));
    let newest = *seats.last().unwrap();
    net.edit(newest, 0, 0, "the newest is heard");
    net.wait(Duration::from_secs(2));
    for page in [ada, bo] {
        assert_eq!(net.text(page), "the newest is heard");
    }
}
