//! Signed assertions (JWT, RFC 7519 and 7523) with RS256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::json;

use crate::domain::Timestamp;
use crate::http::Secret;

/// How long an assertion is good, in seconds. Some CRMs take no longer ones.
const GOOD_FOR: i64 = 180;

/// The key that assertions are signed with.
pub(super) struct SigningKey(RsaKeyPair);

impl SigningKey {
    /// Reads a key that is written as PEM, PKCS#8 or PKCS#1. An error says what to do.
    pub(super) fn from_pem(pem: &Secret) -> Result<SigningKey, String> {
        let form = "write an RSA key as PEM, which begins with -----BEGIN PRIVATE KEY-----";
        let key = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes())
            .map_err(|error| format!("is no private key ({error}); {form}"))?;
        let pair = match &key {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(format!("is a key of another kind; {form}")),
        };
        pair.map(SigningKey).map_err(|error| format!("cannot be used ({error}); {form}, of 2048 bits at least"))
    }

    /// An assertion from `now` on, for a few minutes.
    pub(super) fn assertion(
        &self,
        issuer: &str,
        subject: &str,
        audience: &str,
        now: Timestamp,
    ) -> Result<Secret, String> {
        let now = now.0.div_euclid(1000);
        let header = json!({"alg": "RS256", "typ": "JWT"});
        let claims = json!({"iss": issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + GOOD_FOR});
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| "signing has failed".to_owned())?;
        Ok(Secret::new(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }

    #[cfg(test)]
    fn public_key(&self) -> &[u8] {
        use ring::signature::KeyPair as _;
        self.0.public_key().as_ref()
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    /// Made for these tests alone, once as PKCS#8 and once as PKCS#1.
    const PKCS8: &str = include_str!("testdata/rsa_pkcs8.pem");
    const PKCS1: &str = include_str!("testdata/rsa_pkcs1.pem");

    #[test]
    fn assertions_say_who_asks_until_when_and_are_signed() {
        let key = SigningKey::from_pem(&Secret::new(PKCS8)).unwrap();
        let now: Timestamp = "2026-11-21T17:00:00Z".parse().unwrap();
        let assertion = key.assertion("app", "ana@example.com", "https://login.example.com", now).unwrap();
        let parts: Vec<&str> = assertion.expose().split('.').collect();
        let text = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        assert_eq!(text(parts[0]), r#"{"alg":"RS256","typ":"JWT"}"#);
        assert_eq!(
            text(parts[1]),
            r#"{"iss":"app","sub":"ana@example.com","aud":"https://login.example.com","iat":1795280400,"exp":1795280580}"#
        );
        let signed = format!("{}.{}", parts[0], parts[1]);
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key());
        assert!(public.verify(signed.as_bytes(), &signature).is_ok());
        assert!(public.verify(b"something else", &signature).is_err());
    }

    #[test]
    fn both_forms_of_a_key_are_read() {
        let [one, other] = [PKCS8, PKCS1].map(|pem| SigningKey::from_pem(&Secret::new(pem)).unwrap());
        assert_eq!(one.public_key(), other.public_key());
    }

    #[test]
    fn what_is_no_key_is_told_without_showing_it() {
        let truncated = PKCS8.replacen('A', "", 40);
        for pem in ["token-and-no-key", &truncated] {
            let error = SigningKey::from_pem(&Secret::new(pem)).err().unwrap();
            assert!(error.contains("write an RSA key as PEM"), "{error}");
            assert!(!error.contains("token-and-no-key"), "{error}");
        }
    }
}
