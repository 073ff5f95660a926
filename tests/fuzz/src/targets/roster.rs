//! Acts of the roster by newcomers and members without rights: nobody gets more than was given.

use covey_core::capability::{Role, Terms};
use covey_core::frame::Wire;
use covey_core::id::{Hash, SeatId};
use covey_core::identity::Signed;
use covey_core::ledger::{Body, Entry, Ledger, Offer};
use covey_core::roster::{Claim, Genesis, Right, RosterAct, claim_hash};
use ed25519_dalek::SigningKey;

use super::ledger::Attacked;
use super::{canonical, link};
use crate::corpus;
use crate::forge::{self, End, Person, room};
use crate::mutation::mutate;
use crate::rng::Rng;

/// The number of the stranger who wants in.
const STRANGER: u8 = 50;

/// One case: a stranger enters by a chain that may be forged, and others admit it.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let given = given(rng);
    let mut attacked = Attacked::new(rng.one_in(2));
    let (entrance, claim) = entrance(rng, given);
    let bytes = room().sign(&forge::seat(STRANGER), 1, Hash([0; 32]), vec![entrance.clone()]);
    canonical::read::<Entry>(&entrance);
    let entered = attacked.offer(&bytes.to_bytes()) == Offer::Accepted;
    for admitter in [Person::Vera, Person::Mallory] {
        let bytes = admission(rng, admitter, claim, entered);
        attacked.offer(&bytes);
    }
    nobody_rose(&attacked.end(), &given);
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
        let role = ledger.standing(member).map(|standing| standing.role);
        assert!(role <= Some(Role::Participant), "someone became {role:?}");
        if !settled.contains(&member) {
            assert!(role <= Some(given.role), "{:?} was given, {role:?} taken", given.role);
            assert!(!given.approval, "let in without approval");
        }
    }
    let role = |person: Person| ledger.standing(person.member().id()).map(|s| s.role);
    assert_eq!(role(Person::Owner), Some(Role::Owner));
    assert!(role(Person::Ben) >= Some(Role::Participant), "Ben lost his role");
}

/// A stranger's first entry, and the hash of the claim in it.
fn entrance(rng: &mut Rng, given: Terms) -> (Vec<u8>, Hash) {
    let (claim, hash) = claim(rng, given);
    let member = forge::member(STRANGER);
    let right = match rng.below(8) {
        0 => Right::Member,
        1 => {
            let genesis = Genesis { owner: member.id(), exchange: member.exchange() };
            let signed = Signed::sign(genesis, &room().id.0, member.signer());
            Right::Founder(Box::new(signed))
        }
        _ => Right::Claim(Box::new(claim)),
    };
    let seat = if rng.one_in(12) { SeatId(rng.array()) } else { forge::seat(STRANGER).id() };
    let act = RosterAct::enter(room().id, &member, seat, right);
    let lamport = if rng.one_in(12) { rng.edge() } else { 1 };
    let mut bytes = Entry { lamport, deps: Vec::new(), body: Body::Roster(act) }.to_bytes();
    if rng.one_in(4) {
        let other = corpus::vectors("entry-enter").swap_remove(0);
        mutate(rng, &mut bytes, &other);
    }
    (bytes, hash)
}

/// A claim whose signatures hold, by a chain of the owner's or of someone who gives what is not
/// hers to give.
fn claim(rng: &mut Rng, given: Terms) -> (Signed<Claim>, Hash) {
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
    let key = if rng.one_in(12) { rng.array() } else { secret };
    let signed = Signed::sign(statement, &room().id.0, &SigningKey::from_bytes(&key));
    let hash = claim_hash(&signed);
    (signed, hash)
}

/// A segment of a member without the right to let everyone in.
fn admission(rng: &mut Rng, admitter: Person, claim: Hash, entered: bool) -> Vec<u8> {
    let End { seq, hash, lamport } = room().end(admitter);
    let owner = room().end(Person::Owner);
    let mut deps = vec![(Person::Owner.seat().id(), owner.seq)];
    if entered && !rng.one_in(12) {
        deps.push((forge::seat(STRANGER).id(), 1));
    }
    deps.sort();
    let lamport = lamport.max(owner.lamport) + 1;
    let entry = Entry { lamport, deps, body: Body::Roster(RosterAct::Admit(claim)) };
    let mut bytes = entry.to_bytes();
    if rng.one_in(12) {
        mutate(rng, &mut bytes, &claim.0);
    }
    room().sign(&admitter.seat(), seq + 1, hash, vec![bytes]).to_bytes()
}
