with

purchases as (

    select * from {{ ref('orders') }}
    where is_purchase and contact_id is not null

),

measures as (

    select
        contact_id,
        cast(min({{ days_ago('ordered_on') }}) as {{ dbt.type_int() }}) as recency_days,
        cast(count(case when {{ in_rfm_window('ordered_on') }} then 1 end) as {{ dbt.type_int() }}) as frequency,
        cast(
            coalesce(sum(case when {{ in_rfm_window('ordered_on') }} then net_amount end), 0) as numeric(18, 2)
        ) as monetary

    from purchases

    group by contact_id

)

select * from measures
