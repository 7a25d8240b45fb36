-- What every figure is made of, as temporary tables over the store's: who counts for whom, activities, touches, leads and
-- deals as they stand at the instant `now`, as the contract says and by nothing of the program.
--
-- INSTANT(x): an instant in ms, of a date its first; SEEN(x): the same, if it is not still to come; LOCAL(x): local date of
-- an instant; LIVE(t): whether row t exists in the CRM.

-- People: one for all records of one address.
CREATE TEMP TABLE person AS
SELECT u._key AS user, coalesce(i.person, lower(trim(u.email))) AS person, u._source AS source, u.name AS name,
       t.name AS team, coalesce(u.active, 1) AS active, u.started_on AS started, CAST(u._id AS INTEGER) AS id
FROM users u LEFT JOIN teams t ON t._key = u.team LEFT JOIN identities i ON i.address = lower(trim(u.email))
WHERE LIVE(u);

CREATE TEMP TABLE speaker AS
SELECT person, name, team, id, is_active, is_rep, started,
       coalesce((SELECT 1 FROM hidden h WHERE h.address = person), 0) AS is_hidden
FROM (SELECT *, row_number() OVER (PARTITION BY person ORDER BY active DESC, source, id) AS nth,
             max(active) OVER (PARTITION BY person) AS is_active,
             max(team IS NOT NULL) OVER (PARTITION BY person) AS is_rep,
             min(started) OVER (PARTITION BY person) AS started_first FROM person)
WHERE nth = 1;

CREATE TEMP TABLE rep AS
SELECT person, coalesce(team, 'none') AS team, is_hidden AS hidden, is_active AS active, is_rep AND is_active AS zeros,
       CASE WHEN is_hidden THEN 'hidden' WHEN nth = 1 THEN name ELSE name || ' ' || nth END AS rep
FROM (SELECT *, row_number() OVER (PARTITION BY name ORDER BY started, id) AS nth FROM speaker);

-- Whom an owner stands for, by the owner's key.
CREATE TEMP TABLE slot AS
SELECT m.k AS owner, r.person, r.team, r.rep, r.hidden, r.active
FROM to_users m JOIN person p ON p.user = m.t JOIN rep r ON r.person = p.person;
CREATE UNIQUE INDEX temp.slot_owner ON slot (owner);

-- Activities.
CREATE TEMP TABLE act AS
SELECT key, source, id, kind, owner, INSTANT(date) AS at, SEEN(date) AS seen, typeof(date) = 'text' AS on_date, seconds,
       state, direction, is_late
FROM (SELECT a._key AS key, a._source AS source, CAST(a._id AS INTEGER) AS id, k.kind AS kind, a.owner AS owner,
             CASE k.kind WHEN 'task' THEN coalesce(completed_at, due, at) ELSE coalesce(at, due, completed_at) END AS date,
             duration_seconds AS seconds,
             CASE WHEN lower(trim(outcome)) IN ('no_show', 'no show', 'no-show') THEN 'no_show'
                  WHEN lower(trim(outcome)) IN ('cancelled', 'canceled') THEN 'cancelled'
                  WHEN lower(trim(status)) IN ('done', 'completed') THEN 'done'
                  WHEN lower(trim(status)) IN ('open', 'scheduled', 'planned') THEN 'open'
                  WHEN lower(trim(status)) IN ('cancelled', 'canceled') THEN 'cancelled' END AS state,
             CASE WHEN lower(trim(direction)) IN ('inbound', 'incoming') THEN 'in'
                  WHEN lower(trim(direction)) IN ('outbound', 'outgoing') THEN 'out' END AS direction,
             created_at IS NOT NULL AS has_creation,
             CASE WHEN created_at IS NOT NULL
                  THEN INSTANT(created_at)
                       - INSTANT(CASE k.kind WHEN 'task' THEN coalesce(completed_at, due, at) ELSE coalesce(at, due, completed_at) END)
                       > 2 * 86400000 END AS is_late
      FROM activities a JOIN kinds k ON k.word = lower(trim(a.kind)) WHERE LIVE(a))
WHERE date IS NOT NULL;
CREATE UNIQUE INDEX temp.act_key ON act (key);

CREATE TEMP TABLE done AS SELECT * FROM act WHERE seen IS NOT NULL AND (state IS NULL OR state = 'done');
CREATE UNIQUE INDEX temp.done_key ON done (key);

