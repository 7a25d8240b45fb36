"""HubSpot's library for the paths before the dated ones (hubspot-api-client) reads the fake, as read_by_sdk.py does.

usage: read_by_client.py URL TOKEN TRUTH.json
"""

import sys

import hubspot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.deals import BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest

from truth import Truth


def main(url, token, path):
    truth = Truth(path)
    client = hubspot.Client.create(access_token=token, host=url)
    objects = client.crm.objects
    for kind in truth.kinds():
        listed = objects.get_all(object_type=kind)
        truth.same(f"ids of {kind}", [each.id for each in listed], truth.ids(kind))
    read_deals(truth, client)
    read_associations(truth, client)
    for archived in (False, True):
        owners = client.crm.owners.get_all(archived=archived)
        expected = [each["id"] for each in truth.whole["owners"] if each["archived"] == archived]
        truth.same("ids of owners", [each.id for each in owners], expected)
    for kind, expected in truth.whole["pipelines"].items():
        pipelines = client.crm.pipelines.pipelines_api.get_all(kind).results
        read = {each.id: [stage.id for stage in each.stages] for each in pipelines}
        truth.same(f"pipelines of {kind}", read, expected)
    truth.same("definitions are there", bool(client.crm.properties.core_api.get_all("deals").results), True)
    print(f"hubspot-api-client: {truth.compared} comparisons agree")


def read_deals(truth, client):
    names = ["dealname", "amount", "dealstage"]
    for each in client.crm.deals.get_all(properties=names, properties_with_history=["dealstage"]):
        for name in names:
            truth.same(f"{name} of deal {each.id}", each.properties[name], truth.properties("deals", each.id)[name])
        read = [version.value for version in each.properties_with_history["dealstage"]]
        truth.same(f"stages of deal {each.id}", read, truth.whole["history"][each.id])
    ids = truth.ids("deals")
    inputs = [{"id": each} for each in ids[:50]]
    batch = BatchReadInputSimplePublicObjectId(inputs=inputs, properties=names, properties_with_history=["dealstage"])
    answer = client.crm.deals.batch_api.read(batch)
    truth.same("batch of deals", sorted((each.id for each in answer.results), key=int), ids[:50])
    sort = {"propertyName": "hs_object_id", "direction": "ASCENDING"}
    request = PublicObjectSearchRequest(filter_groups=[], sorts=[sort], properties=names, limit=200)
    answer = client.crm.deals.search_api.do_search(request)
    truth.same("search of deals", [each.id for each in answer.results], ids)


def read_associations(truth, client):
    inputs = [{"id": each} for each in truth.ids("deals")]
    for kind, linked in truth.whole["linked"].items():
        request = BatchInputPublicFetchAssociationsBatchRequest(inputs=inputs)
        answer = client.crm.associations.v4.batch_api.get_page("deals", kind, request)
        read = {each._from.id: [str(to.to_object_id) for to in each.to] for each in answer.results}
        truth.same(f"associations of deals with {kind}", read, linked)


if __name__ == "__main__":
    main(*sys.argv[1:])
