with

sessions as (

    select * from {{ ref('crm_segmentation', 'sessions') }}
    where contact_id is not null

),

first_purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where purchase_number = 1

),

session_traits as (

    select
        sessions.contact_id,
        cast(count(*) as {{ dbt.type_int() }}) as session_count,
        cast(count(case when {{ in_last_days('sessions.started_on', 30) }} then 1 end) as {{ dbt.type_int() }}) as sessions_30_days,
        cast(count(case when sessions.is_converted then 1 end) as {{ dbt.type_int() }}) as converted_session_count,
        cast(
            case
                when min(first_purchases.ordered_at) is not null
                    then count(case when sessions.started_at <= first_purchases.ordered_at then 1 end)
            end as {{ dbt.type_int() }}
        ) as sessions_to_first_purchase,
        {%- for days in [30, 90] %}
        cast(
            count(distinct case when {{ in_last_days('sessions.started_on', days) }} then sessions.started_on end) as {{ dbt.type_int() }}
        ) as active_days_{{ days }}_days,
        {%- endfor %}
        cast({{ days_ago('max(sessions.ended_at)') }} as {{ dbt.type_int() }}) as days_since_last_seen,
        {{ value_at_lowest('sessions.campaign_id', 'sessions.session_number') }} as first_campaign_id,
        {{ value_at_lowest('sessions.campaign_id', '-sessions.session_number') }} as last_campaign_id

    from sessions

    left join first_purchases on sessions.contact_id = first_purchases.contact_id

    group by sessions.contact_id

)

select * from session_traits
