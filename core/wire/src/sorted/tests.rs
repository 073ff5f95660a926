use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Insert(u16, u8),
    Default(u16),
    Remove(u16),
    Keep(u8),
    Ask(u16),
    InOrder(u16, u16),
}

fn act() -> impl Strategy<Value = Act> {
    let key = 0..600_u16;
    prop_oneof![
        8 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Insert(key, value)),
        2 => key.clone().prop_map(Act::Default),
        6 => key.clone().prop_map(Act::Remove),
        1 => (1..20_u8).prop_map(Act::Keep),
        4 => key.clone().prop_map(Act::Ask),
        2 => (key, 1..200_u16).prop_map(|(first, many)| Act::InOrder(first, many)),
    ]
}

fn is_sound(map: &SortedMap<u16, u8>) {
    assert!(map.parts.iter().all(|part| !part.is_empty() && part.len() <= PART));
    assert_eq!(map.len(), map.parts.iter().map(Vec::len).sum::<usize>());
}

proptest! {
    #[test]
    fn it_answers_as_a_tree_does(acts in proptest::collection::vec(act(), 0..300)) {
        let mut map = SortedMap::new();
        let mut tree = BTreeMap::new();
        for act in acts {
            match act {
                Act::Insert(key, value) => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                Act::Default(key) => prop_assert_eq!(map.or_default(key), tree.entry(key).or_default()),
                Act::Remove(key) => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                Act::Keep(of) => {
                    map.retain(|key, value| (key + u16::from(*value)) % u16::from(of) != 0);
                    tree.retain(|key, value| (*key + u16::from(*value)) % u16::from(of) != 0);
                }
                Act::Ask(key) => {
                    prop_assert_eq!(map.get(&key), tree.get(&key));
                    prop_assert_eq!(map.get_mut(&key), tree.get_mut(&key));
                    prop_assert_eq!(map.contains_key(&key), tree.contains_key(&key));
                    prop_assert!(map.iter_from(&key).eq(tree.range(key..)));
                    prop_assert_eq!(map.last_before(&key), tree.range(..key).next_back());
                }
                Act::InOrder(first, many) => {
                    let entries = (first..first + many).map(|key| (key, 7));
                    map.extend(entries.clone());
                    tree.extend(entries);
                }
            }
            is_sound(&map);
            prop_assert!(map.iter().eq(tree.iter()));
        }
        prop_assert!(map.keys().eq(tree.keys()) && map.values().eq(tree.values()));
        prop_assert_eq!(map.is_empty(), tree.is_empty());
        prop_assert_eq!(&map, &tree.iter().map(|(key, value)| (*key, *value)).collect());
        prop_assert!(map.clone().into_iter().eq(tree));
        map.clear();
        prop_assert!(map.is_empty() && map.iter().next().is_none());
    }
}

#[test]
fn what_comes_in_order_fills_each_part() {
    let map: SortedMap<usize, ()> = (0..10 * PART).map(|key| (key, ())).collect();
    assert_eq!(map.parts.len(), 10);
}

#[test]
fn a_set_has_an_element_once() {
    let mut set: SortedSet<&str> = ["b", "a", "b"].into_iter().collect();
    assert!(set.iter().eq(&["a", "b"]) && set.len() == 2);
    assert!(set.insert("c") && !set.insert("c"));
    assert!(set.remove("a") && !set.remove("a") && !set.contains("a"));
    assert!(set.iter_from(&"bb").eq(&["c"]));
    assert_eq!(set.last_before(&"c"), Some(&"b"));
    assert!(set.clone().into_iter().eq(["b", "c"]) && !set.is_empty());
    set.clear();
    assert_eq!(set, SortedSet::new());
}
