{{ config(materialized='view') }}

with

memberships as (

    select * from {{ ref('segment_memberships') }}

),

spells as (

    select
        segment_name,
        contact_id,
        as_of_date as entered_on,
        cast(null as date) as exited_on

    from memberships

)

select * from spells
