with

interactions as (

    select * from {{ ref('crm_segmentation', 'int_rfm__interactions') }}

),

due_months as (

    select * from {{ ref('crm_segmentation', 'int_rfm__month_ends') }}
    where is_due

),

measures as (

    select
        interactions.contact_id,
        due_months.month_end,
        {{ rfm_measures('month_end') }}

    from due_months

    inner join interactions on due_months.month_end >= interactions.happened_on

    group by interactions.contact_id, due_months.month_end

)

select * from measures
