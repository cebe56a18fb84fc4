with

contacts as (

    select * from {{ ref('contacts') }}
    where not is_erased

),

consents as (

    select * from {{ ref('contact_consents') }}

),

message_histories as (

    select * from {{ ref('int_contacts__message_histories') }}

),

destinations as (

    select * from {{ ref('destinations') }}
    where is_active

),

channel_rules as (

    {{ channel_rule_rows() | indent(4) }}

),

used_channels as (

    select distinct channel from destinations

),

-- The newest decision wins: an unsubscription withdraws what was granted before it.
decisions as (

    select
        coalesce(consents.contact_id, message_histories.contact_id) as contact_id,
        coalesce(consents.channel, message_histories.channel) as channel,
        coalesce(consents.is_granted, false)
        and coalesce(message_histories.last_unsubscribed_at < consents.decided_at, true) as is_granted

    from consents

    full outer join message_histories
        on consents.contact_id = message_histories.contact_id and consents.channel = message_histories.channel

    where consents.contact_id is not null or message_histories.last_unsubscribed_at is not null

),

contact_channels as (

    select
        contacts.contact_id,
        used_channels.channel,
        channel_rules.stand_in_channel,
        channel_rules.message_cap,
        coalesce(channel_rules.is_allowed_by_default, false) as is_allowed_by_default

    from contacts

    cross join used_channels

    left join channel_rules on used_channels.channel = channel_rules.channel

),

-- A bounce counts until something got through after it; a complaint counts for good.
channel_states as (

    select
        contact_channels.contact_id,
        contact_channels.channel,
        contact_channels.is_allowed_by_default,
        coalesce(own_decisions.is_granted, stand_in_decisions.is_granted) as is_granted,
        message_histories.last_bounced_at >= coalesce(message_histories.last_received_at, message_histories.last_bounced_at) as has_bounced,
        message_histories.last_complained_at is not null as has_complained,
        message_histories.messages_7_days >= contact_channels.message_cap as is_at_cap,
        contact_channels.message_cap is not null as has_cap

    from contact_channels

    left join decisions as own_decisions
        on contact_channels.contact_id = own_decisions.contact_id and contact_channels.channel = own_decisions.channel

    left join decisions as stand_in_decisions
        on
            contact_channels.contact_id = stand_in_decisions.contact_id
            and contact_channels.stand_in_channel = stand_in_decisions.channel

    left join message_histories
        on contact_channels.contact_id = message_histories.contact_id and contact_channels.channel = message_histories.channel

)

select * from channel_states
