with

shared_keys as (

    select * from {{ ref('crm_segmentation', 'int_contacts__shared_keys') }}

),

dead_keys as (

    select * from {{ ref('crm_segmentation', 'int_contacts__dead_keys') }}

),

channel_states as (

    select * from {{ ref('crm_segmentation', 'int_audiences__channel_states') }}
    where is_granted is not null or complained_at is not null

),

-- What each of those said who share a key; of two at the same moment the one that forbids counts.
said as (

    select
        channel_states.channel,
        shared_keys.identifier_type,
        shared_keys.identifier_key,
        channel_states.is_granted,
        channel_states.decided_at,
        channel_states.complained_at,
        row_number() over (
            partition by channel_states.channel, shared_keys.identifier_type, shared_keys.identifier_key
            order by
                case when channel_states.is_granted is not null then channel_states.decided_at end desc nulls last,
                case when channel_states.is_granted then 1 else 0 end asc,
                channel_states.contact_id asc
        ) as decision_rank

    from shared_keys

    inner join channel_states on shared_keys.contact_id = channel_states.contact_id

),

forbidden_for as (

    select
        channel,
        identifier_type,
        identifier_key,
        case when decision_rank = 1 and not is_granted then decided_at end as withdrawn_at,
        complained_at,
        cast(null as timestamp) as bounced_at

    from said

    union all

    select
        channel,
        identifier_type,
        identifier_key,
        cast(null as timestamp) as withdrawn_at,
        cast(null as timestamp) as complained_at,
        bounced_at

    from dead_keys

),

forbidden_keys as (

    select
        channel,
        identifier_type,
        identifier_key,
        max(withdrawn_at) as withdrawn_at,
        max(complained_at) as complained_at,
        max(bounced_at) as bounced_at

    from forbidden_for

    where withdrawn_at is not null or complained_at is not null or bounced_at is not null

    group by channel, identifier_type, identifier_key

)

select * from forbidden_keys
