with

recent_activity as (

    select * from {{ ref('crm_segmentation', 'contact_activity_daily') }}
    where
        {{ in_last_days('occurred_on', 90) }}
        and event_name in ({{ text_literals(counted_activities()) }})

),

behaviour as (

    select
        {%- for event_name, events in counted_activities().items() %}
        {%- for days in [7, 30, 90] %}
        cast(
            sum(case when event_name = '{{ event_name }}' and {{ in_last_days('occurred_on', days) }} then event_count else 0 end)
            as {{ dbt.type_int() }}
        ) as {{ events }}_{{ days }}_days,
        {%- endfor %}
        {%- endfor %}
        contact_id

    from recent_activity

    group by contact_id

)

select * from behaviour
