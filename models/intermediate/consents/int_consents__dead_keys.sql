-- Guarantees that a key is dead only as long as nobody who shows it has got a message since it bounced last.
with

{{ imports({'records': 'int_identity__records', 'source_records': 'int_contacts__source_records'}) }}

bounced_keys as (

    select * from {{ ref('crm_segmentation', 'int_contacts__bounced_keys') }}
    where bounced_at < {{ as_of_end() }}

),

last_bounces as (

    select
        channel,
        identifier_type,
        identifier_key,
        max(bounced_at) as bounced_at

    from bounced_keys

    group by channel, identifier_type, identifier_key

),

holders as (
    {%- for identifier_type in ['email', 'phone'] %}

    select
        last_bounces.*,
        records.record_id,
        records.source_system,
        records.source_contact_id,
        source_records.updated_at

    from last_bounces

    inner join records on last_bounces.identifier_key = records.{{ identifier_type }}_key

    inner join source_records on records.record_id = source_records.record_id

    where last_bounces.identifier_type = '{{ identifier_type }}'
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

-- What somebody got before the record was written may have gone to another address.
received as (

    select
        holders.channel,
        holders.identifier_type,
        holders.identifier_key,
        max(receipts.last_occurred_at) as received_at

    from holders

    inner join {{ ref('crm_segmentation', 'int_activity__daily') }} as receipts
        on
            holders.source_system = receipts.source_system
            and holders.source_contact_id = receipts.visitor_id
            and holders.channel = receipts.channel

    left join bounced_keys
        on
            holders.record_id = bounced_keys.record_id
            and holders.channel = bounced_keys.channel
            and holders.identifier_type = bounced_keys.identifier_type
            and holders.identifier_key = bounced_keys.identifier_key

    where
        receipts.visitor_type = 'contact'
        and receipts.event_name in ('message_delivered', 'message_opened', 'message_clicked', 'message_replied')
        and (bounced_keys.record_id is not null or holders.updated_at <= receipts.last_occurred_at)

    group by holders.channel, holders.identifier_type, holders.identifier_key

),

dead_keys as (

    select last_bounces.*

    from last_bounces

    left join received
        on
            last_bounces.channel = received.channel
            and last_bounces.identifier_type = received.identifier_type
            and last_bounces.identifier_key = received.identifier_key

    where coalesce(received.received_at <= last_bounces.bounced_at, true)

)

select * from dead_keys
