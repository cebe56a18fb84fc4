with

kept_rows as (

    select * from {{ ref('base_people__consents') }}
    where row_status = 'kept'

),

tidied as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        source_system,
        source_contact_id,
        lower(channel) as channel,
        lower(consent_status) as consent_status,
        consent_source,
        occurred_at

    from kept_rows

)

select * from tidied
