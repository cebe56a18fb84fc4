{{ config(enabled=is_connected('salesforce', 'raw_consents')) }}

-- What somebody decided about a channel, with its date: every contact and lead of the person decided so. A yes is one for everything, or
-- for marketing, and only while it holds; a no is one whatever it was said to.
with

people as (

    select * from {{ ref('crm_segmentation', 'connected_salesforce__people') }}

),

individuals as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__individuals') }}
    where not coalesce(is_in_recycle_bin, false)

),

channel_consents as (

    select
        channel_consents.*,
        purposes.purpose_name,
        lower(channel_consents.consent_status) = 'optin' as is_yes

    from {{ ref('crm_segmentation', 'landed_salesforce__channel_consents') }} as channel_consents

    left join {{ ref('crm_segmentation', 'landed_salesforce__purposes') }} as purposes
        on channel_consents.source_system = purposes.source_system and channel_consents.purpose_id = purposes.purpose_id

    where
        not coalesce(channel_consents.is_in_recycle_bin, false)
        and lower(channel_consents.consent_status) in ('optin', 'optout')
        and lower(channel_consents.channel) in ('email', 'phone', 'mailingaddress', 'social')

),

decisions as (

    select
        people.source_system,
        people.person_id,
        channel_consents.loaded_at,
        case lower(channel_consents.channel) when 'mailingaddress' then 'direct_mail' else lower(channel_consents.channel) end as channel,
        case when channel_consents.is_yes then 'granted' else 'withdrawn' end as consent_status,
        coalesce(channel_consents.captured_at, channel_consents.effective_from) as occurred_at

    from channel_consents

    inner join people
        on channel_consents.source_system = people.source_system and channel_consents.individual_id = people.individual_id

    left join individuals
        on channel_consents.source_system = individuals.source_system and channel_consents.individual_id = individuals.individual_id

    -- A flag that says no has no date, so that a yes beside it could be read as a later one.
    where
        not channel_consents.is_yes
        or (
            (channel_consents.purpose_id is null or lower(channel_consents.purpose_name) like '%marketing%')
            and coalesce(channel_consents.effective_from < {{ as_of_end() }}, true)
            and coalesce(channel_consents.effective_to >= {{ as_of_end() }}, true)
            and not (lower(channel_consents.channel) = 'email' and coalesce(people.has_opted_out_of_email, false))
            and not (lower(channel_consents.channel) = 'phone' and coalesce(people.has_opted_out_of_calls, false))
            and not coalesce(individuals.has_opted_out_of_marketing, false)
            and not coalesce(individuals.has_opted_out_of_processing, false)
        )

)

select * from decisions