-- Prospects: contacts, and leads that are none.
CREATE TEMP TABLE lead_prospect AS
SELECT l._key AS lead, CASE WHEN LIVE(c) THEN 'c' || c._key ELSE 'l' || l._key END AS prospect
FROM leads l LEFT JOIN to_contacts m ON m.k = l.contact LEFT JOIN contacts c ON c._key = m.t
WHERE LIVE(l) AND (l.created_at IS NULL OR SEEN(l.created_at) IS NOT NULL);
CREATE UNIQUE INDEX temp.lead_prospect_lead ON lead_prospect (lead);

CREATE TEMP TABLE linked AS
SELECT from_key AS activity, 'c' || m.t AS prospect
FROM activities_contacts x JOIN to_contacts m ON m.k = x.to_key JOIN contacts c ON c._key = m.t WHERE LIVE(c)
UNION
SELECT from_key, p.prospect FROM activities_leads x JOIN to_leads m ON m.k = x.to_key JOIN lead_prospect p ON p.lead = m.t;
CREATE INDEX temp.linked_activity ON linked (activity);

CREATE TEMP TABLE touch AS
SELECT d.key AS activity, d.id, d.owner, d.seen AS at, prospect,
       row_number() OVER (PARTITION BY prospect ORDER BY d.seen, d.id) = 1 AS is_first
FROM done d JOIN linked ON linked.activity = d.key
WHERE d.kind IN ('call', 'email', 'meeting') AND d.direction IS NOT 'in';
CREATE INDEX temp.touch_prospect ON touch (prospect, at);
CREATE INDEX temp.touch_activity ON touch (activity);

CREATE TEMP TABLE contact_level AS
SELECT c._key AS contact, coalesce(t.level, 'unknown') AS level
FROM contacts c LEFT JOIN titles t ON t.title = c.title WHERE LIVE(c);
CREATE UNIQUE INDEX temp.contact_level_contact ON contact_level (contact);

CREATE TEMP TABLE lead_level AS
SELECT l._key AS lead, coalesce(t.level, v.level, 'unknown') AS level
FROM leads l LEFT JOIN titles t ON t.title = l.title LEFT JOIN to_contacts m ON m.k = l.contact
     LEFT JOIN contact_level v ON v.contact = m.t
WHERE LIVE(l) AND (l.created_at IS NULL OR SEEN(l.created_at) IS NOT NULL);
CREATE UNIQUE INDEX temp.lead_level_lead ON lead_level (lead);

-- Leads.
CREATE TEMP TABLE status_history AS
SELECT m.t AS lead, INSTANT(s.at) AS at, SEEN(s.at) AS seen, lower(trim(s.status)) AS status
FROM status_changes s JOIN to_leads m ON m.k = s.lead WHERE LIVE(s);
CREATE INDEX temp.status_history_lead ON status_history (lead, at);

CREATE TEMP TABLE lead_base AS
SELECT l._key AS lead, l.owner, nullif(trim(l.source), '') AS source, lower(trim(l.status)) AS status, l.deal, l.account,
       l.company_employees AS employees, SEEN(l.created_at) AS created, l.created_at IS NOT NULL AS has_creation,
       l.sql_at IS NOT NULL AS has_sql_date, SEEN(l.sql_at) AS own_sql, l.converted_at IS NOT NULL AS has_conversion,
       SEEN(l.converted_at) AS converted, EXISTS (SELECT 1 FROM status_history h WHERE h.lead = l._key) AS has_history
FROM leads l WHERE LIVE(l) AND (l.created_at IS NULL OR SEEN(l.created_at) IS NOT NULL);

-- Whether (`is_...`) and when a level was entered; a level reached nobody knows when has no instant.
CREATE TEMP TABLE lead AS
SELECT *, is_warm OR is_sql AS is_mql,
       CASE WHEN warm IS NULL THEN sql WHEN sql IS NULL THEN warm ELSE min(warm, sql) END AS mql
