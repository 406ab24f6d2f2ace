//! All rules, in the order they run in.

use crate::rule::Rule;
use crate::rules::*;

/// Every rule of this crate: documentation for people, and what [`crate::validate`] runs.
pub static CATALOGUE: &[&Rule] = &[
    &ice02::RULE,
    &ice03::RULE,
    &ice04::RULE,
    &ice05::RULE,
    &ice08::RULE,
    &ice09::RULE,
    &ice12::RULE,
    &ice14::RULE,
    &ice15::RULE,
    &ice16::RULE,
    &ice17::RULE,
    &ice18::RULE,
    &ice20::RULE,
    &ice21::RULE,
    &ice23::RULE,
    &ice24::RULE,
    &ice26::RULE,
    &ice27::RULE,
    &ice29::RULE,
    &ice30::RULE,
    &ice31::RULE,
    &ice34::RULE,
    &ice36::RULE,
    &ice38::RULE,
    &ice40::RULE,
    &ice43::RULE,
    &ice45::RULE,
    &ice46::RULE,
    &ice48::RULE,
    &ice50::RULE,
    &ice54::RULE,
    &ice55::RULE,
    &ice56::RULE,
    &ice57::RULE,
    &ice60::RULE,
    &ice61::RULE,
    &ice63::RULE,
    &ice64::RULE,
    &ice66::RULE,
    &ice68::RULE,
    &ice69::RULE,
    &ice71::RULE,
    &ice72::RULE,
    &ice74::RULE,
    &ice75::RULE,
    &ice77::RULE,
    &ice78::RULE,
    &ice79::RULE,
    &ice80::RULE,
    &ice82::RULE,
    &ice84::RULE,
    &ice86::RULE,
    &ice87::RULE,
    &ice91::RULE,
    &ice92::RULE,
    &ice93::RULE,
    &ice96::RULE,
    &ice99::RULE,
    &ice101::RULE,
    &ice102::RULE,
    &ice104::RULE,
    &sec01::RULE,
    &sec02::RULE,
    &sec03::RULE,
    &sec04::RULE,
    &sec05::RULE,
    &sec06::RULE,
    &sec07::RULE,
    &sec08::RULE,
    &sec09::RULE,
    &sec10::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_documented_once() {
        let number = |id: &'static str| (&id[..3], id[3..].parse::<u32>().expect("an id ends with a number"));
        for pair in CATALOGUE.windows(2) {
            assert!(number(pair[0].id) < number(pair[1].id), "{} before {}", pair[0].id, pair[1].id);
        }
        for rule in CATALOGUE {
            assert!(rule.what.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
            assert!(rule.source.starts_with("https://"), "{}", rule.id);
        }
    }
}
