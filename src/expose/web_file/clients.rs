//! Certificates of clients: which are asked for, and which are taken.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};

use super::files;
use super::format::{ClientAuth, Tls};
use crate::setting::Problem;

/// What a certificate may be used for: to show who a client is, or for anything.
const CLIENT_USES: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"), ObjectIdentifier::new_unwrap("2.5.29.37.0")];

/// Judges certificates of clients. That a client owns the key of its certificate is verified for every kind.
#[derive(Debug)]
struct Clients {
    mandatory: bool,
    /// Whom certificates must come from; none: from anybody.
    issuers: Option<Issuers>,
    /// One of these names must be in the certificate; empty: any may be.
    names: Vec<String>,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
struct Issuers {
    certificates: Vec<CertificateDer<'static>>,
    verifier: Arc<dyn ClientCertVerifier>,
}

/// Who judges certificates as `tls` says, whose `client_ca` is the PEM text `ca` with the key where it was found.
pub(super) fn verifier(
    tls: &Tls,
    ca: Option<(String, Vec<u8>)>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, Problem> {
    let kind = tls.client_auth_type.unwrap_or(ClientAuth::NoClientCert);
    let verifies = matches!(kind, ClientAuth::VerifyClientCertIfGiven | ClientAuth::RequireAndVerifyClientCert);
    let mandatory = matches!(kind, ClientAuth::RequireAnyClientCert | ClientAuth::RequireAndVerifyClientCert);
    if kind == ClientAuth::NoClientCert {
        let useless =
            ca.map(|(key, _)| key).or((!tls.client_allowed_sans.is_empty()).then(|| "client_allowed_sans".to_owned()));
        return match useless {
            Some(key) => Err(Problem::new(
                key,
                "does nothing without certificates of clients; set client_auth_type: RequireAndVerifyClientCert",
            )),
            None => Ok(WebPkiClientVerifier::no_client_auth()),
        };
    }
    let issuers = match ca {
        Some((key, pem)) if verifies => Some(issuers(&key, &pem, provider)?),
        Some((key, _)) => {
            return Err(Problem::new(
                key,
                format!("is not looked at with client_auth_type: {kind:?}; set RequireAndVerifyClientCert"),
            ));
        }
        None if verifies => {
            let text =
                format!("{kind:?} needs client_ca_file: the certificates of those who issue certificates to clients");
            return Err(Problem::new("client_auth_type", text));
        }
        None => None,
    };
    let algorithms = provider.signature_verification_algorithms;
    Ok(Arc::new(Clients { mandatory, issuers, names: tls.client_allowed_sans.clone(), algorithms }))
}

fn issuers(key: &str, pem: &[u8], provider: &Arc<CryptoProvider>) -> Result<Issuers, Problem> {
    let certificates = files::certificates(key, pem)?;
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        let unreadable = |error| Problem::new(key, format!("holds a certificate that cannot be read: {error}"));
        roots.add(certificate.clone()).map_err(unreadable)?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build();
    let verifier = verifier.map_err(|error| Problem::new(key, error.to_string()))?;
    Ok(Issuers { certificates, verifier })
}

impl ClientCertVerifier for Clients {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.issuers.as_ref().map_or(&[], |issuers| issuers.verifier.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if let Some(issuers) = &self.issuers {
            if issuers.certificates.contains(certificate) {
                trusted_itself(certificate, now)?;
            } else {
                issuers.verifier.verify_client_cert(certificate, intermediates, now)?;
            }
        }
        if !self.names.is_empty() && !has_one_of(&parsed(certificate)?, &self.names) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn parsed(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::from_der(certificate).map_err(|_| CertificateError::BadEncoding.into())
}

/// A certificate that is listed itself needs no issuer, such as one that somebody has signed by its own key; the usual
/// verification refuses those that may issue others. It must still be valid, and meant for clients.
fn trusted_itself(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let certificate = parsed(certificate)?;
    let validity = certificate.tbs_certificate().validity();
    if now.as_secs() < validity.not_before.to_unix_duration().as_secs() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now.as_secs() > validity.not_after.to_unix_duration().as_secs() {
        return Err(CertificateError::Expired.into());
    }
    let uses = certificate.tbs_certificate().get_extension::<ExtendedKeyUsage>();
    let uses = uses.map_err(|_| CertificateError::BadEncoding)?;
    match uses {
        Some((_, uses)) if !uses.0.iter().any(|used| CLIENT_USES.contains(used)) => {
            Err(CertificateError::InvalidPurpose.into())
        }
        _ => Ok(()),
    }
}

/// Whether one of the certificate's alternative names (DNS name, address, e-mail, URI) is one of `names`, to the letter.
fn has_one_of(certificate: &Certificate, names: &[String]) -> bool {
    let Ok(Some((_, alternatives))) = certificate.tbs_certificate().get_extension::<SubjectAltName>() else {
        return false;
    };
    let is_allowed = |text: &str| names.iter().any(|name| name == text);
    alternatives.0.iter().any(|alternative| match alternative {
        GeneralName::DnsName(text) | GeneralName::Rfc822Name(text) | GeneralName::UniformResourceIdentifier(text) => {
            is_allowed(text.as_ref())
        }
        GeneralName::IpAddress(octets) => {
            address(octets.as_bytes()).is_some_and(|address| is_allowed(&address.to_string()))
        }
        _ => false,
    })
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}
