-- 1. What became of every row that came in?
-- Rows in are rows kept, superseded by a newer version, or rejected. Nothing is lost, and nothing counts twice.
select raw_table, rows_in, rows_kept, rows_superseded, rows_rejected
from main_quality.row_accounting
where rows_in > 0
order by rows_in desc, raw_table
limit 6;

-- 2. Why were rows rejected?
-- rejected_rows keeps each with what arrived; rejected_values does so for single values whose row was kept.
select raw_table, reason, count(*) as row_count
from main_personal.rejected_rows
group by raw_table, reason
order by row_count desc, raw_table, reason
limit 6;

-- 3. Which records are one person, and why?
-- Three systems hold this person. The first record gives the id, each further one says by what it joined: docs/identity.md.
select records.source_system, records.source_contact_id, links.link_type
from main_contacts.contact_record_links as links
inner join main_contacts.contact_records as records on links.record_id = records.record_id
where links.contact_id = '05a1047c72d8a349cc52bef0df3c6e0d'
order by records.first_seen_at, records.source_contact_id;

-- 4. How do customers buy?
-- Groups by recency, frequency and amount. docs/rfm.md has six ways to cut them.
select rfm_group, count(*) as customers, sum(monetary) as spent_in_a_year
from main_contacts.contact_rfm_scores
group by rfm_group
order by customers desc, rfm_group;

-- 5. Where do contacts stand, and since when?
-- Stages follow from purchases alone, for any day: contact_lifecycle_history has their whole past.
select lifecycle_stage, count(*) as contacts, min(stage_entered_on) as longest_since
from main_contacts.contact_lifecycle_stages
group by lifecycle_stage
order by contacts desc, lifecycle_stage;

-- 6. What is a segment?
-- A goal, and at most three criteria that a person can read. docs/segments.md goes from one to a measured campaign.
select segment_name, contact_count, criteria, goal
from main_segments.segment_definitions
where segment_name in ('high_value_customers', 'one_time_buyers', 'abandoned_carts', 'hot_leads', 'rfm_at_risk')
order by contact_count desc, segment_name;

-- 7. Why is one contact in its segments?
-- What the criteria ask for, beside what is known of the contact.
select definitions.segment_name, definitions.criteria, traits.purchase_count, traits.days_since_last_purchase
from main_segments.segment_memberships as memberships
inner join main_segments.segment_definitions as definitions on memberships.segment_name = definitions.segment_name
inner join main_contacts.contact_traits as traits on memberships.contact_id = traits.contact_id
where memberships.contact_id = '05a1047c72d8a349cc52bef0df3c6e0d'
order by definitions.segment_name
limit 6;

-- 8. Who may be sent an e-mail, and who may not?
-- The first reason that holds somebody back. A no counts in whatever words and under whichever address it came: docs/activation.md.
select coalesce(held_back_reason, 'may be contacted') as outcome, count(*) as contacts
from main_audiences.contact_reachability
where channel = 'email'
group by held_back_reason
order by contacts desc, outcome;

-- 9. What leaves for HubSpot?
-- A reverse-ETL tool reads the changes: each row is the whole state of one contact, and an exit is a row as well.
select change_type, is_member, updated_at, email, crm_segments
from main_audiences.audience_hubspot__changes
order by contact_id
limit 3;

-- 10. Did it work?
-- The demo plants a lift in one experiment and none in the other. docs/experiments.md says how to read a verdict.
select experiment_name, metric, contact_count, round(relative_lift, 2) as lift, round(adjusted_p_value, 4) as adjusted_p, verdict
from main_campaigns.experiment_results
where verdict in ('better', 'worse', 'no difference shown') and metric in ('purchased', 'revenue')
order by experiment_name, metric;
