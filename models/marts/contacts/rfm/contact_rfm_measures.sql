with

purchases as (

    select * from {{ ref('orders') }}
    where is_purchase and contact_id is not null

),

measures as (

    select
        contact_id,
        {{ rfm_measures(as_of_date()) }}

    from purchases

    group by contact_id

)

select * from measures
