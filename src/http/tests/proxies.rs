//! Proxies, which the environment names. A test cannot change its own environment, so another process asks.

use std::process::{Command, Output};

use super::*;

/// The test that the other process runs.
const ASKING: &str = "http::tests::proxies::asking";

fn run_asking(variables: [(&'static str, String); 2]) -> Output {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    for name in
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"]
    {
        command.env_remove(name);
    }
    command.args(["--exact", ASKING, "--ignored", "--nocapture"]).envs(variables).output().unwrap()
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_asked() {
    let proxy = saying(Reply::new(403, &[], "")).await;
    let address = format!("http://{}", proxy.address());
    let variables = [("HTTPS_PROXY", address), ("ASKED_URL", "https://crm.example.com".to_owned())];
    let output = tokio::task::spawn_blocking(move || run_asking(variables)).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(proxy.lines(), ["CONNECT crm.example.com:443"]);
    assert_eq!(proxy.seen()[0].header("authorization"), "");
}

#[tokio::test]
async fn this_machine_is_asked_without_a_proxy() {
    let proxy = saying(Reply::new(403, &[], "")).await;
    let server = saying(Reply::json("{}")).await;
    let variables = [("HTTP_PROXY", format!("http://{}", proxy.address())), ("ASKED_URL", server.url())];
    let output = tokio::task::spawn_blocking(move || run_asking(variables)).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((proxy.lines(), server.lines()), (vec![], vec!["GET /deals".to_owned()]));
}

#[tokio::test]
#[ignore = "run by the others, with other variables"]
async fn asking() {
    let base = BaseUrl::new("base_url", &std::env::var("ASKED_URL").unwrap()).unwrap();
    let (surroundings, _) = surroundings();
    let is_loopback = base.is_loopback();
    let surroundings = surroundings.with_retries(Retries::NONE);
    let client = Client::new(Setup::new(base, Auth::bearer(secret(TOKEN)), &surroundings)).unwrap();
    // The proxy refuses, so that nothing leaves this machine.
    assert_eq!(client.send(get("/deals")).await.is_ok(), is_loopback);
}
