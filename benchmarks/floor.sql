-- The same answers by hand: one script for the generated data, without dbt, tests or contracts. It knows what that data
-- looks like (one address per person, clean text, typed columns), which the project cannot. Set before: as_of (date).

create schema if not exists floor;
create or replace macro as_of_end() as (getvariable('as_of')::timestamp + interval 1 day);

-- Contacts: records that share an address are one person, named by the first of them.
create or replace table floor.contact_records as
select
    record_id,
    source_system,
    source_contact_id,
    first_value(record_id) over (partition by email order by created_at, record_id) as contact_id,
    created_at as first_seen_at
from (select *, md5(source_system || chr(31) || source_contact_id) as record_id from raw.raw_contacts);

create or replace table floor.contacts as
select
    contact_id,
    arg_min(email, -epoch_us(updated_at)) as email,
    arg_min(phone, -epoch_us(updated_at)) as phone_e164,
    arg_min(first_name, -epoch_us(updated_at)) as first_name,
    arg_min(last_name, -epoch_us(updated_at)) as last_name,
    -- No date of birth, as in placeholder_identifiers.csv: the only one of them that generate.sql can make.
    arg_min(nullif(birth_date, date '1970-01-01'), -epoch_us(updated_at)) as birth_date,
    arg_min(city, -epoch_us(updated_at)) as city,
    arg_min(country, -epoch_us(updated_at)) as country_code,
    min(created_at) as first_seen_at,
    count(*)::integer as source_record_count
from raw.raw_contacts
inner join floor.contact_records using (source_system, source_contact_id)
group by contact_id;

create or replace table floor.orders as
select
    *,
    case when is_purchase then row_number() over (partition by contact_id, is_purchase order by ordered_at, order_id) end::integer as purchase_number
from (
    select
        md5(source_system || chr(31) || source_order_id) as order_id,
        contact_id,
        ordered_at,
        ordered_at::date as ordered_on,
        order_status = 'completed' as is_purchase,
        order_total as net_amount,
        lower(promotion_code) as promotion_code,
        sales_channel
    from raw.raw_orders
    left join floor.contact_records using (source_system, source_contact_id)
);

-- Events: of those that came twice the first, by the project's order of versions.
create or replace table floor.events as
with repeated as (
    select hash(event_id) as key_hash from raw.raw_events where event_id is not null group by all having count(*) > 1
)
select
    source_system, event_id, source_contact_id, anonymous_id,
    case when source_contact_id is not null then 'contact' when anonymous_id is not null then 'anonymous' else 'none' end as visitor_type,
    coalesce(source_contact_id, anonymous_id, '') as visitor_id,
    case event_name
        when 'page_view' then 'page_viewed' when 'view_item' then 'product_viewed'
        when 'add_to_cart' then 'cart_added' when 'begin_checkout' then 'checkout_started' else event_name
    end as event_name,
    occurred_at, occurred_at::date as occurred_on, received_at, lower(channel) as channel, lower(device_type) as device_type,
    lower(operating_system) as operating_system, app_version, page_path, campaign_id, source_product_id, event_value, properties
from (
    select * from raw.raw_events anti join repeated on hash(event_id) = key_hash where event_id is not null
    union all
    select distinct raw_events.* from raw.raw_events semi join repeated on hash(event_id) = key_hash where event_id is not null
);

create or replace table floor.visitors as
select source_system, 'contact' as visitor_type, source_contact_id as visitor_id, contact_id from floor.contact_records
union all
select source_system, 'anonymous', anonymous_id, min(contact_id)
from (select distinct source_system, anonymous_id, source_contact_id from floor.events where anonymous_id is not null and source_contact_id is not null)
left join floor.contact_records using (source_system, source_contact_id)
group by source_system, anonymous_id
having min(coalesce(contact_id, source_contact_id)) = max(coalesce(contact_id, source_contact_id)) and min(contact_id) is not null;

create or replace table floor.daily as
select
    source_system, visitor_type, visitor_id, occurred_on, event_name, channel,
    count(*) as event_count, min(occurred_at) as first_occurred_at, max(occurred_at) as last_occurred_at
from floor.events
group by all;

