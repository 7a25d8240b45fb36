//! Where to listen, and why it is not possible.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, lookup_host};

/// Why nothing can listen on an address.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BindError {
    #[error(
        "`{address}` is no address to listen on: write host:port such as 127.0.0.1:10094, or :10094 for all interfaces"
    )]
    Malformed { address: String },
    #[error("cannot listen on {address}: the host name cannot be resolved; write an IP address of this machine")]
    Unresolved {
        address: String,
        #[source]
        error: io::Error,
    },
    #[error(
        "cannot listen on {address}: another process already does; stop it, or set another port in web.listen_address"
    )]
    InUse { address: String },
    #[error(
        "cannot listen on {address}: not permitted; set a port of 1024 or above in web.listen_address, or grant the \
         process the capability CAP_NET_BIND_SERVICE"
    )]
    NotPermitted { address: String },
    #[error("cannot listen on {address}: no interface of this machine has that address; 127.0.0.1 is always there")]
    NotHere { address: String },
    #[error("cannot listen on {address}")]
    Other {
        address: String,
        #[source]
        error: io::Error,
    },
}

impl BindError {
    fn new(address: &str, error: io::Error) -> BindError {
        let address = address.to_owned();
        match error.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse { address },
            io::ErrorKind::PermissionDenied => BindError::NotPermitted { address },
            io::ErrorKind::AddrNotAvailable => BindError::NotHere { address },
            _ => BindError::Other { address, error },
        }
    }
}

/// Listens on `host:port`, or on all interfaces at `:port`. Port 0 takes a free one.
pub async fn bind(address: &str) -> Result<TcpListener, BindError> {
    let malformed = || BindError::Malformed { address: address.to_owned() };
    let (host, port) = address.rsplit_once(':').ok_or_else(malformed)?;
    let port: u16 = port.parse().map_err(|_| malformed())?;
    let candidates: Vec<SocketAddr> = if host.is_empty() {
        // Where there is no IPv6, the second is taken.
        vec![(Ipv6Addr::UNSPECIFIED, port).into(), (Ipv4Addr::UNSPECIFIED, port).into()]
    } else {
        let unresolved = |error| BindError::Unresolved { address: address.to_owned(), error };
        lookup_host(address).await.map_err(unresolved)?.collect()
    };
    TcpListener::bind(candidates.as_slice()).await.map_err(|error| BindError::new(address, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_is_host_and_port() {
        for address in ["127.0.0.1:0", "localhost:0", ":0"] {
            assert_ne!(bind(address).await.unwrap().local_addr().unwrap().port(), 0, "{address}");
        }
        for address in ["", "10094", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "http://x"] {
            let error = bind(address).await.unwrap_err();
            assert!(matches!(error, BindError::Malformed { .. }), "{address}: {error}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_said_to_be_taken() {
        let first = bind("127.0.0.1:0").await.unwrap();
        let address = first.local_addr().unwrap().to_string();
        let said = bind(&address).await.unwrap_err().to_string();
        let expected = format!(
            "cannot listen on {address}: another process already does; stop it, or set another port in web.listen_address"
        );
        assert_eq!(said, expected);
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_refused() {
        // 192.0.2.0/24 is for documentation: no machine has it.
        assert!(matches!(bind("192.0.2.1:0").await, Err(BindError::NotHere { .. })));
    }

    #[test]
    fn a_refusal_by_the_system_names_the_remedy() {
        let error = BindError::new("127.0.0.1:80", io::ErrorKind::PermissionDenied.into());
        assert!(error.to_string().contains("CAP_NET_BIND_SERVICE"));
    }
}
