//! Tokens that do not change by themselves, and where secrets are read from.

use std::fs;

use super::*;

fn write(directory: &Path, text: &str) {
    fs::write(directory.join("token"), text).unwrap();
}

fn token_file(directory: &Path) -> Result<SecretSource, String> {
    let source = SecretSource::required("token", Some(Path::new("token")), None, directory);
    source.map_err(|problem| problem.to_string())
}

/// A server that takes this token alone.
async fn taking(token: &'static str) -> Server {
    Server::start(move |seen| match seen.header("authorization") == format!("Bearer {token}") {
        true => Reply::json("{}"),
        false => Reply::new(401, &[], ""),
    })
    .await
}

#[tokio::test]
async fn a_token_that_was_replaced_is_read_again_when_it_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "old\n");
    let server = taking("new").await;
    let source = token_file(directory.path()).unwrap();
    let (client, _) = client_with(&server, |setup| setup.auth = Auth::bearer(source));
    let error = client.send(get("/deals")).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    assert_eq!(server.lines().len(), 1, "the same token is not sent twice");
    write(directory.path(), "new\n");
    client.send(get("/deals")).await.unwrap();
    client.send(get("/deals")).await.unwrap();
    assert_eq!(server.lines().len(), 4);
    fs::remove_file(directory.path().join("token")).unwrap();
    client.send(get("/deals")).await.unwrap();
}

#[tokio::test]
async fn the_connector_says_how_a_token_is_sent() {
    let server = saying(Reply::json("{}")).await;
    for auth in [
        Auth::token("x-api-token", "", secret("key")),
        Auth::token("authorization", "Zoho-oauthtoken ", secret("key")),
        Auth::basic_user(secret("key")),
        Auth::none(),
    ] {
        let (client, _) = client_with(&server, |setup| setup.auth = auth);
        client.send(get("/deals")).await.unwrap();
    }
    let sent = |index: usize, name: &str| server.seen()[index].header(name).to_owned();
    assert_eq!(sent(0, "x-api-token"), "key");
    assert_eq!(sent(1, "authorization"), "Zoho-oauthtoken key");
    assert_eq!(sent(2, "authorization"), "Basic a2V5Og==");
    assert_eq!(sent(3, "authorization"), "");
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_told_without_showing_it() {
    let server = saying(Reply::json("{}")).await;
    let (client, _) = client_with(&server, |setup| setup.auth = Auth::bearer(secret("two\nlines")));
    let error = client.send(get("/deals")).await.unwrap_err().to_string();
    assert!(error.contains("no header can hold") && !error.contains("two"), "{error}");
}

#[test]
fn secrets_are_read_without_the_white_space_around_them() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "\n  s3cret \r\n");
    assert_eq!(token_file(directory.path()).unwrap().read().unwrap().expose(), "s3cret");
    let absolute = directory.path().join("token");
    let source = SecretSource::required("token", Some(&absolute), None, Path::new("/nowhere")).unwrap();
    assert_eq!(source.read().unwrap().expose(), "s3cret");
    let variable = SecretSource::required("token", None, Some("CARGO_PKG_NAME"), directory.path()).unwrap();
    assert_eq!(variable.read().unwrap().expose(), "crm_exporter");
}

#[test]
fn problems_with_secrets_name_the_key_and_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token").display().to_string();
    let missing = token_file(directory.path()).unwrap_err();
    assert!(missing.starts_with(&format!("token_file: {path} cannot be read: ")), "{missing}");
    assert!(missing.ends_with("make it readable for this program"), "{missing}");
    write(directory.path(), " \n");
    assert_eq!(
        token_file(directory.path()).unwrap_err(),
        format!("token_file: {path} is empty; write the secret into it")
    );
    for (file, variable, said) in [
        (
            None,
            None,
            "client_secret_file: is missing: name a file that holds the client_secret, or a variable with client_secret_env",
        ),
        (Some("token"), Some("X"), "client_secret_env: client_secret_file is set too; keep one of them"),
        (None, Some("NO_SUCH_VARIABLE"), "client_secret_env: the environment has no variable NO_SUCH_VARIABLE; set it"),
    ] {
        let source = SecretSource::required("client_secret", file.map(Path::new), variable, directory.path());
        assert_eq!(source.unwrap_err().to_string(), said);
    }
    assert!(SecretSource::optional("token", None, None, directory.path()).unwrap().is_none());
}

#[test]
fn secrets_do_not_print() {
    let secret = Secret::new(TOKEN);
    assert_eq!((format!("{secret}"), format!("{secret:?}")), ("***".to_owned(), "***".to_owned()));
    let source = SecretSource::here(secret);
    assert!(!format!("{source:?} {:?}", Auth::bearer(source.clone())).contains(TOKEN));
}
