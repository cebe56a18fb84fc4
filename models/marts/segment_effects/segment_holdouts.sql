with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

holdouts as (

    select * from {{ ref('crm_segmentation', 'int_segment_effects__holdouts') }}

),

held_out as (

    select
        holdouts.segment_name,
        holdouts.contact_id

    from holdouts

    inner join contacts on holdouts.contact_id = contacts.contact_id

    where holdouts.segment_name = 'all'

    union all

    select
        holdouts.segment_name,
        holdouts.contact_id

    from holdouts

    inner join memberships on holdouts.segment_name = memberships.segment_name and holdouts.contact_id = memberships.contact_id

),

segment_holdouts as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        contact_id

    from held_out

)

select * from segment_holdouts
