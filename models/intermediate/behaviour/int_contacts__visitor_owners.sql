{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['source_system', 'visitor_type', 'visitor_id', 'change_number'],
    on_schema_change='fail',
) }}

-- Guarantees that a run adds the visitors alone whose contact has changed, and changes no row that is there: sessions
-- are built again for these visitors and for no others.
with

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),
{%- if is_incremental() %}

numbered_owners as (

    select
        *,
        row_number() over (
            partition by source_system, visitor_type, visitor_id
            order by change_number desc
        ) as recency

    from {{ this }}

),

newest_owners as (

    select * from numbered_owners
    where recency = 1

),

changes as (

    select coalesce(max(change_number), 0) as last_number
    from newest_owners

),

changed_owners as (

    select
        visitors.contact_id,
        coalesce(visitors.source_system, newest_owners.source_system) as source_system,
        coalesce(visitors.visitor_type, newest_owners.visitor_type) as visitor_type,
        coalesce(visitors.visitor_id, newest_owners.visitor_id) as visitor_id,
        changes.last_number + 1 as change_number

    from newest_owners

    full outer join visitors
        on
            {{ same_visitor('newest_owners') }}

    cross join changes

    where coalesce(visitors.contact_id, '') != coalesce(newest_owners.contact_id, '')

),
{%- else %}

changed_owners as (

    select
        source_system,
        visitor_type,
        visitor_id,
        contact_id,
        1 as change_number

    from visitors

),
{%- endif %}

visitor_owners as (

    select
        source_system,
        visitor_type,
        visitor_id,
        contact_id,
        cast(change_number as {{ dbt.type_int() }}) as change_number,
        {{ as_of_date() }} as as_of_date

    from changed_owners

)

select * from visitor_owners
