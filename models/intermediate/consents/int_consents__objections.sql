-- Guarantees that a no counts for every record that may have said it, on every channel it names, and from a moment on even without a
-- date; also for a record of nobody, whose address another contact may have.
with

{{ imports({
    'objections': 'stg_activity__objections',
    'known_records': 'int_contacts__known_records',
    'undated_noes': 'int_contacts__undated_noes',
    'channels': 'base_people__channels',
}) }}

identifications as (

    select distinct
        source_system,
        anonymous_id,
        source_contact_id

    from {{ ref('crm_segmentation', 'int_activity__identifications') }}

),

-- What a browser says, everybody says whom events tie to it: whose word it was does not show.
by_record as (

    select
        objections.*,
        {{ voice_id('objections') }} as voice_id,
        {{ hashed_key(['objections.source_system', 'coalesce(identifications.source_contact_id, objections.visitor_id)']) }} as record_id

    from objections

    left join identifications
        on
            objections.visitor_type = 'anonymous'
            and objections.source_system = identifications.source_system
            and objections.visitor_id = identifications.anonymous_id

    where objections.visitor_type = 'contact' or identifications.source_contact_id is not null

),

by_contact as (

    select
        known_records.contact_id,
        by_record.record_id,
        by_record.channel,
        by_record.event_name,
        case
            when by_record.is_undated and by_record.event_name != 'message_bounced'
                then {{ counts_from('cast(null as timestamp)', 'undated_noes.known_on') }}
            else by_record.last_occurred_at
        end as counts_from

    from by_record

    left join known_records on by_record.record_id = known_records.record_id

    left join undated_noes on by_record.voice_id = undated_noes.voice_id and by_record.channel = undated_noes.channel

),

dated_objections as (

    select * from by_contact
    where counts_from is not null

),

by_channel as (

    {{ each_channel('dated_objections', ['contact_id', 'record_id', 'event_name', 'counts_from']) }}

),

objections_by_record as (

    select
        contact_id,
        record_id,
        channel,
        event_name,
        max(counts_from) as counts_from

    from by_channel

    group by contact_id, record_id, channel, event_name

)

select * from objections_by_record
