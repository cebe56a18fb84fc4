{%- set window_start = crm_segmentation.first_day_of_last(var('trigger_window_days')) -%}
{%- set stage_ends_on = add_days('funnel_stage_entered_on', var('funnel_cycle_days') | int + 1) %}

-- Guarantees every occasion of the last trigger_window_days of a contact that is not erased, whichever run sees it first.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

offsets as (

    {{ integers(0, var('trigger_window_days')) | indent(4) }}

),

window_days as (

    select {{ add_days(window_start, 'number') }} as window_day from offsets

),

occurrences as (
    {%- for trigger_name, model, occurred_on, condition in [
        ('first_purchase', 'orders', 'ordered_on', 'is_purchase and purchase_number = 1'),
        ('signed_up', 'contact_activation', 'signed_up_on', 'signed_up_on is not null'),
        ('cart_abandoned', 'int_behaviour__carts', 'cast(last_added_at as date)', 'has_abandoned_cart'),
        ('stage_beyond_cycle', 'contact_lifecycle_stages', stage_ends_on, 'is_beyond_funnel_cycle'),
        ('subscription_ended', 'int_lifecycle__subscriptions', 'cast(last_cancelled_at as date)', "subscription_state = 'cancelled'"),
    ] %}

    select
        '{{ trigger_name }}' as trigger_name,
        contact_id,
        {{ occurred_on }} as occurred_on

    from {{ ref('crm_segmentation', model) }}

    where {{ condition }}

    union all
    {%- endfor %}

    select
        'about_to_lapse' as trigger_name,
        contact_id,
        {{ add_days('max(ordered_on)', var('active_days') | int + 1 - var('lapse_warning_days') | int) }} as occurred_on

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase and contact_id is not null

    group by contact_id

    union all

    select
        'birthday' as trigger_name,
        contacts.contact_id,
        window_days.window_day as occurred_on

    from contacts

    inner join window_days
        on {{ is_birthday('contacts.birth_date', 'window_days.window_day') }}

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
