//! Acts of the roster by newcomers and members without rights: nobody gets more than was given.

use covey_rooms::capability::{Role, Terms, link_key};
use covey_rooms::identity::Signed;
use covey_rooms::ledger::{Body, Entry, Ledger};
use covey_rooms::roster::{Claim, Genesis, Right, RosterAct};
use covey_wire::frame::Wire;
use covey_wire::id::{Hash, Head, SeatId};

use super::ledger::Attacked;
use super::{canonical, link};
use crate::corpus;
use crate::forge::{self, End, Person, is_accepted, room};
use crate::mutation::mutate;
use crate::rng::Rng;

/// The number of the stranger who wants in.
const STRANGER: u8 = 50;

/// One case: a stranger wants in by a chain that may be forged, others admit it, and it enters by
/// what it makes of that.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let given = given(rng);
    let mut attacked = Attacked::new(rng);
    let claim = claim(rng, given);
    let mut known = Vec::new();
    if rng.one_in(3) {
        let (bytes, _) = entrance(rng, &known);
        let entered = is_accepted(attacked.offer(&bytes));
        assert!(!entered, "a stranger is in the log");
    }
    for admitter in [Person::Vera, Person::Mallory] {
        let (bytes, end) = admission(rng, admitter, &claim);
        if is_accepted(attacked.offer(&bytes)) {
            known.push(end);
        }
    }
    let mut bytes = entrance(rng, &known).0;
    attacked.offer(&bytes);
    // The same seat enters once more, and differently.
    if rng.one_in(4) {
        bytes = entrance(rng, &known).0;
        attacked.offer(&bytes);
    }
    nobody_rose(&attacked.end(rng), &given);
}

/// What the owner's link gives.
fn given(rng: &mut Rng) -> Terms {
    let role = *rng.pick(&[Role::Viewer, Role::Participant]);
    Terms { role, ..link::terms(rng) }
}

/// Who was let in by members of the rank of participants has at most what the owner gave.
fn nobody_rose(ledger: &Ledger, given: &Terms) {
    let owner = Person::Owner.member().id();
    let settled = [Person::Ben, Person::Vera, Person::Mallory].map(|p| p.member().id());
    for member in ledger.roster().members().into_iter().filter(|member| *member != owner) {
        let standing = ledger.standing(member);
        let role = standing.map(|standing| standing.role);
        assert!(role <= Some(Role::Participant), "someone became {role:?}");
        if !settled.contains(&member) {
            assert!(role <= Some(given.role), "{:?} was given, {role:?} taken", given.role);
            assert!(!given.approval, "let in without approval");
            // On the wire no uses are as many as anybody likes.
            assert!(given.uses.unwrap_or(0) == 0, "let in by who can't count");
            let tools = standing.map(|standing| standing.tools(Role::Viewer));
            assert!(tools.is_none_or(|tools| given.tools.include(tools)), "more tools than given");
        }
    }
    let role = |person: Person| ledger.standing(person.member().id()).map(|s| s.role);
    assert_eq!(role(Person::Owner), Some(Role::Owner));
    assert!(role(Person::Ben) >= Some(Role::Participant), "Ben lost his role");
}

/// A stranger's first entry, behind what is `known` of its admission.
fn entrance(rng: &mut Rng, known: &[(Head, u64)]) -> (Vec<u8>, Vec<u8>) {
    let member = forge::member(STRANGER);
    let right = match rng.below(8) {
        0 => {
            let (owner, exchange) = (member.id(), member.exchange());
            let genesis = Genesis { owner, exchange, epoch: room().epoch };
            let signed = Signed::sign(genesis, &room().id.0, member.signer());
            Right::Founder(Box::new(signed))
        }
        _ => Right::Member,
    };
    let seat = if rng.one_in(12) { SeatId(rng.array()) } else { forge::seat(STRANGER).id() };
    let act = RosterAct::enter(room().id, &member, seat, right);
    let mut deps: Vec<Head> = known.iter().map(|(head, _)| *head).collect();
    if rng.one_in(8) {
        deps.pop();
    }
    deps.sort();
    let latest = known.iter().filter(|(head, _)| deps.contains(head)).map(|(_, at)| *at).max();
    let lamport = if rng.one_in(12) { rng.edge() } else { latest.unwrap_or(0) + 1 };
    let mut entry = Entry { lamport, deps, body: Body::Roster(act) }.to_bytes();
    if rng.one_in(4) {
        let other = corpus::vectors("entry-enter").swap_remove(0);
        mutate(rng, &mut entry, &other);
    }
    canonical::read::<Entry>(&entry);
    let signed = room().sign(&forge::seat(STRANGER), 1, Hash([0; 32]), vec![entry.clone()]);
    (signed.to_bytes(), entry)
}

/// A claim whose signatures hold, by a chain of the owner's or of someone who gives what is not
/// hers to give.
fn claim(rng: &mut Rng, given: Terms) -> Signed<Claim> {
    let (anchor, first) = match rng.below(4) {
        0 => (*rng.pick(&[Person::Mallory, Person::Vera]), Terms::new(Role::Owner)),
        _ => (Person::Owner, given),
    };
    let anchor = anchor.member();
    let (chain, secret) = link::chain(rng, room().id, anchor.signer(), first);
    let whose = if rng.one_in(12) { Person::Vera.member() } else { forge::member(STRANGER) };
    let mut bytes =
        Claim { member: whose.id(), exchange: whose.exchange(), chain: chain.clone() }.to_bytes();
    if rng.one_in(4) {
        mutate(rng, &mut bytes, &chain.to_bytes());
    }
    let honest = Claim { member: whose.id(), exchange: whose.exchange(), chain };
    let statement = canonical::read::<Claim>(&bytes).unwrap_or(honest);
    let key = if rng.one_in(12) { link::secret(rng) } else { secret };
    Signed::sign(statement, &room().id.0, &link_key(&key))
}

/// A segment of a member without the right to let everyone in, and where its chain ends behind it.
fn admission(rng: &mut Rng, admitter: Person, claim: &Signed<Claim>) -> (Vec<u8>, (Head, u64)) {
    let End { seq, hash, lamport } = room().end(admitter);
    let owner = room().end(Person::Owner);
    let mut deps = Vec::new();
    // Vera entered before the owner's last.
    if !room().knows_owner(admitter) {
        deps.push(room().head(Person::Owner));
    }
    let lamport = lamport.max(if deps.is_empty() { 0 } else { owner.lamport }) + 1;
    let act = RosterAct::Admit(Box::new(claim.clone()));
    let entry = Entry { lamport, deps, body: Body::Roster(act) };
    let mut bytes = entry.to_bytes();
    if rng.one_in(12) {
        mutate(rng, &mut bytes, &claim.to_bytes());
    }
    canonical::read::<Entry>(&bytes);
    let segment = room().sign(&admitter.seat(), seq + 1, hash, vec![bytes]);
    let end = segment.hashes(room().id).pop().unwrap_or(hash);
    let head = Head { seat: segment.seat, seq: segment.last(), hash: end.short() };
    (segment.to_bytes(), (head, lamport))
}