FROM (SELECT b.*,
        CASE WHEN has_sql_date THEN own_sql IS NOT NULL WHEN has_history THEN hot IS NOT NULL ELSE status = 'hot' END AS is_sql,
        CASE WHEN has_sql_date THEN own_sql WHEN has_history THEN hot WHEN status = 'hot' THEN created END AS sql,
        CASE WHEN has_history THEN first_warm IS NOT NULL ELSE status = 'warm' END AS is_warm,
        CASE WHEN has_history THEN first_warm WHEN status = 'warm' THEN created END AS warm,
        CASE WHEN (SELECT live FROM params) OR NOT has_history THEN status IS 'junk' ELSE last_status IS 'junk' END AS is_junk,
        CASE WHEN has_history THEN (SELECT min(h.seen) FROM status_history h WHERE h.lead = b.lead AND h.status = 'junk'
                                    AND h.seen IS NOT NULL AND h.at > coalesce(last_other, -9e18)) ELSE created END AS junked,
        CASE WHEN has_conversion THEN converted IS NOT NULL ELSE deal IS NOT NULL AND (SELECT live FROM params) END AS is_converted
      FROM (SELECT lead_base.*,
              (SELECT min(seen) FROM status_history h WHERE h.lead = lead_base.lead AND h.status = 'hot'
               AND at = (SELECT min(at) FROM status_history f WHERE f.lead = lead_base.lead AND f.status = 'hot')) AS hot,
              (SELECT min(seen) FROM status_history h WHERE h.lead = lead_base.lead AND h.status = 'warm'
               AND at = (SELECT min(at) FROM status_history f WHERE f.lead = lead_base.lead AND f.status = 'warm')) AS first_warm,
              (SELECT status FROM status_history h WHERE h.lead = lead_base.lead AND seen IS NOT NULL ORDER BY at DESC LIMIT 1) AS last_status,
              (SELECT max(at) FROM status_history h WHERE h.lead = lead_base.lead AND seen IS NOT NULL AND status IS NOT 'junk') AS last_other
            FROM lead_base) b);
CREATE UNIQUE INDEX temp.lead_lead ON lead (lead);

CREATE TEMP TABLE answered AS
SELECT l.lead, min(t.at) AS at FROM lead l JOIN lead_prospect p ON p.lead = l.lead JOIN touch t ON t.prospect = p.prospect
WHERE t.at >= coalesce(l.created, -9e18) GROUP BY 1;
CREATE UNIQUE INDEX temp.answered_lead ON answered (lead);

-- Deals.
CREATE TEMP TABLE stage AS
SELECT s._key AS stage, s.name AS name, s.position AS position, coalesce(s.outcome, 'open') AS outcome, s.pipeline AS pipeline,
       p.name AS pipeline_name
FROM stages s LEFT JOIN pipelines p ON p._key = s.pipeline;
CREATE UNIQUE INDEX temp.stage_stage ON stage (stage);

-- A merged deal takes its history with it: that of the survivor is its own.
CREATE TEMP TABLE hist AS
SELECT c.deal AS deal, c._key AS key, INSTANT(c.at) AS at, SEEN(c.at) AS seen, c.stage AS stage, c.from_stage AS from_stage, s.outcome AS outcome
FROM stage_changes c LEFT JOIN stage s ON s.stage = c.stage WHERE LIVE(c);
CREATE INDEX temp.hist_deal ON hist (deal, at);

CREATE TEMP TABLE deal_base AS
SELECT d._key AS deal, d._source AS source, d.owner, d.account, d.stage AS stage, p.name AS own_pipeline, coalesce(d.status, s.outcome, 'open') AS status,
       INSTANT(d.created_at) AS created, INSTANT(d.closed_at) AS close_date, SEEN(d.closed_at) AS seen_close,
       typeof(d.closed_at) = 'text' AS closed_on_date, coalesce(d.expected_close, d.closed_at) AS expected,
       INSTANT(d.status_changed_at) AS told_change, d.probability AS probability, d.amount AS amount,
       CAST(round(d.amount * 100) AS INTEGER) AS cents, upper(trim(d.currency)) AS currency,
       CASE WHEN d.converted_currency = 'USD' THEN CAST(round(d.converted_amount * 100) AS INTEGER) END AS converted,
       coalesce(nullif(trim(d.lost_reason), ''), 'unknown') AS reason
FROM deals d LEFT JOIN stage s ON s.stage = d.stage LEFT JOIN pipelines p ON p._key = d.pipeline WHERE LIVE(d);
CREATE UNIQUE INDEX temp.deal_base_deal ON deal_base (deal);

-- The stages that a deal came into.
CREATE TEMP TABLE raw_entry AS
SELECT d.deal, -1 AS n, d.stage AS stage, SEENMS(d.created) AS at FROM deal_base d
WHERE d.stage IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hist h WHERE h.deal = d.deal)
UNION ALL
SELECT d.deal, -1, f.from_stage, SEENMS(d.created)
FROM deal_base d JOIN (SELECT *, row_number() OVER (PARTITION BY deal ORDER BY at, key) AS nth FROM hist) f
     ON f.deal = d.deal AND f.nth = 1 WHERE f.from_stage IS NOT NULL
