-- Guarantees that what made a contact enter lies before its entry, and that no outcome counts before its window is over.
with

{{ imports({
    'spells': 'segment_membership_history',
    'holdouts': 'int_segment_effects__holdouts',
    'purchases': ['orders', 'is_purchase and contact_id is not null'],
}) }}

-- A contact that comes and goes is still one contact.
entries as (

    select
        segment_name,
        contact_id,
        min(entered_on) as entered_on

    from spells

    group by segment_name, contact_id

),

purchases_around as (

    select
        entries.segment_name,
        entries.contact_id,
        entries.entered_on,
        purchases.net_amount,
        purchases.ordered_on >= {{ outcome_starts_on('entries.entered_on') }} as is_outcome

    from entries

    left join purchases
        on
            entries.contact_id = purchases.contact_id
            and purchases.ordered_on > {{ add_days('entries.entered_on', -var('segment_outcome_days')) }}
            and purchases.ordered_on <= {{ add_days('entries.entered_on', var('segment_outcome_days')) }}

),

with_revenue as (

    select
        segment_name,
        contact_id,
        entered_on,
        {{ add_days('entered_on', var('segment_outcome_days')) }} <= {{ as_of_date() }} as is_complete,
        cast(coalesce(sum(case when not is_outcome then net_amount end), 0) as numeric(18, 2)) as revenue_before,
        cast(coalesce(sum(case when is_outcome then net_amount end), 0) as numeric(18, 2)) as revenue_after,
        count(case when is_outcome then 1 end) as purchase_count_after

    from purchases_around

    group by segment_name, contact_id, entered_on

),

with_holdouts as (

    select
        with_revenue.*,
        global_holdouts.contact_id is not null or segment_holdouts.contact_id is not null as is_held_out

    from with_revenue

    left join holdouts as segment_holdouts
        on with_revenue.segment_name = segment_holdouts.segment_name and with_revenue.contact_id = segment_holdouts.contact_id

    left join holdouts as global_holdouts
        on global_holdouts.segment_name = 'all' and with_revenue.contact_id = global_holdouts.contact_id

)

select * from with_holdouts
