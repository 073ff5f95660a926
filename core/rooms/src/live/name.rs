//! Names of people, rooms and whatever else is shown beside what others wrote: nothing in them is
//! invisible, turns the direction of what follows, or climbs out of its line.

use covey_wire::limits;

/// Marks above and below one letter: Vietnamese has two, and a heap of them covers other lines.
const MARKS: u32 = 2;

/// A name as it may be shown and sent, maybe an empty one: without characters that can't be seen or
/// that turn the direction, blanks of whatever kind as one space, not too long.
///
/// A joiner stays between two emoji only, and a variation selector behind one. Elsewhere, as in
/// Persian, joiners do change letters, but far oftener two names that look the same differ by one.
pub fn clean_name(name: &str) -> String {
    cleaned(name, limits::NAME)
}

/// The same for the title of a room.
pub fn clean_title(title: &str) -> String {
    cleaned(title, limits::TITLE)
}

fn cleaned(name: &str, most: usize) -> String {
    let mut clean = String::new();
    let mut letters = name.chars().map(|c| if is_blank(c) { ' ' } else { c }).peekable();
    let mut last = ' ';
    let mut marks = MARKS;
    while let Some(letter) = letters.next() {
        let keeps = match letter {
            ' ' => last != ' ',
            SELECTOR => is_emoji(last),
            JOINER => {
                (is_emoji(last) || last == SELECTOR)
                    && letters.peek().copied().is_some_and(is_emoji)
            }
            mark if is_mark(mark) => marks < MARKS,
            other => !is_unseen(other),
        };
        if !keeps {
            continue;
        }
        if clean.len() + letter.len_utf8() > most {
            break;
        }
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        // A mark on a blank would stand on what is before the name.
        if letter == ' ' {
            marks = MARKS;
        }
        clean.push(letter);
        last = letter;
    }
    clean.truncate(clean.trim_end_matches([' ', JOINER]).len());
    clean
}

const JOINER: char = '\u{200d}';
/// Asks for an emoji in colours.
const SELECTOR: char = '\u{fe0f}';

/// White space, and what is drawn as blank without being white space.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{115f}'
                | '\u{1160}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{ffa0}'
                | '\u{13441}'
                | '\u{13442}'
                | '\u{1d159}'
        )
}

/// Control and format characters and everything else that Unicode calls ignorable by default:
/// zero-width, direction, tags, selectors, also those not assigned yet.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffc}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks that are made to stand on any letter.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{34e}' | '\u{350}'..='\u{36f}' | '\u{483}'..='\u{489}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// The blocks in which emoji are.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lines of two fields in quotes: what comes in, what is left. The page's tests read them too.
    const TABLE: &str = include_str!("../../../../tests/vectors/names.txt");

    #[test]
    fn names_are_cleaned_as_the_table_says() {
        let mut lines = 0;
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (name, clean) = line.split_once(" -> ").expect("two fields");
            assert_eq!(clean_name(&unescaped(name)), unescaped(clean), "{line}");
            lines += 1;
        }
        assert!(lines > 30, "{lines} lines");
    }

    /// `\u{…}` as Rust and JavaScript have it.
    fn unescaped(text: &str) -> String {
        let mut parts = text.split("\\u{");
        let mut plain = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (code, rest) = part.split_once('}').expect("an escape has an end");
            let code = u32::from_str_radix(code, 16).expect("an escape is hexadecimal");
            plain.push(char::from_u32(code).expect("an escape is a character"));
            plain.push_str(rest);
        }
        plain
    }

    #[test]
    fn names_are_cut_at_whole_letters() {
        let name = clean_name(&format!(" {}\u{7}", "é".repeat(limits::NAME)));
        assert_eq!(name, "é".repeat(limits::NAME / 2));
        let title = clean_title(&"é".repeat(limits::TITLE));
        assert_eq!(title, "é".repeat(limits::TITLE / 2));
    }

    #[test]
    fn a_cut_leaves_no_blank_and_no_joiner_at_the_end() {
        let woman = "👩\u{200d}";
        for pad in 0..8 {
            let name = clean_name(&format!("{}{}", "x".repeat(pad), woman.repeat(100)));
            assert!(name.ends_with('👩'), "{name:?}");
            let name = clean_name(&format!("{}{}", "x".repeat(pad), "y ".repeat(300)));
            assert!(name.ends_with('y'), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_clean_name_stays_as_it_is(name in "[a\u{e9}\u{301}\u{200d}\u{fe0f}\u{202e}\u{3164} 👩🙂\\PC]{0,60}") {
            let clean = clean_name(&name);
            prop_assert!(clean.len() <= limits::NAME);
            prop_assert_eq!(clean_name(&clean), clean);
        }
    }
}
