-- Guarantees one row per contact and channel, with the newest decision about it, whether anything was ever said or not.
with

{{ imports({
    'contacts': 'contacts',
    'consents': 'contact_consents',
    'message_histories': 'int_consents__message_histories',
    'destinations': 'destinations',
}) }}

channel_rules as (

    {{ channel_rule_rows() | indent(4) }}

),

channels as (

    select channel from channel_rules

    union distinct

    select cast(channel as {{ dbt.type_string() }}) as channel from destinations

),

-- The newest decision wins: an unsubscription withdraws what was granted before it.
decisions as (

    select
        message_histories.last_complained_at as complained_at,
        coalesce(consents.contact_id, message_histories.contact_id) as contact_id,
        coalesce(consents.channel, message_histories.channel) as channel,
        case
            when message_histories.last_unsubscribed_at >= coalesce(consents.counts_from, message_histories.last_unsubscribed_at) then false
            when consents.consent_status != 'undecided' then consents.is_granted
        end as is_granted,
        {{ greatest_of(['consents.counts_from', 'message_histories.last_unsubscribed_at']) }} as decided_at

    from consents

    full outer join message_histories
        on consents.contact_id = message_histories.contact_id and consents.channel = message_histories.channel

    where
        consents.contact_id is not null
        or coalesce(message_histories.last_unsubscribed_at, message_histories.last_complained_at) is not null

),

contact_channels as (

    select
        contacts.contact_id,
        contacts.is_erased,
        contacts.first_seen_at,
        channels.channel

    from contacts

    cross join channels

),

-- Where another channel's decision stands in, so does a complaint about that channel.
channel_states as (

    select
        contact_channels.contact_id,
        contact_channels.channel,
        contact_channels.is_erased,
        contact_channels.first_seen_at,
        coalesce(channel_rules.is_allowed_by_default, false) as is_allowed_by_default,
        coalesce(own_decisions.is_granted, stand_in_decisions.is_granted) as is_granted,
        case when own_decisions.is_granted is not null then own_decisions.decided_at else stand_in_decisions.decided_at end as decided_at,
        coalesce(own_decisions.complained_at, case when own_decisions.is_granted is null then stand_in_decisions.complained_at end)
            as complained_at,
        message_histories.last_bounced_at as bounced_at,
        message_histories.last_received_at as received_at,
        message_histories.last_sent_at as sent_at,
        message_histories.messages_7_days >= channel_rules.message_cap as is_at_cap,
        channel_rules.message_cap is not null as has_cap,
        {{ cap_changes_on('message_histories', 'channel_rules') | indent(8) }} as cap_changes_on

    from contact_channels

    left join channel_rules on contact_channels.channel = channel_rules.channel

    left join decisions as own_decisions
        on contact_channels.contact_id = own_decisions.contact_id and contact_channels.channel = own_decisions.channel

    left join decisions as stand_in_decisions
        on contact_channels.contact_id = stand_in_decisions.contact_id and channel_rules.stand_in_channel = stand_in_decisions.channel

    left join message_histories
        on contact_channels.contact_id = message_histories.contact_id and contact_channels.channel = message_histories.channel

)

select * from channel_states
