with

erasure_reviews as (

    select * from {{ ref('crm_segmentation', 'int_identity__erasure_reviews') }}

),

assignments as (

    select * from {{ ref('crm_segmentation', 'int_identity__assignments') }}

),

reviewed_records as (

    select
        assignments.record_id,
        assignments.contact_id,
        cast(erasure_reviews.identifier_types as {{ dbt.type_string() }}) as identifier_types,
        cast(erasure_reviews.erased_at as date) as erased_on,
        cast(erasure_reviews.verdict as {{ dbt.type_string() }}) as verdict

    from erasure_reviews

    inner join assignments on erasure_reviews.record_id = assignments.record_id

)

select * from reviewed_records
