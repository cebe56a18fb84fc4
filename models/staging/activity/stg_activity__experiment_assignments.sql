with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_activity__experiment_assignments') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        experiment_name,
        source_system,
        source_contact_id,
        lower(variant) as variant,
        assigned_at

    from kept_rows

)

select * from tidied
