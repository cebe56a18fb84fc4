{{ config(materialized='view') }}

with

eligibility as (

    select * from {{ ref('crm_segmentation', 'int_audiences__eligibility') }}

),

destinations as (

    {{ active_destinations() | indent(4) }}

),

audience_members as (

    select
        cast(destinations.destination as {{ dbt.type_string() }}) as destination,
        eligibility.segment_name,
        eligibility.contact_id,
        eligibility.held_back_reason is null as is_eligible,
        cast(eligibility.held_back_reason as {{ dbt.type_string() }}) as held_back_reason,
        {{ as_of_date() }} as as_of_date

    from eligibility

    inner join destinations on eligibility.channel = destinations.channel and eligibility.identifier = destinations.identifier

)

select * from audience_members
