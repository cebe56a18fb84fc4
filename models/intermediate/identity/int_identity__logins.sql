with

identifications as (

    select * from {{ ref('crm_segmentation', 'int_activity__identifications') }}

),

-- An event with both ids says who uses the browser or app.
logins as (

    select distinct
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        anonymous_id

    from identifications

)

select * from logins
