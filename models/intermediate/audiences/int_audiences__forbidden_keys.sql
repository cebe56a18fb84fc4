-- Guarantees that a no, a complaint or a bounce is found under its address or number, whoever shares it, even where a rejected row said it.
with

{{ imports({
    'shared_keys': 'int_consents__shared_keys',
    'dead_keys': 'int_consents__dead_keys',
    'rejected_noes': 'int_consents__rejected_noes',
    'channel_states': 'int_audiences__channel_states',
}) }}

said as (

    select
        channel_states.channel,
        shared_keys.identifier_type,
        shared_keys.identifier_key,
        channel_states.contact_id,
        channel_states.is_granted,
        case when channel_states.is_granted is not null then channel_states.decided_at end as decided_at,
        channel_states.complained_at

    from shared_keys

    inner join channel_states on shared_keys.contact_id = channel_states.contact_id

    where channel_states.is_granted is not null or channel_states.complained_at is not null

    union all

    select
        channel,
        identifier_type,
        identifier_key,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        false as is_granted,
        withdrawn_at as decided_at,
        complained_at

    from rejected_noes

),

-- Of what those said who share a key, the newest counts, and at the same moment the one that forbids.
ranked as (

    select
        *,
        row_number() over (
            partition by channel, identifier_type, identifier_key
            order by decided_at desc nulls last, case when is_granted then 1 else 0 end asc, contact_id asc nulls last
        ) as decision_rank

    from said

),

forbidden_for as (

    select
        channel,
        identifier_type,
        identifier_key,
        cast(null as timestamp) as bounced_at,
        case when decision_rank = 1 and not is_granted then decided_at end as withdrawn_at,
        complained_at

    from ranked

    union all

    select
        *,
        cast(null as timestamp) as withdrawn_at,
        cast(null as timestamp) as complained_at

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
