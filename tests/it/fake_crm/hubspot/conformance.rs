//! Holds the fake against what it did not come from: descriptions of HubSpot's API, and HubSpot's own client libraries.
//!
//! The scripts in `tests/conformance/hubspot` do the reading; its `run` prepares what they need. Requests of our connector
//! go through the same check, [`check_requests`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::tests::Client;
use super::{ALL_SCOPES, Account, HubSpot, Kind, Limits, Organisation, TOKEN};
use crate::fake_crm::{Entry, Fault, When};

/// Kinds that the libraries read one by one.
const READ: [Kind; 10] = [
    Kind::Contacts,
    Kind::Companies,
    Kind::Deals,
    Kind::Leads,
    Kind::Calls,
    Kind::Meetings,
    Kind::Emails,
    Kind::Tasks,
    Kind::Notes,
    Kind::GoalTargets,
];

/// Where the descriptions and the libraries lie.
struct Tools {
    specs: PathBuf,
    python: PathBuf,
    scripts: PathBuf,
}

impl Tools {
    /// Nothing where something is missing, which is said.
    fn find() -> Option<Tools> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = std::env::var_os("CRM_EXPORTER_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
        let specs = shared.join("crm-apis/specs");
        let python = root.join("target/tools/hubspot/bin/python");
        for needed in [&specs, &python] {
            if !needed.exists() {
                eprintln!(
                    "skipped: {} is not there; tests/conformance/hubspot/run prepares the check",
                    needed.display()
                );
                return None;
            }
        }
        Some(Tools { specs, python, scripts: root.join("tests/conformance/hubspot") })
    }

    /// Runs a script, which must find nothing wrong, and shows what it says.
    fn run(&self, script: &str, arguments: &[&str]) {
        let (agrees, said) = self.ask(script, arguments);
        print!("{said}");
        assert!(agrees, "{script}: {said}");
    }

    /// Whether a script finds nothing wrong, and what it says.
    fn ask(&self, script: &str, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(&self.python).arg(self.scripts.join(script)).args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Whether the descriptions find nothing wrong in a log, and what they find.
    fn check(&self, log: &[Entry]) -> (bool, String) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log.jsonl");
        let lines: Vec<String> = log.iter().map(|entry| entry.to_json().to_string()).collect();
        fs::write(&path, lines.join("\n")).unwrap();
        self.ask("check_log.py", &[self.specs.to_str().unwrap(), path.to_str().unwrap()])
    }
}

/// Requests that a connector sent must be as the descriptions have them: path, parameters and body. Where these or Python
/// are missing, that is said and nothing checked.
pub(crate) fn check_requests(log: &[Entry]) {
    if let Some(tools) = Tools::find() {
        let (agrees, said) = tools.check(log);
        print!("{said}");
        assert!(agrees, "{said}");
    }
}

/// An account with some of everything, and with ids and tokens that the samples name.
fn account(hubspot: &HubSpot) {
    hubspot.set_limits(Limits { burst: Some(100_000), searches: None, ..Limits::PROFESSIONAL });
    let mut account = hubspot.account();
    account.begin_ids_at(Kind::Deals, 9001);
    account.fill(&Organisation::SMALL);
    account.add_token("pat-na1-x", &ALL_SCOPES);
    account.connect_app("c", "s", "r", &ALL_SCOPES);
    let first = account.owners()[0].id;
    account.leave(first);
    account.remove_stage(Kind::Deals, "default", "contractsent");
    account.archive(Kind::Deals, 9003);
    account.restore(Kind::Deals, 9003);
    for (kind, id) in [(Kind::Deals, 9004), (Kind::Contacts, 1004), (Kind::Calls, 1004)] {
        account.archive(kind, id);
    }
    account.merge(Kind::Deals, 9005, 9006);
    account.merge(Kind::Contacts, 1005, 1006);
    account.split_deal(9001, &[("501", "0.5"), ("502", "0.5")]);
    account.link_labelled((Kind::Deals, 9001), (Kind::Contacts, 1001), "Decision maker");
}