UNION ALL
SELECT d.deal, h.nth, h.stage, CASE WHEN h.nth = 1 AND h.from_stage IS NULL THEN coalesce(SEENMS(d.created), h.at) ELSE h.seen END
FROM deal_base d JOIN (SELECT *, row_number() OVER (PARTITION BY deal ORDER BY at, key) AS nth FROM hist) h ON h.deal = d.deal
WHERE h.seen IS NOT NULL OR (h.nth = 1 AND h.from_stage IS NULL);

CREATE TEMP TABLE entry AS
SELECT deal, row_number() OVER (PARTITION BY deal ORDER BY n) AS n, stage, at
FROM (SELECT *, lag(stage) OVER (PARTITION BY deal ORDER BY n) AS before FROM raw_entry) WHERE before IS NOT stage;
CREATE UNIQUE INDEX temp.entry_deal ON entry (deal, n);

CREATE TEMP TABLE deal AS
SELECT deal, source, owner, account, own_pipeline, created, close_date, closed_on_date, expected, amount, cents, currency, converted,
       CASE WHEN live OR present = 'open' AND open_stage IS stage THEN probability END AS probability, reason, stands AS status,
       CASE WHEN stands = 'open' AND NOT live THEN open_stage ELSE stage END AS stage,
       CASE WHEN stands = 'open' THEN NULL WHEN close_date IS NULL THEN change
            WHEN seen_close IS NOT NULL THEN seen_close ELSE coalesce(change, now) END AS closed,
       CASE WHEN stands <> 'open' THEN change END AS change
FROM (SELECT *, status AS present,
        CASE WHEN raw_change IS NOT NULL THEN coalesce(SEENMS(raw_change), now) END AS change,
        CASE WHEN NOT live AND coalesce(raw_change, close_date) > now THEN 'open' ELSE status END AS stands,
        (SELECT e.stage FROM entry e JOIN stage s ON s.stage = e.stage WHERE e.deal = b.deal AND s.outcome = 'open'
         ORDER BY n DESC LIMIT 1) AS open_stage
      FROM (SELECT deal_base.*, params.*,
              CASE WHEN status <> 'open' THEN coalesce(told_change, (
                SELECT min(h.at) FROM hist h WHERE h.deal = deal_base.deal AND h.outcome = deal_base.status
                AND h.at > coalesce((SELECT max(o.at) FROM hist o WHERE o.deal = deal_base.deal
                                     AND o.outcome IS NOT deal_base.status), -9e18))) END AS raw_change
            FROM deal_base, params) b)
WHERE live OR created IS NULL OR created <= now;
CREATE UNIQUE INDEX temp.deal_deal ON deal (deal);

-- What a deal is worth in cents of the reporting currency, rounded half to even; rates are in thousandths.
CREATE TEMP TABLE worth AS
SELECT deal, CASE WHEN rate IS NULL THEN converted
                  ELSE cents * rate / 1000 + (cents * rate % 1000 > 500 OR cents * rate % 1000 = 500 AND cents * rate / 1000 % 2 = 1)
             END AS minor
FROM (SELECT deal, cents, converted,
        CASE WHEN money = 'USD' THEN 1000 WHEN money = 'GBP' THEN 1255 WHEN converted IS NOT NULL THEN NULL
             ELSE (SELECT CAST(round(r.rate * 1000) AS INTEGER) FROM currency_rates r
                   WHERE LIVE(r) AND r._source = b.source AND upper(r.currency) = money AND upper(r."to") = 'USD'
                   AND coalesce(INSTANT(r.effective_at), -9e18) <= coalesce(b.closed, (SELECT now FROM params))
                   ORDER BY coalesce(INSTANT(r.effective_at), -9e18) DESC LIMIT 1) END AS rate
      FROM (SELECT deal.*, coalesce(nullif(currency, ''), 'USD') AS money FROM deal) b
      WHERE amount IS NOT NULL);
CREATE UNIQUE INDEX temp.worth_deal ON worth (deal);

-- Deals with the labels of their pipelines and stages, and their worth; without any it is 0 in sums.
CREATE TEMP TABLE d AS
SELECT deal.*, coalesce(s.pipeline_name, own_pipeline, 'unknown') AS pipeline,
       CASE WHEN s.outcome = 'open' THEN s.name ELSE 'unknown' END AS stage_name, s.position, w.minor, coalesce(w.minor, 0) AS cash,
       coalesce(s.pipeline_name, own_pipeline, 'unknown') IN ('Sales', 'Partner') AS pooled
