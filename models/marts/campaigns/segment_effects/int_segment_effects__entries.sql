with

spells as (

    select * from {{ ref('segment_membership_history') }}

),

purchases as (

    select * from {{ ref('orders') }}
    where is_purchase and contact_id is not null

),

-- The first entry only: a contact that comes and goes is still one contact.
entries as (

    select
        segment_name,
        contact_id,
        min(entered_on) as entered_on

    from spells

    group by segment_name, contact_id

),

with_revenue as (

    select
        entries.segment_name,
        entries.contact_id,
        entries.entered_on,
        {{ add_days('entries.entered_on', var('segment_outcome_days')) }} <= {{ add_days(as_of_date(), 1) }} as is_complete,
        {{ is_held_out('entries.contact_id', "'all'", var('global_holdout_percent')) }}
        or {{ is_held_out('entries.contact_id', 'entries.segment_name', var('segment_holdout_percent')) }} as is_held_out,
        cast(coalesce(
            sum(case when purchases.ordered_on < entries.entered_on then purchases.net_amount end), 0
        ) as numeric(18, 2)) as revenue_before,
        cast(coalesce(
            sum(case when purchases.ordered_on >= entries.entered_on then purchases.net_amount end), 0
        ) as numeric(18, 2)) as revenue_after,
        count(case when purchases.ordered_on >= entries.entered_on then purchases.order_id end) as purchase_count_after

    from entries

    left join purchases
        on
            entries.contact_id = purchases.contact_id
            and purchases.ordered_on >= {{ add_days('entries.entered_on', -var('segment_outcome_days')) }}
            and purchases.ordered_on < {{ add_days('entries.entered_on', var('segment_outcome_days')) }}

    group by entries.segment_name, entries.contact_id, entries.entered_on

)

select * from with_revenue
