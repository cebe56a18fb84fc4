{{ config(enabled=is_connected('snowplow', 'raw_contact_identifiers')) }}

with

contact_identifiers as (

    select
        contact_system as source_system,
        user_id as source_contact_id,
        anonymous_id as identifier_value,
        'anonymous_id' as identifier_type,
        max(occurred_at) as seen_at,
        max(loaded_at) as loaded_at

    from {{ ref('crm_segmentation', 'connected_snowplow__acts') }}

    where
        source_system in ({{ instances_feeding('snowplow', 'raw_contact_identifiers') }})
        and user_id is not null
        and anonymous_id is not null

    group by contact_system, user_id, anonymous_id

)

select * from contact_identifiers
