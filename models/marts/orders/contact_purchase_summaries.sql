with

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

purchase_days as (

    select
        contact_id,
        ordered_on,
        sum(net_amount) as day_amount,
        row_number() over (partition by contact_id order by ordered_on asc) as day_number

    from purchases

    group by contact_id, ordered_on

),

-- The first day makes a customer; the days after it are the repeats that buy-till-you-die models count.
summaries as (

    select
        contact_id,
        cast(count(*) as {{ dbt.type_int() }}) as purchase_days,
        cast(count(*) - 1 as {{ dbt.type_int() }}) as repeat_purchase_days,
        min(ordered_on) as first_purchase_on,
        max(ordered_on) as last_purchase_on,
        cast({{ days_between('min(ordered_on)', 'max(ordered_on)') }} as {{ dbt.type_int() }}) as recency_days,
        cast({{ days_between('min(ordered_on)', as_of_date()) }} as {{ dbt.type_int() }}) as tenure_days,
        {{ rounded_ratio(
            'sum(case when day_number > 1 then day_amount end)', 'nullif(count(*) - 1, 0)', scale=4
        ) }} as mean_repeat_amount,
        {{ as_of_date() }} as as_of_date

    from purchase_days

    group by contact_id

)

select * from summaries
