with

interactions as (

    select * from {{ ref('crm_segmentation', 'int_rfm__interactions') }}

),

measures as (

    select
        contact_id,
        {{ rfm_measures(as_of_date()) }},
        {{ as_of_date() }} as as_of_date

    from interactions

    group by contact_id

)

select * from measures
