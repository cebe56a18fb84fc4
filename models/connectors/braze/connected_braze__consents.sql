{{ config(enabled=is_connected('braze', 'raw_consents')) }}

with

users as (

    select * from {{ ref('crm_segmentation', 'landed_braze__users') }}

),

-- A text of one letter case and without gaps, whether it was written as opted_in, Opted In or OptedIn.
changes as (

    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        group_id,
        lower(replace(replace(state, '_', ''), ' ', '')) as state,
        coalesce(
            case when lower(channel) in ('mms', 'rcs') then 'sms' else lower(channel) end,
            case when phone is not null then 'sms' when email is not null then 'email' end
        ) as channel

    from {{ ref('crm_segmentation', 'landed_braze__subscription_changes') }}

),

states as (
    {%- for channel in ['email', 'push'] %}

    select
        source_system,
        user_id,
        case lower(replace(replace({{ channel }}_state, '_', ''), ' ', ''))
            when 'optedin' then {{ channel }}_opted_in_at
            else {{ channel }}_unsubscribed_at
        end as occurred_at,
        loaded_at,
        lower(replace(replace({{ channel }}_state, '_', ''), ' ', '')) as state,
        '{{ channel }}' as channel

    from users

    where {{ channel }}_state is not null

    union all
    {%- endfor %}

    -- Nobody is in a group of text messages without joining it, so that is an opt-in. With e-mail and push everybody begins as subscribed.
    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        case when state = 'subscribed' and group_id is not null and channel = 'sms' then 'optedin' else state end as state,
        channel

    from changes

    -- In WhatsApp and LINE who has never been asked is unsubscribed, too, and neither is a channel here.
    where coalesce(channel, '') not in ('whatsapp', 'line')

    union all

    select
        source_system,
        user_id,
        occurred_at,
        loaded_at,
        'unsubscribed' as state,
        channel

    from {{ ref('crm_segmentation', 'connected_braze__messages') }}

    where event_name in ('message_unsubscribed', 'message_complained')

),

consents as (

    select
        source_system,
        user_id as source_contact_id,
        channel,
        occurred_at,
        loaded_at,
        'braze' as consent_source,
        case state when 'optedin' then 'granted' when 'unsubscribed' then 'withdrawn' else state end as consent_status

    from states

    where source_system in ({{ instances_feeding('braze', 'raw_consents') }}) and state != 'subscribed'

)

select * from consents