create or replace table floor.sessions as
with
owned as (
    select
        events.* exclude (source_system),
        contact_id,
        coalesce(contact_id, events.source_system || events.visitor_type || events.visitor_id) as person
    from floor.events
    left join floor.visitors using (source_system, visitor_type, visitor_id)
    where events.event_name not like 'message%' and events.visitor_type != 'none'
),
marked as (
    select *, lag(occurred_at) over (partition by person order by occurred_at) as silent_since from owned
),
numbered as (
    select
        *,
        sum((silent_since is null or occurred_at > silent_since + interval 30 minutes)::integer)
            over (partition by person order by occurred_at range unbounded preceding) as session_number
    from marked
)
select
    person, contact_id, session_number,
    min(occurred_at) as started_at, max(occurred_at) as ended_at, count(*) as event_count,
    count(*) filter (event_name = 'page_viewed') as page_view_count,
    count(*) filter (event_name = 'product_viewed') as product_view_count,
    count(*) filter (event_name = 'cart_added') as cart_addition_count,
    arg_min(page_path, occurred_at) as first_page_path, arg_max(page_path, occurred_at) as last_page_path,
    arg_min(channel, occurred_at) as channel, arg_min(campaign_id, occurred_at) as campaign_id,
    arg_min(device_type, occurred_at) as device_type, arg_min(operating_system, occurred_at) as operating_system
from numbered
group by person, contact_id, session_number;

alter table floor.sessions add column purchase_count integer;
create or replace table floor.sessions as
select sessions.* exclude (purchase_count), coalesce(purchases.purchase_count, 0)::integer as purchase_count
from floor.sessions
left join (
    select contact_id, session_number, count(*) as purchase_count
    from floor.sessions inner join floor.orders using (contact_id)
    where is_purchase and ordered_at between started_at and ended_at + interval 30 minutes
    group by all
) as purchases using (contact_id, session_number);

create or replace table floor.rfm as
with
measures as (
    select
        contact_id,
        min(getvariable('as_of') - ordered_on)::integer as recency_days,
        count(*) filter (getvariable('as_of') - ordered_on <= 365)::integer as frequency,
        coalesce(sum(net_amount) filter (getvariable('as_of') - ordered_on <= 365), 0)::decimal(18, 2) as monetary
    from floor.orders
    where is_purchase and contact_id is not null
    group by contact_id
),
cuts as (
    select
        quantile_cont(recency_days, [0.2, 0.4, 0.6, 0.8]) as recency,
        quantile_cont(frequency, [0.2, 0.4, 0.6, 0.8]) as frequency,
        quantile_cont(monetary, [0.2, 0.4, 0.6, 0.8]) as monetary
    from measures
)
select
    measures.*,
    (5 - len(list_filter(cuts.recency, lambda cut: cut < recency_days)))::integer as recency_score,
    (1 + len(list_filter(cuts.frequency, lambda cut: cut < measures.frequency)))::integer as frequency_score,
    (1 + len(list_filter(cuts.monetary, lambda cut: cut < measures.monetary)))::integer as monetary_score
from measures cross join cuts;

create or replace table floor.lifecycle as
with
numbered as (
    select
        contact_id, ordered_on, purchase_number,
        lag(ordered_on) over (partition by contact_id order by purchase_number) as previous_on
    from floor.orders where is_purchase and contact_id is not null
),
last_purchase as (
    select
        contact_id, max(ordered_on) as last_on, max(purchase_number) as purchases,
        arg_max(previous_on, purchase_number) as previous_on,
        count(*) filter (getvariable('as_of') - ordered_on <= 365) as in_window
    from numbered group by contact_id
)
select
    contacts.contact_id,
    case
        when purchases is null then 'prospect'
        when getvariable('as_of') - last_on > 365 then 'churned'
        when getvariable('as_of') - last_on > 90 then 'lapsed'
        when purchases > 1 and last_on - previous_on > 90 then 'reactivated'
        when in_window >= 4 then 'loyal'
        when purchases = 1 and getvariable('as_of') - last_on <= 30 then 'new'
        else 'active'
    end as lifecycle_stage
from floor.contacts left join last_purchase using (contact_id);

create or replace table floor.traits as
select
    contacts.*,
    lifecycle_stage, recency_score, frequency_score, monetary_score,
    coalesce(purchase_count, 0)::integer as purchase_count,
    coalesce(net_spend_total, 0)::decimal(18, 2) as net_spend_total,
    (getvariable('as_of') - last_purchase_on)::integer as days_since_last_purchase
from floor.contacts
left join floor.lifecycle using (contact_id)
left join floor.rfm using (contact_id)
left join (
    select contact_id, count(*) as purchase_count, sum(net_amount) as net_spend_total, max(ordered_on) as last_purchase_on
    from floor.orders where is_purchase group by contact_id
) using (contact_id);

create or replace table floor.memberships as
select
    unnest(list_filter([
        case when purchase_count = 0 then 'never_purchased' end,
        case when purchase_count = 1 then 'one_time_buyers' end,
        case when purchase_count = 2 then 'two_time_buyers' end,
        case when purchase_count >= 4 then 'buyers_four_times_and_more' end,
        case when lifecycle_stage = 'loyal' then 'loyal_customers' end,
        case when lifecycle_stage = 'churned' then 'churned_customers' end
    ], lambda name: name is not null)) as segment_name,
    contact_id
from floor.traits;
