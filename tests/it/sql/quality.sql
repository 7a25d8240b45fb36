-- What the checks of the quality of data look at, and what fails.
CREATE TEMP TABLE checked AS
WITH inactive AS (SELECT owner FROM slot WHERE NOT active),
owned AS (
  SELECT 'd' || deal AS record, owner, status = 'open' AS is_watched FROM d
  UNION ALL SELECT 'l' || lead, owner, NOT is_junk AND NOT is_converted FROM lead
  UNION ALL SELECT 'a' || account, owner, 1 FROM acc),
talk AS (SELECT * FROM done WHERE kind IN ('call', 'email', 'meeting'))
SELECT 'deal_without_amount' AS name, owner, deal AS record, amount IS NULL AS fails FROM d
UNION ALL SELECT 'deal_unknown_currency', owner, deal, minor IS NULL FROM d WHERE amount IS NOT NULL
UNION ALL SELECT 'deal_without_close_date', owner, deal, CASE status WHEN 'open' THEN expected ELSE close_date END IS NULL FROM d
UNION ALL SELECT 'deal_overdue', owner, deal,
  coalesce(CASE typeof(expected) WHEN 'text' THEN expected ELSE LOCAL(expected) END < today, 0) FROM d, params WHERE status = 'open'
UNION ALL SELECT 'deal_closed_before_created', owner, deal, coalesce(
  CASE WHEN closed_on_date AND closed = close_date THEN LOCAL(closed) < LOCAL(coalesce(SEENMS(created), created))
       ELSE closed < coalesce(SEENMS(created), created) END, 0) FROM d WHERE status <> 'open' AND close_date IS NOT NULL
UNION ALL SELECT 'record_without_owner', owner, record, owner IS NULL FROM owned
UNION ALL SELECT 'owner_inactive', owner, record, owner IN (SELECT owner FROM inactive) FROM owned WHERE is_watched
UNION ALL SELECT 'activity_without_contact', owner, key, NOT EXISTS (SELECT 1 FROM linked WHERE activity = key) FROM talk
UNION ALL SELECT 'activity_logged_late', owner, key, is_late FROM talk WHERE is_late IS NOT NULL
UNION ALL SELECT 'call_too_short', owner, key, seconds < 20 FROM talk WHERE kind = 'call' AND direction = 'out' AND seconds IS NOT NULL
UNION ALL SELECT 'lead_without_source', owner, lead, source IS NULL FROM lead
UNION ALL SELECT 'account_duplicate', owner, account, EXISTS (
  SELECT 1 FROM acc o WHERE o.source = acc.source AND o.account <> acc.account AND (o.domain = acc.domain OR o.name = acc.name)) FROM acc;
