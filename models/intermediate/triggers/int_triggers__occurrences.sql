{%- set window_start = crm_segmentation.first_day_of_last(var('trigger_window_days')) -%}

with

orders as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

activation as (

    select * from {{ ref('crm_segmentation', 'contact_activation') }}

),

carts as (

    select * from {{ ref('crm_segmentation', 'int_traits__carts') }}
    where has_abandoned_cart

),

stages as (

    select * from {{ ref('crm_segmentation', 'contact_lifecycle_stages') }}

),

subscriptions as (

    select * from {{ ref('crm_segmentation', 'int_traits__subscriptions') }}
    where subscription_state = 'cancelled'

),

offsets as (

    {{ integers(0, var('trigger_window_days')) | indent(4) }}

),

window_days as (

    select {{ add_days(window_start, 'number') }} as window_day from offsets

),

last_purchases as (

    select
        contact_id,
        max(ordered_on) as last_purchase_on

    from orders

    group by contact_id

),

occurrences as (

    select
        'first_purchase' as trigger_name,
        contact_id,
        ordered_on as occurred_on

    from orders

    where purchase_number = 1

    union all

    select
        'signed_up' as trigger_name,
        contact_id,
        signed_up_on as occurred_on

    from activation

    union all

    select
        'cart_abandoned' as trigger_name,
        contact_id,
        cast(last_added_at as date) as occurred_on

    from carts

    union all

    select
        'stage_beyond_cycle' as trigger_name,
        contact_id,
        {{ add_days('funnel_stage_entered_on', var('funnel_cycle_days') | int + 1) }} as occurred_on

    from stages

    where is_beyond_funnel_cycle

    union all

    select
        'about_to_lapse' as trigger_name,
        contact_id,
        {{ add_days('last_purchase_on', var('active_days') | int + 1 - var('lapse_warning_days') | int) }} as occurred_on

    from last_purchases

    union all

    select
        'birthday' as trigger_name,
        contacts.contact_id,
        window_days.window_day as occurred_on

    from contacts

    inner join window_days
        on {{ is_birthday('contacts.birth_date', 'window_days.window_day') }}

    union all

    select
        'subscription_ended' as trigger_name,
        contact_id,
        cast(last_cancelled_at as date) as occurred_on

    from subscriptions

),

recent_occurrences as (

    select
        occurrences.trigger_name,
        occurrences.contact_id,
        occurrences.occurred_on

    from occurrences

    inner join contacts on occurrences.contact_id = contacts.contact_id

    where occurrences.occurred_on between {{ window_start }} and {{ as_of_date() }}

)

select * from recent_occurrences
