-- A shop's raw tables, made up: as many contacts, orders and events as asked for over as many days as asked for, the same
-- rows for the same numbers. Set before: contact_count, order_count, event_count, day_count, last_day (the as-of date).
-- Schema raw holds what is known by the end of last_day, schema next what the day after brings.

create schema if not exists raw;
create schema if not exists next;
create schema if not exists pool;

-- A number from 0 to 1 that depends on nothing but its seed.
create or replace macro chance(number, salt) as (hash(number, salt) % 1000003) / 1000003.0;
create or replace macro history_start() as (getvariable('last_day')::timestamp - to_days((getvariable('day_count') - 1)::integer));
create or replace macro history_end() as (getvariable('last_day')::timestamp + interval 2 days);
create or replace macro seconds_in_all() as (getvariable('day_count') + 1) * 86400;

-- One person in eight stands in two systems, under the same address. People differ in how often they buy and how long they stay.
create or replace table pool.people as
select
    number,
    history_start() + to_seconds((seconds_in_all() * (case when chance(number, 'old') < 0.5 then 0 else chance(number, 'created') end))::bigint)
        + to_seconds((chance(number, 'second') * 3600)::bigint) as created_at,
    86400 * (20 - 500 * ln(1 - 0.999 * chance(number, 'stay'))) as seconds_until_dropout
from range(1, getvariable('contact_count') + 1) as numbers (number);

create or replace table pool.contacts as
select
    system as source_system,
    upper(system[1]) || number as source_contact_id,
    'person' || number || '@example.com' as email,
    case when chance(number, 'has phone') < 0.3 then '+4915' || (112000000 + number % 9000000) end as phone,
    'First' || (hash(number) % 500) as first_name,
    'Last' || (hash(number + 1) % 5000) as last_name,
    case when chance(number, 'has birth') < 0.5 then date '1950-01-01' + (chance(number, 'birth') * 18000)::integer end as birth_date,
    ['Berlin', 'Hamburg', 'Wien', 'Zürich', 'Paris'][1 + (hash(number, 'city') % 5)::integer] as city,
    ['DE', 'DE', 'AT', 'CH', 'FR'][1 + (hash(number, 'city') % 5)::integer] as country,
    created_at + to_minutes(case when system = 'app' then 60 else 0 end) as created_at,
    created_at + to_minutes(case when system = 'app' then 60 else 0 end) as updated_at,
    created_at as signed_up_at
from pool.people
cross join (values ('shop'), ('app')) as systems (system)
where system = 'shop' or chance(number, 'two systems') < 0.125;

create or replace table pool.orders as
with
drawn as (
    select
        order_number,
        1 + (getvariable('contact_count') * power(chance(order_number, 'buyer'), 1.7))::bigint % getvariable('contact_count') as number,
        chance(order_number, 'when') as share
    from range(1, getvariable('order_count') + 1) as numbers (order_number)
),
dated as (
    select
        order_number,
        drawn.number,
        people.created_at + to_seconds((share * least(
            people.seconds_until_dropout, date_diff('second', people.created_at, history_end() - interval 1 day)
        ))::bigint) as ordered_at
    from drawn
    inner join pool.people on drawn.number = people.number
)
-- One order in eight of the autumn waits for Christmas.
select
    'shop' as source_system,
    'O' || order_number as source_order_id,
    'S' || number as source_contact_id,
    case
        when chance(order_number, 'season') < 0.125 and month(ordered_at) between 9 and 10
            then ordered_at + interval 60 days
        else ordered_at
    end as ordered_at,
    ['completed', 'completed', 'completed', 'completed', 'completed', 'cancelled'][1 + (hash(order_number, 'status') % 6)::integer] as order_status,
    'EUR' as currency,
    (5 + 195 * power(chance(order_number, 'total'), 3))::decimal(18, 2) as order_total,
    case when chance(order_number, 'promotion') < 0.2 then 'SAVE' || (hash(order_number) % 20) end as promotion_code,
    'web' as sales_channel
from dated;

create or replace table pool.order_items as
select
    source_system,
    source_order_id,
    1 as line_number,
    'P' || (hash(source_order_id) % 1000) as source_product_id,
    1 as quantity,
    order_total as unit_price
from pool.orders;

create or replace table pool.products as
select
    'P' || number as source_product_id,
    'Product ' || number as product_name,
    'Category ' || number % 20 as category,
    9.99 as price
from range(1000) as numbers (number);

