//! `basic_auth_users`: who may ask, and whether somebody is who they say.
//!
//! Nobody learns from the time that an answer takes whether a user exists: every check that fails costs the same,
//! which is what the most expensive hash in the file costs. A password that was right is remembered by a keyed hash, so
//! that a scrape every few seconds does not cost a bcrypt each.

use std::collections::HashMap;
use std::hint;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bcrypt::HashParts;
use indexmap::IndexMap;
use ring::{hmac, rand};

use crate::setting::Problem;

/// Costs that a hash may have. Beyond, a single check takes longer than any scrape waits.
const COSTS: Range<u32> = 4..19;

/// Behind version and cost: a salt and a hash that no password is known for.
const NOBODY: &str = ".....................................................";

/// What a client says of itself. Not `Debug`: it holds a password.
pub(super) struct Credentials {
    user: String,
    password: Vec<u8>,
}

impl Credentials {
    /// Reads the header `Authorization` (RFC 7617); none where it is of another kind or unreadable.
    pub(super) fn read(authorization: &[u8]) -> Option<Credentials> {
        let (scheme, encoded) = authorization.split_at_checked(6)?;
        if !scheme.eq_ignore_ascii_case(b"basic ") {
            return None;
        }
        let decoded = BASE64_STANDARD.decode(encoded.trim_ascii()).ok()?;
        let colon = decoded.iter().position(|byte| *byte == b':')?;
        let user = String::from_utf8(decoded[..colon].to_vec()).ok()?;
        Some(Credentials { user, password: decoded[colon + 1..].to_vec() })
    }
}

/// The users of a web file; at least one.
pub(super) struct Users {
    by_name: HashMap<String, User>,
    /// Whom names that nobody has are checked against.
    nobody: User,
    /// Highest cost of all hashes.
    highest: u32,
    /// For tags of passwords that were right. Random, so that a tag is worth nothing elsewhere.
    key: hmac::Key,
}

struct User {
    hash: String,
    cost: u32,
    /// Of the password that was right last.
    proven: Mutex<Option<hmac::Tag>>,
}

impl User {
    fn new(hash: String, cost: u32) -> User {
        User { hash, cost, proven: Mutex::new(None) }
    }
}

impl Users {
    /// None where there are no users, and so no passwords.
    pub(super) fn new(hashes: IndexMap<String, String>) -> Result<Option<Users>, Problem> {
        let users = hashes.into_iter().map(|(name, hash)| {
            let cost = cost(&name, &hash).map_err(|text| Problem::new(&name, text))?;
            Ok((name, User::new(hash, cost)))
        });
        let by_name = users.collect::<Result<HashMap<_, _>, Problem>>()?;
        let Some(highest) = by_name.values().map(|user| user.cost).max() else { return Ok(None) };
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &rand::SystemRandom::new())
            .map_err(|_| Problem::new("", "the system gives no random numbers, which passwords need; try again"))?;
        let nobody = User::new(format!("$2y${highest:02}${NOBODY}"), highest);
        Ok(Some(Users { by_name, nobody, highest, key }))
    }

    /// Whether this very password was right before. Quick.
    pub(super) fn remember(&self, credentials: &Credentials) -> bool {
        let user = self.user(&credentials.user);
        let proven = *user.proven.lock().unwrap_or_else(PoisonError::into_inner);
        // Compared in constant time, and computed whether there is something to compare with or not.
        let tagged = tagged(credentials);
        let tag = proven.unwrap_or_else(|| hmac::sign(&self.key, b""));
        hmac::verify(&self.key, &tagged, tag.as_ref()).is_ok()
    }

    /// Whether the password is right; remembers one that is. Takes as long as bcrypt takes, whoever it is: not for
    /// threads that serve.
    pub(super) fn check(&self, credentials: &Credentials) -> bool {
        let user = self.user(&credentials.user);
        let fits = bcrypt::verify(&credentials.password, &user.hash).unwrap_or(false);
        for cost in missing(user.cost, self.highest) {
            let _ = hint::black_box(bcrypt::hash_with_salt(&credentials.password, cost, [0; 16]));
        }
        let right = fits && self.by_name.contains_key(&credentials.user);
        if right {
            let tag = hmac::sign(&self.key, &tagged(credentials));
            *user.proven.lock().unwrap_or_else(PoisonError::into_inner) = Some(tag);
        }
        right
    }

    fn user(&self, name: &str) -> &User {
        self.by_name.get(name).unwrap_or(&self.nobody)
    }
}

/// What a tag stands for. A name has no colon, so no two credentials give the same.
fn tagged(credentials: &Credentials) -> Vec<u8> {
    [credentials.user.as_bytes(), b":", &credentials.password].concat()
}

/// Costs of the checks to do beside one of `cost`, so that all together cost as much as one of `highest`: a cost of one
/// more is twice the work.
fn missing(cost: u32, highest: u32) -> Range<u32> {
    cost..highest
}