/// What the libraries should read.
fn truth(account: &Account) -> Value {
    let objects: Map<String, Value> =
        READ.into_iter().map(|kind| (kind.name().to_owned(), records(account, kind))).collect();
    let deals = || account.truth(Kind::Deals).filter(|deal| deal.archived_at().is_none());
    let stages = |id: u64| {
        let deal = account.truth(Kind::Deals).find(|deal| deal.id() == id).unwrap();
        deal.history("dealstage").into_iter().rev().map(|(_, stage)| stage).collect::<Vec<_>>()
    };
    let history: Map<String, Value> = deals().map(|deal| (deal.id().to_string(), json!(stages(deal.id())))).collect();
    let linked = |to: Kind| {
        let there: Vec<u64> =
            account.truth(to).filter(|record| record.archived_at().is_none()).map(|record| record.id()).collect();
        let ids = |deal: u64| {
            let mut ids = account.linked((Kind::Deals, deal), to);
            ids.retain(|id| there.contains(id));
            ids.sort_unstable();
            ids.iter().map(u64::to_string).collect::<Vec<_>>()
        };
        let all = deals().map(|deal| (deal.id().to_string(), ids(deal.id())));
        all.filter(|(_, ids)| !ids.is_empty()).map(|(id, ids)| (id, json!(ids))).collect::<Map<_, _>>()
    };
    let owner = |owner: &super::people::Owner| json!({"id": owner.id.to_string(), "user_id": owner.user_id, "archived": owner.archived});
    let pipelines = |kind: Kind| {
        let stages = |pipeline: &super::pipelines::Pipeline| {
            let ids: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
            (pipeline.id.clone(), json!(ids))
        };
        account.pipelines(kind).iter().map(stages).collect::<Map<_, _>>()
    };
    json!({
        "objects": objects,
        "history": history,
        "linked": {"companies": linked(Kind::Companies), "contacts": linked(Kind::Contacts), "calls": linked(Kind::Calls)},
        "owners": account.owners().iter().map(owner).collect::<Vec<_>>(),
        "pipelines": {"deals": pipelines(Kind::Deals), "leads": pipelines(Kind::Leads)},
    })
}

fn records(account: &Account, kind: Kind) -> Value {
    let names: Vec<&String> = account.table(kind).definitions.keys().collect();
    let record = |record: super::account::Truth| {
        let properties: Map<String, Value> =
            names.iter().map(|name| ((*name).clone(), record.property(name).into())).collect();
        json!({"id": record.id().to_string(), "archived": record.archived_at().is_some(), "properties": properties})
    };
    account.truth(kind).map(record).collect()
}

#[test]
#[ignore = "takes Python with HubSpot's libraries: tests/conformance/hubspot/run prepares them and runs this"]
fn descriptions_and_libraries_of_hubspot_agree_with_the_fake() {
    let Some(tools) = Tools::find() else { return };
    let hubspot = HubSpot::start();
    account(&hubspot);
    let specs = tools.specs.to_str().unwrap();
    tools.run("replay.py", &[specs, hubspot.url()]);
    let limits = Limits { burst: Some(0), ..Limits::PROFESSIONAL };
    hubspot.set_limits(limits);
    tools.run("replay.py", &[specs, hubspot.url(), "refused"]);
    hubspot.set_limits(Limits { burst: Some(100_000), searches: None, ..limits });

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("truth.json");
    fs::write(&path, truth(&hubspot.account()).to_string()).unwrap();
    hubspot.take_log();
    hubspot.keep_answers();
    for reader in ["read_by_sdk.py", "read_by_client.py"] {
        tools.run(reader, &[hubspot.url(), TOKEN, path.to_str().unwrap()]);
        check_requests(&hubspot.take_log());
    }
}

#[test]
#[ignore = "takes Python with a library: tests/conformance/hubspot/run prepares it and runs this"]
fn what_differs_from_the_descriptions_is_found() {
    let Some(tools) = Tools::find() else { return };
    let hubspot = HubSpot::start();
    hubspot.keep_answers();
    hubspot.account().fill(&Organisation::SMALL);
    let deals = "/crm/objects/2026-03/deals";
    let finds = |path: &str, body: Option<Value>, found: &str| {
        let client = Client::new(&hubspot);
        let _answer = body.map_or_else(|| client.get(path), |body| client.post(path, &body));
        let (agrees, said) = tools.check(&hubspot.take_log());
        assert!(said.contains(found) && agrees == found.contains(" 0 differences"), "{path}: {said}");
    };
    finds(&format!("{deals}?limit=3&associations=contacts"), None, "1 answers, 0 differences");
    finds(&format!("{deals}?propertis=amount"), None, "there is no parameter propertis");
    finds(&format!("{deals}?limit=101"), None, "101 is greater than the maximum of 100");
    finds(&format!("{deals}?archived=yes"), None, "'yes' is not of type 'boolean'");
    finds("/crm/objects/2026-04/deals", None, "no description has this path");
    finds(&format!("{deals}/search"), Some(json!({"filterGroup": []})), "'filterGroup' was unexpected");
    finds(&format!("{deals}/batch/read"), Some(json!({"inputs": [{"id": 1}]})), "1 is not of type 'string'");
    // An answer with a field of the wrong name or type.
    hubspot.plan(When::first("GET"), Fault::rewritten(|_, body| body["results"][0]["archived"] = "no".into()));
    finds(deals, None, "answer 200: $.results[0].archived: 'no' is not of type 'boolean'");
    hubspot.plan(When::first("GET"), Fault::rewritten(|_, body| body["results"][0]["Id"] = "1".into()));
    finds(deals, None, "'Id' was unexpected");
}
