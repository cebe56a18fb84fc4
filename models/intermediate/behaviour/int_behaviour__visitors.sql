-- Guarantees one contact per visitor of a source system; a browser that several people have used has none.
with

{{ imports({
    'contact_records': 'contact_records',
    'known_records': 'int_contacts__known_records',
    'identifications': 'int_activity__identifications',
}) }}

-- Visitors whose contact record no longer arrives. Only they are hashed, because events name everybody else by a known key.
gone_visitors as (

    select distinct
        daily.source_system,
        daily.visitor_id

    from {{ ref('crm_segmentation', 'int_activity__daily') }} as daily

    left join contact_records
        on daily.source_system = contact_records.source_system and daily.visitor_id = contact_records.source_contact_id

    where daily.visitor_type = 'contact' and contact_records.record_id is null

),

contact_visitors as (

    select
        source_system,
        source_contact_id as visitor_id,
        contact_id

    from contact_records

    union all

    select
        gone_visitors.source_system,
        gone_visitors.visitor_id,
        known_records.contact_id

    from gone_visitors

    inner join known_records on {{ hashed_key(['gone_visitors.source_system', 'gone_visitors.visitor_id']) }} = known_records.record_id

),

-- A record that is not in the ledger is a person as well, so a browser that it shares with a contact has no owner.
people_behind as (

    select
        identifications.source_system,
        identifications.anonymous_id,
        contact_visitors.contact_id,
        coalesce(contact_visitors.contact_id, identifications.source_contact_id) as person

    from identifications

    left join contact_visitors
        on
            identifications.source_system = contact_visitors.source_system
            and identifications.source_contact_id = contact_visitors.visitor_id

),

anonymous_owners as (

    select
        source_system,
        anonymous_id as visitor_id,
        min(contact_id) as contact_id

    from people_behind

    group by source_system, anonymous_id

    having min(person) = max(person) and min(contact_id) is not null

),

visitors as (
    {%- for visitor_type, relation in {'contact': 'contact_visitors', 'anonymous': 'anonymous_owners'}.items() %}

    select
        source_system,
        '{{ visitor_type }}' as visitor_type,
        visitor_id,
        contact_id

    from {{ relation }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from visitors