FROM deal LEFT JOIN stage s ON s.stage = deal.stage LEFT JOIN worth w ON w.deal = deal.deal;
CREATE UNIQUE INDEX temp.d_deal ON d (deal);

-- First entries into open stages, and what became of them.
CREATE TEMP TABLE entered AS
SELECT e.deal, e.at, s.stage, s.pipeline_name AS pipeline, s.name AS stage_name, d.owner, d.status, d.cash,
       CASE WHEN d.status = 'won' OR EXISTS (SELECT 1 FROM entry l JOIN stage t ON t.stage = l.stage
                  WHERE l.deal = e.deal AND l.n > e.n AND t.outcome = 'open' AND t.pipeline = s.pipeline
                  AND t.position > s.position) THEN 'advanced'
            WHEN d.status = 'lost' THEN 'lost' ELSE 'waiting' END AS fate
FROM (SELECT deal, stage, min(n) AS n FROM entry GROUP BY 1, 2) f
     JOIN entry e ON e.deal = f.deal AND e.n = f.n JOIN stage s ON s.stage = e.stage JOIN d ON d.deal = e.deal
WHERE s.outcome = 'open';

-- Stays in open stages; one that lasts has no end.
CREATE TEMP TABLE stay AS
SELECT e.deal, s.stage, s.pipeline_name AS pipeline, s.name AS stage_name, d.owner, e.at AS begun, n.n IS NULL AND d.status = 'open' AS lasts,
       CASE WHEN n.n IS NOT NULL THEN n.at WHEN d.status <> 'open' THEN coalesce(d.change, d.closed) END AS ended
FROM entry e JOIN stage s ON s.stage = e.stage JOIN d ON d.deal = e.deal
     LEFT JOIN entry n ON n.deal = e.deal AND n.n = e.n + 1
WHERE s.outcome = 'open';

-- Accounts.
CREATE TEMP TABLE acc AS
SELECT a._key AS account, a._source AS source, a.owner, lower(nullif(trim(a.domain), '')) AS domain, lower(nullif(trim(a.name), '')) AS name
FROM accounts a, params WHERE LIVE(a) AND (live OR a.created_at IS NULL OR INSTANT(a.created_at) <= now);

-- Key accounts, with what they are called among all: rates as in `worth`, without one nobody knows how large they are.
CREATE TEMP TABLE key_account AS
SELECT account, owner, CASE nth WHEN 1 THEN title ELSE title || ' ' || nth END AS label
FROM (SELECT _key AS account, _source, owner, title, size, is_there, row_number() OVER (PARTITION BY title ORDER BY _source, CAST(_id AS INTEGER)) AS nth
      FROM (SELECT a.*, coalesce(nullif(trim(a.name), ''), 'account ' || a._id) AS title, acc.account IS NOT NULL AS is_there,
              a.annual_revenue * CASE coalesce(nullif(a.currency, ''), 'USD') WHEN 'USD' THEN 1 WHEN 'GBP' THEN 1.255 END AS size
            FROM accounts a LEFT JOIN acc ON acc.account = a._key WHERE LIVE(a) OR a._version IS NULL))
WHERE size >= 6000000 AND is_there;
CREATE UNIQUE INDEX temp.key_account_account ON key_account (account);

-- Accounts that an activity concerns: its own, and those of its deals, contacts and leads.
CREATE TEMP TABLE concerned AS
SELECT from_key AS activity, m.t AS account FROM activities_accounts x JOIN to_accounts m ON m.k = x.to_key
UNION SELECT from_key, m.t FROM activities_deals x JOIN to_deals r ON r.k = x.to_key JOIN deal o ON o.deal = r.t
  JOIN to_accounts m ON m.k = o.account
UNION SELECT from_key, m.t FROM activities_contacts x JOIN to_contacts r ON r.k = x.to_key JOIN contacts o ON o._key = r.t
  JOIN to_accounts m ON m.k = o.account WHERE LIVE(o)
UNION SELECT from_key, m.t FROM activities_leads x JOIN to_leads r ON r.k = x.to_key JOIN leads o ON o._key = r.t
  JOIN to_accounts m ON m.k = o.account WHERE LIVE(o) AND (o.created_at IS NULL OR SEEN(o.created_at) IS NOT NULL);
CREATE INDEX temp.concerned_activity ON concerned (activity);
