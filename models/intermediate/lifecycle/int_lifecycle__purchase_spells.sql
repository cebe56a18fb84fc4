{{ rebuilt_for_changes('int_orders__changed_contacts') }}

with

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null and {{ is_changed('int_orders__changed_contacts') }}

),

with_neighbours as (

    select
        contact_id,
        ordered_on,
        purchase_number,
        days_since_previous_purchase,
        lead(ordered_on) over (partition by contact_id order by purchase_number asc) as next_purchase_on,
        lag(ordered_on, {{ var('loyal_orders') | int - 1 }}) over (
            partition by contact_id order by purchase_number asc
        ) as loyalty_counts_from

    from purchases

),

-- From one purchase to the next, the stage depends on that purchase alone. Of several on a day the last one counts.
spells as (

    select
        contact_id,
        purchase_number,
        ordered_on as purchased_on,
        days_since_previous_purchase,
        next_purchase_on,
        {{ add_days('loyalty_counts_from', var('loyal_window_days')) }} as loyal_until

    from with_neighbours

    where next_purchase_on is null or next_purchase_on > ordered_on

)

select * from spells
