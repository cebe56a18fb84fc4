with

contact_traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

-- One pass: every contact is read once and becomes a row for each rule that holds.
memberships as (

    {{ explode_texts('contact_traits', ['contact_id'], segment_texts(), 'segment_name') }}

),

segment_memberships as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        contact_id,
        {{ as_of_date() }} as as_of_date

    from memberships

)

select * from segment_memberships
