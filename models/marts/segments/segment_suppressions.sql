with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

contact_traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}

),

members as (

    select
        contact_traits.*,
        memberships.segment_name

    from memberships

    inner join contact_traits on memberships.contact_id = contact_traits.contact_id

),

judged as (

    select
        segment_name,
        contact_id,
        {{ suppression_sql() }} as suppression_name

    from members

),

suppressions as (

    select
        segment_name,
        contact_id,
        cast(suppression_name as {{ dbt.type_string() }}) as suppression_name,
        {{ as_of_date() }} as as_of_date

    from judged

    where suppression_name is not null

)

select * from suppressions
