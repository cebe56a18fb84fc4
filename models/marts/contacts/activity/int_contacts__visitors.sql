with

contact_records as (

    select * from {{ ref('contact_records') }}

),

identifications as (

    select * from {{ ref('int_activity__identifications') }}

),

-- A record that no contact table knows is somebody too: the browser it shares with a contact has no owner.
people_behind as (

    select
        identifications.source_system,
        identifications.anonymous_id,
        contact_records.contact_id,
        coalesce(contact_records.contact_id, identifications.source_contact_id) as person

    from identifications

    left join contact_records
        on
            identifications.source_system = contact_records.source_system
            and identifications.source_contact_id = contact_records.source_contact_id

),

anonymous_owners as (

    select
        source_system,
        'anonymous' as visitor_type,
        anonymous_id as visitor_id,
        min(contact_id) as contact_id

    from people_behind

    group by source_system, anonymous_id

    having min(person) = max(person) and min(contact_id) is not null

),

visitors as (

    select
        source_system,
        'contact' as visitor_type,
        source_contact_id as visitor_id,
        contact_id

    from contact_records

    union all

    select
        source_system,
        visitor_type,
        visitor_id,
        contact_id

    from anonymous_owners

)

select * from visitors
