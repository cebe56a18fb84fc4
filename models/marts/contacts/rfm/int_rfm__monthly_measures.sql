with

purchases as (

    select * from {{ ref('orders') }}
    where is_purchase and contact_id is not null

),

due_months as (

    select * from {{ ref('int_rfm__month_ends') }}
    where is_due

),

measures as (

    select
        purchases.contact_id,
        due_months.month_end,
        {{ rfm_measures('month_end') }}

    from due_months

    inner join purchases on due_months.month_end >= purchases.ordered_on

    group by purchases.contact_id, due_months.month_end

)

select * from measures