-- A session is 1 to 11 events a few minutes apart; four in ten are of browsers that nobody has signed in on.
create or replace table pool.events as
with
sessions as (
    select
        session_number,
        1 + (getvariable('contact_count') * power(chance(session_number, 'visitor'), 1.5))::bigint % getvariable('contact_count') as number,
        history_start() + to_microseconds((1e6 * seconds_in_all() * chance(session_number, 'start'))::bigint
            + (hash(session_number, 'fine') % 1000000000)::bigint) as started_at,
        chance(session_number, 'known') < 0.6 as is_known,
        ['mobile', 'desktop', 'tablet'][1 + (hash(session_number, 'device') % 3)::integer] as device_type,
        ['iOS', 'Windows', 'Android'][1 + (hash(session_number, 'device') % 3)::integer] as operating_system,
        case when chance(session_number, 'campaign') < 0.2 then 'C' || (hash(session_number) % 50) end as campaign_id,
        chance(session_number, 'message') < 0.12 as is_message,
        1 + (hash(session_number, 'length') % 11)::integer as event_count
    from range(1, getvariable('event_count') // 6 + 1) as numbers (session_number)
),
told as (
    select
        sessions.*,
        step,
        hash(session_number, step) as event_hash
    from sessions
    cross join range(1, 12) as steps (step)
    where step <= event_count
),
timed as (
    select
        *,
        started_at + to_seconds((step * 40 + event_hash % 37)::bigint) as occurred_at
    from told
)
select
    'shop' as source_system,
    'E' || session_number || '-' || step as event_id,
    case when is_known then 'S' || number end as source_contact_id,
    case when not is_message then case when chance(session_number, 'browser') < 0.8 then 'b' || number else 'n' || session_number end end as anonymous_id,
    case
        when is_message then ['message_sent', 'message_delivered', 'message_opened', 'message_clicked'][1 + (step % 4)]
        else ['page_view', 'page_viewed', 'view_item', 'product_viewed', 'page_viewed', 'add_to_cart', 'begin_checkout', 'page_viewed'][1 + (event_hash % 8)::integer]
    end as event_name,
    occurred_at,
    occurred_at + case
        when event_hash % 2000 = 7 then interval 9 days
        when event_hash % 100 = 1 then to_hours((event_hash % 70)::integer)
        else to_seconds((event_hash % 5)::bigint)
    end as received_at,
    case when is_message then 'email' else 'web' end as channel,
    device_type,
    operating_system,
    null::varchar as app_version,
    '/category/' || (event_hash % 200) as page_path,
    campaign_id,
    case when event_hash % 8 between 2 and 3 then 'P' || (event_hash % 1000) end as source_product_id,
    null::decimal(18, 4) as event_value,
    null::varchar as properties
from timed;

-- One event in a hundred is sent twice, and one in ten thousand has lost its key.
insert into pool.events select * from pool.events where hash(event_id) % 100 = 0;
insert into pool.events select * replace (null as event_id) from pool.events where hash(event_id) % 10000 = 1;

create or replace table pool.consents as
select
    source_system,
    source_contact_id,
    'email' as channel,
    case when hash(source_contact_id) % 10 < 7 then 'granted' else 'withdrawn' end as consent_status,
    created_at as occurred_at,
    'sign-up form' as consent_source
from pool.contacts;

-- Loaded in the order of arrival, as a company's own tables are.
create or replace table raw.raw_products as from pool.products;
create or replace table raw.raw_contacts as from pool.contacts where updated_at < getvariable('last_day')::timestamp + interval 1 day order by created_at;
create or replace table raw.raw_orders as from pool.orders where ordered_at < getvariable('last_day')::timestamp + interval 1 day order by ordered_at;
create or replace table raw.raw_order_items as select items.* from pool.order_items as items semi join raw.raw_orders using (source_order_id);
create or replace table raw.raw_consents as from pool.consents where occurred_at < getvariable('last_day')::timestamp + interval 1 day order by occurred_at;
create or replace table raw.raw_events as from pool.events where received_at < getvariable('last_day')::timestamp + interval 1 day order by received_at;

create or replace table next.raw_contacts as from pool.contacts where updated_at >= getvariable('last_day')::timestamp + interval 1 day and updated_at < history_end();
create or replace table next.raw_orders as from pool.orders where ordered_at >= getvariable('last_day')::timestamp + interval 1 day and ordered_at < history_end();
create or replace table next.raw_order_items as select items.* from pool.order_items as items semi join next.raw_orders using (source_order_id);
create or replace table next.raw_consents as from pool.consents where occurred_at >= getvariable('last_day')::timestamp + interval 1 day and occurred_at < history_end();
create or replace table next.raw_events as from pool.events where received_at >= getvariable('last_day')::timestamp + interval 1 day and received_at < history_end();
drop schema pool cascade;