/// The cost of a hash; what is wrong with it, without showing it.
fn cost(name: &str, hash: &str) -> Result<u32, String> {
    if name.contains(':') {
        return Err("nobody can send a name with a colon; choose another name".to_owned());
    }
    let known = ["$2a$", "$2b$", "$2y$"].iter().any(|version| hash.starts_with(version));
    let parts = hash.parse::<HashParts>().ok().filter(|_| known).ok_or(
        "is no bcrypt hash ($2y$, two digits of cost, 53 signs), and passwords are not taken as they are; \
         make one with: htpasswd -nBC 10 NAME",
    )?;
    let cost = parts.get_cost();
    if COSTS.contains(&cost) {
        return Ok(cost);
    }
    let (least, most) = (COSTS.start, COSTS.end - 1);
    Err(format!("has cost {cost}; make a hash with a cost from {least} to {most}, best 10 to 12"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(password: &str, cost: u32) -> String {
        bcrypt::hash(password, cost).unwrap()
    }

    fn users(hashes: &[(&str, String)]) -> Result<Option<Users>, Problem> {
        Users::new(hashes.iter().map(|(name, hash)| ((*name).to_owned(), hash.clone())).collect())
    }

    fn credentials(user: &str, password: &str) -> Credentials {
        Credentials { user: user.to_owned(), password: password.as_bytes().to_vec() }
    }

    #[test]
    fn only_the_own_password_is_right() {
        let users = users(&[("ana", hash("one", 4)), ("bo", hash("two", 5))]).unwrap().unwrap();
        for (user, password, right) in [
            ("ana", "one", true),
            ("bo", "two", true),
            ("ana", "two", false),
            ("ana", "", false),
            ("ana", "one\0", false),
            ("Ana", "one", false),
            ("nobody", "one", false),
            ("", "", false),
        ] {
            assert_eq!(users.check(&credentials(user, password)), right, "{user}");
        }
    }

    #[test]
    fn a_right_password_is_remembered_and_no_other() {
        let users = users(&[("ana", hash("one", 4)), ("bo", hash("one", 4))]).unwrap().unwrap();
        assert!(!users.remember(&credentials("ana", "one")));
        assert!(!users.check(&credentials("ana", "wrong")) && !users.remember(&credentials("ana", "wrong")));
        assert!(users.check(&credentials("ana", "one")) && users.remember(&credentials("ana", "one")));
        for (user, password) in
            [("ana", "wrong"), ("ana", ""), ("bo", "one"), ("nobody", "one"), ("nobody", ""), ("", "")]
        {
            assert!(!users.remember(&credentials(user, password)), "{user} {password}");
        }
    }

    #[test]
    fn every_check_costs_what_the_most_expensive_costs() {
        for (cost, highest) in [(4, 4), (4, 5), (10, 12), (4, 18)] {
            let work: u64 = missing(cost, highest).map(|cost| 1 << cost).sum();
            assert_eq!((1 << cost) + work, 1_u64 << highest, "{cost} of {highest}");
        }
        let users = users(&[("ana", hash("one", 4)), ("bo", hash("two", 6))]).unwrap().unwrap();
        // A check against nobody really is one: a hash that cannot be read would cost nothing.
        assert_eq!((users.nobody.cost, cost("nobody", &users.nobody.hash)), (6, Ok(6)));
        assert!(bcrypt::verify("", &users.nobody.hash).is_ok());
    }

    #[test]
    fn hashes_of_other_tools_are_read() {
        // The example of the format's documentation, and the same hash as other versions write it.
        let rest = "10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";
        for version in ["2a", "2b", "2y"] {
            assert_eq!(cost("ana", &format!("${version}${rest}")), Ok(10));
        }
    }

    #[test]
    fn what_is_no_hash_is_refused_and_not_shown() {
        let good = hash("one", 4);
        for wrong in
            ["secret", "", &good[1..], &good.replace("$2b$", "$2x$"), &good.replace("$2b$", "$1$"), "$2y$10$short"]
        {
            let problem = users(&[("ana", wrong.to_owned())]).err().unwrap().to_string();
            assert!(problem.starts_with("ana: is no bcrypt hash"), "{problem}");
            assert!(wrong.is_empty() || !problem.contains(wrong), "{problem}");
        }
        let dear = good.replace("$04$", "$19$");
        let problem = users(&[("ana", dear)]).err().unwrap().to_string();
        assert_eq!(problem, "ana: has cost 19; make a hash with a cost from 4 to 18, best 10 to 12");
        assert!(users(&[("a:b", good)]).err().unwrap().text.contains("colon"));
        assert!(users(&[]).unwrap().is_none());
    }

    #[test]
    fn headers_are_read_as_the_standard_says() {
        let read = |header: &str| {
            let credentials = Credentials::read(header.as_bytes())?;
            Some((credentials.user, String::from_utf8(credentials.password).unwrap()))
        };
        let of = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(read("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), of("Aladdin", "open sesame"));
        assert_eq!(read("basic  YTpiOmM="), of("a", "b:c"));
        assert_eq!(read("BASIC Og=="), of("", ""));
        for unreadable in
            ["", "Basic", "Basic ", "Basic YQ==", "Basic !", "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic /zph"]
        {
            assert_eq!(read(unreadable), None, "{unreadable}");
        }
    }
}
