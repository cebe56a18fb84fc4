with

events as (

    select * from {{ ref('stg_activity__events') }}

),

-- An event with both ids says who uses the browser or app.
logins as (

    select distinct
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        anonymous_id

    from events

    where source_contact_id is not null and anonymous_id is not null

)

select * from logins
