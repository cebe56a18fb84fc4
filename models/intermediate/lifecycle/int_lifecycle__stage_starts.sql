{{ rebuilt_for_changes('int_orders__changed_contacts') }}

{%- set has_changed = is_changed('int_orders__changed_contacts') %}
{%- set turning_points = [
    'purchased_on',
    add_days('purchased_on', var('new_days') | int + 1),
    add_days('purchased_on', var('active_days') | int + 1),
    add_days('purchased_on', var('churned_days') | int + 1),
    add_days('loyal_until', 1),
] -%}

with

spells as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__purchase_spells') }}
    where {{ has_changed }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where {{ has_changed }}

),

-- A stage can change without a further purchase on these days alone.
turning_points as (

    {%- for turning_point in turning_points %}

    select
        contact_id,
        purchase_number,
        purchased_on,
        days_since_previous_purchase,
        next_purchase_on,
        loyal_until,
        {{ turning_point }} as starts_on

    from spells
    {%- if not loop.last %}

    union distinct
    {%- endif %}
    {%- endfor %}

),

customer_starts as (

    select
        contact_id,
        starts_on,
        {{ lifecycle_stage(
            days_since_last_purchase=days_between('purchased_on', 'starts_on'),
            days_since_previous_purchase='days_since_previous_purchase',
            is_loyal='starts_on <= loyal_until',
            purchase_count='purchase_number',
        ) }} as lifecycle_stage

    from turning_points

    where
        starts_on >= purchased_on
        and starts_on <= {{ as_of_date() }}
        and (next_purchase_on is null or starts_on < next_purchase_on)

),

prospect_starts as (

    select
        contact_id,
        cast(first_seen_at as date) as starts_on,
        'prospect' as lifecycle_stage

    from contacts

),

stage_starts as (

    select * from customer_starts

    union all

    select * from prospect_starts

)

select * from stage_starts
