"""HubSpot's library for the dated paths (hubspot-sdk) reads the fake, and must find what the account truly holds.

usage: read_by_sdk.py URL TOKEN TRUTH.json
"""

import sys

import httpx
from hubspot_sdk import HubSpot
from pydantic import BaseModel

from truth import Truth

PROPERTIES = {
    "contacts": ["email", "lastname", "lifecyclestage"],
    "companies": ["name", "domain"],
    "deals": ["dealname", "amount", "dealstage", "pipeline", "hs_is_closed_won", "hubspot_owner_id"],
    "leads": ["hs_lead_name", "hs_pipeline_stage"],
    "calls": ["hs_call_title", "hs_call_duration"],
    "meetings": ["hs_meeting_outcome"],
    "emails": ["hs_email_direction"],
    "tasks": ["hs_task_status"],
    "notes": ["hs_note_body"],
    "goal_targets": ["hs_target_amount", "hubspot_owner_id"],
}


def main(url, token, path):
    truth = Truth(path)
    # Its models refuse null in properties, so records are read without them.
    strict = client(url, token, True)
    plain = client(url, token, False)
    for kind in truth.kinds():
        read_kind(truth, plain, kind)
    read_histories(truth, plain)
    read_associations(truth, strict)
    read_people(truth, strict)
    read_pipelines(truth, strict)
    read_account(truth, strict)
    print(f"hubspot-sdk: {truth.compared} comparisons agree")


def client(url, token, strict):
    http = httpx.Client(trust_env=False, timeout=30)
    return HubSpot(
        access_token=token, base_url=url, max_retries=0, http_client=http, _strict_response_validation=strict
    )


def known(answer):
    """The answer, in which there must be no field that the library's models do not have."""
    if isinstance(answer, BaseModel):
        aliases = {field.alias for field in type(answer).model_fields.values()}
        if stranger := set(answer.model_extra or {}) - aliases:
            raise AssertionError(f"{type(answer).__name__} has no {', '.join(stranger)}")
        for name in answer.model_fields_set:
            known(getattr(answer, name))
    elif isinstance(answer, list):
        for item in answer:
            known(item)
    return answer


def read_kind(truth, hubspot, kind):
    resource, names = getattr(hubspot.crm.objects, kind), PROPERTIES[kind]
    for archived in (False, True):
        listed = known(list(resource.list(limit=7, properties=names, archived=archived)))
        truth.same(f"ids of {kind}", [each.id for each in listed], truth.ids(kind, archived))
        for each in listed:
            compare(truth, kind, each, names)
    ids = truth.ids(kind)
    inputs = [{"id": each} for each in ids[:100]]
    batch = known(resource.batch.get(inputs=inputs, properties=names, properties_with_history=[]))
    truth.same(f"batch of {kind}", sorted((each.id for each in batch.results), key=int), ids[:100])
    found, last = [], "0"
    while True:
        page = known(search(resource, last, names))
        found += [each.id for each in page.results]
        if len(page.results) < 20:
            break
        last = found[-1]
    truth.same(f"search of {kind}", found, ids)
    one = known(resource.get(ids[0], properties=names))
    compare(truth, kind, one, names)


def search(resource, last, names):
    """The page of 20 behind an id, by id, with none of the service's own cursors."""
    behind = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
    sort = {"propertyName": "hs_object_id", "direction": "ASCENDING"}
    return resource.search(
        filter_groups=[{"filters": [behind]}], sorts=[sort], properties=names, limit=20, after="0", query=""
    )


def compare(truth, kind, record, names):
    expected = truth.properties(kind, record.id)
    for name in names:
        truth.same(f"{name} of {kind} {record.id}", record.properties.get(name), expected.get(name))


def read_histories(truth, hubspot):
    for record, versions in truth.whole["history"].items():
        one = known(hubspot.crm.objects.deals.get(record, properties_with_history=["dealstage"]))
        read = [each.value for each in one.properties_with_history["dealstage"]]
        truth.same(f"stages of deal {record}", read, versions)
    ids = list(truth.whole["history"])
    batch = hubspot.crm.objects.deals.batch.get(
        inputs=[{"id": each} for each in ids[:50]], properties=[], properties_with_history=["dealstage"]
    )
    for each in batch.results:
        read = [version.value for version in each.properties_with_history["dealstage"]]
        truth.same(f"stages of deal {each.id} in a batch", read, truth.whole["history"][each.id])


def read_associations(truth, hubspot):
    deals = [{"id": each} for each in truth.ids("deals")]
    for kind, linked in truth.whole["linked"].items():
        answer = known(hubspot.crm.associations.batch.get(kind, from_object_type="deals", inputs=deals))
        read = {each.from_.id: [to.to_object_id for to in each.to] for each in answer.results}
        truth.same(f"associations of deals with {kind}", read, linked)


def read_people(truth, hubspot):
    for archived in (False, True):
        owners = known(list(hubspot.crm.owners.list(limit=3, archived=archived)))
        expected = [each for each in truth.whole["owners"] if each["archived"] == archived]
        truth.same("ids of owners", [each.id for each in owners], [each["id"] for each in expected])
        kinds = ["PERSON" if each["user_id"] else "QUEUE" for each in expected]
        truth.same("types of owners", [each.type for each in owners], kinds)
        users = [each["user_id"] for each in expected]
        truth.same("users behind owners", [each.user_id_including_inactive for each in owners], users)
    active = [each["user_id"] for each in truth.whole["owners"] if each["user_id"] and not each["archived"]]
    truth.same("users", [int(each.id) for each in known(list(hubspot.settings.users.list(limit=2)))], active)
    members = [int(each) for team in known(hubspot.settings.users.list_teams()).results for each in team.user_ids]
    truth.same("members of teams", sorted(members), active)


def read_pipelines(truth, hubspot):
    for kind, expected in truth.whole["pipelines"].items():
        pipelines = known(hubspot.crm.pipelines.list(kind)).results
        read = {each.id: [stage.id for stage in each.stages] for each in pipelines}
        truth.same(f"pipelines of {kind}", read, expected)
    stages = known(hubspot.crm.pipelines.list("deals")).results[0].stages
    won = [each.id for each in stages if each.metadata == {"isClosed": "true", "probability": "1.0"}]
    truth.same("stage that is won", won, ["closedwon"])
    audit = known(hubspot.crm.pipelines.list_audit("default", object_type="deals")).results
    truth.same("removed stages", [each.identifier for each in audit], ["contractsent"])


def read_account(truth, hubspot):
    """The rest. Tokens are left out: this version of the library asks for them in JSON, the service takes forms."""
    truth.same("currency", known(hubspot.account.get()).company_currency, "USD")
    truth.same("usage", known(hubspot.account.get_daily_private_apps_usage()).results[0].usage_limit, 650_000)
    truth.same("definitions are there", bool(known(hubspot.crm.properties.list("deals")).results), True)
    currencies = hubspot.settings.currencies
    truth.same("company currency", known(currencies.get_company_currency()).id, "USD")
    for answer in (currencies.exchange_rates.list_current_exchange_rates, currencies.exchange_rates.list_exchange_rates):
        rates = [(each.from_currency_code, each.conversion_rate) for each in known(answer()).results]
        truth.same("rates", rates, [("EUR", 1.088)])
    deal = truth.ids("deals")[0]
    splits = known(hubspot.crm.deal_splits.batch.read(inputs=[{"id": deal}])).results[0].splits
    shares = [each.properties["hs_deal_split_percentage"] for each in splits]
    truth.same("shares of a split deal", shares, ["0.5", "0.5"])


if __name__ == "__main__":
    main(*sys.argv[1:])
