with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_people__consents') }}
    where row_status = 'kept'

),

-- Who objects and names no channel that anybody knows objects to all of them; who grants so, grants nothing.
tidied as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        source_system,
        source_contact_id,
        case
            when known_channel is not null then known_channel
            when decision = 'withdrawn' then 'all'
            else lower(channel)
        end as channel,
        known_channel is not null or decision = 'withdrawn' as is_known_channel,
        decision as consent_status,
        consent_source,
        version_at as occurred_at,

        -- what arrived, for rejected_values
        channel as raw_channel,
        known_channel,
        consent_status as raw_consent_status,
        known_status,
        raw_occurred_at

    from kept_rows

)

select * from tidied
