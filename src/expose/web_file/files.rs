//! The files that belong to a web file: read, and looked at for changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::setting::Problem;

/// Reads what a web file names, and remembers which files that were.
pub(super) struct Files {
    directory: PathBuf,
    seen: Vec<SeenFile>,
}

impl Files {
    /// Files beside `web_file`, which is one of them.
    pub(super) fn of(web_file: &Path) -> Files {
        let directory = web_file.parent().map(Path::to_path_buf).unwrap_or_default();
        Files { directory, seen: vec![SeenFile::new(web_file.to_owned())] }
    }

    /// All that have been asked for, whether they could be read or not, as they were before.
    pub(super) fn seen(self) -> Vec<SeenFile> {
        self.seen
    }

    /// PEM text that is written in the web file under `key` or in a file of its own, named under `key` and `_file`; with
    /// the key where it was found. None where there is neither.
    pub(super) fn pem(
        &mut self,
        key: &str,
        inline: Option<&str>,
        file: Option<&Path>,
    ) -> Result<Option<(String, Vec<u8>)>, Problem> {
        let file_key = format!("{key}_file");
        match (inline, file) {
            (None, None) => Ok(None),
            (Some(text), None) => Ok(Some((key.to_owned(), text.as_bytes().to_vec()))),
            (Some(_), Some(_)) => Err(Problem::new(file_key, format!("`{key}` is set too; leave out one of them"))),
            (None, Some(file)) => {
                let path = self.directory.join(file);
                self.seen.push(SeenFile::new(path.clone()));
                let bytes = fs::read(&path).map_err(|error| {
                    let path = path.display();
                    Problem::new(&file_key, format!("cannot read {path}: {error}; name a file that this user may read"))
                });
                Ok(Some((file_key, bytes?)))
            }
        }
    }
}

/// The certificates in a PEM text; at least one.
pub(super) fn certificates(key: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Problem::new(key, "holds no certificate; write one in PEM, from -----BEGIN CERTIFICATE----- on")),
    }
}

/// The private key in a PEM text.
pub(super) fn private_key(key: &str, pem: &[u8]) -> Result<PrivateKeyDer<'static>, Problem> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
        Problem::new(
            key,
            "holds no private key that can be read; write one in PEM (PKCS#8, PKCS#1 or SEC1) without a passphrase",
        )
    })
}

/// A file as it was seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenFile {
    path: PathBuf,
    /// When it was written and how long it was; none where it was not there.
    look: Option<(SystemTime, u64)>,
}

impl SeenFile {
    /// The file as it is.
    fn new(path: PathBuf) -> SeenFile {
        let metadata = fs::metadata(&path).ok();
        let look = metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        SeenFile { path, look }
    }

    /// The same file as it is now.
    pub(super) fn again(&self) -> SeenFile {
        SeenFile::new(self.path.clone())
    }
}
