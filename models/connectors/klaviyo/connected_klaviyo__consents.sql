{{ config(enabled=is_connected('klaviyo', 'raw_consents')) }}

{%- set instances = 'source_system in (' ~ instances_feeding('klaviyo', 'raw_consents') ~ ')' %}

-- Guarantees a decision for each that Klaviyo tells: in the profile of today, as a suppression, and as an event.
with

{{ imports({
    'profiles': ['landed_klaviyo__profiles', instances],
    'suppressions': ['landed_klaviyo__suppressions', instances],
    'named_events': ['connected_klaviyo__named_events', 'profile_id is not null and ' ~ instances],
}) }}

-- A bounce is no decision. NEVER_SUBSCRIBED is none either, though Klaviyo says of such a profile that it can receive e-mail.
-- A form fills the property of consented channels. It is the only yes of a connection that lands no states, and none beside a state.
states as (
    {%- for channel in ['email', 'sms'] %}

    select
        source_system,
        profile_id,
        '{{ channel }}' as channel,
        case
            when {{ channel }}_state is not null then upper({{ channel }}_state)
            when consented_at is not null and lower(consented_channels) like '%{{ channel }}%' then 'SUBSCRIBED'
        end as state,
        case when {{ channel }}_state is null then consented_at else {{ channel }}_state_changed_at end as changed_at,
        loaded_at

    from profiles

    union all
    {%- endfor %}

    -- Suppressions stand in the profile, as one text, or in a table of their own.
    {%- for relation, reasons in {'profiles': 'upper(email_suppression)', 'suppressions': 'upper(reason)'}.items() %}

    select
        source_system,
        profile_id,
        'email' as channel,
        'UNSUBSCRIBED' as state,
        cast(null as timestamp) as changed_at,
        loaded_at

    from {{ relation }}

    where {{ reasons }} like '%USER_SUPPRESSED%' or {{ reasons }} like '%UNSUBSCRIBE%' or {{ reasons }} like '%SPAM_COMPLAINT%'

    union all
    {%- endfor %}

    select
        source_system,
        profile_id,
        case when metric like '%sms%' then 'sms' else 'email' end as channel,
        case when metric like 'subscribed to %' or metric like 'consented to %' then 'SUBSCRIBED' else 'UNSUBSCRIBED' end as state,
        occurred_at as changed_at,
        loaded_at

    from named_events

    where
        metric in ('subscribed to list', 'subscribed to email marketing', 'subscribed to sms marketing', 'marked email as spam')
        or metric in ('unsubscribed', 'unsubscribed from list', 'unsubscribed from email marketing', 'unsubscribed from sms marketing')
        or metric in ('consented to receive sms', 'unsubscribed from sms')

),

consents as (

    select
        source_system,
        profile_id as source_contact_id,
        channel,
        changed_at as occurred_at,
        loaded_at,
        'klaviyo' as consent_source,
        case state when 'SUBSCRIBED' then 'granted' else 'withdrawn' end as consent_status

    from states

    where state in ('SUBSCRIBED', 'UNSUBSCRIBED')

)

select * from consents
