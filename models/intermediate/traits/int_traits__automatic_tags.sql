with

rules as (

    select * from {{ ref('crm_segmentation', 'tag_rules') }}

),

signals as (

    select
        contact_id,
        occurred_on,
        event_name as signal_name,
        event_count as signal_count

    from {{ ref('crm_segmentation', 'contact_activity_daily') }}

    where {{ in_last_days('occurred_on', 90) }}

    union all

    select
        contact_id,
        ordered_on as occurred_on,
        'purchased' as signal_name,
        1 as signal_count

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase and contact_id is not null and {{ in_last_days('ordered_on', 90) }}

),

automatic_tags as (

    select
        signals.contact_id,
        rules.tag,
        max(signals.occurred_on) as tagged_on

    from signals

    inner join rules
        on
            signals.signal_name = rules.signal_name
            and {{ days_ago('signals.occurred_on') }} <= rules.window_days

    group by signals.contact_id, rules.tag, rules.fewest_occurrences

    having sum(signals.signal_count) >= rules.fewest_occurrences

)

select * from automatic_tags
