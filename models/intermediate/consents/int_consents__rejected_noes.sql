-- Guarantees that a no holds an address back although the contact row that shows it could not be kept, and that no yes under the key of
-- such a row counts for anybody.
with

{{ imports({
    'rejected_addresses': 'int_consents__rejected_addresses',
    'consents': 'stg_people__consents',
    'objections': 'int_consents__objections',
    'undated_noes': 'int_contacts__undated_noes',
    'channels': 'base_people__channels',
}) }}

channel_rules as (

    {{ channel_rule_rows() | indent(4) }}

),

consents_and_requests as (

    select
        consents.record_id as voice_id,
        consents.channel,
        consents.consent_status as decision,
        {{ counts_from('consents.occurred_at', 'undated_noes.known_on') }} as counts_from

    from consents

    left join undated_noes on consents.record_id = undated_noes.voice_id and consents.channel = undated_noes.channel

    where consents.is_known_channel

    union all

    select
        voice_id,
        'all' as channel,
        'withdrawn' as decision,
        asked_at as counts_from

    from rejected_addresses

    where asked_at is not null

),

decisions as (

    {{ each_channel('consents_and_requests', ['voice_id', 'decision', 'counts_from']) | indent(4) }}

    union all

    select
        channel,
        record_id as voice_id,
        case event_name when 'message_unsubscribed' then 'withdrawn' else event_name end as decision,
        counts_from

    from objections

),

by_voice as (

    select
        decisions.voice_id,
        decisions.channel,
        max(case when decisions.decision = 'granted' then decisions.counts_from end) as granted_at,
        max(case when decisions.decision = 'withdrawn' then decisions.counts_from end) as withdrawn_at,
        max(case when decisions.decision = 'message_complained' then decisions.counts_from end) as complained_at

    from decisions

    inner join rejected_addresses on decisions.voice_id = rejected_addresses.voice_id

    group by decisions.voice_id, decisions.channel

),

-- Where nothing was decided about a channel, another's decision may stand in, as it does for contacts.
with_stand_ins as (

    select * from by_voice

    union all

    select
        by_voice.voice_id,
        channel_rules.channel,
        by_voice.granted_at,
        by_voice.withdrawn_at,
        by_voice.complained_at

    from by_voice

    inner join channel_rules on by_voice.channel = channel_rules.stand_in_channel

    left join by_voice as own_decisions
        on by_voice.voice_id = own_decisions.voice_id and channel_rules.channel = own_decisions.channel

    where coalesce(own_decisions.granted_at, own_decisions.withdrawn_at) is null

),

-- A yes lifts an older no of the same row, and no complaint.
rejected_noes as (

    select
        decided.channel,
        rejected_addresses.identifier_type,
        rejected_addresses.identifier_key,
        max(case when not coalesce(decided.granted_at > decided.withdrawn_at, false) then decided.withdrawn_at end) as withdrawn_at,
        max(decided.complained_at) as complained_at

    from with_stand_ins as decided

    inner join rejected_addresses on decided.voice_id = rejected_addresses.voice_id

    where
        decided.complained_at is not null
        or (decided.withdrawn_at is not null and not coalesce(decided.granted_at > decided.withdrawn_at, false))

    group by decided.channel, rejected_addresses.identifier_type, rejected_addresses.identifier_key

)

select * from rejected_noes
