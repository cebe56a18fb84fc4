with

contacts as (

    select * from {{ ref('contacts') }}
    where not is_erased

),

memberships as (

    select * from {{ ref('segment_memberships') }}

),

held_out as (

    select
        'all' as segment_name,
        contact_id

    from contacts

    where {{ is_held_out('contact_id', "'all'", var('global_holdout_percent')) }}

    union all

    select
        segment_name,
        contact_id

    from memberships

    where {{ is_held_out('contact_id', 'segment_name', var('segment_holdout_percent')) }}

),

segment_holdouts as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        contact_id

    from held_out

)

select * from segment_holdouts
